"""What more of a resource would be worth: by hand, then never less for more, and never above what prices promise."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from expos import draw_expo, draw_tongues, draw_wanted, make_expo, make_wanted

from fairlink import meetings
from fairlink.expo import Rules
from fairlink.meetings import BadQuestion, Estimate, Question, Tally
from fairlink.meetings.growth import grow, kept_slots

DAY = date(2026, 9, 1)
BOTH = ((0, 1, 100, 100), (2, 3, 100, 100))  # two meetings of 1,000 points that could be held at one time


def two_at_one_table(**more):
    """Two wanted meetings, one table, one slot."""
    return make_expo("abcd", slots=1, places=[("table", -1, 1)], **more), make_wanted(*BOTH)


@pytest.mark.parametrize(
    "text", ["tables+1", "tables+7", "tables+1@2026-09-01", "slots+1", "slots+1@2026-09-01"]
)
def test_one_table_or_slot_more_adds_exactly_the_other_meeting(text):
    expo, wanted = two_at_one_table()
    question = meetings.ask(expo, text)

    found = meetings.answer(expo, meetings.schedule(expo, wanted), question)

    assert (found.before, found.after) == (Tally(1, 1000, 1000, 1), Tally(2, 2000, 2000, 0))
    assert found.points >= 1000


def test_a_table_more_where_nobody_lacks_one_is_worth_nothing():
    expo, wanted = make_expo("abcd", slots=1), make_wanted(*BOTH)

    assert meetings.estimate(expo, wanted, [Question("tables", 10)]) == (Estimate(Question("tables", 10), 0),)


def test_a_higher_cap_helps_only_those_whom_it_holds_back():
    expo = make_expo("abc", slots=2, caps=[1, 9, 9])
    wanted = make_wanted((0, 1, 100, 100), (0, 2, 80, 80))
    timetable = meetings.schedule(expo, wanted)

    found = [meetings.answer(expo, timetable, meetings.ask(expo, text)) for text in ("cap+1@a", "cap+1@b")]

    assert [(one.points, one.after.meetings) for one in found] == [(800, 2), (0, 1)]


def test_longer_runs_and_higher_daily_caps_are_rules_of_the_edition():
    expo = make_expo("abcd", slots=3, rules=Rules(longest_run=1, daily_cap=2))

    assert grow(expo, Question("run", 2)).edition.rules.longest_run == 3
    assert grow(expo, Question("daily", 1)).edition.rules.daily_cap == 3


def test_slots_that_are_added_follow_the_last_of_their_day_and_find_what_is_there_in_it():
    expo = make_expo("ab", days=2, slots=2, away=[(0, 1)], places=[("table", -1, 1)], closed=[(0, 3)])

    grown = grow(expo, Question("slots", 1, DAY))

    assert kept_slots(expo, Question("slots", 1, DAY)).tolist() == [0, 1, -1, 2, 3]
    assert grown.slots.day.tolist() == [0, 0, 0, 1, 1]
    assert grown.slots.number.tolist() == [1, 2, 3, 1, 2]
    assert grown.slots.start[2] == expo.slots.end[1]
    assert grown.organisations.available[0].tolist() == [True, False, False, True, True]
    assert grown.places.open.tolist() == [[True, True, True, True, False]]


def test_a_meeting_that_is_fixed_keeps_its_time_when_slots_are_added_before_it():
    expo, wanted = make_expo("abcd", days=2, slots=1, places=[("table", -1, 1)]), make_wanted(*BOTH)
    fixed = np.array([1, -1])
    timetable = meetings.schedule(expo, wanted, fixed=fixed)

    found = meetings.answer(expo, timetable, Question("slots", 1, DAY), fixed=fixed)

    assert found.after == Tally(2, 2000, 2000, 0)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("more tables", "unreadable"),
        ("tables-1", "unreadable"),
        ("chairs+1", "unknown_resource"),
        ("tables+0", "wrong_number"),
        ("tables+1001", "wrong_number"),
        ("tables+1@2026-09-02", "unknown_day"),
        ("tables+1@2026-02-30", "unknown_day"),
        ("tables+1@2026-09-01-evening", "wrong_scope"),
        ("slots+1@2026-09-01-morning", "wrong_scope"),
        ("run+1@a", "wrong_scope"),
        ("cap+1@nobody", "unknown_organisation"),
        ("run+1", "no_limit"),
        ("daily+1", "no_limit"),
        ("slots+1000", "past_midnight"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(text, code):
    expo = make_expo("abcd", slots=1)

    with pytest.raises(BadQuestion) as caught:
        meetings.ask(expo, text)

    assert caught.value.code == code
    assert code in meetings.FAULTS


@pytest.mark.parametrize(
    "text", ["tables+3@2026-09-01-morning", "slots+2", "cap+1@b", "delegates+4", "online+1"]
)
def test_a_question_is_written_as_it_is_read(text):
    assert str(meetings.ask(make_expo("abcd"), text)) == text


def test_what_is_usually_asked_can_be_answered():
    expo = make_expo("ab", days=2, slots=2, online=[1], rules=Rules(longest_run=1, daily_cap=1))

    asked = [str(one) for one in meetings.usual(expo)]

    assert [str(meetings.ask(expo, one)) for one in asked] == asked
    assert {one.partition("+")[0] for one in asked} == set(meetings.RESOURCES)


@pytest.mark.parametrize("seed", range(20))
def test_more_never_lowers_the_bound_nor_raises_it_above_what_prices_promise(seed):
    bonus = 30 * (seed % 3 == 0)
    rules = Rules(meeting_cap=2, daily_cap=2, longest_run=1 + seed % 3, first_meetings_bonus=bonus)
    expo = draw_expo(14, booths=2, tables=1, seed=seed, rules=rules)
    expo = draw_tongues(expo, seed=seed) if seed % 2 else expo
    wanted = draw_wanted(expo, 60, seed=seed)
    timetable = meetings.schedule(expo, wanted, seed=seed, balls=1)
    asked = [*meetings.usual(expo), Question("tables", 4), Question("cap", 1, organisation=expo.ids[0])]

    for question in asked:
        found = meetings.answer(expo, timetable, question, balls=1)
        rise = found.after.upper_bound - found.before.upper_bound
        assert 0 <= rise <= found.points, question


def test_the_same_question_has_the_same_answer():
    expo = draw_expo(14, tables=1, seed=3)
    timetable = meetings.schedule(expo, draw_wanted(expo, 60, seed=3), seed=5)

    assert meetings.answer(expo, timetable, Question("tables", 2)) == meetings.answer(
        expo, timetable, Question("tables", 2)
    )
