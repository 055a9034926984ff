"""What organisers do without an engine: take meetings one by one and give each the first slot that is free."""

from __future__ import annotations

import numpy as np

from fairlink.expo import Array
from fairlink.meetings.problem import Problem


def first_come(problem: Problem) -> Array:
    """Meetings as requests arrive, in an order by lot; slots of the meetings, −1 where not held."""
    return _first_slots(problem, np.random.default_rng(0).permutation(len(problem.meetings)))


def greedy_by_value(problem: Problem) -> Array:
    """The most valuable meetings first."""
    return _first_slots(problem, np.argsort(-problem.meetings["weight"], kind="stable"))


def mutual_first(problem: Problem, mutual: Array) -> Array:
    """Meetings that both sides asked for before those of one side; within each, the most valuable first."""
    return _first_slots(problem, np.lexsort((-problem.meetings["weight"], ~mutual)))


def _first_slots(problem: Problem, order: Array) -> Array:
    free, left = problem.available.copy(), problem.parties["cap"].copy()
    tables = problem.capacity.copy()
    slots = np.full(len(order), -1)
    for meeting in order:
        _, host, guest, _, _, pool, *_ = problem.meetings[meeting].item()
        if not (left[host] and left[guest]):
            continue
        both = free[host] & free[guest]
        if pool >= 0:
            both &= tables[pool] > 0
        slot = int(both.argmax())
        if not both[slot]:
            continue
        slots[meeting] = slot
        free[[host, guest], slot] = False
        left[[host, guest]] -= 1
        if pool >= 0:
            tables[pool, slot] -= 1
    return slots
