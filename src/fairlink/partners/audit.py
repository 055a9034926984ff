"""What lists do for the whole expo, and for each group of those who take part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from fairlink import vocabulary
from fairlink.expo import KINDS, SIZES, Array, Expo
from fairlink.partners.allocation import utilities
from fairlink.partners.markets import Market

NO_CHANCE = 0.05  # expected matches below which an organisation has no real chance
SAMPLED = 400  # organisations that are asked whether they envy one another


@dataclass(frozen=True)
class GroupShare:
    """How a group is seen beside what it is worth to others.

    `exposure` is its share of all places in lists, rank r counted 1/r; `merit` its share of what everybody gains
    together with it, over all pairs that were kept. A group that is seen by its merit has a ratio of 1.
    """

    dimension: str  # size, kind, country_group or language
    member: str  # the code of the group in its dimension
    organisations: int
    exposure: float
    merit: float

    @property
    def ratio(self) -> float:
        return self.exposure / self.merit if self.merit else 0.0


@dataclass(frozen=True)
class Measures:
    """What a set of lists does for the whole expo, as a reader who examines rank r with chance 1/r sees it."""

    expected_matches: float
    nash_welfare: float  # geometric mean of the expected matches of those who could have any
    without_chance: float  # share of organisations below NO_CHANCE expected matches
    exposure_gini: float  # of how much each is seen, among those who could be
    empty_lists: int
    envy: float  # share of sampled pairs in which one would match more where the other stands
    unread: int  # needs and offers in no language that the encoder understands; 0 without one
    groups: tuple[GroupShare, ...] = ()


NOTHING = Measures(0.0, 0.0, 0.0, 0.0, 0, 0.0, 0)  # of a list that is chosen for one alone


def measure(expo: Expo, found: Market, rank: Array, length: int, order: Array, unread: int = 0) -> Measures:
    """Of lists cut at `length`; agent a of the market is row `order[a]` of the expo. `unread` is told as it is."""
    exposure = np.where(rank <= length, 1.0 / rank, 0.0)
    chance = utilities(found, exposure)
    seen = np.bincount(found.partner, exposure, minlength=found.size)
    could = np.bincount(found.owner, minlength=found.size) > 0
    some = chance[could & (chance > 0)]
    return Measures(
        expected_matches=float(chance.sum() / 2),
        nash_welfare=float(np.exp(np.log(some).mean())) if len(some) else 0.0,
        without_chance=float((chance < NO_CHANCE).mean()) if found.size else 0.0,
        exposure_gini=gini(seen[could]),
        empty_lists=int((np.bincount(found.owner[rank <= length], minlength=found.size) == 0).sum()),
        envy=_envy(found, exposure),
        unread=unread,
        groups=tuple(_shares(expo, found, seen, order)),
    )


def gini(value: Array) -> float:
    """Gini coefficient of non-negative values; 0 where there is nothing to share."""
    ordered = np.sort(value)
    total = ordered.sum()
    if not total:
        return 0.0
    n = len(ordered)
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * total))


def _envy(found: Market, exposure: Array) -> float:
    """Share of pairs (i, k) in which i, with its own list, would match more where k stands than where it does.

    Σⱼ pᵢⱼ pⱼᵢ eᵢⱼ eⱼₖ > Σⱼ pᵢⱼ pⱼᵢ eᵢⱼ eⱼᵢ (Saito & Joachims 2022; Tomita & Yokoyama 2024), among organisations at
    equal distances in order of ids.
    """
    if not len(found.owner):
        return 0.0
    shape = found.size, found.size
    mine = sparse.csr_array((found.both * exposure, (found.owner, found.partner)), shape=shape)
    places = sparse.csr_array((exposure, (found.owner, found.partner)), shape=shape)
    asked = np.unique(np.linspace(0, found.size - 1, min(SAMPLED, found.size)).astype(np.int64))
    would = (mine[asked] @ places[:, asked]).toarray()
    envied = would > np.diag(would)[:, None] + 1e-9
    return float(envied.sum() / max(len(asked) * (len(asked) - 1), 1))


def _shares(expo: Expo, found: Market, seen: Array, order: Array) -> Iterator[GroupShare]:
    merit = np.bincount(found.partner, found.both, minlength=found.size)
    if not seen.sum() or not merit.sum():
        return
    for dimension, members in _dimensions(expo):
        codes = np.array(members, dtype=object)[order]
        for member in sorted(set(members)):
            within = codes == member
            yield GroupShare(
                dimension,
                member,
                int(within.sum()),
                float(seen[within].sum() / seen.sum()),
                float(merit[within].sum() / merit.sum()),
            )


def _dimensions(expo: Expo) -> Iterator[tuple[str, Sequence[str]]]:
    """Each way of grouping organisations, and the group of each."""
    people = expo.organisations
    yield "size", [SIZES[size] if size >= 0 else "none" for size in people.size]
    yield "kind", [KINDS[kind] for kind in people.kind]
    least = vocabulary.group("LDC", expo.edition.start)
    developing = set(expo.edition.developing)
    yield (
        "country_group",
        [
            "least_developed" if country in least else "developing" if country in developing else "other"
            for country in people.country
        ],
    )
    yield "language", [languages[0] if languages else "none" for languages in people.languages]
