"""The threads of this process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any


class Threads:
    """The threads of this process: machine code and linear algebra let one another run."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or os.cpu_count() or 1

    def map_partitions(self, function: Callable[[Any], Any], parts: Iterable[Any]) -> Iterator[Any]:
        if self.workers == 1:
            yield from map(function, parts)
            return
        with ThreadPoolExecutor(self.workers) as pool:
            yield from pool.map(function, parts)
