"""From exposures to lists: cut at a length, nobody above a cap, and a place for everybody who can be met."""

from __future__ import annotations

import numpy as np

from fairlink.expo import Array
from fairlink.partners.markets import Market
from fairlink.partners.rows import ranks

NOWHERE = np.iinfo(np.int64).max  # the rank of what stands in no list


def cut(found: Market, exposure: Array, length: int, *, cap: float = 0.0, floor: bool = False) -> Array:
    """The rank of each entry in its owner's list, from 1; NOWHERE beyond `length`.

    With a `cap` no organisation is seen more than that, a place at rank r counted 1/r: where it would be, it leaves
    the lists in which it brings least, and the others move up. With a `floor` everybody who has a pair stands in at
    least one list, in place of a late one who stands in others too.
    """
    rank = _capped(found, exposure, length, cap) if cap else ranks(found.owner, exposure)
    rank = np.where(rank <= length, rank, NOWHERE)
    if floor:
        _seat_everybody(found, rank, length)
    return rank


def _capped(found: Market, exposure: Array, length: int, cap: float) -> Array:
    worth = found.both * exposure[found.mirror]
    value = exposure.copy()
    while True:
        rank = ranks(found.owner, value)
        listed = (rank <= length) & (value >= 0)
        looks = np.where(listed, 1.0 / rank, 0.0)
        over = np.bincount(found.partner, looks, minlength=found.size) > cap + 1e-9
        if not over.any():
            return np.where(value >= 0, rank, NOWHERE)
        # Each leaves as many lists as it must as things stand, those that bring least first; then look again.
        crowded = np.flatnonzero(listed & over[found.partner])
        order = crowded[np.lexsort((found.owner[crowded], worth[crowded], found.partner[crowded]))]
        kept = _seen_by_better(found.partner[order], looks[order]) + looks[order] <= cap + 1e-9
        value[order[~kept]] = -1.0


def _seen_by_better(partner: Array, looks: Array) -> Array:
    """For rows of one partner after another, the worst first: how much it is seen in the better rows."""
    after = np.cumsum(looks[::-1])[::-1] - looks
    last = np.searchsorted(partner, partner, side="right") - 1
    beyond: Array = after[last]
    return after - beyond


def _seat_everybody(found: Market, rank: Array, length: int) -> None:
    """Give who stands nowhere a place in the list to which it is worth most, of the last who stands elsewhere too."""
    times = np.bincount(found.partner[rank <= length], minlength=found.size)
    filled = np.bincount(found.owner[rank <= length], minlength=found.size)
    starts = np.searchsorted(found.owner, np.arange(found.size + 1))
    for forgotten in np.flatnonzero((times == 0) & (np.diff(starts) > 0)):
        # Whoever it has in its own row has it in theirs.
        mine = found.mirror[starts[forgotten] : starts[forgotten + 1]]
        for entry in mine[np.argsort(-found.both[mine], kind="stable")]:
            owner = found.owner[entry]
            row = np.arange(starts[owner], starts[owner + 1])
            if filled[owner] < length:
                filled[owner] += 1
                rank[entry] = filled[owner]
            else:
                others = row[(rank[row] <= length) & (times[found.partner[row]] > 1)]
                if not len(others):
                    continue
                last = others[np.argmax(rank[others])]
                times[found.partner[last]] -= 1
                rank[entry], rank[last] = rank[last], NOWHERE
            times[forgotten] += 1
            break
