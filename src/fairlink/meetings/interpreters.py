"""Which meetings need an interpreter, and who can help: from languages to flat tables, and back to rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from fairlink.expo import Array, Expo, Wanted
from fairlink.meetings.book import NOBODY, Book
from fairlink.meetings.interpreting import on_duty
from fairlink.meetings.problem import NO_NEED, Problem


def needs(expo: Expo, wanted: Wanted) -> tuple[Array, Array]:
    """int64 (wanted,): the need of an interpreter, or NO_NEED; bool (needs, expo.interpreters): who can meet it.

    None is needed where nobody interprets, where one says no language, or where the two share one. Needs that the
    same interpreters meet are one.
    """
    interpreters, nobody = expo.interpreters, np.zeros((0, len(expo.interpreters.ids)), dtype=bool)
    if not len(interpreters.ids):
        return np.full(len(wanted.first), NO_NEED), nobody
    sets: dict[frozenset[str], int] = {}
    mine = np.array(
        [sets.setdefault(spoken(one), len(sets)) for one in expo.organisations.languages], dtype=np.int64
    )
    knows = [spoken(one) for one in interpreters.languages]
    reads = np.array([[bool(one & each) for each in knows] for one in sets]).reshape(len(sets), len(knows))
    strange = np.array([[bool(one and other and not one & other) for other in sets] for one in sets])
    pairs = np.stack((mine[wanted.first], mine[wanted.second]), axis=1)
    apart = strange.reshape(len(sets), len(sets))[pairs[:, 0], pairs[:, 1]]
    need = np.full(len(pairs), NO_NEED)
    if not apart.any():
        return need, nobody
    order = _by_id(expo)
    helps = (reads[pairs[apart, 0]] & reads[pairs[apart, 1]])[:, order]
    found, need[apart] = np.unique(helps, axis=0, return_inverse=True)
    speaks = np.empty_like(found)
    speaks[:, order] = found
    return need, speaks


def _by_id(expo: Expo) -> Array:
    """int64 (interpreters,): their rows in order of ids."""
    ids = expo.interpreters.ids
    return np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64)


def units(expo: Expo) -> tuple[Array, Array]:
    """int64 (units,): the row of each single interpreter, in order of ids; and bool (units, slots): who is there."""
    interpreters, order = expo.interpreters, _by_id(expo)
    number = interpreters.number[order].astype(np.int64)
    rows, first = np.repeat(order, number), np.repeat(np.cumsum(number) - number, number)
    turn = np.arange(len(rows)) - first
    return rows, interpreters.available[rows] & (turn[:, None] >= interpreters.taken[rows])


def spoken(languages: Iterable[str]) -> frozenset[str]:
    """Languages without their scripts and regions, which matter in writing: zh-Hans is zh."""
    return frozenset(one.partition("-")[0] for one in languages)


def interpreter_rows(problem: Problem, units: Array, book: Book) -> Array:
    """int64 (meetings,): the row of expo.interpreters who sits in each meeting held, −1 without one."""
    entries, needs = book.entries, problem.meetings["need"] != NO_NEED
    rows, sits = np.full(len(entries), -1, dtype=np.int64), needs & (entries["slot"] >= 0)
    first = len(book.diary) - len(units)
    rows[sits] = units[entries["interpreter"][sits] - first]
    return rows


def interpreter_calendars(problem: Problem, units: Array, rows: Array, slots: Array) -> Array:
    """int64 (meetings,): the calendars of interpreters given by their rows; NOBODY where there are not so many.

    Of those who stand for several, each meeting of a slot is given the next.
    """
    calendars, turn = np.full(len(rows), NOBODY, dtype=np.int64), Counter[tuple[int, int]]()
    first = int(problem.parties["last"].max(initial=0))
    there, calendars_of = on_duty(problem), dict[int, list[int]]()
    for number, row in enumerate(units.tolist()):
        calendars_of.setdefault(row, []).append(first + number)
    for meeting in np.flatnonzero((rows >= 0) & (slots >= 0)).tolist():
        row, slot = int(rows[meeting]), int(slots[meeting])
        theirs = [one for one in calendars_of.get(row, ()) if there[one - first, slot]][turn[row, slot] :]
        turn[row, slot] += 1
        calendars[meeting] = theirs[0] if theirs else NOBODY
    return calendars
