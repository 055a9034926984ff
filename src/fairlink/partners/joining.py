"""What two organisations gain from one another: all the needs that they meet for each other, as one pair."""

from __future__ import annotations

from functools import partial

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import FUNCTIONS, Array
from fairlink.partners.rows import in_threads, unpacked


def in_pairs(n: int, buyer: Array, seller: Array, function: Array) -> Array:
    """int64 (rows,): rows of buyers and sellers below n, pair by pair; within a pair by function, then the lower buys.

    Equals keep their order. Rows are dealt out to the lower of each two, and then sorted by one number each.
    """
    low = np.minimum(buyer, seller)
    start = np.concatenate([[0], np.cumsum(np.bincount(low, minlength=n))])
    after = np.maximum(buyer, seller).astype(np.uint64) * np.uint64(2 * len(FUNCTIONS))
    after += function.astype(np.uint64) * np.uint64(2) + (buyer != low)
    order = _dealt(low, start[:-1].copy())
    in_threads(start, partial(_sorted, start, after, order))
    return order


@compiled
def _dealt(low: Array, at: Array) -> Array:
    order = np.empty(len(low), dtype=np.int64)
    for row in range(len(low)):
        order[at[low[row]]] = row
        at[low[row]] += 1
    return order


@compiled
def _sorted(start: Array, after: Array, order: Array, first: int, last: int) -> None:
    for low in range(first, last):
        rows = order[start[low] : start[low + 1]].copy()
        keys = np.empty(len(rows), dtype=np.uint64)
        for place in range(len(rows)):
            keys[place] = after[rows[place]] << np.uint64(32) | np.uint64(place)
        keys.sort()
        for place in range(len(rows)):
            order[start[low] + place] = rows[unpacked(keys[place])]


@compiled
def joined(
    buyer: Array,
    seller: Array,
    function: Array,
    needs: Array,
    offers: Array,
    value: Array,
    worth: tuple[float, float],
    need_places: Array,
    offer_places: Array,
) -> tuple[Array, Array, Array, Array]:
    """Rows of one pair, which follow one another, as one: who, gains (both (2, pairs)), winners (4, pairs), values.

    Who is lower comes first, int32. Gains are 1 − Π(1 − worth · value) over functions and directions, of each the
    greatest value; `worth` is what a met need is worth to the one who buys, and to the one who sells. The winner of a
    direction has the greatest value, then the first need, then the first offer in order of ids.
    """
    pairs, (buying, selling) = 0, worth
    for row in range(len(buyer)):
        pairs += row == 0 or not _same_pair(buyer, seller, row)
    who, winners = np.empty((2, pairs), dtype=np.int32), np.full((4, pairs), -1, dtype=np.int32)
    gains, most = np.ones((2, pairs)), np.zeros((2, pairs), dtype=np.float32)
    pair, best, of_winners = -1, 0.0, np.zeros(2)
    for row in range(len(buyer)):
        if row == 0 or not _same_pair(buyer, seller, row):
            pair += 1
            who[0, pair], who[1, pair] = min(buyer[row], seller[row]), max(buyer[row], seller[row])
            of_winners[:] = 0.0
        buys = 1 if buyer[row] > seller[row] else 0
        best = max(best, value[row])
        again = (
            row + 1 < len(buyer) and _same_pair(buyer, seller, row + 1) and function[row + 1] == function[row]
        )
        if not (again and buyer[row + 1] == buyer[row]):
            gains[buys, pair] *= 1 - buying * best
            gains[1 - buys, pair] *= 1 - selling * best
            best = 0.0
        need, offer = winners[2 * buys, pair], winners[2 * buys + 1, pair]
        better = value[row] > of_winners[buys]
        if value[row] == of_winners[buys]:
            ours, theirs = need_places[needs[row]], need_places[need]
            better = ours < theirs or (ours == theirs and offer_places[offers[row]] < offer_places[offer])
        if better:
            of_winners[buys] = most[buys, pair] = value[row]
            winners[2 * buys, pair], winners[2 * buys + 1, pair] = needs[row], offers[row]
    for side in range(2):
        for one in range(pairs):
            gains[side, one] = 1 - gains[side, one]
    return who, gains, winners, most


@compiled
def _same_pair(buyer: Array, seller: Array, row: int) -> bool:
    """Whether a row is of the pair of the row before it, whoever buys."""
    straight = buyer[row] == buyer[row - 1] and seller[row] == seller[row - 1]
    turned = buyer[row] == seller[row - 1] and seller[row] == buyer[row - 1]
    return bool(straight or turned)
