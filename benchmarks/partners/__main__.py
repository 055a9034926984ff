"""Lists for the published markets beside naive lists and the product of both gains; 15,000 organisations with data.

Tomita & Yokoyama (RecSys 2024): 30 × 20 and 400 × 300, seed 0, λ = .5. Su, Bayoumi & Joachims (WWW 2022): 150
candidates apply for 100 jobs, λ = 0 … 1. The published Frank–Wolfe method is timed beside ours, on 30 × 20.
FAIRLINK_DATA names the folder that holds `matching/synth_orgs_15000.jsonl.gz`.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.partners import applications, lists, market, published, truth
from fairlink import partners
from fairlink.expo import Array
from fairlink.partners import allocation, likeness, markets
from fairlink.partners.rows import ranks

WELFARE = {0.0: 198.5, 0.25: 173.5, 0.5: 152.7, 0.75: 134.2, 1.0: 118.2}
REPEATED = 20  # of ours, which takes hardly any time
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
    _beside_published()
    print(
        f"\n{'crowding':>10} {'own benefit':>12} {'fair':>8} {'efficient':>10} {'applications':>13} {'CPU s':>6} "
        f"{'published':>10}  social welfare"
    )
    for crowding, welfare in WELFARE.items():
        p, q = draw(150, 100, crowding=crowding)
        naive = 1 / (np.argsort(np.argsort(-p, axis=1), axis=1) + 1.0)
        fair, efficient = (market.orders(p, q, mode)["exposure_left"] for mode in ("fair", "efficient"))
        started = time.process_time()
        aimed = applications.efficient(p, q)
        spent = time.process_time() - started
        told = [applications.interviews(p, exposure, q) for exposure in (naive, fair, efficient, aimed)]
        print(
            "{:10.2f} {:12.1f} {:8.1f} {:10.1f} {:13.1f} {:6.2f} {:10.1f}".format(
                crowding, *told, spent, welfare
            )
        )
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


def _beside_published() -> None:
    """Seconds of our step, a sort, beside those of the published one, at no less value, in one run."""
    p, q = draw(30, 20)
    print(f"\n{'30 × 20':>10} {'step':>11} {'matches':>9} {'log Nash':>9} {'CPU s':>8} {'times ours':>11}")
    for mode in ("fair", "efficient"):
        market.orders(p, q, mode)
        started = time.process_time()
        for _ in range(REPEATED):
            ours = market.orders(p, q, mode)
        spent = (time.process_time() - started) / REPEATED
        _told(mode, "sort", p * q.T * ours["exposure_left"] * ours["exposure_right"].T, spent, spent)
        for step in ("assignment", "programme"):
            started = time.process_time()
            left, right = published.orders(p, q, mode, step)
            _told(mode, step, p * q.T * left * right.T, time.process_time() - started, spent)


def _told(mode: str, step: str, chance: Array, spent: float, ours: float) -> None:
    nash = float(sum(np.log(chance.sum(axis=axis)).sum() for axis in (0, 1)))
    print(f"{mode:>10} {step:>11} {chance.sum():9.4f} {nash:9.3f} {spent:8.4f} {spent / ours:11.1f}")


def draw(n: int, m: int, *, seed: int = 0, crowding: float = 0.5) -> tuple[Array, Array]:
    """The synthetic market as it was published: P, then Q, from one stream of chance."""
    chance = np.random.RandomState(seed)
    p = (1 - crowding) * chance.random_sample((n, m)) + crowding * np.linspace(1, 0, m)
    q = (1 - crowding) * chance.random_sample((m, n)) + crowding * np.linspace(1, 0, n)
    return p, q


def _matches(found: markets.Market, exposure: Array) -> float:
    return float(allocation.utilities(found, exposure).sum() / 2)


def _line(n: int, m: int, name: str, brought: float, spent: float) -> None:
    value = PUBLISHED.get((n, m, name))
    told = f"{value:10.4f}" if value else f"{'–':>10}"
    print(f"{f'{n} × {m}':>10} {name:>10} {brought:17.4f} {told} {spent:7.3f}")


if __name__ == "__main__":
    sys.exit(main())
