"""The hot loops of repair: meetings that lost their time find another, and who stands by takes what is left."""

from __future__ import annotations

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.meetings.book import FREE, IN_ALL, NOT_HELD, Book, enter
from fairlink.meetings.chains import hold_by_chain
from fairlink.meetings.construction import hold_in_free_slot, look
from fairlink.meetings.problem import Problem
from fairlink.meetings.rules import DELEGATE, OBSTACLES


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
def both_free(problem: Problem, book: Book, meeting: int, slots: Array) -> bool:
    """Whether host and guest have each a free calendar in one of the slots."""
    terms = problem.meetings[meeting]
    for slot in slots:  # noqa: SIM110  compiled
        if _free(problem, book, terms.host, slot) and _free(problem, book, terms.guest, slot):
            return True
    return False


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
        for place in range(first[party], first[party + 1]):
            meeting = order[ranks[place]]
            if book.entries[meeting].slot == NOT_HELD and not hopeless(problem, book, meeting):
                found[count] = ranks[place]
                count += 1
    return order[np.unique(found[:count])]


@compiled
def lacking_a_place(problem: Problem, book: Book, pool: int, slots: Array, order: Array) -> Array:
    """int64: the meetings of a pool that are not held and whose parties are free in one of the slots, best first."""
    found, count = np.empty(len(order), dtype=np.int64), 0
    for meeting in order:
        if problem.meetings[meeting].pool != pool or book.entries[meeting].slot != NOT_HELD:
            continue
        if not hopeless(problem, book, meeting) and both_free(problem, book, meeting, slots):
            found[count] = meeting
            count += 1
    return found[:count].copy()


@compiled
def _free(problem: Problem, book: Book, party: int, slot: int) -> bool:
    for calendar in range(problem.parties[party].first, problem.parties[party].last):
        if book.diary[calendar, slot] == FREE:
            return True
    return False


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
