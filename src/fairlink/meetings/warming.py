"""Compiles the loops of the timetable before anybody waits for them: `python -m fairlink.meetings.warming`."""

from __future__ import annotations

import sys

import numpy as np

from fairlink.meetings.arrangement import STIRRED, arrange
from fairlink.meetings.book import blank
from fairlink.meetings.bound import bound, warm_descent
from fairlink.meetings.problem import BOOTH, TABLE, Problem, assemble
from fairlink.meetings.watching import Course, standing


def warm() -> None:
    """Run everything once on a very small expo; a fraction of a second where the machine code is on disk."""
    problem = tiny()
    upper_bound, prices = bound(problem)
    warm_descent()
    course = Course(problem, bound=upper_bound)
    arrange(problem, prices, course, seed=0, balls=STIRRED)
    standing(problem, blank(problem), upper_bound, "bound")


def tiny() -> Problem:
    """Four people who all want to meet one another, half of the time at the only table."""
    host, guest = np.triu_indices(4, 1)
    nothing = np.zeros(len(host), dtype=np.int64)
    return assemble(
        meetings={
            "weight": 10 + np.arange(len(host)),
            "host": host,
            "guest": guest,
            "barred": nothing,
            "venue": nothing,
            "pool": np.where(np.arange(len(host)) % 2, TABLE, BOOTH),
        },
        slots={"day": np.repeat([0, 1], 3), "follows": np.tile([0, 1, 1], 2)},
        cap=np.full(4, 2),
        delegates=np.ones(4, dtype=np.int64),
        available=np.ones((4, 6), dtype=bool),
        opened=np.ones((1, 6), dtype=bool),
        capacity=np.ones((1, 6), dtype=np.int64),
    )


if __name__ == "__main__":
    sys.stderr.write("Compiling the loops of the timetable (once, up to a minute) …\n")
    warm()
