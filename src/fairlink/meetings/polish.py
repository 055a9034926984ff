"""Shorter waits in a timetable that stands: parts of Kempe chains change slots, and no meeting is lost.

Annealing over Kempe components (Thompson and Dowsland 1996). The chain is followed and weighed in the diaries;
only what is wanted is done, and only if the rules agree. Waits are slots between meetings of a day in which a
delegate is free; a slot in which the diary is closed is none.
"""

from __future__ import annotations

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.meetings.book import FREE, Book
from fairlink.meetings.chains import exchange
from fairlink.meetings.problem import NOT_FIXED, Problem

LONGEST = 60  # meetings of a component; longer ones rarely bring anything
TRIES = 4  # for each day with waits, in a round
TOO_MUCH = 1 << 20  # a wait above all waits


def day_limits(problem: Problem) -> Array:
    """int64 (days + 1,): the slots of day d are limits[d] … limits[d + 1] − 1."""
    days = int(problem.slots["day"].max(initial=-1)) + 1
    limits: Array = np.searchsorted(problem.slots["day"], np.arange(days + 1)).astype(np.int64)
    return limits


@compiled
def waits(diary: Array, first: int, last: int) -> int:
    """Free slots between the meetings in diary[first:last]."""
    count, since, met = 0, 0, False
    for slot in range(first, last):
        if diary[slot] >= 0:
            count += since
            since, met = 0, True
        elif met and diary[slot] == FREE:
            since += 1
    return count


@compiled
def all_waits(problem: Problem, book: Book, limits: Array) -> int:
    """Idle slots of all delegates and days; interpreters may wait."""
    count = 0
    for calendar in range(len(book.diary) - problem.speaks.shape[1]):
        for day in range(len(limits) - 1):
            count += waits(book.diary[calendar], limits[day], limits[day + 1])
    return count


@compiled
def shorten_waits(
    problem: Problem, book: Book, limits: Array, calendars: Array, heat: float, chance: Array
) -> int:
    """One round over some calendars; idle slots saved. At `heat` 0 no step makes any wait longer."""
    saved = 0
    for calendar in calendars:
        for day in range(len(limits) - 1):
            if waits(book.diary[calendar], limits[day], limits[day + 1]) == 0:
                continue
            for _ in range(TRIES):
                saved += _try(problem, book, limits, calendar, day, heat, chance)
    return saved


def lots(seed: int) -> Array:
    """uint64 (1,): the state of `draw`, which is the same on every machine and thread."""
    return np.random.default_rng(seed).integers(1, 1 << 63, size=1, dtype=np.uint64)


@compiled
def draw(chance: Array, limit: int) -> int:
    """A number below the limit; xorshift64 (Marsaglia 2003), whose state is chance[0] and never 0."""
    state = chance[0]
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    state ^= state << np.uint64(17)
    chance[0] = state
    return int(np.int64(state >> np.uint64(11)) % limit)


@compiled
def _try(
    problem: Problem, book: Book, limits: Array, calendar: int, day: int, heat: float, chance: Array
) -> int:
    """Move an outer meeting of some day into this day's wait, or one of this day's away; idle slots saved."""
    diary = book.diary[calendar]
    other = draw(chance, len(limits) - 1)
    if draw(chance, 2):
        source, target = day, day if draw(chance, 2) else other
    else:
        source, target = other, day
    here = _outer(diary, limits[source], limits[source + 1], chance)
    there = _beside(diary, limits[target], limits[target + 1], chance)
    if here < 0 or there < 0:
        return 0
    length = _component(problem, book, calendar, here, there)
    if length == 0:
        return 0
    change = _change(problem, book, limits, calendar, length, here, there)
    if change > 0 and (heat == 0.0 or draw(chance, 1 << 30) > np.exp(-change / heat) * (1 << 30)):
        return 0
    if change >= TOO_MUCH // 2 or not exchange(problem, book, 0, length, here, there):
        return 0
    return -change


@compiled
def _outer(diary: Array, first: int, last: int, chance: Array) -> int:
    """The first or the last meeting of a day, by lot; −1 without one."""
    if draw(chance, 2):
        for slot in range(first, last):
            if diary[slot] >= 0:
                return slot
    else:
        for slot in range(last - 1, first - 1, -1):
            if diary[slot] >= 0:
                return slot
    return -1


@compiled
def _beside(diary: Array, first: int, last: int, chance: Array) -> int:
    """A free slot of a day, by lot; −1 without one."""
    at = first + draw(chance, last - first)
    for step in range(last - first):
        slot = at + step
        if slot >= last:
            slot -= last - first
        if diary[slot] == FREE:
            return slot
    return -1


@compiled
def _component(problem: Problem, book: Book, start: int, here: int, there: int) -> int:
    """Put on the path the meetings that change slots when `start`, free `there`, moves its meeting there."""
    calendar, slot, length = start, here, 0
    diary = book.diary
    while diary[calendar, slot] >= 0:
        meeting = diary[calendar, slot]
        slot = here + there - slot
        terms = problem.meetings[meeting]
        if length == LONGEST or terms.fixed != NOT_FIXED or not problem.open[terms.venue, slot]:
            return 0
        book.path[length] = meeting
        length += 1
        calendar = book.entries[meeting].host + book.entries[meeting].guest - calendar
    return length if diary[calendar, slot] == FREE else 0


@compiled
def _change(
    problem: Problem, book: Book, limits: Array, start: int, length: int, here: int, there: int
) -> int:
    """Idle slots more when the path changes slots; TOO_MUCH where places or runs do not allow it."""
    for pool in range(len(problem.capacity)):
        net = 0
        for place in range(length):
            if problem.meetings[book.path[place]].pool == pool:
                net += -1 if place % 2 else 1
        if net > 0 and book.used[pool, there] + net > problem.capacity[pool, there]:
            return TOO_MUCH
        if net < 0 and book.used[pool, here] - net > problem.capacity[pool, here]:
            return TOO_MUCH
    change, calendar = 0, start
    for place in range(length + 1):
        change += _of_calendar(problem, book.diary[calendar], limits, here, there)
        if change >= TOO_MUCH // 2:
            return TOO_MUCH
        if place < length:
            entry = book.entries[book.path[place]]
            calendar = entry.host + entry.guest - calendar
    return change


@compiled
def _of_calendar(problem: Problem, diary: Array, limits: Array, here: int, there: int) -> int:
    """Idle slots more when two slots of a diary are exchanged."""
    one, other = problem.slots[here].day, problem.slots[there].day
    change = -waits(diary, limits[one], limits[one + 1])
    if one != other:
        change -= waits(diary, limits[other], limits[other + 1])
    diary[here], diary[there] = diary[there], diary[here]
    change += waits(diary, limits[one], limits[one + 1])
    if one != other:
        change += waits(diary, limits[other], limits[other + 1])
    if problem.longest_run and not (_runs_fit(problem, diary, here) and _runs_fit(problem, diary, there)):
        change = TOO_MUCH
    diary[here], diary[there] = diary[there], diary[here]
    return change


@compiled
def _runs_fit(problem: Problem, diary: Array, slot: int) -> bool:
    """The meetings around a slot, if one stands there, are no longer run than allowed."""
    if diary[slot] < 0:
        return True
    first, last = slot, slot
    while first > 0 and problem.slots[first].follows and diary[first - 1] >= 0:
        first -= 1
    while last + 1 < len(diary) and problem.slots[last + 1].follows and diary[last + 1] >= 0:
        last += 1
    return bool(last - first < problem.longest_run)
