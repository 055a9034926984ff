"""A better timetable from one that stands: tables and interpreters made free, meetings moved together."""

from __future__ import annotations

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.meetings.book import FREE, NOT_HELD, Book, enter, strike
from fairlink.meetings.construction import hold_in_free_slot, look
from fairlink.meetings.interpreting import NOT_REACHED, reach
from fairlink.meetings.problem import NOT_FIXED, Problem
from fairlink.meetings.rules import DELEGATE, NO_INTERPRETER, NO_TABLE, OBSTACLES


@compiled
def free_tables(problem: Problem, book: Book, meetings: Array) -> int:
    """Hold meetings that lack nothing but a place, moving another to a slot that has one; how many were."""
    count = 0
    for meeting in meetings:
        pool = problem.meetings[meeting].pool
        if book.entries[meeting].slot != NOT_HELD or pool < 0:
            continue
        if (book.used[pool] < problem.capacity[pool]).any():
            count += _free_table(problem, book, meeting, pool)
    return count


@compiled
def _free_table(problem: Problem, book: Book, meeting: int, pool: int) -> bool:
    seen = look(problem, book, meeting)
    for slot in range(len(problem.slots)):
        if seen[OBSTACLES, slot] != NO_TABLE:
            continue
        host, guest = seen[DELEGATE, slot], seen[DELEGATE + 1, slot]
        for place in range(book.used[pool, slot]):
            other = book.seated[pool, slot, place]
            if not _fits_elsewhere(problem, book, pool, other):
                continue
            if _leaves(problem, book, other, slot):
                enter(problem, book, meeting, slot, host, guest)
                return True
            seen = look(problem, book, meeting)
    return False


@compiled
def free_interpreters(problem: Problem, book: Book, meetings: Array) -> int:
    """Hold meetings that lack nothing but an interpreter, moving another that has one elsewhere; how many were."""
    count = 0
    for meeting in meetings:
        if book.entries[meeting].slot == NOT_HELD and problem.meetings[meeting].need >= 0:
            count += _free_interpreter(problem, book, meeting)
    return count


@compiled
def _free_interpreter(problem: Problem, book: Book, meeting: int) -> bool:
    seen = look(problem, book, meeting)
    came = np.empty(problem.speaks.shape[1], dtype=np.int64)
    first = len(book.diary) - len(came)
    for slot in range(len(problem.slots)):
        if seen[OBSTACLES, slot] != NO_INTERPRETER:
            continue
        came[:] = NOT_REACHED
        reach(problem, book.diary, meeting, slot, came)
        for number in range(len(came)):
            other = book.diary[first + number, slot]
            if came[number] == NOT_REACHED or other < 0:
                continue
            _leaves(problem, book, other, slot)
            seen = look(problem, book, meeting)
            if seen[OBSTACLES, slot] == 0:
                enter(problem, book, meeting, slot, seen[DELEGATE, slot], seen[DELEGATE + 1, slot])
                return True
    return False


@compiled
def _fits_elsewhere(problem: Problem, book: Book, pool: int, meeting: int) -> bool:
    """In some slot with a place left, both calendars are free; quick to tell of hundreds."""
    host, guest = book.diary[book.entries[meeting].host], book.diary[book.entries[meeting].guest]
    for slot in range(len(host)):
        if book.used[pool, slot] < problem.capacity[pool, slot] and host[slot] == FREE == guest[slot]:
            return True
    return False


@compiled
def _leaves(problem: Problem, book: Book, meeting: int, slot: int) -> bool:
    """Move a meeting from its slot to another where all is free; False, and nothing changed, without one."""
    if problem.meetings[meeting].fixed != NOT_FIXED:
        return False
    host, guest = book.entries[meeting].host, book.entries[meeting].guest
    strike(problem, book, meeting)
    if hold_in_free_slot(problem, book, meeting, slot):
        return True
    enter(problem, book, meeting, slot, host, guest)
    return False


@compiled
def draw_together(problem: Problem, book: Book, meetings: Array) -> int:
    """Move meetings, one by one, to where their parties wait least; how many moved."""
    count = 0
    for meeting in meetings:
        slot = book.entries[meeting].slot
        if slot == NOT_HELD or problem.meetings[meeting].fixed != NOT_FIXED:
            continue
        strike(problem, book, meeting)
        hold_in_free_slot(problem, book, meeting, NOT_HELD)
        count += book.entries[meeting].slot != slot
    return count
