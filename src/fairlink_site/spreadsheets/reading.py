"""Reads a file that somebody sent. What it is, its content says; its name may lie."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from fairlink_site.spreadsheets import signatures, workbooks
from fairlink_site.spreadsheets.sheets import HEADERS, BadSheet, Sheet, demand_all_fit, gathered

LARGEST = 20 * 2**20  # bytes of a file
_DELIMITERS = ",;\t"
_SAMPLE = 100_000  # characters at the top that tell the delimiter
# A text has neither; pictures, old workbooks and UTF-16 without its mark have both.
_UNREADABLE = re.compile(r"[\x00-\x08\x0e-\x1f]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")


def read(content: bytes, name: str = "") -> list[Sheet]:
    """The visible sheets with something in them, in the file's order. Raises BadSheet.

    CSV in UTF-8, UTF-16 with its mark, GB 18030 or Windows-1252, delimited by comma, semicolon or tab; XLSX.
    """
    if len(content) > LARGEST:
        raise BadSheet("file_too_large", megabytes=LARGEST // 2**20, name=name)
    kind = signatures.kind(content)
    if kind == "workbook":
        return workbooks.read(content)
    if kind != "text":
        raise BadSheet(kind, name=name)
    sheet = gathered("", _rows(_decoded(content)))
    sheets = [sheet] if sheet else []
    demand_all_fit(sheets)
    return sheets


def _decoded(content: bytes) -> str:
    text = _text(content)
    found = _UNREADABLE.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise BadSheet("unreadable_character", character=f"U+{ord(found[0]):04X}", line=line)
    if text.lstrip()[:1] == "<":  # a page or XML that calls itself a table
        raise BadSheet("web_page")
    return text


def _text(content: bytes) -> str:
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        text = _utf8(content)
        text = _gb18030(content) if text is None else text
        return content.decode("cp1252") if text is None else text
    except UnicodeDecodeError:
        raise BadSheet("not_a_table") from None


def _utf8(content: bytes) -> str | None:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _gb18030(content: bytes) -> str | None:
    """The text, if it is Chinese: accents of Western languages often decode to Chinese too, but stand alone."""
    beyond = sum(map(len, re.findall(rb"[\x80-\xff]+", content)))
    together = sum(map(len, re.findall(rb"[\x80-\xff]{2,}", content)))
    if 2 * together <= beyond:
        return None
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return text if _HAN.search(text) else None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins."""
    # Strict: a quote that nobody closes would take everything to the end of the file for one cell.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    begins = 1
    try:
        for row in reader:
            yield begins, [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row]
            begins = reader.line_num + 1
    except csv.Error as error:
        raise BadSheet("not_csv", line=begins, reason=str(error)) from None


def _delimiter(text: str) -> str:
    """The one that stands in the most of the first rows: a header has no decimal commas, an address no tabs."""
    bare = re.sub(r'"[^"]*"', "", text[:_SAMPLE])
    rows = [row for row in bare.splitlines() if row.strip()][:HEADERS]

    def worth(sign: str) -> tuple[int, int]:
        return sum(sign in row for row in rows), sum(row.count(sign) for row in rows)

    return max(_DELIMITERS, key=worth)
