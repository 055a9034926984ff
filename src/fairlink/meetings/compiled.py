"""One decorator for the hot loops: machine code at the first call, kept on disk for the next process.

The cache on disk watches the file of a function, not the files of what it calls. So what was compiled from
other sources than those that lie here now is thrown away before anything is loaded.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])
_ROOM = Path(__file__).parent


def compiled(function: Function) -> Function:
    """`function` as machine code."""
    return cast("Function", njit(cache=True, nogil=True)(function))


def _forget_other_sources() -> None:
    """Remove machine code that these sources did not make; a folder that cannot be written is left alone."""
    sources = b"".join(path.read_bytes() for path in sorted(_ROOM.glob("*.py")))
    key = hashlib.sha256(sources).hexdigest()
    mark = _ROOM / "__pycache__" / "compiled-from"
    with contextlib.suppress(OSError):
        if mark.exists() and mark.read_text() == key:
            return
        mark.parent.mkdir(exist_ok=True)
        for code in mark.parent.glob("*.nb[ic]"):
            code.unlink(missing_ok=True)
        mark.write_text(key)


_forget_other_sources()
