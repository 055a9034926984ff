"""Whom to meet: one list for each organisation, chosen for all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fairlink import vocabulary
from fairlink.encoding import Encoder
from fairlink.executors import Executor
from fairlink.expo import SIZES, Array, Expo, Wanted
from fairlink.partners import neighbourhoods, wishes
from fairlink.partners.allocation import allocate
from fairlink.partners.audit import NOTHING, Measures, measure
from fairlink.partners.gains import Scores, scores
from fairlink.partners.likeness import Words, listing_words
from fairlink.partners.lists import cut
from fairlink.partners.markets import market
from fairlink.provenance import VERSION, Provenance, fingerprint

# Rules of an edition on which its lists hang.
KNOBS = (
    *("list_length", "win_win", "objective", "weight_small", "weight_least_developed"),
    *("exposure_cap", "floor", "copies_as_one"),
)


_SIDES = (  # what stands on the reader's side, and on the partner's
    ("organisation", "partner"),
    ("gain", "partner_gain"),
    ("need", "partner_need"),
    ("offer", "own_offer"),
    ("met", "partner_met"),
)


@dataclass(frozen=True, eq=False)
class Suggestions:
    """Suggested partners. Arrays over suggestions, ordered by organisation (row of the expo), then rank.

    `gain`, `partner_gain`: int, points of 100. `need` is mine that their `offer` meets; `partner_need` is
    theirs that `own_offer` of mine meets; rows of the expo's listings, −1 where there is none. How well they meet,
    in [0, 1], is `met` and `partner_met`.
    `mutual` says that the partner's list has me too. `pairs` are all pairs that were in question.
    """

    organisation: Array
    partner: Array
    rank: Array
    gain: Array
    partner_gain: Array
    need: Array
    offer: Array
    partner_need: Array
    own_offer: Array
    met: Array
    partner_met: Array
    mutual: Array
    pairs: Scores
    measures: Measures
    provenance: Provenance

    def of(self, organisation: int) -> Array:
        """The rows of one organisation's list, best first."""
        rows: Array = np.flatnonzero(self.organisation == organisation)
        return rows

    def mirrored(self, rows: Array, rank: Sequence[int]) -> Suggestions:
        """Some of them as the partner reads them, in the places given."""
        turned = {name: getattr(self, other)[rows] for one in _SIDES for name, other in (one, one[::-1])}
        return replace(self, rank=np.array(rank, dtype=np.int64), mutual=self.mutual[rows], **turned)


def recommend(
    expo: Expo,
    *,
    seed: int = 0,
    encoder: Encoder | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    executor: Executor | None = None,
) -> Suggestions:
    """A list of at most `rules.list_length` partners for every organisation.

    Only pairs in which both sides gain at least `rules.win_win` points are suggested. The same expo gives
    the same lists, whatever the order of its rows. No chance is drawn; `seed` is kept for the provenance.
    With an encoder, texts are compared by what they mean, too; without one by n-grams and codes alone.
    """
    rules = expo.edition.rules
    order = np.argsort(np.array(expo.ids, dtype=object), kind="stable") if expo.ids else np.zeros(0, np.int64)
    number = np.empty(len(order), dtype=np.int32)
    number[order] = np.arange(len(order))  # rows → place in order of ids, so that ties fall alike
    words = listing_words(expo, encoder, progress)
    alike = _alike(expo, words)[order] if rules.copies_as_one else None
    unread, reader = words.unread_listings, words.encoder
    pairs = scores(expo, progress, words=words, executor=executor)
    compared = "all" if len(expo.ids) <= neighbourhoods.EXACT else "neighbourhoods"
    del words  # room for the lists
    kept = np.flatnonzero(np.minimum(points(pairs.gain_first), points(pairs.gain_second)) >= rules.win_win)
    found = market(
        len(order),
        number[pairs.first[kept]],
        number[pairs.second[kept]],
        pairs.gain_first[kept],
        pairs.gain_second[kept],
        alike=alike,
    )
    exposure = allocate(found, objective=rules.objective, weights=_weights(expo)[order], alike=alike)
    rank = cut(found, exposure, rules.list_length, cap=float(rules.exposure_cap), floor=rules.floor)
    entry = np.flatnonzero(rank <= rules.list_length)
    entry = entry[np.lexsort((rank[entry], order[found.owner[entry]]))]
    return Suggestions(
        **columns(pairs, order[found.owner[entry]], order[found.partner[entry]], len(order)),
        rank=rank[entry],
        mutual=rank[found.mirror[entry]] <= rules.list_length,
        pairs=pairs,
        measures=measure(expo, found, rank, rules.list_length, order, unread),
        provenance=Provenance(
            VERSION,
            seed,
            {name: getattr(rules, name) for name in KNOBS}
            | {"encoder": reader or "none", "compared": compared},
            fingerprint(expo),
        ),
    )


def _weights(expo: Expo) -> Array:
    """float64 (organisations,): what an expected match of each counts for."""
    rules, people = expo.edition.rules, expo.organisations
    small = np.isin(people.size, [SIZES.index("micro"), SIZES.index("small")])
    least = vocabulary.group("LDC", expo.edition.start)
    poor = np.array([country in least for country in people.country], dtype=bool)
    weights: Array = np.where(small, rules.weight_small / 100, 1.0)
    return weights * np.where(poor, rules.weight_least_developed / 100, 1.0)


def _alike(expo: Expo, words: Words) -> Array:
    """int64 (organisations,): one number for those who offer and seek the very same, in the very same words."""
    said: list[list[tuple[int, int, int]]] = [[] for _ in expo.ids]
    for side, (listings, sayings) in enumerate(((expo.offers, words.offers), (expo.needs, words.needs))):
        for row, saying in enumerate(sayings):
            said[listings.organisation[row]].append((side, int(listings.function[row]), int(saying)))
    number: dict[Any, int] = {}
    keys = (tuple(sorted(what)) if what else row for row, what in enumerate(said))
    return np.array([number.setdefault(key, len(number)) for key in keys], dtype=np.int64)


def possible(expo: Expo, row: int) -> Suggestions:
    """Everybody with whom the organisation in a row could gain, best first for it, chosen for nobody else.

    Gains below the threshold stand here too. What a pair gains by its words hangs on what all others say, so an expo
    of a few tells the reasons, not the points.
    """
    pairs = scores(expo, only=row)
    partner = np.where(pairs.first == row, pairs.second, pairs.first)
    found = columns(pairs, np.full(len(partner), row), partner, max(len(expo.ids), 1))
    order = np.lexsort((partner, -found["partner_gain"], -found["gain"]))
    return Suggestions(
        **{name: column[order] for name, column in found.items()},
        rank=np.arange(1, len(order) + 1),
        mutual=np.zeros(len(order), dtype=bool),
        pairs=pairs,
        measures=NOTHING,
        provenance=Provenance(VERSION, 0, {}, fingerprint(expo)),
    )


def wanted(expo: Expo, suggestions: Suggestions) -> Wanted:
    """The meetings to try: those wished for and, unless the edition wants wishes only, every suggestion of either side.

    Those wished for go ahead of the others. What somebody has refused is not tried, though it be suggested.
    """
    n = max(len(expo.ids), 1)
    asked = wishes.agreed(expo)
    wished = _wished(expo, suggestions.pairs, asked, n)
    if expo.edition.rules.meet == "wishes_only":
        return wished
    others = _suggested(suggestions, n)
    taken = [*(low * n + high for low, high in asked), *wishes.refused(expo)]
    fresh = ~np.isin(others.first.astype(np.int64) * n + others.second, np.array(taken, dtype=np.int64))
    both = {
        name: np.concatenate((getattr(wished, name), getattr(others, name)[fresh]))
        for name in ("first", "second", "gain_first", "gain_second", "ahead")
    }
    order = np.argsort(both["first"].astype(np.int64) * n + both["second"], kind="stable")
    return Wanted(**{name: column[order] for name, column in both.items()})


def _suggested(suggestions: Suggestions, n: int) -> Wanted:
    first = np.minimum(suggestions.organisation, suggestions.partner)
    second = np.maximum(suggestions.organisation, suggestions.partner)
    gain, partner_gain = suggestions.gain, suggestions.partner_gain
    mine = suggestions.organisation == first
    key, row = np.unique(first.astype(np.int64) * n + second, return_index=True)
    return Wanted(
        first=(key // n).astype(np.int32),
        second=(key % n).astype(np.int32),
        gain_first=np.where(mine, gain, partner_gain)[row],
        gain_second=np.where(mine, partner_gain, gain)[row],
        ahead=np.zeros(len(key), dtype=bool),
    )


def _wished(expo: Expo, pairs: Scores, asked: Mapping[tuple[int, int], tuple[int, int]], n: int) -> Wanted:
    """Wished-for meetings; each side gains what the texts or its wish say, whichever is more, or the threshold."""
    ordered = sorted(asked)
    known = pairs.first.astype(np.int64) * n + pairs.second
    key = np.array([low * n + high for low, high in ordered], dtype=np.int64)
    row = np.searchsorted(known, key)
    found = row < len(known)
    found[found] = known[row[found]] == key[found]
    said = np.array([asked[pair] for pair in ordered], dtype=np.int32).reshape(-1, 2)
    gains = np.maximum(said, expo.edition.rules.win_win)
    for side, gain in enumerate((pairs.gain_first, pairs.gain_second)):
        gains[found, side] = np.maximum(gains[found, side], points(gain[row[found]]))
    return Wanted(
        first=(key // n).astype(np.int32),
        second=(key % n).astype(np.int32),
        gain_first=gains[:, 0].copy(),
        gain_second=gains[:, 1].copy(),
        ahead=np.full(len(key), expo.edition.rules.meet == "wishes_first"),
    )


def points(gain: Array) -> Array:
    """int32: gains in whole points of 100; halves count up, on every machine."""
    whole: Array = np.floor(100 * gain + 0.5).astype(np.int32)
    return whole


def columns(pairs: Scores, owner: Array, partner: Array, n: int) -> dict[str, Array]:
    """What each owner and partner gain and why, looked up in the pairs."""
    key = pairs.first.astype(np.int64) * n + pairs.second
    low, high = np.minimum(owner, partner).astype(np.int64), np.maximum(owner, partner)
    row = np.searchsorted(key, low * n + high)
    mine = owner == low

    def side(first: Array, second: Array) -> Array:
        return np.where(mine, first[row], second[row])

    return {
        "organisation": owner.astype(np.int32),
        "partner": partner.astype(np.int32),
        "gain": points(side(pairs.gain_first, pairs.gain_second)),
        "partner_gain": points(side(pairs.gain_second, pairs.gain_first)),
        "need": side(pairs.first_need, pairs.second_need),
        "offer": side(pairs.second_offer, pairs.first_offer),
        "partner_need": side(pairs.second_need, pairs.first_need),
        "own_offer": side(pairs.first_offer, pairs.second_offer),
        "met": side(pairs.first_met, pairs.second_met),
        "partner_met": side(pairs.second_met, pairs.first_met),
    }
