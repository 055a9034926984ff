"""Fixed meetings: held where they are fixed, whatever else is; two that collide are refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from expos import draw_expo, draw_wanted, make_expo, make_wanted
from timetable_faults import faults

from fairlink.errors import BadArray
from fairlink.expo import Rules
from fairlink.meetings import check, schedule

ADA, BEN, CEM, DAN = range(4)
IDS = ("ada", "ben", "cem", "dan")


def test_a_fixed_meeting_is_held_in_its_slot_though_a_better_one_wants_it():
    expo = make_expo(IDS, slots=2, away=[(CEM, 0)])
    wanted = make_wanted((ADA, BEN, 10, 10), (ADA, CEM, 90, 90))

    assert schedule(expo, wanted, fixed=np.array([1, -1])).slot.tolist() == [1, -1]
    assert schedule(expo, wanted).slot.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("fixed", "said"),
    [
        ([0, 0], "fixed: row 1 cannot be held in slot 0"),
        ([-1, 1], "fixed: row 1 cannot be held in slot 1"),
        ([2, -1], "fixed: row 0 points at 2; there are 2 rows"),
        ([0], "fixed: one row for each wanted meeting"),
    ],
)
def test_what_cannot_be_fixed_is_named(fixed, said):
    expo = make_expo(IDS, slots=2, away=[(CEM, 1)])

    with pytest.raises(BadArray, match=said):
        schedule(expo, make_wanted((ADA, BEN, 10, 10), (ADA, CEM, 90, 90)), fixed=np.array(fixed))


@pytest.mark.parametrize("seed", range(10))
def test_fixed_meetings_stay_and_all_rules_hold(seed):
    chance = np.random.default_rng(seed)
    rules = (Rules(meeting_cap=6, daily_cap=3, longest_run=2), Rules(meeting_cap=5))[seed % 2]
    expo = draw_expo(20, booths=4, tables=3, seed=seed, rules=rules, delegates=1)
    wanted = draw_wanted(expo, 120, seed=seed)
    stays = chance.random(120) < 0.4
    fixed = np.where(stays, schedule(expo, wanted, seed=seed).slot, -1)

    timetable = schedule(expo, replace(wanted, gain_first=wanted.gain_second), seed=seed, fixed=fixed)

    assert (fixed >= 0).sum() > 5
    assert timetable.slot[fixed >= 0].tolist() == fixed[fixed >= 0].tolist()
    assert faults(expo, timetable) == []
    assert check(expo, timetable) == ()
