"""The timetable: of a day for everyone, of one organisation for itself; made, compared, published, and in the hall."""

from fairlink_site.pages.meetings import (
    badges,
    board,
    calendar,
    changing,
    check_in,
    comparing,
    days,
    files,
    log,
    one,
    publish,
    repair,
    sheet,
    timetables,
)

__all__ = [
    "badges",
    "board",
    "calendar",
    "changing",
    "check_in",
    "comparing",
    "days",
    "files",
    "log",
    "one",
    "publish",
    "repair",
    "sheet",
    "timetables",
]
