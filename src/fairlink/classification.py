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

FAINTEST = 0.12  # cosine of n-grams below which no name has anything to do with the text
LEAST = 0.02  # confidence of the best code below which nothing is known of the text, as far as it is read
LETTERS, PHRASES = (
    3.2,
    0.5,
)  # weights of shared letters and of the best phrase beside the whole text, in log-odds
_WIDE, _MOST_PHRASES = 3, 40  # words of a phrase; phrases that are looked at
_STOPS = re.compile(r"[,;:.!?،؛؟，、。：；！？\n]")


@dataclass(frozen=True, slots=True)
class _Sureness:
    """How log-odds become confidence, beside the chance that no code is meant.

    Fitted to tests/library/sentences/tuning.csv; heldout.csv tells how well it holds.
    """

    sharpness: float
    nothing: float


WITH_MEANING, LETTERS_ALONE = _Sureness(0.45, -23.0), _Sureness(1.4, -2.1)


@dataclass(frozen=True, eq=False)
class _Names:
    """The narrowest named codes, and all their names one after another."""

    codes: tuple[str, ...]
    first: Array  # int64 (codes,): row of each code's first name
    names: tuple[str, ...]
    index: text.Index

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
    cosine = names.best(names.index.cosines(words))
    odds = calibration.of_ngrams().odds(cosine)
    sure = LETTERS_ALONE
    if encoder is not None and encoding.reads(encoder, words):
        space, vectors, centres = _meanings(encoder)
        said = [words, *phrases(words)]
        once = encoder.encode(said, keep=False) if isinstance(encoder, Cached) else encoder.encode(said)
        meant = space.project(once)
        near = names.best(vectors @ meant.T)
        odds = LETTERS * odds + space.calibration.odds(near[:, 0])
        odds += PHRASES * space.calibration.odds(near.max(axis=1))
        odds += space.calibration.odds(centres @ meant[0])
        sure = WITH_MEANING
    elif cosine.max() < FAINTEST:
        return []
    chance = np.exp(sure.sharpness * (odds - odds.max()))
    chance /= chance.sum() + np.exp(min(sure.sharpness * (sure.nothing - odds.max()), 700.0))
    order = np.argsort(-chance, kind="stable")[:most]
    if sure is WITH_MEANING and chance.max() < LEAST:
        return []
    return [(names.codes[row], round(float(chance[row]), 6)) for row in order]


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
    """Make now what the first suggestion needs: vectors of all names, some fifteen seconds where none is kept."""
    _names()
    calibration.of_ngrams()
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
    several = [
        [*(vocabulary.label(code, language) for language in vocabulary.NAMED_IN), *vocabulary.also(code)]
        for code in codes
    ]
    first = np.cumsum([0, *map(len, several)])[:-1]
    names = tuple(name for some in several for name in some)
    return _Names(codes, first, names, text.index(names))


_MEANINGS: dict[str, tuple[Space, Array, Array]] = {}


def _meanings(encoder: Encoder, progress: Progress | None = None) -> tuple[Space, Array, Array]:
    """The space of an encoder, each name in it, and the centre of each code's names."""
    if encoder.id not in _MEANINGS:
        names = _names()
        vectors = _encode(encoder, names.names, progress)
        space = calibration.space(encoder)
        there = space.project(vectors)
        centres = calibration.unit(np.add.reduceat(there.astype(np.float64), names.first))
        _MEANINGS[encoder.id] = space, there, centres
    return _MEANINGS[encoder.id]


def _encode(encoder: Encoder, names: Sequence[str], progress: Progress | None) -> Array:
    return encoder.encode(names, progress) if isinstance(encoder, Cached) else encoder.encode(names)
