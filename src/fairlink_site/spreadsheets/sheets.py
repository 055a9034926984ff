"""What every sheet is, whatever file it came from: rows of texts, their numbers, and how large it may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

MOST_ROWS = 50_000
FARTHEST_ROW = 1_048_576  # as in Excel; blank rows do not count, but nobody reads them without end
MOST_COLUMNS = 200
MOST_CELLS = 2_500_000  # of a file, the empty ones within its rows too
MOST_CHARACTERS = 100_000_000  # of a file; XLSX keeps a text once and may name it a million times
LONGEST = 32_767  # characters of a cell, as in Excel
HEADERS = 20  # rows at the top among which the header is


class BadSheet(Exception):
    """A file that cannot be read as a table: a code and the data a sentence needs."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


@dataclass(frozen=True)
class Sheet:
    """One table: rows of equal length, every cell a text."""

    name: str  # of the worksheet; "" for CSV
    rows: list[list[str]]
    lines: list[int]  # where each row begins in the file, from 1


def gathered(name: str, numbered: Iterable[tuple[int, list[str]]]) -> Sheet | None:
    """The sheet of these numbered rows, cut and filled up; None where no cell has a text. Raises BadSheet."""
    rows: list[list[str]] = []
    lines: list[int] = []
    blank: list[int] = []  # rows without text; they count only when a row with text follows
    for line, texts in numbered:
        if line > FARTHEST_ROW:
            raise BadSheet("too_many_rows", most=MOST_ROWS, sheet=name)
        cells = _cut(texts)
        if not cells:
            if len(blank) <= MOST_ROWS:
                blank.append(line)
            continue
        if len(rows) + len(blank) >= MOST_ROWS:
            raise BadSheet("too_many_rows", most=MOST_ROWS, sheet=name)
        _demand_measure(cells, line, name)
        rows.extend([] for _ in blank)
        lines.extend((*blank, line))
        rows.append(cells)
        blank.clear()
    return Sheet(name, _filled(rows), lines) if rows else None


def demand_all_fit(sheets: Sequence[Sheet]) -> None:
    """Refuse sheets that are too much together."""
    if sum(len(sheet.rows) * len(sheet.rows[0]) for sheet in sheets) > MOST_CELLS:
        raise BadSheet("too_many_cells", most=MOST_CELLS)
    if sum(len(cell) for sheet in sheets for row in sheet.rows for cell in row) > MOST_CHARACTERS:
        raise BadSheet("zip_bomb")


def header_row(rows: Sequence[Sequence[str]], known: Callable[[str], bool]) -> int:
    """The index of the row, among the first 20, with the most known cells; then the most different texts."""

    def worth(index: int) -> tuple[int, int]:
        texts = {cell for cell in rows[index] if cell}
        return sum(map(known, texts)), len(texts)

    return max(range(min(len(rows), HEADERS)), key=worth, default=0)


def _cut(texts: list[str]) -> list[str]:
    """The cells up to the last one with a text, without space around them."""
    cells = [text.strip() for text in texts]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _demand_measure(cells: list[str], line: int, name: str) -> None:
    if len(cells) > MOST_COLUMNS:
        raise BadSheet("too_many_columns", most=MOST_COLUMNS, sheet=name, line=line)
    if max(map(len, cells)) > LONGEST:
        column = next(place for place, cell in enumerate(cells, 1) if len(cell) > LONGEST)
        raise BadSheet("cell_too_long", most=LONGEST, sheet=name, line=line, column=column)


def _filled(rows: list[list[str]]) -> list[list[str]]:
    width = max(map(len, rows), default=0)
    if width * len(rows) > MOST_CELLS:
        raise BadSheet("too_many_cells", most=MOST_CELLS)
    return [row + [""] * (width - len(row)) for row in rows]
