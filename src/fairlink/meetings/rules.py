"""What closes a slot to a meeting, each rule said once: the same words build, explain and check a timetable.

An obstacle is one bit. An outlook shows one meeting, and for every slot all the bits that stand in its way.
"""

from __future__ import annotations

from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.meetings.book import ANY, CLOSED, IN_ALL, NOBODY, Book
from fairlink.meetings.interpreting import interpreter_free
from fairlink.meetings.problem import Problem

PLACE_CLOSED, NO_TABLE, NO_INTERPRETER, CHOSEN = 8, 16, 32, 64  # above the bits of `barred`
AWAY, CAP, DAILY_CAP, RUN, BUSY = 128, 256, 512, 1024, 2048  # of the host
TO_GUEST = 5  # the same bits of the guest stand so much higher

OBSTACLES, IDLE, DELEGATE = 0, 1, 2  # rows of an outlook: bits; idle slots added; calendar of host, of guest
_COST, _BEFORE = 4, 5  # rows to reckon in
_STOP = 1 << 12  # in a cost, what stands in the way counts above every number of idle slots
_ENGAGED = 1 << 30  # the cost of a closed calendar of a party that is there: any other is named before it


@compiled
def outlook(problem: Problem, book: Book, meeting: int) -> Array:
    """What every slot says to a meeting that is not held: int64 (OUTLOOK, slots), good until the next call.

    Where its entry says ANY, a party sends the delegate best placed: the least idle time added, then the first.
    """
    terms, entry, seen = problem.meetings[meeting], book.entries[meeting], book.outlook
    opened, barred = problem.open[terms.venue], terms.barred
    if len(book.chosen) and group_full(problem, book, meeting):
        barred |= CHOSEN
    for slot in range(len(opened)):
        seen[IDLE, slot] = 0
        seen[OBSTACLES, slot] = barred | (0 if opened[slot] else PLACE_CLOSED)
        if terms.pool >= 0 and book.used[terms.pool, slot] >= problem.capacity[terms.pool, slot]:
            seen[OBSTACLES, slot] |= NO_TABLE
        if opened[slot] and terms.venue > 0 and booth_full(problem, book, meeting, slot):
            seen[OBSTACLES, slot] |= NO_TABLE
    if terms.need >= 0:
        for slot in range(len(opened)):
            if not interpreter_free(problem, book.diary, meeting, slot):
                seen[OBSTACLES, slot] |= NO_INTERPRETER
    for side in range(2):
        party, attends = (terms.guest, entry.guest) if side else (terms.host, entry.host)
        _add_party(problem, book, party, attends, side)
    return seen


@compiled
def group_full(problem: Problem, book: Book, meeting: int) -> bool:
    """Whether as many are held of a group of wishes that the meeting is in as were to be chosen."""
    full, terms = False, problem.meetings[meeting]
    for group in (terms.host_group, terms.guest_group):
        full |= group >= 0 and book.chosen[group] >= problem.choose[group]
    return bool(full)


@compiled
def booth_full(problem: Problem, book: Book, meeting: int, slot: int) -> bool:
    """Whether the booth of a meeting's host receives as many as it can: only where others take its places."""
    terms = problem.meetings[meeting]
    first, last = problem.parties[terms.host].first, problem.parties[terms.host].last
    left = problem.room[terms.venue, slot]
    if left >= last - first:
        return False
    for calendar in range(first, last):
        other = book.diary[calendar, slot]
        left -= other >= 0 and problem.meetings[other].venue == terms.venue
    return bool(left <= 0)


@compiled
def _add_party(problem: Problem, book: Book, party: int, attends: int, side: int) -> None:
    """Add what stands in the way of one party."""
    seen, slots = book.outlook, problem.slots
    for slot in range(len(slots)):
        seen[DELEGATE + side, slot], seen[_COST, slot] = NOBODY, BUSY * _STOP
    for calendar in range(problem.parties[party].first, problem.parties[party].last):
        if attends in (ANY, calendar):
            _offer(problem, book, calendar, side, problem.available[party])
    full = CAP if book.held[party, IN_ALL] >= problem.parties[party].cap else 0
    for slot in range(len(slots)):
        found, cost = full, seen[_COST, slot]
        if not problem.available[party, slot]:
            found |= AWAY
        if problem.daily_cap and book.held[party, slots[slot].day] >= problem.daily_cap:
            found |= DAILY_CAP
        if cost == _ENGAGED:
            found |= AWAY
        elif cost >= _STOP:
            found |= cost // _STOP
        else:
            seen[IDLE, slot] += cost
        seen[OBSTACLES, slot] |= found << TO_GUEST * side


@compiled
def _offer(problem: Problem, book: Book, calendar: int, side: int, available: Array) -> None:
    """Let a calendar attend in the slots where that costs less than the calendars before it.

    `since` counts slots from the nearest meeting of the day, `sits` the meetings that adjoin the slot.
    """
    seen, slots, diary = book.outlook, problem.slots, book.diary[calendar]
    since, sits = 0, 0
    for slot in range(len(slots)):
        since, sits = _cross(slots, slot, since, sits)
        seen[_BEFORE, slot] = since * _STOP + sits
        since, sits = _pass(diary[slot], since, sits)
    since, sits = 0, 0
    for slot in range(len(slots) - 1, -1, -1):
        before, run = seen[_BEFORE, slot] // _STOP, seen[_BEFORE, slot] % _STOP + 1 + sits
        if diary[slot] >= 0:
            cost = BUSY * _STOP
        elif diary[slot] == CLOSED and available[slot]:
            cost = _ENGAGED
        elif problem.longest_run and run > problem.longest_run:
            cost = RUN * _STOP
        else:
            cost = -1 if before and since else max(before + since - 1, 0)
        if seen[DELEGATE + side, slot] == NOBODY or cost < seen[_COST, slot]:
            seen[DELEGATE + side, slot], seen[_COST, slot] = calendar, cost
        since, sits = _pass(diary[slot], since, sits)
        since, sits = _cross(slots, slot, since, sits)


@compiled
def _pass(entry: int, since: int, sits: int) -> tuple[int, int]:
    """The counts after a slot with this entry."""
    if entry >= 0:
        return 1, sits + 1
    return (since + 1 if since else 0), 0


@compiled
def _cross(slots: Array, slot: int, since: int, sits: int) -> tuple[int, int]:
    """The counts across the border between a slot and the one before it."""
    another_day = slot == 0 or slots[slot].day != slots[slot - 1].day
    return (0 if another_day else since), (sits if slots[slot].follows else 0)
