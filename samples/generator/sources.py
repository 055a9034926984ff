"""The small tables the expo is drawn from, read from data/; their origins stand in SOURCES.md."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
LANGUAGES = ("en", "zh-Hans", "fr", "es", "ar", "ru", "pt", "de", "ja", "ko", "th", "vi", "lo", "id")

Text = Mapping[str, str]  # language → words


@dataclass(frozen=True)
class Node:
    """A link of a chain. `trade` is the word a firm puts into its name; `volume` how large deals are."""

    id: str
    chain: str
    stage: str
    name: Text
    codes: tuple[str, ...]
    essential: bool
    feeds: tuple[str, ...]
    unit: str
    trade: Text
    goods: str
    volume: int


@dataclass(frozen=True, eq=False)
class Phrase:
    """What a trader calls a thing, in several languages. `goods` says which titles suit it."""

    node: str
    function: str
    codes: tuple[str, ...]
    goods: str
    text: Text


@dataclass(frozen=True)
class Country:
    code: str
    name: Text
    exhibitors: int
    visitors: int
    language: str
    brands: str
    legal: str
    cities: tuple[Text, ...]
    strengths: tuple[str, ...]


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """The rows of data/<table>.csv."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def parts(cell: str) -> tuple[str, ...]:
    """A cell that holds a list."""
    return tuple(part for part in cell.split("|") if part)


def usual(row: Mapping[str, str], node: str) -> bool:
    """Whether a certificate is usual at a node; the table writes a whole chain as the start of its ids."""
    return node.startswith(parts(row["nodes"]))


def text(row: Mapping[str, str], column: str = "") -> dict[str, str]:
    """The languages of a column; without a column name the headers are the languages."""
    head = f"{column}:" if column else ""
    return {language: row[head + language] for language in LANGUAGES if row.get(head + language)}


def lowered(words: str) -> str:
    """As it reads inside a sentence."""
    return words[:1].lower() + words[1:]


@cache
def nodes() -> dict[str, Node]:
    return {
        row["node"]: Node(
            id=row["node"],
            chain=row["chain"],
            stage=row["stage"],
            name=text(row, "name"),
            codes=parts(row["codes"]),
            essential=row["essential"] == "yes",
            feeds=parts(row["feeds"]),
            unit=row["unit"],
            trade=text(row, "trade"),
            goods=row["goods"],
            volume=int(row["volume"]),
        )
        for row in rows("nodes")
    }


@cache
def phrases(function: str, node: str = "") -> tuple[Phrase, ...]:
    """The phrases of a function, at one node or at all."""
    return tuple(
        Phrase(row["node"], function, parts(row["codes"]), _goods(row), text(row))
        for row in rows("phrases")
        if row["function"] == function and node in ("", row["node"])
    )


def _goods(row: Mapping[str, str]) -> str:
    return "served" if row["codes"].startswith("CPC") else nodes()[row["node"]].goods


@cache
def countries() -> dict[str, Country]:
    return {
        row["country"]: Country(
            code=row["country"],
            name=text(row, "name"),
            exhibitors=int(row["exhibitors"]),
            visitors=int(row["visitors"]),
            language=row["language"],
            brands=row["brands"],
            legal=row["legal"],
            cities=tuple({"en": city} for city in parts(row["cities"])) or _home_cities(),
            strengths=parts(row["strengths"]),
        )
        for row in rows("countries")
    }


def _home_cities() -> tuple[Text, ...]:
    return tuple({"en": row["city"], "zh-Hans": row["name:zh-Hans"]} for row in rows("cities"))


@cache
def who_buys_what() -> dict[str, dict[str, float]]:
    """Buying node → selling node → share of purchases."""
    shares: dict[str, dict[str, float]] = {}
    for row in rows("who_buys_what"):
        shares.setdefault(row["buyer"], {})[row["seller"]] = float(row["share"])
    return shares
