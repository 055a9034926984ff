"""Meetings: every rule alone by hand, then laws over many seeds, against a second statement of the rules."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from expos import draw_expo, draw_wanted, make_expo, make_wanted, reorder
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from timetable_faults import faults

from fairlink.errors import BadArray
from fairlink.expo import Exclusions, Expo, Rules, Wanted
from fairlink.meetings import (
    OBJECTIONS,
    OF_BOTH,
    REMEDIES,
    STAGES,
    Timetable,
    check,
    objections,
    schedule,
    unplaced,
)
from fairlink.meetings import bound as bounds

ADA, BEN, CEM, DAN = range(4)
IDS = ("ada", "ben", "cem", "dan")
BOOTH, TABLES, ONLINE = 0, (1, 2), 3  # rows of PLACE_KINDS
RULES = (
    Rules(meeting_cap=3),
    Rules(meeting_cap=4, daily_cap=2),
    Rules(meeting_cap=6, longest_run=1),
    Rules(meeting_cap=6, daily_cap=3, longest_run=2),
)


def codes(expo: Expo, timetable: Timetable, row: int, slot: int) -> list[str]:
    return [one.code for one in objections(expo, timetable, row, slot)]


def standby(expo: Expo, timetable: Timetable) -> list[tuple[int, str, str]]:
    return [(one.row, one.code, one.remedy.code) for one in unplaced(expo, timetable)]


def draw(seed: int, rules: Rules, size: int = 24, wanted: int = 120) -> tuple[Expo, Wanted]:
    expo = draw_expo(size, booths=size // 6, tables=size // 8, seed=seed, rules=rules)
    return expo, draw_wanted(expo, wanted, seed=seed)


# By hand


def test_one_wanted_meeting_is_held_at_a_table_in_the_first_slot():
    expo = make_expo(IDS)

    timetable = schedule(expo, make_wanted((ADA, BEN, 40, 90)))

    assert (timetable.slot.tolist(), timetable.place.tolist()) == ([0], [0])
    assert (timetable.host.tolist(), timetable.guest.tolist()) == ([ADA], [BEN])  # who gains more visits
    assert (timetable.host_delegate.tolist(), timetable.guest_delegate.tolist()) == ([0], [0])
    assert (timetable.gain, timetable.upper_bound, timetable.gap) == (600, 600, 0.0)
    assert check(expo, timetable) == ()
    assert unplaced(expo, timetable) == ()


def test_of_three_who_all_want_to_meet_in_two_slots_the_two_best_meetings_are_held():
    expo = make_expo(IDS[:3], slots=2)
    wanted = make_wanted((ADA, BEN, 50, 50), (ADA, CEM, 90, 90), (BEN, CEM, 80, 80))

    timetable = schedule(expo, wanted)

    assert timetable.held.tolist() == [False, True, True]
    assert standby(expo, timetable) == [(0, "no_common_slot", "swap")]


def test_a_chain_of_moves_makes_room_for_a_meeting():
    # Whoever was placed first, one of the four must move for all to be held in two slots.
    expo = make_expo(IDS, slots=2)
    wanted = make_wanted((ADA, BEN, 90, 90), (CEM, DAN, 80, 80), (BEN, CEM, 70, 70), (ADA, DAN, 60, 60))

    timetable = schedule(expo, wanted)

    assert timetable.held.all()
    assert timetable.gap == 0.0


def test_two_delegates_sit_in_parallel():
    expo = make_expo(IDS, slots=1, delegates=(2, 1, 1, 1))
    wanted = make_wanted((ADA, BEN, 50, 50), (ADA, CEM, 50, 50), (ADA, DAN, 40, 40))

    timetable = schedule(expo, wanted)

    assert timetable.held.tolist() == [True, True, False]
    assert sorted(np.where(timetable.host == ADA, timetable.host_delegate, timetable.guest_delegate)) == [
        -1,
        0,
        1,
    ]


def test_a_booth_receives_and_of_two_booths_the_one_that_gains_less():
    expo = make_expo(IDS, slots=3, places=(("booth", BEN, 1), ("booth", CEM, 1), ("table", -1, 1)))
    wanted = make_wanted((ADA, BEN, 10, 90), (BEN, CEM, 30, 20), (CEM, DAN, 50, 50), (ADA, DAN, 10, 20))

    timetable = schedule(expo, wanted)

    assert timetable.host.tolist() == [BEN, CEM, CEM, ADA]
    assert timetable.place.tolist() == [0, 1, 1, 2]


def test_of_equal_gains_the_earlier_id_receives_whatever_the_rows():
    expo = make_expo(("zoe", "ann"))

    timetable = schedule(expo, make_wanted((0, 1, 50, 50)))

    assert (timetable.host.tolist(), timetable.guest.tolist()) == ([1], [0])


def test_who_is_online_meets_online_even_with_a_booth():
    expo = make_expo(IDS, places=(("booth", ADA, 1), ("online", -1, 1)), online=[BEN])

    timetable = schedule(expo, make_wanted((ADA, BEN, 50, 50)))

    assert timetable.place.tolist() == [1]


@pytest.mark.parametrize("size", [0, 1, 2])
@pytest.mark.parametrize("slots", [0, 1])
@pytest.mark.parametrize("places", [(), (("table", -1, 1),)])
def test_the_smallest_expos_work(size, slots, places):
    expo = make_expo(IDS[:size], slots=slots, places=places)
    wanted = make_wanted((ADA, BEN, 50, 50)) if size == 2 else make_wanted()

    timetable = schedule(expo, wanted)

    assert timetable.held.tolist() == [slots == 1 and len(places) == 1] * (size == 2)
    assert (timetable.gap, check(expo, timetable)) == (0.0, ())
    assert len(unplaced(expo, timetable)) == (size == 2) - timetable.held.sum()


def test_more_slots_than_bits_in_a_word_are_no_limit():
    expo = make_expo([f"o{i:02d}" for i in range(100)], days=5, slots=20, rules=Rules(meeting_cap=99))
    wanted = make_wanted(*((0, i, 50, 50) for i in range(1, 100)))

    timetable = schedule(expo, wanted)

    assert timetable.held.all()
    assert faults(expo, timetable) == []


# Each rule alone


def test_busy_parties_are_named_with_the_meeting_they_sit_in():
    expo = make_expo(IDS, slots=1)
    timetable = schedule(expo, make_wanted((ADA, BEN, 90, 90), (ADA, CEM, 10, 10), (BEN, DAN, 20, 10)))

    host, guest = (objections(expo, timetable, row, 0)[0] for row in (1, 2))

    assert (host.code, host.data) == ("host_busy", {"meeting": 1, "slot": 0, "organisation": ADA, "other": 0})
    assert (guest.code, guest.data["organisation"], guest.data["other"]) == ("guest_busy", BEN, 0)


def test_a_cap_in_all_is_named_with_its_organisation():
    expo = make_expo(IDS, slots=3, caps=(1, -1, -1, -1))
    timetable = schedule(expo, make_wanted((ADA, BEN, 90, 90), (ADA, CEM, 10, 10)))

    (cap,) = objections(expo, timetable, 1, 2)

    assert (cap.code, cap.data) == (
        "cap_reached",
        {"meeting": 1, "slot": 2, "organisation": ADA, "cap": 1, "per": "edition"},
    )
    assert standby(expo, timetable) == [(1, "cap_reached", "raise_cap")]


def test_a_cap_a_day_is_named_on_that_day_only():
    expo = make_expo(IDS[:3], days=2, slots=2, away=[(CEM, 2), (CEM, 3)], rules=Rules(daily_cap=1))
    wanted = make_wanted((ADA, CEM, 90, 90), (BEN, CEM, 10, 10))
    timetable = schedule(expo, wanted)

    assert codes(expo, timetable, 1, 1) == ["cap_reached"]
    assert objections(expo, timetable, 1, 1)[0].data["per"] == "day"
    assert codes(expo, timetable, 1, 2) == ["outside_availability"]
    assert standby(expo, timetable) == [(1, "cap_reached", "raise_daily_cap")]


def test_who_is_away_is_named():
    expo = make_expo(IDS, slots=2, away=[(BEN, 0), (BEN, 1)])
    timetable = schedule(expo, make_wanted((ADA, BEN, 50, 50)))

    (away,) = objections(expo, timetable, 0, 1)

    assert (away.code, away.data["organisation"]) == ("outside_availability", BEN)
    assert standby(expo, timetable) == [(0, "outside_availability", "open_slot")]


def test_full_tables_are_named_with_their_number():
    expo = make_expo(IDS, slots=1, places=(("room", -1, 1),))
    timetable = schedule(expo, make_wanted((ADA, BEN, 90, 90), (CEM, DAN, 10, 10)))

    (full,) = objections(expo, timetable, 1, 0)

    assert (full.code, full.data) == ("no_table", {"meeting": 1, "slot": 0, "kind": "table", "capacity": 1})
    assert standby(expo, timetable) == [(1, "no_table", "add_table")]


def test_a_closed_booth_is_named():
    expo = make_expo(IDS, slots=1, places=(("booth", BEN, 1),), closed=[(0, 0)])
    timetable = schedule(expo, make_wanted((ADA, BEN, 50, 50)))

    (closed,) = objections(expo, timetable, 0, 0)

    assert (closed.code, closed.data["place"]) == ("place_closed", 0)
    assert standby(expo, timetable) == [(0, "place_closed", "open_place")]


def test_a_run_without_a_break_is_named_but_a_night_is_a_break():
    expo = make_expo(IDS, days=2, slots=2, rules=Rules(longest_run=1), away=[(CEM, 3)])
    timetable = schedule(expo, make_wanted((ADA, BEN, 90, 90), (ADA, CEM, 10, 10), (ADA, DAN, 5, 5)))

    assert timetable.slot[:2].tolist() == [0, 2]
    assert codes(expo, timetable, 2, 1) == ["run_too_long"]
    assert objections(expo, timetable, 2, 3)[0].data["longest"] == 1
    assert standby(expo, timetable) == [(2, "run_too_long", "lengthen_run")]


def test_a_night_between_two_meetings_is_a_break():
    expo = make_expo(IDS[:3], days=2, slots=1, rules=Rules(longest_run=1))

    timetable = schedule(expo, make_wanted((ADA, BEN, 90, 90), (ADA, CEM, 10, 10)))

    assert timetable.held.all()


def test_one_refusal_is_enough_for_a_pair_never_to_meet():
    expo = make_expo(IDS, never=[(BEN, ADA)])
    timetable = schedule(expo, make_wanted((ADA, BEN, 50, 50)))

    (left,) = unplaced(expo, timetable)

    assert codes(expo, timetable, 0, 0) == ["never_pair"]
    assert (left.code, left.remedy.code, left.remedy.data) == (
        "never_pair",
        "withdraw_never",
        {"organisations": (BEN,)},
    )


def test_a_pair_that_the_organiser_keeps_apart_does_not_meet_and_only_the_organiser_can_change_it():
    apart = Exclusions(np.array([ADA]), np.array([BEN]))
    for never in ((), [(BEN, ADA)]):
        expo = replace(make_expo(IDS, never=never), exclusions=apart)
        timetable = schedule(expo, make_wanted((ADA, BEN, 50, 50), (ADA, CEM, 50, 50)))

        (left,) = unplaced(expo, timetable)

        assert timetable.held.tolist() == [False, True]
        assert codes(expo, timetable, 0, 0)[0] == "excluded_pair"
        assert (left.code, left.remedy.code) == ("excluded_pair", "lift_exclusion")
        assert check(expo, timetable) == ()


def test_without_gain_to_both_sides_a_meeting_is_not_held():
    expo = make_expo(IDS)
    timetable = schedule(expo, make_wanted((ADA, BEN, 0, 90)))

    (left,) = unplaced(expo, timetable)

    assert codes(expo, timetable, 0, 0) == ["no_gain"]
    assert (left.remedy.code, left.remedy.data) == ("raise_gain", {"organisations": (ADA,)})


def test_without_a_place_of_its_kind_a_meeting_is_not_held():
    expo = make_expo(IDS, online=[ADA])
    timetable = schedule(expo, make_wanted((ADA, BEN, 50, 50)))

    (left,) = unplaced(expo, timetable)

    assert codes(expo, timetable, 0, 0)[0] == "no_place"
    assert (left.code, left.remedy.code, left.remedy.data) == ("no_place", "add_place", {"kind": "online"})


def test_what_cannot_be_wanted_raises_and_names_its_array():
    expo = make_expo(IDS)
    for meetings_, place in (
        ([(ADA, ADA, 1, 1)], "wanted.second: row 0"),
        ([(ADA, BEN, 1, 1), (CEM, BEN, 1, 1)], "wanted.second: row 1"),
        ([(ADA, BEN, 1, 1), (ADA, BEN, 2, 2)], "wanted.second: row 1"),
        ([(ADA, BEN, 101, 1)], "wanted.gain_first: row 0"),
        ([(-1, BEN, 1, 1)], "wanted.first: row 0"),
        ([(ADA, 4, 1, 1)], "wanted.second: row 0"),
    ):
        with pytest.raises(BadArray, match=place):
            schedule(expo, make_wanted(*meetings_))


def test_a_timetable_that_does_not_fit_raises_and_names_its_array():
    expo = make_expo(IDS)
    timetable = schedule(expo, make_wanted((ADA, BEN, 50, 50)))

    with pytest.raises(BadArray, match=r"timetable\.slot: row 0"):
        check(expo, replace(timetable, slot=np.array([2])))
    with pytest.raises(BadArray, match="no wanted meeting 1"):
        objections(expo, timetable, 1, 0)


def test_the_check_names_what_was_spoilt():
    expo = make_expo(IDS, slots=2, places=(("table", -1, 1), ("online", -1, 9)), closed=[(0, 1)])
    timetable = schedule(expo, make_wanted((ADA, BEN, 90, 90), (ADA, CEM, 10, 10)))

    def spoilt(**columns):
        changed = {name: np.array(column, dtype=np.int32) for name, column in columns.items()}
        return {one.code for one in check(expo, replace(timetable, **changed))}

    both = {"host_delegate": [0, 0], "guest_delegate": [0, 0]}
    assert timetable.slot.tolist() == [0, -1]
    assert spoilt() == set()
    assert spoilt(place=[1, -1]) == {"no_place"}
    assert spoilt(place=[-1, -1]) == {"no_place"}
    assert spoilt(slot=[1, -1]) == {"place_closed", "no_table"}
    assert spoilt(slot=[0, 0], place=[0, 0], **both) == {"host_busy", "no_table"}
    assert spoilt(host_delegate=[1, -1]) == {"host_busy"}


# Laws


@pytest.mark.parametrize("rules", RULES)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_every_timetable_obeys_the_rules_as_stated_twice_and_stays_below_its_bound(seed, rules):
    expo, wanted = draw(seed, rules)

    timetable = schedule(expo, wanted, seed=seed)

    assert faults(expo, timetable) == []
    assert check(expo, timetable) == ()
    assert timetable.gain <= timetable.upper_bound


@pytest.mark.parametrize("rules", RULES)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_the_check_finds_a_fault_exactly_where_the_second_statement_does(seed, rules):
    expo, wanted = draw(seed, rules, size=8, wanted=20)
    chance, timetable = np.random.default_rng(seed), schedule(expo, wanted)
    moved = chance.random(len(timetable.slot)) < 0.1
    elsewhere = chance.integers(0, len(expo.slots.ids), len(timetable.slot), dtype=np.int32)

    slot = np.where(moved & timetable.held, elsewhere, timetable.slot)
    other = replace(timetable, slot=slot)

    assert (check(expo, other) == ()) == (faults(expo, other) == [])


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("seed", range(5))
def test_objections_to_a_meeting_that_is_not_held_are_true_in_every_slot(seed, rules):
    expo, wanted = draw(seed, rules, size=10, wanted=40)
    timetable = schedule(expo, wanted)

    for row in range(len(timetable.slot)):
        for slot in range(len(expo.slots.ids)):
            assert bool(objections(expo, timetable, row, slot)) == (not _fits(expo, timetable, row, slot))


def _fits(expo, timetable, row, slot):
    """Whether some delegates at some place could hold the meeting in the slot, by trying them all."""
    delegates = expo.organisations.delegates
    rest = _with(timetable, row, slot=-1, place=-1, host_delegate=-1, guest_delegate=-1)
    assert faults(expo, rest) == []
    return any(
        faults(expo, _with(rest, row, slot=slot, place=place, host_delegate=host, guest_delegate=guest)) == []
        for host in range(delegates[timetable.host[row]])
        for guest in range(delegates[timetable.guest[row]])
        for place in range(len(expo.places.ids))
    )


def _with(timetable, row, **cells):
    columns = {name: getattr(timetable, name).copy() for name in cells}
    for name, value in cells.items():
        columns[name][row] = value
    return replace(timetable, **columns)


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("seed", range(6))
def test_every_wanted_meeting_is_held_or_has_a_reason_and_a_remedy(seed, rules):
    expo, wanted = draw(seed, rules)
    timetable = schedule(expo, wanted)

    left = unplaced(expo, timetable)

    assert [one.row for one in left] == np.flatnonzero(~timetable.held).tolist()
    assert {one.code for one in left} <= {*OBJECTIONS, *OF_BOTH}
    assert {one.remedy.code for one in left} <= set(REMEDIES)


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("seed", range(4))
def test_a_remedy_admits_the_meeting(seed, rules):
    expo, wanted = draw(seed, rules)
    timetable = schedule(expo, wanted)

    for left in unplaced(expo, timetable):
        if left.remedy.code in ("withdraw_never", "raise_gain", "add_place", "several"):
            continue
        changed, freed = _carried_out(expo, timetable, left.remedy)
        assert codes(changed, freed, left.row, left.remedy.data["slot"]) == []


def _carried_out(expo, timetable, remedy):
    """The expo and the timetable after a remedy."""
    people, rules, data = expo.organisations, expo.edition.rules, remedy.data
    slot = data["slot"]
    if remedy.code == "swap":
        for row in data["meetings"]:
            timetable = _with(timetable, row, slot=-1, place=-1, host_delegate=-1, guest_delegate=-1)
        return expo, timetable
    if remedy.code == "raise_cap":
        caps = np.where(people.meeting_cap < 0, rules.meeting_cap, people.meeting_cap)
        caps[list(data["organisations"])] += data["by"]
        return replace(expo, organisations=replace(people, meeting_cap=caps)), timetable
    if remedy.code in ("raise_daily_cap", "lengthen_run"):
        change = (
            {"daily_cap": rules.daily_cap + 1} if remedy.code == "raise_daily_cap" else {"longest_run": 0}
        )
        return replace(expo, edition=replace(expo.edition, rules=replace(rules, **change))), timetable
    if remedy.code == "open_slot":
        available = people.available.copy()
        available[list(data["organisations"]), slot] = True
        return replace(expo, organisations=replace(people, available=available)), timetable
    opened, capacity = expo.places.open.copy(), expo.places.capacity.copy()
    if remedy.code == "open_place":
        opened[data["place"], slot] = True
    else:
        kinds = {"online": [ONLINE], "table": TABLES}[data["kind"]]
        row = np.flatnonzero(np.isin(expo.places.kind, kinds))[0]
        capacity[row] += data["by"]
        opened[row, slot] = True
    return replace(expo, places=replace(expo.places, open=opened, capacity=capacity)), timetable


@pytest.mark.parametrize("seed", range(4))
def test_the_same_input_gives_the_same_timetable(seed):
    expo, wanted = draw(seed, RULES[3])

    one, other = (schedule(expo, wanted, seed=7) for _ in range(2))

    assert _meetings(expo, one) == _meetings(expo, other)
    assert one.provenance == other.provenance


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_rows_changes_nothing(seed, rules):
    expo, wanted = draw(seed, rules)
    other_expo, other_wanted = reorder(expo, wanted, seed=seed)

    one, other = schedule(expo, wanted), schedule(other_expo, other_wanted)

    assert _meetings(expo, one) == _meetings(other_expo, other)
    assert one.upper_bound == other.upper_bound


def _meetings(expo, timetable):
    return {
        (
            *(expo.ids[party[row]] for party in (timetable.host, timetable.guest)),
            *(
                int(column[row])
                for column in (timetable.slot, timetable.host_delegate, timetable.guest_delegate)
            ),
            int(timetable.place[row]),
        )
        for row in range(len(timetable.slot))
    }


@pytest.mark.parametrize("seed", range(30))
def test_no_timetable_found_by_trying_them_all_exceeds_the_bound(seed):
    rules = RULES[seed % len(RULES)]
    expo = draw_expo(5, days=1, slots=3, booths=1, tables=1, delegates=1, seed=seed, rules=rules)
    wanted = draw_wanted(expo, 5, seed=seed)
    timetable = schedule(expo, wanted)

    best = max(
        timetable.wanted.weight[np.array(slots) >= 0].sum()
        for slots in product(range(-1, 3), repeat=len(wanted.first))
        if faults(expo, _placed(expo, timetable, slots)) == []
    )

    assert timetable.gain <= best <= timetable.upper_bound
    assert timetable.gain >= 0.9 * best


def _placed(expo, timetable, slots):
    """A timetable with these slots, in an expo with one booth, one table and one online room, in that order."""
    slot = np.array(slots, dtype=np.int32)
    remote = expo.organisations.online[timetable.host] | expo.organisations.online[timetable.guest]
    place = np.where(remote, 2, np.where(timetable.host == expo.places.organisation[0], 0, 1))
    delegate = np.where(slot >= 0, 0, -1)
    return replace(
        timetable,
        slot=slot,
        place=np.where(slot >= 0, place, -1),
        host_delegate=delegate,
        guest_delegate=delegate,
    )


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rules", RULES)
def test_the_descent_of_large_expos_ends_where_the_linear_programme_does(rules, seed, monkeypatch):
    expo = draw_expo(400, days=1, slots=8, booths=40, tables=8, seed=seed, rules=rules)
    wanted = draw_wanted(expo, 6000, seed=seed)

    exact = schedule(expo, wanted).upper_bound
    monkeypatch.setattr(bounds, "EXACT", 0)
    descended = schedule(expo, wanted).upper_bound

    assert exact <= descended <= exact * (1 + 1e-5)


@pytest.mark.parametrize("rules", RULES)
def test_the_bound_is_the_optimum_of_the_linear_programme(rules):
    for seed in range(5):
        expo = draw_expo(80, days=1, slots=8, booths=8, tables=3, seed=seed, rules=rules)
        timetable = schedule(expo, draw_wanted(expo, 1200, seed=seed))

        optimum = _linear_optimum(expo, timetable)

        assert np.floor(optimum + 1e-3) <= timetable.upper_bound <= optimum * (1 + 1e-5) + 1e-3


def _linear_optimum(expo, timetable):
    """Most weight of possible meetings under diaries, caps and table-slots."""
    online, places = expo.organisations.online, expo.places
    parties = np.stack((timetable.host, timetable.guest))
    remote = online[parties].any(axis=0)
    at_booth = ~remote & np.isin(timetable.host, places.organisation[places.kind == BOOTH])
    rows = [(parties == party).any(axis=0) for party in range(len(online))]
    limits = [_longest_diary(expo, party) for party in range(len(online))]
    usable = [places.open[np.isin(places.kind, kinds)].any(axis=0) for kinds in (TABLES, [ONLINE])]
    for chosen, kinds in ((~remote & ~at_booth, TABLES), (remote, [ONLINE])):
        some = np.isin(places.kind, kinds)
        rows.append(chosen)
        limits.append((places.capacity[some] * places.open[some].sum(axis=1)).sum())
    booth = {int(owner): places.open[row] for row, owner in enumerate(places.organisation) if owner >= 0}
    weight = timetable.wanted.weight.copy()
    never = {frozenset(pair) for pair in zip(expo.wishes.organisation, expo.wishes.partner, strict=True)}
    for meeting, (host, guest) in enumerate(parties.T.tolist()):
        opened = booth[host] if at_booth[meeting] else usable[int(remote[meeting])]
        meets = opened & expo.organisations.available[[host, guest]].all(axis=0)
        weight[meeting] *= meets.any() and limits[host] and limits[guest] and {host, guest} not in never
    answer = linprog(-weight, A_ub=np.array(rows, dtype=float), b_ub=limits, bounds=(0, 1))
    return -answer.fun


def _longest_diary(expo, party):
    """Meetings an organisation can hold in one day, by trying all diaries of a delegate."""
    people, rules = expo.organisations, expo.edition.rules
    free = np.flatnonzero(people.available[party]).tolist()
    most = max(
        size
        for size in range(len(free) + 1)
        for diary in combinations(free, size)
        if not rules.longest_run
        or not any(set(range(one, one + rules.longest_run + 1)) <= set(diary) for one in diary)
    )
    cap = people.meeting_cap[party] if people.meeting_cap[party] >= 0 else rules.meeting_cap
    return min(cap, most * people.delegates[party], rules.daily_cap or most * people.delegates[party])


def test_there_is_a_price_for_each_organisation_and_for_each_pool_in_each_slot():
    expo, wanted = draw(3, RULES[0])

    prices = schedule(expo, wanted).prices

    assert prices.organisation.shape == (len(expo.ids),)
    assert prices.pool.shape == (2, len(expo.slots.ids))
    assert (prices.organisation >= 0).all()
    assert (prices.pool >= 0).all()


def test_progress_is_told_stage_by_stage():
    expo, told = make_expo(IDS), []

    schedule(expo, make_wanted((ADA, BEN, 50, 50)), progress=lambda *step: told.append(step))

    assert list(dict.fromkeys(stage for stage, _, _ in told)) == list(STAGES)
    assert all(0 <= done <= total for _, done, total in told)
