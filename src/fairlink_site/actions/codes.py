"""Read the names of all codes, so that forms can propose codes by what they mean."""

from __future__ import annotations

from collections.abc import Callable

from fairlink import classification
from fairlink_site.encoder import encoder


def read_names(progress: Callable[[str, int, int], None] | None = None) -> None:
    """Some twelve seconds, once for ever: the vectors stay below FAIRLINK_HOME."""
    reader = encoder()
    if reader is not None and not classification.is_warm(reader):
        classification.warm(reader, progress)
