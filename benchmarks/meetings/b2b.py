"""Solve one instance of brokerage: `python benchmarks/meetings/b2b.py FILE.dzn --seconds S [--fairness D] --json`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.meetings import brokerage
from fairlink.errors import MissingPackage
from fairlink.meetings.brokerage import INFEASIBLE, NO_BREAKS, Plan, fewest_breaks

FAIRNESS = 2  # as in the paper
SECONDS = 60.0  # for each instance


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("instance", type=Path, help="MiniZinc data of a matchmaking event")
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help="after which the best so far is printed"
    )
    parser.add_argument(
        "--fairness", type=int, default=FAIRNESS, help="breaks two participants may differ by"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    call = parser.parse_args()
    try:
        plan, seconds = solve(brokerage.read(call.instance), call.seconds, call.fairness)
    except (OSError, KeyError, ValueError) as error:
        print(f"{call.instance} is no instance of brokerage: {error}", file=sys.stderr)
        return 2
    except MissingPackage as error:
        print(error, file=sys.stderr)
        return 1
    found = None if plan.breaks == NO_BREAKS else plan.breaks
    told = {"status": plan.status, "breaks": found, "seconds": round(seconds, 2)}
    print(json.dumps(told) if call.json else " ".join(f"{name} {value}" for name, value in told.items()))
    return 0


def compare(data: Path, pattern: str = "*") -> int:
    """A line for each public instance beside the number proved in the paper; how many were not reached."""
    best = json.loads((data / "meetings" / "b2bsp_best_known.json").read_text())
    files = sorted((data / "meetings" / "b2bsp").glob(f"{pattern}.dzn"))
    missed = 0
    print(
        f"{'instance':24} {'proved':>10} {'ours':>10} {'status':>10} {'CPU s':>7} {'wall s':>7} {'published s':>11}"
    )
    for file in files:
        known, instance, cpu = best[file.stem], brokerage.read(file), time.process_time()
        plan, seconds = solve(instance, SECONDS, known["fairness_d"])
        cpu = time.process_time() - cpu
        ours = "infeasible" if plan.status == INFEASIBLE else plan.breaks
        if plan.breaks != NO_BREAKS and plan.breaks != brokerage.breaks(instance, plan.slot):
            raise SystemExit(f"{file.stem}: {plan.breaks} breaks are said, others counted")
        if ours != known["best"]:
            missed += 1
        published = known.get("published_seconds", "")
        print(
            f"{file.stem:24} {known['best']:>10} {ours:>10} {plan.status:>10} {cpu:7.2f} {seconds:7.2f}"
            f" {published:>11}",
            flush=True,
        )
    print(f"{len(files) - missed} of {len(files)} reach the proved number")
    return missed


def solve(instance: brokerage.Instance, seconds: float, fairness: int) -> tuple[Plan, float]:
    """The plan and the seconds it took, with the making of the clauses."""
    started = time.monotonic()
    plan = fewest_breaks(
        instance.problem,
        instance.allowed,
        precedences=instance.precedences,
        fairness=fairness,
        stop=lambda: time.monotonic() - started > seconds,
    )
    return plan, time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
