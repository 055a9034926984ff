"""The floor: first meetings count for more, the bound knows it, and fewer end without one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from expos import draw_expo, draw_tongues, draw_wanted, make_expo, make_wanted
from timetable_faults import faults

from fairlink.expo import Array, Expo, Rules, Wanted
from fairlink.meetings import Cancelled, Freed, Timetable, repair, schedule
from fairlink.meetings import bound as bounds

ADA, BEN, CEM, DAN = range(4)
IDS = ("ada", "ben", "cem", "dan")
STEPS = (1, 2 / 3, 1 / 3)


def with_bonus(expo: Expo, points: int) -> Expo:
    rules = replace(expo.edition.rules, first_meetings_bonus=points)
    return replace(expo, edition=replace(expo.edition, rules=rules))


def draw(seed: int, points: int = 30) -> tuple[Expo, Wanted]:
    rules = (Rules(meeting_cap=3), Rules(meeting_cap=5, daily_cap=3), Rules(meeting_cap=6, longest_run=2))
    expo = draw_expo(24, booths=4, tables=2, seed=seed, rules=rules[seed % 3])
    expo = draw_tongues(expo, seed=seed) if seed % 2 else expo
    return with_bonus(expo, points), draw_wanted(expo, 110, seed=seed)


def meetings_of(expo: Expo, timetable: Timetable) -> Array:
    held = timetable.held
    both = np.concatenate((timetable.wanted.first[held], timetable.wanted.second[held]))
    return np.bincount(both, minlength=len(expo.ids))


def told_again(expo: Expo, timetable: Timetable) -> int:
    """The bonus, said a second time: whole, two thirds and a third of it for the first three meetings of each."""
    points = expo.edition.rules.first_meetings_bonus
    counts = meetings_of(expo, timetable).tolist()
    return sum(int(10 * points * share + 1e-9) for count in counts for share in STEPS[:count])


def test_without_the_rule_a_meeting_is_worth_its_weight():
    expo = make_expo(IDS[:3], slots=1)

    timetable = schedule(expo, make_wanted((ADA, BEN, 90, 90), (ADA, CEM, 89, 89)))

    assert (timetable.gain, timetable.bonus, timetable.worth) == (900, 0, 900)


def test_two_modest_meetings_of_four_go_before_two_better_ones_of_three():
    """At one table: ada meets ben twice as gladly, but then dan meets nobody."""
    expo = make_expo(IDS, slots=2, places=(("table", -1, 1),), rules=Rules(meeting_cap=2))
    wanted = make_wanted((ADA, BEN, 50, 50), (BEN, CEM, 48, 48), (CEM, DAN, 40, 40))

    plain, fair = schedule(expo, wanted), schedule(with_bonus(expo, 30), wanted)

    assert plain.held.tolist() == [True, True, False]
    assert fair.held.tolist() == [True, False, True]
    assert (fair.gain, fair.bonus, fair.upper_bound) == (900, 4 * 300, 2100)


def test_the_bonus_falls_with_each_meeting_and_ends_after_three():
    expo = make_expo(IDS, slots=6, rules=Rules(meeting_cap=6, first_meetings_bonus=30))
    expo = replace(expo, organisations=replace(expo.organisations, delegates=np.array([1, 1, 1, 1])))
    wanted = make_wanted((ADA, BEN, 50, 50), (ADA, CEM, 50, 50), (ADA, DAN, 50, 50))

    timetable = schedule(expo, wanted)

    assert timetable.bonus == (300 + 200 + 100) + 3 * 300
    assert timetable.worth == timetable.upper_bound == 1500 + 1500


@pytest.mark.parametrize("seed", range(20))
def test_no_timetable_is_worth_more_than_its_bound_or_breaks_a_rule(seed):
    expo, wanted = draw(seed)

    timetable = schedule(expo, wanted, seed=seed)

    assert faults(expo, timetable) == []
    assert timetable.bonus == told_again(expo, timetable)
    assert timetable.worth <= timetable.upper_bound
    assert timetable.worth >= 0.95 * timetable.upper_bound


@pytest.mark.parametrize("seed", range(8))
def test_the_bound_of_the_rule_holds_for_every_timetable_however_it_was_made(seed):
    expo, wanted = draw(seed)
    blind = schedule(with_bonus(expo, 0), wanted, seed=seed)
    seeing = schedule(expo, wanted, seed=seed)

    assert blind.gain + told_again(expo, blind) <= seeing.upper_bound


@pytest.mark.parametrize("seed", range(6))
def test_the_best_of_a_small_expo_is_proved_with_its_bonuses(seed):
    expo = with_bonus(draw_expo(10, booths=2, tables=1, seed=seed, rules=Rules(meeting_cap=3)), 40)
    wanted = draw_wanted(expo, 25, seed=seed)

    found, best = schedule(expo, wanted), schedule(expo, wanted, exact=30.0)

    assert found.worth <= best.worth == best.upper_bound <= found.upper_bound
    assert faults(expo, best) == []


@pytest.mark.parametrize("seed", range(4))
def test_descent_and_programme_prove_the_same_with_bonuses(seed, monkeypatch):
    expo, wanted = draw(seed)
    solved = schedule(expo, wanted, balls=0).upper_bound

    monkeypatch.setattr(bounds, "EXACT", 0)
    descended = schedule(expo, wanted, balls=0).upper_bound

    assert solved <= descended <= 1.03 * solved


def test_over_many_expos_fewer_are_without_a_meeting():
    """At one table, where those who are wanted most could sit all day."""

    def alone(points: int) -> int:
        count = 0
        for seed in range(6):
            expo = draw_expo(24, booths=0, tables=1, slots=6, seed=seed, rules=Rules(meeting_cap=8))
            wanted = draw_wanted(expo, 120, seed=seed)
            count += int((meetings_of(expo, schedule(with_bonus(expo, points), wanted, balls=0)) == 0).sum())
        return count

    assert alone(60) < alone(0)


@pytest.mark.parametrize("seed", range(4))
def test_a_repair_tells_the_bonus_that_is_left_and_the_same_seed_gives_the_same(seed):
    expo, wanted = draw(seed)
    timetable, again = (schedule(expo, wanted, seed=seed) for _ in range(2))
    held = np.flatnonzero(timetable.held)

    healed = repair(expo, timetable, [Cancelled(2), Freed(int(held[0]))]).timetable

    assert (timetable.slot == again.slot).all()
    assert healed.bonus == told_again(expo, healed)
