"""Seeded draws that come out the same on every machine."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """One stream of draws for one subject, so that a change in one table leaves the others as they were.

    It asks Python's generator for `random()` only: the one stream that Python promises to keep.
    """

    def __init__(self, seed: int, subject: str) -> None:
        self._draw = random.Random(f"{seed} {subject}").random

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._draw() * (high - low + 1))

    def yes(self, share: float) -> bool:
        return self._draw() < share

    def one(self, things: Sequence[T]) -> T:
        return things[self.between(0, len(things) - 1)]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One key, drawn in proportion to its weight."""
        left = self._draw() * sum(weights.values())
        for thing, weight in weights.items():
            left -= weight
            if left < 0:
                return thing
        return thing

    def some(self, things: Sequence[T], count: int) -> list[T]:
        """So many different places of the sequence, in drawn order; all of them if there are fewer."""
        pool = list(things)
        return [pool.pop(self.between(0, len(pool) - 1)) for _ in range(min(count, len(pool)))]

    def shuffled(self, things: Sequence[T]) -> list[T]:
        return self.some(things, len(things))
