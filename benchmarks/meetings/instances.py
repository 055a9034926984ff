"""The published instances, read straight into the engine's flat arrays."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from fairlink.expo import Array
from fairlink.meetings.problem import BOOTH, Problem, assemble

NEEDS_TABLE = 1  # in the files' `res`; a booth (0) and online (2) are never full


def files(data: Path, pattern: str) -> list[Path]:
    """The instances of a kind, small ones first."""
    found = [file for file in (data / "meetings" / "synthetic").glob(pattern) if ".best." not in file.name]
    return sorted(found, key=lambda file: (file.stat().st_size, file.name))


def read(file: Path, *, longest_run: int = 0) -> Problem:
    """One instance. The guard slot after each day is left out; a day is a stretch between guards."""
    with np.load(file) as archive:
        return assembled(dict(archive), longest_run=longest_run)


def assembled(given: Mapping[str, Array], *, longest_run: int = 0) -> Problem:
    """The problem of the arrays of a file."""
    slots, stride = numbers(given), int(given["stride"])
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
        longest_run=longest_run,
    )


def numbers(given: Mapping[str, Array]) -> Array:
    """int64 (slots,): the number in the file of each slot that is no guard."""
    every, stride = np.arange(int(given["S"])), int(given["stride"])
    kept: Array = every[every % stride != stride - 1]
    return kept


def as_numbered(file: Path, slot: Array) -> Array:
    """int16 (meetings,): slots by their numbers in the file."""
    with np.load(file) as archive:
        number = numbers(archive)
    return np.append(number, -1)[slot].astype(np.int16)


def from_numbered(file: Path, slot: Array) -> Array:
    """int64 (meetings,): slots as the file numbers them, as rows; −1 stays. Raises ValueError for a guard."""
    with np.load(file) as archive:
        number, size = numbers(archive), int(archive["S"])
    row = np.full(size + 1, -2)
    row[number], row[-1] = np.arange(len(number)), -1
    rows: Array = row[slot.astype(np.int64)]
    if (rows == -2).any():
        raise ValueError(f"slot: row {int(np.argmax(rows == -2))} stands in a guard slot")
    return rows


def idle_and_days(problem: Problem, slot: Array) -> tuple[int, int]:
    """Slots available but idle between first and last meetings, and participant-days with a meeting."""
    held = slot >= 0
    sits = np.zeros(problem.available.shape, dtype=bool)
    for side in ("host", "guest"):
        sits[problem.meetings[side][held], slot[held]] = True
    idle = days = 0
    for day in range(int(problem.slots["day"].max()) + 1):
        of_day = problem.slots["day"] == day
        busy = sits[:, of_day].any(axis=1)
        taken, available = sits[busy][:, of_day], problem.available[busy][:, of_day]
        begun = np.logical_or.accumulate(taken, axis=1)
        to_come = np.logical_or.accumulate(taken[:, ::-1], axis=1)[:, ::-1]
        idle += int((begun & to_come & ~taken & available).sum())
        days += len(taken)
    return idle, days
