"""Packages that only some commands need: imported at their first use, named with the remedy when they are missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from fairlink.errors import MissingPackage


def package(module: str, *, extra: str) -> Any:
    """The module. Raises MissingPackage, which names the extra of Fairlink that brings it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise MissingPackage(module.partition(".")[0], extra) from error
