"""One decorator for the hot loops: machine code at the first call, kept on disk for the next process.

The cache on disk watches the file of a function, not the files of what it calls. So what was compiled from
other sources than those that lie in a room now is thrown away before anything of it is loaded.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])
_ROOMS = ("meetings", "partners")


def compiled(function: Function) -> Function:
    """`function` as machine code; it lets other threads run meanwhile."""
    return cast("Function", njit(cache=True, nogil=True)(function))


def _forget_other_sources(room: Path) -> None:
    """Remove machine code that these sources did not make; a folder that cannot be written is left alone."""
    sources = b"".join(path.read_bytes() for path in sorted(room.glob("*.py")))
    key = hashlib.sha256(sources).hexdigest()
    mark = room / "__pycache__" / "compiled-from"
    with contextlib.suppress(OSError):
        if mark.exists() and mark.read_text() == key:
            return
        mark.parent.mkdir(exist_ok=True)
        for code in mark.parent.glob("*.nb[ic]"):
            code.unlink(missing_ok=True)
        mark.write_text(key)


for _room in _ROOMS:
    _forget_other_sources(Path(__file__).parent / _room)
