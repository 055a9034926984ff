"""Lists for the published market beside naive lists and the product of both gains; 15,000 organisations with data.

Tomita & Yokoyama (RecSys 2024): 30 × 20 and 400 × 300, seed 0, λ = .5. FAIRLINK_DATA names the folder that holds
`matching/synth_orgs_15000.jsonl.gz`.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.partners import lists, market
from fairlink import partners
from fairlink.expo import Array
from fairlink.partners import allocation

PUBLISHED = {(30, 20, "fair"): 15.7623, (30, 20, "efficient"): 16.5096}


def main() -> int:
    print(f"{'market':>10} {'lists':>10} {'expected matches':>17} {'published':>10} {'CPU s':>7}")
    for n, m in ((30, 20), (400, 300)):
        p, q = draw(n, m)
        found = market.dense(p, q)
        for name, value in (("naive", found.p), ("product", found.both)):
            _line(n, m, name, _matches(found, 1 / allocation.ranks(found.owner, value)), 0.0)
        for mode in ("fair", "efficient"):
            started = time.process_time()
            brought = float(market.orders(p, q, mode)["expected_matches"])
            _line(n, m, mode, brought, time.process_time() - started)
    data = os.environ.get("FAIRLINK_DATA")
    if not data:
        print("Set FAIRLINK_DATA to the folder of the data for 15,000 organisations.", file=sys.stderr)
        return 0
    rows = lists.read(Path(data) / "matching" / "synth_orgs_15000.jsonl.gz")
    expo = lists.expo_of(rows, 20)
    started = time.process_time()
    found_lists = partners.recommend(expo)
    spent, peak = time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\n{len(rows)} organisations: {found_lists.measures}, {spent:.0f} CPU s, {peak:.0f} MiB at the most"
    )
    return 0


def draw(n: int, m: int, *, seed: int = 0, crowding: float = 0.5) -> tuple[Array, Array]:
    """The synthetic market as it was published: P, then Q, from one stream of chance."""
    chance = np.random.RandomState(seed)
    p = (1 - crowding) * chance.random_sample((n, m)) + crowding * np.linspace(1, 0, m)
    q = (1 - crowding) * chance.random_sample((m, n)) + crowding * np.linspace(1, 0, n)
    return p, q


def _matches(found: allocation.Market, exposure: Array) -> float:
    return float(allocation.utilities(found, exposure).sum() / 2)


def _line(n: int, m: int, name: str, brought: float, spent: float) -> None:
    published = PUBLISHED.get((n, m, name))
    told = f"{published:10.4f}" if published else f"{'–':>10}"
    print(f"{f'{n} × {m}':>10} {name:>10} {brought:17.4f} {told} {spent:7.3f}")


if __name__ == "__main__":
    sys.exit(main())
