"""Choose for everyone at once: who stands where in whose list, so that nobody floods and nobody starves.

A market is a graph of pairs. Every pair stands in it twice, once as each side's row; `p[e]` is what the
owner of row e gains, `p[mirror[e]]` what the other gains. Somebody who stands at rank r of a list is looked
at with exposure v(r) = 1/r. Expected matches of an agent i are Σⱼ pᵢⱼ pⱼᵢ eᵢⱼ eⱼᵢ over its exposures e.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array

ROUNDS = 25  # of Frank–Wolfe; more move the lists no further
TEMPERATURE = 0.02  # β of the transferable-utility start
PROPORTIONAL_STEPS = 60
WIDEST = 64  # partners either side would keep by the product of the gains
FULLEST = 160  # partners kept in a row at the most


@dataclass(frozen=True, eq=False)
class Market:
    """Kept pairs as rows of agents: `owner` ascending, partners of one owner in an order of its own.

    So of equals each owner begins with another, and nobody comes first in every list.

    Arrays over entries (twice the pairs): owner, partner int64; p float64 in [0, 1], the owner's gain;
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
    low, high = np.minimum(first, second).astype(np.int64), np.maximum(first, second).astype(np.int64)
    p_low, p_high = np.where(first == low, p_first, p_second), np.where(first == low, p_second, p_first)
    key = low * size + high
    if np.any(key[1:] < key[:-1]):
        order = np.argsort(key, kind="stable")
        low, high, p_low, p_high = low[order], high[order], p_low[order], p_high[order]
    whole = Market(size, *_in_rows(size, low, high, p_low, p_high))
    value = whole.both - _behind(whole, alike)
    rank = ranks(whole.owner, value)
    wanted = rank <= widest
    kept = wanted | wanted[whole.mirror]
    # A favourite of many keeps only its best: the others lose no more than one of their entries.
    best = ranks(whole.owner, np.where(kept, value, -np.inf)) <= fullest
    kept &= best & best[whole.mirror]
    return _turned(size, whole, kept)


def _turned(size: int, whole: Market, kept: Array) -> Market:
    """The kept entries, each row in an order that hangs on who its owner is."""
    place = np.cumsum(kept) - 1
    owner, partner, mirror = whole.owner[kept], whole.partner[kept], place[whole.mirror[kept]]
    order = _order(owner, partner)
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return Market(size, owner, partner[order], whole.p[kept][order], back[mirror[order]])


@compiled
def _order(owner: Array, partner: Array) -> Array:
    """Entries row by row, in order of a hash of owner and partner (Fowler–Noll–Vo, FNV-1a, and a last mixing)."""
    turn = np.empty(len(owner), dtype=np.uint64)
    for entry in range(len(owner)):
        mark = (np.uint64(14695981039346656037) ^ np.uint64(owner[entry])) * np.uint64(1099511628211)
        mark = (mark ^ np.uint64(partner[entry])) * np.uint64(1099511628211)
        turn[entry] = (mark ^ mark >> np.uint64(32)) * np.uint64(11400714819323198485)
    order = np.empty(len(owner), dtype=np.int64)
    start = 0
    while start < len(owner):
        end = start + 1
        while end < len(owner) and owner[end] == owner[start]:
            end += 1
        order[start:end] = start + np.argsort(turn[start:end])
        start = end
    return order


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


def allocate(
    found: Market,
    *,
    objective: str = "fair",
    rounds: int = ROUNDS,
    weights: Array | None = None,
    alike: Array | None = None,
) -> Array:
    """Exposures float64 (entries,), each the average of what the rounds gave.

    Start: transferable-utility matching (Choo & Siow 2006), then Frank–Wolfe for Nash welfare Σ cᵢ log Uᵢ
    ("fair", Tomita & Yokoyama 2024) or for expected matches Σ cᵢ Uᵢ ("efficient"), with `weights` c (size,), 1
    unless given. The linear step separates by agent and is a sort (rearrangement inequality). Agents of one number in
    `alike` are copies of one another: a list has one of them, in turn, before it has a second.
    """
    both, given = found.both, np.ones(found.size) if weights is None else weights
    if alike is not None:
        given = given / np.bincount(alike, minlength=found.size)[alike]  # together they count as one
    behind = _behind(found, alike)
    exposure = 1.0 / ranks(found.owner, transferable(found) - behind)
    for step in range(rounds):
        utility = utilities(found, exposure)
        # A list weighs those who stand in it, not its owner: so the published method, and nobody envies.
        weight = given / np.maximum(utility, _least(utility)) if objective == "fair" else given
        slope = both * exposure[found.mirror] * weight[found.partner]
        exposure += (2.0 / (step + 3.0)) * (
            1.0 / ranks(found.owner, slope - behind * slope.max(initial=0)) - exposure
        )
    return exposure


def _behind(found: Market, alike: Array | None) -> Array:
    """How many copies of its partner come before each entry in its row: float64 (entries,)."""
    if alike is None:
        return np.zeros(len(found.owner))
    return _copies(found.owner, found.partner, alike, found.size)


@compiled
def _copies(owner: Array, partner: Array, alike: Array, size: int) -> Array:
    behind, seen = np.zeros(len(owner)), np.zeros(size, dtype=np.int64)
    start = 0
    while start < len(owner):
        end = start + 1
        while end < len(owner) and owner[end] == owner[start]:
            end += 1
        for entry in range(start, end):
            behind[entry] = seen[alike[partner[entry]]]
            seen[alike[partner[entry]]] += 1
        for entry in range(start, end):
            seen[alike[partner[entry]]] = 0
        start = end
    return behind


def _least(utility: Array) -> float:
    """An agent without a chance must not pull the whole market to itself."""
    positive = utility[utility > 0]
    return float(positive.min()) if len(positive) else 1.0


def utilities(found: Market, exposure: Array) -> Array:
    """Expected matches of each agent: float64 (size,)."""
    chance = found.both * exposure * exposure[found.mirror]
    utility: Array = np.bincount(found.owner, chance, minlength=found.size)
    return utility


def transferable(found: Market) -> Array:
    """Matching probabilities of the transferable-utility market with one partner each: float64 (entries,).

    Iterative proportional fitting of μᵢⱼ = aᵢ aⱼ exp((pᵢⱼ + pⱼᵢ)/2β) to aᵢ² + Σⱼ μᵢⱼ = 1, damped because
    the market has one side only.
    """
    kernel = np.exp((found.p + found.p[found.mirror]) / (2 * TEMPERATURE))
    a = np.full(found.size, 0.5)
    for _ in range(PROPORTIONAL_STEPS):
        half = np.bincount(found.owner, kernel * a[found.partner], minlength=found.size) / 2
        # The root of a² + 2·half·a − 1; √(1 + half²) − half would lose every digit where half is large.
        a = np.sqrt(a / (np.sqrt(1 + half * half) + half))
    fitted: Array = kernel * a[found.owner] * a[found.partner]
    return fitted


@compiled
def ranks(owner: Array, value: Array) -> Array:
    """From 1: the place of each entry among its owner's, greatest value first, equals in their order.

    `owner` must ascend. Values are equal that are so to the precision of a float32.
    """
    found = np.empty(len(owner), dtype=np.int64)
    start = 0
    while start < len(owner):
        end = start + 1
        while end < len(owner) and owner[end] == owner[start]:
            end += 1
        order = np.argsort(-value[start:end].astype(np.float32), kind="mergesort")
        for place in range(end - start):
            found[start + order[place]] = place + 1
        start = end
    return found
