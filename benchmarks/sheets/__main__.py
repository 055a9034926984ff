"""CPU seconds to read a list from CSV and from XLSX, beside the bare csv module and bare openpyxl."""

from __future__ import annotations

import csv
import io
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import openpyxl

from fairlink_site.spreadsheets import csv_lines, read, xlsx

SIZES = (2_000, 15_000)
COLUMNS = 12
ROUNDS = 5


def main() -> int:
    print(f"{'file':<20} {'KB':>7} {'ours, CPU s':>12} {'bare, CPU s':>12} {'ratio':>6}")
    for size in SIZES:
        table = _table(size)
        print(_measured(f"CSV, {size:,} rows", "".join(csv_lines(table)).encode(), _bare_csv))
        print(_measured(f"XLSX, {size:,} rows", xlsx({"list": table}), _bare_xlsx))
    return 0


def _table(size: int) -> list[list[str]]:
    """A header and rows of short texts in two scripts and numbers, hardly two alike."""
    kinds = ("exhibitor {}", "电池材料供应商 {}", "{}.5", "name{}@example.org")
    head = [f"column {column}" for column in range(COLUMNS)]
    return [head] + [
        [kinds[c % len(kinds)].format(row * COLUMNS + c) for c in range(COLUMNS)] for row in range(size)
    ]


def _bare_csv(content: bytes) -> Any:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _bare_xlsx(content: bytes) -> Any:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    book.close()
    return rows


def _measured(name: str, content: bytes, bare: Callable[[bytes], Any]) -> str:
    ours, theirs = _seconds(lambda: read(content, "")), _seconds(lambda: bare(content))
    return f"{name:<20} {len(content) / 1000:7.0f} {ours:12.3f} {theirs:12.3f} {ours / theirs:6.2f}"


def _seconds(action: Callable[[], Any]) -> float:
    return statistics.median(_timed(action) for _ in range(ROUNDS))


def _timed(action: Callable[[], Any]) -> float:
    begun = time.process_time()
    action()
    return time.process_time() - begun


if __name__ == "__main__":
    sys.exit(main())
