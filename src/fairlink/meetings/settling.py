"""The hot loops of repair: meetings that lost their time find another, and who stands by takes what is left."""

from __future__ import annotations

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.meetings.book import FREE, IN_ALL, NOT_HELD, Book, enter, strike
from fairlink.meetings.chains import hold_by_chain
from fairlink.meetings.construction import hold_in_free_slot, look
from fairlink.meetings.problem import Problem
from fairlink.meetings.rules import DELEGATE, OBSTACLES

UNKNOWN = -1  # instead of bits
WORD = 60  # slots that have each a bit of one word


@compiled
def settle(
    problem: Problem,
    book: Book,
    meetings: Array,
    before: Array,
    but: Array,
    moves: int,
    log: Array,
    done: int,
) -> int:
    """Hold what can be held of `meetings`, in their order; how many rows of `log` are then written.

    A meeting keeps the slot it had `before` if that is still open to it; it never goes to the slot of `but`.
    Otherwise it goes to a free slot, or to where a chain of at most `moves` others makes room. A row of the log
    is a meeting and the slot it had, int64 (rows, 2).
    """
    for place in range(len(meetings)):
        meeting = meetings[place]
        if book.entries[meeting].slot != NOT_HELD or hopeless(problem, book, meeting):
            continue
        if done + len(book.path) > len(log):
            break
        if _keep(problem, book, meeting, before[place]) or hold_in_free_slot(
            problem, book, meeting, but[meeting]
        ):
            log[done, 0], log[done, 1] = meeting, NOT_HELD
            done += 1
            continue
        if but[meeting] == NOT_HELD:
            done = _settle_by_chain(problem, book, meeting, moves, log, done)
    return done


@compiled
def hopeless(problem: Problem, book: Book, meeting: int) -> bool:
    """Whether no slot is open to a meeting, for a reason that is quick to see."""
    terms = problem.meetings[meeting]
    host_full = book.held[terms.host, IN_ALL] >= problem.parties[terms.host].cap
    return bool(
        terms.barred or host_full or book.held[terms.guest, IN_ALL] >= problem.parties[terms.guest].cap
    )


@compiled
def standing_by(
    problem: Problem, book: Book, parties: Array, first: Array, ranks: Array, order: Array
) -> Array:
    """int64: the meetings of `parties` that are not held and might be, the best first, each once.

    The meetings of a party are order[ranks[first[party]:first[party + 1]]].
    """
    count = 0
    for party in parties:
        count += first[party + 1] - first[party]
    found, count = np.empty(count, dtype=np.int64), 0
    for party in parties:
        if book.held[party, IN_ALL] >= problem.parties[party].cap:
            continue
        for place in range(first[party], first[party + 1]):
            meeting = order[ranks[place]]
            if book.entries[meeting].slot != NOT_HELD:
                continue
            other = problem.meetings[meeting].host + problem.meetings[meeting].guest - party
            if book.held[other, IN_ALL] < problem.parties[other].cap:
                found[count] = ranks[place]
                count += 1
    return order[np.unique(found[:count])]


@compiled
def release(problem: Problem, book: Book, meetings: Array, scarce: Array) -> None:
    """Take meetings out of the book; mark in `scarce`, bool (pools, slots), where a pool was full until then."""
    for meeting in meetings:
        slot, pool = book.entries[meeting].slot, problem.meetings[meeting].pool
        if pool >= 0 and book.used[pool, slot] >= problem.capacity[pool, slot]:
            scarce[pool, slot] = True
        strike(problem, book, meeting)


@compiled
def take_places(  # noqa: PLR0913, PLR0917  compiled
    problem: Problem,
    book: Book,
    pool: int,
    slots: Array,
    order: Array,
    ends: Array,
    waits: Array,
    but: Array,
    log: Array,
    done: int,
) -> int:
    """Hold meetings of `order` in the places that slots have left; how many rows of the log are then written.

    Nearly all are passed over, and what tells it stands side by side: `ends`, int64 (order, 2), their hosts and
    guests, and `waits`, bool (order,), whether they are not held. There are at most WORD slots: each is a bit.
    """
    free = _unknown_but_full(problem, book)
    left = _bits_left(problem, book, pool, slots)
    for place in range(len(order)):
        if not waits[place]:
            continue
        host, guest = ends[place, 0], ends[place, 1]
        # A call hands over all tables: that is dear here, so that what is known is not asked.
        if free[host] == UNKNOWN:
            free[host] = _bits_free(problem, book, host, slots)
        if not left & free[host]:
            continue
        if free[guest] == UNKNOWN:
            free[guest] = _bits_free(problem, book, guest, slots)
        if not left & free[host] & free[guest]:
            continue
        meeting = order[place]
        if problem.meetings[meeting].barred or not hold_in_free_slot(problem, book, meeting, but[meeting]):
            continue
        log[done, 0], log[done, 1] = meeting, NOT_HELD
        done, waits[place] = done + 1, False
        free[host] = free[guest] = UNKNOWN
        left = _bits_left(problem, book, pool, slots)
        if not left or done == len(log):
            break
    return done


@compiled
def _unknown_but_full(problem: Problem, book: Book) -> Array:
    """int64 (parties,): no bits where a party has reached its cap."""
    free = np.full(len(problem.parties), UNKNOWN, dtype=np.int64)
    for party in range(len(free)):
        if book.held[party, IN_ALL] >= problem.parties[party].cap:
            free[party] = 0
    return free


@compiled
def _bits_left(problem: Problem, book: Book, pool: int, slots: Array) -> int:
    """A bit for each of the slots in which a pool has a place."""
    bits = 0
    for number in range(len(slots)):
        if book.used[pool, slots[number]] < problem.capacity[pool, slots[number]]:
            bits |= 1 << number
    return bits


@compiled
def _bits_free(problem: Problem, book: Book, party: int, slots: Array) -> int:
    """A bit for each of the slots in which a party could meet once more."""
    bits = 0
    if book.held[party, IN_ALL] < problem.parties[party].cap:
        for calendar in range(problem.parties[party].first, problem.parties[party].last):
            for number in range(len(slots)):
                if book.diary[calendar, slots[number]] == FREE:
                    bits |= 1 << number
    return bits


@compiled
def _keep(problem: Problem, book: Book, meeting: int, slot: int) -> bool:
    """Hold a meeting in the slot it had, with whichever delegates are free; False where that cannot be."""
    if slot == NOT_HELD:
        return False
    seen = look(problem, book, meeting)
    if seen[OBSTACLES, slot]:
        return False
    enter(problem, book, meeting, slot, seen[DELEGATE, slot], seen[DELEGATE + 1, slot])
    return True


@compiled
def _settle_by_chain(problem: Problem, book: Book, meeting: int, moves: int, log: Array, done: int) -> int:
    """Hold a meeting by the shortest chain of at most `moves` others, and write all of it into the log."""
    for limit in range(2, min(moves + 2, len(book.path))):
        length = hold_by_chain(problem, book, meeting, limit)
        if length == 0:
            continue
        log[done, 0], log[done, 1] = meeting, NOT_HELD
        for place in range(1, length):
            # The first of the others leaves the slot that the meeting takes, the next the one it goes to, and so on.
            beside = book.path[place - 1]
            log[done + place, 0], log[done + place, 1] = book.path[place], book.entries[beside].slot
        return done + length
    return done
