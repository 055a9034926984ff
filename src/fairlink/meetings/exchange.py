"""Ejection chains: a meeting takes a slot, those in its way look for others, and those in theirs, too.

Kempe chains stay within two slots; these go anywhere (Glover 1996). All is written in a journal, so that what leads
nowhere is undone.
"""

from __future__ import annotations

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.meetings.book import IN_ALL, NOT_HELD, Book, enter, strike
from fairlink.meetings.construction import look
from fairlink.meetings.floor import brings
from fairlink.meetings.problem import NOT_FIXED, Problem
from fairlink.meetings.rules import BUSY, DELEGATE, OBSTACLES, RUN, TO_GUEST

LOOKS = 120  # at most for one meeting
JOURNAL = 400  # entries, more than LOOKS can bring about
FAILED = -1
NONE, STUCK = -1, -2  # instead of a meeting in the way
_MOVABLE = (BUSY | RUN) | (BUSY | RUN) << TO_GUEST
_LENGTH, _LOOKS = 0, 1  # of the journal's first row


def blank_journal() -> Array:
    """int64 (JOURNAL, 5): its length and the looks taken; then entered (1) or struck (0), meeting, slot, calendars."""
    return np.zeros((JOURNAL, 5), dtype=np.int64)


@compiled
def exchange_all(problem: Problem, book: Book, meetings: Array, journal: Array) -> int:
    """Hold what can be held of `meetings` by ejection, losing nothing or less than is gained; how many were."""
    count, seen = 0, np.empty((3, 3, len(problem.slots)), dtype=np.int64)
    for meeting in meetings:
        terms = problem.meetings[meeting]
        if book.entries[meeting].slot != NOT_HELD or terms.barred:
            continue
        full = False
        for party in (terms.host, terms.guest):
            full |= book.held[party, IN_ALL] >= problem.parties[party].cap
        if full:
            continue
        for allowed in (0, brings(problem, book, meeting) - 1):
            journal[0, _LENGTH] = journal[0, _LOOKS] = 0
            if _far(problem, book, meeting, allowed, journal, seen) != FAILED:
                count += 1
                break
    return count


@compiled
def _far(problem: Problem, book: Book, meeting: int, allowed: int, journal: Array, seen: Array) -> int:
    """Hold a meeting; the weight lost for it, at most `allowed`. FAILED, and nothing changed, if it cannot be."""
    if _free(problem, book, meeting, journal, seen[0]):
        return 0
    for slot in range(len(problem.slots)):
        host, guest = _in_both_ways(problem, book, slot, journal, seen[0])
        if STUCK in (host, guest):
            continue
        mark, lost = journal[0, _LENGTH], 0
        if not _enters(problem, book, meeting, slot, host, guest, journal):
            continue
        for other in (host, guest):
            if other >= 0 and book.entries[other].slot == NOT_HELD:
                more = _near(problem, book, other, allowed - lost, journal, seen[1:])
                lost += brings(problem, book, other) if more == FAILED else more
        if lost <= allowed:
            return lost
        _undo(problem, book, journal, mark)
    return FAILED


# Not one function that calls itself: machine code of such functions does not come back whole from the disk.
@compiled
def _near(problem: Problem, book: Book, meeting: int, allowed: int, journal: Array, seen: Array) -> int:
    """The same, one step less deep: those in the way take free slots."""
    if _free(problem, book, meeting, journal, seen[0]):
        return 0
    for slot in range(len(problem.slots)):
        host, guest = _in_both_ways(problem, book, slot, journal, seen[0])
        if STUCK in (host, guest):
            continue
        mark, lost = journal[0, _LENGTH], 0
        if not _enters(problem, book, meeting, slot, host, guest, journal):
            continue
        for other in (host, guest):
            out = other >= 0 and book.entries[other].slot == NOT_HELD
            if out and not _free(problem, book, other, journal, seen[1]):
                lost += brings(problem, book, other)
        if lost <= allowed:
            return lost
        _undo(problem, book, journal, mark)
    return FAILED


@compiled
def _free(problem: Problem, book: Book, meeting: int, journal: Array, seen: Array) -> bool:
    """Hold a meeting in a slot where all is free. Otherwise `seen` keeps what stood in the way."""
    journal[0, _LOOKS] += 1
    now = look(problem, book, meeting)
    for slot in range(len(problem.slots)):
        if now[OBSTACLES, slot] == 0:
            _write(problem, book, journal, meeting, slot, now[DELEGATE, slot], now[DELEGATE + 1, slot])
            return True
    seen[0], seen[1], seen[2] = now[OBSTACLES], now[DELEGATE], now[DELEGATE + 1]
    return False


@compiled
def _in_both_ways(problem: Problem, book: Book, slot: int, journal: Array, seen: Array) -> tuple[int, int]:
    """The meetings of host and guest that must leave a slot; NONE if none need, STUCK if none can."""
    bits = seen[0, slot]
    if bits & ~_MOVABLE or journal[0, _LOOKS] >= LOOKS:
        return STUCK, STUCK
    host = _in_the_way(problem, book, seen[1, slot], slot, bits, journal)
    return host, _in_the_way(problem, book, seen[2, slot], slot, bits >> TO_GUEST, journal)


@compiled
def _enters(
    problem: Problem, book: Book, meeting: int, slot: int, host: int, guest: int, journal: Array
) -> bool:
    """Hold a meeting in a slot that two others leave; False, and nothing changed, if something else is in the way."""
    mark = journal[0, _LENGTH]
    for other in (host, guest):
        if other >= 0 and book.entries[other].slot != NOT_HELD:
            _erase(problem, book, journal, other)
    seen = look(problem, book, meeting)
    if seen[OBSTACLES, slot]:
        _undo(problem, book, journal, mark)
        return False
    _write(problem, book, journal, meeting, slot, seen[DELEGATE, slot], seen[DELEGATE + 1, slot])
    return True


@compiled
def _in_the_way(problem: Problem, book: Book, calendar: int, slot: int, bits: int, journal: Array) -> int:
    """The meeting of a calendar that must leave, NONE if none need, STUCK if none can."""
    if not bits & (BUSY | RUN):
        return NONE
    if calendar < 0:
        return STUCK
    diary, at = book.diary[calendar], slot
    if bits & RUN and diary[slot] < 0:
        at = _middle_of_run(problem, diary, slot)
    other = diary[at] if at >= 0 else -1
    if other < 0 or problem.meetings[other].fixed != NOT_FIXED:
        return STUCK
    for place in range(1, journal[0, _LENGTH] + 1):
        if journal[place, 1] == other:
            return STUCK
    return int(other)


@compiled
def _middle_of_run(problem: Problem, diary: Array, slot: int) -> int:
    """The slot nearest to the middle of the run around `slot` whose meeting divides it well enough; −1 if none."""
    first, last = slot, slot
    while first > 0 and problem.slots[first].follows and diary[first - 1] >= 0:
        first -= 1
    while last + 1 < len(diary) and problem.slots[last + 1].follows and diary[last + 1] >= 0:
        last += 1
    best, off = -1, 1 << 30
    for at in range(first, last + 1):
        rest = last - at if at < slot else at - first
        if at == slot or rest > problem.longest_run:
            continue
        if abs(2 * at - first - last) < off:
            best, off = at, abs(2 * at - first - last)
    return best


@compiled
def _write(
    problem: Problem, book: Book, journal: Array, meeting: int, slot: int, host: int, guest: int
) -> None:
    journal[0, _LENGTH] += 1
    row = journal[journal[0, _LENGTH]]
    row[0], row[1], row[2], row[3], row[4] = 1, meeting, slot, host, guest
    enter(problem, book, meeting, slot, host, guest)


@compiled
def _erase(problem: Problem, book: Book, journal: Array, meeting: int) -> None:
    entry = book.entries[meeting]
    journal[0, _LENGTH] += 1
    row = journal[journal[0, _LENGTH]]
    row[0], row[1], row[2], row[3], row[4] = 0, meeting, entry.slot, entry.host, entry.guest
    strike(problem, book, meeting)


@compiled
def _undo(problem: Problem, book: Book, journal: Array, mark: int) -> None:
    """Take back what was written after `mark`."""
    while journal[0, _LENGTH] > mark:
        row = journal[journal[0, _LENGTH]]
        if row[0]:
            strike(problem, book, row[1])
        else:
            enter(problem, book, row[1], row[2], row[3], row[4])
        journal[0, _LENGTH] -= 1
