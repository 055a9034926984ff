"""Choices of the library as Django wants them; their words stand in the catalogue, not in the database."""

from __future__ import annotations

from collections.abc import Iterable


def choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(code, code) for code in codes]
