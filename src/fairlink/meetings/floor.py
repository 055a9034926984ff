"""The floor: first meetings of an organisation count for more, so that fewer end without one.

The bonus of an organisation is concave in its meetings: whole for the first, two thirds for the second, a third for the
third, nothing for more. What a timetable is worth is the weight of its meetings and the bonuses of all.
"""

from __future__ import annotations

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.meetings.book import IN_ALL, Book
from fairlink.meetings.problem import Problem

FIRST = 3  # meetings that bring a bonus
POINT = 10  # weight of a point of gain


@compiled
def step(bonus: int, held: int) -> int:
    """What one meeting more brings to a party that holds so many."""
    return bonus * (FIRST - held) // FIRST if held < FIRST else 0


@compiled
def brings(problem: Problem, book: Book, meeting: int) -> int:
    """What holding a meeting that is not held adds to the worth."""
    terms = problem.meetings[meeting]
    worth = int(terms.weight)
    if problem.bonus:
        worth += step(problem.bonus, book.held[terms.host, IN_ALL])
        worth += step(problem.bonus, book.held[terms.guest, IN_ALL])
    return worth


@compiled
def takes(problem: Problem, book: Book, meeting: int) -> int:
    """What is lost when a held meeting is not held any more."""
    terms = problem.meetings[meeting]
    worth = int(terms.weight)
    if problem.bonus:
        worth += step(problem.bonus, book.held[terms.host, IN_ALL] - 1)
        worth += step(problem.bonus, book.held[terms.guest, IN_ALL] - 1)
    return worth


def bonuses(bonus: int, held: Array) -> Array:
    """int64 like `held`: the bonus of so many meetings."""
    steps = [0, *(step(bonus, number) for number in range(FIRST))]
    total: Array = np.cumsum(np.array(steps, dtype=np.int64))[np.minimum(held, FIRST)]
    return total


def worth(problem: Problem, book: Book) -> int:
    """Weight of the meetings held, and the bonuses of all parties."""
    weight = problem.meetings["weight"][book.entries["slot"] >= 0].sum()
    return int(weight) + int(bonuses(problem.bonus, book.held[:, IN_ALL]).sum())
