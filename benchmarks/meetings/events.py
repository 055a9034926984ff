"""A stream of events by lot, as a day in the halls brings them: cancellations, late arrivals, refusals, tables.

python benchmarks/meetings/events.py INSTANCE.npz [--count 700] [--seed 0] --out EVENTS.json
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

SHARES = {"refuse_meeting": 0.4, "unavailable": 0.3, "cancel_participant": 0.2, "table_capacity": 0.1}
Event = dict[str, Any]


def draw(instance: dict[str, Any], count: int, seed: int) -> list[Event]:
    """So many events; the same for the same seed. Slots are numbered with the guards."""
    chance = np.random.default_rng(seed)
    stride, days = int(instance["stride"]), int(instance["days"])
    first = {day: day * stride for day in range(days)}
    events: list[Event] = []
    for kind in chance.choice(list(SHARES), size=count, p=list(SHARES.values())):
        begin = first[int(chance.integers(days))]
        length = int(chance.integers(1, stride))
        # From the morning on, or some hours in the middle of the day.
        start = begin if chance.random() < 0.5 else begin + int(chance.integers(stride - length))
        slots = list(range(start, start + length))
        if kind == "cancel_participant":
            events.append({"type": "cancel_participant", "participant": int(chance.integers(instance["n"]))})
        elif kind == "unavailable":
            who = int(chance.integers(instance["n"]))
            events.append({"type": "unavailable", "participant": who, "slots": slots})
        elif kind == "refuse_meeting":
            events.append({"type": "refuse_meeting", "edge": int(chance.integers(len(instance["w"])))})
        else:
            tables = int(instance["tables"][slots].max() * chance.uniform(0.8, 1.0))
            events.append({"type": "table_capacity", "slots": slots, "tables": tables})
    return events


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("instance", type=Path)
    parser.add_argument("--count", type=int, default=700)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    with np.load(given.instance) as archive:
        events = draw(dict(archive), given.count, given.seed)
    given.out.write_text(json.dumps({"events": events}) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
