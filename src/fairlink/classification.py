"""Which code a text is about: the everyday names of goods and services that it shares letters with, or means.

It proposes, and a person confirms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from fairlink import calibration, encoding, text, vocabulary
from fairlink.calibration import Space
from fairlink.encoding import Cached, Encoder, Progress
from fairlink.expo import Array

LEAST = 0.02  # confidence of the best code below which nothing is known of the text
_WIDE, _MOST_PHRASES = 3, 40  # words of a phrase; phrases that are looked at
_STOPS = re.compile(r"[,;:.!?،؛؟，、。：；！？\n]")


@dataclass(frozen=True, slots=True)
class _Weights:
    """Log-odds of a code, for each unit of what tells for it, and of no code at all.

    Fitted to tests/library/sentences/tuning.csv; heldout.csv tells how well it holds.
    """

    letters: float  # of the text that the code's names say
    whole: float  # cosine of the whole text and the name that is nearest
    phrase: float  # cosine of the phrase that is nearest to a name
    nothing: float


WITH_MEANING, LETTERS_ALONE = _Weights(17.0, 9.0, 5.0, 12.0), _Weights(23.0, 0.0, 0.0, 8.0)


@dataclass(frozen=True, eq=False)
class _Names:
    """The narrowest named codes, and what letters their names have in all languages; their English names."""

    codes: tuple[str, ...]
    index: text.Index
    names: tuple[str, ...]  # English: the encoder finds them from any language that it understands
    first: Array  # int64 (codes,): row of each code's first English name

    def best(self, near: Array) -> Array:
        """How near each code's nearest name is: (codes, …) of (names, …)."""
        nearest: Array = np.maximum.reduceat(near, self.first, axis=0)
        return nearest


def suggest(words: str, most: int = 8, *, encoder: Encoder | None = None) -> list[tuple[str, float]]:
    """At most `most` codes with how sure we are of each, surest first; none where nothing is known of the text.

    Confidence is a probability: that of all codes add up to at most 1. Without an encoder, or where it cannot
    read the text, letters decide alone.
    """
    names = _names()
    words = essence(words)
    shares = names.index.shares(words)
    weights = LETTERS_ALONE
    odds = weights.letters * shares
    if encoder is not None and encoding.reads(encoder, words):
        weights = WITH_MEANING
        space, vectors = _meanings(encoder)
        said = [words, *phrases(words)]
        once = encoder.encode(said, keep=False) if isinstance(encoder, Cached) else encoder.encode(said)
        near = names.best(vectors @ space.project(once).T)
        odds = weights.letters * shares + weights.whole * near[:, 0] + weights.phrase * near.max(axis=1)
    chance = np.exp(odds - odds.max())
    chance /= chance.sum() + np.exp(min(weights.nothing - odds.max(), 700.0))
    if chance.max() < LEAST:
        return []
    order = np.argsort(-chance, kind="stable")[:most]
    # Rounded down, so that they never add up to more than 1.
    return [(names.codes[row], np.floor(chance[row] * 1e6).item() / 1e6) for row in order]


def essence(words: str) -> str:
    """A text without what firms of any trade say: that they make, seek and sell; the text where nothing is left."""
    short = " ".join(_chatter().sub(" ", words[: text.LONGEST]).split())
    return short if any(map(str.isalnum, short)) else words


@cache
def _chatter() -> re.Pattern[str]:
    """Words of vocabularies/chatter.csv; within a run of letters only where the script writes no spaces."""
    words = sorted(vocabulary.chatter(), key=len, reverse=True)
    spaceless = [any(kind for _, kind in text.runs(word)) for word in words]
    loose = "|".join(re.escape(word) for word, kind in zip(words, spaceless, strict=True) if kind)
    whole = "|".join(re.escape(word) for word, kind in zip(words, spaceless, strict=True) if not kind)
    return re.compile(rf"(?<!\w)(?:{whole})(?!\w)|{loose}", re.IGNORECASE)


def phrases(words: str) -> list[str]:
    """Every few words that follow each other, since a firm says much besides what it makes."""
    found: dict[str, None] = {}
    for clause in _STOPS.split(words[: encoding.LONGEST]):
        parts = clause.split()
        # Chinese and its like write no spaces: two characters are about a word.
        spaceless = len(parts) == 1 and any(kind for _, kind in text.runs(clause))
        units, step, joint = (parts[0], 2, "") if spaceless else (parts, 1, " ")
        wide = _WIDE * step
        for start in range(0, max(len(units) - wide, 0) + step, step):
            phrase = joint.join(units[start : start + wide])
            if phrase:
                found[phrase] = None
    return list(found)[:_MOST_PHRASES]


def warm(encoder: Encoder | None = None, progress: Progress | None = None) -> None:
    """Make now what the first suggestion needs: vectors of all names, some twelve seconds where none is kept."""
    _names()
    if encoder is not None:
        _meanings(encoder, progress)


def is_warm(encoder: Encoder) -> bool:
    """Whether a suggestion with this encoder would come at once."""
    return encoder.id in _MEANINGS or (isinstance(encoder, Cached) and encoder.keeps(_names().names))


@cache
def _names() -> _Names:
    named = [code for code in vocabulary.codes() if vocabulary.is_named(code)]
    wider = {vocabulary.parent(code) for code in named}
    codes = tuple(code for code in named if code not in wider)
    said = [[name for language in vocabulary.NAMED_IN for name in _said(code, language)] for code in codes]
    english = [_said(code, vocabulary.NAMED_IN[0]) for code in codes]
    index = text.index([name for some in said for name in some], _starts(said))
    return _Names(codes, index, tuple(name for some in english for name in some), _starts(english))


def _said(code: str, language: str) -> list[str]:
    return [vocabulary.label(code, language), *vocabulary.also(code, language)]


def _starts(several: Sequence[Sequence[str]]) -> Array:
    starts: Array = np.cumsum([0, *map(len, several)])[:-1]
    return starts


_MEANINGS: dict[str, tuple[Space, Array]] = {}


def _meanings(encoder: Encoder, progress: Progress | None = None) -> tuple[Space, Array]:
    """The space of an encoder, and each English name in it."""
    if encoder.id not in _MEANINGS:
        vectors = _encode(encoder, _names().names, progress)
        space = calibration.space(encoder)
        _MEANINGS[encoder.id] = space, space.project(vectors)
    return _MEANINGS[encoder.id]


def _encode(encoder: Encoder, names: Sequence[str], progress: Progress | None) -> Array:
    return encoder.encode(names, progress) if isinstance(encoder, Cached) else encoder.encode(names)
