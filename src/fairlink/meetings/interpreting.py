"""Who interprets: meetings whose parties share no language have an interpreter, and no interpreter has two at a time.

An interpreter is a calendar that belongs to no party; those of a problem stand after all delegates' in the book's
diaries. Whether the meetings of a slot can all have one is a bipartite matching (Kuhn 1955): one more can exactly where
a free interpreter is reached by exchanges within the slot. So it never matters in which order meetings are entered.
"""

from __future__ import annotations

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.meetings.problem import Problem

NOT_REACHED, NOBODY, FREE, CLOSED = -2, -1, -1, -2  # the last two as in the diaries of `book`


@compiled
def interpreter_free(problem: Problem, diary: Array, meeting: int, slot: int) -> bool:
    """Whether a meeting that needs an interpreter finds one in a slot, if need be by exchange with others there."""
    speaks = problem.speaks[problem.meetings[meeting].need]
    first = len(diary) - len(speaks)
    some = False
    for number in range(len(speaks)):
        if speaks[number]:
            if diary[first + number, slot] == FREE:
                return True
            some |= diary[first + number, slot] >= 0
    if not some:
        return False
    came = np.full(len(speaks), NOT_REACHED, dtype=np.int64)
    return reach(problem, diary, meeting, slot, came) >= 0


@compiled
def take_interpreter(problem: Problem, diary: Array, entries: Array, meeting: int, slot: int) -> None:
    """Give a meeting the interpreter it had, or the first who is free, or one whom an exchange sets free.

    The caller has asked the rules: there is one.
    """
    entry, speaks = entries[meeting], problem.speaks[problem.meetings[meeting].need]
    first = len(diary) - len(speaks)
    had = entry.interpreter
    if had >= first and speaks[had - first] and diary[had, slot] == FREE:
        diary[had, slot] = meeting
        return
    came = np.full(len(speaks), NOT_REACHED, dtype=np.int64)
    number = reach(problem, diary, meeting, slot, came)
    while number >= 0:
        taker = came[number]
        before = entries[taker].interpreter
        entries[taker].interpreter = first + number
        diary[first + number, slot] = taker
        number = before - first if taker != meeting else NOBODY


@compiled
def reach(problem: Problem, diary: Array, meeting: int, slot: int, came: Array) -> int:
    """A free interpreter whom a meeting reaches by exchanges in a slot, or NOBODY.

    `came`, int64 (interpreters,), is filled in: the meeting that would take each interpreter reached.
    """
    count = len(came)
    first = len(diary) - count
    queue = np.empty(count, dtype=np.int64)
    asks, head, tail = meeting, 0, 0
    while True:
        speaks = problem.speaks[problem.meetings[asks].need]
        for number in range(count):
            if came[number] != NOT_REACHED or not speaks[number] or diary[first + number, slot] == CLOSED:
                continue
            came[number] = asks
            if diary[first + number, slot] == FREE:
                return number
            queue[tail] = number
            tail += 1
        if head == tail:
            return NOBODY
        asks = diary[first + queue[head], slot]
        head += 1


def on_duty(problem: Problem) -> Array:
    """bool (interpreters, slots): who is there when."""
    count = problem.speaks.shape[1]
    duty = np.ones((count, len(problem.slots)), dtype=bool)
    number = problem.engaged[:, 0] - int(problem.parties["last"].max(initial=0))
    theirs = number >= 0
    duty[number[theirs], problem.engaged[theirs, 1]] = False
    return duty


def interpreted(problem: Problem) -> Array:
    """int64 (needs, slots): interpreters there for each need; a meeting can take one of them, others may, too."""
    there: Array = problem.speaks.astype(np.int64) @ on_duty(problem).astype(np.int64)
    return there


def families(problem: Problem) -> tuple[Array, Array]:
    """int64 (needs,): the family of each need, and int64 (families, slots): interpreters there for all of it.

    Needs that some interpreter serves both are of one family; no interpreter belongs to two.
    """
    speaks, duty = problem.speaks, on_duty(problem).astype(np.int64)
    family = np.arange(len(speaks))
    for number in range(speaks.shape[1]):
        served = family[speaks[:, number]]
        family[np.isin(family, served)] = served.min(initial=len(speaks))
    names, family = np.unique(family, return_inverse=True)
    there = [speaks[family == one].any(axis=0).astype(np.int64) @ duty for one in range(len(names))]
    return family, np.array(there, dtype=np.int64).reshape(len(names), len(problem.slots))
