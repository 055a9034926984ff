"""The desk in the hall: a book that stays open while things happen, and what each of them releases and places."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fairlink.expo import Array
from fairlink.meetings.book import CLOSED, FREE, IN_ALL, NOBODY, NOT_HELD, PATH, blank
from fairlink.meetings.events import EVERYBODY
from fairlink.meetings.problem import BOOTH, NEVER_PAIR, NOT_FIXED, Problem
from fairlink.meetings.replay import enter_all
from fairlink.meetings.settling import WORD, release, settle, standing_by, take_places

SIDES = ("host", "guest")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an event changed, in flat meetings: those that lost their slot, those that found one, those that moved."""

    released: tuple[int, ...]
    placed: tuple[tuple[int, int], ...]  # meeting, slot
    moved: tuple[tuple[int, int, int], ...]  # meeting, the slot it left, the slot it went to


class Desk:
    """Events change the problem and the book in place; between them all rules hold.

    A fixed meeting is released only by an event of its own parties. What lies before the slot `now` stays as
    it is. One that is fixed against the rules is not in the book: it keeps its slot, its calendars are closed
    there, and it counts.
    """

    def __init__(self, problem: Problem, *, max_moves: int = 0, now: int = 0) -> None:
        self.now, self.max_moves = now, max_moves
        names = ("meetings", "capacity", "available", "open", "room")
        self._own = {name: np.array(getattr(problem, name)) for name in names}
        # The compiled loops know tables that are locked: they see the same memory through locked views.
        views: dict[str, Any] = {name: _locked_view(own) for name, own in self._own.items()}
        self.problem = problem._replace(**views)
        self.seats = int(problem.parties["last"].max(initial=0)) // 2 + 1  # more are never needed
        self.book = blank(problem._replace(capacity=np.full(problem.capacity.shape, self.seats)))
        self.kept: dict[int, int] = {}  # meetings fixed against the rules, and their slots
        weight = problem.meetings["weight"]
        self._order = np.argsort(-weight, kind="stable")
        self._first, self._ranks = _wishes(problem, self._order)
        self._queues = [_Queue(problem, self._order, pool) for pool in range(len(problem.capacity))]
        self._interpreted = self._order[problem.meetings["need"][self._order] >= 0]
        self._but = np.full(len(weight), NOT_HELD)
        self._log = np.zeros((len(weight) + 8 * PATH, 2), dtype=np.int64)
        self._scarce = np.zeros(problem.capacity.shape, dtype=bool)  # until an event there was no place
        self._shut = self.book.diary == CLOSED

    def seat(
        self, slots: Array, calendars: dict[str, Array], fixed: Array, interpreters: Array | None = None
    ) -> Array:
        """Open the book with a timetable; int64: the meetings that cannot be where it has them.

        Of those that stand in each other's way the fixed come first, then the heavier. `slots` and `fixed` are
        over meetings, and so are `calendars` of host and guest, and of `interpreters`.
        """
        fixed = (slots != NOT_HELD) & (fixed | (slots < self.now))
        self._own["meetings"]["fixed"] = np.where(fixed, slots, NOT_FIXED)
        for side in SIDES:
            self.book.entries[side] = calendars[side]
        if interpreters is not None:
            self.book.entries["interpreter"] = interpreters
        order = self._order[np.argsort(~fixed[self._order], kind="stable")]
        against = np.zeros(len(slots), dtype=np.int64)
        enter_all(self.problem, self.book, order, slots.astype(np.int64), against)
        for meeting in np.flatnonzero((against != 0) & fixed).tolist():
            self._keep(meeting, int(slots[meeting]))
        for queue in self._queues:
            queue.note(order, self.book.entries["slot"][order])
        past = self.book.diary[:, : self.now]
        past[past == FREE] = CLOSED
        self._shut = self.book.diary == CLOSED
        return np.flatnonzero((against != 0) & ~fixed)

    @property
    def slot(self) -> Array:
        """int64 (meetings,): where the meetings are held, those against the rules too."""
        slot: Array = self.book.entries["slot"].copy()
        slot[list(self.kept)] = list(self.kept.values())
        return slot

    def cancel(self, party: int) -> Outcome:
        """A party comes no more."""
        slots = range(self.now, len(self.problem.slots))
        beside = [
            meeting for meeting, slot in self.kept.items() if slot >= self.now and self._is_of(meeting, party)
        ]
        released = self._release([*self.held_by(party, slots), *beside])
        self._close(party, slots, EVERYBODY)
        return self._settle(released, {})

    def leave(self, party: int, slots: Iterable[int], delegate: int = EVERYBODY) -> Outcome:
        """A party or one of its delegates is away in some slots; its meetings there look for another time."""
        coming = [slot for slot in slots if slot >= self.now]
        before = {meeting: self._slot(meeting) for meeting in self.held_by(party, coming, delegate)}
        released = self._release(before)
        self._close(party, coming, delegate)
        return self._settle(released, before)

    def come_back(self, party: int, slots: Iterable[int], delegate: int = EVERYBODY) -> Outcome:
        """A party or one of its delegates is there after all, where it was when the book was opened."""
        for slot in slots:
            for calendar in self._calendars(party, delegate):
                if self.book.diary[calendar, slot] == CLOSED and not self._shut[calendar, slot]:
                    self.book.diary[calendar, slot] = FREE
                    self._own["available"][party, slot] = True
        return self._settle([], {}, parties=[party])

    def refuse(self, meeting: int) -> Outcome:
        """A meeting is not to be held any more."""
        if 0 <= self._slot(meeting) < self.now:
            return Outcome((), (), ())
        self._own["meetings"]["barred"][meeting] |= NEVER_PAIR
        return self._settle(self._release([meeting]), {})

    def move(self, meeting: int) -> Outcome:
        """A meeting gives up its slot, for good, and looks for another."""
        slot = self._slot(meeting)
        if slot < self.now:
            return Outcome((), (), ())
        self._but[meeting] = slot
        return self._settle(self._release([meeting]), {meeting: NOT_HELD})

    def hold(self, meetings: Sequence[int], *, everybody: bool = False) -> Outcome:
        """Meetings are to be held before all that stand by; these then are asked, too, if `everybody` is."""
        parties = range(len(self.problem.parties)) if everybody else ()
        return self._settle([], dict.fromkeys(meetings, NOT_HELD), parties=parties)

    def limit(self, pool: int, room: dict[int, int], released: Sequence[int] = ()) -> Outcome:
        """The places of a pool in some slots are so many, from now on; `released` are the meetings to give way.

        Where they are not enough, the lightest give way.
        """
        giving = {meeting: self._slot(meeting) for meeting in released}
        for slot, places in room.items():
            if slot < self.now:
                continue
            used, there = int(self.book.used[pool, slot]), min(places, self.seats)
            over = used - list(giving.values()).count(slot) - there
            if over > 0:
                seated = self.book.seated[pool, slot, :used]
                light = self.lightest(seated[~np.isin(seated, list(giving))], over)
                giving |= dict.fromkeys(light, slot)
            if there > self.problem.capacity[pool, slot]:
                self._scarce[pool, slot] = True
            self._own["capacity"][pool, slot] = there
        # Where they were there is no place for them: they need not ask.
        return self._settle(self._release(giving), dict.fromkeys(giving, NOT_HELD))

    def limit_booth(self, venue: int, room: dict[int, int], released: Sequence[int] = ()) -> Outcome:
        """The same of the booths of a host; `released` are all that give way."""
        for slot, places in room.items():
            if slot >= self.now:
                self._own["room"][venue, slot] = places
                self._own["open"][venue, slot] = places > 0
        before = {meeting: self._slot(meeting) for meeting in released}
        hosts = np.unique(self.problem.meetings["host"][self.problem.meetings["venue"] == venue]).tolist()
        return self._settle(self._release(before), before, parties=hosts)

    def lightest(self, meetings: Array, count: int) -> list[int]:
        """So many of the meetings that are not fixed, the lightest; of equals those that come last."""
        free = meetings[self.problem.meetings["fixed"][meetings] == NOT_FIXED]
        order = np.lexsort((-free, self.problem.meetings["weight"][free]))
        lightest: list[int] = free[order[: max(count, 0)]].tolist()
        return lightest

    def held_by(self, party: int, slots: Iterable[int], delegate: int = EVERYBODY) -> list[int]:
        """The meetings that a party, or one of its delegates, holds in some slots."""
        diary = self.book.diary[np.ix_(self._calendars(party, delegate), list(slots))]
        meetings: list[int] = np.unique(diary[diary >= 0]).tolist()
        return meetings

    def _calendars(self, party: int, delegate: int) -> list[int]:
        first, last = self.problem.parties["first"][party], self.problem.parties["last"][party]
        return list(range(first, last)) if delegate == EVERYBODY else [int(first) + delegate]

    def _slot(self, meeting: int) -> int:
        return self.kept.get(meeting, int(self.book.entries["slot"][meeting]))

    def _close(self, party: int, slots: Iterable[int], delegate: int) -> None:
        calendars, every = self._calendars(party, delegate), self._calendars(party, EVERYBODY)
        for slot in slots:
            self.book.diary[calendars, slot] = CLOSED
            self._own["available"][party, slot] = bool((self.book.diary[every, slot] != CLOSED).any())

    def _is_of(self, meeting: int, party: int) -> bool:
        return any(self.problem.meetings[side][meeting] == party for side in SIDES)

    def _keep(self, meeting: int, slot: int) -> None:
        """Keep a fixed meeting beside the book, and count it there."""
        self.kept[meeting] = slot
        self._own["meetings"]["barred"][meeting] |= NEVER_PAIR
        terms, day = self.problem.meetings[meeting], self.problem.slots["day"][slot]
        for side in SIDES:
            calendar = self.book.entries[side][meeting]
            if calendar != NOBODY and self.book.diary[calendar, slot] == FREE:
                self.book.diary[calendar, slot] = CLOSED
            self.book.held[terms[side], [day, IN_ALL]] += 1
        interpreter = self.book.entries["interpreter"][meeting]
        if terms["need"] >= 0 and interpreter != NOBODY and self.book.diary[interpreter, slot] == FREE:
            self.book.diary[interpreter, slot] = CLOSED
        left = (
            self._own["room"][terms["venue"]]
            if terms["pool"] == BOOTH
            else self._own["capacity"][terms["pool"]]
        )
        left[slot] = max(left[slot] - 1, 0)

    def _release(self, meetings: Collection[int]) -> list[int]:
        """Take meetings out of the book, or from beside it; those that were there."""
        entries, beside = self.book.entries["slot"], []
        for meeting in [one for one in meetings if one in self.kept]:
            slot = self.kept.pop(meeting)
            beside.append(meeting)
            for side in SIDES:
                party = self.problem.meetings[side][meeting]
                self.book.held[party, [self.problem.slots["day"][slot], IN_ALL]] -= 1
        held = [meeting for meeting in meetings if entries[meeting] != NOT_HELD]
        release(self.problem, self.book, np.array(held, dtype=np.int64), self._scarce)
        self._own["meetings"]["fixed"][held + beside] = NOT_FIXED
        return held + beside

    def _settle(self, released: list[int], before: dict[int, int], *, parties: Iterable[int] = ()) -> Outcome:
        """Let the meetings in `before` find a slot again, then offer what is free to those that stand by."""
        done = self._hold(sorted(before, key=lambda meeting: (-self._weight(meeting), meeting)), before, 0)
        sides = [self.problem.meetings[side][released] for side in SIDES]
        touched = np.unique(np.concatenate([*sides, np.array(list(parties), dtype=np.int64)]))
        waiting = standing_by(self.problem, self.book, touched, self._first, self._ranks, self._order)
        done = self._hold(waiting.tolist(), {}, done)
        changed = np.concatenate((np.array(released, dtype=np.int64), self._log[:done, 0]))
        if (self.problem.meetings["need"][changed] >= 0).any():
            # Interpreters may be free whom others wait for.
            waiting = self._interpreted[self.book.entries["slot"][self._interpreted] == NOT_HELD]
            done = self._hold(waiting.tolist(), {}, done)
            changed = np.concatenate((np.array(released, dtype=np.int64), self._log[:done, 0]))
        for pool, queue in enumerate(self._queues):
            queue.note(changed, self.book.entries["slot"][changed])
            left = np.flatnonzero(self._scarce[pool] & (self.book.used[pool] < self.problem.capacity[pool]))
            for some in np.split(left, range(WORD, len(left), WORD)) if len(left) else ():
                lists = (queue.order, queue.ends, queue.waits, self._but, self._log)
                done = take_places(self.problem, self.book, pool, some, *lists, done)
        self._scarce[:] = False
        return self._outcome(released, done)

    def _hold(self, meetings: Sequence[int], before: dict[int, int], done: int) -> int:
        """Hold what can be; how many rows of the log are then written, of which `done` were before."""
        slots = [before.get(meeting, NOT_HELD) for meeting in meetings]
        arrays = (np.array(meetings, dtype=np.int64), np.array(slots, dtype=np.int64))
        return int(settle(self.problem, self.book, *arrays, self._but, self.max_moves, self._log, done))

    def _weight(self, meeting: int) -> int:
        return int(self.problem.meetings["weight"][meeting])

    def _outcome(self, released: list[int], done: int) -> Outcome:
        left: dict[int, int] = {}
        for meeting, slot in self._log[:done].tolist():
            left.setdefault(meeting, slot)
        slot = self.book.entries["slot"]
        placed = ((meeting, int(slot[meeting])) for meeting, old in left.items() if old == NOT_HELD)
        moved = ((meeting, old, int(slot[meeting])) for meeting, old in left.items() if old != NOT_HELD)
        return Outcome(
            tuple(sorted(released)),
            tuple(sorted(placed)),
            tuple(sorted(one for one in moved if one[1] != one[2])),
        )


class _Queue:
    """The meetings of a pool, the best first, and which of them are not held."""

    def __init__(self, problem: Problem, order: Array, pool: int) -> None:
        self.order = order[problem.meetings["pool"][order] == pool]
        self.ends = np.stack([problem.meetings[side][self.order] for side in SIDES], axis=1)
        self.waits = np.ones(len(self.order), dtype=bool)
        self.place = np.full(len(order), NOT_HELD)
        self.place[self.order] = np.arange(len(self.order))

    def note(self, meetings: Array, slots: Array) -> None:
        """Take over the slots of some meetings."""
        place = self.place[meetings]
        own = place != NOT_HELD
        self.waits[place[own]] = slots[own] == NOT_HELD


def _locked_view(own: Array) -> Array:
    view = own.view()
    view.flags.writeable = False
    return view


def _wishes(problem: Problem, order: Array) -> tuple[Array, Array]:
    """Of each party its meetings, by their places in `order`: those of party p are ranks[first[p]:first[p + 1]]."""
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    parties, ranks = np.concatenate([problem.meetings[side] for side in SIDES]), np.concatenate([rank, rank])
    counts = np.bincount(parties, minlength=len(problem.parties))
    return np.concatenate(([0], np.cumsum(counts))), ranks[np.lexsort((ranks, parties))]
