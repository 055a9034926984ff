"""How much gain any timetable can hold at most, and the prices that prove it.

Choosing meetings under caps, diaries and table-slots is a b-matching; its dual bounds every timetable:

    Σ b_r y_r + Σ max(0, w_e − Σ y_r over the rows r of e)      for any y ≥ 0,

one row r for each organisation (b: meetings it can hold), each pool (b: its table-slots), and each need of an
interpreter, and all needs that share one (b: their slots). The prices y say what one more would be worth. Small
problems take them from the linear programme, large ones from descent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.meetings.book import Book, blank
from fairlink.meetings.floor import FIRST, step
from fairlink.meetings.interpreting import families, interpreted
from fairlink.meetings.problem import Problem
from fairlink.meetings.rules import OBSTACLES, outlook

EXACT = 20_000  # meetings up to which the linear programme itself takes a fraction of a second
# Spreads of the weights, in points, for equal weights hold a descent in corners; and how far prices may be off.
SPREADS = ((4.0, 0.5), (1.0, 0.05), (0.0, 1e-3))
SWEEPS = 25  # of each descent
FIXED_ROWS = 3  # host, guest, pool; after them, if there are any:
FAMILY_ROWS = 2  # need and family of interpreters; then groups of wishes
EXACTLY = 1e-7  # points to which a price is reckoned


@dataclass(frozen=True, eq=False)
class Prices:
    """What one more would be worth, in points of weight."""

    organisation: (
        Array  # float64 (organisations,): of a meeting more for it; below 0: what it is paid for its first
    )
    pool: Array  # float64 (pools, slots): of a place more in the slot
    interpreter: Array  # float64 (meetings,): of an interpreter more for the meeting, in one slot
    group: Array  # float64 (meetings,): of a choice more of the groups of wishes that the meeting is in

    def __post_init__(self) -> None:
        for price in (self.organisation, self.pool, self.interpreter, self.group):
            price.flags.writeable = False


def bound(problem: Problem) -> tuple[int, Prices]:
    """The upper bound of the gain and the prices behind it, over parties."""
    dual, parties = _dual(problem), len(problem.parties)
    price = _prices(dual)
    value = _value(dual, price)
    price[:parties] -= problem.bonus
    rows = dual.rows[: len(problem.meetings)]
    pools = price[parties : parties + len(problem.capacity)]
    more = np.append(price, 0.0)[rows[:, FIXED_ROWS:]]
    interpreter = more[:, : FAMILY_ROWS if len(problem.speaks) else 0].sum(axis=1)
    group = more.sum(axis=1) - interpreter
    pool = np.broadcast_to(pools[:, None], problem.capacity.shape)
    prices = Prices(price[:parties], pool, interpreter, group)
    return value, prices


def foretell(problem: Problem, others: Iterable[Problem]) -> tuple[int, tuple[int, ...]]:
    """The upper bound of a problem, and what its prices alone prove of others with the same meetings and rows.

    Any y ≥ 0 bounds any of them, so none of their own bounds is higher: nothing is solved anew.
    """
    dual = _dual(problem)
    price = _prices(dual)
    return _value(dual, price), tuple(_value(_dual(other), price) for other in others)


class _Dual(NamedTuple):
    """What prices are weighed by."""

    weight: Array  # float64 (takers,): the meetings, and empty places where first meetings count for more
    rows: Array  # int64 (takers, rows)
    limit: Array  # int64 (all rows,)
    gone: int  # what the value is too high by


def _dual(problem: Problem) -> _Dual:
    weight = np.where(_possible(problem, blank(problem)), problem.meetings["weight"], 0).astype(np.float64)
    rows = _rows(problem)
    limit = np.concatenate(
        (longest_diaries(problem), problem.capacity.sum(axis=1), _hours(problem), problem.choose)
    )
    if not problem.bonus:
        return _Dual(weight, rows, limit, 0)
    weight, rows, gone = _with_bonus(problem, weight, rows, limit)
    return _Dual(weight, rows, limit, gone)


def _prices(dual: _Dual) -> Array:
    meetings = len(dual.weight)
    return (_solve if meetings <= EXACT else _descend)(dual.weight, dual.rows, dual.limit)


def _value(dual: _Dual, price: Array) -> int:
    profit = np.maximum(_profit(dual.weight, dual.rows, price), 0.0).sum()
    return int(np.floor(dual.limit @ price + profit - dual.gone + 1e-3))


def _with_bonus(problem: Problem, weight: Array, rows: Array, limit: Array) -> tuple[Array, Array, int]:
    """Weights, rows and what the bound is then too high by, where first meetings count for more.

    A meeting weighs as if it were the first of both. What a party thereby has too much at its n-th meeting, it also
    gains for leaving its n-th place empty, by a meeting with nobody; so that what all these weigh is taken off again.
    """
    parties, nothing = len(problem.parties), len(limit)
    weight = np.where(weight > 0, weight + 2 * problem.bonus, 0.0)
    party = np.repeat(np.arange(parties), limit[:parties])
    turn = np.arange(len(party)) - np.repeat(np.cumsum(limit[:parties]) - limit[:parties], limit[:parties])
    least = np.array([problem.bonus - step(problem.bonus, number) for number in range(FIRST + 1)])
    empty = least[np.minimum(turn, FIRST)].astype(np.float64)
    alone = np.full((len(party), rows.shape[1]), nothing)
    alone[:, 0] = party
    return np.concatenate((weight, empty)), np.concatenate((rows, alone)), int(empty.sum())


def reduced_profit(problem: Problem, prices: Prices) -> Array:
    """float64 (meetings,): weight less the prices of everything the meeting takes."""
    price = np.concatenate((prices.organisation, prices.pool.max(axis=1, initial=0.0)))
    rows = np.minimum(_rows(problem)[:, :FIXED_ROWS], len(price))
    return _profit(problem.meetings["weight"], rows, price) - prices.interpreter - prices.group


def longest_diaries(problem: Problem) -> Array:
    """int64 (parties,): meetings a party can hold under its caps, its delegates' diaries and their runs."""
    parties, slots = problem.parties, problem.slots
    calendars = parties["last"] - parties["first"]
    free = np.repeat(problem.available, calendars, axis=0)
    free = np.concatenate((free, np.ones((problem.speaks.shape[1], len(slots)), dtype=bool)))
    free[problem.engaged[:, 0], problem.engaged[:, 1]] = False
    run = np.zeros(len(free), dtype=np.int64)
    daily = np.zeros((len(parties), slots["day"].max(initial=-1) + 1), dtype=np.int64)
    for slot in range(len(slots)):
        # Sitting whenever it is allowed fills a stretch of slots as far as any other way.
        run *= slots["follows"][slot]
        sits = free[:, slot] & ((problem.longest_run == 0) | (run < problem.longest_run))
        run = np.where(sits, run + 1, 0)
        seats = np.concatenate(([0], np.cumsum(sits)))
        daily[:, slots["day"][slot]] += seats[parties["last"]] - seats[parties["first"]]
    if problem.daily_cap:
        daily = np.minimum(daily, problem.daily_cap)
    longest: Array = np.minimum(parties["cap"], daily.sum(axis=1))
    return longest


def _rows(problem: Problem) -> Array:
    """int64 (meetings, rows): what a meeting takes one of: host, guest, pool; where there are interpreters those for
    its need and those of its family; where there are groups of wishes those of both; the row after the last takes
    nothing.
    """
    meetings, parties, needs = problem.meetings, len(problem.parties), len(problem.speaks)
    pools = parties + len(problem.capacity)
    family = families(problem)[0]
    groups = pools + needs + len(np.unique(family))
    nothing = groups + len(problem.choose)
    pool = np.where(meetings["pool"] >= 0, parties + meetings["pool"], nothing)
    rows = [meetings["host"], meetings["guest"], pool]
    if needs:
        some, need = meetings["need"] >= 0, meetings["need"]
        rows += [np.where(some, pools + need, nothing), np.where(some, pools + needs + family[need], nothing)]
    if len(problem.choose):
        both = [meetings[side].copy() for side in ("host_group", "guest_group")]
        rows += [np.where(group >= 0, groups + group, nothing) for group in both]
    return np.stack(rows, axis=1)


def _hours(problem: Problem) -> Array:
    """int64 (needs + families,): meetings that can be interpreted, of each need and of each family of needs."""
    return np.concatenate((interpreted(problem).sum(axis=1), families(problem)[1].sum(axis=1)))


def _profit(weight: Array, rows: Array, price: Array) -> Array:
    profit: Array = weight - np.append(price, 0.0)[rows].sum(axis=1)
    return profit


def _solve(weight: Array, rows: Array, limit: Array) -> Array:
    """Prices of the linear programme; below zero is rounding, and cut off."""
    if not len(weight):
        return np.zeros(len(limit))
    meeting, place = np.nonzero(rows < len(limit))
    takes = csr_array((np.ones(len(meeting)), (rows[meeting, place], meeting)), (len(limit), len(weight)))
    answer = linprog(-weight, A_ub=takes, b_ub=limit, bounds=(0, 1), method="highs")
    price: Array = np.maximum(-answer.ineqlin.marginals, 0.0)
    return price


def _descend(weight: Array, rows: Array, limit: Array) -> Array:
    """Prices by coordinate descent, from weights that are spread apart less and less.

    A corner may hold it above the optimum: seen up to 1.6 % on small expos with scarce tables, which is why
    those are solved; at expo sizes it ends within 0.002 %.
    """
    first = np.concatenate(([0], np.cumsum(np.bincount(rows.ravel(), minlength=len(limit) + 1))))
    takers = np.argsort(rows.ravel(), kind="stable") // rows.shape[1]
    apart = np.random.default_rng(0).random(len(weight))
    price = np.zeros(len(limit) + 1)
    for spread, settled in SPREADS:
        _sweep(weight + spread * apart, rows, limit, price, first, takers, settled)
    return price[:-1]


def warm_descent() -> None:
    """Compile what only large expos need."""
    _descend(np.ones(1), np.array([[0, 1, 2]]), np.array([1, 1]))


@compiled
def _possible(problem: Problem, book: Book) -> Array:
    """bool (meetings,): some slot is open to the meeting when no other is held."""
    possible = np.zeros(len(problem.meetings), dtype=np.bool_)
    for meeting in range(len(possible)):
        for bits in outlook(problem, book, meeting)[OBSTACLES]:
            possible[meeting] |= bits == 0
    return possible


@compiled
def _sweep(
    weight: Array, rows: Array, limit: Array, price: Array, first: Array, takers: Array, settled: float
) -> None:
    """Set each price in turn to the middle of where it is best, as long as its neighbours move.

    The takers of row r are takers[first[r]] … takers[first[r + 1] − 1].
    """
    profit = np.empty(len(weight))
    stale = np.ones(len(price), dtype=np.bool_)
    for _ in range(SWEEPS):
        moved = 0.0
        for row in range(len(limit)):
            if not stale[row]:
                continue
            mine = takers[first[row] : first[row + 1]]
            best = _middle(profit[: _wanting(weight, rows, price, mine, price[row], profit)], limit[row])
            change = abs(best - price[row])
            price[row] = best
            moved += change
            if change > settled:
                for meeting in mine:
                    for other in rows[meeting]:
                        stale[other] = True
            stale[row] = False
        if moved < settled * 1e-3 * len(limit):
            return


@compiled
def _wanting(weight: Array, rows: Array, price: Array, takers: Array, own: float, profit: Array) -> int:
    """Fill `profit` with the profits of the takers, where positive, if their price `own` were 0; how many."""
    count = 0
    for meeting in takers:
        left = weight[meeting] + own
        for row in rows[meeting]:
            left -= price[row]
        if left > 0.0:
            profit[count] = left
            count += 1
    return count


@compiled
def _middle(profit: Array, limit: int) -> float:
    """Between the limit-th largest profit and the next: there as many are wanted as can be held."""
    if len(profit) <= limit:
        return 0.0
    low, high = 0.0, profit.max()
    while high - low > EXACTLY:
        middle = (low + high) / 2.0
        count, under, over = 0, low, high
        for one in profit:
            if one > middle:
                count += 1
                over = min(over, one)
            else:
                under = max(under, one)
        if count == limit:
            return float((under + over) / 2.0)
        if count > limit:
            low = over
        else:
            high = under
    return float(high)
