"""Reads XLSX. The archive is unpacked by counting, never by believing its headers, before anything parses it."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import WorkSheetParser

from fairlink_site.spreadsheets.sheets import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    BadSheet,
    Sheet,
    demand_all_fit,
    gathered,
)

MOST_UNPACKED = 200 * 2**20  # bytes
MOST_TIMES = 200  # as large as packed; long lists of the same reach a hundred
UNSUSPECTED = 10 * 2**20  # bytes; a small file may be all the same
MOST_MEMBERS = 1_000
MOST_SHEETS = 100
MOST_TAGS = 3_000_000  # of XML; about 750,000 filled cells, and a gigabyte while they are read
FARTHEST_COLUMN = 16_384  # as in Excel
_WORKBOOK = "xl/workbook.xml"
_BLOCK = 2**16
_PACKINGS = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
)  # the others are unpacked without measure, and not XLSX
_ENCRYPTED = 1  # bit of a member's flags
# Tags are counted as bytes, so a part may not call them otherwise.
_ODD_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8|us-ascii)", re.IGNORECASE)
_ESCAPE = re.compile(r"_x(00[01][0-9A-Fa-f]|005[Ff])_")  # how XLSX writes control characters in texts


def read(content: bytes) -> list[Sheet]:
    """The visible sheets with something in them. Raises BadSheet."""
    try:
        # openpyxl warns of what it leaves out: pictures, rules of validation. We want none of them.
        with warnings.catch_warnings(), _unpacked(content) as plain:
            warnings.simplefilter("ignore")
            return _sheets(plain)
    except BadSheet:
        raise
    except Exception as error:  # whatever openpyxl stumbles over, the file is at fault
        raise BadSheet("damaged") from error


def _unpacked(content: bytes) -> io.BytesIO:
    """The archive again, only its XML, nothing packed: what is parsed later is what was counted here."""
    plain = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(plain, "w") as archive:
        members = packed.infolist()
        _demand_honest(members, len(content))
        size = tags = 0
        for member in members:
            if not member.filename.endswith((".xml", ".rels")):
                continue
            with packed.open(member) as source, archive.open(member.filename, "w") as target:
                for block in _blocks(source):
                    size += len(block)
                    tags += block.count(b"<")
                    _demand_measure(size, tags, len(content))
                    target.write(block)
    return plain


def _demand_honest(members: list[zipfile.ZipInfo], packed: int) -> None:
    names = [member.filename for member in members]
    if len(names) > MOST_MEMBERS:
        raise BadSheet("zip_bomb")
    if _WORKBOOK not in names:
        raise BadSheet("damaged")
    if len(set(names)) < len(names):
        raise BadSheet("not_a_table")
    if any(one.compress_type not in _PACKINGS or one.flag_bits & _ENCRYPTED for one in members):
        raise BadSheet("not_a_table")
    _demand_measure(sum(member.file_size for member in members), 0, packed)


def _demand_measure(size: int, tags: int, packed: int) -> None:
    if size > MOST_UNPACKED or size > max(UNSUSPECTED, MOST_TIMES * packed):
        raise BadSheet("zip_bomb")
    if tags > MOST_TAGS:
        raise BadSheet("too_many_cells", most=MOST_CELLS)


def _blocks(source: Any) -> Iterator[bytes]:
    first = source.read(_BLOCK)
    if _ODD_ENCODING.search(first[:200]) or first.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadSheet("not_a_table")
    while first:
        yield first
        first = source.read(_BLOCK)


def _sheets(plain: io.BytesIO) -> list[Sheet]:
    reader = ExcelReader(plain, read_only=True, data_only=True, keep_links=False)
    with reader.archive:
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        strings = [
            _plain(text) for text in reader.shared_strings
        ]  # once: a string may be named a million times
        found: list[Sheet] = []
        for name, target in _visible(reader):
            with reader.archive.open(target) as source:
                sheet = gathered(name, _rows(_parser(reader, source, strings), name))
            if sheet:
                found.append(sheet)
                demand_all_fit(found)
        return found


def _visible(reader: ExcelReader) -> list[tuple[str, str]]:
    """Name and member of each worksheet that a person sees."""
    found = [
        (sheet.name, relation.target)
        for sheet, relation in reader.parser.find_sheets()
        if sheet.state == "visible" and relation.Type.endswith("/worksheet")
    ]
    if len(found) > MOST_SHEETS:
        raise BadSheet("too_many_sheets", most=MOST_SHEETS)
    return found


class _Parser(WorkSheetParser):  # type: ignore[misc]  # openpyxl carries no types
    """openpyxl's own parser, because the sheet it would make has no merged areas and pads rows without end."""

    def parse_row(self, row: Any) -> Any:
        if len(row) > FARTHEST_COLUMN:
            raise BadSheet("too_many_columns", most=MOST_COLUMNS)
        return super().parse_row(row)


def _parser(reader: ExcelReader, source: Any, strings: list[str]) -> _Parser:
    return _Parser(
        source,
        strings,
        data_only=True,
        epoch=reader.wb.epoch,
        date_formats=reader.wb._date_formats,  # noqa: SLF001  openpyxl says it nowhere else
        timedelta_formats=reader.wb._timedelta_formats,  # noqa: SLF001  likewise
    )


def _rows(parser: _Parser, name: str) -> Iterator[tuple[int, list[str]]]:
    """Every row down to the last with a text, the missing ones too."""
    rows: dict[int, list[str]] = {}
    for _, cells in parser.parse():
        for cell in cells:
            text = "" if cell["data_type"] == "e" else _written(cell["value"])
            if text:
                _put(rows, cell["row"], cell["column"], text, name)
    last = max(rows, default=0)
    _spread(rows, parser.merged_cells, last)
    return ((number, rows.get(number, [])) for number in range(1, last + 1))


def _put(rows: dict[int, list[str]], row: int, column: int, text: str, name: str) -> None:
    if row < 1 or column < 1:
        raise BadSheet("not_a_table")
    if row > MOST_ROWS:
        raise BadSheet("too_many_rows", most=MOST_ROWS, sheet=name)
    if column > MOST_COLUMNS:
        raise BadSheet("too_many_columns", most=MOST_COLUMNS, sheet=name, line=row)
    cells = rows.setdefault(row, [])
    cells.extend([""] * (column - len(cells)))
    cells[column - 1] = text


def _spread(rows: dict[int, list[str]], merged: Any, last: int) -> None:
    """A value merged down one column stands for each of its rows; across columns it is a title and stays."""
    spread = 0
    for area in merged.mergeCell if merged else ():
        column, first = area.min_col, area.min_row
        cells = rows.get(first, [])
        if area.max_col != column or len(cells) < column or not cells[column - 1]:
            continue
        for row in range(first + 1, min(area.max_row, last) + 1):
            spread += 1
            if spread > MOST_CELLS:
                raise BadSheet("too_many_cells", most=MOST_CELLS)
            _put(rows, row, column, cells[column - 1], "")


def _written(value: Any) -> str:
    """A cell's value as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    return _moment(value)


def _plain(text: str) -> str:
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.strip()


def _number(value: float) -> str:
    """In the 15 digits that Excel keeps, so that a sum of tenths is no 0.30000000000000004."""
    number = Decimal(f"{value:.15g}")
    if not number.is_finite():
        return ""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _moment(value: date | time | timedelta) -> str:
    """A day, a time of day, or both; of a duration hours and minutes."""
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{'-' if minutes < 0 else ''}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, datetime) and value.time() != time.min:
        return f"{value.date().isoformat()} {value:%H:%M}"
    return value.date().isoformat() if isinstance(value, datetime) else value.isoformat()
