"""Finding organisations by words in any script, on either database.

Chinese, Japanese, Thai, Lao and others are written without spaces: their texts are cut into pairs of characters,
so that a word of two characters is found. Everything else is cut into words. Both databases index the same tokens.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from fairlink.text import runs

if TYPE_CHECKING:
    from fairlink_site.models import Organisation

LONGEST = 200  # characters of a query that are read


def tokens(text: str) -> list[str]:
    """Words in their normal form; for scripts without spaces each character and each pair."""
    found: list[str] = []
    for word, spaceless in _runs(text):
        if spaceless:
            found += [*word, *(word[i : i + 2] for i in range(len(word) - 1))]
        else:
            found.append(word)
    return found


def matching(organisations: QuerySet[Organisation], query: str) -> QuerySet[Organisation]:
    """Those in which every word of the query stands, the last one perhaps unfinished."""
    terms = _terms(query[:LONGEST].replace("\x00", " "))
    if not terms:
        return organisations
    if connection.vendor == "sqlite":
        expression = " AND ".join(f'"{term}"{"*" if prefix else ""}' for term, prefix in terms)
        sql = "SELECT rowid FROM fairlink_organisation_search WHERE tokens MATCH %s"
    else:
        expression = " & ".join(f"'{term}'{':*' if prefix else ''}" for term, prefix in terms)
        sql = (
            "SELECT id FROM fairlink_organisation "
            "WHERE to_tsvector('simple', tokens) @@ to_tsquery('simple', %s)"
        )
    return organisations.filter(pk__in=RawSQL(sql, [expression]))  # noqa: S611  parameters stay parameters


def _terms(query: str) -> list[tuple[str, bool]]:
    """What must stand in an entry: pairs of characters, single ones only where alone; words by their beginning."""
    found: list[tuple[str, bool]] = []
    for word, spaceless in _runs(query):
        if not spaceless:
            found.append((word, True))
        elif len(word) == 1:
            found.append((word, False))
        else:
            found += [(word[i : i + 2], False) for i in range(len(word) - 1)]
    return found


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Runs of letters and digits in their normal form, and whether their script has no spaces."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(one for one in plain if not "\u0300" <= one <= "\u036f")  # é is found by e
    return runs(unicodedata.normalize("NFC", plain))
