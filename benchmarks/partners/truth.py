"""What lists are worth in the market they are for: `python -m benchmarks.partners.truth MARKET.jsonl.gz LISTS.npz`.

Reads nothing of the engine but the lists. The truth of i wanting j is what i gains, times how popular j is, whether
j's region is among i's markets and whether j holds the certificates that i requires. The gain comes from how far the
codes of one's needs and the other's offers run together within a function; a list is read from the top, so that
whoever stands at rank r is looked at with 1/r. `hs6_sitc2.csv` and `hs6_bea2017.csv` beside the market tell which
goods are of one class and of one sector.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.partners.lists import read
from fairlink.expo import Array
from fairlink.partners.audit import gini

CROWDING = 0.4
SUBHEADING, CLASS, HEADING, SECTOR, CHAPTER, ELSE = 1.0, 0.8, 0.7, 0.3, 0.12, 0.02
BUYING, SELLING = 0.9, 0.75
ABROAD, UNCERTIFIED = 0.55, 0.45
NO_CHANCE = 0.01  # expected matches


class Truth(NamedTuple):
    """What lists brought: expected matches, the share without a real chance, and how exposure is spread."""

    expected_matches: float
    without_chance: float
    exposure_gini: float
    small_exposure: float  # share that small firms have of all exposure


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("market", type=Path)
    parser.add_argument("lists", type=Path)
    parser.add_argument("--crowding", type=float, default=CROWDING)
    call = parser.parse_args(arguments)
    rows = read(call.market)
    found = np.load(call.lists)
    place = {one: i for i, one in enumerate(found["ids"].tolist())}
    table = np.full(found["lists"].shape, -1)
    for i, row in enumerate(found["lists"].tolist()):
        table[i] = [place.get(one, -1) for one in row]
    order = [place[row["id"]] for row in rows]
    table = table[order]
    back = np.full(len(order) + 1, -1)
    back[order] = np.arange(len(order))
    told = measure(rows, back[table], classes(call.market.parent), call.crowding)
    print(json.dumps(told._asdict()))
    return 0


def classes(folder: Path) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The short product class and the sector of each HS subheading."""
    with (folder / "hs6_sitc2.csv").open(encoding="utf-8", newline="") as file:
        short = {row["HS6_6d"]: row["SITC2_4d"] for row in csv.DictReader(file)}
    with (folder / "hs6_bea2017.csv").open(encoding="utf-8", newline="") as file:
        sector = {row["hs6"]: row["bea2017"] for row in csv.DictReader(file)}
    return short, sector


def measure(
    rows: list[dict[str, Any]],
    lists: Array,
    known: tuple[Mapping[str, str], Mapping[str, str]],
    crowding: float = CROWDING,
) -> Truth:
    """`lists` (n, k): rows of `rows`, −1 padded, best first."""
    n, k = lists.shape
    owner, partner = np.repeat(np.arange(n), k), lists.ravel()
    look = np.tile(1.0 / np.arange(1, k + 1), n)
    owner, partner, look = owner[partner >= 0], partner[partner >= 0], look[partner >= 0]
    exposure = np.bincount(partner, look, minlength=n)
    key = dict(zip((owner * n + partner).tolist(), look.tolist(), strict=True))
    chance, goods = np.zeros(n), _Goods(*known)
    for (i, j), mine in ((divmod(one, n), seen) for one, seen in key.items()):
        theirs = key.get(j * n + i)
        if theirs is None or i > j:
            continue
        gains = _gains(rows[i], rows[j], goods)
        wanted = [
            gain * (1 - crowding + crowding * b["pop"]) * _facts(a, b)
            for gain, a, b in zip(gains, (rows[i], rows[j]), (rows[j], rows[i]), strict=True)
        ]
        met = wanted[0] * wanted[1] * mine * theirs
        chance[i] += met
        chance[j] += met
    small = np.array([row["type"] == "small" for row in rows])
    return Truth(
        float(chance.sum() / 2),
        float((chance < NO_CHANCE).mean()),
        gini(exposure),
        float(exposure[small].sum() / max(exposure.sum(), 1e-12)),
    )


class _Goods:
    """How far two codes run together."""

    def __init__(self, short: Mapping[str, str], sector: Mapping[str, str]) -> None:
        self.short, self.sector = short, sector
        self.seen: dict[tuple[str, str], float] = {}

    def agree(self, one: str, other: str) -> float:
        key = one, other
        if key not in self.seen:
            self.seen[key] = self._agree(one, other)
        return self.seen[key]

    def _agree(self, one: str, other: str) -> float:
        if one == other:
            return SUBHEADING
        if self.short.get(one, "a") == self.short.get(other, "b"):
            return CLASS
        if one[:4] == other[:4]:
            return HEADING
        if self.sector.get(one, "a") == self.sector.get(other, "b"):
            return SECTOR
        return CHAPTER if one[:2] == other[:2] else ELSE


def _gains(one: Mapping[str, Any], other: Mapping[str, Any], goods: _Goods) -> tuple[float, float]:
    """What one gains and what the other gains: noisy-or of buying and selling."""
    buys, sells = _met(one, other, goods), _met(other, one, goods)
    return (
        1 - (1 - BUYING * buys) * (1 - SELLING * sells),
        1 - (1 - BUYING * sells) * (1 - SELLING * buys),
    )


def _met(buyer: Mapping[str, Any], seller: Mapping[str, Any], goods: _Goods) -> float:
    return max(
        (
            goods.agree(need[1], offer[1])
            for need in buyer["seeks"]
            for offer in seller["offers"]
            if need[0] == offer[0]
        ),
        default=0.0,
    )


def _facts(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """How the other's region and certificates suit this one."""
    near = 1.0 if other["region"] in one["markets"] else ABROAD
    return near * (1.0 if set(one["req"]) <= set(other["certs"]) else UNCERTIFIED)


if __name__ == "__main__":
    sys.exit(main())
