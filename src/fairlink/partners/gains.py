"""How well offers meet needs, and what each of two organisations gains from the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from fairlink.executors import Executor, Threads
from fairlink.expo import FUNCTIONS, Array, Expo
from fairlink.partners import facts, neighbourhoods, wishes
from fairlink.partners.joining import in_pairs, joined
from fairlink.partners.likeness import Words, listing_words
from fairlink.partners.nearness import Curves, Lists, nearest
from fairlink.partners.scan import People, Side, best_offers
from fairlink.partners.sides import Asking, asking, codes, found_by

# What agreement is worth, by how far two codes run together: HS subheading (or CPC group), heading, chapter.
SUBHEADING, HEADING, CHAPTER = 1.0, 0.75, 0.3
SAME_NODE = 0.4  # both stand at one link of the chain
WORDS = 0.95  # they surely mean one thing, as far as texts can tell
FAINTEST = 0.05  # item scores below are not kept
BUYING, SELLING = 0.9, 0.75  # what a met need is worth to the one who buys, and to the one who sells
KEPT_PER_NEED = 128  # organisations; however much one of them offers, it takes the place of no other
NEAREST = 4096  # texts that are looked at for each text
NEIGHBOURS = 512  # the same where only neighbourhoods are looked at
_BLOCK = 512  # texts, or needs, at a time


@dataclass(frozen=True, eq=False)
class Scores:
    """Pairs of organisations that could gain from each other, first < second in row order.

    Arrays over pairs, in order of first and second. `gain_*` float64 in [0, 1]. `first_need` is the need of `first`
    that `second_offer` meets best, and how well is `first_met`; `second_need`, `first_offer` and `second_met` are the
    other way round; −1 and 0 where there is none.
    """

    first: Array
    second: Array
    gain_first: Array
    gain_second: Array
    first_need: Array
    second_offer: Array
    second_need: Array
    first_offer: Array
    first_met: Array  # float32 in [0, 1]
    second_met: Array


Progress = Callable[[str, int, int], None]


def scores(
    expo: Expo,
    progress: Progress | None = None,
    *,
    only: int | None = None,
    words: Words | None = None,
    executor: Executor | None = None,
) -> Scores:
    """Every pair in which an offer of one meets a need of the other, function by function.

    `only` asks for the pairs of the organisation in one row; each has the score that it has among all. `words`
    are the expo's `listing_words`; without them texts are compared by n-grams.

    Gains are the noisy-or of the best buying and selling of each function, so that ten offers of the same
    thing are worth no more than the best of them. Pairs with a `never` between them, and those that the organiser
    keeps apart, are left out.
    """
    needs, offers, value = _met(expo, words or listing_words(expo), progress, only, executor or Threads())
    n = max(len(expo.ids), 1)
    buyer, seller = expo.needs.organisation[needs], expo.offers.organisation[offers]
    never = wishes.nevers(expo)
    if len(never):
        low, high = np.minimum(buyer, seller).astype(np.int64), np.maximum(buyer, seller)
        told = ~np.isin(low * n + high, never)
        needs, offers, value, buyer, seller = (one[told] for one in (needs, offers, value, buyer, seller))
    rows = in_pairs(n, buyer, seller, expo.needs.function[needs])
    needs, offers, value, buyer, seller = (one[rows] for one in (needs, offers, value, buyer, seller))
    del rows
    worth = BUYING, SELLING
    places = _places(expo.needs.ids), _places(expo.offers.ids)
    function = expo.needs.function[needs]
    who, gains, winners, met = joined(buyer, seller, function, needs, offers, value, worth, *places)
    return Scores(*who, *np.round(gains, 9, out=gains), *winners, *met)


def _met(
    expo: Expo, words: Words, progress: Progress | None, only: int | None, executor: Executor
) -> tuple[Array, Array, Array]:
    """Rows of needs and offers of different organisations, each seller of a buyer and function once, and values."""
    asked, coded = facts.ask(expo), codes(expo)
    asks = asking(expo, coded)
    people = People(
        expo.needs.organisation,
        expo.offers.organisation,
        _places(expo.ids),
        _places(expo.needs.ids),
        _places(expo.offers.ids),
    )
    functions = list(_by_function(expo, only))
    total = sum(len(needs) for needs, _ in functions)
    found, done = [], 0
    for needs, offers in functions:
        there, theirs = found_by(expo, offers, words, coded)
        best = _Best(asks, there, people, asked)
        if only is None and len(expo.ids) > neighbourhoods.EXACT:
            parts, results = _among_neighbours(best, words, needs, theirs, executor)
        else:
            parts, results = _among_all(best, words, needs, theirs, executor)
        for part, result in zip(parts, results, strict=True):
            found.append(result)
            done += len(part)
            if progress:
                progress("scoring", done, total)
    if not found:
        nothing = np.zeros(0, dtype=np.int32)
        return nothing, nothing, np.zeros(0)
    needs, offers, value = (np.concatenate(part) for part in zip(*found, strict=True))
    return needs, offers, value


class _Best(NamedTuple):
    """What it takes to find the best offers of each seller for needs."""

    asks: Asking
    found_by: Side
    people: People
    asked: facts.Asked

    def offers(self, asks: Side, near: Lists, needs: Array) -> tuple[Array, Array, Array]:
        worths = (CHAPTER, HEADING, SUBHEADING, SAME_NODE)
        return best_offers(
            needs, asks, self.found_by, near, self.people, self.asked, worths, FAINTEST, KEPT_PER_NEED
        )


def _among_all(
    best: _Best, words: Words, needs: Array, theirs: Array, executor: Executor
) -> tuple[list[Array], Iterator[tuple[Array, Array, Array]]]:
    """Needs in blocks, and for each the best offers: every text compared with every other."""
    ours, texts = np.unique(words.needs[needs], return_inverse=True)
    near = _near(words, ours, theirs, executor)
    asks = best.asks.by(needs, texts)
    blocks = list(_blocks_of_buyers(best.people.buyers, needs))
    return blocks, executor.map_partitions(partial(best.offers, asks, near), blocks)


def _among_neighbours(
    best: _Best, words: Words, needs: Array, theirs: Array, executor: Executor
) -> tuple[list[Array], Iterator[tuple[Array, Array, Array]]]:
    """Needs by neighbourhoods, and for each the best offers: texts compared within."""
    where = neighbourhoods.vectors(words)
    cells = neighbourhoods.cells(where, theirs)
    saying = words.needs[needs]
    inhabited = neighbourhoods.parts(cells, np.unique(saying))
    parts = [needs[np.isin(saying, sayings)] for sayings in inhabited]
    return parts, executor.map_partitions(partial(_in_neighbourhood, best, words, cells, theirs), parts)


def _in_neighbourhood(
    best: _Best, words: Words, cells: neighbourhoods.Cells, theirs: Array, needs: Array
) -> tuple[Array, Array, Array]:
    ours, texts = np.unique(words.needs[needs], return_inverse=True)
    near = neighbourhoods.near(words, cells, theirs, ours, _curves(words), FAINTEST, NEIGHBOURS)
    in_order = np.argsort(best.people.buyers[needs], kind="stable")
    return best.offers(best.asks.by(needs, texts), near, needs[in_order])


def _by_function(expo: Expo, only: int | None) -> Iterator[tuple[Array, Array]]:
    """Rows of needs, and of the offers that can meet them."""
    for function in range(len(FUNCTIONS)):
        needs = np.flatnonzero(expo.needs.function == function)
        offers = np.flatnonzero(expo.offers.function == function)
        if only is None:
            sides = [(needs, offers)]
        else:
            mine = needs[expo.needs.organisation[needs] == only]
            sides = [(mine, offers), (needs, offers[expo.offers.organisation[offers] == only])]
        yield from ((some, all_) for some, all_ in sides if len(some) and len(all_))


def _blocks_of_buyers(buyer: Array, needs: Array) -> Iterator[Array]:
    """Rows of needs in order of buyers, in blocks that part no buyer."""
    ordered = needs[np.argsort(buyer[needs], kind="stable")]
    buyers = buyer[ordered]
    start = 0
    while start < len(ordered):
        end = min(start + _BLOCK, len(ordered))
        end = int(np.searchsorted(buyers, buyers[end - 1], side="right"))
        yield ordered[start:end]
        start = end


def _near(words: Words, ours: Array, theirs: Array, executor: Executor) -> Lists:
    """For each of our sayings those of theirs that are near, with what they are worth."""
    back = words.ngrams[theirs].T.tocsr()
    having = Lists(back.indptr.astype(np.int64), back.indices.astype(np.int32), back.data.astype(np.float64))
    call = partial(_near_some, words, having, theirs)
    blocks = [ours[start : start + _BLOCK] for start in range(0, len(ours), _BLOCK)]
    found = list(executor.map_partitions(call, blocks))
    counts, members, values = (np.concatenate(part) for part in zip(*found, strict=True))
    return Lists(np.concatenate([[0], np.cumsum(counts)]), members, values)


def _near_some(words: Words, having: Lists, theirs: Array, ours: Array) -> tuple[Array, Array, Array]:
    some = words.ngrams[ours]
    grams = Lists(some.indptr.astype(np.int64), some.indices.astype(np.int32), some.data.astype(np.float64))
    nothing = np.zeros((0, 0), dtype=np.float32)
    dots = nothing if words.dense is None else words.dense[ours] @ words.dense[theirs].T
    same = neighbourhoods.same_saying(words, ours, theirs)
    return nearest(grams, having, len(theirs), dots, same, _curves(words), FAINTEST, NEAREST)


def _curves(words: Words) -> Curves:
    read = words.read_dense or words.read_ngrams
    return Curves(WORDS, (words.read_ngrams.slope, read.slope), (words.read_ngrams.middle, read.middle))


def _places(ids: Sequence[str]) -> Array:
    """int64 (ids,): the place of each id when they are sorted, so that ties do not hang on row order."""
    place = np.empty(len(ids), dtype=np.int64)
    place[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
    return place
