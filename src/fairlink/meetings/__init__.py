"""Who meets when, where and with whom: a timetable close to a proven bound, and every refusal explained."""

from fairlink.meetings.arrangement import STAGES, schedule
from fairlink.meetings.bound import Prices
from fairlink.meetings.brokerage import BROKERAGE, Brokerage, broker
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
from fairlink.meetings.questions import FAULTS, RESOURCES, BadQuestion, Question, ask, usual
from fairlink.meetings.refusals import OBJECTIONS, Objection, check
from fairlink.meetings.remedies import REMEDIES, Remedy
from fairlink.meetings.repairs import Entry, Repair, repair
from fairlink.meetings.standby import OF_BOTH, Unplaced, unplaced
from fairlink.meetings.timetable import Timetable
from fairlink.meetings.translation import hosts
from fairlink.meetings.watching import Standing
from fairlink.meetings.worth import Answer, Estimate, Tally, answer, estimate, tally

__all__ = [
    "BROKERAGE",
    "FAULTS",
    "OBJECTIONS",
    "OF_BOTH",
    "REMEDIES",
    "REPAIRS",
    "RESOURCES",
    "STAGES",
    "Answer",
    "Asked",
    "Away",
    "Back",
    "BadQuestion",
    "Brokerage",
    "Cancelled",
    "Changes",
    "Closed",
    "Entry",
    "Estimate",
    "Event",
    "Freed",
    "Objection",
    "Opened",
    "Prices",
    "Question",
    "Refused",
    "Remedy",
    "Repair",
    "Standing",
    "Tables",
    "Tally",
    "Timetable",
    "Unplaced",
    "answer",
    "ask",
    "broker",
    "changes",
    "check",
    "estimate",
    "hold",
    "hosts",
    "nearest",
    "objections",
    "openings",
    "repair",
    "schedule",
    "tally",
    "unplaced",
    "usual",
]
