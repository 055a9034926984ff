"""A small expo as a folder of CSV files: four organisations, two slots on each of two days, a booth and a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from fairlink import cells, files
from fairlink.tables import TABLES, Record

DAYS = date(2026, 9, 1), date(2026, 9, 2)
Tables = dict[str, list[Record]]


def record(table: str, **given: Any) -> Record:
    """A row of the table: the given cells, every other one empty."""
    empty = {
        column.name: {} if column.kind == "texts" else cells.empty(column) for column in TABLES[table].columns
    }
    assert given.keys() <= empty.keys()
    return empty | given


def organisation(one: str, country: str, **more: Any) -> Record:
    given = {"kind": "enterprise", "size": "small", "role": "exhibitor", "languages": ("en",)} | more
    return record("organisations", id=one, name={"en": f"{one} Ltd"}, country=country, **given)


def listing(table: str, one: str, organisation: str, code: str, **more: Any) -> Record:
    given = {"function": "trade", "title": {"en": one, "zh-Hans": "货物"}} | more
    return record(table, id=one, organisation=organisation, codes=(code,), **given)


def slot(one: str, day: date, hour: int) -> Record:
    return record("slots", id=one, day=day, start=time(hour), end=time(hour, 30))


def link(node: str, stage: str, *feeds: str, essential: bool = True) -> Record:
    return record(
        "chain",
        chain="cars",
        chain_name={"en": "Cars", "zh-Hans": "汽车"},
        node=node,
        name={"en": node, "zh-Hans": "环节"},
        stage=stage,
        essential=essential,
        feeds=feeds,
    )


def small() -> Tables:
    """The maker of batteries sells to both car makers and buys from the mine. One agreement, no wishes."""
    return {
        "edition": [edition()],
        "chain": [link("ore", "upstream", "cell"), link("cell", "midstream", "car"), link("car", "downstream")],
        "organisations": [
            organisation("mine", "CL"),
            organisation("battery", "CN", nodes=("cell",)),
            organisation("car", "DE"),
            organisation("truck", "LA"),
        ],
        "offers": [
            listing("offers", "of-ore", "mine", "282520", node="ore"),
            listing("offers", "of-cell", "battery", "850760", node="cell"),
        ],
        "needs": [
            listing("needs", "ne-ore", "battery", "282520", node="ore"),
            listing("needs", "ne-cell", "car", "850760"),
            listing("needs", "ne-truck", "truck", "8507"),
        ],
        "slots": [
            slot(f"s{number}{hour}", day, hour) for number, day in enumerate(DAYS, 1) for hour in (9, 10)
        ],
        "places": [
            record("places", id="t1", kind="table", hall="E1", name={"en": "Table 1"}),
            record("places", id="b1", kind="booth", hall="E1", name={"en": "Booth"}, organisation="battery"),
        ],
        "rates": [record("rates", currency="USD", rate=Decimal("7.1"), date=DAYS[0])],
        "agreements": [agreement("ag1", "battery", "mine", amount=Decimal("2.50"), currency="USD")],
    }


def edition(**more: Any) -> Record:
    given = {
        "host_country": "CN",
        "city": {"en": "Beijing", "zh-Hans": "北京"},
        "time_zone": "Asia/Shanghai",
        "start": DAYS[0],
        "end": DAYS[1],
        "languages": ("en", "zh-Hans"),
        "currency": "CNY",
    }
    return record("edition", id="small", name={"en": "Small expo", "zh-Hans": "小型博览会"}, **given | more)


def agreement(one: str, *parties: str, **more: Any) -> Record:
    given = {"type": "supply", "stage": "contract", "day": DAYS[0]} | more
    return record("agreements", id=one, name={"en": one}, parties=parties, **given)


def write_small(folder: Path, **tables: Sequence[Record]) -> Path:
    """The small expo as files in the folder; a table that is given takes the place of its own."""
    files.write(folder, small() | tables)
    return folder


def edit(path: Path, old: str, new: str) -> None:
    """Put one text in the place of another that stands in the file once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path.name, old, text.count(old))
    path.write_text(text.replace(old, new), encoding="utf-8", newline="")
