"""One instance from file to file: `solve.py INSTANCE.npz --seconds S [--max-run K] [--seed N] --out OUT.npz`.

Writes `slot`, one for each wanted meeting in the file's numbering (−1: not held), and `upper_bound`. The seconds
begin when the instance is read and everything is compiled.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script, not as a module

from benchmarks.meetings import instances
from fairlink.expo import Array
from fairlink.meetings.arrangement import arrange
from fairlink.meetings.bound import bound
from fairlink.meetings.problem import Problem
from fairlink.meetings.warming import warm
from fairlink.meetings.watching import Course, Standing

FINISH = 0.1  # of the seconds, kept for the last polish
ENDLESS = 1 << 40  # rounds


def main(words: list[str] | None = None) -> int:
    call = _parser().parse_args(words)
    if not call.instance.exists():
        print(f"{call.instance}: there is no such file.", file=sys.stderr)
        return 2
    problem = instances.read(call.instance, longest_run=call.max_run)
    print("compiling (once) …", file=sys.stderr, flush=True)
    warm()
    started, last = time.perf_counter(), 0.0

    def watch(now: Standing) -> None:
        nonlocal last
        at = time.perf_counter() - started
        if call.watch and at - last >= 1:
            last = at
            share = now.gain / max(now.bound, 1)
            print(f"{at:6.1f} s  {now.stage:12} {share:.5f}  idle {now.idle}", file=sys.stderr, flush=True)

    slot, upper_bound = solve(problem, call.seconds, call.seed, watch if call.watch else None)
    took = time.perf_counter() - started
    gain = int(problem.meetings["weight"][slot >= 0].sum())
    np.savez_compressed(call.out, slot=instances.as_numbered(call.instance, slot), upper_bound=upper_bound)
    print(
        f"{gain} of at most {upper_bound} ({gain / max(upper_bound, 1):.5f}) in {took:.2f} s", file=sys.stderr
    )
    return 0


def solve(
    problem: Problem, seconds: float, seed: int = 0, watch: Callable[[Standing], None] | None = None
) -> tuple[Array, int]:
    """The slot of each meeting (−1: not held) and the bound, after so many seconds at most."""
    started = time.perf_counter()
    course = Course(
        problem,
        stop=lambda: time.perf_counter() - started > 0.95 * seconds,
        soon=lambda: time.perf_counter() - started > (1 - FINISH) * seconds,
        watch=watch,
    )
    course.bound, prices = bound(problem)
    book = arrange(problem, prices, course, seed=seed, balls=ENDLESS, exact=seconds / 2)
    return book.entries["slot"].copy(), course.bound


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("instance", type=Path)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--max-run", type=int, default=0, help="meetings without a break; 0: no limit")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--watch", action="store_true", help="say once a second how it stands")
    return parser


if __name__ == "__main__":
    sys.exit(main())
