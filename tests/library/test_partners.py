"""Whom to meet: gains by hand, the facts that lower them, lists that do not hang on row order, and their reasons."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from folders import edition, listing, organisation, record, small

from fairlink import Expo, files, records, vocabulary
from fairlink.expo import (
    ANSWERS,
    FUNCTIONS,
    KINDS,
    PASSED_OVER,
    SIZES,
    Array,
    Listings,
    Organisations,
    Wishes,
)
from fairlink.meetings import schedule, unplaced
from fairlink.partners import (
    REASONS,
    Suggestions,
    markets,
    passed_over,
    possible,
    reasons,
    recommend,
    scores,
    wanted,
)
from fairlink.partners import allocation as lists
from fairlink.partners import gains as gains_module
from fairlink.partners.audit import gini, measure
from fairlink.partners.facts import FACTS
from fairlink.partners.rows import ranks
from fairlink.partners.suggestions import KNOBS
from fairlink.tables import Record, Records

offer, need = partial(listing, "offers"), partial(listing, "needs")


def expo_of(*organisations: Record | str, **tables: Any) -> Expo:
    """The small expo with these organisations (an id is one of China) and, unless given, nothing listed."""
    takes_part = [organisation(one, "CN") if isinstance(one, str) else one for one in organisations]
    nothing = {"offers": [], "needs": [], "places": [], "agreements": []}
    return records.build(Records(small() | nothing | tables | {"organisations": takes_part}))


def gains(expo: Expo) -> dict[tuple[str, str], tuple[int, int]]:
    """(one, other) → what each gains, for every pair in question, in points."""
    found = scores(expo)
    points = np.floor(100 * np.stack((found.gain_first, found.gain_second)) + 0.5).astype(int)
    return {
        (expo.ids[a], expo.ids[b]): (int(x), int(y))
        for a, b, x, y in zip(found.first, found.second, *points, strict=True)
    }


def told(expo: Expo, found: Suggestions) -> list[tuple[Any, ...]]:
    """Every suggestion in ids, whatever the rows."""
    sides = (
        ("need", expo.needs),
        ("offer", expo.offers),
        ("partner_need", expo.needs),
        ("own_offer", expo.offers),
    )
    return sorted(
        (
            expo.ids[found.organisation[row]],
            int(found.rank[row]),
            expo.ids[found.partner[row]],
            int(found.gain[row]),
            int(found.partner_gain[row]),
            bool(found.mutual[row]),
            *(listings.ids[at] if (at := getattr(found, side)[row]) >= 0 else "" for side, listings in sides),
        )
        for row in range(len(found.rank))
    )


def draw(n: int, seed: int = 0) -> Expo:
    """Organisations by lot, each with up to three offers and three needs of few goods."""
    chance = np.random.default_rng(seed)
    codes = ("850760", "8507", "282520", "870380", "940161", "080450", "CPC8111", "721049")
    some = {"offers": [], "needs": []}
    for i in range(n):
        for table in ("offers", "needs"):
            for number in range(chance.integers(0, 4)):
                more = {
                    "function": FUNCTIONS[chance.integers(0, 2)],
                    "title": {"en": vocabulary.label(codes[chance.integers(len(codes))], "en")},
                    "markets": ("CN", "LA") if chance.random() < 0.3 else (),
                    "certificates": ("CE",) if chance.random() < 0.3 else (),
                    "kinds": (KINDS[chance.integers(0, 2)],) if chance.random() < 0.2 else (),
                }
                code = codes[chance.integers(len(codes))]
                some[table].append(listing(table, f"{table}{i:03}-{number}", f"o{i:03}", code, **more))
    people = [
        organisation(f"o{i:03}", ("CN", "LA", "DE")[chance.integers(3)], size=SIZES[chance.integers(4)])
        for i in range(n)
    ]
    return expo_of(*people, **some)


def permuted(expo: Expo, seed: int) -> Expo:
    """The same expo with organisations, offers, needs and wishes in other rows."""
    chance = np.random.default_rng(seed)
    order = chance.permutation(len(expo.ids))
    place = np.argsort(order)

    def rows(noun: Any, order: Array) -> Any:
        moved = {}
        for field in fields(noun):
            value = getattr(noun, field.name)
            value = value[order] if isinstance(value, np.ndarray) else tuple(value[i] for i in order)
            moved[field.name] = place[value] if field.metadata.get("refers") == "organisations" else value
        return replace(noun, **moved)

    def shuffled(noun: Listings | Wishes) -> Any:
        return rows(noun, chance.permutation(len(noun.organisation)))

    organisations: Organisations = rows(expo.organisations, order)
    places = replace(
        expo.places, organisation=np.where(expo.places.organisation < 0, -1, place[expo.places.organisation])
    )
    return replace(
        expo,
        organisations=organisations,
        places=places,
        offers=shuffled(expo.offers),
        needs=shuffled(expo.needs),
        wishes=shuffled(expo.wishes),
        **dict.fromkeys(("debuts", "agreements"), ()),
    )


def test_who_buys_gains_90_and_who_sells_75() -> None:
    expo = expo_of("a", "b", "c", offers=[offer("of", "b", "850760")], needs=[need("ne", "a", "850760")])

    found = recommend(expo)

    assert gains(expo) == {("a", "b"): (90, 75)}
    assert told(expo, found) == [
        ("a", 1, "b", 90, 75, True, "ne", "of", "", ""),
        ("b", 1, "a", 75, 90, True, "", "", "ne", "of"),
    ]
    assert found.of(1).tolist() == [1]
    assert found.measures.empty_lists == 1
    assert found.measures.expected_matches == pytest.approx(0.9 * 0.75)
    assert found.measures.without_chance == pytest.approx(1 / 3)


def test_who_buys_and_sells_gains_from_both() -> None:
    expo = expo_of(
        *("a", "b"),
        offers=[offer("o1", "a", "850760"), offer("o2", "b", "282520")],
        needs=[need("n1", "a", "282520"), need("n2", "b", "850760")],
    )

    assert gains(expo) == {("a", "b"): (98, 98)}  # 1 − .1 · .25 = .975


def test_two_functions_are_worth_more_than_one() -> None:
    both = [("t", "trade"), ("i", "innovation")]

    expo = expo_of(
        *("a", "b"),
        offers=[offer(f"o{one}", "b", "850760", function=function) for one, function in both],
        needs=[need(f"n{one}", "a", "850760", function=function) for one, function in both],
    )

    assert gains(expo) == {("a", "b"): (99, 94)}  # 1 − .1², 1 − .25² = .9375


@pytest.mark.parametrize(
    ("wants", "has", "expected"),
    [
        pytest.param("850760", "850760", (90, 75), id="one subheading"),
        pytest.param("850760", "85", (27, 23), id="one chapter"),
        pytest.param("850760", "080410", None, id="batteries and dates"),
        pytest.param("850760", "CPC8111", None, id="batteries and research"),
        pytest.param("870380", "CPC8111", None, id="cars and research"),
    ],
)
def test_the_further_two_codes_are_apart_the_less_is_gained(
    wants: str, has: str, expected: tuple[int, int] | None
) -> None:
    expo = expo_of(
        *("a", "b"),
        offers=[offer("of", "b", has, title={"en": "quay"})],
        needs=[need("ne", "a", wants, title={"en": "zinc"})],
    )

    assert gains(expo).get(("a", "b")) == expected


FACT_CASES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    # fact, and what buyer, seller, need and offer say when it is met; the other way below
    ("market", {"country": "FR"}, {}, {}, {"markets": ("FR",)}),
    ("market", {"country": "FR"}, {"markets": ("FR", "LA")}, {}, {}),
    ("origin", {}, {"country": "LA"}, {"markets": ("LA",)}, {}),
    ("certificates", {}, {"certificates": ("CE",)}, {"certificates": ("CE",)}, {}),
    ("certificates", {}, {}, {"certificates": ("CE",)}, {"certificates": ("CE", "ISO9001")}),
    ("incoterm", {}, {}, {"incoterms": ("FOB", "CIF")}, {"incoterms": ("CIF",)}),
    ("kind", {}, {"kind": "university"}, {"kinds": ("university",)}, {}),
    ("kind", {"kind": "financier"}, {}, {}, {"kinds": ("financier",)}),
    ("size", {}, {"size": "large"}, {"sizes": ("large",)}, {}),
]
MISSING: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "market": ({}, {"markets": ("DE",)}),
    "origin": ({"markets": ("DE",)}, {}),
    "certificates": ({"certificates": ("CE", "UL")}, {"certificates": ("UL",)}),
    "incoterm": ({"incoterms": ("FOB",)}, {"incoterms": ("EXW",)}),
    "kind": ({"kinds": ("agency", "financier")}, {}),
    "size": ({}, {"sizes": ("micro", "large")}),
}
PENALTY = {
    "market": 0.55,
    "origin": 0.55,
    "certificates": 0.45,
    "language": 0.8,
    "incoterm": 0.85,
    "kind": 0.5,
    "size": 0.6,
}


def pair(buyer: dict[str, Any], seller: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> Expo:
    return expo_of(
        organisation("a", **{"country": "CN"} | buyer),
        organisation("b", **{"country": "CN"} | seller),
        needs=[need("ne", "a", "850760", **ours)],
        offers=[offer("of", "b", "850760", **theirs)],
    )


def reason_codes(expo: Expo) -> list[list[str]]:
    return [[reason.code for reason in one] for one in reasons(expo, recommend(expo))]


@pytest.mark.parametrize(("fact", "buyer", "seller", "ours", "theirs"), FACT_CASES)
def test_a_fact_that_is_met_costs_nothing_and_is_told(
    fact: str, buyer: dict[str, Any], seller: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    expo = pair(buyer, seller, ours, theirs)

    assert gains(expo) == {("a", "b"): (90, 75)}
    assert all(f"{fact}_met" in codes for codes in reason_codes(expo))


@pytest.mark.parametrize("fact", MISSING)
def test_a_fact_that_is_missing_lowers_both_gains_and_is_told(fact: str) -> None:
    ours, theirs = MISSING[fact]

    expo = pair({}, {}, ours, theirs)

    lowered = np.floor(100 * np.round(PENALTY[fact] * np.array([0.9, 0.75]), 9) + 0.5).astype(int)
    assert gains(expo) == {("a", "b"): tuple(lowered)}
    assert all(f"{fact}_missing" in codes for codes in reason_codes(expo))


def test_a_language_in_common_is_a_fact() -> None:
    assert PENALTY.keys() == {*MISSING, "language"} == {fact.code for fact in FACTS if fact.missing < 1}

    expo = pair({"languages": ("lo",)}, {"languages": ("zh-Hans", "en")}, {}, {})

    assert gains(expo) == {("a", "b"): (72, 60)}
    assert all("language_missing" in codes for codes in reason_codes(expo))


def links(*, offers: int) -> Expo:
    """One seeks at a link of the chain, so many others offer there."""
    sellers = [f"s{number}" for number in range(offers)]
    return expo_of(
        *("a", *sellers),
        offers=[offer(f"of-{one}", one, "850760", node="car", title={"en": "quay"}) for one in sellers],
        needs=[need("ne", "a", "850760", node="car", title={"en": "zinc"}, sizes=("large",))],
    )


@pytest.mark.parametrize(
    ("offers", "told", "expected"),
    [
        pytest.param(1, "gap_met", 0.6 * 1.5 / (0.4 + 0.6 * 1.5), id="a gap"),
        pytest.param(2, "second_source_met", 0.6 * 1.25 / (0.4 + 0.6 * 1.25), id="a second source"),
        pytest.param(3, "", 0.6, id="enough"),
    ],
)
def test_who_fills_a_gap_of_the_chain_or_is_a_second_source_is_worth_more(
    offers: int, told: str, expected: float
) -> None:
    expo = links(offers=offers)

    found = recommend(expo)
    why = reasons(expo, found, found.of(0))

    points = int(np.floor(90 * expected + 0.5))
    assert found.gain[found.of(0)].tolist() == [points] * offers
    assert all(
        ({"gap_met", "second_source_met"} & {reason.code for reason in one}) == ({told} - {""}) for one in why
    )


def test_what_is_left_unlooked_at_could_not_have_been_raised_by_facts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_language = [organisation(one, "CN", languages=("zh-Hans",)) for one in ("one", "other")]
    expo = expo_of(
        organisation("buyer", "CN"),
        *without_language,
        organisation("gap", "CN"),
        needs=[need("n", "buyer", "850760", node="cell")],
        offers=[
            *(offer(f"of-{one}", one, "850760", title={"en": "z"}) for one in ("one", "other")),
            offer("of-gap", "gap", "850710", title={"en": "q"}, node="cell"),
        ],
    )
    everybody = gains(expo)
    foremost = {pair: everybody[pair] for pair in (("buyer", "one"), ("buyer", "gap"))}

    monkeypatch.setattr(gains_module, "KEPT_PER_NEED", 2)

    # Two have the very code, and .8 of it without a language: above a heading's .75 but for the gap that is filled.
    assert gains(expo) == foremost
    assert foremost["buyer", "gap"] > foremost["buyer", "one"]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("most", [1, 3, 10])
def test_the_foremost_of_a_need_are_the_foremost_of_all(
    seed: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = np.random.default_rng(seed)
    codes = ("850760", "850710", "8507", "851220", "870380")
    sells = [
        offer(
            f"of{i:02}",
            f"s{i // 2:02}",
            codes[chance.integers(5)],
            title={"en": "abcdefgh"[chance.integers(8)] * 5},
            node=("", "cell", "ore")[chance.integers(3)],
            markets=("CN", "LA") if chance.random() < 0.3 else ("LA",) if chance.random() < 0.3 else (),
            certificates=("CE",) if chance.random() < 0.5 else (),
        )
        for i in range(60)
    ]
    buys = [
        need(
            f"ne{i}",
            f"b{i}",
            codes[i],
            title={"en": "abcdefgh"[i] * 5},
            node=("", "cell")[i % 2],
            certificates=("CE",) if i % 2 else (),
        )
        for i in range(5)
    ]
    expo = expo_of(*(f"b{i}" for i in range(5)), *(f"s{i:02}" for i in range(30)), offers=sells, needs=buys)
    everybody = best_gains(expo)

    monkeypatch.setattr(gains_module, "KEPT_PER_NEED", most)

    assert best_gains(expo) == {one: found[:most] for one, found in everybody.items()}


def best_gains(expo: Expo) -> dict[str, list[float]]:
    """What each buyer gains, the most first."""
    found: dict[str, list[float]] = {}
    pairs = scores(expo)
    for one, gain in zip(pairs.first, pairs.gain_first, strict=True):
        found.setdefault(expo.ids[one], []).append(float(gain))
    return {one: sorted(gained, reverse=True) for one, gained in found.items()}


def test_points_of_reasons_say_what_each_added_or_took() -> None:
    expo = links(offers=1)

    found = recommend(expo)
    why = {reason.code: reason.points for reason in reasons(expo, found, found.of(0))[0]}

    # 90 for the code, 60 of 100 of it without the size sought, and the odds of .6 raised by half
    assert found.gain[found.of(0)].tolist() == [62]
    assert found.partner_gain[found.of(0)].tolist() == [52]
    assert why == {
        "buys": (90, 75),
        "same_code": (0, 0),
        "same_node": (0, 0),
        "mutual": (0, 0),
        "language_met": (0, 0),
        "size_missing": (-36, -30),
        "gap_met": (8, 7),
    }


def test_what_makers_usually_buy_raises_the_odds_by_a_little_and_the_organiser_s_own_table_takes_its_place() -> (
    None
):
    both = {
        "offers": [
            offer("oa", "a", "8703", title={"en": "zinc"}),
            offer("ob", "b", "4011", title={"en": "quay"}),
        ],
        "needs": [need("na", "a", "4011", title={"en": "wind"}, sizes=("large",))],
    }
    own = [record("purchases", makes="8703", buys=("0901",))]

    usual, unusual = expo_of("a", "b", **both), expo_of("a", "b", **both, purchases=own)

    score = 0.75 * 0.6
    raised = score * 1.1 / (1 - score + score * 1.1)
    assert gains(usual) == {("a", "b"): (round(90 * raised), round(75 * raised))}
    assert gains(unusual) == {("a", "b"): (41, 34)}  # halves count up: 40.5, 33.75
    assert ["purchase_met" in codes for codes in reason_codes(usual)] == [True, True]
    assert ["purchase_met" in codes for codes in reason_codes(unusual)] == [False, False]


def test_words_are_told_where_they_alone_bring_two_together() -> None:
    title = {"en": "Solar drying tunnels for mangoes and papayas"}
    expo = expo_of(
        *("a", "b"),
        offers=[offer("of", "b", title=title)],
        needs=[need("ne", "a", title=title)],
    )

    found = reasons(expo, recommend(expo))

    assert [
        [reason.data.get("percent") for reason in one if reason.code == "same_words"] for one in found
    ] == [[99], [99]]


def test_what_fits_by_another_function_is_counted_as_more() -> None:
    expo = expo_of(
        *("a", "b"),
        offers=[offer(f"o{one}", "b", "850760", function=one) for one in ("trade", "innovation")],
        needs=[need(f"n{one}", "a", "850760", function=one) for one in ("trade", "innovation")],
    )

    (mine, _), found = reasons(expo, recommend(expo)), recommend(expo)

    points = {reason.code: reason.points[0] for reason in mine}
    assert found.gain.tolist() == [99, 94]
    assert points["buys"] + points["more"] == 99
    assert points["more"] in (49, 50)


def test_who_said_never_is_not_suggested_to_either() -> None:
    offers, needs = [offer("of", "b", "850760")], [need("ne", "a", "850760"), need("nf", "c", "850760")]
    never = [record("wishes", organisation="b", partner="a", kind="never")]

    expo = expo_of("a", "b", "c", offers=offers, needs=needs, wishes=never)

    assert gains(expo) == {("b", "c"): (75, 90)}
    assert {row[:3] for row in told(expo, recommend(expo))} == {("b", 1, "c"), ("c", 1, "b")}


def test_one_function_does_not_meet_another() -> None:
    expo = expo_of(
        *("a", "b"),
        offers=[offer("of", "b", "850760", function="innovation")],
        needs=[need("ne", "a", "850760")],
    )

    assert gains(expo) == {}


def test_nobody_is_suggested_to_itself() -> None:
    expo = expo_of("a", "b", offers=[offer("of", "a", "850760")], needs=[need("ne", "a", "850760")])

    assert told(expo, recommend(expo)) == []


def test_stuffed_offers_add_nothing() -> None:
    one = expo_of("a", "b", offers=[offer("of000", "b", "850760")], needs=[need("ne", "a", "850760")])
    stuffed = expo_of(
        *("a", "b"),
        offers=[offer(f"of{i:03}", "b", "850760") for i in range(200)],
        needs=[need("ne", "a", "850760")],
    )

    assert gains(stuffed) == gains(one)
    assert told(stuffed, recommend(stuffed)) == told(one, recommend(one))


def test_stuffed_offers_do_not_push_others_out() -> None:
    expo = expo_of(
        *("buyer", "honest", "stuffer"),
        offers=[
            offer("of", "honest", "8507"),
            *(offer(f"of{i:03}", "stuffer", "850760") for i in range(300)),
        ],
        needs=[need("ne", "buyer", "850760")],
    )

    assert set(gains(expo)) == {("buyer", "honest"), ("buyer", "stuffer")}


@pytest.mark.parametrize("size", [0, 1, 2])
def test_few_organisations_make_no_or_short_lists(size: int) -> None:
    names = [f"o{i}" for i in range(size)]
    goods = {"offers": [offer(f"of{one}", one, "850760") for one in names]}

    expo = expo_of(*names, needs=[need(f"ne{one}", one, "850760") for one in names], **goods)

    found = recommend(expo)
    assert [row[:3] for row in told(expo, found)] == [("o0", 1, "o1"), ("o1", 1, "o0")][: 2 * (size == 2)]
    assert found.measures.empty_lists == (size if size < 2 else 0)
    assert wanted(expo, found).first.tolist() == [0] * (size == 2)


def test_where_all_sell_and_nobody_buys_there_is_nothing_to_suggest() -> None:
    expo = expo_of("a", "b", "c", offers=[offer(f"of{one}", one, "850760") for one in "abc"])

    found = recommend(expo)

    assert (told(expo, found), found.measures.empty_lists, found.measures.exposure_gini) == ([], 3, 0)


def alike(n: int, list_length: int) -> Expo:
    names = [f"o{i:02}" for i in range(n)]
    return expo_of(
        *names,
        offers=[offer(f"of{one}", one, "850760") for one in names],
        needs=[need(f"ne{one}", one, "850760") for one in names],
        edition=[edition(list_length=list_length)],
    )


def test_where_all_are_alike_lists_are_full_and_all_are_seen_alike() -> None:
    found = recommend(alike(30, 7))

    assert np.bincount(found.organisation).tolist() == [7] * 30
    assert set(zip(found.gain.tolist(), found.partner_gain.tolist(), strict=True)) == {(98, 98)}
    assert found.measures.exposure_gini < 0.2


def test_where_all_are_alike_the_ids_decide_and_not_the_rows() -> None:
    expo = alike(12, 3)

    other = permuted(expo, 1)

    assert other.ids != expo.ids
    assert told(other, recommend(other)) == told(expo, recommend(expo))


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_rows_does_not_matter(seed: int) -> None:
    expo = draw(40, seed)

    found = told(expo, recommend(expo))

    other = permuted(expo, seed)
    assert other.ids != expo.ids
    assert len(found) > 100
    assert told(other, recommend(other)) == found


@pytest.mark.parametrize("seed", range(5))
def test_every_list_keeps_the_rules_and_knows_the_other_side(seed: int) -> None:
    rules = edition(list_length=4, win_win=30)
    expo = replace(draw(30, seed), edition=records.build(Records(small() | {"edition": [rules]})).edition)

    found = told(expo, recommend(expo))

    ranks: dict[str, list[int]] = {}
    sides = {(one, other): (gain, theirs) for one, _, other, gain, theirs, *_ in found}
    for one, rank, other, gain, theirs, mutual, *mine in found:
        ranks.setdefault(one, []).append(rank)
        assert one != other
        assert min(gain, theirs) >= 30
        assert mutual == ((other, one) in sides)
        assert not mutual or sides[other, one] == (theirs, gain)
        assert [bool(listing) for listing in mine] in ([1, 1, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1])
    assert all(places == list(range(1, len(places) + 1)) and len(places) <= 4 for places in ranks.values())


def test_every_suggestion_of_the_sample_says_who_buys_or_sells(sample: Path) -> None:
    expo = files.read(sample)
    found = recommend(expo)

    why = reasons(expo, found)

    assert len(why) == len(found.rank) > 10_000
    codes = [[reason.code for reason in one] for one in why]
    assert all({"buys", "sells"} & set(one) and len(set(one)) == len(one) for one in codes)
    assert all(one == sorted(one, key=REASONS.index) for one in codes)
    assert {code for one in codes for code in one} == set(REASONS) - {"gap_met"}
    for side, gain in enumerate((found.gain, found.partner_gain)):
        assert [sum(reason.points[side] for reason in one) for one in why] == gain.tolist()
    assert [("mutual" in one) for one in codes] == found.mutual.tolist()
    assert reasons(expo, found, found.of(5)) == [why[row] for row in found.of(5)]


def test_who_would_fit_but_is_not_on_a_list_is_told_with_the_reason() -> None:
    buyers = [f"b{number}" for number in range(6)]
    offers = [offer("o-well", "well", "850760"), *(offer(f"o-{one}", one, "0901") for one in buyers)]
    needs = [need("n-well", "well", "0901"), *(need(f"n-{one}", one, "850760") for one in buyers)]
    made = expo_of("well", *buyers, offers=offers, needs=needs)
    rules = replace(made.edition.rules, list_length=2, exposure_cap=1, floor=False)
    expo = replace(made, edition=replace(made.edition, rules=rules))

    found = recommend(expo)
    others = passed_over(expo, found)

    well = expo.ids.index("well")
    standing = int((found.partner == well).sum())
    assert standing < len(buyers)
    for one in map(expo.ids.index, buyers):
        listed = found.partner[found.of(one)]
        assert (one in others.organisation) == (len(listed) > 0 and well not in listed)
    for partner, number in zip(others.partner, others.lists, strict=True):
        assert number == (found.partner == partner).sum()


@pytest.mark.parametrize("seed", range(6))
def test_nobody_is_passed_over_who_stands_on_the_list_or_brings_less_than_it(seed: int) -> None:
    expo = draw(40, seed)
    found = recommend(expo)

    others = passed_over(expo, found)

    pairs = set(zip(found.organisation.tolist(), found.partner.tolist(), strict=True))
    for one, other, gain, theirs, reason in zip(
        others.organisation, others.partner, others.gain, others.partner_gain, others.reason, strict=True
    ):
        assert (one, other) not in pairs
        assert gain >= found.gain[found.of(one)].mean()
        listed = found.gain[found.of(other)]
        code = PASSED_OVER[reason]
        assert (code == "one_sided") == (theirs < expo.edition.rules.win_win)
        assert code != "better_elsewhere" or theirs < listed.min()
    assert np.bincount(others.organisation, minlength=1).max() <= 2


@pytest.mark.parametrize("seed", range(5))
def test_wanted_meetings_are_each_pair_once_with_the_gain_of_either_side(seed: int) -> None:
    expo = draw(30, seed)
    found = recommend(expo)

    meetings = wanted(expo, found)

    pairs = list(zip(meetings.first.tolist(), meetings.second.tolist(), strict=True))
    suggested = zip(found.organisation.tolist(), found.partner.tolist(), strict=True)
    assert pairs == sorted({(min(one), max(one)) for one in suggested})
    known = gains(expo)
    assert list(zip(meetings.gain_first, meetings.gain_second, strict=True)) == [
        known[expo.ids[first], expo.ids[second]] for first, second in pairs
    ]


def test_everybody_with_whom_one_could_gain_is_told_from_its_side_best_first() -> None:
    expo = expo_of(
        *("a", "b", "c"),
        edition=[edition(win_win=95)],
        offers=[offer("of", "b", "850760"), offer("og", "c", "85", title={"en": "quay"})],
        needs=[need("ne", "a", "850760", title={"en": "zinc"})],
    )

    mine, theirs = possible(expo, 0), possible(expo, 1)

    assert [(row[2], *row[3:5], *row[6:8]) for row in told(expo, mine)] == [
        ("b", 90, 75, "ne", "of"),
        ("c", 27, 23, "ne", "og"),
    ]
    assert [(row[2], *row[3:5], *row[8:]) for row in told(expo, theirs)] == [("a", 75, 90, "ne", "of")]
    assert [reason.code for reason in reasons(expo, theirs)[0]][:2] == ["sells", "same_code"]


def wish(one: str, other: str, kind: str, answer: str = "") -> Record:
    return record("wishes", organisation=one, partner=other, kind=kind, answer=answer)


def wishing(*wishes: Record, meet: str = "wishes_first") -> Expo:
    """b offers what a and c need; d has nothing to do with anybody."""
    return expo_of(
        *("a", "b", "c", "d"),
        edition=[edition(meet=meet)],
        offers=[offer("of", "b", "850760")],
        needs=[need("na", "a", "850760"), need("nc", "c", "850760")],
        wishes=list(wishes),
    )


def meetings_of(expo: Expo) -> dict[str, tuple[int, int, bool]]:
    """ "ab" → what a and b gain, and whether their meeting goes ahead of the others."""
    found = wanted(expo, recommend(expo))
    columns = found.first, found.second, found.gain_first, found.gain_second, found.ahead
    return {
        expo.ids[one] + expo.ids[other]: (int(gain), int(theirs), bool(ahead))
        for one, other, gain, theirs, ahead in zip(*columns, strict=True)
    }


def test_who_is_kept_apart_is_in_no_list_and_meets_in_no_timetable_whatever_both_wish() -> None:
    offers = [offer(f"of-{seller}", seller, "850760") for seller in ("b", "c")]
    needs = [need("ne-a", "a", "850760")]
    both = [wish("a", "b", "must"), wish("b", "a", "must")]
    apart = [record("exclusions", organisation="b", partner="a", reason="One group")]
    table = [record("places", id="t1", kind="table")]
    expo = expo_of("a", "b", "c", offers=offers, needs=needs, wishes=both, exclusions=apart, places=table)

    found = recommend(expo)
    meetings = schedule(expo, wanted(expo, found))

    assert list(zip(expo.exclusions.first, expo.exclusions.second, strict=True)) == [(0, 1)]
    assert set(gains(expo)) == {("a", "c")}
    assert [(one, other) for one, _, other, *_ in told(expo, found)] == [("a", "c"), ("c", "a")]
    pairs = zip(meetings.wanted.first, meetings.wanted.second, meetings.held, strict=True)
    assert [(int(one), int(other), bool(held)) for one, other, held in pairs] == [(0, 1, False), (0, 2, True)]
    (left,) = unplaced(expo, meetings)
    assert (left.code, left.remedy.code) == ("excluded_pair", "lift_exclusion")


FILE = wish("a", "b", "must"), wish("b", "a", "welcome"), wish("d", "a", "want"), wish("c", "a", "never")


def test_with_wishes_only_the_wished_meetings_are_wanted_and_no_others() -> None:
    # what the texts say; the threshold, and what the wish says
    assert meetings_of(wishing(*FILE, meet="wishes_only")) == {"ab": (90, 75, False), "ad": (5, 50, False)}
    assert meetings_of(wishing(meet="wishes_only")) == {}


def test_wished_meetings_go_ahead_and_suggestions_fill_up() -> None:
    expo = wishing(*FILE)

    assert meetings_of(expo) == {"ab": (90, 75, True), "ad": (5, 50, True), "bc": (75, 90, False)}
    weight = dict(zip(meetings_of(expo), wanted(expo, recommend(expo)).weight.tolist(), strict=True))
    assert weight == {"ab": 1822, "ad": 1158, "bc": 822}


def test_without_wishes_every_suggestion_is_wanted_and_none_goes_ahead() -> None:
    assert meetings_of(wishing()) == {"ab": (90, 75, False), "bc": (75, 90, False)}


SUGGESTED = {"ab": (90, 75, False), "bc": (75, 90, False)}


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ([wish("a", "d", "must", "accepted")], {"ad": (80, 50, True)}),
        ([wish("d", "a", "want", "accepted")], {"ad": (50, 50, True)}),
        ([wish("a", "d", "must", "pending")], {}),
        ([wish("a", "d", "must", "declined")], {}),
        ([wish("a", "d", "must", "expired")], {}),
        ([wish("a", "d", "must", "withdrawn")], {}),
        ([wish("a", "d", "must", "pending"), wish("d", "a", "want", "pending")], {"ad": (80, 50, True)}),
        ([wish("a", "d", "must", "pending"), wish("d", "a", "welcome", "pending")], {}),
        ([wish("a", "d", "must", "declined"), wish("d", "a", "want", "pending")], {}),
        ([wish("a", "d", "must", "declined"), wish("d", "a", "want", "accepted")], {"ad": (50, 50, True)}),
        ([wish("a", "d", "must", "pending"), wish("d", "a", "never")], {}),
    ],
)
def test_a_wish_makes_a_meeting_wanted_once_both_agree(
    wishes: list[Record], expected: dict[str, tuple[int, int, bool]]
) -> None:
    assert meetings_of(wishing(*wishes)) == SUGGESTED | expected
    assert meetings_of(wishing(*wishes, meet="wishes_only")) == {
        pair: (*gains, False) for pair, (*gains, _) in expected.items()
    }


def test_who_declined_is_not_made_to_meet_by_a_suggestion() -> None:
    assert meetings_of(wishing(wish("a", "b", "want", "declined"))) == {"bc": (75, 90, False)}
    # Nobody refused what was withdrawn or came to nothing, nor what waits still.
    for answer in ("withdrawn", "expired", "pending"):
        assert meetings_of(wishing(wish("a", "b", "want", answer))) == SUGGESTED


@pytest.mark.parametrize("seed", range(5))
def test_no_pending_or_refused_wish_is_wanted_and_all_that_is_suggested_is_unless_refused(seed: int) -> None:
    chance = np.random.default_rng(seed)
    ids = [f"o{number:02d}" for number in range(12)]
    pairs = [(one, other) for one in ids for other in ids if one != other and chance.random() < 0.3]
    wishes = [
        wish(
            one, other, "never" if chance.random() < 0.1 else str(chance.choice(["must", "want", "welcome"]))
        )
        | {"answer": str(chance.choice(["", *ANSWERS]))}
        for one, other in pairs
    ]
    expo = expo_of(
        *ids,
        offers=[offer(f"of{one}", one, str(chance.choice(["850760", "282520"]))) for one in ids],
        needs=[need(f"ne{one}", one, str(chance.choice(["850760", "282520"]))) for one in ids],
        wishes=wishes,
    )

    found = recommend(expo)
    tried = meetings_of(expo)

    said = {(row["organisation"], row["partner"]): row for row in wishes}
    listed = {
        "".join(sorted((expo.ids[a], expo.ids[b])))
        for a, b in zip(found.organisation, found.partner, strict=True)
    }
    for one, other in combinations(ids, 2):
        rows = [said[pair] for pair in ((one, other), (other, one)) if pair in said]
        agreed = any(row["kind"] != "never" and row["answer"] in ("", "accepted") for row in rows)
        live = [
            row
            for row in rows
            if row["kind"] in ("must", "want") and row["answer"] in ("", "pending", "accepted")
        ]
        declined = any(row["answer"] == "declined" for row in rows)
        pair = one + other
        assert (pair in tried and tried[pair][2]) == (agreed or len(live) == 2)
        if not agreed and len(live) < 2:
            assert (pair in tried) == (pair in listed and not declined)


def test_the_order_of_wishes_changes_nothing() -> None:
    expo = wishing(*FILE, wish("b", "d", "want", "accepted"))
    other = permuted(expo, 3)

    told = {frozenset(pair): set(gains) for pair, gains in meetings_of(expo).items()}

    assert {frozenset(pair): set(gains) for pair, gains in meetings_of(other).items()} == told


def test_only_nevers_are_no_wishes() -> None:
    expo = expo_of(
        *("a", "b"),
        offers=[offer("of", "b", "850760")],
        needs=[need("na", "a", "850760")],
        wishes=[record("wishes", organisation="a", partner="b", kind="never")],
    )

    assert len(wanted(expo, recommend(expo)).first) == 0


@pytest.mark.parametrize(
    ("values", "expected"), [([], 0), ([0, 0], 0), ([2, 2, 2], 0), ([0, 0, 0, 1], 0.75), ([1, 3], 0.25)]
)
def test_gini_of_known_shares(values: list[float], expected: float) -> None:
    assert gini(np.array(values)) == pytest.approx(expected)


@pytest.fixture
def dense(monkeypatch: pytest.MonkeyPatch) -> markets.Market:
    """The public synthetic market of Tomita & Yokoyama (RecSys 2024): 30 × 20, seed 0, λ = .5."""
    monkeypatch.setattr(markets, "WIDEST", 1000)
    monkeypatch.setattr(markets, "FULLEST", 1000)
    chance = np.random.RandomState(0)
    ours = 0.5 * chance.random_sample((30, 20)) + 0.5 * np.linspace(1, 0, 20)
    theirs = 0.5 * chance.random_sample((20, 30)) + 0.5 * np.linspace(1, 0, 30)
    left, right = (one.ravel() for one in np.indices((30, 20)))
    return markets.market(50, left, 30 + right, ours[left, right], theirs[right, left])


def expected_matches(found: markets.Market, exposure: Array) -> float:
    return float(lists.utilities(found, exposure).sum() / 2)


def envies(found: markets.Market, exposure: Array) -> int:
    """Pairs (i, k) of one side in which i, with its own list, would match more where k stands than where it does.

    Σⱼ pᵢⱼ pⱼᵢ eᵢⱼ eⱼₖ > Σⱼ pᵢⱼ pⱼᵢ eᵢⱼ eⱼᵢ, as in the authors' published `check_envy`.
    """
    mine, place = np.zeros((2, found.size, found.size))
    mine[found.owner, found.partner] = found.both * exposure
    place[found.owner, found.partner] = exposure
    would = mine @ place
    left = np.arange(found.size) < 30
    one_side = left[:, None] == left
    return int(((would > np.diag(would)[:, None] + 1e-9) & one_side).sum())


def test_envy_is_counted_as_published() -> None:
    one_market = markets.market(3, np.array([0, 1]), np.array([2, 2]), np.ones(2), np.array([0.9, 0.3]))
    rank = ranks(one_market.owner, one_market.both)
    # 2 puts 0 first: 1, which it gains nothing from losing, would match more where 0 stands.
    expo = expo_of("a", "b", "c")
    seen = measure(expo, one_market, rank, 5, np.arange(3))
    assert seen.envy == pytest.approx(1 / 6)


def test_every_group_is_seen_with_its_share_of_what_it_is_worth() -> None:
    expo = expo_of(
        organisation("a", "LA", size="small"),
        organisation("b", "CN", size="large"),
        organisation("c", "CN", size="large"),
        offers=[offer("ob", "b", "850760"), offer("oc", "c", "8507")],
        needs=[need("na", "a", "850760")],
    )

    shares = {(one.dimension, one.member): one for one in recommend(expo).measures.groups}

    small_firms, large = shares["size", "small"], shares["size", "large"]
    assert (small_firms.organisations, large.organisations) == (1, 2)
    # a stands first in both lists, b first and c second in a's.
    assert small_firms.exposure == pytest.approx(2 / 3.5)
    assert small_firms.merit == pytest.approx(0.5)  # every pair counts once on either side
    assert small_firms.ratio == pytest.approx(8 / 7)
    assert shares["country_group", "least_developed"].organisations == 1
    for dimension in ("size", "kind", "country_group", "language"):
        of_all = [one for (name, _), one in shares.items() if name == dimension]
        assert sum(one.exposure for one in of_all) == pytest.approx(1)
        assert sum(one.merit for one in of_all) == pytest.approx(1)


def test_every_knob_of_an_edition_is_heeded_and_told() -> None:
    def under(**rules: Any) -> Suggestions:
        edited = records.build(Records(small() | {"edition": [edition(**rules)]})).edition
        return recommend(replace(draw(60, 5), edition=edited))

    def chance(found: Suggestions, member: str) -> float:
        return next(one.exposure for one in found.measures.groups if one.member == member)

    plain, helped = under(), under(weight_small=400, weight_least_developed=400)
    assert chance(helped, "small") + chance(helped, "micro") > chance(plain, "small") + chance(plain, "micro")
    assert chance(helped, "least_developed") > chance(plain, "least_developed")
    seen = np.bincount(under(exposure_cap=2).partner, 1 / under(exposure_cap=2).rank)
    assert seen.max() <= 2 + 1e-9 < np.bincount(plain.partner, 1 / plain.rank).max()
    assert set(KNOBS) < set(plain.provenance.parameters)
    assert helped.provenance.parameters["weight_small"] == 400


def test_the_published_market_is_drawn_as_published(dense: markets.Market) -> None:
    naive, product = (1 / ranks(dense.owner, by) for by in (dense.p, dense.both))

    assert round(expected_matches(dense, naive), 4) == 6.0976
    assert round(expected_matches(dense, product), 4) == 13.2147


def test_the_efficient_lists_bring_at_least_the_matches_published(dense: markets.Market) -> None:
    exposure = lists.allocate(dense, objective="efficient")

    assert expected_matches(dense, exposure) >= 16.509


def test_the_fair_lists_bring_at_least_the_matches_published_and_less_envy(dense: markets.Market) -> None:
    fair, product = lists.allocate(dense), 1 / ranks(dense.owner, dense.both)

    assert expected_matches(dense, fair) >= 15.6
    assert envies(dense, fair) < envies(dense, product) / 10


def test_the_fair_lists_leave_at_most_one_envy(dense: markets.Market) -> None:
    assert envies(dense, lists.allocate(dense)) <= 1
