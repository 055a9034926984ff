"""The Frank–Wolfe method of Tomita & Yokoyama (RecSys 2024, arXiv 2409.00720), as it was published, to be timed.

A policy is a doubly stochastic matrix for each agent: who stands at which rank, and how often. Both sides move in
turn, a tenth of the way to the best answer to the other, until the expected matches change by less than .01. The
answer is a linear programme over all matrices of a side ("programme", here by HiGHS where the authors' code gives it to
a conic solver), or, more kindly, an assignment for each agent ("assignment", Hungarian): both are exact.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment, linprog

from fairlink.expo import Array

RATE, TOLERANCE, LONGEST = 0.1, 0.01, 100
Step = Callable[[Array], Array]


def orders(p: Array, q: Array, mode: str, step: str = "assignment") -> tuple[Array, Array]:
    """Exposures of both sides, (n, m) and (m, n), for p (n, m) and q (m, n); mode "fair" or "efficient"."""
    n, m = p.shape
    both, answer = p * q.T, {"programme": _programme, "assignment": _assignment}[step]
    left, right = np.full((n, m, m), 1 / m), np.full((m, n, n), 1 / n)
    look_left, look_right = 1 / np.arange(1, m + 1), 1 / np.arange(1, n + 1)
    before = 0.0
    for _ in range(LONGEST):
        right += RATE * (answer(_slope(both.T, left @ look_left, right @ look_right, mode)) - right)
        left += RATE * (answer(_slope(both, right @ look_right, left @ look_left, mode)) - left)
        matches = float((both * (left @ look_left) * (right @ look_right).T).sum())
        if abs(matches - before) < TOLERANCE:
            break
        before = matches
    return left @ look_left, right @ look_right


def _slope(both: Array, theirs: Array, mine: Array, mode: str) -> Array:
    """(agents, partners, ranks): what a place would bring. `theirs` (partners, agents): how much each looks."""
    weight = np.ones(len(theirs))
    if mode == "fair":
        weight = 1 / np.maximum((both * theirs.T * mine).sum(axis=0), 1e-6)
    value = both * theirs.T * weight
    return value[:, :, None] / np.arange(1, both.shape[1] + 1)


def _assignment(slope: Array) -> Array:
    found = np.zeros(slope.shape)
    for agent, value in enumerate(slope):
        found[agent][linear_sum_assignment(value, maximize=True)] = 1
    return found


def _programme(slope: Array) -> Array:
    agents, k, _ = slope.shape
    one = np.ones((1, k))
    sums = sparse.vstack([sparse.kron(sparse.eye(k), one), sparse.kron(one, sparse.eye(k))])
    whole = sparse.kron(sparse.eye(agents), sums, format="csr")
    found = linprog(-slope.ravel(), A_eq=whole, b_eq=np.ones(whole.shape[0]), method="highs")
    solved: Array = found.x.reshape(slope.shape)
    return solved
