"""A timetable that heals: what an event makes impossible is released, finds another time, and others move up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fairlink.errors import BadArray
from fairlink.expo import Array, Expo
from fairlink.meetings.book import IN_ALL, NOBODY, NOT_HELD
from fairlink.meetings.desk import SIDES, Desk, Outcome
from fairlink.meetings.events import (
    CHANGED,
    EVERYBODY,
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
from fairlink.meetings.floor import bonuses
from fairlink.meetings.hall import Hall
from fairlink.meetings.interpreters import interpreter_calendars, interpreter_rows
from fairlink.meetings.problem import BOOTH, POOLS, TABLE
from fairlink.meetings.replay import calendars
from fairlink.meetings.timetable import Timetable
from fairlink.meetings.translation import (
    check_column,
    pool_rows,
    translate,
)
from fairlink.provenance import VERSION, Provenance, fingerprint


@dataclass(frozen=True, slots=True)
class Entry:
    """What one event brought about; meetings are rows of wanted, in order.

    `code` is one of REPAIRS. A meeting that was released and found another time stands in both; one that only
    changed its table in none (`changes` tells).
    """

    event: int  # its place among the events, −1 before the first
    code: str
    released: tuple[int, ...]
    placed: tuple[tuple[int, int], ...]  # row, slot
    moved: tuple[tuple[int, int, int], ...]  # row, the slot it left, the slot it went to


@dataclass(frozen=True, slots=True)
class Repair:
    """The healed timetable, and an entry for every event."""

    timetable: Timetable
    log: tuple[Entry, ...]


def repair(
    expo: Expo,
    timetable: Timetable,
    events: Sequence[Event],
    *,
    max_moves: int = 0,
    locked: Array | None = None,
    now: int = 0,
    upper_bound: int | None = None,
) -> Repair:
    """Play events in order: release what has become impossible, place it anew, offer what is free to who stands by.

    To hold a meeting, at most `max_moves` others change their slots; with 0 none does that no event touched.
    Meetings of `locked`, bool (wanted,), and those before the slot `now` are dropped or moved only by an event
    of their own parties, and nothing new is placed before `now`. What goes against the expo as it is, because
    that has changed since the timetable was made, is healed before the first event.

    The upper bound and prices are those of the timetable that was given, unless an `upper_bound` is: finding
    one takes longer than all the rest, and an event seldom changes it by much (`schedule` finds it anew).
    """
    for number, event in enumerate(events):
        _check(number, event, expo, timetable)
    scene = _Scene(expo, timetable, max_moves, locked, now)
    log = [*scene.healed()]
    log += [scene.play(number, event) for number, event in enumerate(events)]
    parameters = {"events": len(events), "max_moves": max_moves, "now": now}
    return Repair(
        timetable=replace(
            timetable,
            **scene.columns(),
            bonus=scene.bonus(),
            upper_bound=timetable.upper_bound if upper_bound is None else upper_bound,
            provenance=Provenance(
                VERSION,
                timetable.provenance.seed,
                parameters,
                fingerprint(expo, timetable.wanted, [event.code for event in events], list(events)),
            ),
        ),
        log=tuple(log),
    )


class _Scene:
    """Desk and hall together, and the translation between their meetings and the rows of wanted."""

    def __init__(
        self, expo: Expo, timetable: Timetable, max_moves: int, locked: Array | None, now: int
    ) -> None:
        rows = len(timetable.wanted.first)
        for name, there in (
            *(("slot", len(expo.slots.ids)), ("place", len(expo.places.ids))),
            ("interpreter", len(expo.interpreters.ids)),
        ):
            check_column(f"timetable.{name}", getattr(timetable, name), rows, there)
        locked = np.zeros(rows, dtype=bool) if locked is None else locked
        if locked.shape != (rows,):
            raise BadArray(f"locked: one row for each wanted meeting, got shape {locked.shape}")
        self.expo, self.translation = expo, translate(expo, timetable.wanted)
        order, problem = self.translation.meetings, self.translation.problem
        self.party = np.argsort(self.translation.organisations)
        self.desk = Desk(problem, max_moves=max_moves, now=now)
        self.hall = Hall(expo, self.translation, timetable.place[order].astype(np.int64))
        sides = {
            side: calendars(problem, problem.meetings[side], getattr(timetable, f"{side}_delegate")[order])
            for side in SIDES
        }
        self.slots = timetable.slot[order].astype(np.int64)
        given = timetable.interpreter[order]
        self._interpreter = given.astype(np.int64)
        interpreters = interpreter_calendars(problem, self.translation.interpreters, given, self.slots)
        self.lost = self.desk.seat(self.slots, sides, locked[order], interpreters)
        for meeting, slot in self.desk.kept.items():
            self.hall.keep(meeting, slot)
        self.slots[self.lost] = NOT_HELD
        self.hall.sit(self._in_the_book())

    def healed(self) -> Sequence[Entry]:
        """What has to be done before any event."""
        if not len(self.lost):
            return ()
        outcome = self.desk.hold(self.lost.tolist(), everybody=True)
        return (self._entry(-1, CHANGED, replace(outcome, released=tuple(self.lost.tolist()))),)

    def play(self, number: int, event: Event) -> Entry:
        return self._entry(number, event.code, _PLAYED_BY[type(event)](self, event))

    def columns(self) -> dict[str, Any]:
        """The columns of a Timetable that change."""
        slot, entries = self.desk.slot, self.desk.book.entries
        columns = {"slot": slot, "place": self.hall.place}
        for side in SIDES:
            first = self.translation.problem.parties["first"][self.translation.problem.meetings[side]]
            there = (slot != NOT_HELD) & (entries[side] != NOBODY)
            columns[f"{side}_delegate"] = np.where(there, entries[side] - first, -1)
        columns["interpreter"] = interpreter_rows(
            self.translation.problem, self.translation.interpreters, self.desk.book
        )
        beside = list(self.desk.kept)
        columns["interpreter"][beside] = self._interpreter[beside]
        return {name: self.translation.by_wanted(column).astype(np.int32) for name, column in columns.items()}

    def bonus(self) -> int:
        """What first meetings bring now."""
        problem = self.translation.problem
        return int(bonuses(problem.bonus, self.desk.book.held[:, IN_ALL]).sum())

    def cancelled(self, event: Cancelled) -> Outcome:
        return self.desk.cancel(self._party(event.organisation))

    def away(self, event: Away) -> Outcome:
        return self.desk.leave(self._party(event.organisation), event.slots, event.delegate)

    def back(self, event: Back) -> Outcome:
        return self.desk.come_back(self._party(event.organisation), event.slots, event.delegate)

    def refused(self, event: Refused) -> Outcome:
        return self.desk.refuse(self._meeting(event.row))

    def freed(self, event: Freed) -> Outcome:
        return self.desk.move(self._meeting(event.row))

    def asked(self, event: Asked) -> Outcome:
        return self.desk.hold([self._meeting(event.row)])

    def closed(self, event: Closed) -> Outcome:
        return self._change_place(event.place, {int(slot): 0 for slot in event.slots})

    def opened(self, event: Opened) -> Outcome:
        room = {int(slot): int(self.hall.opens[event.place, slot]) for slot in event.slots}
        return self._change_place(event.place, room)

    def tables(self, event: Tables) -> Outcome:
        rows = pool_rows(self.expo.places, TABLE)
        return self.desk.limit(
            TABLE, {int(slot): min(event.tables, self._left(rows, int(slot))) for slot in event.slots}
        )

    def _change_place(self, place: int, room: dict[int, int]) -> Outcome:
        """A place holds so many meetings in some slots from now on; who loses it takes another that is free."""
        places, owner = self.expo.places, int(self.expo.places.organisation[place])
        pool = next((one for one in range(len(POOLS)) if place in pool_rows(places, one)), BOOTH)
        rows = pool_rows(places, pool) if pool != BOOTH else self.hall.booths(owner)
        giving, homeless, left = [], [], {}
        for slot, count in room.items():
            if slot < self.desk.now or place not in rows:
                continue
            self.hall.room[place, slot] = count
            left[slot] = self._left(rows, slot)
            if pool != BOOTH and not count:  # an event may have said that there are fewer
                left[slot] = min(left[slot], int(self.desk.problem.capacity[pool, slot]))
            here = self.hall.at(place, slot, self.slots)
            if len(here) > count:
                among = np.flatnonzero(np.isin(self.hall.place, rows) & (self.slots == slot)).tolist()
                over = sum(meeting not in self.desk.kept for meeting in among) - left[slot]
                giving += self.desk.lightest(np.array(here), over)
                homeless += [(meeting, slot) for meeting in here]
        for meeting, slot in homeless:
            self.hall.leave(meeting, slot)
        self.hall.sit(one for one in homeless if one[0] not in giving)
        for meeting, slot in homeless:
            if self.hall.place[meeting] == -1 and meeting not in giving:
                self.hall.keep(meeting, slot)
        if pool != BOOTH:
            return self.desk.limit(pool, left, giving)
        venue = self._venue(owner)
        return self.desk.limit_booth(venue, left, giving) if venue else Outcome((), (), ())

    def _left(self, rows: Array, slot: int) -> int:
        """Meetings in the book that places can hold; those kept beside it have theirs."""
        beside = sum(at == slot and self.hall.place[m] in rows for m, at in self.desk.kept.items())
        return max(int(self.hall.room[rows, slot].sum()) - beside, 0)

    def _venue(self, owner: int) -> int:
        """The row of `open` of an organisation's booths, 0 where no meeting is wanted there."""
        meetings = self.translation.problem.meetings
        return (
            int(meetings["venue"][meetings["host"] == self.party[owner]].max(initial=0)) if owner >= 0 else 0
        )

    def _entry(self, number: int, code: str, outcome: Outcome) -> Entry:
        """Take the outcome over into the hall, and tell it in rows of wanted."""
        for meeting in outcome.released:
            self.hall.leave(meeting, int(self.slots[meeting]))
        for meeting, slot, _ in outcome.moved:
            self.hall.leave(meeting, slot)
        self.slots = self.desk.slot
        found = [*((m, slot) for m, _, slot in outcome.moved), *outcome.placed]
        self.hall.sit(found)
        row = self.translation.meetings.tolist()
        return Entry(
            number,
            code,
            tuple(sorted(row[meeting] for meeting in outcome.released)),
            tuple(sorted((row[meeting], slot) for meeting, slot in outcome.placed)),
            tuple(sorted((row[meeting], old, new) for meeting, old, new in outcome.moved)),
        )

    def _in_the_book(self) -> list[tuple[int, int]]:
        held = np.flatnonzero(self.desk.book.entries["slot"] != NOT_HELD)
        return list(zip(held.tolist(), self.slots[held].tolist(), strict=True))

    def _party(self, organisation: int) -> int:
        return int(self.party[organisation])

    def _meeting(self, row: int) -> int:
        return int(self.translation.by_row[row])


_PLAYED_BY: dict[type, Callable[[_Scene, Any], Outcome]] = {
    Cancelled: _Scene.cancelled,
    Away: _Scene.away,
    Back: _Scene.back,
    Refused: _Scene.refused,
    Freed: _Scene.freed,
    Asked: _Scene.asked,
    Closed: _Scene.closed,
    Opened: _Scene.opened,
    Tables: _Scene.tables,
}


def _check(number: int, event: Event, expo: Expo, timetable: Timetable) -> None:
    """Raises BadArray naming the event where it points at what is not there."""
    sizes = {
        "organisation": len(expo.ids),
        "row": len(timetable.slot),
        "place": len(expo.places.ids),
        "slots": len(expo.slots.ids),
    }
    for name, size in sizes.items():
        value: Any = getattr(event, name, ())
        for one in value if isinstance(value, Iterable) else [value]:
            if not 0 <= one < size:
                raise BadArray(f"events: event {number} ({event.code}) names {name} {one}; there are {size}")
    if isinstance(event, Tables) and event.tables < 0:
        raise BadArray(f"events: event {number} (tables) says {event.tables} tables; count from 0")
    if isinstance(event, (Away, Back)):
        delegates = int(expo.organisations.delegates[event.organisation])
        if not EVERYBODY <= event.delegate < delegates:
            raise BadArray(
                f"events: event {number} ({event.code}) names delegate {event.delegate}; there are {delegates}"
            )
