"""Where a result comes from: enough to make it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

VERSION = "0.1.0"


@dataclass(frozen=True)
class Provenance:
    """Version, seed and parameters of the engine, and the fingerprint of what it was given."""

    version: str
    seed: int
    parameters: Mapping[str, Any]
    fingerprint: str
