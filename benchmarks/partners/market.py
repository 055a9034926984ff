"""Orders for a dense two-sided market: `python benchmarks/partners/market.py P.npy Q.npy --mode fair --out OUT.npz`.

P: left's gain from right, float (n, m); Q: right's from left, (m, n). Whoever stands at rank r is looked at with
1/r. Written: `left` (n, m) and `right` (m, n), orders of the other side, best first; `exposure_left` and
`exposure_right`, how much each is looked at on average over the rounds; `expected_matches`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from fairlink.expo import Array
from fairlink.partners import allocation, markets


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("p", type=Path)
    parser.add_argument("q", type=Path)
    parser.add_argument("--mode", choices=("fair", "efficient"), default="fair")
    parser.add_argument("--out", type=Path, required=True)
    call = parser.parse_args(arguments)
    found = orders(np.load(call.p), np.load(call.q), call.mode)
    np.savez(call.out, **found)
    print(f"{float(found['expected_matches']):.4f} expected matches")
    return 0


def dense(p: Array, q: Array) -> markets.Market:
    """Every pair of the two sides; left agents come first."""
    n, m = p.shape
    left, right = (one.ravel() for one in np.indices((n, m)))
    return markets.market(n + m, left, n + right, p[left, right], q[right, left], widest=n + m, fullest=n + m)


def orders(p: Array, q: Array, mode: str) -> dict[str, Array]:
    """The orders of both sides, with what they bring."""
    n, m = p.shape
    found = dense(p, q)
    exposure = allocation.allocate(found, objective=mode)
    table = np.zeros((n + m, n + m))
    table[found.owner, found.partner] = exposure
    left, right = table[:n, n:], table[n:, :n]
    return {
        "left": np.argsort(-left, axis=1, kind="stable"),
        "right": np.argsort(-right, axis=1, kind="stable"),
        "exposure_left": left,
        "exposure_right": right,
        "expected_matches": np.array(allocation.utilities(found, exposure).sum() / 2),
    }


if __name__ == "__main__":
    sys.exit(main())
