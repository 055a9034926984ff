"""From wanted meetings to a timetable: bound, construct, improve, assign places."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from fairlink.errors import BadArray
from fairlink.expo import Array, Expo, Wanted
from fairlink.meetings.book import NOT_HELD, Book, blank
from fairlink.meetings.bound import Prices, bound, reduced_profit
from fairlink.meetings.construction import NONE, hold_all, hold_fixed, in_order_of_profit
from fairlink.meetings.displacement import displace
from fairlink.meetings.improvement import draw_together, free_tables
from fairlink.meetings.places import assign_places
from fairlink.meetings.problem import Problem
from fairlink.meetings.timetable import Timetable
from fairlink.meetings.translation import Translation, translate
from fairlink.provenance import VERSION, Provenance, fingerprint

Progress: TypeAlias = Callable[[str, int, int], None]  # stage, done, total

STAGES = ("bound", "construction", "improvement", "places")
PARTS = 20  # of the construction, as far as progress can tell
ROUNDS = 3  # of improvement; the first brings nearly all


def schedule(
    expo: Expo,
    wanted: Wanted,
    *,
    seed: int = 0,
    fixed: Array | None = None,
    progress: Progress | None = None,
) -> Timetable:
    """Hold as much of the wanted gain as slots, diaries, caps and places allow. Same input, same timetable.

    `fixed` is int (wanted,): the slot in which a meeting is held whatever else is, −1 where it is free. Raises
    BadArray naming the row where that cannot be, or not beside the fixed rows before it.
    """
    tell = progress or _silent
    translation = translate(expo, wanted, fixed)
    _refuse_collisions(translation)
    tell("bound", 0, 1)
    upper_bound, prices = bound(translation.problem)
    tell("bound", 1, 1)
    book = arrange(translation.problem, prices, seed=seed, tell=tell)
    tell("places", 0, 1)
    places = assign_places(expo, translation, book)
    tell("places", 1, 1)
    organisation = translation.by_organisation(prices.organisation)
    return Timetable(
        wanted=wanted,
        place=translation.by_wanted(places).astype(np.int32),
        **_columns(translation, book),
        upper_bound=upper_bound,
        prices=Prices(organisation, prices.pool),
        provenance=Provenance(VERSION, seed, {"rounds": ROUNDS}, fingerprint(expo, wanted)),
    )


def arrange(problem: Problem, prices: Prices, *, seed: int, tell: Progress) -> Book:
    """A book in which the rules hold and the gain is near the bound behind the prices."""
    book = blank(problem)
    hold_fixed(problem, book)
    meetings = in_order_of_profit(reduced_profit(problem, prices), seed)
    for part, some in enumerate(np.array_split(meetings, PARTS)):
        tell("construction", part, PARTS)
        hold_all(problem, book, some)
    tell("construction", PARTS, PARTS)
    for done in range(ROUNDS):
        tell("improvement", done, ROUNDS)
        found = free_tables(problem, book, meetings) + displace(problem, book, meetings)
        draw_together(problem, book, meetings)
        if not found:
            break
    tell("improvement", ROUNDS, ROUNDS)
    return book


def _refuse_collisions(translation: Translation) -> None:
    collides = hold_fixed(translation.problem, blank(translation.problem))
    if collides == NONE:
        return
    row, slot = translation.meetings[collides], translation.problem.meetings["fixed"][collides]
    raise BadArray(f"fixed: row {row} cannot be held in slot {slot} beside the other fixed rows; set it free")


def _columns(translation: Translation, book: Book) -> dict[str, Array]:
    """The columns of a Timetable that follow from the book, places left aside."""
    problem, entries = translation.problem, book.entries
    meetings, first = problem.meetings, problem.parties["first"]
    columns = {"slot": entries["slot"]}
    for side in ("host", "guest"):
        columns[side] = translation.organisations[meetings[side]]
        delegate = entries[side] - first[meetings[side]]
        columns[f"{side}_delegate"] = np.where(entries["slot"] == NOT_HELD, -1, delegate)
    return {name: translation.by_wanted(column).astype(np.int32) for name, column in columns.items()}


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""
