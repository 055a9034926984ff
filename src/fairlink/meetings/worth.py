"""What more of a resource would be worth: at most, by the prices of the bound, and as a timetable made anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from fairlink.expo import Array, Expo, Wanted
from fairlink.meetings.arrangement import schedule
from fairlink.meetings.bound import foretell
from fairlink.meetings.growth import NO_SLOT, grow, kept_slots
from fairlink.meetings.problem import NOT_FIXED
from fairlink.meetings.questions import Question
from fairlink.meetings.timetable import Timetable
from fairlink.meetings.translation import translate
from fairlink.meetings.watching import Progress


@dataclass(frozen=True)
class Estimate:
    """What the prices alone say: no timetable can gain more by it. Concave: ten more are worth ten times at most."""

    question: Question
    points: int  # of weight by which the gain can rise at most


@dataclass(frozen=True)
class Tally:
    """A timetable in four numbers."""

    meetings: int
    worth: int  # points of weight: gain and bonus
    upper_bound: int
    unplaced: int  # wanted meetings of some worth that are not held


@dataclass(frozen=True)
class Answer:
    """How a timetable would stand, beside how it stands."""

    question: Question
    before: Tally
    after: Tally
    points: int  # as of Estimate


def estimate(
    expo: Expo, wanted: Wanted, questions: Sequence[Question], *, fixed: Array | None = None
) -> tuple[Estimate, ...]:
    """What each would be worth at most, in the order of the questions. `fixed` as of `schedule`."""
    present = translate(expo, wanted, fixed).problem
    grown = (
        translate(grow(expo, one), wanted, _moved(fixed, kept_slots(expo, one))).problem for one in questions
    )
    bound, promised = foretell(present, grown)
    return tuple(Estimate(one, max(value - bound, 0)) for one, value in zip(questions, promised, strict=True))


def answer(
    expo: Expo,
    timetable: Timetable,
    question: Question,
    *,
    fixed: Array | None = None,
    balls: int | None = None,
    stop: Callable[[], bool] | None = None,
    progress: Progress | None = None,
) -> Answer:
    """The timetable of the grown expo, made with the seed of this one, in four numbers beside its four.

    `timetable` is one of `schedule` for this expo; `fixed`, `balls` and `stop` are those it was made with. Neither
    is changed.
    """
    wanted = timetable.wanted
    other = schedule(
        grow(expo, question),
        wanted,
        seed=timetable.provenance.seed,
        fixed=_moved(fixed, kept_slots(expo, question)),
        balls=balls,
        stop=stop,
        progress=progress,
    )
    return Answer(
        question,
        tally(timetable),
        tally(other),
        estimate(expo, wanted, [question], fixed=fixed)[0].points,
    )


def tally(timetable: Timetable) -> Tally:
    """The four numbers of a timetable."""
    left = ~timetable.held & (timetable.wanted.weight > 0)
    return Tally(int(timetable.held.sum()), timetable.worth, timetable.upper_bound, int(left.sum()))


def _moved(fixed: Array | None, kept: Array) -> Array | None:
    """The slots of fixed meetings among the slots of a grown expo."""
    if fixed is None:
        return None
    rows = np.flatnonzero(kept != NO_SLOT)
    moved: Array = np.where(fixed == NOT_FIXED, NOT_FIXED, rows[np.maximum(fixed, 0)] if len(rows) else fixed)
    return moved
