"""The timetable: of a day for everyone, of one organisation for itself; made, compared, published, and in the hall."""

from fairlink_site.pages.meetings import calendar, changing, comparing, days, files, one, publish, timetables

__all__ = ["calendar", "changing", "comparing", "days", "files", "one", "publish", "timetables"]
