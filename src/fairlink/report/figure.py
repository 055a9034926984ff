"""A figure: one number with its code, unit and the rows it counts; and the registry of all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

from fairlink.expo import Expo
from fairlink.meetings import Timetable
from fairlink.partners import Suggestions

Value: TypeAlias = int | float | Decimal


@dataclass(frozen=True)
class Sources:
    """What figures are counted from; matching and timetable may not have been run yet."""

    expo: Expo
    suggestions: Suggestions | None = None
    timetable: Timetable | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """`unit` is count, share, points, or a currency (ISO 4217); `rows` are the ids of what was counted."""

    code: str
    value: Value
    unit: str
    rows: tuple[str, ...] = ()


Counted: TypeAlias = tuple[Value, Sequence[str]]
Count = TypeVar("Count", bound=Callable[[Sources], Any])
_FIGURES: dict[str, tuple[str, Callable[[Sources], Any]]] = {}


def figure(unit: str = "count") -> Callable[[Count], Count]:
    """Register a function as a figure of its own name. It returns value and rows, or None for no figure yet.

    unit `reporting` or `second` stands for the edition's currencies.
    """

    def register(count: Count) -> Count:
        _FIGURES[count.__name__] = unit, count
        return count

    return register


def codes(room: str = "") -> tuple[str, ...]:
    """The codes of all figures, or of those of one room (module), in the order in which they are told."""
    return tuple(code for code, (_, count) in _FIGURES.items() if count.__module__.endswith(room))


def figures(
    expo: Expo, suggestions: Suggestions | None = None, timetable: Timetable | None = None
) -> Mapping[str, Figure]:
    """Every figure that can be counted, by code."""
    sources = Sources(expo, suggestions, timetable)
    edition = expo.edition
    units = {"reporting": edition.currency, "second": edition.second_currency}
    found = {}
    for code, (unit, count) in _FIGURES.items():
        counted = count(sources)
        if counted is not None:
            value, rows = counted
            found[code] = Figure(code, value, units.get(unit, unit), tuple(rows))
    return found
