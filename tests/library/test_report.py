"""The figures of a report: every sum by hand to the last digit, every figure with its definition."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from folders import DAYS, agreement, edition, organisation, record, small
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlink import Expo, files, meetings, partners, records, words
from fairlink.report import Figure, codes, figures
from fairlink.tables import Records

AGREEMENTS = [
    agreement("a1", "car", "mine", amount=Decimal("100.10"), currency="CNY", confirmed=("mine", "car")),
    agreement("a2", "car", "mine", amount=Decimal("0.333"), currency="USD", confirmed=("car",)),
    agreement("a3", "car", "mine", stage="intended_deal", amount=Decimal(50), currency="USD"),
    agreement("a4", "car", "mine", stage="framework", confirmed=("car", "mine")),
    agreement(
        "a5",
        "car",
        "mine",
        "truck",
        stage="delivered",
        confirmed=("car", "mine", "truck"),
        amount=Decimal("1e9"),
        currency="CNY",
        realised=Decimal("999999999.99"),
    ),
    agreement("a6", "car", "truck", amount=Decimal(10), currency="USD", realised=Decimal("2.5")),
]


OF_OTHER_GROUPS = {"landlocked", "small_islands", "developing"}
NOT_HERE = {*OF_OTHER_GROUPS, "agreements_value_second"}  # the edition chose none of these


def expo_of(**tables: Any) -> Expo:
    nothing = {"offers": [], "needs": [], "agreements": []}
    return records.build(Records(small() | nothing | tables))


def told(found: dict[str, Figure], *wanted: str) -> list[tuple[Any, str, tuple[str, ...]]]:
    return [(found[code].value, found[code].unit, found[code].rows) for code in wanted]


def test_what_came_of_it_is_counted_and_summed_by_stage() -> None:
    second = edition(second_currency="USD", rate=Decimal("7.1"), rate_date=DAYS[0])

    found = figures(expo_of(edition=[second], agreements=AGREEMENTS))

    # 100.10 + .333 · 7.1 + 50 · 7.1 + 1,000,000,000 + 10 · 7.1 = 1,000,000,528.4643
    assert told(found, "agreements", "agreements_value", "agreements_value_second", "without_amount") == [
        (6, "count", ("a1", "a2", "a3", "a4", "a5", "a6")),
        (Decimal("1000000528.46"), "CNY", ("a1", "a2", "a3", "a5", "a6")),
        (Decimal("140845144.85"), "USD", ("a1", "a2", "a3", "a5", "a6")),  # ÷ 7.1
        (1, "count", ("a4",)),
    ]
    assert told(found, "binding", "binding_value") == [
        (4, "count", ("a1", "a2", "a5", "a6")),
        (Decimal("1000000173.46"), "CNY", ("a1", "a2", "a5", "a6")),
    ]
    assert told(found, "confirmed", "confirmed_value", "realised_value") == [
        (3, "count", ("a1", "a4", "a5")),
        (Decimal("1000000100.10"), "CNY", ("a1", "a5")),
        (Decimal("1000000017.74"), "CNY", ("a5", "a6")),  # 999,999,999.99 + 2.5 · 7.1
    ]


def test_money_is_rounded_once_after_summing_and_half_to_even() -> None:
    thirds = [agreement(f"a{i}", "car", "mine", amount=Decimal("0.004"), currency="CNY") for i in range(3)]
    halves = [agreement("a1", "car", "mine", amount=Decimal("0.125"), currency="CNY")]

    values = [figures(expo_of(agreements=rows))["agreements_value"].value for rows in (thirds, halves)]

    assert values == [Decimal("0.01"), Decimal("0.12")]


@settings(deadline=None)
@given(st.lists(st.decimals(0, 10**15, places=4), max_size=9))
def test_no_cent_is_lost_however_large_the_sum(amounts: list[Decimal]) -> None:
    rows = [
        agreement(f"a{i}", "car", "mine", amount=amount, currency="CNY") for i, amount in enumerate(amounts)
    ]

    value = figures(expo_of(agreements=rows))["agreements_value"].value

    exact = sum(int(amount * 10_000) for amount in amounts)
    assert abs(int(value * 100) * 100 - exact) <= 50
    assert value.as_tuple().exponent == -2


def test_who_takes_part_is_counted_by_the_definitions() -> None:
    people = [
        organisation("o1", "CN", size="large"),
        organisation("o2", "LA", size="micro", role="co_exhibitor", main="o1"),
        organisation("o3", "DE", size="small"),
        organisation("o4", "DE", size="", kind="university", role="visitor"),
        organisation("o5", "", kind="international", size=""),
        organisation("o6", "CN", size="small", role="buyer"),
    ]

    found = figures(expo_of(organisations=people, places=[]))

    everybody = ("o1", "o2", "o3", "o4", "o5", "o6")
    assert told(found, "organisations", "exhibitors", "countries", "foreign_share", "small_share") == [
        (6, "count", everybody),
        (4, "count", ("o1", "o2", "o3", "o5")),
        (4, "count", ("CN", "DE", "LA", "o5")),
        (0.75, "share", ("o2", "o3", "o5")),
        (2 / 3, "share", ("o2", "o3")),
    ]
    assert told(found, "least_developed") == [(1, "count", ("o2",))]
    assert OF_OTHER_GROUPS & set(found) == set()


def test_the_groups_of_countries_that_the_edition_chose_are_counted() -> None:
    people = [organisation("o1", "LA"), organisation("o2", "FJ"), organisation("o3", "DE")]
    chosen = [{**small()["edition"][0], "groups": ("LLDC", "SIDS"), "developing": ("LA", "FJ", "CN")}]

    found = figures(expo_of(edition=chosen, organisations=people, places=[]))

    assert told(found, "landlocked", "small_islands", "developing") == [
        (1, "count", ("o1",)),
        (1, "count", ("o2",)),
        (2, "count", ("o1", "o2")),
    ]
    assert "least_developed" not in found


def test_entries_to_activities_are_summed() -> None:
    def activity(one: str, attended: int) -> Any:
        at = small()["slots"][0]
        name = {"en": one}
        hours = {"day": at["day"], "start": at["start"], "end": at["end"]}
        return record("activities", id=one, kind="forum", name=name, attended=attended, **hours)

    found = figures(expo_of(activities=[activity("x", 3), activity("y", 0), activity("z", 4)]))

    assert told(found, "activities", "participations") == [
        (3, "count", ("x", "y", "z")),
        (7, "count", ("x", "z")),
    ]


def test_an_empty_expo_has_figures_of_nothing() -> None:
    found = figures(expo_of(organisations=[], places=[]))

    assert {code for code, one in found.items() if one.value} == set()
    assert {"foreign_share", "small_share", "agreements_value_second", "meetings"} & set(found) == set()
    assert told(found, "agreements_value") == [(Decimal("0.00"), "CNY", ())]


def test_the_sample_says_what_the_article_says(sample: Path) -> None:
    found = figures(files.read(sample))

    assert {
        code: found[code].value for code in ("organisations", "exhibitors", "countries", "activities")
    } == {"organisations": 1000, "exhibitors": 515, "countries": 55, "activities": 365}
    assert {
        code: found[code].value for code in ("participations", "debuts", "publications", "agreements")
    } == {"participations": 15_200, "debuts": 62, "publications": 23, "agreements": 208}
    assert round(found["foreign_share"].value, 2) == 0.26
    assert Decimal("150e9") < found["agreements_value"].value < Decimal("151e9")
    assert Decimal("21e9") < found["agreements_value_second"].value < Decimal("21.4e9")
    ladder = ("realised_value", "binding_value", "agreements_value")
    assert sorted(ladder, key=lambda code: found[code].value) == list(ladder)


@pytest.mark.parametrize("code", codes())
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_figure_has_a_name_and_a_definition(code: str, language: str) -> None:
    name = words.say("figures", code, language)
    definition = words.say("figures", f"{code}.definition", language)

    assert name
    assert len(definition) > len(name) / 2
    assert "{" not in name + definition


def test_figures_of_matching_and_timetable_are_those_of_their_results() -> None:
    expo = records.build(Records(small()))
    suggestions = partners.recommend(expo)
    timetable = meetings.schedule(expo, partners.wanted(expo, suggestions))

    found = figures(expo, suggestions, timetable)

    assert list(found) == [code for code in codes() if code not in NOT_HERE]
    assert told(found, "suggestions", "meetings", "small_meetings", "organisations_meeting") == [
        (6, "count", ()),
        (3, "count", ()),
        (3, "count", ()),
        (4, "count", ("battery", "car", "mine", "truck")),
    ]
    assert found["meetings_gain"].value == timetable.gain == found["meetings_bound"].value


def test_figures_that_cannot_be_counted_yet_are_left_out() -> None:
    expo = records.build(Records(small()))

    found = figures(expo)

    assert set(codes()) - set(found) == {*codes("cooperation"), *NOT_HERE}
    assert codes("cooperation")[0] == "suggestions"
    assert all(found[code].code == code for code in found)
