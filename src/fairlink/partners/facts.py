"""Facts that make an offer fit a need less well, or not. Each is said once: it scores, and it explains.

A fact looks at pairs (need, offer) and says for each whether it has a bearing, and whether it is met.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from fairlink.expo import KINDS, SIZES, Array, Expo


class Fact(NamedTuple):
    """One fact: its code, what the score is multiplied by where it is not met, and how to know."""

    code: str
    penalty: float
    look: Callable[[Pairs], tuple[Array, Array]]  # → bear, met: bool (pairs,)


class Pairs:
    """Pairs of a need and an offer of two organisations, with the yes/no tables that facts ask.

    needs, offers: int (pairs,), rows of the expo's listings.
    """

    def __init__(self, expo: Expo, needs: Array, offers: Array) -> None:
        self.expo = expo
        self.needs, self.offers = needs, offers
        self.buyers = expo.needs.organisation[needs]
        self.sellers = expo.offers.organisation[offers]


def factor(pairs: Pairs) -> Array:
    """float (pairs,): the product of the penalties of the facts that are not met."""
    product = np.ones(len(pairs.needs))
    for fact in FACTS:
        bear, met = fact.look(pairs)
        product[bear & ~met] *= fact.penalty
    return product


def _table(sets: Sequence[Sequence[str]], words: Sequence[str]) -> Array:
    """bool (sets, words)."""
    column = {word: i for i, word in enumerate(words)}
    table = np.zeros((len(sets), len(words)), dtype=bool)
    for row, members in enumerate(sets):
        table[row, [column[member] for member in members if member in column]] = True
    return table


def _share(ours: Array, theirs: Array) -> tuple[Array, Array]:
    """bear, met: both name something; they name something in common."""
    bear: Array = np.any(ours, axis=1) & np.any(theirs, axis=1)
    return bear, np.any(ours & theirs, axis=1)


def _words(*many: Sequence[Sequence[str]]) -> list[str]:
    return sorted({word for sets in many for members in sets for word in members})


def _seller_serves_market(pairs: Pairs) -> tuple[Array, Array]:
    """The offer, or else its organisation, names countries: is the buyer's among them?"""
    expo, offers = pairs.expo, pairs.expo.offers
    own = [
        offers.markets[row] or expo.organisations.markets[seller]
        for row, seller in enumerate(offers.organisation)
    ]
    return _country_in(pairs, own, pairs.offers, pairs.buyers)


def _buyer_wants_origin(pairs: Pairs) -> tuple[Array, Array]:
    """The need names countries: is the seller's among them?"""
    return _country_in(pairs, pairs.expo.needs.markets, pairs.needs, pairs.sellers)


def _country_in(
    pairs: Pairs, sets: Sequence[Sequence[str]], rows: Array, others: Array
) -> tuple[Array, Array]:
    countries = pairs.expo.organisations.country
    words = sorted(set(countries))
    table = _table(sets, words)
    column = np.array([words.index(country) for country in countries], dtype=np.int64)
    bear = np.array([bool(members) for members in sets], dtype=bool)[rows]
    somewhere = np.array(
        [bool(country) for country in countries], dtype=bool
    )  # international bodies are nowhere
    return bear & somewhere[others], table[rows, column[others]]


def _certificates_held(pairs: Pairs) -> tuple[Array, Array]:
    """Every certificate that the need requires is held by the organisation or comes with the offer."""
    expo = pairs.expo
    words = _words(expo.needs.certificates)
    required = _table(expo.needs.certificates, words)[pairs.needs]
    held = _table(expo.organisations.certificates, words)[pairs.sellers]
    held |= _table(expo.offers.certificates, words)[pairs.offers]
    return np.any(required, axis=1), ~np.any(required & ~held, axis=1)


def _languages_shared(pairs: Pairs) -> tuple[Array, Array]:
    languages = pairs.expo.organisations.languages
    table = _table(languages, _words(languages))
    ours, theirs = table[pairs.buyers], table[pairs.sellers]
    return _share(ours, theirs)


def _incoterm_shared(pairs: Pairs) -> tuple[Array, Array]:
    expo = pairs.expo
    words = _words(expo.needs.incoterms, expo.offers.incoterms)
    ours = _table(expo.needs.incoterms, words)[pairs.needs]
    theirs = _table(expo.offers.incoterms, words)[pairs.offers]
    return _share(ours, theirs)


def _sought(names: str) -> Callable[[Pairs], tuple[Array, Array]]:
    """Whether the kinds (or sizes) of partner that need or offer seek are met by the other side."""

    def look(pairs: Pairs) -> tuple[Array, Array]:
        words = KINDS if names == "kinds" else SIZES
        own = getattr(pairs.expo.organisations, names[:-1])
        bear, met = np.zeros(len(pairs.needs), dtype=bool), np.ones(len(pairs.needs), dtype=bool)
        for listings, rows, others in (
            (pairs.expo.needs, pairs.needs, pairs.sellers),
            (pairs.expo.offers, pairs.offers, pairs.buyers),
        ):
            sought = _table(getattr(listings, names), words)[rows]
            asks = np.any(sought, axis=1) & (own[others] >= 0)
            bear |= asks
            met &= ~asks | sought[np.arange(len(rows)), own[others]]
        return bear, met

    return look


FACTS = (
    Fact("market", 0.55, _seller_serves_market),
    Fact("origin", 0.55, _buyer_wants_origin),
    Fact("certificates", 0.45, _certificates_held),
    Fact("language", 0.8, _languages_shared),
    Fact("incoterm", 0.85, _incoterm_shared),
    Fact("kind", 0.5, _sought("kinds")),
    Fact("size", 0.6, _sought("sizes")),
)
