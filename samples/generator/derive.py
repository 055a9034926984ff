"""Derives data/who_buys_what.csv from the US Use table of 2017; run it when nodes or phrases change.

FAIRLINK_DATA names the folder that holds bea2017_use_detail_long.csv and hs6_bea2017.csv.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from samples.generator.sources import DATA, nodes, phrases, rows

LEAST_SHARE = 0.01  # smaller purchases are noise at this grain
Shares = dict[str, dict[str, float]]


def main() -> None:
    folder = Path(os.environ["FAIRLINK_DATA"])
    industries = industries_of_nodes(folder)
    bought = purchases(folder, industries)
    with (DATA / "who_buys_what.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("buyer", "seller", "share"))
        for buyer in nodes():
            for seller, share in strongest(split(buyer, bought[buyer], industries)).items():
                writer.writerow((buyer, seller, f"{share:.3f}"))


def read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def industries_of_nodes(folder: Path) -> Shares:
    """Node → BEA industry → weight: by the HS codes of its phrases, and by hand where it sells services."""
    by_code = defaultdict(set)
    for row in read(folder / "hs6_bea2017.csv"):
        by_code[row["hs6"]].add(row["bea2017"])
    weights: Shares = {node: defaultdict(float) for node in nodes()}
    for phrase in phrases("trade"):
        for industry in by_code.get(phrase.codes[0], ()):
            weights[phrase.node][industry] += 1 / len(by_code[phrase.codes[0]])
    for row in rows("industries"):
        weights[row["node"]][row["industry"]] += 1
    return {node: scaled(of_node) for node, of_node in weights.items()}


def purchases(folder: Path, industries: Shares) -> Shares:
    """Node → commodity → share of its inputs, averaged over its industries."""
    inputs: Shares = defaultdict(dict)
    for row in read(folder / "bea2017_use_detail_long.csv"):
        inputs[row["industry"]][row["commodity"]] = float(row["input_share"])
    bought: Shares = {node: defaultdict(float) for node in industries}
    for node, weights in industries.items():
        for industry, weight in weights.items():
            for commodity, share in inputs.get(industry, {}).items():
                bought[node][commodity] += weight * share
    return bought


def split(buyer: str, bought: dict[str, float], industries: Shares) -> dict[str, float]:
    """Purchases by selling node."""
    feeders = {node.id for node in nodes().values() if buyer in node.feeds}
    shares: dict[str, float] = defaultdict(float)
    for commodity, share in bought.items():
        chosen = sellers(buyer, commodity, feeders, industries)
        for node, part in scaled({node: industries[node][commodity] for node in chosen}).items():
            shares[node] += share * part
    return resale(feeders, scaled(shares)) if buyer in traders() else scaled(shares)


def sellers(buyer: str, commodity: str, feeders: set[str], industries: Shares) -> set[str]:
    """Who sells a commodity to a node: what feeds it, or else its chain, or else all makers.

    Traders sell no commodity of their own, and a node buys what it makes itself only from what feeds it.
    """
    makers = {node for node in industries if commodity in industries[node]} - traders()
    if makers & feeders:
        return makers & feeders
    if commodity in industries[buyer]:
        return set()
    same_chain = {node for node in makers if nodes()[node].chain == nodes()[buyer].chain}
    return same_chain or makers


def resale(feeders: set[str], used: dict[str, float]) -> dict[str, float]:
    """The Use table leaves out goods for resale: half of a trader's purchases is given to its feeders."""
    bought = {node: share / 2 for node, share in used.items()}
    for node in feeders:
        bought[node] = bought.get(node, 0.0) + 0.5 / len(feeders)
    return bought


def traders() -> set[str]:
    return {row["node"] for row in rows("industries") if row["resells"] == "yes"}


def strongest(shares: dict[str, float]) -> dict[str, float]:
    kept = {node: share for node, share in shares.items() if share >= LEAST_SHARE}
    return dict(sorted(scaled(kept).items(), key=lambda pair: (-pair[1], pair[0])))


def scaled(weights: dict[str, float]) -> dict[str, float]:
    """The same weights, adding up to one, in alphabetical order."""
    total = sum(weights.values())
    return {key: weights[key] / total for key in sorted(weights)} if total else {}


if __name__ == "__main__":
    main()
