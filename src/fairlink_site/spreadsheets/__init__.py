"""Spreadsheets as people send and take them: CSV and XLSX, read into texts and written from texts."""

from __future__ import annotations

from fairlink_site.spreadsheets.reading import LARGEST, read
from fairlink_site.spreadsheets.sheets import HEADERS, LONGEST, BadSheet, Sheet, header_row
from fairlink_site.spreadsheets.writing import csv_lines, defused, xlsx

__all__ = [
    "HEADERS",
    "LARGEST",
    "LONGEST",
    "BadSheet",
    "Sheet",
    "csv_lines",
    "defused",
    "header_row",
    "read",
    "xlsx",
]
