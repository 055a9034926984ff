"""Values in files, their arrays beside the rest: a worker maps what it needs, and no part carries it along."""

from __future__ import annotations

import mmap
import pickle
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

_LINE = 64  # bytes: every array begins at a line of the processor's cache
_HELD = 2  # functions whose arrays a worker keeps mapped


class Shared:
    """A function that lies in a file; whoever calls it maps the file once."""

    def __init__(self, function: Any, folder: Path) -> None:
        self.path = write(function, folder)

    def __call__(self, part: Any) -> Any:
        return _held(self.path)(part)


class Filed:
    """The same, and each result is left in the folder of the file: what comes back is where."""

    def __init__(self, function: Any, folder: Path) -> None:
        self.shared = Shared(function, folder)

    def __call__(self, part: Any) -> Path:
        return write(self.shared(part), self.shared.path.parent)


def write(value: Any, folder: Path) -> Path:
    """A new file in a folder. It gets its name when it is whole, so that nobody reads half of it."""
    arrays: list[pickle.PickleBuffer] = []
    rest = pickle.dumps(value, protocol=5, buffer_callback=arrays.append)
    sizes = [array.raw().nbytes for array in arrays]
    head = pickle.dumps((len(rest), sizes))
    # Two workers may write the result of one part, where one was thought dead.
    path = folder / uuid4().hex
    with path.with_suffix(".part").open("wb") as file:
        file.write(len(head).to_bytes(8, "little") + head + rest)
        for array in arrays:
            file.write(bytes(-file.tell() % _LINE))
            file.write(array.raw())
    path.with_suffix(".part").replace(path)
    return path


def read(path: Path) -> Any:
    """The value. Its arrays are pages of the file, shared by all who read it until they change one."""
    with path.open("rb") as file:
        # What a worker changes stays its own: arrays of one kind, not of two, are what machine code is made for.
        pages = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
    start = 8 + int.from_bytes(pages[:8], "little")
    rest, sizes = pickle.loads(pages[8:start])  # noqa: S301  written above, in a folder of our own
    arrays, at = [], start + rest
    for size in sizes:
        at += -at % _LINE
        arrays.append(pages[at : at + size])
        at += size
    return pickle.loads(pages[start : start + rest], buffers=arrays)  # noqa: S301  likewise


@lru_cache(maxsize=_HELD)
def _held(path: Path) -> Any:
    return read(path)
