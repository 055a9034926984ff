"""Kempe chains: exchange two slots along a path of meetings so that a meeting finds both parties free.

Kempe (1879); for timetables, Thompson and Dowsland (1996). The vertices are calendars, the colours slots.
"""

from __future__ import annotations

from fairlink.compiled import compiled
from fairlink.meetings.book import FREE, Book, enter, strike
from fairlink.meetings.interpreting import interpreter_free
from fairlink.meetings.problem import NOT_FIXED, Problem
from fairlink.meetings.rules import OBSTACLES, outlook

TRIES = 200  # chains followed for one meeting
SHORTEST = 2  # meetings of a chain: the new one, and one that moves


@compiled
def hold_by_chain(problem: Problem, book: Book, meeting: int, limit: int) -> int:
    """Hold a meeting by a chain from one of its parties; 0, and nothing changed, where none exists.

    Otherwise the length of the path: the meeting, and fewer than `limit` others that changed slots.
    """
    terms, entry = problem.meetings[meeting], book.entries[meeting]
    for host in range(problem.parties[terms.host].first, problem.parties[terms.host].last):
        for guest in range(problem.parties[terms.guest].first, problem.parties[terms.guest].last):
            entry.host, entry.guest = host, guest
            for stays, moves in ((host, guest), (guest, host)):
                length = _hold(problem, book, meeting, stays, moves, limit)
                if length:
                    return length
    return 0


@compiled
def _hold(problem: Problem, book: Book, meeting: int, stays: int, moves: int, limit: int) -> int:
    """Hold a meeting in a slot that `stays` has free, by a chain that makes `moves` free there."""
    terms, slots = problem.meetings[meeting], len(problem.slots)
    opened = problem.open[terms.venue]
    book.path[0] = meeting
    tries = 0
    for here in range(slots):
        if not opened[here] or book.diary[stays, here] != FREE or book.diary[moves, here] < 0:
            continue
        if terms.need >= 0 and not interpreter_free(problem, book.diary, meeting, here):
            continue
        entry = book.entries[book.diary[moves, here]]
        beside = entry.host + entry.guest - moves
        for there in range(slots):
            if book.diary[moves, there] != FREE:
                continue
            if limit == SHORTEST and book.diary[beside, there] != FREE:
                continue
            length = _trace(problem, book, moves, here, there, stays, limit)
            if length == 0:
                continue
            if exchange(problem, book, 1, length, here, there):
                return length
            tries += 1
            if tries == TRIES:
                return 0
    return 0


@compiled
def _trace(problem: Problem, book: Book, start: int, here: int, there: int, end: int, limit: int) -> int:
    """Add to the path the meetings that must change slots for `start` to be free `here`; 0 if they cannot."""
    calendar, slot, length = start, here, 1
    while book.diary[calendar, slot] >= 0:
        meeting = book.diary[calendar, slot]
        slot = here + there - slot
        calendar = book.entries[meeting].host + book.entries[meeting].guest - calendar
        closed = not problem.open[problem.meetings[meeting].venue, slot]
        stays = problem.meetings[meeting].fixed != NOT_FIXED
        if closed or stays or calendar == end or length >= limit:
            return 0
        book.path[length] = meeting
        length += 1
    return length if book.diary[calendar, slot] == FREE else 0


@compiled
def exchange(problem: Problem, book: Book, held: int, length: int, here: int, there: int) -> bool:
    """Hold the path's meetings from place `held` on in the other slot, all of them or nothing.

    Those at even places go to `here` and those at odd ones to `there` if the first is newly held (`held` 1); if
    all are held already (`held` 0), those at even places leave `here`.
    """
    for place in range(held, length):
        strike(problem, book, book.path[place])
    for place in range(length):
        meeting, slot = book.path[place], there if (place + held) % 2 == 0 else here
        if outlook(problem, book, meeting)[OBSTACLES, slot]:
            _restore(problem, book, held, place, length, here, there)
            return False
        enter(problem, book, meeting, slot, book.entries[meeting].host, book.entries[meeting].guest)
    return True


@compiled
def _restore(
    problem: Problem, book: Book, held: int, entered: int, length: int, here: int, there: int
) -> None:
    """Undo an exchange in which the first `entered` meetings of the path were held."""
    for meeting in book.path[:entered]:
        strike(problem, book, meeting)
    for place in range(held, length):
        meeting, slot = book.path[place], here if (place + held) % 2 == 0 else there
        enter(problem, book, meeting, slot, book.entries[meeting].host, book.entries[meeting].guest)
