"""What a file is, by how it begins and what it holds: one that is no table is refused by its name."""

from __future__ import annotations

import io
import zipfile

_BEGINS = (
    (b"%PDF-", "pdf"),
    *((sign, "picture") for sign in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")),
    (b"{\\rtf", "document"),
    *((sign, "archive") for sign in (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b", b"\xfd7zXZ\x00")),
)
_PICTURES = (b"WEBP", b"ftyp")  # at the fifth or ninth byte, behind a length
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # begins an old .xls and .doc, and an .xlsx with a password too
_STREAMS = (("EncryptedPackage", "locked"), ("WordDocument", "document"), ("PowerPoint Document", "document"))
_MEMBERS = (
    ("word/", "document"),
    ("ppt/", "document"),
    ("xl/workbook.bin", "other_table"),
    ("xl/", "workbook"),
)


def kind(content: bytes) -> str:
    """text, workbook, or what it is instead: a code for which a refusal has words."""
    if content.startswith(_OLE):
        held = (code for name, code in _STREAMS if name.encode("utf-16-le") in content)
        return next(held, "old_excel")
    if content.startswith(_ZIP):
        return _of_archive(content)
    if content[8:12] in _PICTURES or content[4:8] in _PICTURES:
        return "picture"
    return next((code for sign, code in _BEGINS if content.startswith(sign)), "text")


def _of_archive(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        return "damaged"
    if "content.xml" in names and "mimetype" in names:  # OpenDocument says in clear what it is
        return "other_table" if b"opendocument.spreadsheet" in content[:200] else "document"
    if any(name.endswith(".iwa") for name in names):  # Numbers and its sisters
        return "other_table"
    held = (code for part, code in _MEMBERS for name in names if name.startswith(part))
    return next(held, "archive")
