"""One decorator for the hot loops: machine code at the first call, kept on disk for the next process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """`function` as machine code.

    Danger: the cache on disk watches the file of the function, not the files of what it calls. After a
    change in `rules.py` or `book.py`, remove the `__pycache__` of this folder.
    """
    return cast(Function, njit(cache=True, nogil=True)(function))
