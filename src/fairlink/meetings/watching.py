"""A timetable in the making: how it stands, who is told of it, and whether it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from fairlink.expo import Array
from fairlink.meetings.book import IN_ALL, NOT_HELD, Book
from fairlink.meetings.floor import worth
from fairlink.meetings.polish import all_waits, day_limits
from fairlink.meetings.problem import Problem

Progress: TypeAlias = Callable[[str, int, int], None]  # stage, done, total

PART, PARTS = (
    4_000,
    64,
)  # rows between two questions whether to go on, and how often at most it is asked for all


@dataclass(frozen=True, slots=True)
class Standing:
    """How a timetable stands while it is made."""

    bound: int  # gain that no timetable can exceed
    gain: int  # weight of the meetings held, and bonuses for first ones
    held: int  # meetings
    idle: int  # slots in which a delegate waits between meetings of a day
    alone: int  # organisations with wanted meetings and none held
    stage: str


@dataclass(eq=False)
class Course:
    """Asked at every step of the work. Once it is told to stop, nothing goes on any more."""

    problem: Problem
    stop: Callable[[], bool] | None = None
    soon: Callable[[], bool] | None = None  # time is left for the finish only
    watch: Callable[[Standing], None] | None = None
    progress: Progress | None = None
    bound: int = 0
    book: Book | None = None
    stopped: bool = False

    def goes_on(self, stage: str, done: int, total: int) -> bool:
        """Tell how far a stage is; False where the work is to end here."""
        if self.progress:
            self.progress(stage, done, total)
        if self.watch and self.book is not None:
            self.watch(standing(self.problem, self.book, self.bound, stage))
        if self.stop and not self.stopped:
            self.stopped = self.stop()
        return not self.stopped

    def ends_soon(self) -> bool:
        """Whether nothing new is to be begun."""
        return self.stopped or bool(self.soon and self.soon())

    def parts(self, stage: str, rows: Array) -> Iterator[Array]:
        """The rows in parts, until the work is to end."""
        parts = np.array_split(rows, np.clip(len(rows) // PART, 1, PARTS))
        for done, part in enumerate(parts):
            if not self.goes_on(stage, done, len(parts)):
                return
            yield part


def standing(problem: Problem, book: Book, bound: int, stage: str) -> Standing:
    """How a book stands; linear in diaries and meetings."""
    meetings, held = problem.meetings, book.entries["slot"] != NOT_HELD
    wants = np.zeros(len(problem.parties), dtype=bool)
    wants[meetings["host"]] = wants[meetings["guest"]] = True
    return Standing(
        bound=bound,
        gain=worth(problem, book),
        held=int(held.sum()),
        idle=int(all_waits(problem, book, day_limits(problem))),
        alone=int((wants & (book.held[:, IN_ALL] == 0)).sum()),
        stage=stage,
    )
