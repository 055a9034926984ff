"""What lists do to people, in whole markets: twins, languages, copies, stuffing and weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from folders import edition, listing, organisation, small
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairlink import Expo, encoding, records, vocabulary
from fairlink.expo import Array
from fairlink.partners import recommend
from fairlink.tables import Record, Records

INDUSTRIES = ("0901", "1806", "3004", "4011", "5205", "6109", "7308", "8413", "8507", "8703", "9018", "9403")
COUNTRIES = ("CN", "FR", "LA", "BR", "DE", "ET")
SEEDS = st.integers(0, 9999)
few = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))


class Market:
    """Organisations of a few industries that buy from one another; some know codes, all have words."""

    def __init__(self, seed: int, size: int = 150) -> None:
        self.chance = np.random.default_rng(seed)
        self.tables: dict[str, list[Record]] = {"organisations": [], "offers": [], "needs": []}
        for number in range(size):
            self.add(f"m{number:04}", int(self.chance.integers(len(INDUSTRIES))))

    def add(self, one: str, industry: int, *, language: str = "en", **facts: Any) -> None:
        """Somebody of an industry, which offers two things of it and seeks two that it needs."""
        given = {"country": COUNTRIES[int(self.chance.integers(len(COUNTRIES)))], "size": "small"} | facts
        self.tables["organisations"].append(organisation(one, **given))
        for table, number, about in (
            *(("offers", number, industry) for number in range(2)),
            *(("needs", number, (industry + 1 + number) % len(INDUSTRIES)) for number in range(2)),
        ):
            self.list(table, f"{one}-{table[0]}{number}", one, about, language)

    def list(
        self, table: str, code: str, one: str, industry: int, language: str = "en", coded: float = 0.5
    ) -> None:
        """An offer or need of an industry's goods; `coded`: how likely it is that it knows their code."""
        heading = INDUSTRIES[industry]
        codes = [heading] if self.chance.random() < coded else []
        title = {language: f"{vocabulary.label(heading, language)} {self.chance.integers(9)}"}
        self.tables[table].append(listing(table, code, one, *codes, title=title))

    def expo(self, **rules: Any) -> Expo:
        nothing = {"places": [], "agreements": [], "slots": []}
        made = records.build(Records(small() | nothing | self.tables | {"edition": [edition(win_win=1)]}))
        return replace(made, edition=replace(made.edition, rules=replace(made.edition.rules, **rules)))


def seen(expo: Expo, **how: Any) -> Array:
    """How much each is looked at: a place at rank r of somebody's list counts 1/r."""
    found = recommend(expo, **how)
    exposure: Array = np.bincount(found.partner, 1 / found.rank, minlength=len(expo.ids))
    return exposure


def rows(expo: Expo, ids: Sequence[str]) -> list[int]:
    return [expo.ids.index(one) for one in ids]


@few
@given(seed=SEEDS, copies=st.booleans())
def test_twins_that_differ_in_size_and_country_group_alone_are_seen_alike(seed: int, copies: bool) -> None:
    market = Market(seed)
    for number in range(20):
        state = market.chance.bit_generator.state
        industry = number % len(INDUSTRIES)
        market.add(f"a{number:02}", industry, country="DE", size="large")
        market.chance.bit_generator.state = state  # the very same words and codes
        market.add(f"b{number:02}", industry, country="LA", size="micro")
    expo = market.expo(copies_as_one=copies)

    exposure = seen(expo)

    rich, poor = (exposure[rows(expo, [f"{side}{number:02}" for number in range(20)])].sum() for side in "ab")
    assert 0.9 <= poor / rich <= 1.1


@few
@given(seed=SEEDS)
def test_stuffing_brings_less_than_twice_as_much_as_the_best_three(seed: int) -> None:
    def market(offers: int) -> tuple[Expo, int]:
        made = Market(seed)
        made.add("stuffed", 0)
        for number in range(offers):
            made.list("offers", f"stuffed-{number:03}", "stuffed", number % len(INDUSTRIES), coded=1.0)
        expo = made.expo()
        return expo, expo.ids.index("stuffed")

    (some, one), (many, same) = market(3), market(200)

    assert seen(many)[same] < 2 * seen(some)[one]


@few
@given(seed=SEEDS)
def test_copies_of_the_most_seen_push_nobody_down(seed: int) -> None:
    market = Market(seed)
    expo = market.expo()
    before = seen(expo)
    first = expo.ids[int(before.argmax())]
    for copy in range(5):
        for table, key in (("organisations", "id"), ("offers", "organisation"), ("needs", "organisation")):
            theirs = [row for row in market.tables[table] if row[key] == first]
            market.tables[table] += [
                {**row, "id": f"{row['id']}-{copy}", key: f"{first}-{copy}"} for row in theirs
            ]
    with_copies = market.expo()

    after = seen(with_copies)

    others = [one for one in expo.ids if one != first]
    lost = 1 - after[rows(with_copies, others)].sum() / before[rows(expo, others)].sum()
    assert lost < 0.01


@few
@given(seed=SEEDS)
def test_helping_small_firms_and_least_developed_countries_costs_few_matches(seed: int) -> None:
    market = Market(seed)

    plain = recommend(market.expo()).measures
    helped = recommend(market.expo(weight_small=120, weight_least_developed=120)).measures

    assert helped.expected_matches >= 0.98 * plain.expected_matches


@cache
def reader() -> encoding.Encoder:
    found = encoding.installed()
    if found is None:
        pytest.skip("the extra `encoder` is not installed")
    return encoding.Cached(found)


@pytest.mark.parametrize("language", ["fr", "zh-Hans"])
def test_who_writes_another_language_than_most_is_seen_as_much(language: str) -> None:
    def exposure(spoken: str) -> float:
        total = 0.0
        for seed in range(6):
            market = Market(seed, 60)
            for industry in range(len(INDUSTRIES)):
                market.add(f"w{industry:02}", industry, language=spoken)
            expo = market.expo()
            total += seen(expo, encoder=reader())[[one.startswith("w") for one in expo.ids]].sum()
        return total

    assert exposure(language) >= 0.95 * exposure("en")
