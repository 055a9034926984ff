"""When two organisations could meet: openings agree with objections, and the nearest opening is found."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from expos import draw_expo, draw_wanted, make_expo, make_wanted
from timetable_faults import faults

from fairlink.errors import BadArray
from fairlink.expo import Rules
from fairlink.meetings import nearest, objections, openings, schedule
from fairlink.meetings.hours import NO_SLOT

ADA, BEN, CEM, DAN = range(4)
IDS = ("ada", "ben", "cem", "dan")


def test_a_pair_that_nobody_wanted_could_meet_where_both_are_free():
    expo = make_expo(IDS, slots=3, away=[(CEM, 1)])
    timetable = schedule(expo, make_wanted((ADA, BEN, 50, 50)), fixed=np.array([0]))

    assert openings(expo, timetable, CEM, ADA) == (2,)
    assert openings(expo, timetable, CEM, DAN) == (0, 2)
    (busy,) = objections(expo, timetable, (CEM, ADA), 0)
    assert (busy.code, busy.data["meeting"], busy.data["other"]) == ("host_busy", 1, 0)
    assert [one.code for one in objections(expo, timetable, (CEM, DAN), 1)] == ["outside_availability"]


def test_a_meeting_that_is_held_could_be_moved_to_and_stay_at():
    expo = make_expo(IDS, slots=3, places=(("table", -1, 1),))
    wanted = make_wanted((ADA, BEN, 50, 50), (CEM, DAN, 50, 50))
    timetable = schedule(expo, wanted, fixed=np.array([0, 1]))

    assert openings(expo, timetable, ADA, BEN) == (0, 2)
    assert nearest(expo, timetable, 0, 1) == 2  # as near as the first, and later
    assert nearest(expo, timetable, (BEN, ADA), 0) == 0
    assert nearest(expo, timetable, 0, 1, now=3) == NO_SLOT


def test_near_is_near_in_time_not_in_rows():
    expo = make_expo(IDS, days=2, slots=2, away=[(ADA, 1)])
    timetable = schedule(expo, make_wanted((ADA, BEN, 50, 50)))

    assert nearest(expo, timetable, 0, 1) == 0


def test_gains_that_are_given_stand_instead_of_those_wanted():
    expo = make_expo(IDS, slots=1)
    timetable = schedule(expo, make_wanted((ADA, BEN, 0, 50)))

    assert openings(expo, timetable, ADA, BEN) == ()
    assert openings(expo, timetable, BEN, ADA, gains=(5, 5)) == (0,)
    assert [one.code for one in objections(expo, timetable, (ADA, CEM), 0, gains=(0, 5))] == ["no_gain"]


@pytest.mark.parametrize("pair", [(ADA, ADA), (-1, BEN), (ADA, 4)])
def test_who_is_not_there_is_named(pair):
    expo = make_expo(IDS)
    timetable = schedule(expo, make_wanted((ADA, BEN, 50, 50)))

    with pytest.raises(BadArray):
        openings(expo, timetable, *pair)


def test_a_slot_or_row_that_is_not_there_is_named():
    expo = make_expo(IDS)
    timetable = schedule(expo, make_wanted((ADA, BEN, 50, 50)))

    with pytest.raises(BadArray, match="no slot 2"):
        nearest(expo, timetable, 0, 2)
    with pytest.raises(BadArray, match="no wanted meeting 1"):
        objections(expo, timetable, 1, 0)


@pytest.mark.parametrize("seed", range(6))
def test_openings_are_the_slots_without_objections_and_can_be_held(seed):
    rules = (Rules(meeting_cap=6, daily_cap=3, longest_run=2), Rules(meeting_cap=5))[seed % 2]
    expo = draw_expo(10, booths=2, tables=2, seed=seed, rules=rules)
    timetable = schedule(expo, draw_wanted(expo, 30, seed=seed))
    slots = range(len(expo.slots.ids))
    found = 0

    for pair in combinations(range(10), 2):
        clear = [slot for slot in slots if not objections(expo, timetable, pair, slot, gains=(9, 9))]
        assert openings(expo, timetable, *pair, gains=(9, 9)) == tuple(clear)
        found += len(clear)
    assert found > 20


@pytest.mark.parametrize("seed", range(6))
def test_an_opening_can_be_taken_without_moving_anybody(seed):
    expo = draw_expo(12, booths=2, tables=2, seed=seed, delegates=1)
    wanted = draw_wanted(expo, 40, seed=seed)
    timetable = schedule(expo, wanted)

    for row in range(len(wanted.first)):
        for slot in openings(expo, timetable, int(wanted.first[row]), int(wanted.second[row])):
            fixed = np.where(np.arange(40) == row, slot, timetable.slot)
            again = schedule(expo, wanted, fixed=fixed)
            assert again.slot[row] == slot
            assert faults(expo, again) == []
