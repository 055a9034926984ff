"""Invented names: brand words that are given once, set into the naming habits of a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from samples.generator.chance import Chance
from samples.generator.sources import Country, Node, Text, rows


class Brands:
    """The brand words of one language, in own script and Latin letters."""

    def __init__(self, chance: Chance, name: str) -> None:
        syllables = [row for row in rows("brands") if row["brands"] == name]
        firsts = [row for row in syllables if row["place"] == "first"]
        seconds = [row for row in syllables if row["place"] == "second"] or [{"text": "", "latin": ""}]
        words = [(a["text"] + b["text"], a["latin"] + b["latin"]) for a in firsts for b in seconds]
        self._left = chance.shuffled(words)

    def take(self, language: str) -> dict[str, str]:
        own, latin = self._left.pop()
        return {"en": latin, language: own}


@dataclass(frozen=True)
class Naming:
    """What a name is made of."""

    brand: Text
    city: Text
    node: Node
    country: Country

    def name(self, chance: Chance, kind: str, size: str) -> dict[str, str]:
        pattern = chance.one([row for row in rows("names") if self._suits(row, kind, size)])
        names = {self.country.language: self._filled(pattern["own"], self.country.language)}
        if pattern["en"]:
            names["en"] = self._filled(pattern["en"], "en")
        return names

    def _suits(self, row: Mapping[str, str], kind: str, size: str) -> bool:
        return (
            row["language"] == self.country.language
            and row["kind"] == kind
            and row["chain"] in ("", self.node.chain)
            and row["size"] in ("", size)
        )

    def _filled(self, pattern: str, language: str) -> str:
        parts = {"brand": self.brand, "city": self.city, "trade": self.node.trade}
        words = {part: of.get(language, of["en"]) for part, of in parts.items()}
        return pattern.format(**words, legal=self.country.legal)
