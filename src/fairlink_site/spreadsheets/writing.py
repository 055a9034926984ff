"""Writes tables that spreadsheets open as what they are: texts, none of them a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from fairlink_site.spreadsheets.sheets import LONGEST

WIDEST = 60  # characters that a column shows
LONGEST_NAME = 31  # characters of a worksheet's name, as in Excel
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
# Spreadsheets look past spaces and unseen characters, and take the full-width signs of East Asia as well.
_UNSEEN = r"\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_FORMULA = re.compile(rf"[{_UNSEEN}]*[=+\-@＝＋－＠]|[\t\r\n]")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML
_LIKE_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # XLSX would read _x0041_ as A


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; a plain number stays one."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a CSV file in UTF-8, every cell defused."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield "\ufeff"  # spreadsheets take it for UTF-8 only then
    for row in rows:
        yield writer.writerow([defused(cell) for cell in row])


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def xlsx(sheets: Mapping[str, Iterable[Sequence[str]]]) -> bytes:
    """A workbook of these sheets by name, every cell a text, the first row of each bold and kept in sight."""
    book = Workbook(write_only=True)
    taken: set[str] = set()
    for place, (name, rows) in enumerate(sheets.items(), 1):
        sheet = book.create_sheet(_name(name, place, taken))
        _fill(sheet, [[_legal(cell) for cell in row] for row in rows])
    file = io.BytesIO()
    book.save(file)
    book.close()
    return file.getvalue()


def _name(name: str, place: int, taken: set[str]) -> str:
    """The name as Excel allows it, its place where nothing is left, numbered where another has it."""
    base = re.sub(r"[\[\]:*?/\\\t\n\r]", "", _ILLEGAL.sub("", name)).strip("' ")[:LONGEST_NAME].strip("' ")
    base = chosen = base or str(place)
    count = 1
    while chosen.casefold() in taken:
        count += 1
        chosen = f"{base[: LONGEST_NAME - 1 - len(str(count))]} {count}"
    taken.add(chosen.casefold())
    return chosen


def _legal(cell: str) -> str:
    return _ILLEGAL.sub("", cell.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST]


def _fill(sheet: Any, rows: list[list[str]]) -> None:
    # Before the first row: what stands above the rows is written with it.
    sheet.freeze_panes = "A2"
    for column, width in enumerate(_widths(rows), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row in rows[:1]:
        sheet.append([_cell(sheet, text, bold=True) for text in row])
    for row in rows[1:]:
        sheet.append([_plain(sheet, text) for text in row])


def _widths(rows: list[list[str]]) -> list[int]:
    widths = [0] * max(map(len, rows), default=0)
    for row in rows:
        for column, text in enumerate(row):
            widths[column] = max(widths[column], _seen(text))
    return [min(width + 2, WIDEST) for width in widths]


def _seen(text: str) -> int:
    """How wide the widest line of a text is; Chinese takes two places a character."""
    if text.isascii() and "\n" not in text:
        return len(text)
    lines = (line[:WIDEST] for line in text.splitlines())
    return max((sum(1 + (east_asian_width(sign) in "WF") for sign in line) for line in lines), default=0)


def _plain(sheet: Any, text: str) -> Any:
    """What openpyxl writes as this text: the text itself, which is cheap, or a cell, or nothing where it is empty."""
    if text.startswith(("=", "#")):  # it would take =1+1 for a formula and #N/A for an error
        return _cell(sheet, text, bold=False)
    return _escaped(text) or None


def _cell(sheet: Any, text: str, *, bold: bool) -> Any:
    cell = WriteOnlyCell(sheet, _escaped(text))
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _escaped(text: str) -> str:
    return _LIKE_ESCAPE.sub("_x005F_", text) if "_x" in text else text
