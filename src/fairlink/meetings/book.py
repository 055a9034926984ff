"""The appointment book while a timetable is being made: who sits where when, and what is left."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.meetings.interpreting import take_interpreter
from fairlink.meetings.problem import Problem

FREE, CLOSED = -1, -2  # in a diary, where no meeting stands
NOT_HELD = -1  # in an entry, instead of a slot
ANY, NOBODY = -2, -1  # in an entry, instead of a calendar: whoever is best placed; a delegate there is not
IN_ALL = -1  # the last column of `held`
OUTLOOK, PATH = 6, 200  # rows of `outlook`, length of `path`

ENTRY = np.dtype(
    [("slot", "i8"), ("host", "i8"), ("guest", "i8"), ("interpreter", "i8"), ("seat", "i8")]
)  # calendars


class Book(NamedTuple):
    """All of it follows from the entries; `enter` and `strike` keep it so."""

    entries: Array  # ENTRY (meetings,)
    diary: Array  # int64 (calendars, slots): meeting, FREE or CLOSED
    held: Array  # int64 (parties, days + 1): meetings held each day, and in all
    load: Array  # int64 (slots,): meetings held
    chosen: Array  # int64 (groups,): meetings held
    used: Array  # int64 (pools, slots): places taken
    seated: Array  # int64 (pools, slots, places): the meetings that take them, used[pool, slot] of them
    outlook: Array  # int64 (OUTLOOK, slots): what `rules` last said
    path: Array  # int64 (PATH,): what `chains` last followed


def blank(problem: Problem) -> Book:
    """A book in which no meeting is held."""
    calendars = problem.parties["last"] - problem.parties["first"]
    days = int(problem.slots["day"].max(initial=-1)) + 1
    widest = int(problem.capacity.max(initial=0))
    interpreters = np.full((problem.speaks.shape[1], len(problem.slots)), FREE)
    diary = np.repeat(np.where(problem.available, FREE, CLOSED), calendars, axis=0)
    diary = np.concatenate((diary, interpreters))
    diary[problem.engaged[:, 0], problem.engaged[:, 1]] = CLOSED
    entries = np.zeros(len(problem.meetings), dtype=ENTRY)
    entries["slot"], entries["host"], entries["guest"] = NOT_HELD, ANY, ANY
    entries["interpreter"] = NOBODY
    return Book(
        entries=entries,
        diary=diary,
        held=np.zeros((len(problem.parties), days + 1), dtype=np.int64),
        load=np.zeros(len(problem.slots), dtype=np.int64),
        chosen=np.zeros(len(problem.choose), dtype=np.int64),
        used=np.zeros(problem.capacity.shape, dtype=np.int64),
        seated=np.zeros((*problem.capacity.shape, widest), dtype=np.int64),
        outlook=np.zeros((OUTLOOK, len(problem.slots)), dtype=np.int64),
        path=np.zeros(PATH, dtype=np.int64),
    )


@compiled
def enter(problem: Problem, book: Book, meeting: int, slot: int, host: int, guest: int) -> None:
    """Hold a meeting in a slot, in the calendars `host` and `guest`. The caller has asked the rules."""
    entry, pool = book.entries[meeting], problem.meetings[meeting].pool
    entry.slot, entry.host, entry.guest = slot, host, guest
    _mark(problem, book, meeting, slot, meeting, 1)
    if problem.meetings[meeting].need >= 0:
        take_interpreter(problem, book.diary, book.entries, meeting, slot)
    if pool < 0:
        return
    entry.seat = book.used[pool, slot]
    book.seated[pool, slot, entry.seat] = meeting
    book.used[pool, slot] += 1


@compiled
def strike(problem: Problem, book: Book, meeting: int) -> None:
    """Take a held meeting out of the book; its entry remembers the calendars, the interpreter's too."""
    entry, pool = book.entries[meeting], problem.meetings[meeting].pool
    slot = entry.slot
    entry.slot = NOT_HELD
    _mark(problem, book, meeting, slot, FREE, -1)
    if problem.meetings[meeting].need >= 0:
        book.diary[entry.interpreter, slot] = FREE
    if pool < 0:
        return
    book.used[pool, slot] -= 1
    last = book.seated[pool, slot, book.used[pool, slot]]
    book.seated[pool, slot, entry.seat] = last
    book.entries[last].seat = entry.seat


@compiled
def _mark(problem: Problem, book: Book, meeting: int, slot: int, mark: int, change: int) -> None:
    """Write `mark` into both diaries and change both counts."""
    entry, terms = book.entries[meeting], problem.meetings[meeting]
    book.load[slot] += change
    for calendar in (entry.host, entry.guest):
        book.diary[calendar, slot] = mark
    for party in (terms.host, terms.guest):
        book.held[party, problem.slots[slot].day] += change
        book.held[party, IN_ALL] += change
    if len(book.chosen):
        for group in (terms.host_group, terms.guest_group):
            if group >= 0:
                book.chosen[group] += change
