"""The expo's own supply network: tiers, who stands on each link, gaps, and where to draw it."""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import TopologicalSorter

import numpy as np

from fairlink.coverage import THIN, Coverage, coverage, is_gap
from fairlink.expo import Array, Chain

__all__ = ["THIN", "Coverage", "Layout", "coverage", "is_gap", "layout", "tiers"]

_SWEEPS = 12


def tiers(chain: Chain) -> Array:
    """int64 (nodes,): the length of the longest path that leads to each node; 0 for what nothing feeds."""
    return _longest(len(chain.ids), chain.flows)


@dataclass(frozen=True, eq=False)
class Layout:
    """Where to draw one chain: column and place in the column of each of its nodes, and its inner flows."""

    nodes: Array  # rows of the chain's nodes
    column: Array  # int, by stage and, within a stage, by tier
    place: Array  # float, from 0 at the top, whole steps apart within a column
    flows: Array  # int (flows, two), positions in `nodes`


def layout(chain: Chain, number: int) -> Layout:
    """Lay out chain `number`: columns by stage and tier, order in a column by the barycentre of neighbours.

    Sugiyama, Tagawa & Toda (1981), IEEE Trans. Systems, Man, and Cybernetics 11:109–125.
    """
    nodes = np.flatnonzero(chain.chain == number)
    position = {int(node): i for i, node in enumerate(nodes)}
    flows = np.array(
        [
            (position[int(a)], position[int(b)])
            for a, b in chain.flows
            if int(a) in position and int(b) in position
        ],
        dtype=np.int64,
    ).reshape(-1, 2)
    column = _columns(chain.stage[nodes], flows)
    return Layout(nodes, column, _places(column, flows), flows)


def _columns(stage: Array, flows: Array) -> Array:
    """Stages stand in order from left to right; one that feeds itself takes a column for each step inside it."""
    inner = flows[stage[flows[:, 0]] == stage[flows[:, 1]]]
    step = _longest(len(stage), inner)
    pairs = sorted({(int(s), int(t)) for s, t in zip(stage, step, strict=True)})
    return np.array([pairs.index((int(s), int(t))) for s, t in zip(stage, step, strict=True)], dtype=np.int64)


def _longest(n: int, flows: Array) -> Array:
    """int64 (n,): the length of the longest path of flows that ends at each node."""
    feeders: dict[int, list[int]] = {node: [] for node in range(n)}
    for source, target in flows:
        feeders[int(target)].append(int(source))
    length = np.zeros(n, dtype=np.int64)
    for node in TopologicalSorter(feeders).static_order():
        length[node] = max((length[source] + 1 for source in feeders[node]), default=0)
    return length


def _places(column: Array, flows: Array) -> Array:
    place = np.zeros(len(column))
    members = [np.flatnonzero(column == c) for c in range(int(column.max(initial=-1)) + 1)]
    height = max((len(member) for member in members), default=0)
    for member in members:
        place[member] = np.arange(len(member)) + (height - len(member)) / 2
    for sweep in range(_SWEEPS):
        for member in members if sweep % 2 == 0 else members[::-1]:
            pull = np.array([_barycentre(int(node), place, flows) for node in member])
            order = member[np.argsort(pull, kind="stable")]
            place[order] = np.arange(len(member)) + (height - len(member)) / 2
    return place


def _barycentre(node: int, place: Array, flows: Array) -> float:
    neighbours = [*flows[flows[:, 1] == node, 0], *flows[flows[:, 0] == node, 1]]
    return float(place[neighbours].mean()) if neighbours else float(place[node])
