"""Which meetings would have to give way for another, and holding it where that is a gain."""

from __future__ import annotations

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.meetings.book import IN_ALL, NOT_HELD, Book, enter, strike
from fairlink.meetings.construction import hold, look
from fairlink.meetings.floor import brings, takes
from fairlink.meetings.interpreting import NOT_REACHED, reach
from fairlink.meetings.problem import NOT_FIXED, Problem
from fairlink.meetings.rules import (
    AWAY,
    BUSY,
    CAP,
    CHOSEN,
    DAILY_CAP,
    DELEGATE,
    NO_INTERPRETER,
    NO_TABLE,
    OBSTACLES,
    PLACE_CLOSED,
    RUN,
    TO_GUEST,
)

NOTHING, HOPELESS = -1, -2  # instead of a meeting that gives way
NEVER = 1 << 40  # weight above all weights


@compiled
def displace(problem: Problem, book: Book, meetings: Array) -> int:
    """Hold meetings in place of lighter ones, which then look for another slot; how many were."""
    count = 0
    for meeting in meetings:
        terms = problem.meetings[meeting]
        if book.entries[meeting].slot != NOT_HELD or terms.barred:
            continue
        worth = brings(problem, book, meeting)
        if problem.bonus == 0 and _least_loss(problem, book, meeting) >= worth:
            continue
        found = cheapest_displacement(problem, book, meeting)
        slot, loss, giving = found[0], found[1], found[2:]
        if loss >= worth or (problem.bonus and not _gains(problem, book, meeting, giving)):
            continue
        for other in giving:
            if other >= 0:
                strike(problem, book, other)
        seen = look(problem, book, meeting)
        enter(problem, book, meeting, slot, seen[DELEGATE, slot], seen[DELEGATE + 1, slot])
        for other in giving:
            if other >= 0:
                hold(problem, book, other)
        count += 1
    return count


@compiled
def cheapest_displacement(
    problem: Problem, book: Book, meeting: int
) -> tuple[int, int, int, int, int, int, int]:
    """The slot where a meeting costs least, the weight lost there, and the meetings that give way.

    They belong to the host, to the guest, to the place, to the interpreter and to a group of wishes; where there
    is none, the answer says NOTHING. If no slot helps, the weight is NEVER.
    """
    seen = look(problem, book, meeting)
    best = (NOT_HELD, NEVER, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)
    for slot in range(len(problem.slots)):
        bits = seen[OBSTACLES, slot]
        if bits & PLACE_CLOSED:
            continue
        terms = problem.meetings[meeting]
        host = _of_party(problem, book, terms.host, slot, bits)
        guest = _of_party(problem, book, terms.guest, slot, bits >> TO_GUEST)
        loss = _weight(problem, host) + _weight(problem, guest)
        if loss >= best[1]:
            continue
        place = _of_place(problem, book, meeting, slot, host, guest) if bits & NO_TABLE else NOTHING
        loss += _weight(problem, place)
        if loss >= best[1]:
            continue
        speaks = NOTHING
        if bits & NO_INTERPRETER:
            speaks = _of_interpreter(problem, book, meeting, slot, host, guest, place)
        loss += _weight(problem, speaks)
        if loss >= best[1]:
            continue
        group = NOTHING
        if bits & CHOSEN:
            group = _of_groups(problem, book, meeting, (host, guest, place, speaks))
        loss += _weight(problem, group)
        if loss < best[1]:
            best = (slot, loss, host, guest, place, speaks, group)
    return best


@compiled
def _least_loss(problem: Problem, book: Book, meeting: int) -> int:
    """Weight that is lost in whatever slot, because parties have reached their caps; quick to tell."""
    loss = 0
    for party in (problem.meetings[meeting].host, problem.meetings[meeting].guest):
        if book.held[party, IN_ALL] >= problem.parties[party].cap:
            loss += _weight(problem, _of_party(problem, book, party, 0, CAP))
    return loss


@compiled
def _weight(problem: Problem, meeting: int) -> int:
    if meeting < 0:
        return NEVER if meeting == HOPELESS else 0
    return int(problem.meetings[meeting].weight)


@compiled
def _gains(problem: Problem, book: Book, meeting: int, giving: tuple[int, int, int, int, int]) -> bool:
    """Whether the worth is more when a meeting is held in place of others, with the bonuses of all concerned."""
    worth = 0
    for other in giving:
        if other >= 0:
            worth -= takes(problem, book, other)
            _count(problem, book, other, -1)
    worth += brings(problem, book, meeting)
    for other in giving:
        if other >= 0:
            _count(problem, book, other, 1)
    return worth > 0


@compiled
def _count(problem: Problem, book: Book, meeting: int, change: int) -> None:
    """Count a meeting less, or more, for a moment."""
    for party in (problem.meetings[meeting].host, problem.meetings[meeting].guest):
        book.held[party, IN_ALL] += change


@compiled
def _of_party(problem: Problem, book: Book, party: int, slot: int, bits: int) -> int:
    """The lightest meeting of a party without which none of its `bits` would stand in the way."""
    if bits & (AWAY | RUN):
        return HOPELESS
    if not bits & (BUSY | CAP | DAILY_CAP):
        return NOTHING
    first, last = (slot, slot + 1) if bits & BUSY else (0, len(problem.slots))
    lightest = HOPELESS
    for calendar in range(problem.parties[party].first, problem.parties[party].last):
        for other in range(first, last):
            if bits & DAILY_CAP and problem.slots[other].day != problem.slots[slot].day:
                continue
            lightest = _lighter(problem, lightest, book.diary[calendar, other])
    return lightest


@compiled
def _of_place(problem: Problem, book: Book, meeting: int, slot: int, host: int, guest: int) -> int:
    """The lightest meeting in the pool, unless one that gives way anyhow leaves its place."""
    pool, venue = problem.meetings[meeting].pool, problem.meetings[meeting].venue
    for giving in (host, guest):
        if giving < 0 or book.entries[giving].slot != slot:
            continue
        if problem.meetings[giving].pool == pool and problem.meetings[giving].venue == venue:
            return NOTHING
    lightest = HOPELESS
    if pool < 0:
        return lightest
    for place in range(book.used[pool, slot]):
        lightest = _lighter(problem, lightest, book.seated[pool, slot, place])
    return lightest


@compiled
def _of_interpreter(
    problem: Problem, book: Book, meeting: int, slot: int, host: int, guest: int, place: int
) -> int:
    """The lightest meeting that lets go of an interpreter who helps, unless one that gives way anyhow does."""
    came = np.full(problem.speaks.shape[1], NOT_REACHED, dtype=np.int64)
    reach(problem, book.diary, meeting, slot, came)
    first, lightest = len(book.diary) - len(came), HOPELESS
    for number in range(len(came)):
        other = book.diary[first + number, slot]
        if came[number] == NOT_REACHED or other < 0:
            continue
        if other in (host, guest, place):
            return NOTHING
        lightest = _lighter(problem, lightest, other)
    return lightest


@compiled
def _of_groups(problem: Problem, book: Book, meeting: int, giving: tuple[int, int, int, int]) -> int:
    """The lightest meeting of a group that is full, unless one that gives way anyhow is of it; HOPELESS of two."""
    found, terms = NOTHING, problem.meetings[meeting]
    for party, group in ((terms.host, terms.host_group), (terms.guest, terms.guest_group)):
        if group < 0 or book.chosen[group] < problem.choose[group]:
            continue
        free = False
        for other in giving:
            free |= other >= 0 and _is_of(problem, other, group)
        if free:
            continue
        if found != NOTHING:
            return HOPELESS
        found = HOPELESS
        for calendar in range(problem.parties[party].first, problem.parties[party].last):
            for other in book.diary[calendar]:
                if other >= 0 and _is_of(problem, other, group):
                    found = _lighter(problem, found, other)
    return found


@compiled
def _is_of(problem: Problem, meeting: int, group: int) -> bool:
    return group in (problem.meetings[meeting].host_group, problem.meetings[meeting].guest_group)


@compiled
def _lighter(problem: Problem, one: int, other: int) -> int:
    """The lighter of two meetings, and of equals the first in order, whatever order they are found in.

    What is no meeting, or a fixed one, is never the answer in place of `one`.
    """
    if other < 0 or problem.meetings[other].fixed != NOT_FIXED:
        return one
    if one < 0:
        return other
    difference = problem.meetings[other].weight - problem.meetings[one].weight
    return other if difference < 0 or (difference == 0 and other < one) else one
