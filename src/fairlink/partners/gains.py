"""How well offers meet needs, and what each of two organisations gains from the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from fairlink import text, vocabulary
from fairlink.expo import FUNCTIONS, WISH_KINDS, Array, Expo, Listings
from fairlink.partners import facts

# What agreement is worth, by how far two codes run together: HS subheading (or CPC group), heading, chapter.
SUBHEADING, HEADING, CHAPTER = 1.0, 0.75, 0.3
SAME_NODE = 0.4  # both stand at one link of the chain
WORDS = 0.7  # texts alone never reach what a shared heading says
# cosine → probability that two texts mean one thing: logistic, .5 at cosine .42. Rough, and the same for
# every language; an encoder brings a calibration of its own.
SLOPE, MIDDLE = 12.0, 0.42
FAINTEST = 0.05  # item scores below are not kept
BUYING, SELLING = 0.9, 0.75  # what a met need is worth to the one who buys, and to the one who sells
KEPT_PER_NEED = 256  # organisations; however much one of them offers, it takes the place of no other
_BLOCK = 512


@dataclass(frozen=True, eq=False)
class Scores:
    """Pairs of organisations that could gain from each other, first < second in row order.

    Arrays over pairs. `gain_*` float64 in [0, 1]. `first_need` is the need of `first` that `second_offer`
    meets best; `second_need` and `first_offer` the other way round; −1 where there is none.
    """

    first: Array
    second: Array
    gain_first: Array
    gain_second: Array
    first_need: Array
    second_offer: Array
    second_need: Array
    first_offer: Array


def scores(
    expo: Expo, progress: Callable[[str, int, int], None] | None = None, *, only: int | None = None
) -> Scores:
    """Every pair in which an offer of one meets a need of the other, function by function.

    `only` asks for the pairs of the organisation in one row; each has the score that it has among all.

    Gains are the noisy-or of the best buying and selling of each function, so that ten offers of the same
    thing are worth no more than the best of them. Pairs with a `never` between them are left out.
    """
    needs, offers, value = _items(expo, progress, only)
    buyer, seller = expo.needs.organisation[needs], expo.offers.organisation[offers]
    function = expo.needs.function[needs]
    n = len(expo.ids)
    low = np.minimum(buyer, seller).astype(np.int64)
    key, low_buys = low * n + np.maximum(buyer, seller), buyer == low
    ties = _in_order(expo.needs.ids)[needs] * len(expo.offers.ids) + _in_order(expo.offers.ids)[offers]
    best = _best((key * len(FUNCTIONS) + function) * 2 + low_buys, value, ties)
    best = best[~np.isin(key[best], _nevers(expo))]
    needs, offers, value, ties, low_buys = (one[best] for one in (needs, offers, value, ties, low_buys))

    keys, pair = np.unique(key[best], return_inverse=True)
    gain_low = _noisy_or(pair, np.where(low_buys, BUYING, SELLING) * value, len(keys))
    gain_high = _noisy_or(pair, np.where(low_buys, SELLING, BUYING) * value, len(keys))
    winners = {}
    for buys in (True, False):
        of_side = np.flatnonzero(low_buys == buys)
        top = of_side[_best(pair[of_side], value[of_side], ties[of_side])]
        need, offer = np.full(len(keys), -1), np.full(len(keys), -1)
        need[pair[top]], offer[pair[top]] = needs[top], offers[top]
        winners[buys] = need, offer
    first, second = np.divmod(keys, max(n, 1))
    return Scores(first, second, gain_low, gain_high, *winners[True], *winners[False])


def _items(
    expo: Expo, progress: Callable[[str, int, int], None] | None, only: int | None
) -> tuple[Array, Array, Array]:
    """Rows of needs and offers of different organisations, and how well one meets the other, in (0, 1]."""
    codes = _code_agreement(expo.needs, expo.offers)
    words = _word_vectors(expo)
    parts = [
        _block(expo, rows, columns, codes, words)
        for rows, columns in _blocks(expo.needs, expo.offers, progress, only)
    ]
    if not parts:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, np.zeros(0)
    needs, offers, value = (np.concatenate(part) for part in zip(*parts, strict=True))
    value = value * facts.factor(facts.Pairs(expo, needs, offers))
    kept = value >= FAINTEST
    return needs[kept], offers[kept], value[kept]


def _blocks(
    needs: Listings, offers: Listings, progress: Callable[[str, int, int], None] | None, only: int | None
) -> Iterator[tuple[Array, Array]]:
    """Needs in blocks, with the offers of the same function."""
    done = 0
    for function in range(len(FUNCTIONS)):
        rows, columns = (
            np.flatnonzero(needs.function == function),
            np.flatnonzero(offers.function == function),
        )
        if only is not None:
            mine = rows[needs.organisation[rows] == only], columns[offers.organisation[columns] == only]
            yield from (
                (some, all_)
                for some, all_ in ((mine[0], columns), (rows, mine[1]))
                if len(some) and len(all_)
            )
            continue
        for start in range(0, len(rows), _BLOCK):
            if len(columns):
                yield rows[start : start + _BLOCK], columns
            done += len(rows[start : start + _BLOCK])
            if progress:
                progress("scoring", done, len(needs.ids))


def _block(
    expo: Expo,
    rows: Array,
    columns: Array,
    codes: Sequence[tuple[float, sparse.csr_array, sparse.csr_array]],
    words: tuple[sparse.csr_array, sparse.csr_array],
) -> tuple[Array, Array, Array]:
    cosine = (words[0][rows] @ words[1][columns].T).toarray().astype(np.float64)
    value = WORDS / (1 + np.exp(-SLOPE * (cosine - MIDDLE)))
    value[cosine == 0] = 0
    node = expo.needs.node[rows]
    same_node = (node[:, None] == expo.offers.node[columns]) & (node >= 0)[:, None]
    value[same_node] = np.maximum(value[same_node], SAME_NODE)
    for worth, ours, theirs in codes:
        agree = (ours[rows] @ theirs[columns].T).toarray() > 0
        value[agree] = np.maximum(value[agree], worth)
    value[expo.needs.organisation[rows][:, None] == expo.offers.organisation[columns]] = 0
    value[value < _edge(value, expo.offers.organisation[columns])] = 0
    row, column = np.nonzero(value >= FAINTEST)
    return rows[row], columns[column], value[row, column]


def _edge(value: Array, sellers: Array) -> Array:
    """float64 (needs, 1): what the best offer of the last organisation that each need keeps is worth."""
    order = np.argsort(sellers, kind="stable")
    starts = np.flatnonzero(np.diff(sellers[order], prepend=-1))
    if len(starts) <= KEPT_PER_NEED:
        return np.zeros((len(value), 1))
    best = np.maximum.reduceat(value[:, order], starts, axis=1)
    edge: Array = np.partition(best, -KEPT_PER_NEED, axis=1)[:, [-KEPT_PER_NEED]]
    return edge


def _code_agreement(
    needs: Listings, offers: Listings
) -> list[tuple[float, sparse.csr_array, sparse.csr_array]]:
    """For each level, widest first: its worth, and which codes of that level needs and offers have."""
    levels = ((CHAPTER, 0), (HEADING, 1), (SUBHEADING, 2))
    return [(worth, *_code_tables(needs, offers, level)) for worth, level in levels]


def _code_tables(needs: Listings, offers: Listings, level: int) -> tuple[sparse.csr_array, sparse.csr_array]:
    ours, theirs = _at_level(needs, level), _at_level(offers, level)
    words = sorted({code for sets in (ours, theirs) for members in sets for code in members})
    column = {word: i for i, word in enumerate(words)}
    return _incidence(ours, column), _incidence(theirs, column)


def _at_level(listings: Listings, level: int) -> list[list[str]]:
    """For each listing its codes, widened to a level: 0 is the widest."""
    chains = [[vocabulary.ancestry(code) for code in codes] for codes in listings.codes]
    return [[chain[level] for chain in found if level < len(chain)] for found in chains]


def _incidence(sets: Sequence[Sequence[str]], column: dict[str, int]) -> sparse.csr_array:
    rows = [row for row, members in enumerate(sets) for _ in members]
    columns = [column[member] for members in sets for member in members]
    ones = np.ones(len(rows), dtype=np.float32)
    return sparse.csr_array((ones, (rows, columns)), shape=(len(sets), len(column)))


def _word_vectors(expo: Expo) -> tuple[sparse.csr_array, sparse.csr_array]:
    matrix = text.vectors([*_texts(expo.needs), *_texts(expo.offers)])
    return matrix[: len(expo.needs.ids)], matrix[len(expo.needs.ids) :]


def _texts(listings: Listings) -> list[str]:
    """What a listing says in every language it has, with the everyday names of its codes in ours."""
    return [
        " ".join(
            [
                *(title for _, title in sorted(listings.titles[row].items())),
                *(summary for _, summary in sorted(listings.summaries[row].items())),
                *(vocabulary.label(code, language) for code in codes for language in vocabulary.LANGUAGES),
            ]
        )
        for row, codes in enumerate(listings.codes)
    ]


def _best(keys: Array, value: Array, ties: Array) -> Array:
    """For each key, in order, the row of its greatest value; the least tie where several are equal."""
    order = np.lexsort((ties, -value, keys))
    first = np.ones(len(keys), dtype=bool)
    first[1:] = keys[order][1:] != keys[order][:-1]
    return order[first]


def _in_order(ids: Sequence[str]) -> Array:
    """int64 (ids,): the place of each id when they are sorted, so that ties do not hang on row order."""
    place = np.empty(len(ids), dtype=np.int64)
    place[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
    return place


def _noisy_or(pair: Array, value: Array, n: int) -> Array:
    """1 − Π(1 − value) over the rows of each pair, rounded so that the order of the factors cannot show."""
    gain: Array = np.round(1 - np.exp(np.bincount(pair, np.log1p(-value), minlength=n)), 9)
    return gain


def _nevers(expo: Expo) -> Array:
    wishes, n = expo.wishes, len(expo.ids)
    never = wishes.kind == WISH_KINDS.index("never")
    one, other = wishes.organisation[never].astype(np.int64), wishes.partner[never].astype(np.int64)
    keys: Array = np.minimum(one, other) * n + np.maximum(one, other)
    return keys
