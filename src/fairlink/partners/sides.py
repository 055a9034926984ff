"""What needs ask by and offers are found by, laid out for the scan: texts, codes, links of the chain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from fairlink import vocabulary
from fairlink.expo import Array, Expo, Listings
from fairlink.partners.likeness import Words
from fairlink.partners.nearness import Lists
from fairlink.partners.scan import LEVELS, Side

Levels = tuple[Lists, Lists, Lists]


class Codes(NamedTuple):
    """The codes of needs and offers, widened to each level, widest first; of needs those that some offer has."""

    needs: Levels
    offers: Levels
    sizes: tuple[int, ...]  # how many codes there are at each level


def codes(expo: Expo) -> Codes:
    """The codes of an expo's listings, numbered."""
    known: dict[tuple[str, ...], tuple[set[str], ...]] = {(): (set(),) * LEVELS}
    for some in {*expo.needs.codes, *expo.offers.codes} - known.keys():
        chains = [vocabulary.ancestry(code) for code in some]
        known[some] = tuple(
            {chain[level] for chain in chains if level < len(chain)} for level in range(LEVELS)
        )
    numbers = [
        {
            code: i
            for i, code in enumerate(
                sorted({one for some in set(expo.offers.codes) for one in known[some][level]})
            )
        }
        for level in range(LEVELS)
    ]

    def of(listings: Listings) -> Levels:
        wide, middle, narrow = (
            _members(
                listings.codes,
                {
                    some: [number[one] for one in sorted(sets[level]) if one in number]
                    for some, sets in known.items()
                },
            )
            for level, number in enumerate(numbers)
        )
        return wide, middle, narrow

    return Codes(of(expo.needs), of(expo.offers), tuple(map(len, numbers)))


def _members(keys: Sequence[tuple[str, ...]], members: dict[tuple[str, ...], list[int]]) -> Lists:
    """The members of each row, by the key that it has."""
    counts = [len(members[key]) for key in keys]
    return Lists(
        _starts(counts), np.array([one for key in keys for one in members[key]], dtype=np.int32), np.zeros(0)
    )


class Asking(NamedTuple):
    """How needs ask, whichever of them do, and nothing else of an expo: what a worker far away is given."""

    nodes: Array  # int32 (needs,): a row of the chain, −1 for none
    codes: Levels

    def by(self, needs: Array, texts: Array) -> Side:
        """Some needs, each by one of the texts, numbers of sayings or places among them."""
        at = self.nodes[needs] >= 0
        nodes = _single(needs[at], self.nodes[needs[at]], len(self.nodes))
        return Side(_single(needs, texts, len(self.nodes)), self.codes, nodes)


def asking(expo: Expo, coded: Codes) -> Asking:
    """How the needs of an expo ask."""
    return Asking(expo.needs.node, coded.needs)


def found_by(expo: Expo, offers: Array, words: Words, coded: Codes) -> tuple[Side, Array]:
    """How some offers are found, and the sayings that their texts number."""
    theirs, texts = np.unique(words.offers[offers], return_inverse=True)
    wide, middle, narrow = (
        _gather(_only(lists, offers), size) for lists, size in zip(coded.offers, coded.sizes, strict=True)
    )
    node = expo.offers.node[offers]
    there = node >= 0
    nodes = _gather((offers[there], node[there]), len(expo.chain.ids))
    return Side(_gather((offers, texts), len(theirs)), (wide, middle, narrow), nodes), theirs


def _single(rows: Array, members: Array, size: int) -> Lists:
    """One member of each of some rows among `size`."""
    counts = np.zeros(size, dtype=np.int64)
    counts[rows] = 1
    placed = np.empty(size, dtype=np.int32)
    placed[rows] = members
    return Lists(_starts(counts), placed[counts > 0], np.zeros(0))


def _only(lists: Lists, rows: Array) -> tuple[Array, Array]:
    """Each of some rows with each of its members, in order of the rows."""
    counts = lists.start[rows + 1] - lists.start[rows]
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(rows, counts), lists.members[np.repeat(lists.start[rows], counts) + within]


def _gather(pairs: tuple[Array, Array], size: int) -> Lists:
    """For each of `size` members the rows that have it, in their order."""
    rows, members = pairs
    order = np.argsort(members, kind="stable")
    return Lists(_starts(np.bincount(members, minlength=size)), rows[order].astype(np.int32), np.zeros(0))


def _starts(counts: Iterable[int] | Array) -> Array:
    """int64: where the members of each row begin, and where the last ones end."""
    return np.concatenate([[0], np.cumsum(np.asarray(counts, dtype=np.int64))])
