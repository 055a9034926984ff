"""The catalogues of the interface: found in templates and code, kept as .po, compiled where Django reads them."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent
LOCALE = PACKAGE / "locale"
# What only organisers and reviewers read: complete in the languages of WHOLE, and in others where somebody will.
WHOLE = ("zh_Hans",)
OF_ORGANISERS = (
    "checks.py",
    "pages/imports.py",
    *(
        f"pages/meetings/{name}"
        for name in (
            "badges",
            "check_in",
            "comparing",
            "helping",
            "log",
            "publish",
            "repair",
            "spread",
            "timetables",
        )
    ),
    "pages/organise.py",
    "pages/reviews.py",
    "pages/setup/",
    "pages/trail.py",
    "pages/trail_events.py",
    *(
        f"templates/fairlink/{name}"
        for name in (
            *(
                "duplicates",
                "import",
                "job",
                "letter.html",
                "organise",
                "outbox",
                "people",
                "queue",
                "remind",
            ),
            *("board", "review", "setup", "timetable", "trail", "verdict"),
        )
    ),
)
KEYWORDS = DEFAULT_KEYWORDS | {"gettext_lazy": None, "ngettext_lazy": (1, 2)}


def compile_catalogues(folder: Path = LOCALE) -> list[Path]:
    """Compile what is missing or older than its source; returns the files written. Fuzzy messages are left out."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        made = target.with_suffix(f".{os.getpid()}.part")
        try:
            with made.open("wb") as file:
                write_mo(file, _read(source))
            made.replace(target)
        except OSError:  # where nothing may be written, they came compiled
            continue
        written.append(target)
    return written


def update_catalogues(folder: Path = LOCALE) -> dict[str, int]:
    """Add new messages to every .po and drop what is not said there any longer; returns how many are untranslated."""
    missing = {}
    said = {whole: messages(whole=whole) for whole in (True, False)}
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        catalogue = _read(source)
        catalogue.update(said[source.parts[-3] in WHOLE], no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with source.open("wb") as file:
            write_po(file, catalogue, width=0, sort_output=True, no_location=True, omit_header=False)
        missing[source.parts[-3]] = len(
            [message for message in catalogue if message.id and not _done(message.string)]
        )
    return missing


def untranslated(folder: Path = LOCALE) -> dict[str, list[str]]:
    """For each language the messages of templates and code that its catalogue should say and does not."""
    found = {}
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        catalogue = _read(source)
        known = {message.id for message in catalogue if message.id and _done(message.string)}
        language = source.parts[-3]
        said = [message.id for message in messages(whole=language in WHOLE) if message.id]
        found[language] = [str(one) for one in said if one not in known]
    return found


def messages(*, whole: bool = True) -> Catalog:
    """Every message that templates and code of the site say; not `whole`: to the public and to participants."""
    catalogue = Catalog(project="Fairlink", charset="utf-8")
    for path, found in _sources():
        if not whole and path.relative_to(PACKAGE).as_posix().startswith(OF_ORGANISERS):
            continue
        for _, message, _, context in found:
            catalogue.add(message, context=context)
    return catalogue


def _sources() -> Iterator[tuple[Path, list[tuple[int, str | tuple[str, ...], list[str], str | None]]]]:
    from django.utils.translation.template import templatize

    for path in sorted([*PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.txt")]):
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path)).replace(
            "gettext_noop", "gettext"
        )
        yield path, list(extract("python", io.BytesIO(code.encode()), KEYWORDS))
    for path in sorted(PACKAGE.rglob("*.py")):
        with path.open("rb") as file:
            yield path, list(extract("python", file, KEYWORDS | {"_": None}))


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def _done(string: Any) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)
