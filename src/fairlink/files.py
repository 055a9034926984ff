"""An expo as a folder of CSV files: read, write, and say where one is wrong."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from fairlink import cells, record_rules, records, vocabulary
from fairlink.cells import BadCell
from fairlink.errors import BadExpo, Problem
from fairlink.expo import Expo
from fairlink.tables import TABLES, Column, Record, Records, Table

LARGEST = 200 * 2**20  # bytes of one file
_Head: TypeAlias = tuple[Column, str]


def read(folder: Path | str) -> Expo:
    """The expo that a folder describes. Raises BadExpo naming every place that is wrong."""
    return records.build(read_records(folder))


def read_records(folder: Path | str) -> Records:
    """The folder's tables as plain values, with the line each row came from; columns are in `tables`.

    Raises BadExpo naming every file, line and column that is wrong; nothing half-read is returned.
    """
    readers = {name: _Reader(table, Path(folder)) for name, table in TABLES.items()}
    for reader in readers.values():
        reader.read()
    records = Records(
        {name: reader.rows for name, reader in readers.items()},
        {name: reader.lines for name, reader in readers.items()},
        {name: frozenset(reader.broken) for name, reader in readers.items()},
        frozenset(name for name, reader in readers.items() if reader.missing),
    )
    problems = [problem for reader in readers.values() for problem in reader.problems]
    if problems:
        raise BadExpo(record_rules.in_order(problems + record_rules.problems(records)))
    return records


def read_table(table: Table, rows: Iterable[tuple[int, list[str]]]) -> Records:
    """One table by itself, from its rows of texts with their lines; the first row names the columns.

    Raises BadExpo naming every line and column that is wrong; what other tables hold is not asked.
    """
    reader = _Reader(table, Path())
    reader.take(iter(rows))
    name = table.name
    records = Records(
        {name: reader.rows},
        {name: reader.lines},
        {name: frozenset(reader.broken)},
        frozenset(TABLES) - {name},
    )
    problems = reader.problems + record_rules.problems(records)
    if problems:
        raise BadExpo(record_rules.in_order(problems))
    return records


def write(folder: Path | str, tables: Mapping[str, Sequence[Record]]) -> None:
    """Write tables as CSV files that `read` understands, one language column for each language used."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(lines(TABLES[name], rows))


def lines(table: Table, rows: Sequence[Record]) -> Iterator[list[str]]:
    heads = [(column, language) for column in table.columns for language in _languages_of(column, rows)]
    yield [f"{column.name}:{language}" if language else column.name for column, language in heads]
    for row in rows:
        yield [
            cells.write(row[column.name].get(language) if language else row[column.name], column)
            for column, language in heads
        ]


def _languages_of(column: Column, rows: Sequence[Record]) -> list[str]:
    if column.kind != "texts":
        return [""]
    used = dict.fromkeys(language for row in rows for language in row[column.name])
    return list(used) or list(vocabulary.LANGUAGES[:1])


class _Reader:
    """Reads one file of a folder, and keeps what is wrong with it beside what could be read."""

    def __init__(self, table: Table, folder: Path) -> None:
        self.table = table
        self.path = folder / f"{table.name}.csv"
        self.rows: list[Record] = []
        self.lines: list[int] = []
        self.broken: set[int] = set()
        self.problems: list[Problem] = []
        self.missing = False
        self.lacking = False  # a column that every row needs

    def read(self) -> None:
        if not self.path.is_file():
            self.missing = not self.table.optional
            if self.missing:
                self._complain("missing_file", data={"folder": self.path.parent.name})
            return
        if self.path.stat().st_size > LARGEST:
            self._complain("file_too_large", data={"megabytes": LARGEST // 2**20})
            self.missing = True
            return
        try:
            text = self.path.read_bytes().decode("utf-8-sig", errors="replace")
        except OSError as error:
            self._complain("unreadable_file", data={"reason": error.strerror})
            self.missing = True
            return
        self.take(self._split(text))

    def take(self, lines: Iterator[tuple[int, list[str]]]) -> None:
        """Read rows of texts with their lines, the names of the columns first."""
        _, names = next(lines, (1, []))
        names = [name.strip() for name in names]
        heads = self._heads(names)
        for line, texts in lines:
            if any(one.strip() for one in texts):
                self._take(names, heads, line, texts)

    def _complain(self, code: str, column: str | None = None, line: int | None = None, **more: Any) -> None:
        """Note a problem; one that has a row makes that row broken."""
        problem = Problem(code, self.table.name, column=column, line=line, **more)
        self.problems.append(problem)
        if problem.row is not None:
            self.broken.add(problem.row)

    def _split(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Each row with the line on which it begins; a file that is no CSV ends there."""
        csv.field_size_limit(LARGEST)
        head = text.split("\n", 1)[0]
        delimiter = ";" if head.count(";") > head.count(",") else ","
        # Strict: a quote that nobody closes would take everything to the end of the file for one cell.
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        begins = 1
        try:
            for row in reader:
                yield begins, row
                begins = reader.line_num + 1
        except csv.Error as error:
            self._complain("not_csv", line=begins, data={"reason": str(error)})
            self.missing = True  # of the rows that follow nothing is known

    def _heads(self, names: list[str]) -> list[_Head | None]:
        """What each column of the file means: a column of the table and its language; None when unknown."""
        heads: list[_Head | None] = []
        seen: set[str] = set()
        for position, name in enumerate(names):
            problem, head = _head(self.table, name)
            if name in seen:
                problem, head = "duplicate_column", None
            if problem:
                near = difflib.get_close_matches(name, [column.name for column in self.table.columns], 1)
                data = {"value": name, "nearest": "".join(near), "first": names.index(name) + 1}
                self._complain(problem, name or f"column {position + 1}", 1, data=data)
            heads.append(head)
            seen.add(name)
        named = {name.split(":")[0] for name in names}
        for column in self.table.columns:
            if column.required and column.name not in named:
                self._complain("missing_column", column.name, 1)
        understood = {head[0].name for head in heads if head}
        self.lacking = any(column.required and column.name not in understood for column in self.table.columns)
        self.missing = self.table.key not in ("", *understood)  # nothing can refer to rows without names
        return heads

    def _take(self, names: list[str], heads: list[_Head | None], line: int, texts: list[str]) -> None:
        row = len(self.rows)
        ragged = len(texts) != len(names)
        if ragged:
            column = names[len(texts)] if len(texts) < len(names) else None
            data = {"cells": len(texts), "columns": len(names)}
            self._complain("ragged_row", column, line, row=row, data=data)
        record: dict[str, Any] = {
            column.name: {} if column.kind == "texts" else cells.empty(column)
            for column in self.table.columns
        }
        for head, text in zip(heads, texts, strict=False):
            if head is not None:
                self._fill(record, head, text, row, line)
        if self.lacking:
            self.broken.add(row)
        elif row not in self.broken:
            self._demand(record, row, line)
        self.rows.append(record)
        self.lines.append(line)

    def _fill(self, record: dict[str, Any], head: _Head, text: str, row: int, line: int) -> None:
        column, language = head
        try:
            value = _cell(text, column)
        except BadCell as error:
            if error.code == "wrong_encoding" and any(one.code == error.code for one in self.problems):
                self.broken.add(row)  # a file has one encoding; told once
                return
            place = f"{column.name}:{language}" if language else column.name
            self._complain(error.code, place, line, row=row, data=error.data)
            return
        if not language:
            record[column.name] = value
        elif value:
            record[column.name][language] = value

    def _demand(self, record: Record, row: int, line: int) -> None:
        for column in self.table.columns:
            if column.required and record[column.name] in ("", None, {}, ()):
                self._complain("empty_cell", column.name, line, row=row)


def _head(table: Table, name: str) -> tuple[str, _Head | None]:
    """The problem with a column's name, if any, and what the name means."""
    base, _, language = name.partition(":")
    column = next((column for column in table.columns if column.name == base), None)
    if column is None or (language and column.kind != "texts"):
        return "unknown_column", None
    if column.kind != "texts":
        return "", (column, "")
    if not language:
        return "language_missing", None
    return ("", (column, language)) if vocabulary.is_language(language) else ("unknown_language", None)


def _cell(text: str, column: Column) -> Any:
    if "\N{REPLACEMENT CHARACTER}" in text:
        raise BadCell("wrong_encoding")
    return cells.read(text, column)
