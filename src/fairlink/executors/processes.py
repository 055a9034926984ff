"""Several processes of this machine."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from weakref import finalize

from fairlink.errors import WorkersLost
from fairlink.executors.sharing import Shared

_TRIES = 3  # of a part whose workers die
_AHEAD = 2  # parts a worker that are asked for before the first is taken


class Processes:
    """Processes of this machine, begun at the first part and kept until `close`, or until nobody holds this.

    Functions and parts must pickle; the arrays of a function are written to a temporary folder once, and mapped. When
    a worker dies, the parts that it and its fellows had are done again by new ones; WorkersLost when that happens
    three times to one part.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def map_partitions(self, function: Callable[[Any], Any], parts: Iterable[Any]) -> Iterator[Any]:
        with TemporaryDirectory(prefix="fairlink-", ignore_cleanup_errors=True) as folder:
            shared, waiting = Shared(function, Path(folder)), deque[tuple[Any, Future[Any]]]()
            for part in parts:
                waiting.append((part, self._ask(shared, part)))
                if len(waiting) > _AHEAD * self.workers:
                    yield self._taken(shared, waiting)
            while waiting:
                yield self._taken(shared, waiting)

    def _taken(self, shared: Shared, waiting: deque[tuple[Any, Future[Any]]]) -> Any:
        """The first result that is waited for."""
        for _ in range(_TRIES):
            try:
                found = waiting[0][1].result()
            except BrokenProcessPool:
                self.close()
                again = [(part, self._ask(shared, part)) for part, _ in waiting]
                waiting.clear()
                waiting.extend(again)
            else:
                waiting.popleft()
                return found
        raise WorkersLost(_TRIES)

    def _ask(self, shared: Shared, part: Any) -> Future[Any]:
        """A pool that broke while nobody looked takes no parts: begin another."""
        with suppress(BrokenProcessPool):
            return self._begun().submit(shared, part)
        self.close()
        return self._begun().submit(shared, part)

    def _begun(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Not forked: threads of the one who asks may hold locks.
            self._pool = ProcessPoolExecutor(self.workers, get_context("spawn"), initializer=_alone)
            finalize(self, self._pool.shutdown, wait=False)
        return self._pool

    def close(self) -> None:
        """End the processes; the next part begins new ones."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None


def _alone() -> None:
    """One thread a process for linear algebra: as many as there are cores would wait for one another."""
    with suppress(ImportError):
        from threadpoolctl import threadpool_limits

        threadpool_limits(1)
