"""Choose for everyone at once: who stands where in whose list, so that nobody floods and nobody starves.

Somebody who stands at rank r of a list is looked at with exposure v(r) = 1/r. Expected matches of an agent i are
Σⱼ pᵢⱼ pⱼᵢ eᵢⱼ eⱼᵢ over its exposures e.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.partners.markets import Market, behind
from fairlink.partners.rows import in_threads, mend, packed, ranks

ROUNDS = 25  # of Frank–Wolfe; more move the lists no further
TEMPERATURE = 0.02  # β of the transferable-utility start
PROPORTIONAL_STEPS = 60


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
    start, both, given = found.start, found.both, np.ones(found.size) if weights is None else weights
    later = np.zeros(0)  # how many copies stand before an entry; nothing where nobody has one
    if alike is not None:
        given = given / np.bincount(alike, minlength=found.size)[alike]  # together they count as one
        later = behind(found, alike)
        later = later if later.any() else np.zeros(0)
    begun = transferable(found)
    rank = ranks(found.owner, begun - later if len(later) else begun)
    exposure, order = 1.0 / rank, np.empty(len(rank), dtype=np.int32)
    order[start[found.owner] + rank - 1] = np.arange(len(rank)) - start[found.owner]
    del begun, rank
    looks, utility = np.empty(len(exposure)), np.zeros(found.size)
    look = partial(_look, start, both, exposure, found.mirror, looks, utility)
    for step in range(rounds):
        in_threads(start, look)
        # A list weighs those who stand in it, not its owner: so the published method, and nobody envies.
        weight = given / np.maximum(utility, _least(utility)) if objective == "fair" else given
        down = later * float((both * looks * weight[found.partner]).max(initial=0)) if len(later) else later
        slopes = Slopes(both, looks, found.partner, weight, down)
        in_threads(start, partial(_step_on, start, slopes, 2.0 / (step + 3.0), order, exposure))
    return exposure


def _least(utility: Array) -> float:
    """An agent without a chance must not pull the whole market to itself."""
    positive = utility[utility > 0]
    return float(positive.min()) if len(positive) else 1.0


def utilities(found: Market, exposure: Array) -> Array:
    """Expected matches of each agent: float64 (size,)."""
    utility = np.zeros(found.size)
    looks = np.empty(len(exposure))
    in_threads(found.start, partial(_look, found.start, found.both, exposure, found.mirror, looks, utility))
    return utility


@compiled
def _look(
    start: Array,
    both: Array,
    exposure: Array,
    mirror: Array,
    looks: Array,
    utility: Array,
    first: int,
    last: int,
) -> None:
    """How much each is looked at by the other of each entry, and what it makes of each agent's chances."""
    for row in range(first, last):
        total = 0.0
        for entry in range(start[row], start[row + 1]):
            looks[entry] = exposure[mirror[entry]]
            total += both[entry] * exposure[entry] * looks[entry]
        utility[row] = total


class Slopes(NamedTuple):
    """What more exposure of an entry would bring: both · looks · weight of the partner − down, where there is any."""

    both: Array
    looks: Array
    partner: Array
    weight: Array
    down: Array


@compiled
def _step_on(
    start: Array, slopes: Slopes, rate: float, order: Array, exposure: Array, first: int, last: int
) -> None:
    """Move the exposures of some rows towards their best answer to the others'; `order` is that of the last answer."""
    for row in range(first, last):
        begin, end = start[row], start[row + 1]
        slope = np.empty(end - begin)
        for entry in range(begin, end):
            weight = slopes.weight[slopes.partner[entry]]
            slope[entry - begin] = slopes.both[entry] * slopes.looks[entry] * weight
        if len(slopes.down):
            slope -= slopes.down[begin:end]
        mend(packed(slope), order[begin:end])
        for place in range(end - begin):
            entry = begin + order[begin + place]
            exposure[entry] += rate * (1.0 / (place + 1) - exposure[entry])


def transferable(found: Market) -> Array:
    """Matching probabilities of the transferable-utility market with one partner each: float64 (entries,).

    Iterative proportional fitting of μᵢⱼ = aᵢ aⱼ exp((pᵢⱼ + pⱼᵢ)/2β) to aᵢ² + Σⱼ μᵢⱼ = 1, damped because
    the market has one side only.
    """
    kernel, start = np.exp((found.p + found.p[found.mirror]) / (2 * TEMPERATURE)), found.start
    a, half = np.full(found.size, 0.5), np.zeros(found.size)
    for _ in range(PROPORTIONAL_STEPS):
        in_threads(start, partial(_drawn, start, kernel, found.partner, a, half))
        # The root of a² + 2·half·a − 1; √(1 + half²) − half would lose every digit where half is large.
        a = np.sqrt(a / (np.sqrt(1 + half * half) + half))
    fitted: Array = kernel * a[found.owner] * a[found.partner]
    return fitted


@compiled
def _drawn(start: Array, kernel: Array, partner: Array, a: Array, half: Array, first: int, last: int) -> None:
    """Half of what each is drawn to by all its partners."""
    for row in range(first, last):
        total = 0.0
        for entry in range(start[row], start[row + 1]):
            total += kernel[entry] * a[partner[entry]]
        half[row] = total / 2
