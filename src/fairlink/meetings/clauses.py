"""A timetable in which every meeting is held, said in clauses for a solver of satisfiability.

After Bofill, Espasa, Garcia, Palahí, Suy & Villaret, Scheduling B2B meetings, JAIR 74 (2022): literals of used slots,
the implied numbers of slots that a participant and a hall use, breaks as sorted literals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from fairlink.expo import Array
from fairlink.meetings.book import CLOSED, blank
from fairlink.meetings.problem import Problem
from fairlink.packages import package

FEW = 6  # literals of which at most one holds are said in pairs; more by counting


class Formula:
    """Clauses over variables 1 … `top`; a literal is a variable, negative where it must not hold."""

    def __init__(self) -> None:
        self.clauses: list[list[int]] = []
        self.top = 0
        self._cards: Any = package("pysat.card", extra="exact")

    def new(self) -> int:
        self.top += 1
        return self.top

    def add(self, *literals: int) -> None:
        self.clauses.append(list(literals))

    def at_most(self, literals: Sequence[int], bound: int) -> None:
        """Of the literals at most `bound` hold: by a cardinality network (Asín et al. 2011) unless they are few."""
        if bound >= len(literals):
            return
        if bound <= 0:
            self.clauses += [[-one] for one in literals]
        elif bound == 1 and len(literals) <= FEW:
            self.clauses += [[-one, -other] for one, other in combinations(literals, 2)]
        else:
            self._take(self._cards.CardEnc.atmost(**self._card(literals, bound)))

    def exactly(self, literals: Sequence[int], bound: int) -> None:
        if bound == 1:
            self.add(*literals)
            self.at_most(literals, 1)
        elif bound >= len(literals):  # all of them; of too few, what cannot hold
            self.clauses += [[one] for one in literals]
            if bound > len(literals):
                self.clauses += [[never := self.new()], [-never]]
        else:
            self._take(self._cards.CardEnc.equals(**self._card(literals, bound)))

    def either(self, literals: Sequence[int]) -> int:
        """A literal that holds exactly when one of the literals does."""
        if len(literals) == 1:
            return literals[0]
        some = self.new()
        self.add(-some, *literals)
        for one in literals:
            self.add(-one, some)
        return some

    def sort(self, literals: Sequence[int], most: int) -> list[int]:
        """Literals k = 0 … most − 1 that hold exactly when more than k of the literals do."""
        reached: list[int] = []
        for one in literals:
            longer = [self.new() for _ in range(min(len(reached) + 1, most))]
            for k, more in enumerate(longer):
                stays = reached[k : k + 1]
                fewer = reached[k - 1 : k] if k else []
                self.add(-one, *(-literal for literal in fewer), more)
                self.add(-more, one, *stays)
                for literal in stays:
                    self.add(-literal, more)
                for literal in fewer:
                    self.add(-more, literal)
            reached = longer
        return reached

    def _card(self, literals: Sequence[int], bound: int) -> dict[str, Any]:
        # A sequential counter (Sinz 2005) is the smaller for one, and of the size of the network at no other bound.
        kind = self._cards.EncType.seqcounter if bound == 1 else self._cards.EncType.cardnetwrk
        return {"lits": list(literals), "bound": bound, "top_id": self.top, "encoding": kind}

    def _take(self, card: Any) -> None:
        self.clauses += card.clauses
        self.top = max(self.top, card.nv)


class Agenda(NamedTuple):
    """The clauses of a task, and what their literals mean."""

    formula: Formula
    held: dict[tuple[int, int], int]  # meeting and slot: it is held then
    sits: dict[tuple[int, int], int]  # meeting and calendar: whose it is, where a party has more than one
    breaks: list[int]  # as many of them hold as there are breaks

    def read(self, problem: Problem, model: set[int]) -> tuple[Array, Array]:
        """int64 (meetings,) and (meetings, 2): the slot, and the calendars of host and guest, in a model."""
        slot = np.full(len(problem.meetings), -1, dtype=np.int64)
        for (meeting, when), literal in self.held.items():
            if literal in model:
                slot[meeting] = when
        first, last = problem.parties["first"], problem.parties["last"]
        sides = problem.meetings["host"], problem.meetings["guest"]
        calendars = np.stack([first[party] for party in sides], axis=1)
        for (meeting, calendar), literal in self.sits.items():
            if literal in model:
                host = sides[0][meeting]
                calendars[meeting, 0 if first[host] <= calendar < last[host] else 1] = calendar
        return slot, calendars


def say(problem: Problem, allowed: Array, precedences: Array, fairness: int | None) -> Agenda:
    """The clauses. `allowed` is bool (meetings, slots); a row (before, after) of `precedences` orders two meetings.

    `fairness`: no two calendars with meetings differ by more breaks. Every meeting has a slot that is allowed.
    """
    agenda = Agenda(Formula(), {}, {}, [])
    for meeting, slots in enumerate(allowed):
        for slot in np.flatnonzero(slots).tolist():
            agenda.held[meeting, slot] = agenda.formula.new()
        _one_of(agenda.formula, agenda.held, [(meeting, slot) for slot in np.flatnonzero(slots).tolist()])
    _order(agenda, precedences, len(problem.slots))
    used = _use(problem, agenda)
    _share_places(problem, agenda, used)
    _limit_parties(problem, agenda, used)
    _count_breaks(problem, agenda, used, fairness)
    return agenda


def _one_of(formula: Formula, literals: dict[tuple[int, int], int], keys: list[tuple[int, int]]) -> None:
    formula.exactly([literals[key] for key in keys], 1)


def _order(agenda: Agenda, precedences: Array, slots: int) -> None:
    """The one before ends before the other begins."""
    for before, after in precedences.tolist():
        for slot in range(slots):
            if (after, slot) in agenda.held:
                earlier = [agenda.held[before, s] for s in range(slot) if (before, s) in agenda.held]
                agenda.formula.add(-agenda.held[after, slot], *earlier)


def _use(problem: Problem, agenda: Agenda) -> dict[tuple[int, int], int]:
    """Literals by calendar and slot: some meeting is held there; never two."""
    formula, diary = agenda.formula, blank(problem).diary
    seats: dict[tuple[int, int], list[int]] = {}
    lone = [0] * len(diary)  # meetings that no other calendar can take
    for (meeting, calendar), slots in _attendances(problem, agenda):
        lone[calendar] += (meeting, calendar) not in agenda.sits
        for slot in slots:
            seat = agenda.held[meeting, slot]
            if (meeting, calendar) in agenda.sits:
                seat = _both(formula, seat, agenda.sits[meeting, calendar])
            if diary[calendar, slot] == CLOSED:
                formula.add(-seat)
            seats.setdefault((calendar, slot), []).append(seat)
    used = {}
    for key, literals in sorted(seats.items()):
        formula.at_most(literals, 1)
        used[key] = formula.either(literals)
    for calendar, count in enumerate(lone):
        # Implied, but no solver finds it by itself: exactly as many slots are used as there are meetings.
        if count:
            formula.exactly([used[key] for key in sorted(used) if key[0] == calendar], count)
    return used


def _attendances(problem: Problem, agenda: Agenda) -> Iterator[tuple[tuple[int, int], list[int]]]:
    """Each meeting with each calendar that may attend, and the meeting's slots; of several, one attends."""
    first, last = problem.parties["first"], problem.parties["last"]
    for meeting, terms in enumerate(problem.meetings):
        slots = [slot for slot in range(len(problem.slots)) if (meeting, slot) in agenda.held]
        for party in (terms["host"], terms["guest"]):
            keys = [(meeting, calendar) for calendar in range(first[party], last[party])]
            if len(keys) > 1:
                agenda.sits.update((key, agenda.formula.new()) for key in keys)
                _one_of(agenda.formula, agenda.sits, keys)
            yield from ((key, slots) for key in keys)


def _both(formula: Formula, one: int, other: int) -> int:
    both = formula.new()
    formula.clauses += [[-both, one], [-both, other], [-one, -other, both]]
    return both


def _share_places(problem: Problem, agenda: Agenda, used: dict[tuple[int, int], int]) -> None:
    """No more meetings in a slot than its pool has places, or a booth whose places others take."""
    pools, venues = problem.meetings["pool"], problem.meetings["venue"]
    hosts = problem.meetings["host"]
    widest = (problem.parties["last"] - problem.parties["first"])[hosts]
    alone = not agenda.sits  # each calendar is a party's only one
    for slot in range(len(problem.slots)):
        here = np.array([m for m in range(len(pools)) if (m, slot) in agenda.held], dtype=np.int64)
        for pool, places in enumerate(problem.capacity[:, slot].tolist()):
            taking = here[pools[here] == pool].tolist()
            if alone and len(taking) == len(
                here
            ):  # nobody else is busy then: the same, and solvers see more in it
                agenda.formula.at_most([used[key] for key in sorted(used) if key[1] == slot], 2 * places)
            else:
                agenda.formula.at_most([agenda.held[m, slot] for m in taking], places)
        for venue in np.unique(venues[here]).tolist():
            taking = here[venues[here] == venue]
            if venue and problem.room[venue, slot] < widest[taking].max():
                agenda.formula.at_most(
                    [agenda.held[m, slot] for m in taking.tolist()], int(problem.room[venue, slot])
                )


def _limit_parties(problem: Problem, agenda: Agenda, used: dict[tuple[int, int], int]) -> None:
    """Meetings a day, and in a row."""
    formula, slots, days = agenda.formula, problem.slots, problem.slots["day"]
    if problem.daily_cap:
        mine: dict[tuple[int, int], list[int]] = {}
        for (meeting, slot), literal in agenda.held.items():
            for side in ("host", "guest"):
                party = int(problem.meetings[side][meeting])
                mine.setdefault((party, int(days[slot])), []).append(literal)
        for literals in mine.values():
            formula.at_most(literals, problem.daily_cap)
    if problem.longest_run:
        for calendar in sorted({calendar for calendar, _ in used}):
            for end in range(problem.longest_run, len(slots)):
                run = range(end - problem.longest_run, end + 1)
                if slots["follows"][run.start + 1 : run.stop].all() and all(
                    (calendar, s) in used for s in run
                ):
                    formula.add(*(-used[calendar, slot] for slot in run))


def _count_breaks(
    problem: Problem, agenda: Agenda, used: dict[tuple[int, int], int], fairness: int | None
) -> None:
    """Sorted literals of the breaks of each calendar, and no more of them than is fair."""
    formula, days = agenda.formula, problem.slots["day"].tolist()
    holes = {calendar: _holes(formula, days, used, calendar) for calendar in sorted({key[0] for key in used})}
    held = np.bincount(problem.meetings["host"], minlength=len(problem.parties))
    held += np.bincount(problem.meetings["guest"], minlength=len(problem.parties))
    party = np.repeat(np.arange(len(problem.parties)), problem.parties["last"] - problem.parties["first"])
    most = {calendar: min(len(some), int(held[party[calendar]]) - 1) for calendar, some in holes.items()}
    least = min(most.values(), default=0)
    reached = {}
    for calendar, some in holes.items():
        limit = most[calendar] if fairness is None else min(most[calendar], least + fairness)
        reached[calendar] = formula.sort(some, min(limit + 1, len(some)))
        for literal in reached[calendar][limit:]:
            formula.add(-literal)
        agenda.breaks.extend(reached[calendar][:limit])
    if fairness is None:
        return
    for k in range(least):
        # Whoever has more than k + fairness breaks lets nobody have k or fewer.
        all_have = formula.new()
        for literals in reached.values():
            formula.add(-all_have, *literals[k : k + 1])
            for literal in literals[k + fairness : k + fairness + 1]:
                formula.add(-literal, all_have)


def _holes(formula: Formula, days: list[int], used: dict[tuple[int, int], int], calendar: int) -> list[int]:
    """Literals of the slots at which a break of the day ends: free, after a meeting and before the next."""
    holes, before = [], 0
    for slot, day in enumerate(days):
        if slot and days[slot - 1] != day:
            before = 0
        here = used.get((calendar, slot), 0)
        follows = used.get((calendar, slot + 1), 0) if slot + 1 < len(days) and days[slot + 1] == day else 0
        if before and follows:
            hole = formula.new()
            formula.add(*([here] if here else []), -before, -follows, hole)
            formula.clauses += [[-hole, before], [-hole, follows], *([[-hole, -here]] if here else [])]
            holes.append(hole)
        if here:
            before = formula.either([before, here]) if before else here
    return holes
