"""Which language a text is in, by its script, its letters and its common words: a guess, and silent when in doubt."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache

from fairlink import text, vocabulary

ENOUGH = 2  # common words, or letters of one language alone, that make a guess
_READ = 200  # characters of a text that are looked at


def guess(words: str) -> str:
    """The language of a text (ISO 639-1); "" where nothing tells it."""
    plain = unicodedata.normalize("NFC", words[:_READ]).casefold()
    written = script(plain)
    known = _signs().get(written, {})
    if len(known) < 2:
        return next(iter(known), "")
    said = Counter(word for word, _ in text.runs(plain))
    seen = Counter(plain)
    points = {
        language: sum(said[word] for word in common) + sum(min(seen[letter], 2) for letter in letters)
        for language, (letters, common) in known.items()
    }
    best, second = sorted(points.values(), reverse=True)[:2]
    return max(points, key=lambda one: points[one]) if best >= ENOUGH and best > second else ""


def script(words: str) -> str:
    """The script of most letters, as Unicode names it (LATIN, CJK, LAO …); "" without letters.

    Kana make a text Japanese, however many Chinese characters stand between.
    """
    found: Counter[str] = Counter()
    for character, times in Counter(words[:_READ]).items():
        found[_script(character)] += times
    del found[""]
    if not found:
        return ""
    kana = max("HIRAGANA", "KATAKANA", key=lambda one: found[one])
    most = max(sorted(found), key=lambda one: found[one])
    return kana if most == "CJK" and found[kana] else most


def scripts(languages: frozenset[str]) -> frozenset[str]:
    """The scripts in which languages are written."""
    return frozenset(name for name, known in _signs().items() if languages & known.keys())


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    if unicodedata.category(character)[0] != "L":
        return ""
    return unicodedata.name(character, "").partition(" ")[0]


@cache
def _signs() -> Mapping[str, Mapping[str, tuple[str, tuple[str, ...]]]]:
    """For each script: its languages, with the letters and the common words of each."""
    table: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {}
    for row in vocabulary.rows("signs"):
        table.setdefault(row["script"], {})[row["language"]] = row["letters"], tuple(row["words"].split())
    return table
