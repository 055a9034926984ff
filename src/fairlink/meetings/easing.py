"""Fewer breaks in a timetable that holds everything: annealing over Kempe chains, for a good first upper bound."""

from __future__ import annotations

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.meetings.book import FREE, PATH, Book
from fairlink.meetings.chains import exchange
from fairlink.meetings.polish import draw
from fairlink.meetings.problem import NOT_FIXED, Problem

HOT, COLD = 0.6, 0.1  # breaks that one step may cost, in the mean
STEPS = 60  # of heat, in one call
TRIES = 300  # for each calendar, at every heat
UNFAIR = 3  # breaks that count for one more than is fair


@compiled
def ease(problem: Problem, book: Book, allowed: Array, limits: Array, fair: Array, chance: Array) -> Array:
    """int64 (meetings,): the slots of the timetable with the fewest breaks that was met on the way.

    `limits` are those of the days, `fair` int64 (calendars,) the breaks that a calendar may have.
    """
    best = book.entries["slot"].copy()
    now, least, unfair = 0, 1 << 30, 0
    for calendar in range(len(book.diary)):
        count = breaks(book.diary[calendar], limits)
        now += count
        unfair += max(count - fair[calendar], 0)
    if unfair == 0:
        least = now
    for step in range(STEPS):
        heat = HOT * (COLD / HOT) ** (step / (STEPS - 1))
        for _ in range(TRIES * len(book.diary)):
            calendar = draw(chance, len(book.diary))
            change, change_unfair = _try(problem, book, allowed, limits, fair, heat, chance, calendar)
            now += change
            unfair += change_unfair
            if unfair == 0 and now < least:
                least = now
                best[:] = book.entries["slot"]
    return best


@compiled
def breaks(diary: Array, limits: Array) -> int:
    """Gaps of any length between the meetings of a day."""
    count = 0
    for day in range(len(limits) - 1):
        met = False
        for slot in range(limits[day], limits[day + 1]):
            if diary[slot] >= 0:
                count += met and diary[slot - 1] < 0
                met = True
    return count


@compiled
def _try(
    problem: Problem,
    book: Book,
    allowed: Array,
    limits: Array,
    fair: Array,
    heat: float,
    chance: Array,
    calendar: int,
) -> tuple[int, int]:
    """Move a meeting of a calendar elsewhere, others giving way; breaks more, and more of them than is fair."""
    diary = book.diary[calendar]
    here, there = draw(chance, len(diary)), draw(chance, len(diary))
    if diary[here] < 0 or diary[there] != FREE:
        return 0, 0
    length = _component(problem, book, allowed, calendar, here, there)
    if length == 0:
        return 0, 0
    more, unfair, at = 0, 0, calendar
    for place in range(length + 1):
        before = breaks(book.diary[at], limits)
        _swap(book.diary[at], here, there)
        after = breaks(book.diary[at], limits)
        _swap(book.diary[at], here, there)
        more += after - before
        unfair += max(after - fair[at], 0) - max(before - fair[at], 0)
        if place < length:
            entry = book.entries[book.path[place]]
            at = entry.host + entry.guest - at
    change = more + UNFAIR * unfair
    if change > 0 and draw(chance, 1 << 30) > np.exp(-change / heat) * (1 << 30):
        return 0, 0
    return (more, unfair) if exchange(problem, book, 0, length, here, there) else (0, 0)


@compiled
def _swap(diary: Array, here: int, there: int) -> None:
    diary[here], diary[there] = diary[there], diary[here]


@compiled
def _component(problem: Problem, book: Book, allowed: Array, start: int, here: int, there: int) -> int:
    """Put on the path the meetings that change slots when `start`, free `there`, moves its meeting there."""
    calendar, slot, length = start, here, 0
    while book.diary[calendar, slot] >= 0:
        meeting = book.diary[calendar, slot]
        slot = here + there - slot
        if length == PATH or problem.meetings[meeting].fixed != NOT_FIXED or not allowed[meeting, slot]:
            return 0
        book.path[length] = meeting
        length += 1
        calendar = book.entries[meeting].host + book.entries[meeting].guest - calendar
    return length if book.diary[calendar, slot] == FREE else 0
