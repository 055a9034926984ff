"""Lists for a file of organisations: `python benchmarks/partners/lists.py MARKET.jsonl.gz --out OUT.npz [--k 20]`.

Reads one organisation a line: texts and functions of what it offers and seeks, codes only where `has_codes`, its
country, region, markets, certificates, language and size; never `pop` or `industry`, which are the truth. Written:
`ids` (n,) and `lists` (n, k) of ids, −1 where a list is shorter, best first.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from fairlink import Expo, cells, encoding, partners, records, vocabulary
from fairlink.tables import TABLES, Record, Records

FUNCTIONS = {"prod": "trade", "serv": "trade", "rd": "innovation", "inv": "investment"}
KINDS = {"university": "university", "institute": "institute", "investor": "financier", "agency": "agency"}
DAY = date(2027, 11, 26)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("market", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--k", type=int, default=20)
    call = parser.parse_args(arguments)
    rows = read(call.market)
    found = partners.recommend(expo_of(rows, call.k), encoder=encoder())
    np.savez(call.out, **lists(found, [row["id"] for row in rows], call.k))
    measures = found.measures
    print(
        f"{measures.expected_matches:.0f} expected matches by our own gains, {measures.without_chance:.1%} without "
        f"a chance, Gini of exposure {measures.exposure_gini:.3f}"
    )
    return 0


def encoder() -> encoding.Encoder | None:
    """The installed one, on every processor; None without the extra `encoder`."""
    found = encoding.installed()
    return encoding.Cached(found, processes=os.cpu_count() or 1) if found else None


def read(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def lists(found: partners.Suggestions, ids: Iterable[Any], k: int) -> dict[str, Any]:
    """The suggestions as a table of ids; row i of it is organisation i of the file."""
    known = np.array(list(ids))
    table = np.full((len(known), k), -1, dtype=known.dtype if known.dtype.kind == "i" else np.int64)
    kept = found.rank <= k
    table[found.organisation[kept], found.rank[kept] - 1] = known[found.partner[kept]]
    return {"ids": known, "lists": table}


def expo_of(rows: list[dict[str, Any]], k: int) -> Expo:
    """The organisations as an expo whose lists have k places."""
    places = defaultdict(set)
    for row in rows:
        places[row["region"]].add(row["country"])
    made: dict[str, list[Record]] = {"organisations": [], "offers": [], "needs": []}
    for number, row in enumerate(rows):
        made["organisations"].append(_organisation(number, row, places))
        for table, side in (("offers", "offers"), ("needs", "seeks")):
            made[table] += [
                _listing(table, f"{number:06}-{i}", number, row, entry) for i, entry in enumerate(row[side])
            ]
    edition = _record(
        "edition",
        id="market",
        name={"en": "Market"},
        city={"en": "Market"},
        host_country="CN",
        time_zone="UTC",
        start=DAY,
        end=DAY,
        languages=("en",),
        currency="CNY",
        list_length=k,
    )
    return records.build(Records({"edition": [edition], "chain": [], "slots": [], "places": [], **made}))


def _record(table: str, **facts: Any) -> Record:
    return {**cells.blank(TABLES[table]), **facts}


def _organisation(number: int, row: Mapping[str, Any], places: Mapping[str, set[str]]) -> Record:
    kind = KINDS.get(row["type"], "enterprise")
    return _record(
        "organisations",
        id=f"{number:06}",
        name={"en": f"{number}"},
        kind=kind,
        size=row["type"] if kind == "enterprise" else "",
        country=row["country"],
        role="exhibitor",
        languages=tuple(dict.fromkeys((row["lang"].replace("zh-cn", "zh-Hans"), "en"))),
        markets=tuple(sorted({one for region in row["markets"] for one in places[region]})),
        certificates=tuple(row["certs"]),
    )


def _listing(table: str, code: str, number: int, row: Mapping[str, Any], entry: list[str]) -> Record:
    function, goods, text = entry
    known = row["has_codes"] and vocabulary.is_code(goods)
    return _record(
        table,
        id=code,
        organisation=f"{number:06}",
        function=FUNCTIONS[function],
        title={row["lang"]: text},
        codes=(goods,) if known else (),
        certificates=tuple(row["req"]) if table == "needs" else (),
    )


if __name__ == "__main__":
    sys.exit(main())
