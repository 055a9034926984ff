"""Texts as sparse vectors of character n-grams: near when they share rare runs of letters.

It needs no model, no dictionary and no word boundaries, so it serves every script; it does not translate.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse

LONGEST = 2000  # characters of a text that are read
_FIRST_OF_HAN = "\u2e80"  # and of kana and hangul
_SPACELESS = (  # scripts written without spaces
    ("\u0e00", "\u0eff"),  # Thai, Lao
    ("\u1000", "\u109f"),  # Burmese
    ("\u1780", "\u17ff"),  # Khmer
    ("\u2e80", "\uffef"),  # Han, kana, hangul
    ("\U00020000", "\U0003ffff"),  # rarer Han
)


def vectors(texts: Sequence[str]) -> sparse.csr_array:
    """float32 (texts, n-grams), rows of length at most 1: sublinear term frequency × smoothed idf.

    Salton & Buckley (1988), Information Processing & Management 24:513–523. The columns are the n-grams in
    order, so a row does not depend on the order of the others.
    """
    counts = [Counter(ngrams(text)) for text in texts]
    documents = Counter(gram for count in counts for gram in count)
    shared = sorted(gram for gram, n in documents.items() if n > 1)
    column = {gram: i for i, gram in enumerate(shared)}
    idf = {gram: np.log((1 + len(texts)) / (1 + n)) + 1 for gram, n in documents.items()}
    rows, columns, values = [], [], []
    for row, count in enumerate(counts):
        weight = {gram: (1 + np.log(times)) * idf[gram] for gram, times in count.items()}
        # What only this text says meets nothing, but makes it longer.
        length = np.sqrt(sum(one * one for one in sorted(weight.values())))
        for gram in sorted(count.keys() & column.keys()):
            rows.append(row)
            columns.append(column[gram])
            values.append(weight[gram] / length)
    return sparse.csr_array(
        (np.array(values, dtype=np.float32), (rows, columns)), shape=(len(texts), len(shared))
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
    return any(first <= character <= last for first, last in _SPACELESS)
