"""The times at which two organisations could meet beside all other meetings, wanted before or not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np

from fairlink.errors import BadArray
from fairlink.expo import Array, Expo, Wanted
from fairlink.meetings.book import NOT_HELD, strike
from fairlink.meetings.construction import look
from fairlink.meetings.refusals import Objection, ask, explain
from fairlink.meetings.replay import Replay, replay
from fairlink.meetings.rules import OBSTACLES
from fairlink.meetings.timetable import Timetable

Subject: TypeAlias = int | tuple[int, int]  # a row of wanted, or two rows of organisations in either order
Gains: TypeAlias = tuple[int, int]
NO_SLOT = -1
# Columns of a timetable that say where a meeting is held; who is host follows from what is wanted.
HELD = ("slot", "place", "host", "guest", "host_delegate", "guest_delegate", "interpreter")


def openings(
    expo: Expo, timetable: Timetable, first: int, second: int, *, gains: Gains | None = None
) -> tuple[int, ...]:
    """The slots, in order, in which two organisations could meet beside all others of the timetable.

    A meeting that they already hold does not count: these are the times to which it could be moved. Where the
    pair is not wanted, it is looked at as if it were, with `gains` (or one point) to `first` and to `second`;
    gains that are given also stand instead of those wanted.
    """
    played, meeting = _without(expo, timetable, (first, second), gains)
    return tuple(np.flatnonzero(look(played.problem, played.book, meeting)[OBSTACLES] == 0).tolist())


def nearest(
    expo: Expo, timetable: Timetable, subject: Subject, slot: int, *, gains: Gains | None = None, now: int = 0
) -> int:
    """The slot nearest in time, from `now` on, in which a meeting could be held; of two the later. −1: none.

    `subject` is a row of wanted, or a pair of organisations as in `openings`.
    """
    _check_slot(expo, slot)
    played, meeting = _without(expo, timetable, subject, gains)
    clear = np.flatnonzero(look(played.problem, played.book, meeting)[OBSTACLES] == 0).tolist()
    start = expo.slots.start
    return min(
        (one for one in clear if one >= now),
        key=lambda one: (abs(start[one] - start[slot]), -one),
        default=NO_SLOT,
    )


def objections(
    expo: Expo, timetable: Timetable, subject: Subject, slot: int, *, gains: Gains | None = None
) -> tuple[Objection, ...]:
    """Why a meeting cannot be held in `slot` beside all others of the timetable; () if it can.

    `subject` is a row of wanted, or a pair of organisations as in `openings`; what is said of a pair that is
    not wanted calls it the row after the last.
    """
    _check_slot(expo, slot)
    played, meeting = _without(expo, timetable, subject, gains)
    return tuple(explain(ask(played, meeting, slot)))


def _without(expo: Expo, timetable: Timetable, subject: Subject, gains: Gains | None) -> tuple[Replay, int]:
    """The timetable in the book but for one meeting, which is wanted, and that meeting."""
    row = subject if isinstance(subject, int) else len(timetable.slot)
    if not isinstance(subject, int):
        timetable, row = _wanting(timetable, subject, gains)
    if not 0 <= row < len(timetable.slot):
        raise BadArray(f"there is no wanted meeting {row}; there are {len(timetable.slot)}")
    played = replay(expo, timetable)
    meeting = int(played.translation.by_row[row])
    if played.book.entries["slot"][meeting] != NOT_HELD:
        strike(played.problem, played.book, meeting)
    return played, meeting


def _wanting(timetable: Timetable, pair: tuple[int, int], gains: Gains | None) -> tuple[Timetable, int]:
    """The timetable in which a pair is wanted, and the row of wanted; not held there if `gains` are given."""
    first, second = pair
    if first == second or min(pair) < 0:
        raise BadArray(f"organisations {first} and {second} cannot meet; name two rows from 0")
    wanted = timetable.wanted
    found = np.flatnonzero((wanted.first == min(pair)) & (wanted.second == max(pair)))
    if len(found) and gains is None:
        return timetable, int(found[0])
    row = int(found[0]) if len(found) else len(wanted.first)
    of_first, of_second = gains or (1, 1)
    if second < first:
        of_first, of_second = of_second, of_first
    values = {"first": min(pair), "second": max(pair), "gain_first": of_first, "gain_second": of_second}
    columns = {name: _put(getattr(wanted, name), row, value) for name, value in values.items()}
    asked = Wanted(**columns, ahead=_put(wanted.ahead, row, False))
    nowhere: dict[str, Any] = {name: _put(getattr(timetable, name), row, NOT_HELD) for name in HELD}
    # Nobody knows what an interpreter more would be worth to a meeting that was not wanted.
    told = timetable.prices
    prices = replace(told, interpreter=_put(told.interpreter, row, 0), group=_put(told.group, row, 0))
    return replace(timetable, wanted=asked, prices=prices, **nowhere), row


def _put(column: Array, row: int, value: int) -> Array:
    """The column with `value` in a row, which may be the one after the last."""
    changed = column.copy() if row < len(column) else np.append(column, column.dtype.type(0))
    changed[row] = value
    return changed


def _check_slot(expo: Expo, slot: int) -> None:
    if not 0 <= slot < len(expo.slots.ids):
        raise BadArray(f"there is no slot {slot}; there are {len(expo.slots.ids)}")
