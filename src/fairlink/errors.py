"""Every error raised on purpose, under one root. Errors carry code, place and data; doors give them words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


class FairlinkError(Exception):
    """Root of everything Fairlink raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an expo: a code, the place where it stands, and the data a sentence needs.

    `row` counts records from 0; `line` is the line of the file, from 1, where there is a file.
    """

    code: str
    table: str
    row: int | None = None
    column: str | None = None
    line: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        place = [self.table]
        if self.line is not None:
            place.append(f"line {self.line}")
        elif self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            place.append(self.column)
        facts = ", ".join(f"{key}={value!r}" for key, value in self.data.items())
        return f"{', '.join(place)}: {self.code}" + (f" ({facts})" if facts else "")


class BadExpo(FairlinkError):
    """The description of an expo contradicts itself or cannot be read; `problems` names every place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


class BadArray(FairlinkError, ValueError):
    """An array does not fit its noun: wrong shape or type, NaN, or a row number that does not exist."""


class WorkersLost(FairlinkError):
    """Workers died over one part of a computation, `times` in a row: it is too large for them, or it ends them."""

    def __init__(self, times: int) -> None:
        self.times = times
        super().__init__(
            f"workers_lost: {times} died over one part; give them more memory, or take fewer of them"
        )


class MissingPackage(FairlinkError):
    """What was asked for needs a package that is not installed; `extra` of Fairlink brings it."""

    def __init__(self, module: str, extra: str) -> None:
        self.module, self.extra = module, extra
        super().__init__(f"missing_package: {module} is not installed; pip install 'fairlink[{extra}]'")
