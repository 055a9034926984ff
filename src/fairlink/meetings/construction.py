"""The first timetable: meetings in order of reduced profit, each in the free slot where it wastes least time.

Where the parties have no free slot in common, a Kempe chain makes one (`chains`).
"""

from __future__ import annotations

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.meetings.book import ANY, IN_ALL, NOT_HELD, Book, enter
from fairlink.meetings.chains import hold_by_chain
from fairlink.meetings.problem import NOT_FIXED, Problem
from fairlink.meetings.rules import DELEGATE, IDLE, OBSTACLES, outlook

NONE = -1  # instead of a meeting


def in_order_of_profit(profit: Array, seed: int) -> Array:
    """int64 (meetings,): the most profitable first; the seed draws lots among equals."""
    lots = np.random.default_rng(seed).permutation(len(profit))
    return np.lexsort((lots, -np.round(profit, 6)))


@compiled
def hold_fixed(problem: Problem, book: Book) -> int:
    """Hold every fixed meeting in its slot; the first that collides, none where they all can be held."""
    for meeting in range(len(problem.meetings)):
        slot = problem.meetings[meeting].fixed
        if slot == NOT_FIXED:
            continue
        seen = look(problem, book, meeting)
        if seen[OBSTACLES, slot]:
            return meeting
        enter(problem, book, meeting, slot, seen[DELEGATE, slot], seen[DELEGATE + 1, slot])
    return NONE


@compiled
def hold_all(problem: Problem, book: Book, meetings: Array) -> int:
    """Hold what can be held of `meetings`, in their order; how many were."""
    count = 0
    for meeting in meetings:
        if book.entries[meeting].slot == NOT_HELD:
            count += hold(problem, book, meeting)
    return count


@compiled
def hold(problem: Problem, book: Book, meeting: int) -> bool:
    """Hold a meeting if no other has to give way for it; others may change their slots."""
    terms = problem.meetings[meeting]
    if terms.barred:
        return False
    for party in (terms.host, terms.guest):
        if book.held[party, IN_ALL] >= problem.parties[party].cap:
            return False
    if hold_in_free_slot(problem, book, meeting, NOT_HELD):
        return True
    return hold_by_chain(problem, book, meeting, len(book.path)) > 0


@compiled
def hold_in_free_slot(problem: Problem, book: Book, meeting: int, but: int) -> bool:
    """Hold a meeting where all is free, `but` in one slot: least idle time added, then least else held."""
    seen = look(problem, book, meeting)
    best, least, quiet = but, 1 << 30, 0
    for slot in range(len(problem.slots)):
        if seen[OBSTACLES, slot] != 0 or slot == but:
            continue
        idle, load = seen[IDLE, slot], book.load[slot]
        if problem.longest_run:
            idle = _beside(problem, book, seen[DELEGATE, slot], slot)
            idle += _beside(problem, book, seen[DELEGATE + 1, slot], slot)
        if idle < least or (idle == least and load < quiet):
            best, least, quiet = slot, idle, load
    if best == but:
        return False
    enter(problem, book, meeting, best, seen[DELEGATE, best], seen[DELEGATE + 1, best])
    return True


@compiled
def _beside(problem: Problem, book: Book, calendar: int, slot: int) -> int:
    """Meetings directly before and after a slot: where runs are limited, they leave least room to others."""
    count, diary = 0, book.diary[calendar]
    if slot > 0 and problem.slots[slot].follows:
        count += diary[slot - 1] >= 0
    if slot + 1 < len(diary) and problem.slots[slot + 1].follows:
        count += diary[slot + 1] >= 0
    return count


@compiled
def look(problem: Problem, book: Book, meeting: int) -> Array:
    """The outlook of a meeting when any delegate may attend."""
    book.entries[meeting].host = book.entries[meeting].guest = ANY
    return outlook(problem, book, meeting)
