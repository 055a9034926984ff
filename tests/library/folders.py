"""A small expo as a folder of CSV files, and ways to break it, each with the place that must be named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from fairlink import cells, files
from fairlink.tables import TABLES, Record

DAYS = date(2026, 9, 1), date(2026, 9, 2)
Tables = dict[str, list[Record]]
Place = tuple[str, int | None, str | None, str]  # table, line, column, code
Change = Callable[[Path], Any]


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


def listing(table: str, one: str, organisation: str, *codes: str, **more: Any) -> Record:
    given = {"function": "trade", "title": {"en": one, "zh-Hans": "货物"}} | more
    return record(table, id=one, organisation=organisation, codes=codes, **given)


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
        "chain": [
            link("ore", "upstream", "cell"),
            link("cell", "midstream", "car"),
            link("car", "downstream"),
        ],
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
            listing("needs", "ne-truck", "truck", "850760", valid_until=date(2026, 9, 1)),
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


def replace(table: str, old: str, new: str) -> Change:
    return lambda folder: edit(folder / f"{table}.csv", old, new)


def encode(table: str, old: str, new: bytes) -> Change:
    def change(folder: Path) -> None:
        path = folder / f"{table}.csv"
        path.write_bytes(path.read_bytes().replace(old.encode(), new))

    return change


def add_column(table: str, head: str, cell: str) -> Change:
    def change(folder: Path) -> None:
        path = folder / f"{table}.csv"
        first, *rest = path.read_text(encoding="utf-8").splitlines()
        lines = [f"{first},{head}", *(f"{line},{cell}" for line in rest)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    return change


def rows(**tables: Any) -> Change:
    return lambda folder: write_small(folder, **tables)


def remove(table: str) -> Change:
    return lambda folder: (folder / f"{table}.csv").unlink()


def put(table: str, content: bytes) -> Change:
    return lambda folder: (folder / f"{table}.csv").write_bytes(content)


def first_line(table: str) -> Change:
    def change(folder: Path) -> None:
        path = folder / f"{table}.csv"
        path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])

    return change


def truck(**more: Any) -> Change:
    """Write the last organisation anew."""
    return rows(organisations=[*small()["organisations"][:3], organisation("truck", "LA", **more)])


TEN: list[tuple[Place, Change]] = [  # in the order in which they are told
    (("chain", 1, "stage", "duplicate_column"), add_column("chain", "stage", "upstream")),
    (("organisations", 4, "name:en", "too_long"), replace("organisations", "car Ltd", "x" * 100_000)),
    (
        ("organisations", 5, "name:en", "wrong_encoding"),
        encode("organisations", "truck Ltd", "Société".encode("latin-1")),
    ),
    (("offers", 2, "codes", "unknown_code"), replace("offers", "282520", "999999")),
    (("offers", 3, "organisation", "unknown_reference"), replace("offers", "cell,battery", "cell,nobody")),
    (("needs", 4, "id", "duplicate_id"), replace("needs", "ne-truck,truck", "ne-cell,truck")),
    (("slots", 5, "day", "outside_edition"), replace("slots", "s210,2026-09-02", "s210,2026-09-03")),
    (("places", None, None, "missing_file"), remove("places")),
    (("rates", 2, None, "ragged_row"), replace("rates", "7.1,2026-09-01", "7.1,2026-09-01,more")),
    (("agreements", 2, "amount", "not_a_number"), replace("agreements", "2.50", "NaN")),
]
ALONE: list[tuple[Place, Change]] = [
    (
        ("organisations", 5, "name:en", "wrong_encoding"),
        encode("organisations", "truck Ltd", "卡车厂".encode("gb18030")),
    ),
    (("rates", 2, "date", "ragged_row"), replace("rates", "7.1,2026-09-01", "7.1")),
    (("edition", None, None, "missing_file"), remove("edition")),
    (("chain", None, None, "missing_file"), remove("chain")),
    (("organisations", None, None, "missing_file"), remove("organisations")),
    (("slots", None, None, "missing_file"), remove("slots")),
    (("edition", None, None, "not_one_row"), first_line("edition")),
    (("places", 3, None, "not_csv"), replace("places", "b1,booth", 'b1,"booth')),
    (("organisations", 5, "name:en", "unreadable_character"), replace("organisations", "truck Ltd", "a\0b")),
    (
        ("chain", 2, "feeds", "circle"),
        rows(
            chain=[link("ore", "upstream", "cell"), link("cell", "upstream", "ore"), link("car", "upstream")]
        ),
    ),
    (("chain", 2, "feeds", "circle"), replace("chain", "yes,cell", "yes,ore")),
    (
        ("slots", 3, "start", "slots_overlap"),
        replace("slots", "s110,2026-09-01,10:00", "s110,2026-09-01,09:29"),
    ),
    (
        ("slots", 2, "end", "ends_before_start"),
        replace("slots", "s19,2026-09-01,09:00,09", "s19,2026-09-01,09:00,08"),
    ),
    (
        ("places", 2, "organisation", "two_booths"),
        lambda folder: edit(folder / "places.csv", "t1,table,E1,Table 1,,", "t1,booth,E1,Table 1,battery,"),
    ),
    (("needs", 4, "valid_until", "runs_out_before"), replace("needs", "2026-09-01", "2026-08-31")),
    (("places", 3, "organisation", "owner_missing"), replace("places", "Booth,battery", "Booth,")),
    (
        ("agreements", 2, "confirmed", "not_a_party"),
        replace("agreements", "battery|mine,,", "battery|mine,car,"),
    ),
    (("agreements", 2, "parties", "too_few"), replace("agreements", "battery|mine,", "mine,")),
    (("agreements", 2, "currency", "rate_missing"), replace("agreements", "USD", "LAK")),
    (
        ("exclusions", 2, "partner", "unknown_reference"),
        rows(exclusions=[record("exclusions", organisation="car", partner="nobody")]),
    ),
    (
        ("exclusions", 3, "partner", "exclusion_of_itself"),
        rows(
            exclusions=[
                record("exclusions", organisation="car", partner="mine", reason="One group"),
                record("exclusions", organisation="truck", partner="truck"),
            ]
        ),
    ),
    (
        ("exclusions", 3, "partner", "duplicate_exclusion"),
        rows(
            exclusions=[
                record("exclusions", organisation="car", partner="mine"),
                record("exclusions", organisation="mine", partner="car"),
            ]
        ),
    ),
    (("agreements", 2, "currency", "currency_missing"), replace("agreements", "USD", "")),
    (("organisations", 5, "country", "country_missing"), replace("organisations", "LA,", ",")),
]
