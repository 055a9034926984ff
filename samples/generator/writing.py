"""Rows of plain values, written as the CSV cells of an expo."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from samples.generator.sources import LANGUAGES

Row = dict[str, Any]


def write(folder: Path, tables: Mapping[str, Sequence[Row]]) -> None:
    """One file a table: UTF-8, comma separated, LF."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        flat = [cells(row) for row in rows]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns(rows, flat), lineterminator="\n", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(flat)


def columns(rows: Sequence[Row], flat: Sequence[Mapping[str, str]]) -> list[str]:
    """The columns that say something somewhere, languages in their order."""
    used = {column for row in flat for column, cell in row.items() if cell}
    wanted = [name for column in rows[0] for name in (column, *(f"{column}:{tag}" for tag in LANGUAGES))]
    return [name for name in wanted if name in used]


def cells(row: Row) -> dict[str, str]:
    flat: dict[str, str] = {}
    for column, value in row.items():
        if isinstance(value, Mapping):
            flat |= {f"{column}:{language}": words for language, words in value.items()}
        else:
            flat[column] = cell(value)
    return flat


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (tuple, list)):
        return "|".join(value)
    return str(value)
