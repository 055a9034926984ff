"""Where the parts of a large computation are done. The answer is the same wherever, and in the order of the parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from fairlink.executors.cluster import Cluster
from fairlink.executors.processes import Processes
from fairlink.executors.threads import Threads

__all__ = ["Cluster", "Executor", "Processes", "Threads"]

Part = TypeVar("Part")
Result = TypeVar("Result")


class Executor(Protocol):
    """Somebody who does parts of a computation."""

    def map_partitions(self, function: Callable[[Part], Result], parts: Iterable[Part]) -> Iterator[Result]:
        """The result of each part, in the order of the parts."""
        ...
