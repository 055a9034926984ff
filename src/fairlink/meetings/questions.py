"""Questions that can be asked of a timetable: `tables+10@2026-09-01-morning`, `slots+2`, `cap+1@acme`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from fairlink.errors import FairlinkError
from fairlink.expo import Array, Expo

RESOURCES = ("tables", "online", "slots", "cap", "daily", "run", "delegates")
AT_TIMES = ("tables", "online")  # can be added for a day, or half of one
BY_DAY = ("slots",)  # can be added for a day
OF_ORGANISATIONS = ("cap", "delegates")  # can be added for one organisation
HALVES = ("morning", "afternoon")
NOON = 12  # the hour from which a slot belongs to the afternoon
MOST = 1000  # that one question may add
NOBODY = -1
FAULTS = (
    *("unreadable", "unknown_resource", "wrong_number", "wrong_scope", "unknown_day"),
    *("unknown_organisation", "no_limit", "past_midnight"),
)
_FORM = re.compile(r"\s*([a-z]+)\s*\+\s*(\d+)\s*(?:@\s*(.+?)\s*)?")
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:-(morning|afternoon))?")


class BadQuestion(FairlinkError):
    """A question that cannot be answered: a code in FAULTS, the question, and data for the remedy."""

    def __init__(self, code: str, question: str, **data: Any) -> None:
        self.code, self.data = code, {"question": question, **data}
        super().__init__(f"{question}: {code} {data or ''}".rstrip())


@dataclass(frozen=True)
class Question:
    """What if there were so many more of a resource: everywhere, at a time, or for one organisation."""

    resource: str  # in RESOURCES
    number: int
    day: date | None = None
    half: str = ""  # in HALVES; "": the whole day
    organisation: str = ""  # id; "": everybody

    def __str__(self) -> str:
        when = f"{self.day}-{self.half}" if self.half else str(self.day or "")
        scope = self.organisation or when
        return f"{self.resource}+{self.number}" + (f"@{scope}" if scope else "")


def ask(expo: Expo, text: str) -> Question:
    """The question of a text RESOURCE+NUMBER, RESOURCE+NUMBER@DAY[-HALF], RESOURCE+NUMBER@ORGANISATION.

    Raises BadQuestion where it cannot be read, or asks for what this expo has not.
    """
    form = _FORM.fullmatch(text)
    if form is None:
        raise BadQuestion("unreadable", text)
    resource, number, scope = form[1], int(form[2]), form[3] or ""
    if resource not in RESOURCES:
        raise BadQuestion("unknown_resource", text, known=", ".join(RESOURCES))
    if not 1 <= number <= MOST:
        raise BadQuestion("wrong_number", text, most=MOST)
    asked = _scoped(expo, resource, number, scope, text)
    _refuse_needless(expo, asked, text)
    return asked


def usual(expo: Expo) -> tuple[Question, ...]:
    """What organisers can most often change: a table at each half-day, a slot a day, a meeting or a delegate more."""
    found = [
        Question("tables", 1, day, half)
        for day in dict.fromkeys(start.date() for start in expo.slots.start)
        for half in HALVES
        if at(expo, Question("tables", 1, day, half)).any()
    ]
    if expo.organisations.online.any():
        found.append(Question("online", 1))
    found += [Question("cap", 1), Question("delegates", 1), Question("slots", 1)]
    rules = expo.edition.rules
    found += [Question("daily", 1)] if rules.daily_cap else []
    found += [Question("run", 1)] if rules.longest_run else []
    return tuple(one for one in found if one.resource != "slots" or not _too_late(expo, one))


def at(expo: Expo, question: Question) -> Array:
    """bool (slots,): the slots that a question is about."""
    starts = expo.slots.start
    return np.array(
        [
            (question.day is None or start.date() == question.day)
            and (not question.half or HALVES[start.hour >= NOON] == question.half)
            for start in starts
        ],
        dtype=bool,
    ).reshape(len(starts))


def _scoped(expo: Expo, resource: str, number: int, scope: str, text: str) -> Question:
    if not scope:
        return Question(resource, number)
    if resource in OF_ORGANISATIONS:
        if scope not in expo.ids:
            raise BadQuestion("unknown_organisation", text, organisation=scope)
        return Question(resource, number, organisation=scope)
    time = _TIME.fullmatch(scope)
    if resource not in AT_TIMES + BY_DAY or time is None or (time[2] and resource in BY_DAY):
        kind = "organisation" if resource in OF_ORGANISATIONS else "day" if resource in BY_DAY else "time"
        kind = kind if resource in AT_TIMES + BY_DAY + OF_ORGANISATIONS else "none"
        raise BadQuestion("wrong_scope", text, scope=scope, resource=resource, takes=kind)
    try:
        day = date.fromisoformat(time[1])
    except ValueError:
        day = date.min
    asked = Question(resource, number, day, time[2] or "")
    if not at(expo, asked).any():
        days = dict.fromkeys(start.date().isoformat() for start in expo.slots.start)
        raise BadQuestion("unknown_day", text, scope=scope, days=", ".join(days))
    return asked


def _refuse_needless(expo: Expo, asked: Question, text: str) -> None:
    rules = expo.edition.rules
    limit = {"daily": rules.daily_cap, "run": rules.longest_run}.get(asked.resource)
    if limit == 0:
        raise BadQuestion("no_limit", text, resource=asked.resource)
    if asked.resource == "slots" and _too_late(expo, asked):
        raise BadQuestion("past_midnight", text)


def _too_late(expo: Expo, asked: Question) -> bool:
    """Whether slots added after the last of a day would end on another day."""
    slots = expo.slots
    for day in np.unique(slots.day[at(expo, asked)]):
        last = int(np.flatnonzero(slots.day == day)[-1])
        length: timedelta = slots.end[last] - slots.start[last]
        if (slots.end[last] + asked.number * length).date() != slots.start[last].date():
            return True
    return False
