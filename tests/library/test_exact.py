"""Small expos solved to the end: the best of all timetables, by the rules, and known to be the best."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from expos import draw_expo, draw_wanted, make_expo, make_wanted
from test_meetings import _placed
from timetable_faults import faults

from benchmarks.meetings import instances, market
from fairlink.expo import Rules
from fairlink.meetings import check, exact, schedule
from fairlink.meetings.arrangement import arrange
from fairlink.meetings.bound import bound
from fairlink.meetings.watching import Course

RULES = (
    Rules(),
    Rules(meeting_cap=2),
    Rules(meeting_cap=3, longest_run=1),
    Rules(daily_cap=2, longest_run=2),
)
ADA, BEN, CEM, DAN = range(4)
LONG = 60.0  # seconds, more than any of these needs
IDS = ("ada", "ben", "cem", "dan")


def test_three_who_all_want_to_meet_at_one_table_leave_a_bound_that_is_reached():
    expo = make_expo(IDS, slots=2, places=[("table", -1, 9)])
    wanted = make_wanted((ADA, BEN, 10, 10), (BEN, CEM, 20, 20), (ADA, CEM, 30, 30))

    found = schedule(expo, wanted, exact=LONG)

    assert found.gain == found.upper_bound == 500


@pytest.mark.parametrize("seed", range(24))
def test_a_small_timetable_is_the_best_of_all_and_its_bound_says_so(seed):
    rules = RULES[seed % len(RULES)]
    expo = draw_expo(5, days=1, slots=3, booths=1, tables=1, delegates=1, seed=seed, rules=rules)
    wanted = draw_wanted(expo, 5, seed=seed)

    found = schedule(expo, wanted, exact=LONG)

    best = max(
        found.wanted.weight[np.array(slots) >= 0].sum()
        for slots in product(range(-1, 3), repeat=len(wanted.first))
        if faults(expo, _placed(expo, found, slots)) == []
    )
    assert found.gain == found.upper_bound == best


@pytest.mark.parametrize("delegates", [1, 3])
@pytest.mark.parametrize("rules", RULES)
def test_what_is_proved_keeps_the_rules_and_is_reached(rules, delegates):
    expo = draw_expo(14, booths=3, tables=2, delegates=delegates, seed=4, rules=rules)
    wanted = draw_wanted(expo, 60, seed=4)

    found = schedule(expo, wanted, exact=LONG)

    assert found.gain == found.upper_bound
    assert faults(expo, found) == []
    assert check(expo, found) == ()


def test_fixed_meetings_stay_in_the_best_timetable():
    expo = draw_expo(14, booths=3, tables=2, delegates=1, seed=5, rules=Rules(meeting_cap=4, longest_run=2))
    wanted = draw_wanted(expo, 60, seed=5)
    by_value = schedule(expo, wanted, balls=0)
    fixed = np.where(np.arange(60) % 3 == 0, by_value.slot, -1)

    found = schedule(expo, wanted, fixed=fixed, exact=LONG)

    assert (fixed >= 0).sum() > 3
    assert found.slot[fixed >= 0].tolist() == fixed[fixed >= 0].tolist()
    assert by_value.gain <= found.gain == found.upper_bound
    assert check(expo, found) == ()


def test_a_market_is_solved_where_the_search_alone_is_not_at_its_end(monkeypatch):
    problem = instances.assembled(market.market(24), longest_run=2)
    upper_bound, prices = bound(problem)

    def gain(course):
        book = arrange(problem, prices, course, seed=0, balls=20, exact=LONG)
        return problem.meetings["weight"][book.entries["slot"] >= 0].sum()

    course = Course(problem, bound=upper_bound)
    with_it = gain(course)
    monkeypatch.setattr(exact, "PEOPLE", 0)

    assert gain(Course(problem, bound=upper_bound)) < with_it == course.bound


def test_the_same_input_gives_the_same_best_timetable():
    expo = draw_expo(20, booths=4, tables=3, seed=6, rules=Rules(meeting_cap=6, longest_run=2))
    wanted = draw_wanted(expo, 120, seed=6)

    one, other = schedule(expo, wanted, seed=1, exact=LONG), schedule(expo, wanted, seed=1, exact=LONG)

    assert one.slot.tolist() == other.slot.tolist()
    assert (one.gain, one.upper_bound) == (other.gain, other.upper_bound)
