"""Markets in which one side applies and the other looks at who applied, best first (Su, Bayoumi & Joachims, WWW 2022).

A candidate applies with p · e, e its exposure to a job; a job looks at its r-th best applicant with 1/r. Expected
interviews where n − 1 better ones may have applied: E[1 / (1 + better)] = ∫₀¹ Π (1 − aₖ + aₖ t) dt, exact by
quadrature. It is another aim than that of the library, in which both sides read a list: here its step, a sort, is
taken along the slope of theirs.
"""

from __future__ import annotations

import numpy as np

from fairlink.expo import Array

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_AT, _WEIGHTS = (_NODES + 1) / 2, _WEIGHTS / 2


def interviews(wants: Array, exposure: Array, wanted: Array) -> float:
    """wants (n, m): a candidate's chance to like a job that it sees; exposure (n, m); wanted (m, n): of a job, it."""
    return _welfare(wants, exposure, np.argsort(-wanted, axis=1), wanted)[0]


def efficient(wants: Array, wanted: Array, *, rounds: int = 60) -> Array:
    """Exposures (n, m) that bring many interviews: Frank–Wolfe from everybody's own order."""
    order = np.argsort(-wanted, axis=1)
    exposure = _looks(wants)
    for step in range(rounds):
        slope = _welfare(wants, exposure, order, wanted)[1]
        exposure += 2.0 / (step + 3.0) * (_looks(slope) - exposure)
    return exposure


def _looks(value: Array) -> Array:
    """1/rank by value, row by row."""
    return 1.0 / (np.argsort(np.argsort(-value, axis=1, kind="stable"), axis=1) + 1)


def _welfare(wants: Array, exposure: Array, order: Array, wanted: Array) -> tuple[float, Array]:
    """Expected interviews, and what a little more exposure of each candidate to each job would add."""
    applies = np.take_along_axis((wants * exposure).T, order, axis=1)  # (m, n): best candidates first
    good = np.take_along_axis(wanted, order, axis=1)
    stays = 1 - applies[:, :, None] * (1 - _AT)  # (m, n, nodes)
    better = np.cumprod(stays, axis=1) / stays  # nobody better is looked at instead
    brought = (applies * good)[:, :, None] * better
    behind = np.cumsum(brought[:, ::-1], axis=1)[:, ::-1] - brought
    slope = (good[:, :, None] * better - (1 - _AT) * behind / stays) @ _WEIGHTS
    back = np.empty_like(slope)
    np.put_along_axis(back, order, slope, axis=1)
    return float((brought @ _WEIGHTS).sum()), back.T * wants
