"""A finished timetable back in the book, each meeting asking the rules on its way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array, Expo
from fairlink.meetings.book import NOBODY, Book, blank, enter
from fairlink.meetings.interpreters import interpreter_calendars
from fairlink.meetings.problem import Problem
from fairlink.meetings.rules import OBSTACLES, outlook
from fairlink.meetings.timetable import Timetable
from fairlink.meetings.translation import (
    Translation,
    booth_rows,
    check_column,
    translate,
)


@dataclass(frozen=True, eq=False)
class Replay:
    """`against` holds the obstacles of each meeting at its turn; where there are any, it is not in the book.

    Rules only grow stricter as the book fills, so a timetable breaks one exactly where some meeting meets an
    obstacle.
    """

    expo: Expo
    timetable: Timetable
    translation: Translation
    book: Book
    against: Array  # int64 (meetings,)

    @property
    def problem(self) -> Problem:
        return self.translation.problem

    @cached_property
    def booth(self) -> Array:
        """int64 (organisations,): an organisation's first booth, −1 without one."""
        booth = np.full(len(self.expo.ids), -1, dtype=np.int64)
        rows = booth_rows(self.expo.places)[::-1]
        booth[self.expo.places.organisation[rows]] = rows
        return booth

    def party(self, meeting: int, side: str) -> int:
        """The row of the organisation that is `host` or `guest` of a meeting."""
        return int(self.translation.organisations[self.problem.meetings[side][meeting]])

    def row_of(self, meeting: int) -> int:
        """The row of wanted of a meeting, −1 of none."""
        return int(self.translation.meetings[meeting]) if meeting >= 0 else -1


def replay(expo: Expo, timetable: Timetable) -> Replay:
    """Raises BadArray where the timetable does not fit the expo or its own wanted meetings."""
    for name, rows in (("slot", len(expo.slots.ids)), ("place", len(expo.places.ids))):
        check_column(f"timetable.{name}", getattr(timetable, name), len(timetable.wanted.first), rows)
    translation = translate(expo, timetable.wanted)
    problem, order = translation.problem, translation.meetings
    book = blank(problem)
    for side, delegates in (("host", timetable.host_delegate), ("guest", timetable.guest_delegate)):
        check_column(f"timetable.{side}_delegate", delegates, len(order))
        book.entries[side] = calendars(problem, problem.meetings[side], delegates[order])
    check_column("timetable.interpreter", timetable.interpreter, len(order), len(expo.interpreters.ids))
    slots = timetable.slot[order].astype(np.int64)
    book.entries["interpreter"] = interpreter_calendars(
        problem, translation.interpreters, timetable.interpreter[order], slots
    )
    against = np.zeros(len(order), dtype=np.int64)
    enter_all(problem, book, np.arange(len(order)), slots, against)
    return Replay(expo, timetable, translation, book, against)


def calendars(problem: Problem, parties: Array, delegates: Array) -> Array:
    """int64 (meetings,): the calendars of delegates, given by number within their parties; else NOBODY."""
    first, last = problem.parties["first"][parties], problem.parties["last"][parties]
    exists = (delegates >= 0) & (delegates < last - first)
    found: Array = np.where(exists, first + delegates, NOBODY)
    return found


@compiled
def enter_all(problem: Problem, book: Book, meetings: Array, slots: Array, against: Array) -> None:
    """Hold meetings in their slots, in the order given, where no rule is `against` it; the last two over meetings."""
    for meeting in meetings:
        slot, entry = slots[meeting], book.entries[meeting]
        if slot < 0:
            continue
        against[meeting] = outlook(problem, book, meeting)[OBSTACLES, slot]
        if against[meeting] == 0:
            enter(problem, book, meeting, slot, entry.host, entry.guest)
