"""The published instances, read straight into the engine's flat arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from fairlink.expo import Array
from fairlink.meetings.problem import BOOTH, Problem, assemble

NEEDS_TABLE = 1  # in the files' `res`; a booth (0) and online (2) are never full


def files(data: Path, pattern: str) -> list[Path]:
    """The instances of a kind, small ones first."""
    found = [file for file in (data / "meetings" / "synthetic").glob(pattern) if ".best." not in file.name]
    return sorted(found, key=lambda file: (file.stat().st_size, file.name))


def read(file: Path) -> Problem:
    """One instance. The guard slot after each day is left out; a day is a stretch between guards."""
    with np.load(file) as archive:
        given = dict(archive)
    every, stride = np.arange(given["S"]), int(given["stride"])
    slots = every[every % stride != stride - 1]
    nothing = np.zeros(len(given["w"]), dtype=np.int32)
    available = (given["avail"][:, None] >> slots.astype(np.uint64)) & np.uint64(1)
    return assemble(
        meetings={
            "weight": given["w"],
            "host": given["eu"],
            "guest": given["ev"],
            "barred": nothing,
            "venue": nothing,
            "pool": np.where(given["res"] == NEEDS_TABLE, 0, BOOTH),
        },
        slots={"day": slots // stride, "follows": np.append(False, np.diff(slots) == 1)},
        cap=given["cap"],
        delegates=np.ones(int(given["n"]), dtype=np.int32),
        available=available.astype(bool),
        opened=np.ones((1, len(slots)), dtype=bool),
        capacity=given["tables"][None, slots],
    )


def idle_and_days(problem: Problem, slot: Array) -> tuple[int, int]:
    """Idle slots between first and last meetings, and participant-days with a meeting."""
    held = slot >= 0
    sits = np.zeros(problem.available.shape, dtype=bool)
    for side in ("host", "guest"):
        sits[problem.meetings[side][held], slot[held]] = True
    idle = days = 0
    for day in range(int(problem.slots["day"].max()) + 1):
        taken = sits[:, problem.slots["day"] == day]
        busy = taken[taken.any(axis=1)]
        span = busy.shape[1] - busy[:, ::-1].argmax(axis=1) - busy.argmax(axis=1)
        idle += int((span - busy.sum(axis=1)).sum())
        days += len(busy)
    return idle, days
