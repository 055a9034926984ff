"""The timetable: of a day for everyone, of one organisation for itself; made, compared, published, and in the hall."""

from fairlink_site.pages.meetings import calendar, days, one

__all__ = ["calendar", "days", "one"]
