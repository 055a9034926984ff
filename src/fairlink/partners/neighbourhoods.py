"""Neighbourhoods: among very many, a text is compared with those in the cells around it, not with all.

Offers' texts are dealt out to cells, each around a centre of what they mean (spherical k-means; Dhillon & Modha 2001,
Machine Learning 42:143–175), and each need's text looks into the nearest few (an inverted file; Jégou, Douze & Schmid
2011, IEEE TPAMI 33:117–128). Codes and links of the chain are looked up as ever. Cells hang on what is said alone: not
on who says it, on the order of rows, or on who compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from fairlink.calibration import unit
from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.partners.likeness import Words
from fairlink.partners.nearness import Curves, Lists, near_in_cell
from fairlink.partners.rows import packed, starts, unpacked

EXACT = 30_000  # organisations up to which every text is compared with every other
CELL = 384  # texts in a cell, on average
PROBED = 8  # cells that a text is compared with
TOGETHER = 1 << 13  # needs' texts in one neighbourhood
_LEARNT = 48  # texts a cell, from which centres are found
_MOST_LEARNT = 1 << 17
_ROUNDS = 6
_WIDTH = 128  # axes on which n-grams are thrown where no encoder reads
_PART = 4096  # texts whose cells are looked for at a time


class Cells(NamedTuple):
    """Where texts lie, float32 (sayings, axes), around which centres, and some of them dealt out to cells."""

    vectors: Array
    centres: Array  # float32 (cells, axes)
    texts: Lists  # of each cell, as places among those dealt out, in their order


def vectors(words: Words) -> Array:
    """float32 (sayings, axes): what each saying means; without an encoder its n-grams, thrown on few axes by lot."""
    if words.dense is not None:
        return words.dense
    signs = np.random.default_rng(0).choice(np.array([-1, 1], np.float32), (words.ngrams.shape[1], _WIDTH))
    return unit((words.ngrams @ signs).astype(np.float64))


def cells(where: Array, theirs: Array) -> Cells:
    """Deal out some sayings, rows of `where`."""
    number = max(len(theirs) // CELL, 1)
    learnt = theirs[:: max(len(theirs) // min(number * _LEARNT, _MOST_LEARNT), 1)]
    learnt = where[np.random.default_rng(0).permutation(learnt)]
    centres = learnt[:number].copy()
    for _ in range(_ROUNDS):
        home = nearest_cells(centres, learnt, 1)[:, 0]
        total = np.zeros(centres.shape)
        np.add.at(total, home, learnt)
        held = np.bincount(home, minlength=number) > 0
        centres[held] = unit(total[held])
    home = nearest_cells(centres, where[theirs], 1)[:, 0]
    order = np.argsort(home, kind="stable")
    return Cells(where, centres, Lists(starts(home[order], number), order.astype(np.int32), np.zeros(0)))


def nearest_cells(centres: Array, texts: Array, most: int) -> Array:
    """int64 (texts, most): the cells around whose centres texts lie nearest, in order of the cells."""
    most, found = min(most, len(centres)), []
    for start in range(0, len(texts), _PART):
        near = texts[start : start + _PART] @ centres.T
        if most == 1:
            found.append(near.argmax(axis=1)[:, None])
        else:
            found.append(np.sort(np.argpartition(-near, most - 1, axis=1)[:, :most], axis=1))
    return np.concatenate(found) if found else np.zeros((0, most), dtype=np.int64)


def parts(found: Cells, ours: Array) -> Iterator[Array]:
    """Sayings of needs, neighbour by neighbour, so that those who are compared together look into the same cells."""
    home = nearest_cells(found.centres, found.vectors[ours], 1)[:, 0]
    ordered = ours[np.argsort(home, kind="stable")]
    for start in range(0, len(ordered), TOGETHER):
        yield np.sort(ordered[start : start + TOGETHER])


def near(
    words: Words, found: Cells, theirs: Array, ours: Array, curves: Curves, faintest: float, most: int
) -> Lists:
    """For each of our sayings the nearest of theirs, places in `theirs`, with what they are worth: at most `most`."""
    probed = nearest_cells(found.centres, found.vectors[ours], PROBED)
    cell, row = probed.ravel(), np.repeat(np.arange(len(ours)), probed.shape[1])
    order = np.argsort(cell, kind="stable")
    cell, row = cell[order], row[order]
    grams = Lists(words.ngrams.indptr, words.ngrams.indices, words.ngrams.data)
    first = np.full(words.ngrams.shape[1], -1, dtype=np.int32)
    rows, members, values = [], [], []
    bounds = np.concatenate([[0], np.flatnonzero(np.diff(cell)) + 1, [len(cell)]])
    for start, end in pairwise(bounds):
        there = found.texts.members[found.texts.start[cell[start]] : found.texts.start[cell[start] + 1]]
        if not len(there):
            continue
        mine, others = row[start:end], theirs[there]
        dots = np.zeros((0, 0), dtype=np.float32)
        if words.dense is not None:
            dots = words.dense[ours[mine]] @ words.dense[others].T
        same = same_saying(words, ours[mine], others)
        counts, texts, worth = near_in_cell(
            grams, ours[mine], others, dots, same, curves, faintest, most, first
        )
        rows.append(np.repeat(mine, counts))
        members.append(there[texts])
        values.append(worth)
    return _merged(len(ours), rows, members, values, most)


def same_saying(words: Words, ours: Array, theirs: Array) -> Array:
    """int64 (ours,): which of theirs is the very same saying, −1 where none is, or has no letters."""
    place = np.minimum(np.searchsorted(theirs, ours), len(theirs) - 1)
    same: Array = np.where((theirs[place] == ours) & words.letters[ours], place, -1)
    return same


def _merged(size: int, rows: list[Array], members: list[Array], values: list[Array], most: int) -> Lists:
    if not rows:
        return Lists(np.zeros(size + 1, dtype=np.int64), np.zeros(0, dtype=np.int32), np.zeros(0))
    row = np.concatenate(rows)
    order = np.argsort(row, kind="stable")
    start = starts(row[order], size)
    member, value = np.concatenate(members)[order], np.concatenate(values)[order]
    kept = _kept(start, value, most)
    row = row[order][kept]
    return Lists(starts(row, size), member[kept], value[kept])


@compiled
def _kept(start: Array, value: Array, most: int) -> Array:
    """bool: the greatest values of each row, at most `most`; of equals the first."""
    kept = np.ones(len(value), dtype=np.bool_)
    for row in range(len(start) - 1):
        begin, end = start[row], start[row + 1]
        if end - begin > most:
            keys = packed(value[begin:end])
            keys.sort()
            for place in range(most, end - begin):
                kept[begin + unpacked(keys[place])] = False
    return kept
