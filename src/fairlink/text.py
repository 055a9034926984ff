"""Texts as sparse vectors of character n-grams: near when they share rare runs of letters.

It needs no model, no dictionary and no word boundaries, so it serves every script; it does not translate.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from fairlink.expo import Array

LONGEST = 2000  # characters of a text that are read
_FIRST_OF_HAN = "\u2e80"  # and of kana and hangul
_SPACELESS = (  # scripts written without spaces
    ("\u0e00", "\u0eff"),  # Thai, Lao
    ("\u1000", "\u109f"),  # Burmese
    ("\u1780", "\u17ff"),  # Khmer
    ("\u2e80", "\uffef"),  # Han, kana, hangul
    ("\U00020000", "\U0003ffff"),  # rarer Han
)


@dataclass(frozen=True, eq=False)
class Index:
    """Texts as rows, and what another text needs to be compared with them."""

    matrix: sparse.csr_array  # float32 (texts, n-grams)
    column: Mapping[str, int]
    idf: Mapping[str, float]
    rarest: float  # of an n-gram that no text has

    def cosines(self, query: str) -> Array:
        """float64 (texts,): how near each is to the query."""
        weight = {
            gram: (1 + np.log(times)) * self.idf.get(gram, self.rarest)
            for gram, times in Counter(ngrams(query)).items()
        }
        length = np.sqrt(sum(one * one for one in sorted(weight.values())))
        vector = np.zeros(self.matrix.shape[1])
        for gram in weight.keys() & self.column.keys():
            vector[self.column[gram]] = weight[gram] / length
        near: Array = self.matrix @ vector
        return near


def vectors(texts: Sequence[str]) -> sparse.csr_array:
    """float32 (texts, n-grams), rows of length at most 1: sublinear term frequency × smoothed idf.

    Salton & Buckley (1988), Information Processing & Management 24:513–523. The columns are the n-grams in
    order, so a row does not depend on the order of the others.
    """
    return index(texts).matrix


def index(texts: Sequence[str]) -> Index:
    """The vectors of texts, and what makes a vector of another text."""
    number: dict[str, int] = {}
    rows, found = array("q"), array("q")
    for row, text in enumerate(texts):
        grams = ngrams(text)
        rows.extend([row] * len(grams))
        found.extend([number.setdefault(gram, len(number)) for gram in grams])
    names = sorted(number)
    place = np.empty(len(names), dtype=np.int64)
    place[[number[name] for name in names]] = np.arange(len(names))
    # Within a row in order of the n-grams, so that no sum hangs on what other rows say first.
    keys = (
        np.frombuffer(rows, dtype=np.int64) * max(len(names), 1) + place[np.frombuffer(found, dtype=np.int64)]
    )
    keys, times = np.unique(keys, return_counts=True)
    row, gram = np.divmod(keys, max(len(names), 1))
    n = np.bincount(gram, minlength=len(names))
    idf = np.log((1 + len(texts)) / (1 + n)) + 1
    weight = (1 + np.log(times)) * idf[gram]
    # What only this text says meets nothing, but makes it longer.
    length = np.sqrt(np.bincount(row, weight**2, minlength=len(texts)))
    kept = n[gram] > 1
    column = np.cumsum(n > 1) - 1
    values = (weight / length[row])[kept].astype(np.float32)
    shape = len(texts), int((n > 1).sum())
    matrix = sparse.csr_array((values, (row[kept], column[gram[kept]])), shape=shape)
    shared = {name: int(column[i]) for i, name in enumerate(names) if n[i] > 1}
    return Index(
        matrix, shared, dict(zip(names, idf.tolist(), strict=True)), float(np.log(1 + len(texts)) + 1)
    )


def ngrams(text: str) -> list[str]:
    """One or two characters of Chinese and its like, two to four letters of Thai's, three to five within words."""
    grams = []
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    for run, spaceless in runs(plain):
        if spaceless:
            sizes = (
                (1, 2) if run[0] >= _FIRST_OF_HAN else (2, 3, 4)
            )  # a Thai letter says less than a Chinese one
            grams += [run[i : i + n] for n in sizes for i in range(len(run) - n + 1)]
        else:
            padded = f" {run} "
            grams += [padded[i : i + n] for n in (3, 4, 5) for i in range(len(padded) - n + 1)]
    return grams


def runs(plain: str) -> Iterator[tuple[str, bool]]:
    """Runs of letters, their marks and digits, and whether their script is written without spaces.

    A run ends where a script of the other kind begins.
    """
    run, spaceless = "", False
    for character in plain:
        word = unicodedata.category(character)[0] in "LMN"
        other = word and run and _spaceless(character) != spaceless
        if run and (not word or other):
            yield run, spaceless
            run = ""
        if word:
            run, spaceless = run + character, _spaceless(character)
    if run:
        yield run, spaceless


def _spaceless(character: str) -> bool:
    if character < _SPACELESS[0][0]:
        return False
    return any(first <= character <= last for first, last in _SPACELESS)
