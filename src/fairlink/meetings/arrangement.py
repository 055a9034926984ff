"""From wanted meetings to a timetable: bound, construct, improve, polish, assign places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from fairlink.errors import BadArray
from fairlink.expo import Array, Expo, Wanted
from fairlink.meetings.book import NOT_HELD, Book, blank
from fairlink.meetings.bound import Prices, bound, reduced_profit
from fairlink.meetings.construction import NONE, hold_all, hold_fixed, in_order_of_profit
from fairlink.meetings.displacement import displace
from fairlink.meetings.exact import book_of, optimum
from fairlink.meetings.exchange import blank_journal, exchange_all
from fairlink.meetings.floor import worth
from fairlink.meetings.improvement import draw_together, free_interpreters, free_tables
from fairlink.meetings.interpreters import interpreter_rows
from fairlink.meetings.places import assign_places
from fairlink.meetings.polish import day_limits, lots, shorten_waits
from fairlink.meetings.problem import NOT_FIXED, Problem
from fairlink.meetings.timetable import Timetable
from fairlink.meetings.translation import Translation, translate
from fairlink.meetings.watching import Course, Progress, Standing
from fairlink.provenance import VERSION, Provenance, fingerprint

STAGES = ("bound", "construction", "improvement", "polish", "search", "places")
BALLS = 20  # rounds of search and polish, unless another number is asked for
ROUNDS = 3  # of improvement; the first brings nearly all
HOT, COLD = 0.5, 0.0  # idle slots that one step may cost, in the mean; the rest of a round mends it
COOLING = 4  # cold rounds after the hot ones
STIRRED = 20  # hot rounds after which improvement finds something again


def schedule(
    expo: Expo,
    wanted: Wanted,
    *,
    seed: int = 0,
    fixed: Array | None = None,
    balls: int | None = None,
    exact: float = 0.0,
    stop: Callable[[], bool] | None = None,
    watch: Callable[[Standing], None] | None = None,
    progress: Progress | None = None,
) -> Timetable:
    """Hold as much of the wanted gain as slots, diaries, caps and places allow. Same input, same timetable.

    `fixed` is int (wanted,): the slot in which a meeting is held whatever else is, −1 where it is free. Raises
    BadArray naming the row where that cannot be, or not beside the fixed rows before it.

    `balls` are the rounds of search. `stop` is asked between steps: when it says True, the timetable ends as it is
    then, and its provenance says so. `watch` is told how it stands at each of these steps.

    `exact` are the seconds that may be spent on making a small timetable the best and proving it, which lowers
    `upper_bound` below what the prices prove. Only where they are not enough does the result hang on the clock.
    """
    translation = translate(expo, wanted, fixed)
    _refuse_collisions(translation)
    course = Course(translation.problem, stop=stop, watch=watch, progress=progress)
    course.goes_on("bound", 0, 1)
    upper_bound, prices = bound(translation.problem)
    course.bound = upper_bound
    course.goes_on("bound", 1, 1)
    balls = BALLS if balls is None else balls
    book = arrange(translation.problem, prices, course, seed=seed, balls=balls, exact=exact)
    course.goes_on("places", 0, 1)
    parameters = (
        {"balls": balls} | ({"exact": exact} if exact else {}) | ({"stopped": True} if course.stopped else {})
    )
    timetable = as_timetable(expo, wanted, translation, book, (course.bound, prices), seed, parameters)
    course.goes_on("places", 1, 1)
    return timetable


def as_timetable(
    expo: Expo,
    wanted: Wanted,
    translation: Translation,
    book: Book,
    bounded: tuple[int, Prices],
    seed: int,
    parameters: Mapping[str, Any],
) -> Timetable:
    """The book over the rows of wanted, with places; `bounded` is what `bound` says of the problem."""
    upper_bound, prices = bounded
    places = assign_places(expo, translation, book)
    return Timetable(
        wanted=wanted,
        place=translation.by_wanted(places).astype(np.int32),
        **_columns(translation, book),
        bonus=_bonus(translation.problem, book),
        upper_bound=upper_bound,
        prices=Prices(
            translation.by_organisation(prices.organisation),
            prices.pool,
            translation.by_wanted(prices.interpreter),
            translation.by_wanted(prices.group),
        ),
        provenance=Provenance(VERSION, seed, parameters, fingerprint(expo, wanted)),
    )


def arrange(
    problem: Problem, prices: Prices, course: Course, *, seed: int, balls: int, exact: float = 0.0
) -> Book:
    """A book in which the rules hold and the gain is near the bound behind the prices."""
    book = course.book = blank(problem)
    hold_fixed(problem, book)
    meetings = in_order_of_profit(reduced_profit(problem, prices), seed)
    for part in course.parts("construction", meetings):
        hold_all(problem, book, part)
    improve(problem, book, course, meetings, ROUNDS)
    for part in course.parts("improvement", meetings):
        draw_together(problem, book, part)
    if exact and not course.ends_soon():
        perfect(problem, book, course, seconds=exact)
    refine(problem, book, course, meetings, balls=balls, seed=seed)
    return book


def perfect(problem: Problem, book: Book, course: Course, *, seconds: float) -> None:
    """Make a small book the best there is, and lower the bound of the course to what is proved."""
    gain = worth(problem, book)
    if gain >= course.bound or not course.goes_on("search", 0, 1):
        return
    best = optimum(problem, seconds=seconds)
    if best is None:
        return
    course.bound = min(course.bound, best.bound)
    better = book_of(problem, best.slot)
    fixed = problem.meetings["fixed"] != NOT_FIXED
    if worth(problem, better) > gain and (better.entries["slot"][fixed] != NOT_HELD).all():
        for mine, its in zip(book, better, strict=True):
            mine[...] = its


def refine(problem: Problem, book: Book, course: Course, meetings: Array, *, balls: int, seed: int) -> None:
    """Rounds of polish and, when they have moved enough about, of improvement and search; cold ones finish."""
    limits, chance, journal = day_limits(problem), lots(seed), blank_journal()
    calendars = np.random.default_rng(seed).permutation(int(problem.parties["last"].max(initial=0)))

    def polish(heat: float) -> None:
        for part in course.parts("polish", calendars):
            shorten_waits(problem, book, limits, part, heat, chance)

    for done in range(balls):
        if course.ends_soon():
            break
        polish(HOT)
        if done % STIRRED == STIRRED - 1:
            improve(problem, book, course, meetings, 1)
            for part in course.parts("search", meetings):
                if course.ends_soon():
                    break
                exchange_all(problem, book, part, journal)
    for _ in range(COOLING):
        polish(COLD)


def improve(problem: Problem, book: Book, course: Course, meetings: Array, rounds: int) -> None:
    """Free tables and interpreters, and displace lighter meetings until nothing more is found."""
    for _ in range(rounds):
        found = 0
        for part in course.parts("improvement", meetings):
            found += free_tables(problem, book, part)
        if problem.speaks.size:
            for part in course.parts("improvement", meetings):
                found += free_interpreters(problem, book, part)
        for part in course.parts("improvement", meetings):
            found += displace(problem, book, part)
        if not found:
            break


def _bonus(problem: Problem, book: Book) -> int:
    return worth(problem, book) - int(problem.meetings["weight"][book.entries["slot"] != NOT_HELD].sum())


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
    columns["interpreter"] = interpreter_rows(problem, translation.interpreters, book)
    return {name: translation.by_wanted(column).astype(np.int32) for name, column in columns.items()}
