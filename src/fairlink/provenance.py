"""Where a result comes from: enough to make it again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from typing import Any

import numpy as np

VERSION = "0.1.0"


@dataclass(frozen=True)
class Provenance:
    """Version, seed and parameters of the engine, and the fingerprint of what it was given."""

    version: str
    seed: int
    parameters: Mapping[str, Any]
    fingerprint: str


def fingerprint(*things: Any) -> str:
    """Sixteen hexadecimal digits that change when anything in the nouns changes."""
    digest = hashlib.sha256()
    for thing in things:
        _feed(digest, thing)
    return digest.hexdigest()[:16]


def _feed(digest: Any, thing: Any) -> None:
    if isinstance(thing, np.ndarray):
        whole = thing.astype(np.int64) if thing.dtype.kind in "iub" else thing
        digest.update(f"{whole.dtype.kind}{whole.shape}".encode())
        digest.update(np.ascontiguousarray(whole).tobytes())
    elif is_dataclass(thing):
        for f in fields(thing):
            digest.update(f.name.encode())
            _feed(digest, getattr(thing, f.name))
    elif isinstance(thing, (tuple, list)) and any(is_dataclass(one) for one in thing):
        digest.update(f"[{len(thing)}".encode())
        for one in thing:
            _feed(digest, one)
    else:
        digest.update(_said(thing).encode())


def _said(thing: Any) -> str:
    """Plain values as one text; the quickest first, since there are very many."""
    if isinstance(thing, str):
        return f"{thing}\x1f"
    if isinstance(thing, (tuple, list)):
        return f"[{len(thing)}{''.join(map(_said, thing))}"
    if isinstance(thing, Mapping):
        return _said(sorted(thing.items()))
    if isinstance(thing, Decimal):  # 1.50 is 1.5, in whatever store it has been
        return f"{thing.normalize():f}\x1f"
    return f"{thing!s}\x1f"
