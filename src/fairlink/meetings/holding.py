"""Hold one more meeting in a finished timetable, or the same one at another time; nothing else moves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fairlink.errors import BadArray
from fairlink.expo import Array, Expo
from fairlink.meetings.book import IN_ALL, enter, strike
from fairlink.meetings.floor import bonuses
from fairlink.meetings.interpreters import interpreter_rows
from fairlink.meetings.places import room_left, suits
from fairlink.meetings.refusals import ask
from fairlink.meetings.replay import replay
from fairlink.meetings.timetable import Timetable


def hold(expo: Expo, timetable: Timetable, row: int, slot: int) -> Timetable:
    """The timetable in which the wanted meeting `row` is held in `slot`, at the first place that has room.

    Where it needs an interpreter, others of the slot may exchange theirs.

    Raises BadArray where there are `objections`: ask those first.
    """
    if not (0 <= row < len(timetable.slot) and 0 <= slot < len(expo.slots.ids)):
        raise BadArray(f"hold: there is no wanted meeting {row} or no slot {slot}")
    played = replay(expo, timetable)
    meeting = int(played.translation.by_row[row])
    if played.book.entries["slot"][meeting] >= 0:
        strike(played.problem, played.book, meeting)
    case = ask(played, meeting, slot)
    if case.obstacles:
        raise BadArray(f"hold: the wanted meeting {row} cannot be held in slot {slot}; see `objections`")
    enter(played.problem, played.book, meeting, slot, *case.calendars)
    units = played.translation.interpreters
    interpreters = played.translation.by_wanted(interpreter_rows(played.problem, units, played.book))
    first, terms = played.problem.parties["first"], played.problem.meetings[meeting]
    # As it was beside the others: its own place there, if it had one, is free again.
    left = room_left(expo)[:, slot] - _taken(timetable, row, slot, len(expo.places.ids))
    rows = np.flatnonzero(left > 0)
    rows = rows[suits(expo, played.translation, np.full(len(rows), meeting), rows)]
    place = min(rows.tolist(), key=lambda one: expo.places.ids[one])
    return replace(
        timetable,
        slot=_with(timetable.slot, row, slot),
        place=_with(timetable.place, row, place),
        bonus=int(bonuses(played.problem.bonus, played.book.held[:, IN_ALL]).sum()),
        interpreter=interpreters.astype(np.int32),
        host=_with(timetable.host, row, played.party(meeting, "host")),
        guest=_with(timetable.guest, row, played.party(meeting, "guest")),
        host_delegate=_with(timetable.host_delegate, row, case.calendars[0] - first[terms["host"]]),
        guest_delegate=_with(timetable.guest_delegate, row, case.calendars[1] - first[terms["guest"]]),
    )


def _taken(timetable: Timetable, but: int, slot: int, places: int) -> Array:
    """int64 (places,): meetings held at each place in a slot, but for one."""
    there = timetable.slot == slot
    there[but] = False
    return np.bincount(timetable.place[there & (timetable.place >= 0)], minlength=places)


def _with(column: Array, row: int, value: int) -> Array:
    changed = column.copy()
    changed[row] = value
    return changed
