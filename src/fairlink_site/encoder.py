"""The site's encoder: one for each process, all of them with one store of vectors below FAIRLINK_HOME."""

from __future__ import annotations

import os
from functools import cache

from django.conf import settings

from fairlink.encoding import Cached, installed


@cache
def encoder() -> Cached | None:
    """The installed encoder, unless FAIRLINK_ENCODER=none."""
    found = None if os.environ.get("FAIRLINK_ENCODER") == "none" else installed()
    return None if found is None else Cached(found, settings.HOME / "vectors")
