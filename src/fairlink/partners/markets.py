"""A market: who could meet whom and what each would gain, thinned to what either side would keep.

A market is a graph of pairs. Every pair stands in it twice, once as each side's row; `p[e]` is what the
owner of row e gains, `p[mirror[e]]` what the other gains.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.partners.rows import in_threads, packed, starts, unpacked

WIDEST = 64  # partners either side would keep by the product of the gains
FULLEST = 160  # partners kept in a row at the most


@dataclass(frozen=True, eq=False)
class Market:
    """Kept pairs as rows of agents: `owner` ascending, partners of one owner in an order of its own.

    So of equals each owner begins with another, and nobody comes first in every list.

    Arrays over entries (twice the pairs): owner, partner int32; p float64 in [0, 1], the owner's gain;
    mirror int64, the entry that is the same pair seen from the other side.
    """

    size: int
    owner: Array
    partner: Array
    p: Array
    mirror: Array

    @property
    def both(self) -> Array:
        """pᵢⱼ pⱼᵢ: float64 (entries,)."""
        product: Array = self.p * self.p[self.mirror]
        return product

    @property
    def start(self) -> Array:
        """int64 (size + 1,): where each row begins, and where the last one ends."""
        return starts(self.owner, self.size)


def market(
    size: int,
    first: Array,
    second: Array,
    p_first: Array,
    p_second: Array,
    *,
    widest: int = WIDEST,
    fullest: int = FULLEST,
    alike: Array | None = None,
) -> Market:
    """The market of pairs, thinned to what either side would keep. Agents are numbered 0 … size − 1.

    Copies of one another, agents of one number in `alike`, take the place of nobody else.
    """
    sides = np.asarray(first, dtype=np.int32), np.asarray(second, dtype=np.int32)
    start = np.concatenate([[0], np.cumsum(sum(np.bincount(side, minlength=size) for side in sides))])
    rows = Rows(*sides, p_first * p_second, _dealt(*sides, start[:-1].copy()), start)
    in_threads(start, partial(_by_partner, rows))
    numbers = np.zeros(0, dtype=np.int64) if alike is None else alike
    either = _foremost(rows, numbers, widest, np.ones(len(first), dtype=bool))
    wanted = either[0] | either[1]
    # A favourite of many keeps only its best: the others lose no more than one of their entries.
    both = _foremost(rows, numbers, fullest, wanted)
    return _turned(size, rows, wanted & both[0] & both[1], p_first, p_second)


class Rows(NamedTuple):
    """Pairs by agent, before any is left out: `pair` int32 (twice the pairs), the pairs of row i from start[i] on."""

    first: Array  # int32 (pairs,)
    second: Array
    both: Array  # float64 (pairs,)
    pair: Array
    start: Array


@compiled
def _dealt(first: Array, second: Array, at: Array) -> Array:
    pair = np.empty(2 * len(first), dtype=np.int32)
    for one in range(len(first)):
        for agent in (first[one], second[one]):
            pair[at[agent]] = one
            at[agent] += 1
    return pair


@compiled
def _by_partner(rows: Rows, first: int, last: int) -> None:
    """Put the pairs of some rows in order of partners."""
    for row in range(first, last):
        pair = rows.pair[rows.start[row] : rows.start[row + 1]].copy()
        keys = np.empty(len(pair), dtype=np.uint64)
        for place in range(len(pair)):
            partner = rows.first[pair[place]] + rows.second[pair[place]] - row
            keys[place] = np.uint64(partner) << np.uint64(32) | np.uint64(place)
        keys.sort()
        for place in range(len(pair)):
            rows.pair[rows.start[row] + place] = pair[unpacked(keys[place])]


def _foremost(rows: Rows, alike: Array, most: int, among: Array) -> Array:
    """bool (2, pairs): whether the first of a pair, and whether the second, has fewer than `most` pairs above it.

    Worth is the product of the gains, less one for each copy of the partner that stands before it; what is not
    `among` is worth nothing.
    """
    found = np.ones((2, len(among)), dtype=bool)
    in_threads(rows.start, partial(_mark, rows, alike, most, among, found))
    return found


@compiled
def _mark(rows: Rows, alike: Array, most: int, among: Array, found: Array, first: int, last: int) -> None:
    seen = np.zeros(len(alike), dtype=np.int64)
    for row in range(first, last):
        pair = rows.pair[rows.start[row] : rows.start[row + 1]]
        if len(pair) <= most:
            continue
        value = np.empty(len(pair))
        for place in range(len(pair)):
            one = pair[place]
            value[place] = rows.both[one] if among[one] else -np.inf
            if len(alike):
                same = alike[rows.first[one] + rows.second[one] - row]
                value[place] -= seen[same]
                seen[same] += 1
        if len(alike):
            for one in pair:
                seen[alike[rows.first[one] + rows.second[one] - row]] = 0
        keys = packed(value)
        edge = np.partition(keys, most)[most]
        for place in range(len(pair)):
            one = pair[place]
            found[0 if rows.first[one] == row else 1, one] = keys[place] < edge


def _turned(size: int, rows: Rows, kept: Array, p_first: Array, p_second: Array) -> Market:
    """The kept pairs as entries, each row in an order that hangs on who its owner is."""
    pair = rows.pair[kept[rows.pair]]
    start = np.concatenate([[0], np.cumsum(_counts(rows, kept))])
    owner = np.repeat(np.arange(size, dtype=np.int32), np.diff(start))
    partner = rows.first[pair] + rows.second[pair] - owner
    order = np.empty(len(owner), dtype=np.int64)
    in_threads(start, partial(_order, start, partner, order))
    partner, pair = partner[order], pair[order]
    del order
    p = np.where(rows.first[pair] == owner, p_first[pair], p_second[pair])
    return Market(size, owner, partner, p, _mirrored(pair, len(kept)))


@compiled
def _counts(rows: Rows, kept: Array) -> Array:
    """int64 (agents,): the kept pairs of each."""
    counts = np.zeros(len(rows.start) - 1, dtype=np.int64)
    for agent in range(len(counts)):
        for entry in range(rows.start[agent], rows.start[agent + 1]):
            counts[agent] += kept[rows.pair[entry]]
    return counts


@compiled
def _mirrored(pair: Array, pairs: int) -> Array:
    """int64 (entries,): the other entry of the same pair."""
    mirror, before = np.empty(len(pair), dtype=np.int64), np.full(pairs, -1, dtype=np.int32)
    for entry in range(len(pair)):
        other = before[pair[entry]]
        before[pair[entry]] = entry
        if other >= 0:
            mirror[entry], mirror[other] = other, entry
    return mirror


def behind(found: Market, alike: Array) -> Array:
    """How many copies of its partner, agents of one number, come before each entry in its row: float64 (entries,)."""
    return _copies(found.owner, found.partner, alike, found.size)


@compiled
def _order(start: Array, partner: Array, order: Array, first: int, last: int) -> None:
    """Entries row by row, in order of a hash of owner and partner (Fowler–Noll–Vo, FNV-1a, and a last mixing)."""
    for row in range(first, last):
        begin, end = start[row], start[row + 1]
        turn = np.empty(end - begin, dtype=np.uint64)
        for entry in range(begin, end):
            mark = (np.uint64(14695981039346656037) ^ np.uint64(row)) * np.uint64(1099511628211)
            mark = (mark ^ np.uint64(partner[entry])) * np.uint64(1099511628211)
            turn[entry - begin] = (mark ^ mark >> np.uint64(32)) * np.uint64(11400714819323198485)
        order[begin:end] = begin + np.argsort(turn)


@compiled
def _copies(owner: Array, partner: Array, alike: Array, size: int) -> Array:
    found, seen = np.zeros(len(owner)), np.zeros(size, dtype=np.int64)
    start = 0
    while start < len(owner):
        end = start + 1
        while end < len(owner) and owner[end] == owner[start]:
            end += 1
        for entry in range(start, end):
            found[entry] = seen[alike[partner[entry]]]
            seen[alike[partner[entry]]] += 1
        for entry in range(start, end):
            seen[alike[partner[entry]]] = 0
        start = end
    return found
