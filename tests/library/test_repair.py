"""Repair: events by hand, then streams of them by lot; rules hold, and nobody moves whom nothing touched."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from expos import draw_expo, draw_wanted, make_expo, make_wanted, reorder
from timetable_faults import faults

from fairlink.errors import BadArray
from fairlink.expo import PLACE_KINDS, Expo, Rules
from fairlink.meetings import (
    REPAIRS,
    Asked,
    Away,
    Back,
    Cancelled,
    Closed,
    Event,
    Freed,
    Opened,
    Refused,
    Tables,
    Timetable,
    check,
    repair,
    schedule,
)

ADA, BEN, CEM, DAN = range(4)
IDS = ("ada", "ben", "cem", "dan")
RULES = (Rules(meeting_cap=5), Rules(meeting_cap=6, daily_cap=3, longest_run=2))


def at(expo: Expo, wanted, *slots: int) -> Timetable:
    """The timetable in which the meetings are held in these slots, −1: not."""
    fixed = np.array(slots)
    timetable = schedule(expo, wanted, fixed=fixed)
    nowhere = np.where(fixed < 0, -1, 0)
    columns = ("slot", "place", "host_delegate", "guest_delegate")
    return replace(timetable, **{c: np.where(nowhere < 0, -1, getattr(timetable, c)) for c in columns})


# By hand


def test_who_cancels_meets_nobody_and_the_best_that_stands_by_moves_up():
    expo = make_expo(IDS, slots=1)
    wanted = make_wanted((ADA, BEN, 90, 90), (BEN, CEM, 20, 20), (BEN, DAN, 30, 30))

    repaired = repair(expo, at(expo, wanted, 0, -1, -1), [Cancelled(ADA)])

    assert repaired.timetable.slot.tolist() == [-1, -1, 0]
    (entry,) = repaired.log
    assert (entry.event, entry.code) == (0, "cancelled")
    assert (entry.released, entry.placed, entry.moved) == ((0,), ((2, 0),), ())


def test_who_is_late_meets_later():
    expo = make_expo(IDS, slots=3)

    repaired = repair(expo, at(expo, make_wanted((ADA, BEN, 50, 50)), 0), [Away(ADA, (0, 1))])

    assert repaired.timetable.slot.tolist() == [2]
    assert (repaired.log[0].released, repaired.log[0].placed) == ((0,), ((0, 2),))


def test_another_delegate_goes_at_the_same_time():
    expo = make_expo(IDS, slots=2, delegates=(2, 1, 1, 1))

    repaired = repair(expo, at(expo, make_wanted((ADA, BEN, 50, 50)), 1), [Away(ADA, (0, 1), delegate=0)])

    assert repaired.timetable.slot.tolist() == [1]
    assert repaired.timetable.host_delegate.tolist() == [1]


def test_who_comes_back_can_meet_again():
    expo = make_expo(IDS, slots=1)
    timetable = at(expo, make_wanted((ADA, BEN, 50, 50)), 0)

    repaired = repair(expo, timetable, [Away(ADA, (0,)), Back(ADA, (0,))])

    assert [entry.placed for entry in repaired.log] == [(), ((0, 0),)]
    assert repaired.timetable.slot.tolist() == [0]


def test_a_refused_meeting_is_never_placed_again_and_its_time_is_offered():
    expo = make_expo(IDS, slots=2)
    wanted = make_wanted((ADA, BEN, 90, 90), (ADA, CEM, 10, 10))

    repaired = repair(expo, at(expo, wanted, 0, -1), [Refused(0), Asked(0)])

    assert repaired.timetable.slot[0] == -1
    assert repaired.timetable.slot[1] >= 0


def test_a_meeting_that_gives_up_its_time_finds_another_or_none():
    expo = make_expo(IDS, slots=2)
    timetable = at(expo, make_wanted((ADA, BEN, 90, 90)), 0)

    assert repair(expo, timetable, [Freed(0)]).timetable.slot.tolist() == [1]
    assert repair(expo, timetable, [Freed(0), Away(BEN, (1,)), Asked(0)]).timetable.slot.tolist() == [-1]


def test_from_a_closed_table_a_meeting_goes_to_a_free_one_at_the_same_time():
    expo = make_expo(IDS, slots=2, places=(("table", -1, 1), ("table", -1, 1)))
    wanted = make_wanted((ADA, BEN, 90, 90), (CEM, DAN, 80, 80))
    timetable = at(expo, wanted, 0, -1)

    repaired = repair(expo, timetable, [Closed(int(timetable.place[0]), (0,))])

    assert repaired.timetable.slot[0] == 0
    assert repaired.timetable.place[0] == 1
    assert repaired.log[0].released == ()


def test_only_meetings_of_the_closed_table_look_for_another_time():
    expo = make_expo(IDS, slots=2, places=(("table", -1, 1), ("table", -1, 1)))
    wanted = make_wanted((ADA, BEN, 90, 90), (CEM, DAN, 20, 20))
    timetable = at(expo, wanted, 0, 0)

    repaired = repair(expo, timetable, [Closed(int(timetable.place[0]), (0,))])

    assert repaired.timetable.slot.tolist() == [1, 0]
    assert repaired.timetable.place.tolist()[1] == timetable.place[1]


def test_a_closed_booth_and_a_booth_that_opens():
    expo = make_expo(IDS, slots=2, places=(("booth", ADA, 1),), away=[(BEN, 1)])
    timetable = at(expo, make_wanted((ADA, BEN, 90, 90)), 0)

    repaired = repair(expo, timetable, [Closed(0, (0, 1)), Opened(0, (0,))])

    assert [(entry.released, entry.placed) for entry in repaired.log] == [((0,), ()), ((), ((0, 0),))]


def test_with_fewer_tables_the_lightest_give_way():
    expo = make_expo(IDS, slots=1, places=(("table", -1, 2),))
    wanted = make_wanted((ADA, BEN, 90, 90), (CEM, DAN, 20, 20))

    repaired = repair(expo, at(expo, wanted, 0, 0), [Tables((0,), 1), Tables((0,), 2)])

    assert [(entry.released, entry.placed) for entry in repaired.log] == [((1,), ()), ((), ((1, 0),))]


def test_one_move_makes_room_for_a_displaced_meeting_and_none_does_not():
    # Ada and Ben are both free at 1 and 2 alone; Ben's meeting with Cem can move from 1 to 0.
    expo = make_expo(IDS, slots=3, away=[(ADA, 2), (BEN, 2), (CEM, 2)])
    wanted = make_wanted((ADA, BEN, 90, 90), (BEN, CEM, 20, 20))
    timetable = at(expo, wanted, 0, 1)
    late = [Away(ADA, (0,))]

    stays, moves = (repair(expo, timetable, late, max_moves=most) for most in (0, 1))

    assert stays.timetable.slot.tolist() == [-1, 1]
    assert moves.timetable.slot.tolist() == [1, 0]
    assert moves.log[0].moved == ((1, 1, 0),)


def test_a_locked_meeting_stays_unless_a_party_of_its_own_cancels():
    expo = make_expo(IDS, slots=2, places=(("table", -1, 1),))
    timetable = at(expo, make_wanted((ADA, BEN, 90, 90)), 0)
    locked = np.array([True])

    closed = repair(expo, timetable, [Closed(0, (0, 1))], locked=locked)
    cancelled = repair(expo, timetable, [Cancelled(BEN)], locked=locked)

    assert (closed.timetable.slot.tolist(), closed.timetable.place.tolist()) == ([0], [0])
    assert cancelled.timetable.slot.tolist() == [-1]


def test_what_is_past_stays_and_nothing_is_placed_there():
    expo = make_expo(IDS, slots=3)
    wanted = make_wanted((ADA, BEN, 90, 90), (ADA, CEM, 80, 80), (BEN, CEM, 10, 10))

    repaired = repair(expo, at(expo, wanted, 0, 2, -1), [Cancelled(ADA)], now=1)

    assert repaired.timetable.slot.tolist()[:2] == [0, -1]
    assert repaired.timetable.slot[2] in (1, 2)


def test_what_goes_against_a_changed_expo_is_healed_before_any_event():
    expo = make_expo(IDS, slots=2)
    timetable = at(expo, make_wanted((ADA, BEN, 90, 90)), 0)

    repaired = repair(make_expo(IDS, slots=2, away=[(ADA, 0)]), timetable, [])

    (entry,) = repaired.log
    assert (entry.event, entry.code, entry.released, entry.placed) == (-1, "changed", (0,), ((0, 1),))


def test_a_locked_meeting_against_a_changed_expo_is_kept_and_counts():
    expo = make_expo(IDS, slots=2, places=(("table", -1, 1),))
    wanted = make_wanted((ADA, BEN, 90, 90), (CEM, DAN, 10, 10))
    timetable = at(expo, wanted, 0, -1)
    changed = make_expo(IDS, slots=1, places=(("table", -1, 1),), away=[(ADA, 0)])

    repaired = repair(changed, replace(timetable), [Asked(1)], locked=np.array([True, False]))

    assert repaired.timetable.slot.tolist() == [0, -1]
    assert repair(changed, timetable, [Cancelled(ADA)]).timetable.slot.tolist() == [-1, 0]


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (Cancelled(4), r"event 0 \(cancelled\) names organisation 4; there are 4"),
        (Away(ADA, (2,)), "names slots 2; there are 2"),
        (Away(ADA, (0,), delegate=1), "names delegate 1; there are 1"),
        (Refused(1), "names row 1; there are 1"),
        (Closed(-1, (0,)), "names place -1; there are 1"),
        (Tables((0,), -1), "says -1 tables"),
    ],
)
def test_an_event_about_nothing_is_named(event, said):
    expo = make_expo(IDS)

    with pytest.raises(BadArray, match=said):
        repair(expo, at(expo, make_wanted((ADA, BEN, 90, 90)), 0), [event])


@pytest.mark.parametrize("size", [0, 1])
def test_the_smallest_expos_can_be_repaired(size):
    expo = make_expo(IDS[:size], slots=1)

    assert repair(expo, schedule(expo, make_wanted()), [Cancelled(0)] * size).timetable.slot.tolist() == []


# By lot


def draw_events(expo: Expo, wanted: int, count: int, seed: int) -> list[Event]:
    chance = np.random.default_rng(seed)

    def one(rows: int) -> int:
        return int(chance.integers(rows))

    def some() -> tuple[int, ...]:
        return tuple(sorted(set(chance.integers(0, len(expo.slots.ids), 3).tolist())))

    def event(kind: int) -> Event:
        organisation, place = one(len(expo.ids)), one(len(expo.places.ids))
        delegate = one(int(expo.organisations.delegates[organisation]) + 1) - 1
        return (
            Cancelled(organisation),
            Away(organisation, some(), delegate),
            Back(organisation, some(), delegate),
            Refused(one(wanted)),
            Freed(one(wanted)),
            Asked(one(wanted)),
            Closed(place, some()),
            Opened(place, some()),
            Tables(some(), one(4)),
        )[kind]

    return [event(one(9) if chance.random() < 0.9 else 0) for _ in range(count)]


def after(expo: Expo, events: list[Event]) -> Expo:
    """The expo that the events leave, stated anew."""
    available, opened = expo.organisations.available.copy(), expo.places.open.copy()
    for event in events:
        slots = list(getattr(event, "slots", ()))
        match event:
            case Cancelled():
                available[event.organisation] = False
            case Away(delegate=-1):
                available[event.organisation, slots] = False
            case Back():
                available[event.organisation, slots] = expo.organisations.available[event.organisation, slots]
            case Closed():
                opened[event.place, slots] = False
            case Opened():
                opened[event.place, slots] = True
            case _:
                pass
    return replace(
        expo,
        organisations=replace(expo.organisations, available=available),
        places=replace(expo.places, open=opened),
    )


@pytest.mark.parametrize("seed", range(16))
@pytest.mark.parametrize("moves", [0, 1, 3])
def test_after_a_stream_of_events_the_rules_hold_and_undisturbed_meetings_stand(seed, moves):
    expo = draw_expo(20, booths=4, tables=3, seed=seed, rules=RULES[seed % 2])
    wanted = draw_wanted(expo, 110, seed=seed)
    timetable = schedule(expo, wanted, seed=seed)
    events = [one for one in draw_events(expo, 110, 14, seed) if not isinstance(one, Cancelled | Back)]
    events.insert(5, Cancelled(seed))

    repaired = repair(expo, timetable, events, max_moves=moves)

    assert faults(after(expo, events), repaired.timetable) == []
    assert check(after(expo, events), repaired.timetable) == ()
    assert not repaired.timetable.held[(wanted.first == seed) | (wanted.second == seed)].any()
    refused = [event.row for event in events if isinstance(event, Refused)]
    assert not repaired.timetable.held[refused].any()
    released = {row for entry in repaired.log for row in entry.released}
    moved = {row for entry in repaired.log for row, _, _ in entry.moved}
    assert (moves > 0) or not moved
    same = [row for row in np.flatnonzero(timetable.held) if row not in released | moved]
    assert repaired.timetable.slot[same].tolist() == timetable.slot[same].tolist()
    assert all(len(entry.moved) <= moves * max(len(entry.placed), 1) for entry in repaired.log)
    assert {entry.code for entry in repaired.log} <= set(REPAIRS)


@pytest.mark.parametrize("seed", range(8))
def test_the_log_told_in_order_leads_to_the_timetable(seed):
    expo = draw_expo(20, booths=4, tables=3, seed=seed, rules=RULES[seed % 2])
    wanted = draw_wanted(expo, 110, seed=seed)
    timetable = schedule(expo, wanted, seed=seed)

    repaired = repair(expo, timetable, draw_events(expo, 110, 20, seed), max_moves=2)

    slot = timetable.slot.copy()
    for entry in repaired.log:
        assert (slot[list(entry.released)] >= 0).all()
        slot[list(entry.released)] = -1
        for row, old, new in entry.moved:
            assert slot[row] == old
            slot[row] = new
        for row, new in entry.placed:
            assert slot[row] == -1
            slot[row] = new
    assert slot.tolist() == repaired.timetable.slot.tolist()
    assert [entry.event for entry in repaired.log] == list(range(20))


@pytest.mark.parametrize("seed", range(8))
def test_locked_and_past_meetings_stay_whatever_happens_to_others(seed):
    expo = draw_expo(20, booths=4, tables=3, seed=seed, rules=RULES[seed % 2])
    wanted = draw_wanted(expo, 110, seed=seed)
    timetable = schedule(expo, wanted, seed=seed)
    chance, now = np.random.default_rng(seed), seed % 4
    locked = timetable.held & (chance.random(110) < 0.3)
    events = [one for one in draw_events(expo, 110, 20, seed) if isinstance(one, Closed | Opened | Tables)]

    repaired = repair(expo, timetable, events, max_moves=3, locked=locked, now=now).timetable

    stays = locked | (timetable.held & (timetable.slot < now))
    assert repaired.slot[stays].tolist() == timetable.slot[stays].tolist()
    fresh = repaired.held & (repaired.slot != timetable.slot)
    assert (repaired.slot[fresh] >= now).all()
    seats = [
        (int(organisation), int(delegate), int(slot))
        for side in ("host", "guest")
        for organisation, delegate, slot in zip(
            getattr(repaired, side)[repaired.held],
            getattr(repaired, f"{side}_delegate")[repaired.held],
            repaired.slot[repaired.held],
            strict=True,
        )
    ]
    assert len(set(seats)) == len(seats)


@pytest.mark.parametrize("seed", range(6))
def test_repair_is_the_same_whatever_the_order_of_rows(seed):
    expo = draw_expo(16, booths=3, tables=3, seed=seed, rules=RULES[seed % 2])
    wanted = draw_wanted(expo, 80, seed=seed)
    timetable = schedule(expo, wanted, seed=seed)
    again, asked = reorder(expo, wanted, seed=seed)
    row = {one: number for number, one in enumerate(again.ids)}
    events = [event for event in draw_events(expo, 80, 12, seed) if hasattr(event, "organisation")]
    renamed = [replace(event, organisation=row[expo.ids[event.organisation]]) for event in events]

    first = repair(expo, timetable, events, max_moves=2)
    second = repair(again, schedule(again, asked, seed=seed), renamed, max_moves=2)

    def times(some: Expo, repaired: Timetable) -> set[tuple[str, str, int, int]]:
        ends = zip(repaired.wanted.first, repaired.wanted.second, repaired.slot, repaired.place, strict=True)
        return {(*sorted((some.ids[a], some.ids[b])), int(s), int(p)) for a, b, s, p in ends}

    assert len(events) > 1
    assert times(expo, first.timetable) == times(again, second.timetable)
    assert repair(expo, timetable, events, max_moves=2).log == first.log


@pytest.mark.parametrize("seed", range(8))
def test_a_changed_expo_is_healed_without_moving_who_can_stay(seed):
    expo = draw_expo(20, booths=4, tables=3, seed=seed, rules=RULES[seed % 2])
    timetable = schedule(expo, draw_wanted(expo, 110, seed=seed), seed=seed)
    changed = after(expo, draw_events(expo, 110, 12, seed))
    changed = replace(
        changed,
        places=replace(changed.places, taken=changed.places.taken + (PLACE_KINDS.index("table") == 0)),
    )

    repaired = repair(changed, timetable, [])

    assert check(changed, repaired.timetable) == ()
    assert faults(changed, repaired.timetable) == []
    released = {row for entry in repaired.log for row in entry.released}
    same = [row for row in np.flatnonzero(timetable.held) if row not in released]
    assert repaired.timetable.slot[same].tolist() == timetable.slot[same].tolist()
