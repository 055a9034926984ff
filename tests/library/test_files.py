"""An expo as a folder of CSV files: it is read as it was written, and every fault is named with its place."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from folders import DAYS, agreement, edit, edition, link, organisation, record, small, write_small
from hypothesis import given
from hypothesis import strategies as st

from fairlink import BadExpo, Problem, files, report, words
from fairlink.cli import sentences
from fairlink.expo import fingerprint
from fairlink.tables import TABLES

Place = tuple[str, int | None, str | None, str]  # table, line, column, code
Change = Callable[[Path], Any]


def problems(folder: Path) -> list[Problem]:
    with pytest.raises(BadExpo) as caught:
        files.read(folder)
    return list(caught.value.problems)


def places(folder: Path) -> list[Place]:
    return [(one.table, one.line, one.column, one.code) for one in problems(folder)]


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
    (("organisations", 5, "kind", "ragged_row"), replace("organisations", "truck,truck", 'truck,"truck')),
    (("organisations", 5, "name:en", "unreadable_character"), replace("organisations", "truck Ltd", "a\0b")),
    (("chain", 2, "feeds", "circle"), rows(chain=[link("ore", "upstream", "cell"), link("cell", "upstream", "ore"),
                                                  link("car", "upstream")])),
    (("chain", 2, "feeds", "circle"), replace("chain", "yes,cell", "yes,ore")),
    (("slots", 3, "start", "slots_overlap"), replace("slots", "s110,2026-09-01,10:00", "s110,2026-09-01,09:29")),
    (("slots", 2, "end", "ends_before_start"), replace("slots", "s19,2026-09-01,09:00,09:30", "s19,2026-09-01,09:00,09:00")),
    (
        ("places", 3, "organisation", "two_booths"),
        lambda folder: edit(folder / "places.csv", "t1,table,E1,Table 1,,", "t1,booth,E1,Table 1,battery,"),
    ),
    (("places", 3, "organisation", "owner_missing"), replace("places", "Booth,battery", "Booth,")),
    (("agreements", 2, "confirmed", "not_a_party"), replace("agreements", "battery|mine,,", "battery|mine,car,")),
    (("agreements", 2, "parties", "too_few"), replace("agreements", "battery|mine,", "mine,")),
    (("agreements", 2, "currency", "rate_missing"), replace("agreements", "USD", "LAK")),
    (("agreements", 2, "currency", "currency_missing"), replace("agreements", "USD", "")),
    (("organisations", 5, "country", "country_missing"), replace("organisations", "LA,", ",")),
]
