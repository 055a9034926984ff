"""A timetable in the making: watched, stopped, searched; the same on any number of threads, and near a known best."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from expos import draw_expo, draw_wanted
from hypothesis import given, settings
from hypothesis import strategies as st
from timetable_faults import faults

from benchmarks.meetings import instances, market, peers
from benchmarks.meetings.solve import solve
from fairlink.expo import Rules
from fairlink.meetings import bound as bounds
from fairlink.meetings import check, construction, displacement, exchange, improvement, polish, schedule
from fairlink.meetings.arrangement import BALLS, arrange
from fairlink.meetings.bound import bound
from fairlink.meetings.warming import warm
from fairlink.meetings.watching import Course


def draw(seed, rules=Rules(meeting_cap=6, longest_run=2)):  # noqa: B008  frozen
    expo = draw_expo(24, booths=4, tables=3, seed=seed, rules=rules)
    return expo, draw_wanted(expo, 150, seed=seed)


def timetable(problem):
    upper_bound, prices = bound(problem)
    return upper_bound, arrange(problem, prices, Course(problem), seed=0, balls=BALLS).entries["slot"]


def test_who_watches_sees_the_gain_below_the_bound_and_last_what_is_returned():
    expo, wanted = draw(1)
    seen = []

    found = schedule(expo, wanted, watch=seen.append)

    assert all(0 <= one.gain <= one.bound == found.upper_bound for one in seen)
    assert (seen[-1].gain, seen[-1].held) == (found.gain, found.held.sum())
    met = np.union1d(wanted.first[found.held], wanted.second[found.held])
    assert seen[-1].alone == len(np.setdiff1d(np.union1d(wanted.first, wanted.second), met))


@pytest.mark.parametrize("asked", [1, 2, 3, 5, 8, 13, 21])
def test_whoever_stops_a_run_gets_a_timetable_that_keeps_the_rules_and_says_so(asked):
    expo, wanted = draw(2)
    left = iter(range(asked))

    found = schedule(expo, wanted, stop=lambda: next(left, None) is None)

    assert found.provenance.parameters["stopped"] is True
    assert faults(expo, found) == []
    assert check(expo, found) == ()


def test_a_run_that_nobody_stops_does_not_say_that_it_was():
    expo, wanted = draw(2)

    assert "stopped" not in schedule(expo, wanted, stop=lambda: False).provenance.parameters


def test_the_same_seed_gives_the_same_timetable_on_one_thread_and_on_two():
    expo, wanted = draw(3)

    alone = schedule(expo, wanted, seed=5, balls=40)
    with ThreadPoolExecutor(2) as threads:
        both = list(threads.map(lambda _: schedule(expo, wanted, seed=5, balls=40), range(2)))

    assert all((one.slot == alone.slot).all() and (one.place == alone.place).all() for one in both)


@pytest.mark.parametrize("rules", [Rules(meeting_cap=9), Rules(meeting_cap=5, longest_run=1, daily_cap=3)])
@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_searched_timetables_keep_the_rules_and_stay_below_the_bound(seed, rules):
    expo, wanted = draw(seed, rules)

    found = schedule(expo, wanted, seed=seed, balls=40)

    assert faults(expo, found) == []
    assert found.gain <= found.upper_bound


@pytest.mark.parametrize(("full", "share"), [(0.8, 0.995), (0.9, 0.99), (1.0, 0.975)])
def test_a_planted_timetable_is_nearly_found_and_its_gain_is_the_bound(full, share):
    given_, best = market.planted(200, full)
    problem = instances.assembled(given_)

    upper_bound, slot = timetable(problem)

    assert best <= upper_bound <= best + 1
    assert share * best <= problem.meetings["weight"][slot >= 0].sum() <= best


@pytest.mark.parametrize("longest_run", [0, 3])
def test_waits_are_at_most_half_of_those_of_a_timetable_by_value(longest_run):
    problem = instances.assembled(market.market(400), longest_run=longest_run)

    _, slot = timetable(problem)

    idle, days = instances.idle_and_days(problem, slot)
    theirs, their_days = instances.idle_and_days(problem, peers.greedy_by_value(problem))
    assert idle / days < 0.5 * theirs / their_days


def test_seconds_end_a_run_with_slots_of_the_file_and_a_bound():
    problem = instances.assembled(market.market(100))

    slot, upper_bound = solve(problem, 0.5)

    assert 0 < problem.meetings["weight"][slot >= 0].sum() <= upper_bound


def test_after_warming_a_large_expo_compiles_nothing_more(monkeypatch):
    warm()
    before = compiled_versions()

    monkeypatch.setattr(bounds, "EXACT", 0)
    timetable(instances.assembled(market.market(60)))

    assert compiled_versions() == before


def compiled_versions():
    """How often each loop was compiled, by its name."""
    rooms = (bounds, construction, displacement, exchange, improvement, polish)
    loops = {f"{r.__name__}.{name}": loop for r in rooms for name, loop in vars(r).items()}
    return {name: len(loop.signatures) for name, loop in loops.items() if hasattr(loop, "signatures")}
