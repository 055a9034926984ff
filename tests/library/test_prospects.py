"""How well one organisation can be matched: the same scores as everybody's, and advice that follows from them."""

import numpy as np
import pytest

from fairlink import classification, files
from fairlink.partners import ADVICE, prospects, scores


@pytest.fixture(scope="module")
def expo(sample):
    return files.read(sample)


@pytest.mark.parametrize("row", [0, 10, 60, 500, 999])
def test_prospects_are_the_pairs_that_matching_would_weigh_with_the_same_gains(expo, row):
    everybody = scores(expo)
    first = everybody.first == row
    mine = first | (everybody.second == row)
    points = np.round(100 * everybody.gain_first), np.round(100 * everybody.gain_second)
    wanted = {
        (int(partner), int(gain))
        for partner, gain, least in zip(
            np.where(first, everybody.second, everybody.first)[mine],
            np.where(first, *points)[mine],
            np.minimum(*points)[mine],
            strict=True,
        )
        if least >= 5
    }

    found = prospects(expo, row)

    # Matching leaves out whoever is far down among very many; what is asked for one organisation, it tells.
    assert wanted <= set(zip(found.partner.tolist(), found.gain.tolist(), strict=True))
    assert len(found.partner) <= 2 * len(wanted)
    assert list(found.gain) == sorted(found.gain, reverse=True)


def test_advice_says_each_thing_once_and_has_words(expo):
    from fairlink import words

    for row in range(0, 1000, 97):
        told = [code for code, number in prospects(expo, row).advice if number > 0]
        assert len(told) == len(set(told))
        assert set(told) <= set(ADVICE)
    assert set(words.catalogue("advice")) == set(ADVICE)


def test_whoever_says_nothing_is_told_so_first(expo):
    silent = next(
        row
        for row in range(len(expo.ids))
        if row not in expo.needs.organisation and row in expo.offers.organisation
    )

    assert prospects(expo, silent).advice[0][0] in ("no_needs", "no_codes")


@pytest.mark.parametrize(
    ("text", "code"),
    [("roasted coffee beans", "0901"), ("LED lamps", "8539"), ("棉纱", "52"), ("warehousing and logistics", "CPC67"),
     ("冷冻鱼", "0303"), ("accounting services", "CPC82")],
)  # fmt: skip
def test_codes_are_proposed_by_their_everyday_names(text, code):
    assert any(found.startswith(code) for found, _ in classification.suggest(text))


def test_what_has_no_name_is_given_no_code():
    assert classification.suggest("") == []
    assert classification.suggest("zzzz qqqq") == []
    assert len(classification.suggest("machines and parts of machines", most=3)) == 3


def test_a_text_is_near_itself():
    from fairlink import text

    texts = ["battery cells", "roasted coffee", "coffee machines"]
    near = text.index(texts, np.arange(3)).shares("roasted coffee")

    assert near.argmax() == 1
    assert near[2] > near[0]
