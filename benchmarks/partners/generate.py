"""Markets of any size, like a given one: `python -m benchmarks.partners.generate MARKET.jsonl.gz N --out OUT.jsonl.gz`.

Each organisation is made after one of the given market; half of what it offers and seeks is what others of its
industry and language do, and a quarter of that is said with a clause more, so that texts grow in number with those who
write them. The same market, number and seed give the same file.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.partners.lists import read

LIKE_OTHERS, VARIED = 0.5, 0.25
Pools = dict[tuple[str, ...], list[list[str]]]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("market", type=Path)
    parser.add_argument("number", type=int)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    call = parser.parse_args(arguments)
    write(call.out, drawn(read(call.market), call.number, call.seed))
    return 0


def write(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    # Neither the time nor a name in the head: the same rows are the same file.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=0) as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


def drawn(market: list[dict[str, Any]], number: int, seed: int = 0) -> Iterator[dict[str, Any]]:
    """So many organisations after those of a market."""
    chance = np.random.default_rng(seed)
    pools: Pools = defaultdict(list)
    for row in market:
        for side in ("offers", "seeks"):
            for entry in row[side]:
                pools[side, entry[0], row["industry"], row["lang"]].append(entry)
    for place in range(number):
        like = market[chance.integers(len(market))]
        yield like | {
            "id": place,
            "pop": round(float(chance.beta(2, 2)), 3),
            **{side: _entries(like, side, pools, chance) for side in ("offers", "seeks")},
        }


def _entries(like: dict[str, Any], side: str, pools: Pools, chance: np.random.Generator) -> list[list[str]]:
    """What one offers or seeks: nothing twice."""
    found: dict[tuple[str, str], list[str]] = {}
    for entry in like[side]:
        pool, one = pools[side, entry[0], like["industry"], like["lang"]], entry
        if chance.random() < LIKE_OTHERS:
            one = pool[chance.integers(len(pool))]
            if chance.random() < VARIED:
                clause = pool[chance.integers(len(pool))][2].replace(" | ", ", ").split(", ")[-1]
                one = [*one[:2], f"{one[2]}, {clause}"]
        found.setdefault((one[0], one[1]), one)
    return list(found.values())


if __name__ == "__main__":
    sys.exit(main())
