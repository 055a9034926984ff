"""Small expos to the end: the best timetable as a programme in whole numbers, and the proof that none is better.

One variable for each meeting and slot in which it can be (time-indexed). Delegates of a party are counted, not
named. Where runs are limited, taking turns keeps those of delegates who are all there as short as the count says;
where some are engaged elsewhere the count may admit too much, and so may that of interpreters who speak more than two
languages. Then the bound is still one, and the rules are asked
before any meeting is entered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from fairlink.expo import Array
from fairlink.meetings.book import ANY, FREE, NOT_HELD, Book, blank, enter
from fairlink.meetings.floor import FIRST, step
from fairlink.meetings.interpreting import families, interpreted
from fairlink.meetings.problem import NOT_FIXED, Problem
from fairlink.meetings.rules import DELEGATE, OBSTACLES, outlook

GROUPS = ("host_group", "guest_group")
PEOPLE = 150  # delegates up to whom it is tried


class Optimum(NamedTuple):
    """What the programme says of a problem."""

    slot: Array  # int64 (meetings,): where each meeting is best held, or NOT_HELD
    bound: int  # gain that no timetable can exceed


class Limit(NamedTuple):
    """A family of limits, each on the number of its variables that are 1."""

    row: Array  # int64 (entries,): of `most`
    variable: Array  # int64 (entries,)
    most: Array  # int64 (limits,)


def optimum(problem: Problem, *, seconds: float) -> Optimum | None:
    """The best slots found in so many seconds, and the bound proved by then.

    None where none are found, or there are more than PEOPLE delegates.
    """
    if int((problem.parties["last"] - problem.parties["first"]).sum()) > PEOPLE:
        return None
    free = (blank(problem).diary == FREE).astype(np.int64)
    meeting, slot = np.nonzero(_possible(problem, _by_party(problem, free) > 0))
    limits = list(_limits(problem, free, meeting, slot))
    if not len(meeting):
        return None
    fixed = problem.meetings["fixed"][meeting] != NOT_FIXED
    value, floor = _floor(problem, meeting)
    least = np.concatenate((fixed.astype(np.float64), np.zeros(len(value) - len(meeting))))
    answer = milp(
        -value,
        integrality=np.arange(len(value)) < len(meeting),
        bounds=Bounds(least, 1.0),
        constraints=[_constraints(limits, len(value)), *floor],
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    if answer.x is None or answer.mip_dual_bound is None:
        return None
    chosen = answer.x[: len(meeting)] > 0.5  # 0 or 1, but for rounding
    best = np.full(len(problem.meetings), NOT_HELD, dtype=np.int64)
    best[meeting[chosen]] = slot[chosen]
    return Optimum(best, int(np.floor(-answer.mip_dual_bound + 1e-3)))


def _floor(problem: Problem, meeting: Array) -> tuple[Array, list[LinearConstraint]]:
    """The value of each variable, and after them of each first meeting of a party; there are no more than it holds."""
    weight = problem.meetings["weight"][meeting].astype(np.float64)
    if not problem.bonus:
        return weight, []
    parties, variables = len(problem.parties), len(meeting)
    steps = np.tile([float(step(problem.bonus, number)) for number in range(FIRST)], parties)
    first = np.repeat(np.arange(parties), FIRST)
    both = np.concatenate([problem.meetings[side][meeting] for side in ("host", "guest")])
    row = np.concatenate((both, first))
    column = np.concatenate((np.tile(np.arange(variables), 2), variables + np.arange(len(steps))))
    entry = np.concatenate((-np.ones(len(both)), np.ones(len(steps))))
    counted = csr_array((entry, (row, column)), (parties, variables + len(steps)))
    return np.concatenate((weight, steps)), [LinearConstraint(counted, ub=np.zeros(parties))]


def book_of(problem: Problem, slot: Array) -> Book:
    """A book of the meetings in their slots, less those that the rules refuse there."""
    book = blank(problem)
    turn = np.full(len(book.diary), -1)  # slot of the last meeting of each delegate
    held = np.flatnonzero(slot != NOT_HELD)
    for meeting in held[np.argsort(slot[held], kind="stable")].tolist():
        at, entry = int(slot[meeting]), book.entries[meeting]
        for side in ("host", "guest"):
            party = problem.parties[problem.meetings[meeting][side]]
            entry[side] = _whose_turn(book, turn, party, at) if problem.longest_run else ANY
        seen = outlook(problem, book, meeting)
        if seen[OBSTACLES, at]:
            continue
        host, guest = int(seen[DELEGATE, at]), int(seen[DELEGATE + 1, at])
        enter(problem, book, meeting, at, host, guest)
        turn[[host, guest]] = at
    return book


def _whose_turn(book: Book, turn: Array, party: np.void, slot: int) -> int:
    """The delegate of a party who is free and has waited longest; where none is free, the rules say so."""
    calendars = np.arange(party["first"], party["last"])
    free = calendars[book.diary[calendars, slot] == FREE]
    return int(free[np.argmin(turn[free])]) if len(free) else ANY


def _possible(problem: Problem, there: Array) -> Array:
    """bool (meetings, slots): a meeting can be in a slot when no other is held; a fixed one in its slot only."""
    terms = problem.meetings
    possible = problem.open[terms["venue"]] & there[terms["host"]] & there[terms["guest"]]
    possible &= (terms["barred"] == 0)[:, None]
    some = np.flatnonzero(terms["need"] >= 0)
    possible[some] &= interpreted(problem)[terms["need"][some]] > 0
    fixed = np.flatnonzero(terms["fixed"] != NOT_FIXED)
    possible[fixed] &= terms["fixed"][fixed, None] == np.arange(len(problem.slots))
    return np.asarray(possible)


def _limits(problem: Problem, free: Array, meeting: Array, slot: Array) -> Iterator[Limit]:
    """The rules as limits; `free` is 0 or 1 (calendars, slots), each variable a meeting in a slot."""
    terms, slots = problem.meetings[meeting], len(problem.slots)
    variable, day = np.arange(len(meeting)), problem.slots["day"]
    both, twice = np.concatenate((terms["host"], terms["guest"])), np.tile(variable, 2)
    yield Limit(meeting, variable, np.ones(len(problem.meetings), dtype=np.int64))
    yield Limit(both * slots + slot[twice], twice, _by_party(problem, free).ravel())
    yield Limit(both, twice, problem.parties["cap"])
    pooled = np.flatnonzero(terms["pool"] >= 0)
    yield Limit(terms["pool"][pooled] * slots + slot[pooled], pooled, problem.capacity.ravel())
    booth = np.flatnonzero(terms["venue"] > 0)
    yield Limit(terms["venue"][booth] * slots + slot[booth], booth, problem.room.ravel())
    some = np.flatnonzero(terms["need"] >= 0)
    if len(some):
        family, there = families(problem)
        need = terms["need"][some]
        yield Limit(need * slots + slot[some], some, interpreted(problem).ravel())
        yield Limit(family[need] * slots + slot[some], some, there.ravel())
    grouped = [np.flatnonzero(terms[side] >= 0) for side in GROUPS]
    if len(problem.choose):
        group = np.concatenate([terms[side][rows] for side, rows in zip(GROUPS, grouped, strict=True)])
        yield Limit(group, np.concatenate(grouped), problem.choose)
    if problem.daily_cap:
        days = int(day.max(initial=-1)) + 1
        most = np.full(len(problem.parties) * days, problem.daily_cap)
        yield Limit(both * days + day[slot[twice]], twice, most)
    if problem.longest_run:
        for first in _too_long(problem):
            span = slice(first, first + problem.longest_run + 1)
            within = np.flatnonzero((slot[twice] >= span.start) & (slot[twice] < span.stop))
            most = np.minimum(free[:, span].sum(axis=1), problem.longest_run)
            yield Limit(both[within], twice[within], _by_party(problem, most[:, None])[:, 0])


def _too_long(problem: Problem) -> list[int]:
    """The slots from which one more than the longest run follow each other."""
    longest, follows = problem.longest_run, problem.slots["follows"]
    return [s for s in range(len(follows) - longest) if follows[s + 1 : s + longest + 1].all()]


def _by_party(problem: Problem, count: Array) -> Array:
    """int64 (parties, columns): the sums of a count (calendars, columns) over the delegates of each party."""
    total = np.concatenate((np.zeros((1, count.shape[1]), dtype=np.int64), np.cumsum(count, axis=0)))
    return np.asarray(total[problem.parties["last"]] - total[problem.parties["first"]])


def _constraints(limits: list[Limit], variables: int) -> LinearConstraint:
    """Those limits that the variables could exceed."""
    first = np.cumsum([0] + [len(limit.most) for limit in limits])
    row = np.concatenate([limit.row + start for limit, start in zip(limits, first, strict=False)])
    most = np.concatenate([limit.most for limit in limits]).astype(np.float64)
    binds = np.bincount(row, minlength=len(most)) > most
    kept, number = binds[row], np.cumsum(binds) - 1
    variable = np.concatenate([limit.variable for limit in limits])[kept]
    shape = (int(binds.sum()), variables)
    return LinearConstraint(
        csr_array((np.ones(len(variable)), (number[row[kept]], variable)), shape), ub=most[binds]
    )
