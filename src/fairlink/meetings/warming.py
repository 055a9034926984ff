"""Compiles the loops of the timetable before anybody waits for them: `python -m fairlink.meetings.warming`."""

from __future__ import annotations

import sys
from datetime import date, time

import numpy as np

from fairlink import cells, records
from fairlink.expo import Expo, Wanted
from fairlink.meetings.arrangement import STIRRED, arrange, schedule
from fairlink.meetings.book import blank
from fairlink.meetings.bound import bound, warm_descent
from fairlink.meetings.events import (
    Asked,
    Away,
    Back,
    Cancelled,
    Closed,
    Event,
    Freed,
    Opened,
    Refused,
    Tables,
)
from fairlink.meetings.hours import objections, openings
from fairlink.meetings.problem import BOOTH, NO_NEED, TABLE, Problem, assemble
from fairlink.meetings.refusals import check
from fairlink.meetings.repairs import repair
from fairlink.meetings.standby import unplaced
from fairlink.meetings.watching import Course, standing
from fairlink.tables import EDITION, ORGANISATIONS, PLACES, Records


def warm() -> None:
    """Run everything once on a very small expo; a fraction of a second where the machine code is on disk."""
    problem = tiny()
    upper_bound, prices = bound(problem)
    warm_descent()
    course = Course(problem, bound=upper_bound)
    arrange(problem, prices, course, seed=0, balls=STIRRED)
    standing(problem, blank(problem), upper_bound, "bound")
    _live_through(tiny_expo())


def _live_through(expo: Expo) -> None:
    """Everything that is asked of a timetable once it stands, by the pages of a hall for instance."""
    first, second = np.triu_indices(len(expo.ids), 1)
    gain = np.full(len(first), 50, dtype=np.int32)
    wanted = Wanted(
        first=first.astype(np.int32),
        second=second.astype(np.int32),
        gain_first=gain,
        gain_second=gain,
        ahead=np.zeros(len(gain), dtype=bool),
    )
    timetable = schedule(expo, wanted)
    unplaced(expo, timetable)
    check(expo, timetable)
    openings(expo, timetable, 0, 1)
    objections(expo, timetable, (0, 1), 0)
    happened: list[Event] = [
        *(Away(0, [0]), Back(0, [0]), Closed(0, [1]), Opened(0, [1]), Refused(0), Freed(1), Asked(2)),
        *(Tables([2], 0), Cancelled(3)),
    ]
    for moves in (0, 1):
        repair(expo, timetable, happened, max_moves=moves)


def tiny_expo() -> Expo:
    """The same four as an expo, one of them with a booth."""
    day = date(2000, 1, 1)
    facts = {"id": "tiny", "name": {"en": "Tiny"}, "time_zone": "UTC", "start": day, "end": day}
    more = {"host_country": "CN", "languages": ("en",), "currency": "USD", "meeting_cap": 2}
    one = {**cells.blank(ORGANISATIONS), "kind": "enterprise", "country": "CN", "role": "exhibitor"}
    table = {**cells.blank(PLACES), "id": "T1", "kind": "table"}
    booth = {**cells.blank(PLACES), "id": "B1", "kind": "booth", "organisation": "0"}
    hours = [(hour, time(hour), time(hour, 30)) for hour in range(9, 15)]
    return records.build(
        Records(
            {
                "edition": [{**cells.blank(EDITION), **facts, **more}],
                "organisations": [{**one, "id": str(n), "name": {"en": str(n)}} for n in range(4)],
                "slots": [{"id": f"s{n}", "day": day, "start": start, "end": end} for n, start, end in hours],
                "places": [booth, table],
            }
        )
    )


def tiny() -> Problem:
    """Four people who all want to meet one another, half of the time at the only table, with the only interpreter."""
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
            "need": np.where(np.arange(len(host)) % 2, 0, NO_NEED),
        },
        slots={"day": np.repeat([0, 1], 3), "follows": np.tile([0, 1, 1], 2)},
        cap=np.full(4, 2),
        delegates=np.ones(4, dtype=np.int64),
        available=np.ones((4, 6), dtype=bool),
        opened=np.ones((1, 6), dtype=bool),
        capacity=np.ones((1, 6), dtype=np.int64),
        speaks=np.ones((1, 1), dtype=bool),
        on_duty=np.ones((1, 6), dtype=bool),
        bonus=3,
    )


if __name__ == "__main__":
    sys.stderr.write("Compiling the loops of the timetable (once, a minute or two) …\n")
    warm()
