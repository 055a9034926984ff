"""Which texts are near one another: by n-grams that they share, and by dense vectors of what they mean.

Sums run in the order of the columns, never of the rows: neither who else takes part nor the number of threads shows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array


class Lists(NamedTuple):
    """Rows of members: those of row i are `members[start[i]:start[i + 1]]`, each with a value where there are any."""

    start: Array  # int64 (rows + 1,)
    members: Array  # int32
    values: Array  # float64, or empty


class Curves(NamedTuple):
    """What a cosine is worth: worth / (1 + exp(−slope · (cosine − middle))), for n-grams and for dense vectors."""

    worth: float
    slopes: tuple[float, float]
    middles: tuple[float, float]


@compiled
def nearest(
    grams: Lists,
    having: Lists,
    texts: int,
    dots: Array,
    same: Array,
    curves: Curves,
    faintest: float,
    most: int,
) -> tuple[Array, Array, Array]:
    """For each text (rows of n-grams) the other texts that are worth at least `faintest`, at most `most` of them.

    `having` lists for each n-gram the other texts that have it. `dots` float32 (rows, texts) are cosines of dense
    vectors; no rows where there are none. `same` is the other text that says the very same, −1 where none does: its
    n-grams may be nobody else's, and are in no row then. Returns counts, texts and values.
    """
    least = -np.log(curves.worth / faintest - 1)  # the logit at which a text is worth the least that counts
    counts = np.zeros(len(grams.start) - 1, dtype=np.int64)
    found, values, at = np.empty(1024, dtype=np.int32), np.empty(1024), 0
    cosine, touched = np.zeros(texts), np.empty(texts, dtype=np.int32)
    room = np.empty(texts, dtype=np.int32), np.empty(texts)
    for row in range(len(counts)):
        met = _meet(grams, having, row, cosine, touched)
        order = _nearest_met(touched, met, same[row], dots[row : row + 1], cosine, curves, least, room, most)
        counts[row] = len(order)
        found, values = with_room(found, at + len(order)), with_room(values, at + len(order))
        found[at : at + len(order)] = room[0][order]
        values[at : at + len(order)] = curves.worth / (1 + np.exp(-room[1][order]))
        at += len(order)
    return counts, found[:at].copy(), values[:at].copy()


@compiled
def near_in_cell(
    grams: Lists,
    ours: Array,
    theirs: Array,
    dots: Array,
    same: Array,
    curves: Curves,
    faintest: float,
    most: int,
    first: Array,
) -> tuple[Array, Array, Array]:
    """The same among few: rows of n-grams `ours` beside rows `theirs`. Texts are places in `theirs`.

    `first` int32 (n-grams,) is −1 everywhere, and is so again afterwards.
    """
    least = -np.log(curves.worth / faintest - 1)
    links = _linked(grams, theirs, first)
    counts = np.zeros(len(ours), dtype=np.int64)
    found, values, at = np.empty(1024, dtype=np.int32), np.empty(1024), 0
    cosine, touched = np.zeros(len(theirs)), np.empty(len(theirs), dtype=np.int32)
    room = np.empty(len(theirs), dtype=np.int32), np.empty(len(theirs))
    for row in range(len(ours)):
        met = 0
        for entry in range(grams.start[ours[row]], grams.start[ours[row] + 1]):
            weight, link = np.float64(grams.values[entry]), first[grams.members[entry]]
            while link >= 0:
                text = links.text[link]
                if cosine[text] == 0.0:
                    touched[met] = text
                    met += 1
                cosine[text] += weight * np.float64(links.weight[link])
                link = links.after[link]
        order = _nearest_met(touched, met, same[row], dots[row : row + 1], cosine, curves, least, room, most)
        counts[row] = len(order)
        found, values = with_room(found, at + len(order)), with_room(values, at + len(order))
        found[at : at + len(order)] = room[0][order]
        values[at : at + len(order)] = curves.worth / (1 + np.exp(-room[1][order]))
        at += len(order)
    for text in theirs:
        first[grams.members[grams.start[text] : grams.start[text + 1]]] = -1
    return counts, found[:at].copy(), values[:at].copy()


class _Links(NamedTuple):
    """Who has an n-gram: the text of each link, how much the n-gram weighs there, and the next link; −1 is none."""

    text: Array  # int32
    weight: Array  # float32
    after: Array  # int32


@compiled
def _linked(grams: Lists, theirs: Array, first: Array) -> _Links:
    """The n-grams of some texts, each a chain of links from `first` on: few texts want no array over all n-grams."""
    entries = 0
    for text in theirs:
        entries += grams.start[text + 1] - grams.start[text]
    text_of, weight = np.empty(entries, dtype=np.int32), np.empty(entries, dtype=np.float32)
    after, link = np.empty(entries, dtype=np.int32), 0
    for place in range(len(theirs)):
        for entry in range(grams.start[theirs[place]], grams.start[theirs[place] + 1]):
            gram = grams.members[entry]
            text_of[link], weight[link], after[link] = place, grams.values[entry], first[gram]
            first[gram] = link
            link += 1
    return _Links(text_of, weight, after)


@compiled
def _meet(grams: Lists, having: Lists, row: int, cosine: Array, touched: Array) -> int:
    """Add up the cosines with every text that shares an n-gram; how many there are."""
    met = 0
    for entry in range(grams.start[row], grams.start[row + 1]):
        gram, weight = grams.members[entry], grams.values[entry]
        for other in range(having.start[gram], having.start[gram + 1]):
            text = having.members[other]
            if cosine[text] == 0.0:
                touched[met] = text
                met += 1
            cosine[text] += weight * having.values[other]
    return met


@compiled
def _nearest_met(
    touched: Array,
    met: int,
    same: int,
    dots: Array,
    cosine: Array,
    curves: Curves,
    least: float,
    room: tuple[Array, Array],
    most: int,
) -> Array:
    """Places in `room`, texts and logits, of the nearest texts; cosines are noughts again afterwards."""
    some, logits = room
    if same >= 0:
        if cosine[same] == 0.0:
            touched[met] = same
            met += 1
        cosine[same] = 1.0
    if len(dots):
        kept = _in_meaning(dots[0], cosine, curves, least, some, logits)
    else:
        kept = _in_words(touched[:met], cosine, curves, least, some, logits)
    cosine[touched[:met]] = 0.0
    return _most_likely(some[:kept], logits, most)


@compiled
def _in_words(touched: Array, cosine: Array, curves: Curves, least: float, some: Array, logits: Array) -> int:
    """Keep the texts whose n-grams are near enough; how many there are."""
    kept = 0
    for text in touched:
        logit = curves.slopes[0] * (cosine[text] - curves.middles[0])
        if logit >= least:
            some[kept], logits[kept] = text, logit
            kept += 1
    return kept


@compiled
def _in_meaning(dots: Array, cosine: Array, curves: Curves, least: float, some: Array, logits: Array) -> int:
    """Keep the texts whose n-grams or whose dense vectors are near enough; how many there are."""
    kept = 0
    # Surely too far both ways: a little below where a logit is `least`, whatever is lost in rounding.
    apart = np.float32(curves.middles[1] + least / curves.slopes[1] - 1e-5)
    strange = curves.middles[0] + least / curves.slopes[0] - 1e-9
    for text in range(len(dots)):
        if dots[text] < apart and cosine[text] < strange:
            continue
        logit = curves.slopes[1] * (dots[text] - curves.middles[1])
        if cosine[text] > 0.0:
            logit = max(logit, curves.slopes[0] * (cosine[text] - curves.middles[0]))
        if logit >= least:
            some[kept], logits[kept] = text, logit
            kept += 1
    return kept


@compiled
def _most_likely(texts: Array, logits: Array, most: int) -> Array:
    """Places of the `most` texts that are nearest, in any order; of equals the first texts, however they were met."""
    if len(texts) <= most:
        return np.arange(len(texts))
    order = np.argsort(texts)
    return order[np.argsort(-logits[order], kind="mergesort")[:most]]


@compiled
def with_room(values: Array, room: int) -> Array:
    """The same values in an array that holds at least so many."""
    while len(values) < room:
        values = np.concatenate((values, np.empty_like(values)))
    return values
