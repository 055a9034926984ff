"""Template → PDF bytes. Data goes in as JSON, never as markup; fonts come from packages that are installed."""

from __future__ import annotations

import importlib.util
import io
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import segno
import typst

TEMPLATES = Path(__file__).resolve().parent / "templates" / "fairlink" / "print"
_FONTS = ("cvttf_NotoSansCJK_Regular", "fontpkg_noto_sans", "fontpkg_noto_sans_arabic")
# Of a QR code: any can be read, and to try all eight takes three times as long, for each of many on a sheet.
MASK = 2


def pdf(template: str, data: Mapping[str, Any], pictures: Mapping[str, bytes]) -> bytes:
    """A template of `templates/fairlink/print/` filled with plain data; pictures by the names that it gives them.

    It reads nothing but these: its root is a folder of its own, and no package is fetched.
    """
    with TemporaryDirectory(prefix="fairlink-print-") as name:
        folder = Path(name)
        (folder / "main.typ").write_bytes((TEMPLATES / f"{template}.typ").read_bytes())
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for picture, content in pictures.items():
            (folder / picture).write_bytes(content)
        made: bytes = typst.compile(folder / "main.typ", root=folder, font_paths=_fonts())
        return made


@cache
def _fonts() -> typst.Fonts:
    """Read once: the packages' fonts, or the system's where none is installed."""
    folders = [Path(spec.origin).parent for spec in map(_found, _FONTS) if spec and spec.origin]
    return typst.Fonts(include_system_fonts=not folders, font_paths=folders)


def _found(package: str) -> Any:
    return importlib.util.find_spec(package)


def qr(address: str) -> bytes:
    """An address as a square to point a phone at: SVG, dark on nothing."""
    buffer = io.BytesIO()
    made = segno.make(address, error="m", micro=False, mask=MASK)
    made.save(buffer, kind="svg", border=0, light=None, scale=4)
    return buffer.getvalue()
