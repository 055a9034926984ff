"""Who meets when, where and with whom: a timetable close to a proven bound, and every refusal explained."""

from fairlink.meetings.arrangement import STAGES, schedule
from fairlink.meetings.bound import Prices
from fairlink.meetings.comparison import Changes, changes
from fairlink.meetings.events import (
    REPAIRS,
    Asked,
    Away,
    Back,
    Cancelled,
    Closed,
    Event,
    Freed,
    Opened,
    Refused,
    Tables,
)
from fairlink.meetings.holding import hold
from fairlink.meetings.hours import nearest, objections, openings
from fairlink.meetings.refusals import OBJECTIONS, Objection, check
from fairlink.meetings.remedies import REMEDIES, Remedy
from fairlink.meetings.repairs import Entry, Repair, repair
from fairlink.meetings.standby import OF_BOTH, Unplaced, unplaced
from fairlink.meetings.timetable import Timetable
from fairlink.meetings.translation import hosts
from fairlink.meetings.watching import Standing

__all__ = [
    "OBJECTIONS",
    "OF_BOTH",
    "REMEDIES",
    "REPAIRS",
    "STAGES",
    "Asked",
    "Away",
    "Back",
    "Cancelled",
    "Changes",
    "Closed",
    "Entry",
    "Event",
    "Freed",
    "Objection",
    "Opened",
    "Prices",
    "Refused",
    "Remedy",
    "Repair",
    "Standing",
    "Tables",
    "Timetable",
    "Unplaced",
    "changes",
    "check",
    "hold",
    "hosts",
    "nearest",
    "objections",
    "openings",
    "repair",
    "schedule",
    "unplaced",
]
