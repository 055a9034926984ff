"""Interpreters: who needs one, who sits where, and that nobody interprets two meetings at a time."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from expos import draw_expo, draw_tongues, draw_wanted, make_expo, make_wanted
from timetable_faults import faults

from fairlink.expo import Expo, Interpreters, Rules, Wanted
from fairlink.meetings import (
    Away,
    Cancelled,
    Freed,
    Timetable,
    check,
    hold,
    nearest,
    objections,
    openings,
    repair,
    schedule,
    unplaced,
)

ADA, BEN, CEM, DAN = range(4)
IDS = ("ada", "ben", "cem", "dan")
TONGUES = (("zh",), ("lo",), ("en",), ("fr",))
BOTH = make_wanted((ADA, BEN, 90, 90), (CEM, DAN, 40, 40))
RULES = (Rules(meeting_cap=3), Rules(meeting_cap=4, daily_cap=2), Rules(meeting_cap=6, longest_run=2))


def draw(seed: int, *, size: int = 24, wanted: int = 120) -> tuple[Expo, Wanted]:
    expo = draw_expo(size, booths=size // 6, tables=size // 8, seed=seed, rules=RULES[seed % len(RULES)])
    return draw_tongues(expo, seed=seed), draw_wanted(expo, wanted, seed=seed)


def codes(expo: Expo, timetable: Timetable, row: int, slot: int) -> list[str]:
    return [one.code for one in objections(expo, timetable, row, slot)]


# By hand


def test_where_nobody_is_said_to_interpret_meetings_without_a_common_language_are_held():
    expo = make_expo(IDS, slots=1, languages=TONGUES)

    timetable = schedule(expo, BOTH)

    assert timetable.held.tolist() == [True, True]
    assert timetable.interpreter.tolist() == [-1, -1]


def test_only_whoever_shares_no_language_has_an_interpreter():
    languages = (("zh-Hans", "en"), ("lo",), ("en",), ())
    expo = make_expo(IDS, slots=3, languages=languages, interpreters=[(("lo", "zh", "fr"), 1)])
    wanted = make_wanted((ADA, BEN, 50, 50), (ADA, CEM, 50, 50), (BEN, DAN, 50, 50))

    timetable = schedule(expo, wanted)

    assert timetable.held.all()
    assert timetable.interpreter.tolist() == [0, -1, -1]
    assert check(expo, timetable) == ()


def test_one_interpreter_is_in_one_meeting_at_a_time_and_the_better_one_is_held():
    expo = make_expo(IDS, slots=1, languages=TONGUES, interpreters=[(("zh", "lo", "en", "fr"), 1)])

    timetable = schedule(expo, BOTH)

    assert (timetable.slot.tolist(), timetable.interpreter.tolist()) == ([0, -1], [0, -1])
    assert timetable.upper_bound == timetable.gain == 900
    found = unplaced(expo, timetable)[0]
    assert (found.code, found.data["languages"]) == ("no_interpreter", ("en", "fr"))
    assert (found.remedy.code, found.remedy.data) == (
        "add_interpreter",
        {"slot": 0, "languages": ("en", "fr"), "by": 1, "price": pytest.approx(400)},
    )


def test_the_no_names_the_nearest_time_at_which_an_interpreter_is_free():
    expo = make_expo(
        IDS,
        slots=4,
        languages=TONGUES,
        interpreters=[(("zh", "lo"), 1), (("en", "fr"), 1)],
        off_duty=[(0, 0), (0, 1), (0, 3)],
    )
    timetable = schedule(expo, BOTH)

    assert timetable.slot[0] == 2
    assert codes(expo, timetable, 0, 1) == ["no_interpreter"]
    assert openings(expo, timetable, ADA, BEN) == (2,)
    assert nearest(expo, timetable, 0, 1) == 2


def test_a_row_that_stands_for_two_interprets_two_meetings_at_a_time():
    expo = make_expo(IDS, slots=1, languages=TONGUES, interpreters=[(("zh", "lo", "en", "fr"), 2)])

    timetable = schedule(expo, BOTH)

    assert timetable.interpreter.tolist() == [0, 0]
    assert check(expo, timetable) == ()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_whoever_speaks_more_languages_is_left_to_those_who_need_them(order):
    """However they are entered, all three are held: the polyglot goes where nobody else helps."""
    ids = ("ada", "ben", "cem", "dan", "eva", "fay")
    languages = (("zh",), ("lo",), ("zh",), ("fr",), ("zh",), ("lo",))
    speakers = [(("zh", "lo", "fr"), 1), (("zh", "lo"), 1), (("lo", "zh"), 1)]
    expo = make_expo(ids, slots=1, languages=languages, interpreters=speakers)
    gains = [90, 80, 70]
    pairs = [(0, 1), (2, 3), (4, 5)]
    wanted = make_wanted(*((*pairs[i], gains[order[i]], gains[order[i]]) for i in range(3)))

    timetable = schedule(expo, wanted)

    assert timetable.held.all()
    assert timetable.interpreter[1] == 0
    assert check(expo, timetable) == ()


def test_the_check_finds_an_interpreter_in_two_meetings_one_who_does_not_speak_and_none_at_all():
    speakers = [(("zh", "lo", "en", "fr"), 2), (("zh", "en"), 1)]
    expo = make_expo(IDS, slots=1, languages=TONGUES, interpreters=speakers)
    timetable = schedule(expo, BOTH)
    alone = replace(expo, interpreters=replace(expo.interpreters, number=np.array([1, 1])))

    def found(expo: Expo, *interpreter: int) -> list[str]:
        other = replace(timetable, interpreter=np.array(interpreter, dtype=np.int32))
        return sorted({one.code for one in check(expo, other)})

    assert found(expo, 0, 0) == []
    assert found(alone, 0, 0) == ["no_interpreter"]
    assert found(expo, 0, 1) == ["no_interpreter"]
    assert found(expo, 0, -1) == ["no_interpreter"]


def test_an_interpreter_whose_meeting_is_cancelled_goes_to_those_who_waited():
    expo = make_expo(IDS, slots=1, languages=TONGUES, interpreters=[(("zh", "lo", "en", "fr"), 1)])
    timetable = schedule(expo, BOTH)

    healed = repair(expo, timetable, [Cancelled(ADA)]).timetable

    assert healed.slot.tolist() == [-1, 0]
    assert healed.interpreter.tolist() == [-1, 0]


def test_a_meeting_whose_interpreter_is_no_more_there_finds_another_time():
    expo = make_expo(IDS, slots=2, languages=TONGUES, interpreters=[(("zh", "lo"), 1), (("en", "fr"), 1)])
    timetable = schedule(expo, BOTH)
    before = int(timetable.slot[0])
    available = expo.interpreters.available.copy()
    available[0, before] = False
    later = replace(expo, interpreters=replace(expo.interpreters, available=available))

    healed = repair(later, timetable, []).timetable

    assert healed.slot[0] == 1 - before
    assert healed.slot[1] == timetable.slot[1]
    assert check(later, healed) == ()


def test_what_others_take_of_an_interpreter_is_taken():
    expo = make_expo(IDS, slots=2, languages=TONGUES, interpreters=[(("zh", "lo", "en", "fr"), 1)])
    taken = replace(expo.interpreters, taken=np.array([[1, 0]]))

    timetable = schedule(replace(expo, interpreters=taken), BOTH)

    assert timetable.slot.tolist() == [1, -1]


# Laws


@pytest.mark.parametrize("seed", range(30))
def test_no_timetable_breaks_a_rule_or_exceeds_its_bound(seed):
    expo, wanted = draw(seed)

    timetable = schedule(expo, wanted, seed=seed)

    assert faults(expo, timetable) == []
    assert check(expo, timetable) == ()
    assert timetable.gain <= timetable.upper_bound
    assert len(unplaced(expo, timetable)) == (~timetable.held).sum()


@pytest.mark.parametrize("seed", range(6))
def test_more_interpreters_never_lower_the_bound_and_the_timetable_stays_below_that_of_the_best(seed):
    expo, wanted = draw(seed, size=10, wanted=30)
    nobody = Interpreters((), (), (), np.zeros(0, dtype=np.int64), expo.interpreters.available[:0])

    with_them, best = schedule(expo, wanted), schedule(expo, wanted, exact=30.0)
    without = schedule(replace(expo, interpreters=nobody), wanted)

    assert with_them.gain <= best.gain <= best.upper_bound <= with_them.upper_bound <= without.upper_bound
    assert faults(expo, best) == []


@pytest.mark.parametrize("seed", range(8))
def test_repairs_obey_the_rules_and_the_same_seed_gives_the_same(seed):
    expo, wanted = draw(seed)
    timetable, again = (schedule(expo, wanted, seed=seed) for _ in range(2))
    assert (timetable.slot == again.slot).all()
    assert (timetable.interpreter == again.interpreter).all()
    held = np.flatnonzero(timetable.held)
    events = [Away(0, [0, 1]), Cancelled(3), Freed(int(held[0])), Freed(int(held[-1])), Away(5, [4], 0)]
    away = expo.organisations.available.copy()
    away[0, [0, 1]] = away[3] = False

    for moves in (0, 2):
        healed = repair(expo, timetable, events, max_moves=moves).timetable
        people = replace(expo.organisations, available=away)
        assert [one for one in faults(replace(expo, organisations=people), healed) if "away" not in one] == []


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_rows_does_not_matter(seed):
    expo, wanted = draw(seed)
    order = np.random.default_rng(seed).permutation(len(expo.interpreters.ids))
    mixed = Interpreters(
        ids=tuple(expo.interpreters.ids[row] for row in order),
        names=tuple(expo.interpreters.names[row] for row in order),
        languages=tuple(expo.interpreters.languages[row] for row in order),
        number=expo.interpreters.number[order],
        available=expo.interpreters.available[order],
    )

    one, other = schedule(expo, wanted), schedule(replace(expo, interpreters=mixed), wanted)

    assert (one.slot == other.slot).all()
    sits = one.interpreter >= 0
    assert (one.interpreter[sits] == order[other.interpreter[sits]]).all()
    assert (sits == (other.interpreter >= 0)).all()


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_open_can_be_held(seed):
    expo, wanted = draw(seed)
    timetable = schedule(expo, wanted, balls=0)
    rows = np.flatnonzero(wanted.weight > 0)[:12]

    for row in rows.tolist():
        first, second = int(wanted.first[row]), int(wanted.second[row])
        for slot in openings(expo, timetable, first, second):
            assert faults(expo, hold(expo, timetable, row, slot)) == []
