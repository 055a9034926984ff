"""Texts as sparse vectors of character n-grams: near when they share rare runs of letters.

It needs no model, no dictionary and no word boundaries, so it serves every script; it does not translate.
Of Chinese and its like one or two characters are taken, of Thai and its like two to four letters, of other scripts
three to five letters within words, spaces around them included. An n-gram is known by a hash of 64 bits.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import sparse

from fairlink.compiled import compiled
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
_NONE, _WORDS, _LETTERS, _CHARACTERS = range(4)  # kinds of characters: none of a word, and of which script
_SIZES = np.array([[0, 0], [3, 5], [2, 4], [1, 2]])  # of the n-grams of each kind: least, most
_CHUNK = 4096  # texts at a time
# An n-gram of more texts than these, a share of all and at least some, tells none of them from the others.
_COMMON, _SEVERAL = 1 / 16, 256
_SPACE = np.uint64(32)
_FNV_START, _FNV_PRIME = np.uint64(14695981039346656037), np.uint64(1099511628211)


@dataclass(frozen=True, eq=False)
class Grams:
    """The n-grams of some texts, and how much each tells."""

    known: Array  # uint64 (n-grams,), ascending: all that any text has
    idf: Array  # float64 (n-grams,)
    rarest: float  # of an n-gram that no text has

    def weigh(self, texts: Sequence[str]) -> tuple[Array, Array, Array]:
        """Other texts, weighed as if they had always been among these: text, number and weight of each known n-gram.

        Unknown ones make a text longer.
        """
        starts, found, times = _counted(texts)
        place = np.minimum(np.searchsorted(self.known, found), max(len(self.known) - 1, 0))
        there = self.known[place] == found if len(self.known) else np.zeros(len(found), dtype=bool)
        idf = np.full(len(found), self.rarest)
        idf[there] = self.idf[place[there]]
        weight = (1 + np.log(times)) * idf
        row = np.repeat(np.arange(len(texts)), np.diff(starts))
        length = np.sqrt(np.bincount(row, weight**2, minlength=len(texts)))
        return row[there], place[there], weight[there] / np.where(length, length, 1)[row[there]]


@dataclass(frozen=True, eq=False)
class Index:
    """Things that are known by texts, and what another text needs to be compared with them."""

    matrix: (
        sparse.csr_array
    )  # float32 (n-grams, things): an n-gram's weight in that text of a thing where it is most
    grams: Grams

    def shares(self, query: str) -> Array:
        """float64 (things,): how much of the query the texts of each say between them, 0 where nothing.

        A cosine where one text says all that is shared; where several do, more than any of theirs.
        """
        _, gram, weight = self.grams.weigh([query])
        said: Array = weight @ self.matrix[gram]
        return said


@dataclass(frozen=True, eq=False)
class Vectors:
    """Texts as rows, and what makes a row of another text."""

    matrix: sparse.csr_array  # float32 (texts, n-grams that several have)
    column: Array  # int64 (n-grams,): −1 of one that a single text has
    grams: Grams

    def rows(self, texts: Sequence[str]) -> sparse.csr_array:
        """float32 (texts, n-grams): other texts as rows in the same columns."""
        row, gram, weight = self.grams.weigh(texts)
        kept = (self.column[gram] >= 0) & (weight > 0)
        return _rows(row[kept], self.column[gram[kept]], weight[kept], (len(texts), self.matrix.shape[1]))


def vectors(texts: Sequence[str]) -> Vectors:
    """Rows of length at most 1: sublinear term frequency × smoothed idf.

    Salton & Buckley (1988), Information Processing & Management 24:513–523. The columns are the n-grams in
    order of their hashes, so a row does not depend on the order of the others.
    """
    row, gram, values, grams = _weighed(texts)
    # What only one text says meets nothing; it has made it longer.
    n = np.bincount(gram, minlength=len(grams.known))
    shared = (n > 1) & (grams.idf > 0)
    column = np.where(shared, np.cumsum(shared) - 1, -1)
    kept = shared[gram]
    matrix = _rows(row[kept], column[gram[kept]], values[kept], (len(texts), int(shared.sum())))
    return Vectors(matrix, column, grams)


def index(texts: Sequence[str], first: Array) -> Index:
    """Things whose texts stand one after another; `first` is the row of each thing's first text."""
    row, gram, values, grams = _weighed(texts)
    thing = np.searchsorted(first, row, side="right") - 1
    order = np.lexsort((-values, thing, gram))
    thing, gram, values = thing[order], gram[order], values[order]
    most = np.concatenate([[True], (thing[1:] != thing[:-1]) | (gram[1:] != gram[:-1])])[: len(gram)]
    return Index(_rows(gram[most], thing[most], values[most], (len(grams.known), len(first))), grams)


def _rows(row: Array, column: Array, values: Array, shape: tuple[int, int]) -> sparse.csr_array:
    """float32, of entries in order of their rows."""
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=shape[0]))])
    return sparse.csr_array((values.astype(np.float32), column.astype(np.int32), start), shape=shape)


def _weighed(texts: Sequence[str]) -> tuple[Array, Array, Array, Grams]:
    """Each text's distinct n-grams: text, number of the n-gram and weight (texts of length 1); and all n-grams."""
    starts, found, times = _counted(texts)
    known, gram, n = np.unique(found, return_inverse=True, return_counts=True)
    del found
    idf = np.log((1 + len(texts)) / (1 + n)) + 1
    idf[n > max(len(texts) * _COMMON, _SEVERAL)] = 0
    weight = (1 + np.log(times)) * idf[gram]
    row = np.repeat(np.arange(len(texts)), np.diff(starts))
    length = np.sqrt(np.bincount(row, weight**2, minlength=len(texts)))
    grams = Grams(known, idf, float(np.log(1 + len(texts)) + 1))
    return row, gram, weight / np.where(length, length, 1)[row], grams


def _counted(texts: Sequence[str]) -> tuple[Array, Array, Array]:
    """Where the n-grams of each text begin, and each text's distinct n-grams in order of hashes with how often."""
    counts, grams, times = [np.zeros(1, dtype=np.int64)], [], []
    for first in range(0, len(texts), _CHUNK):
        plain = [_plain(one) for one in texts[first : first + _CHUNK]]
        ends = np.cumsum([0, *map(len, plain)])
        codes = np.frombuffer("".join(plain).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        alphabet, letter = np.unique(codes, return_inverse=True)
        kinds = np.array([_kind(chr(code)) for code in alphabet], dtype=np.int8)
        some, found, often = _grams(codes, kinds[letter], ends, _SIZES)
        counts.append(some)
        grams.append(found)
        times.append(often)
    nothing = np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
    return (
        np.cumsum(np.concatenate(counts)),
        np.concatenate([*grams, nothing[0]]),
        np.concatenate([*times, nothing[1]]),
    )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:LONGEST]).casefold()


@compiled
def _grams(codes: Array, kinds: Array, ends: Array, sizes: Array) -> tuple[Array, Array, Array]:
    """For each text how many distinct n-grams it has; their hashes, in order, and how often it has each."""
    texts = len(ends) - 1
    counts = np.zeros(texts, dtype=np.int64)
    grams = np.empty(9 * len(codes), dtype=np.uint64)
    times = np.empty(9 * len(codes), dtype=np.int64)
    kept = 0
    for text in range(texts):
        heap = np.empty(9 * (ends[text + 1] - ends[text]), dtype=np.uint64)
        some, start = 0, ends[text]
        while start < ends[text + 1]:
            end = start + 1
            while end < ends[text + 1] and kinds[end] == kinds[start]:
                end += 1
            if kinds[start] != _NONE:
                some = _grams_of_run(codes, start, end, kinds[start], sizes, heap, some)
            start = end
        found = np.sort(heap[:some])
        for place in range(some):
            if place == 0 or found[place] != found[place - 1]:
                grams[kept], times[kept] = found[place], 0
                kept += 1
                counts[text] += 1
            times[kept - 1] += 1
    return counts, grams[:kept].copy(), times[:kept].copy()


@compiled
def _grams_of_run(codes: Array, start: int, end: int, kind: int, sizes: Array, heap: Array, some: int) -> int:
    """The n-grams of a run of one kind of letters, by the Fowler–Noll–Vo hash (FNV-1a) of their characters."""
    pad = 1 if kind == _WORDS else 0
    for size in range(sizes[kind, 0], sizes[kind, 1] + 1):
        for first in range(start - pad, end + pad - size + 1):
            mark = _FNV_START ^ np.uint64(size)
            for place in range(first, first + size):
                code = np.uint64(codes[place]) if start <= place < end else _SPACE
                mark = (mark ^ code) * _FNV_PRIME
            heap[some] = mark
            some += 1
    return some


def runs(plain: str) -> Iterator[tuple[str, bool]]:
    """Runs of letters, their marks and digits, and whether their script is written without spaces.

    A run ends where a script of another kind begins.
    """
    run, kind = "", _NONE
    for character in plain:
        other = _kind(character)
        if run and other != kind:
            yield run, kind != _WORDS
            run = ""
        kind = other
        if kind != _NONE:
            run += character
    if run:
        yield run, kind != _WORDS


@cache
def _kind(character: str) -> int:
    if unicodedata.category(character)[0] not in "LMN":
        return _NONE
    if not any(first <= character <= last for first, last in _SPACELESS):
        return _WORDS
    return _CHARACTERS if character >= _FIRST_OF_HAN else _LETTERS
