"""An expo of some organisations only: places taken by meetings that it does not show, delegates engaged elsewhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from expos import draw_expo, draw_wanted, make_expo, make_wanted
from folders import write_small
from timetable_faults import faults

from fairlink import files, records
from fairlink.errors import BadArray
from fairlink.expo import Engagements, Expo, Places, Rules
from fairlink.meetings import check, objections, schedule, unplaced
from fairlink.meetings.places import holds

ADA, BEN, CEM, DAN = range(4)
IDS = ("ada", "ben", "cem", "dan")


def with_taken(expo: Expo, *taken: tuple[int, int, int]) -> Expo:
    """Of (place, slot, meetings)."""
    counts = np.zeros(expo.places.open.shape, dtype=np.int64)
    for place, slot, meetings in taken:
        counts[place, slot] = meetings
    return replace(expo, places=replace(expo.places, taken=counts))


def engaged(expo: Expo, *times: tuple[int, int, int]) -> Expo:
    """Of (organisation, delegate, slot)."""
    columns = np.array(times, dtype=np.int64).reshape(-1, 3).T
    return replace(expo, engagements=Engagements(*(column.copy() for column in columns)))


def codes(expo: Expo, timetable, row: int, slot: int) -> list[str]:
    return [one.code for one in objections(expo, timetable, row, slot)]


def test_a_table_taken_by_others_is_not_given_away():
    expo = with_taken(make_expo(IDS, slots=2, places=(("table", -1, 1),)), (0, 0, 1))

    timetable = schedule(expo, make_wanted((ADA, BEN, 50, 50), (CEM, DAN, 50, 50)))

    assert sorted(timetable.slot.tolist()) == [-1, 1]
    row = int(np.argmin(timetable.slot))
    (full,) = objections(expo, timetable, row, 0)
    assert (full.code, full.data["capacity"]) == ("no_table", 1)


def test_of_two_tables_the_one_that_is_left_is_given():
    expo = make_expo(IDS, slots=1, places=(("table", -1, 1), ("table", -1, 1)))

    timetable = schedule(with_taken(expo, (0, 0, 1)), make_wanted((ADA, BEN, 50, 50)))

    assert timetable.place.tolist() == [1]
    assert check(with_taken(expo, (1, 0, 1)), timetable)[0].code == "no_table"


def test_a_booth_receives_no_more_than_its_places_that_are_left():
    expo = make_expo(IDS, slots=1, places=(("booth", ADA, 2),), delegates=(2, 1, 1, 1))
    wanted = make_wanted((ADA, BEN, 50, 50), (ADA, CEM, 40, 40))

    timetable = schedule(with_taken(expo, (0, 0, 1)), wanted)

    assert timetable.held.tolist() == [True, False]
    assert codes(with_taken(expo, (0, 0, 1)), timetable, 1, 0) == ["no_table"]
    assert codes(expo, timetable, 1, 0) == []
    (left,) = unplaced(with_taken(expo, (0, 0, 1)), timetable)
    assert (left.code, left.data["kind"], left.remedy.code) == ("no_table", "booth", "add_table")


def test_the_next_booth_receives_who_the_first_has_no_room_for():
    places = (("booth", ADA, 1), ("booth", ADA, 1))
    expo = with_taken(make_expo(IDS, slots=1, places=places, delegates=(2, 1, 1, 1)), (0, 0, 1))

    timetable = schedule(expo, make_wanted((ADA, BEN, 50, 50), (ADA, CEM, 40, 40)))

    assert sorted(timetable.place.tolist()) == [0, 1]
    assert check(expo, timetable) == ()


def test_a_delegate_who_is_engaged_stays_away_and_another_goes():
    expo = engaged(make_expo(IDS, slots=1, delegates=(2, 1, 1, 1)), (ADA, 0, 0))

    timetable = schedule(expo, make_wanted((ADA, BEN, 50, 50), (ADA, CEM, 40, 40)))

    assert timetable.held.tolist() == [True, False]
    assert timetable.host_delegate.tolist() == [1, -1]
    assert codes(expo, timetable, 1, 0) == ["host_busy"]
    elsewhere = replace(timetable, host_delegate=np.array([0, -1]))
    assert [one.code for one in check(expo, elsewhere)] == ["outside_availability"]


def test_when_all_delegates_are_engaged_nobody_is_there():
    expo = engaged(make_expo(IDS, slots=1, delegates=(2, 1, 1, 1)), (ADA, 0, 0), (ADA, 1, 0), (ADA, 1, 0))

    timetable = schedule(expo, make_wanted((ADA, BEN, 50, 50)))

    assert (timetable.held.tolist(), timetable.upper_bound) == ([False], 0)
    assert codes(expo, timetable, 0, 0) == ["outside_availability"]


@pytest.mark.parametrize("seed", range(12))
def test_what_is_taken_or_engaged_holds_in_every_timetable(seed):
    chance = np.random.default_rng(seed)
    rules = (Rules(meeting_cap=6, daily_cap=3, longest_run=2), Rules(meeting_cap=5))[seed % 2]
    expo = draw_expo(20, booths=4, tables=3, seed=seed, rules=rules)
    open_, people = expo.places.open, expo.organisations
    expo = replace(expo, places=replace(expo.places, taken=chance.integers(0, 2, open_.shape)))
    party = np.repeat(np.arange(20), 2)
    expo = engaged(
        expo,
        *zip(
            party.tolist(),
            (chance.integers(0, 9, 40) % people.delegates[party]).tolist(),
            chance.integers(0, open_.shape[1], 40).tolist(),
            strict=True,
        ),
    )

    timetable = schedule(expo, draw_wanted(expo, 120, seed=seed))

    assert faults(expo, timetable) == []
    assert check(expo, timetable) == ()
    assert timetable.gain <= timetable.upper_bound
    held = np.flatnonzero(timetable.held)
    assert len(held) > 5
    sits = Counter(zip(timetable.place[held].tolist(), timetable.slot[held].tolist(), strict=True))
    assert all(count + expo.places.taken[where] <= holds(expo)[where[0]] for where, count in sits.items())
    away = set(
        zip(
            *(getattr(expo.engagements, name).tolist() for name in ("organisation", "delegate", "slot")),
            strict=True,
        )
    )
    for side in ("host", "guest"):
        who, delegate = getattr(timetable, side)[held], getattr(timetable, f"{side}_delegate")[held]
        seats = set(zip(who.tolist(), delegate.tolist(), timetable.slot[held].tolist(), strict=True))
        assert not seats & away


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ((ADA, 1, 0), "engagements.delegate: row 0 says 1"),
        ((ADA, -1, 0), "engagements.delegate: row 0 says -1"),
        ((-1, 0, 0), "engagements.organisation: row 0 says -1"),
        ((ADA, 0, 5), "engagements.slot: row 0 points at 5"),
    ],
)
def test_an_engagement_of_nobody_is_named(time, said):
    with pytest.raises(BadArray, match=said):
        engaged(make_expo(IDS), time)


def test_a_negative_count_of_places_taken_is_named():
    with pytest.raises(BadArray, match=r"places\.taken: row 0, slot 1 says -2"):
        with_taken(make_expo(IDS), (0, 1, -2))


def test_places_say_nothing_taken_unless_told():
    places = make_expo(IDS).places

    assert isinstance(places, Places)
    assert places.taken.tolist() == [[0, 0]]


def test_what_no_table_tells_of_is_told_by_ids(tmp_path):
    tables = files.read_records(write_small(tmp_path))
    plain = records.build(tables)
    place, slot, organisation = plain.places.ids[0], plain.slots.ids[1], plain.ids[2]

    expo = records.build(tables, engagements=[(organisation, 0, slot)], taken={(place, slot): 1})

    assert np.argwhere(expo.places.taken).tolist() == [[0, 1]]
    assert (expo.engagements.organisation.tolist(), expo.engagements.slot.tolist()) == ([2], [1])
    with pytest.raises(BadArray, match="engagements: nothing is called 'nobody'"):
        records.build(tables, engagements=[("nobody", 0, slot)])
    with pytest.raises(BadArray, match="taken: nothing is called 'nowhere'"):
        records.build(tables, taken={("nowhere", slot): 1})
