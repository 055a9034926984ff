"""Markets of any size, drawn by lot in the format of the published instances; the same for the same seed.

3 days × 16 slots with a guard after each day. 22 % exhibit, have booths and are more in demand; demand is heavy-
tailed, mostly within one's own sector. Two visitors need a shared table, of which there is one for fifty people.
`planted` draws a market whose best timetable is known.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from fairlink.expo import Array

DAYS, STRIDE = 3, 17
SLOTS = DAYS * STRIDE
BOOTH, TABLE, ONLINE = range(3)
HALLS = 8
SECTOR = 400  # people


def market(people: int, seed: int = 0) -> dict[str, Array]:
    """The arrays of a file, with some eleven wanted meetings for each of the people."""
    chance = np.random.default_rng(seed)
    exhibits = chance.random(people) < 0.22
    available = _availability(chance, exhibits)
    cap = np.where(exhibits, chance.integers(12, 31, people), chance.integers(8, 21, people))
    first, second = _pairs(chance, exhibits)
    taste = chance.normal(60, 9, people)
    both = chance.normal(0, 11, len(first))
    gains = [
        np.clip(
            np.round(0.5 * (taste[first] + taste[second]) + both + chance.normal(0, 13, len(first))), 1, 100
        )
        for _ in range(2)
    ]
    remote = chance.random(people) < 0.035
    online = remote[first] | remote[second]
    booth = exhibits[first] | exhibits[second]
    hall = chance.integers(0, HALLS, people)
    res = np.where(online, ONLINE, np.where(booth, BOOTH, TABLE))
    at = np.where(exhibits[first], hall[first], hall[second])
    return {
        "n": np.int64(people),
        "S": np.int64(SLOTS),
        "days": np.int64(DAYS),
        "stride": np.int64(STRIDE),
        "eu": first.astype(np.int32),
        "ev": second.astype(np.int32),
        "w": np.round(10 * np.sqrt(gains[0] * gains[1])).astype(np.int32),
        "u1": gains[0].astype(np.uint8),
        "u2": gains[1].astype(np.uint8),
        "mutual": chance.random(len(first)) < 0.1,
        "res": res.astype(np.int8),
        "ehall": np.where(res == BOOTH, at, np.where(res == TABLE, HALLS, -1)).astype(np.int8),
        "avail": _bits(available),
        "cap": np.minimum(cap, available.sum(axis=1)).astype(np.int32),
        "tables": np.full(SLOTS, max(1, people // 50), dtype=np.int32),
        "exh": exhibits,
    }


def planted(people: int, full: float, seed: int = 0) -> tuple[dict[str, Array], int]:
    """A market and its best gain: diaries are `full` (0 … 1) of the slots available, and no more may be held.

    Prices y by lot prove it: meetings of the plan are worth at least the prices of both sides, others at most.
    """
    chance = np.random.default_rng(seed)
    exhibits = chance.random(people) < 0.22
    available = _availability(chance, exhibits)
    plan = []
    for slot in np.flatnonzero(available.any(axis=0)):
        there = chance.permutation(np.flatnonzero(available[:, slot] & (chance.random(people) < full)))
        there = there[: len(there) // 2 * 2].reshape(-1, 2)
        plan.append(np.column_stack((np.sort(there, axis=1), np.full(len(there), slot))))
    held = np.concatenate(plan)
    held = held[np.unique(held[:, 0] * people + held[:, 1], return_index=True)[1]]
    pairs = np.sort(chance.integers(0, people, (2 * len(held), 2)), axis=1)
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    keys = np.unique(pairs[:, 0] * people + pairs[:, 1])
    keys = keys[~np.isin(keys, held[:, 0] * people + held[:, 1])]
    first = np.concatenate((held[:, 0], keys // people))
    second = np.concatenate((held[:, 1], keys % people))
    price = chance.integers(20, 300, people)
    more = np.where(np.arange(len(first)) < len(held), 1, -1) * chance.integers(0, 200, len(first))
    weight = np.maximum(price[first] + price[second] + more, 1)
    table = chance.random(len(first)) < 0.25
    tables = np.bincount(held[table[: len(held)], 2], minlength=SLOTS)
    order = chance.permutation(len(first))
    given = {
        "n": np.int64(people),
        "S": np.int64(SLOTS),
        "days": np.int64(DAYS),
        "stride": np.int64(STRIDE),
        "eu": first[order].astype(np.int32),
        "ev": second[order].astype(np.int32),
        "w": weight[order].astype(np.int32),
        "res": np.where(table, TABLE, BOOTH)[order].astype(np.int8),
        "ehall": np.zeros(len(first), dtype=np.int8),
        "avail": _bits(available),
        "cap": np.bincount(held[:, :2].ravel(), minlength=people).astype(np.int32),
        "tables": tables.astype(np.int32),
        "exh": exhibits,
    }
    return given, int(weight[: len(held)].sum())


def _pairs(chance: np.random.Generator, exhibits: Array) -> tuple[Array, Array]:
    """Who wants to meet whom, each pair once: heavy-tailed, seven of ten within the sector."""
    people = len(exhibits)
    appeal = (chance.pareto(1.6, people) + 0.4) * np.where(exhibits, 3.0, 1.0)
    sector = chance.integers(0, max(1, people // SECTOR), people)
    by_sector = np.lexsort((np.arange(people), sector))
    asks = np.repeat(np.arange(people), 5 + np.minimum(chance.geometric(0.12, people), 40))
    asks = asks[chance.random(len(asks)) < 0.92]
    upto = np.cumsum(appeal[by_sector])
    start = np.searchsorted(sector[by_sector], np.arange(sector.max() + 2))
    low, high = (np.append(0.0, upto)[start[sector[asks] + side]] for side in (0, 1))
    inside = chance.random(len(asks)) < 0.7
    at = np.where(inside, low + (high - low) * chance.random(len(asks)), upto[-1] * chance.random(len(asks)))
    asked = by_sector[np.minimum(np.searchsorted(upto, at, side="right"), people - 1)]
    first, second = np.minimum(asks, asked), np.maximum(asks, asked)
    keys = np.unique(first.astype(np.int64) * people + second)
    keys = keys[keys // people < keys % people]
    return keys // people, keys % people


def _availability(chance: np.random.Generator, exhibits: Array) -> Array:
    """bool (people, slots): the days somebody comes, less what they attend in one or two blocks a day."""
    people = len(exhibits)
    available = np.zeros((people, SLOTS), dtype=bool)
    comes = exhibits[:, None] | (chance.random((people, DAYS)) < 0.62)
    comes[np.arange(people), chance.integers(0, DAYS, people)] = True
    for day in range(DAYS):
        here = np.repeat(comes[:, day, None], STRIDE - 1, axis=1)
        for _ in range(2):
            begins, lasts = chance.integers(0, STRIDE - 1, people), chance.integers(0, 4, people)
            slot = np.arange(STRIDE - 1)
            here &= ~((slot >= begins[:, None]) & (slot < (begins + lasts)[:, None]))
        available[:, day * STRIDE : (day + 1) * STRIDE - 1] = here
    return available


def _bits(available: Array) -> Array:
    weight = np.uint64(1) << np.arange(SLOTS, dtype=np.uint64)
    bits: Array = (available * weight).sum(axis=1, dtype=np.uint64)
    return bits


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("people", type=int)
    parser.add_argument("--full", type=float, default=0.0, help="plant a timetable that fills diaries so far")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    call = parser.parse_args()
    if call.full:
        given, best = planted(call.people, call.full, call.seed)
        print(f"best gain {best}")
    else:
        given = market(call.people, call.seed)
    np.savez_compressed(call.out, **given)
    return 0


if __name__ == "__main__":
    sys.exit(main())
