"""A market: who could meet whom and what each would gain, thinned to what either side would keep.

A market is a graph of pairs. Every pair stands in it twice, once as each side's row; `p[e]` is what the
owner of row e gains, `p[mirror[e]]` what the other gains.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.partners.rows import foremost, in_threads, starts

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
    low, high = np.minimum(first, second).astype(np.int32), np.maximum(first, second).astype(np.int32)
    p_low, p_high = np.where(first == low, p_first, p_second), np.where(first == low, p_second, p_first)
    key = low.astype(np.int64) * size + high
    if np.any(key[1:] < key[:-1]):
        order = np.argsort(key, kind="stable")
        low, high, p_low, p_high = low[order], high[order], p_low[order], p_high[order]
    del key
    whole = Market(size, *_in_rows(size, low, high, p_low, p_high))
    del low, high, p_low, p_high
    start, value = whole.start, whole.both
    if alike is not None:
        value -= behind(whole, alike)
    wanted = foremost(start, value, widest)
    kept = wanted | wanted[whole.mirror]
    # A favourite of many keeps only its best: the others lose no more than one of their entries.
    value[~kept] = -np.inf
    best = foremost(start, value, fullest)
    del value
    kept &= best & best[whole.mirror]
    return _turned(size, whole, kept)


def behind(found: Market, alike: Array) -> Array:
    """How many copies of its partner, agents of one number, come before each entry in its row: float64 (entries,)."""
    return _copies(found.owner, found.partner, alike, found.size)


def _turned(size: int, whole: Market, kept: Array) -> Market:
    """The kept entries, each row in an order that hangs on who its owner is."""
    place = np.cumsum(kept) - 1
    owner, partner, mirror = whole.owner[kept], whole.partner[kept], place[whole.mirror[kept]]
    del place
    order, start = np.empty(len(owner), dtype=np.int64), starts(owner, size)
    in_threads(start, partial(_order, start, partner, order))
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return Market(size, owner, partner[order], whole.p[kept][order], back[mirror[order]])


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
def _in_rows(
    size: int, low: Array, high: Array, p_low: Array, p_high: Array
) -> tuple[Array, Array, Array, Array]:
    """owner, partner, p, mirror of the entries of pairs that stand in order of low and high.

    Whoever is high in a pair meets its lower partners in their order, and before its higher ones.
    """
    at = np.zeros(size + 1, dtype=np.int64)
    for pair in range(len(low)):
        at[low[pair] + 1] += 1
        at[high[pair] + 1] += 1
    at = np.cumsum(at)[:size]
    entries = 2 * len(low)
    owner, partner = np.empty(entries, dtype=np.int32), np.empty(entries, dtype=np.int32)
    p, mirror = np.empty(entries), np.empty(entries, dtype=np.int64)
    upper = np.empty(len(low), dtype=np.int64)
    for pair in range(len(low)):
        entry = at[high[pair]]
        at[high[pair]] += 1
        owner[entry], partner[entry], p[entry] = high[pair], low[pair], p_high[pair]
        upper[pair] = entry
    for pair in range(len(low)):
        entry = at[low[pair]]
        at[low[pair]] += 1
        owner[entry], partner[entry], p[entry] = low[pair], high[pair], p_low[pair]
        mirror[entry], mirror[upper[pair]] = upper[pair], entry
    return owner, partner, p, mirror


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
