"""Brokerage: every meeting was promised and must be held; the timetable with the fewest breaks, proved so.

A break is a gap of any length between a delegate's meetings of one day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from fairlink.compiled import compiled
from fairlink.expo import Array, Expo, Wanted
from fairlink.meetings.arrangement import as_timetable
from fairlink.meetings.book import Book, blank, enter
from fairlink.meetings.bound import bound, longest_diaries
from fairlink.meetings.clauses import Agenda, say
from fairlink.meetings.easing import ease
from fairlink.meetings.maxsat import FEASIBLE, INFEASIBLE, OPTIMAL, UNKNOWN, minimise
from fairlink.meetings.polish import day_limits, lots
from fairlink.meetings.problem import NOT_FIXED, POOLS, Problem
from fairlink.meetings.rules import OBSTACLES, outlook
from fairlink.meetings.timetable import Timetable
from fairlink.meetings.translation import translate

BROKERAGE = (OPTIMAL, FEASIBLE, INFEASIBLE, UNKNOWN)  # unknown: stopped before the first timetable
NO_BREAKS = -1  # counted: there is no timetable


@dataclass(frozen=True, eq=False)
class Plan:
    """Over the meetings of a problem; −1 without a timetable."""

    status: str  # in BROKERAGE
    slot: Array  # int64 (meetings,)
    calendars: Array  # int64 (meetings, 2): of host and guest
    breaks: int
    fewest: int  # no timetable has fewer breaks


@dataclass(frozen=True, eq=False)
class Brokerage:
    """What came of it. Where no timetable can hold all, the last three say why, as far as counting shows it."""

    status: str  # in BROKERAGE
    timetable: Timetable | None
    breaks: int
    fewest: int  # no timetable has fewer breaks
    crowded: tuple[tuple[int, int, int], ...]  # row of expo.organisations, meetings wanted, meetings possible
    lacking: tuple[
        tuple[str, int, int], ...
    ] = ()  # in POOLS, meetings that want a place of it, meetings possible
    never_open: tuple[int, ...] = ()  # row of wanted: no slot is open to it, whatever else is held


def broker(
    expo: Expo,
    wanted: Wanted,
    *,
    fairness: int | None = None,
    fixed: Array | None = None,
    stop: Callable[[], bool] | None = None,
) -> Brokerage:
    """Hold every wanted meeting with the fewest breaks; with `fairness`, no two delegates differ by more of them.

    `fixed` is int (wanted,): the slot of a meeting, −1 where it is free. `stop` is asked about every second: once
    it says True, the best timetable so far is the answer. Needs python-sat (extra `exact`), else MissingPackage.
    """
    translation = translate(expo, wanted, fixed)
    problem = translation.problem
    allowed = possible(problem)
    plan = fewest_breaks(problem, allowed, fairness=fairness, stop=stop)
    crowded = tuple(
        (int(translation.organisations[party]), held, can)
        for party, held, can in (_crowded(problem, allowed) if plan.status == INFEASIBLE else ())
    )
    if plan.breaks == NO_BREAKS:
        if plan.status != INFEASIBLE:
            return Brokerage(plan.status, None, NO_BREAKS, plan.fewest, crowded)
        lacking = tuple((POOLS[pool], held, can) for pool, held, can in _lacking(problem, allowed))
        closed = np.sort(translation.meetings[~allowed.any(axis=1)]).tolist()
        return Brokerage(plan.status, None, NO_BREAKS, plan.fewest, crowded, lacking, tuple(closed))
    book = blank(problem)
    _enter_all(problem, book, plan.slot, plan.calendars)
    parameters = {"brokerage": plan.status, "fairness": fairness}
    timetable = as_timetable(expo, wanted, translation, book, bound(problem), 0, parameters)
    return Brokerage(plan.status, timetable, plan.breaks, plan.fewest, crowded)


def fewest_breaks(
    problem: Problem,
    allowed: Array,
    *,
    precedences: Array | None = None,
    fairness: int | None = None,
    stop: Callable[[], bool] | None = None,
) -> Plan:
    """A plan in which every meeting is held in a slot that is `allowed`, bool (meetings, slots).

    A row (before, after) of `precedences`, int (pairs, 2), says that one meeting comes before another.
    """
    none = np.full(len(problem.meetings), -1, dtype=np.int64)
    if (
        next(_crowded(problem, allowed), None)
        or next(_lacking(problem, allowed), None)
        or not allowed.any(axis=1).all()
    ):
        return Plan(INFEASIBLE, none, np.stack((none, none), axis=1), NO_BREAKS, 0)
    order = np.zeros((0, 2), dtype=np.int64) if precedences is None else precedences
    agenda = say(problem, allowed, order, fairness)
    near = _Near(problem, allowed, agenda, fairness, orders=len(order) > 0)
    found = minimise(agenda.formula.clauses, agenda.breaks, near, stop or _never)
    if found.upper is None:
        return Plan(found.status, none, np.stack((none, none), axis=1), NO_BREAKS, found.lower)
    slot, calendars = agenda.read(problem, found.model)
    return Plan(found.status, slot, calendars, found.upper, found.lower)


def possible(problem: Problem) -> Array:
    """bool (meetings, slots): nothing but other meetings can stand in the way; one that is fixed has its slot."""
    free = _open_slots(problem, blank(problem))
    fixed = problem.meetings["fixed"]
    slots: Array = (fixed[:, None] == NOT_FIXED) | (fixed[:, None] == np.arange(free.shape[1]))
    return free & slots


def _crowded(problem: Problem, allowed: Array) -> Iterator[tuple[int, int, int]]:
    """Parties with more meetings than they can hold, whatever the others do: party, how many, how many it can."""
    longest, delegates = longest_diaries(problem), problem.parties["last"] - problem.parties["first"]
    for party in range(len(problem.parties)):
        mine = (problem.meetings["host"] == party) | (problem.meetings["guest"] == party)
        count = int(mine.sum())
        can = min(int(longest[party]), _fit(allowed[mine], np.full(allowed.shape[1], delegates[party])))
        if can < count:
            yield party, count, can


def _lacking(problem: Problem, allowed: Array) -> Iterator[tuple[int, int, int]]:
    """Pools with too few places for their meetings, whoever meets: pool, how many, how many it can hold."""
    for pool, places in enumerate(problem.capacity):
        taking = allowed[problem.meetings["pool"] == pool]
        can = _fit(taking, places)
        if can < len(taking):
            yield pool, len(taking), can


def _fit(allowed: Array, room: Array) -> int:
    """How many rows of `allowed` find a slot when `room` says how many a slot takes. Solvers are slow to count."""
    seats = np.repeat(np.arange(len(room)), np.minimum(room, len(allowed)))
    matching = maximum_bipartite_matching(csr_array(allowed[:, seats]), perm_type="column")
    return int((matching >= 0).sum())


class _Near:
    """Timetables near one that holds every meeting: the vicinity of a model."""

    def __init__(
        self, problem: Problem, allowed: Array, agenda: Agenda, fairness: int | None, *, orders: bool
    ) -> None:
        self.problem, self.allowed, self.agenda, self.orders = problem, allowed, agenda, orders
        self.fair = np.full(len(blank(problem).diary), len(problem.slots) if fairness is None else fairness)
        self.lots = np.random.default_rng(0)

    def better(self, model: set[int]) -> list[int]:
        """After annealing; the same where meetings come one before the other, which annealing does not know."""
        slot, calendars = self.agenda.read(self.problem, model)
        if not self.orders:
            book = blank(self.problem)
            _enter_all(self.problem, book, slot, calendars)
            slot = ease(self.problem, book, self.allowed, day_limits(self.problem), self.fair, lots(0))
        held = [self.agenda.held[meeting, when] for meeting, when in enumerate(slot.tolist())]
        return held + [literal for literal in self.agenda.sits.values() if literal in model]

    def keep(self, model: set[int], free: float) -> list[int]:
        """The slots of the meetings between parties that are not drawn; a party is drawn as often as `free` says."""
        drawn = self.lots.random(len(self.problem.parties)) < free
        stays = ~(drawn[self.problem.meetings["host"]] | drawn[self.problem.meetings["guest"]])
        return [one for (meeting, _), one in self.agenda.held.items() if stays[meeting] and one in model]


@compiled
def _open_slots(problem: Problem, book: Book) -> Array:
    found = np.zeros((len(problem.meetings), len(problem.slots)), dtype=np.bool_)
    for meeting in range(len(found)):
        seen = outlook(problem, book, meeting)
        for slot in range(found.shape[1]):
            found[meeting, slot] = seen[OBSTACLES, slot] == 0
    return found


@compiled
def _enter_all(problem: Problem, book: Book, slot: Array, calendars: Array) -> None:
    for meeting in range(len(slot)):
        enter(problem, book, meeting, slot[meeting], calendars[meeting, 0], calendars[meeting, 1])


def _never() -> bool:
    return False
