"""How well one organisation can be matched, and what would help it most; by the same scores as everybody's lists."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fairlink.encoding import Encoder
from fairlink.expo import Array, Expo
from fairlink.partners.facts import FACTS, ask, look
from fairlink.partners.gains import scores
from fairlink.partners.likeness import Words, listing_words

# what an organisation can do about it; every code has words in each catalogue
ADVICE = (
    "no_offers",
    "no_needs",
    "no_codes",
    "unread",
    "no_languages",
    *(fact.code for fact in FACTS if fact.missing < 1),
)
_SILENT = {
    "no_offers": 1.0,
    "no_needs": 0.9,
    "no_codes": 0.7,
    "unread": 0.5,
    "no_languages": 0.3,
}  # weight of saying nothing


@dataclass(frozen=True, eq=False)
class Prospects:
    """Possible partners of one organisation, best first for it.

    Arrays over partners: `partner` rows of organisations, `gain` and `partner_gain` points of 100. `advice` is
    (code, how many partners or listings it is about), what would help most first.
    """

    partner: Array
    gain: Array
    partner_gain: Array
    advice: tuple[tuple[str, int], ...]


def prospects(expo: Expo, row: int, *, encoder: Encoder | None = None) -> Prospects:
    """Who could gain together with the organisation in a row, before any choice for all at once is made."""
    words = listing_words(expo, encoder)
    found = scores(expo, only=row, words=words)
    first = found.first == row
    partner = np.where(first, found.second, found.first)
    gain = np.where(first, found.gain_first, found.gain_second)
    partner_gain = np.where(first, found.gain_second, found.gain_first)
    points = np.round(100 * gain).astype(np.int32), np.round(100 * partner_gain).astype(np.int32)
    fair = np.minimum(*points) >= expo.edition.rules.win_win
    order = np.lexsort((partner, -points[1], -points[0]))
    order = order[fair[order]]
    needs = np.concatenate([found.first_need[fair], found.second_need[fair]])
    offers = np.concatenate([found.second_offer[fair], found.first_offer[fair]])
    kept = needs >= 0
    return Prospects(
        partner[order],
        points[0][order],
        points[1][order],
        _advice(expo, row, words, needs[kept], offers[kept]),
    )


def _advice(expo: Expo, row: int, words: Words, needs: Array, offers: Array) -> tuple[tuple[str, int], ...]:
    """What keeps partners away, weighed by how much of the gain it takes and from how many."""
    weighed: list[tuple[float, str, int]] = []
    for code, number in _silences(expo, row, words):
        if number:
            weighed.append((_SILENT[code] * 1000, code, number))
    buyers, sellers = expo.needs.organisation[needs], expo.offers.organisation[offers]
    partners, asked = np.where(buyers == row, sellers, buyers), ask(expo)
    for place, fact in enumerate(FACTS):
        if fact.code not in ADVICE:
            continue
        bear, met = look(asked, place, needs, offers)
        number = len(np.unique(partners[bear & ~met]))
        if number:
            weighed.append(((1 - fact.missing) * number, fact.code, number))
    weighed.sort(key=lambda one: (-one[0], ADVICE.index(one[1])))
    return tuple((code, number) for _, code, number in weighed)


def _silences(expo: Expo, row: int, words: Words) -> list[tuple[str, int]]:
    """What the organisation has not said at all."""
    offers = np.flatnonzero(expo.offers.organisation == row)
    needs = np.flatnonzero(expo.needs.organisation == row)
    without = sum(not expo.offers.codes[one] for one in offers) + sum(
        not expo.needs.codes[one] for one in needs
    )
    return [
        ("no_offers", int(not len(offers))),
        ("no_needs", int(not len(needs))),
        ("no_codes", without),
        ("unread", int(words.unread[words.offers[offers]].sum() + words.unread[words.needs[needs]].sum())),
        ("no_languages", int(not expo.organisations.languages[row])),
    ]
