"""Which code a text is about: the everyday names of goods and services that share its rare runs of letters.

It understands no meaning: it proposes, and a person confirms.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from fairlink import text, vocabulary

FAINTEST = 0.12  # cosine below which a name has nothing to do with the text


def suggest(words: str, most: int = 8) -> list[tuple[str, float]]:
    """At most `most` codes with how near they are (cosine, of 1), nearest first; the narrower of two alike."""
    codes, index = _names()
    near = index.cosines(words)
    best: dict[str, float] = {}
    for row in np.argsort(-near, kind="stable"):
        if near[row] < FAINTEST or len(best) == most:
            break
        best.setdefault(codes[row], round(float(near[row]), 4))
    return list(best.items())


@cache
def _names() -> tuple[list[str], text.Index]:
    """Each code that has a name of its own, once for each language that names it."""
    pairs = [
        (code, vocabulary.label(code, language))
        for code in vocabulary.codes()
        if vocabulary.is_named(code)
        for language in vocabulary.NAMED_IN
    ]
    return [code for code, _ in pairs], text.index([name for _, name in pairs])
