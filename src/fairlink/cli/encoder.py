"""The encoder of the command line, and where it keeps what it has encoded."""

from __future__ import annotations

import os
from pathlib import Path

from fairlink.encoding import Cached, installed


def encoder() -> Cached | None:
    """The installed encoder, unless FAIRLINK_ENCODER=none; vectors lie in FAIRLINK_CACHE, else the user's cache."""
    found = None if os.environ.get("FAIRLINK_ENCODER") == "none" else installed()
    if found is None:
        return None
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(os.environ.get("FAIRLINK_CACHE") or Path(caches) / "fairlink")
    try:
        return Cached(found, folder, processes=min(os.cpu_count() or 1, 4))
    except OSError:  # nowhere to keep them: encode again next time
        return Cached(found)
