"""Timetables of the published instances beside their bound and two simple peers; then those of brokerage.

`python -m benchmarks.meetings [PATTERN | b2bsp [PATTERN]]`. FAIRLINK_DATA names the folder of `meetings`.
Times are for one process, compiling left out.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.meetings import b2b, instances, peers
from fairlink.expo import Array
from fairlink.meetings.arrangement import BALLS, arrange
from fairlink.meetings.bound import bound
from fairlink.meetings.problem import Problem
from fairlink.meetings.watching import Course

HEAD = f"{'instance':24} {'method':26} {'gain / bound':>12} {'idle a day':>11} {'CPU s':>7} {'wall s':>7} {'MiB':>6}"


def main() -> int:
    data = os.environ.get("FAIRLINK_DATA")
    if not data:
        print("Set FAIRLINK_DATA to the folder of the data to measure timetables.", file=sys.stderr)
        return 0
    if sys.argv[1:2] == ["b2bsp"]:
        return int(b2b.compare(Path(data), *sys.argv[2:3]) > 0)
    files = instances.files(Path(data), sys.argv[1] if len(sys.argv) > 1 else "expo-*.npz")
    measure(instances.read(files[0]), "")  # compiles
    print(HEAD)
    for file in files:
        measure(instances.read(file), file.stem)
    if len(sys.argv) == 1:
        b2b.compare(Path(data))
    return 0


def measure(problem: Problem, name: str) -> None:
    """One line for each method; the bound belongs to ours, and its time is in ours."""
    upper_bound = 0

    def ours() -> Array:
        nonlocal upper_bound
        upper_bound, prices = bound(problem)
        return arrange(problem, prices, Course(problem), seed=0, balls=BALLS).entries["slot"]

    methods: dict[str, Callable[[], Array]] = {
        "Fairlink": ours,
        "greedy by value": lambda: peers.greedy_by_value(problem),
        "first come, first served": lambda: peers.first_come(problem),
    }
    for method, run in methods.items():
        wall, cpu = time.perf_counter(), time.process_time()
        slot = run()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        if name:
            share = problem.meetings["weight"][slot >= 0].sum() / upper_bound
            idle, days = instances.idle_and_days(problem, slot)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(
                f"{name:24} {method:26} {share:12.5f} {idle / days:11.2f} {cpu:7.2f} {wall:7.2f} {memory:6}"
            )


if __name__ == "__main__":
    sys.exit(main())
