"""Texts as sparse vectors of character n-grams: near when they share rare runs of letters.

It needs no model, no dictionary and no word boundaries, so it serves every script; it does not translate.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import sparse

LONGEST = 2000  # characters of a text that are read
_HAN_AND_LIKE = "\u2e80", "\uffef"  # scripts written without spaces: Han, kana, hangul


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
    """Single characters and pairs in scripts without spaces; runs of three to five within words elsewhere."""
    grams = []
    for word in _words(text):
        if _HAN_AND_LIKE[0] <= word[0] <= _HAN_AND_LIKE[1]:
            grams += [word[i : i + n] for n in (1, 2) for i in range(len(word) - n + 1)]
        else:
            padded = f" {word} "
            grams += [padded[i : i + n] for n in (3, 4, 5) for i in range(len(padded) - n + 1)]
    return grams


def _words(text: str) -> list[str]:
    """Runs of letters and digits, split where a script without spaces begins or ends."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    words, run, run_class = [], "", 0
    for character in plain:
        kind = 2 if _HAN_AND_LIKE[0] <= character <= _HAN_AND_LIKE[1] else 1
        kind = kind if unicodedata.category(character)[0] in "LMN" else 0  # letters, their marks, digits
        if kind != run_class and run:
            words.append(run)
            run = ""
        run, run_class = (run + character if kind else ""), kind
    return [*words, run] if run else words
