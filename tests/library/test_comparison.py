"""Changes: two timetables of one expo, compared meeting by meeting."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from expos import draw_expo, draw_wanted, make_expo, make_wanted

from fairlink.expo import Wanted
from fairlink.meetings import Cancelled, changes, repair, schedule

ADA, BEN, CEM, DAN, EVE, FOX = range(6)
IDS = ("ada", "ben", "cem", "dan", "eve", "fox")


def test_each_meeting_is_told_once_whatever_its_row():
    expo = make_expo(IDS, slots=3, places=(("table", -1, 1), ("table", -1, 9)))
    old = schedule(
        expo,
        make_wanted((ADA, BEN, 9, 9), (ADA, CEM, 9, 9), (CEM, DAN, 9, 9), (EVE, FOX, 9, 9)),
        fixed=np.array([0, 1, 2, 0]),
    )
    new = schedule(
        expo,
        make_wanted((CEM, DAN, 9, 9), (BEN, DAN, 9, 9), (EVE, FOX, 9, 9), (ADA, BEN, 9, 9)),
        fixed=np.array([1, 2, 0, 0]),
    )
    old = replace(old, place=np.array([0, 0, 0, 0]))
    new = replace(new, place=np.array([0, 0, 1, 0]))

    found = changes(old, new)

    assert found.same.tolist() == [[0, 3]]
    assert found.elsewhere.tolist() == [[3, 2]]
    assert found.moved.tolist() == [[2, 0, 2, 1]]
    assert (found.new.tolist(), found.dropped.tolist()) == ([1], [1])
    assert found.counts == {"same": 1, "elsewhere": 1, "moved": 1, "new": 1, "dropped": 1}


def test_empty_timetables_have_no_changes():
    expo = make_expo(())
    timetable = schedule(expo, make_wanted())

    assert set(changes(timetable, timetable).counts.values()) == {0}


@pytest.mark.parametrize("seed", range(6))
def test_the_changes_of_a_repair_are_those_of_its_log(seed):
    expo = draw_expo(20, booths=4, tables=3, seed=seed)
    wanted = draw_wanted(expo, 110, seed=seed)
    old = schedule(expo, wanted, seed=seed)

    repaired = repair(expo, old, [Cancelled(3), Cancelled(5)], max_moves=1)

    found = changes(old, repaired.timetable)
    slots = (old.slot, repaired.timetable.slot)
    assert found.dropped.tolist() == np.flatnonzero((slots[0] >= 0) & (slots[1] < 0)).tolist()
    assert found.new.tolist() == np.flatnonzero((slots[0] < 0) & (slots[1] >= 0)).tolist()
    assert {row for row, *_ in found.moved.tolist()} <= {
        row for entry in repaired.log for row in (*entry.released, *(one[0] for one in entry.moved))
    }
    assert sum(found.counts.values()) == ((slots[0] >= 0) | (slots[1] >= 0)).sum()


@pytest.mark.parametrize("seed", range(4))
def test_the_same_timetable_over_other_rows_of_wanted_is_the_same(seed):
    expo = draw_expo(16, seed=seed)
    old = schedule(expo, draw_wanted(expo, 60, seed=seed), seed=seed)
    order = np.random.default_rng(seed).permutation(60)
    columns = ("slot", "place", "host", "guest", "host_delegate", "guest_delegate")
    rows = ("first", "second", "gain_first", "gain_second", "ahead")
    new = replace(
        old,
        wanted=Wanted(*(getattr(old.wanted, name)[order] for name in rows)),
        **{name: getattr(old, name)[order] for name in columns},
    )

    found = changes(old, new)

    assert found.counts == {"same": old.held.sum(), "elsewhere": 0, "moved": 0, "new": 0, "dropped": 0}
    assert old.wanted.first[found.same[:, 0]].tolist() == new.wanted.first[found.same[:, 1]].tolist()
