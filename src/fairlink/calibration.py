"""How likely two texts mean one thing, given how near their vectors are: fitted to our own labels, for each encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from fairlink import text, vocabulary
from fairlink.encoding import Encoder
from fairlink.expo import Array

RATE = 1 / 500  # of the things that an expo shows, one is what a text means
WIDTH = 128  # numbers that are kept of a vector: as good as all 512 (benchmarks/partners/retrieval.py)
_EVERY = 2  # codes of the label table whose names are looked at
_FINE = 2.0**-12  # to which the axes are rounded, so that no thread shows in them or in what lies along them
# To which vectors are rounded: a product of two has at most 22 bits, and by Cauchy–Schwarz so have sums of them. In
# float32 they are exact, so that no cosine hangs on threads, blocks or the order of rows.
_GRID = 2.0**-11
_BINS = 400  # of cosine
_PART = 4096  # texts that are brought along the axes at a time


@dataclass(frozen=True, slots=True)
class Calibration:
    """Cosine → probability that two texts mean one thing: logistic, a half at `middle`."""

    slope: float
    middle: float

    def probability(self, cosine: Array) -> Array:
        """The same shape as the cosines."""
        chance: Array = 1 / (1 + np.exp(-self.odds(cosine)))
        return chance

    def odds(self, cosine: Array) -> Array:
        """Log-odds, the same shape as the cosines."""
        told: Array = self.slope * (cosine - self.middle)
        return told


@dataclass(frozen=True, eq=False)
class Space:
    """What the names of our codes teach of an encoder: the axes that matter, and how its cosines are read.

    axes: float64 (d, at most WIDTH), directions in which the names differ most (principal components about
    the origin). They hang on the label table alone, so that a new text moves no other.
    """

    axes: Array
    calibration: Calibration

    def project(self, vectors: Array) -> Array:
        """float32 (texts, axes), as `unit` makes them."""
        parts = [vectors[start : start + _PART] for start in range(0, max(len(vectors), 1), _PART)]
        return np.concatenate([unit(part.astype(np.float64) @ self.axes) for part in parts])


def unit(vectors: Array) -> Array:
    """float32: rows of length 1, but for rounding; a row of noughts stays."""
    length = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    whole = np.round(vectors / np.where(length, length, 1)[:, None] / _GRID)
    found: Array = (whole * _GRID).astype(np.float32)
    return found


_SPACES: dict[str, Space] = {}


def space(encoder: Encoder) -> Space:
    """Fitted once for each encoder id: to the names of every second code, each in two of six languages."""
    if encoder.id not in _SPACES:
        codes, names = _anchors()
        vectors = encoder.encode(names)
        axes = _axes(vectors)
        there = Space(axes, Calibration(0, 0)).project(vectors)
        _SPACES[encoder.id] = Space(axes, _fit(there @ there.T, codes))
    return _SPACES[encoder.id]


@cache
def of_ngrams() -> Calibration:
    """How cosines of n-grams are read. Where two texts share no n-gram there is no evidence, and nothing to read."""
    codes, names = _anchors()
    matrix = text.vectors(names).matrix
    return _fit((matrix @ matrix.T).toarray(), codes, positive=True)


@cache
def _anchors() -> tuple[Array, tuple[str, ...]]:
    """Codes, by number, and names. The two languages of a code rotate, so that every pair of them is there."""
    spoken = vocabulary.NAMED_IN
    named = [code for code in vocabulary.codes() if vocabulary.is_named(code)]
    codes, names = [], []
    for number in range(0, len(named), _EVERY):
        first, step = number % len(spoken), 1 + number // len(spoken) % (len(spoken) - 1)
        for language in (spoken[first], spoken[(first + step) % len(spoken)]):
            codes.append(number)
            names.append(vocabulary.label(named[number], language))
    return np.array(codes), tuple(names)


def _axes(vectors: Array) -> Array:
    if vectors.shape[1] <= WIDTH:
        return np.eye(vectors.shape[1])
    exact = vectors.astype(np.float64)
    _, directions = np.linalg.eigh(exact.T @ exact)
    axes: Array = np.round(directions[:, : -WIDTH - 1 : -1] / _FINE) * _FINE
    return axes


def _fit(cosine: Array, codes: Array, *, positive: bool = False) -> Calibration:
    """All pairs of names: of one code, of its siblings, of anything. Weighted so that RATE of them are of one."""
    first, second = np.triu_indices(len(codes), 1)
    near = cosine[first, second]
    same = codes[first] == codes[second]
    if positive:
        near, same = near[near > 0], same[near > 0]
    middles = (np.arange(_BINS) + 0.5) / _BINS * 2 - 1
    place = np.clip(((near + 1) / 2 * _BINS).astype(np.int64), 0, _BINS - 1)
    one = np.bincount(place[same], minlength=_BINS).astype(np.float64)
    other = np.bincount(place[~same], minlength=_BINS).astype(np.float64)
    return logistic(middles, one, other * (one.sum() / max(other.sum(), 1) * (1 - RATE) / RATE))


def logistic(at: Sequence[float] | Array, yes: Array, no: Array) -> Calibration:
    """The logistic curve through counts of yes and no at each place, by Newton's method; it always rises."""
    places = np.column_stack([at, np.ones(len(at))])
    weight, total = np.array([10.0, -6.0]), yes + no
    for _ in range(100):
        chance = 1 / (1 + np.exp(-np.clip(places @ weight, -50, 50)))
        # A ridge keeps it finite where the counts do not overlap.
        slope = places.T @ (yes - total * chance) - 1e-3 * weight
        curve = (places * (total * chance * (1 - chance))[:, None]).T @ places + 1e-3 * np.eye(2)
        step = np.clip(np.linalg.solve(curve, slope), -5, 5)
        weight = weight + step
        if np.abs(step).max() < 1e-9:
            break
    steep = max(float(weight[0]), 1.0)
    return Calibration(round(steep, 4), round(-float(weight[1]) / steep, 4))
