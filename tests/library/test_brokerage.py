"""Brokerage: all meetings held, the fewest breaks, proved against every timetable there is."""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fairlink.errors import MissingPackage
from fairlink.meetings import maxsat
from fairlink.meetings.brokerage import fewest_breaks, possible
from fairlink.meetings.problem import assemble

ROOT = Path(__file__).resolve().parents[2]


def problem(pairs, *, slots, tables, free=None, delegates=None, day=None, **rules):
    """Meetings of pairs of parties at shared tables."""
    pairs = np.array(pairs).reshape(-1, 2)
    n = int(pairs.max(initial=0)) + 1
    day = np.zeros(slots, dtype=np.int64) if day is None else np.array(day)
    nothing = np.zeros(len(pairs), dtype=np.int64)
    return assemble(
        meetings={
            "weight": nothing + 1,
            "host": pairs[:, 0],
            "guest": pairs[:, 1],
            "barred": nothing,
            "venue": nothing,
            "pool": nothing,
        },
        slots={"day": day, "follows": np.append(False, np.diff(day) == 0)},
        cap=np.full(n, slots * 9),
        delegates=np.ones(n, dtype=np.int64) if delegates is None else np.array(delegates),
        available=np.ones((n, slots), dtype=bool) if free is None else free,
        opened=np.ones((1, slots), dtype=bool),
        capacity=np.full((1, slots), tables),
        **rules,
    )


def gaps(one, slot):
    """Breaks of each party that has meetings, counted by hand."""
    counts = []
    for party in range(len(one.parties)):
        mine = np.flatnonzero((one.meetings["host"] == party) | (one.meetings["guest"] == party))
        if not len(mine):
            continue
        count = 0
        for day in np.unique(one.slots["day"]):
            sits = sorted(slot[m] for m in mine if one.slots["day"][slot[m]] == day)
            count += sum(after - before > 1 for before, after in itertools.pairwise(sits))
        counts.append(count)
    return counts


def obeys(one, slot, allowed):
    pairs = list(zip(one.meetings["host"].tolist(), one.meetings["guest"].tolist(), strict=True))
    for when in range(len(one.slots)):
        here = np.flatnonzero(slot == when)
        parties = [party for m in here for party in pairs[m]]
        if len(parties) != len(set(parties)) or len(here) > one.capacity[0, when]:
            return False
    return bool(allowed[np.arange(len(slot)), slot].all())


def by_brute_force(one, allowed, fairness=None, precedences=()):
    """The fewest breaks over all timetables; None where there is none."""
    best = None
    for slots in itertools.product(range(len(one.slots)), repeat=len(one.meetings)):
        slot = np.array(slots)
        if not obeys(one, slot, allowed) or any(slot[a] >= slot[b] for a, b in precedences):
            continue
        counts = gaps(one, slot)
        if fairness is not None and max(counts) - min(counts) > fairness:
            continue
        best = sum(counts) if best is None else min(best, sum(counts))
    return best


def test_two_meetings_that_can_only_stand_apart_leave_one_break():
    one = problem([(0, 1), (0, 2)], slots=3, tables=1)
    allowed = np.array([[True, False, False], [False, False, True]])

    plan = fewest_breaks(one, allowed)

    assert (plan.status, plan.breaks, plan.fewest, plan.slot.tolist()) == ("optimal", 1, 1, [0, 2])


def test_a_night_is_no_break():
    one = problem([(0, 1), (0, 2)], slots=4, tables=1, day=[0, 0, 1, 1])
    allowed = np.array([[True, False, False, False], [False, False, False, True]])

    assert fewest_breaks(one, allowed).breaks == 0


def test_more_meetings_than_slots_cannot_be_held():
    one = problem([(0, 1), (0, 2), (0, 3)], slots=2, tables=3)

    plan = fewest_breaks(one, possible(one))

    assert (plan.status, plan.breaks, plan.slot.tolist()) == ("infeasible", -1, [-1, -1, -1])


def test_two_delegates_hold_what_one_cannot():
    one = problem([(0, 1), (0, 2), (0, 3)], slots=2, tables=3, delegates=[2, 1, 1, 1])

    plan = fewest_breaks(one, possible(one))

    assert plan.status == "optimal"
    assert len({(slot, host) for slot, (host, _) in zip(plan.slot, plan.calendars, strict=True)}) == 3


def test_a_run_that_is_too_long_is_broken_once():
    one = problem([(0, 1), (0, 2), (0, 3)], slots=4, tables=3, longest_run=2)

    assert fewest_breaks(one, possible(one)).breaks == 1


def test_no_day_has_more_meetings_than_its_cap():
    one = problem([(0, 1), (0, 2), (0, 3)], slots=4, tables=3, day=[0, 0, 1, 1], daily_cap=1)

    assert fewest_breaks(one, possible(one)).status == "infeasible"


@pytest.mark.parametrize("seed", range(40))
def test_no_timetable_has_fewer_breaks(seed):
    chance = np.random.default_rng(seed)
    n, slots = int(chance.integers(3, 6)), int(chance.integers(3, 6))
    every = list(itertools.combinations(range(n), 2))
    pairs = [every[row] for row in chance.permutation(len(every))[: int(chance.integers(2, 6))]]
    free = chance.random((n, slots)) < 0.8
    one = problem(pairs, slots=slots, tables=int(chance.integers(1, 3)), free=free[: np.max(pairs) + 1])
    fairness = [None, 0, 1][seed % 3]
    precedences = [(0, 1)] if seed % 4 == 0 else []
    allowed = possible(one)

    plan = fewest_breaks(
        one, allowed, fairness=fairness, precedences=np.array(precedences, dtype=np.int64).reshape(-1, 2)
    )

    best = by_brute_force(one, allowed, fairness, precedences)
    if best is None:
        assert plan.status == "infeasible"
        return
    assert (plan.status, plan.breaks, plan.fewest) == ("optimal", best, best)
    assert obeys(one, plan.slot, allowed)
    assert sum(gaps(one, plan.slot)) == best


def test_stopped_at_once_it_says_what_it_does_not_know():
    one = problem([(0, 1), (0, 2)], slots=3, tables=1)

    plan = fewest_breaks(one, possible(one), stop=lambda: True)

    assert (plan.status, plan.breaks) == ("unknown", -1)


def test_a_missing_package_is_named_with_its_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "pysat.solvers", None)

    with pytest.raises(MissingPackage, match=r"pip install 'fairlink\[exact\]'"):
        maxsat.minimise([[1]], [1], None, lambda: False)


@pytest.mark.parametrize("name", ["tic-12.original", "forumt-14crafd.original", "tic-13.forb0003"])
def test_public_instances_reach_the_proved_number(name):
    data = os.environ.get("FAIRLINK_DATA")
    if not data:
        pytest.skip("FAIRLINK_DATA names no folder with the public instances")
    folder = Path(data) / "meetings"
    best = json.loads((folder / "b2bsp_best_known.json").read_text())[name]["best"]
    command = [sys.executable, ROOT / "benchmarks/meetings/b2b.py", folder / f"b2bsp/{name}.dzn"]

    told = subprocess.run(
        [*command, "--seconds", "300", "--json"], check=True, capture_output=True, text=True
    ).stdout

    found = json.loads(told)
    expected = ("infeasible", None) if best == "infeasible" else ("optimal", best)
    assert (found["status"], found["breaks"]) == expected
