"""Play events to a timetable that stands, and say how long each took and what was lost.

    python benchmarks/meetings/repair.py INSTANCE.npz SCHEDULE.npz EVENTS.json --max-moves Q [--max-run K] --out OUT.npz

Times are per event, reading and compiling left out. `moved` counts meetings that no event released and that
stand in another slot at the end.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # run as a script, it sees its siblings, too

from benchmarks.meetings import instances
from fairlink.expo import Array
from fairlink.meetings.book import NOT_HELD
from fairlink.meetings.bound import bound
from fairlink.meetings.desk import Desk, Outcome
from fairlink.meetings.problem import Problem

Event = Mapping[str, Any]


def main(words: list[str] | None = None) -> int:
    call = _parser().parse_args(words)
    problem = instances.read(call.instance, longest_run=call.max_run)
    with np.load(call.instance) as archive:
        numbers = instances.numbers(archive)
    with np.load(call.schedule) as archive:
        slot = instances.from_numbered(call.instance, archive["slot"])
    told = json.loads(call.events.read_text(encoding="utf-8"))
    events = told["events"] if isinstance(told, dict) else told

    _compile(call.max_moves, call.max_run)
    desk = open_desk(problem, slot, call.max_moves)
    milliseconds, released = play(desk, events, numbers)

    now, undisturbed = desk.slot, np.ones(len(slot), dtype=bool)
    undisturbed[released] = False
    np.savez_compressed(call.out, slot=instances.as_numbered(call.instance, now))
    answer = {
        "median_ms": float(np.median(milliseconds or [0.0])),
        "p95_ms": float(np.quantile(milliseconds or [0.0], 0.95)),
        "moved": int((undisturbed & (slot != NOT_HELD) & (now != slot)).sum()),
        "gain": int(problem.meetings["weight"][now != NOT_HELD].sum()),
        "upper_bound": bound(desk.problem)[0],
    }
    print(json.dumps(answer))
    return 0


def open_desk(problem: Problem, slot: Array, max_moves: int) -> Desk:
    """Raises SystemExit where the timetable goes against a rule."""
    desk = Desk(problem, max_moves=max_moves)
    sides = {side: problem.parties["first"][problem.meetings[side]] for side in ("host", "guest")}
    lost = desk.seat(slot, sides, np.zeros(len(slot), dtype=bool))
    if len(lost):
        raise SystemExit(f"The timetable goes against the rules of the instance, first at edge {lost[0]}.")
    return desk


def play(desk: Desk, events: Sequence[Event], numbers: Array) -> tuple[list[float], list[int]]:
    """Milliseconds of each event, and every meeting that one released."""
    place = {int(number): row for row, number in enumerate(numbers)}
    milliseconds, released = [], []
    for event in events:
        slots = [place[slot] for slot in event.get("slots", ()) if slot in place]  # guards are no slots
        started = time.perf_counter()
        outcome = _play(desk, event, slots)
        milliseconds.append((time.perf_counter() - started) * 1e3)
        released += outcome.released
    return milliseconds, released


def _play(desk: Desk, event: Event, slots: list[int]) -> Outcome:
    match event["type"]:
        case "cancel_participant":
            return desk.cancel(event["participant"])
        case "unavailable":
            return desk.leave(event["participant"], slots)
        case "refuse_meeting":
            return desk.refuse(event["edge"])
        case "table_capacity":
            return desk.limit(0, dict.fromkeys(slots, event["tables"]))
    raise SystemExit(f"There is no event of the type {event['type']!r}.")


def _compile(max_moves: int, longest_run: int) -> None:
    """Play events of every type to the smallest problem there is."""
    problem = instances.tiny(longest_run)
    meetings, slots = len(problem.meetings), range(len(problem.slots))
    desk = open_desk(problem, np.full(meetings, NOT_HELD), max_moves)
    desk.limit(0, dict.fromkeys(slots, 2))
    desk.limit(0, dict.fromkeys(slots, 1))
    desk.leave(0, [0, 1])
    for meeting in range(meetings):
        desk.refuse(meeting)
    desk.cancel(1)
    bound(problem)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name in ("instance", "schedule", "events"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--max-moves", type=int, default=0, help="meetings that may move for one to be held")
    parser.add_argument("--max-run", type=int, default=0, help="meetings without a break; 0: no limit")
    parser.add_argument("--out", type=Path, required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())
