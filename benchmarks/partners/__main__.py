"""Lists for the published markets beside naive lists and the product of both gains; 15,000 organisations with data.

Tomita & Yokoyama (RecSys 2024): 30 × 20 and 400 × 300, seed 0, λ = .5. Su, Bayoumi & Joachims (WWW 2022): 150
candidates apply for 100 jobs, λ = 0 … 1. FAIRLINK_DATA names the folder that holds
`matching/synth_orgs_15000.jsonl.gz`.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.partners import lists, market, truth
from fairlink import partners
from fairlink.expo import Array
from fairlink.partners import allocation, likeness, markets
from fairlink.partners.rows import ranks

WELFARE = {0.0: 198.5, 0.25: 173.5, 0.5: 152.7, 0.75: 134.2, 1.0: 118.2}
PUBLISHED = {(30, 20, "fair"): 15.7623, (30, 20, "efficient"): 16.5096}


def main() -> int:
    print(f"{'market':>10} {'lists':>10} {'expected matches':>17} {'published':>10} {'CPU s':>7}")
    for n, m in ((30, 20), (400, 300)):
        p, q = draw(n, m)
        found = market.dense(p, q)
        for name, value in (("naive", found.p), ("product", found.both)):
            _line(n, m, name, _matches(found, 1 / ranks(found.owner, value)), 0.0)
        for mode in ("fair", "efficient"):
            started = time.process_time()
            brought = float(market.orders(p, q, mode)["expected_matches"])
            _line(n, m, mode, brought, time.process_time() - started)
    print(
        f"\n{'crowding':>10} {'own benefit':>12} {'fair':>8} {'efficient':>10} {'published':>10}  social welfare"
    )
    for crowding, published in WELFARE.items():
        p, q = draw(150, 100, crowding=crowding)
        naive = 1 / (np.argsort(np.argsort(-p, axis=1), axis=1) + 1.0)
        fair, efficient = (market.orders(p, q, mode)["exposure_left"] for mode in ("fair", "efficient"))
        told = (applications(p, exposure, q) for exposure in (naive, fair, efficient))
        print("{:10.2f} {:12.1f} {:8.1f} {:10.1f} {:10.1f}".format(crowding, *told, published))
    data = os.environ.get("FAIRLINK_DATA")
    if not data:
        print("Set FAIRLINK_DATA to the folder of the data for 15,000 organisations.", file=sys.stderr)
        return 0
    rows = lists.read(Path(data) / "matching" / "synth_orgs_15000.jsonl.gz")
    expo, reader = lists.expo_of(rows, 20), lists.encoder()
    started, at = time.process_time(), time.perf_counter()
    likeness.listing_words(expo, reader)
    read, waited = time.process_time() - started, time.perf_counter() - at
    started, at = time.process_time(), time.perf_counter()
    found_lists = partners.recommend(expo, encoder=reader)
    spent, wall = time.process_time() - started, time.perf_counter() - at
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table = lists.lists(found_lists, [row["id"] for row in rows], 20)["lists"]
    worth = truth.measure(rows, table, truth.classes(Path(data) / "matching"))
    print(
        f"\n{len(rows)} organisations: texts read in {waited:.0f} s ({read:.0f} CPU s here), lists in "
        f"{wall:.0f} s ({spent:.0f} CPU s, n-grams again included), {peak:.0f} MiB at the most\n{worth}"
    )
    return 0


def applications(wants: Array, exposure: Array, wanted: Array) -> float:
    """Expected interviews where one side applies and the other looks at who applied, best first, with 1/rank.

    wants (n, m): a candidate's chance to like a job that it sees; exposure (n, m): how much it looks there; wanted
    (m, n): a job's chance to like a candidate. Exact: E[1 / (1 + better applicants)] = ∫₀¹ Π (1 − aₖ + aₖ t) dt.
    """
    nodes, weights = np.polynomial.legendre.leggauss(40)
    at, applies = (nodes + 1) / 2, np.clip(wants * exposure, 0, 1)
    welfare = 0.0
    for job in range(wants.shape[1]):
        order = np.argsort(-wanted[job])
        chance = applies[order, job]
        better = np.log1p(-chance[:, None] * (1 - at)).cumsum(axis=0)
        looked_at = np.exp(np.vstack([np.zeros(len(at)), better[:-1]])) @ weights / 2
        welfare += float((chance * wanted[job][order] * looked_at).sum())
    return welfare


def draw(n: int, m: int, *, seed: int = 0, crowding: float = 0.5) -> tuple[Array, Array]:
    """The synthetic market as it was published: P, then Q, from one stream of chance."""
    chance = np.random.RandomState(seed)
    p = (1 - crowding) * chance.random_sample((n, m)) + crowding * np.linspace(1, 0, m)
    q = (1 - crowding) * chance.random_sample((m, n)) + crowding * np.linspace(1, 0, n)
    return p, q


def _matches(found: markets.Market, exposure: Array) -> float:
    return float(allocation.utilities(found, exposure).sum() / 2)


def _line(n: int, m: int, name: str, brought: float, spent: float) -> None:
    published = PUBLISHED.get((n, m, name))
    told = f"{published:10.4f}" if published else f"{'–':>10}"
    print(f"{f'{n} × {m}':>10} {name:>10} {brought:17.4f} {told} {spent:7.3f}")


if __name__ == "__main__":
    sys.exit(main())
