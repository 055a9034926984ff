"""The workers of a Dask cluster, on this machine or on several: the extra `cluster`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fairlink.errors import WorkersLost
from fairlink.executors.sharing import Filed, read

_AHEAD = 4  # parts a worker that are asked for before the first is taken


class Cluster:
    """The workers of a `distributed.Client`, which whoever asks has connected, with TLS where machines are apart.

    Arrays go through files in `folder`, which all workers must see under one name: a temporary folder of this machine
    unless given. Dask gives the parts of a worker that dies to another; WorkersLost after the fourth
    death over one part.
    """

    def __init__(self, client: Any, folder: Path | None = None) -> None:
        self.client, self.folder = client, folder

    def map_partitions(self, function: Callable[[Any], Any], parts: Iterable[Any]) -> Iterator[Any]:
        with TemporaryDirectory(prefix="fairlink-", dir=self.folder, ignore_cleanup_errors=True) as folder:
            filed, waiting = Filed(function, Path(folder)), deque[Any]()
            for part in parts:
                # Not pure: two calls with one part are not known to be one, and need not be looked through for it.
                waiting.append(self.client.submit(filed, part, pure=False))
                if len(waiting) > _AHEAD * max(len(self.client.nthreads()), 1):
                    yield _taken(waiting.popleft())
            while waiting:
                yield _taken(waiting.popleft())


def _taken(future: Any) -> Any:
    from distributed import KilledWorker

    try:
        path = future.result()
    except KilledWorker as error:
        raise WorkersLost(error.allowed_failures + 1) from error
    found = read(path)
    path.unlink()
    return found
