"""The public instances of brokerage: matchmaking events at which every meeting must be held.

Bofill, Espasa, Garcia, Palahí, Suy & Villaret, Scheduling B2B meetings, JAIR 74 (2022), as MiniZinc data.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from fairlink.expo import Array
from fairlink.meetings.problem import Problem, assemble

MORNING, AFTERNOON = 1, 2  # sessions in which a meeting was asked for; 3: either


class Instance(NamedTuple):
    """What `fewest_breaks` takes."""

    problem: Problem
    allowed: Array  # bool (meetings, slots)
    precedences: Array  # int64 (pairs, 2): the one comes before the other


def read(file: Path) -> Instance:
    """One instance. A break is counted over the whole of it, so that all its slots are of one day."""
    given = dict(_values(file.read_text()))
    slots, morning = given["nTotalSlots"], given["nMorningSlots"]
    asked = np.array(given["requested"], dtype=np.int64).reshape(-1, 3)
    pairs, sessions = asked[:, :2] - 1, asked[:, 2]
    free = np.ones((given["nBusiness"], slots), dtype=bool)
    for participant, closed in enumerate(given["forbidden"]):
        free[participant, [slot - 1 for slot in closed if slot]] = False
    when = np.arange(slots)
    allowed = free[pairs[:, 0]] & free[pairs[:, 1]]
    allowed &= (sessions[:, None] != MORNING) | (when < morning)
    allowed &= (sessions[:, None] != AFTERNOON) | (when >= morning)
    fixed = np.array(given.get("fixed", []) or [0] * len(pairs))
    allowed &= (fixed[:, None] == 0) | (fixed[:, None] - 1 == when)
    problem = assemble(
        meetings={
            "weight": np.ones(len(pairs), dtype=np.int64),
            "host": pairs[:, 0],
            "guest": pairs[:, 1],
            "barred": np.zeros(len(pairs), dtype=np.int64),
            "venue": np.zeros(len(pairs), dtype=np.int64),
            "pool": np.zeros(len(pairs), dtype=np.int64),
        },
        slots={"day": np.zeros(slots, dtype=np.int64), "follows": when > 0},
        cap=np.full(len(free), slots),
        delegates=np.ones(len(free), dtype=np.int64),
        available=free,
        opened=np.ones((1, slots), dtype=bool),
        capacity=np.full((1, slots), given["nTables"]),
    )
    order = [
        (before - 1, after)
        for after, some in enumerate(given.get("precedences", []))
        for before in sorted(some)
        if before
    ]
    return Instance(problem, allowed, np.array(order, dtype=np.int64).reshape(-1, 2))


def breaks(instance: Instance, slot: Array) -> int:
    """Counted anew: gaps between the meetings of each participant."""
    meetings = instance.problem.meetings
    total = 0
    for participant in range(len(instance.problem.parties)):
        mine = (meetings["host"] == participant) | (meetings["guest"] == participant)
        total += int((np.diff(np.sort(slot[mine])) > 1).sum())
    return total


def _values(text: str) -> Any:
    """Names and values: a number, or a list of numbers or of sets."""
    for name, value in re.findall(r"(\w+)\s*=\s*([^;]*);", text):
        if "{" in value:
            yield name, [_numbers(some) for some in re.findall(r"\{(.*?)\}", value, re.DOTALL)]
        elif "[" in value:
            yield name, _numbers(value)
        else:
            yield name, int(value)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]
