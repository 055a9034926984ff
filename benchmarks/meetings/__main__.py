"""Timetables of the published instances beside their bound and three simple peers; then those of brokerage.

`python -m benchmarks.meetings [PATTERN | SIZE … | b2bsp [PATTERN]]`: a SIZE is that of a market to generate.
FAIRLINK_DATA names the folder of `meetings`. Times are for one process, compiling left out.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.meetings import b2b, instances, market, peers
from fairlink.expo import Array
from fairlink.meetings.arrangement import BALLS, arrange
from fairlink.meetings.bound import bound
from fairlink.meetings.warming import warm
from fairlink.meetings.watching import Course

HEAD = f"{'instance':24} {'method':26} {'gain / bound':>12} {'idle a day':>11} {'CPU s':>7} {'wall s':>7} {'MiB':>6}"


def main() -> int:
    if sys.argv[1:2] and sys.argv[1].isdigit():
        warm()
        print(HEAD)
        for size in sys.argv[1:]:
            measure(market.market(int(size)), f"generated-{size}")
        return 0
    data = os.environ.get("FAIRLINK_DATA")
    if not data:
        print("Set FAIRLINK_DATA to the folder of the data to measure timetables.", file=sys.stderr)
        return 0
    if sys.argv[1:2] == ["b2bsp"]:
        return int(b2b.compare(Path(data), *sys.argv[2:3]) > 0)
    files = instances.files(Path(data), sys.argv[1] if len(sys.argv) > 1 else "expo-*.npz")
    warm()
    print(HEAD)
    for file in files:
        with np.load(file) as archive:
            measure(dict(archive), file.stem)
    if len(sys.argv) == 1:
        b2b.compare(Path(data))
    return 0


def measure(given: dict[str, Array], name: str) -> None:
    """One line for each method; the bound belongs to ours, and its time is in ours."""
    problem, upper_bound = instances.assembled(given), 0

    def ours() -> Array:
        nonlocal upper_bound
        upper_bound, prices = bound(problem)
        return arrange(problem, prices, Course(problem), seed=0, balls=BALLS).entries["slot"]

    methods: dict[str, Callable[[], Array]] = {
        "Fairlink": ours,
        "greedy by value": lambda: peers.greedy_by_value(problem),
        "mutual first": lambda: peers.mutual_first(problem, given["mutual"].astype(bool)),
        "first come, first served": lambda: peers.first_come(problem),
    }
    for method, run in methods.items():
        wall, cpu = time.perf_counter(), time.process_time()
        slot = run()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        share = problem.meetings["weight"][slot >= 0].sum() / upper_bound
        idle, days = instances.idle_and_days(problem, slot)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{name:24} {method:26} {share:12.5f} {idle / days:11.2f} {cpu:7.2f} {wall:7.2f} {memory:6}")


if __name__ == "__main__":
    sys.exit(main())
