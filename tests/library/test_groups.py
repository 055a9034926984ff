"""Wishes for any of these: of a group only some are held, and another takes the place of one that falls away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from expos import draw_expo, draw_wanted, make_expo, make_wanted, reorder
from timetable_faults import faults

from fairlink.expo import WISH_KINDS, Expo, Rules, Wanted, Wishes
from fairlink.meetings import Cancelled, Refused, check, objections, openings, repair, schedule, unplaced

ADA, BEN, CEM, DAN = range(4)
IDS = ("ada", "ben", "cem", "dan")
THREE = make_wanted((ADA, BEN, 50, 50), (ADA, CEM, 90, 90), (ADA, DAN, 40, 40))
Grouped = tuple[int, int, int, int]  # organisation, partner, group or −1, how many of the group


def wishing(expo: Expo, *wishes: Grouped) -> Expo:
    columns = np.array(wishes, dtype=np.int64).reshape(-1, 4)
    want = np.full(len(columns), WISH_KINDS.index("want"))
    none = np.full(len(columns), -1)
    organisation, partner, group, choose = (column.copy() for column in columns.T)
    return replace(expo, wishes=Wishes(organisation, partner, want, none, group, choose))


def draw(seed: int, *, size: int = 20, wanted: int = 90) -> tuple[Expo, Wanted]:
    """An expo of whose wanted meetings a third stand in groups of a few, of the first or of the second of the two."""
    rules = (Rules(meeting_cap=4), Rules(meeting_cap=5, daily_cap=3), Rules(meeting_cap=6, longest_run=2))
    expo = draw_expo(size, booths=3, tables=2, seed=seed, rules=rules[seed % 3])
    asked, chance = draw_wanted(expo, wanted, seed=seed), np.random.default_rng(seed)
    found = []
    for first, second in zip(asked.first.tolist(), asked.second.tolist(), strict=True):
        for one, other in ((first, second), (second, first)):
            if chance.random() < 0.3:
                number = int(chance.integers(2))
                found.append((one, other, 2 * one + number, 1 + number))
    return wishing(expo, *found), asked


def test_of_a_group_the_best_that_finds_a_time_is_held():
    expo = wishing(make_expo(IDS, slots=3), (ADA, BEN, 0, 1), (ADA, CEM, 0, 1), (ADA, DAN, -1, 1))

    timetable = schedule(expo, THREE)

    assert timetable.held.tolist() == [False, True, True]
    assert timetable.upper_bound == timetable.gain == 1300
    assert check(expo, timetable) == ()


def test_where_the_best_has_no_time_another_of_the_group_is_held():
    expo = make_expo(IDS, slots=1, away=[(CEM, 0)])

    timetable = schedule(wishing(expo, *((ADA, one, 0, 1) for one in (BEN, CEM, DAN))), THREE)

    assert timetable.held.tolist() == [True, False, False]


def test_as_many_of_a_group_are_held_as_were_to_be_chosen():
    expo = make_expo(IDS, slots=3)

    timetable = schedule(wishing(expo, *((ADA, one, 0, 2) for one in (BEN, CEM, DAN))), THREE)

    assert timetable.held.tolist() == [True, True, False]


def test_one_whose_group_is_served_is_told_so_and_not_as_a_failure():
    expo = wishing(make_expo(IDS, slots=3), (ADA, BEN, 0, 1), (ADA, CEM, 0, 1))
    timetable = schedule(expo, THREE)

    (found,) = unplaced(expo, timetable)

    data = {"meeting": 0, "slot": found.data["slot"], "organisation": ADA, "other": 1, "most": 1}
    assert (found.row, found.code, found.data) == (0, "group_satisfied", data)
    assert found.remedy.code == "choose_more"
    assert {one.code for one in objections(expo, timetable, 0, 2)} == {"group_satisfied"}
    assert openings(expo, timetable, ADA, BEN) == ()


def test_when_one_falls_away_another_of_the_group_takes_its_place():
    expo = wishing(make_expo(IDS, slots=3), *((ADA, one, 0, 1) for one in (BEN, CEM, DAN)))
    timetable = schedule(expo, THREE)

    refused = repair(expo, timetable, [Refused(1)]).timetable
    gone = repair(expo, timetable, [Cancelled(CEM)]).timetable

    assert timetable.held.tolist() == [False, True, False]
    assert refused.held.tolist() == gone.held.tolist() == [True, False, False]


def test_a_check_finds_two_of_a_group():
    expo = make_expo(IDS, slots=3)
    timetable = schedule(expo, THREE)

    found = check(wishing(expo, (ADA, BEN, 0, 1), (ADA, CEM, 0, 1)), timetable)

    assert [one.code for one in found] == ["group_satisfied"]


@pytest.mark.parametrize("seed", range(24))
def test_no_timetable_breaks_a_rule_or_exceeds_its_bound(seed):
    expo, wanted = draw(seed)

    timetable = schedule(expo, wanted, seed=seed)

    assert faults(expo, timetable) == []
    assert check(expo, timetable) == ()
    assert 0.9 * timetable.upper_bound <= timetable.gain <= timetable.upper_bound
    left = unplaced(expo, timetable)
    assert len(left) == (~timetable.held).sum()
    assert any(one.code == "group_satisfied" for one in left)


@pytest.mark.parametrize("seed", range(6))
def test_the_best_of_a_small_expo_is_proved(seed):
    expo, wanted = draw(seed, size=10, wanted=25)

    found, best = schedule(expo, wanted), schedule(expo, wanted, exact=30.0)

    assert found.gain <= best.gain == best.upper_bound <= found.upper_bound
    assert faults(expo, best) == []


@pytest.mark.parametrize("seed", range(6))
def test_repairs_obey_groups_and_neither_rows_nor_runs_change_anything(seed):
    expo, wanted = draw(seed)
    timetable, again = (schedule(expo, wanted, seed=seed) for _ in range(2))
    other_expo, other_wanted = reorder(expo, wanted, seed=seed)
    other = schedule(other_expo, other_wanted, seed=seed)
    held = np.flatnonzero(timetable.held)

    healed = repair(expo, timetable, [Cancelled(1), Refused(int(held[0])), Refused(int(held[-1]))]).timetable

    assert (timetable.slot == again.slot).all()
    assert other.gain == timetable.gain
    assert faults(expo, healed) == []
