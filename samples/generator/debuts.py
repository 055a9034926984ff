"""What exhibitors show for the first time, and what is published at the expo."""

from __future__ import annotations

from samples.generator.chance import Chance
from samples.generator.edition import DAYS
from samples.generator.organisations import Organisation
from samples.generator.sources import Phrase, parts, phrases, rows, text
from samples.generator.writing import Row

COUNT = 62
KINDS = {"product": 45, "technology": 12, "service": 5}
SCOPES = {"world": 18, "region": 15, "expo": 29}
EVIDENCE = {"stated": 50, "document": 35, "verified": 15}


def draw_debuts(seed: int, organisations: list[Organisation]) -> list[Row]:
    chance = Chance(seed, "debuts")
    exhibitors = [one for one in organisations if one.role == "exhibitor"]
    showing = [one for one in exhibitors if one.kind in ("enterprise", "institute")]
    chosen = chance.some(showing, COUNT)
    return [_debut(chance, number, one) for number, one in enumerate(chosen, start=1)]


def _debut(chance: Chance, number: int, organisation: Organisation) -> Row:
    kinds = {kind: found for kind in KINDS if (found := _novelties(kind, organisation.field))}
    kind = chance.weighted({kind: KINDS[kind] for kind in kinds})
    phrase = chance.one(kinds[kind])
    return {
        "id": f"db{number:02}",
        "organisation": organisation.id,
        "kind": kind,
        "name": _name(chance, kind, organisation, phrase),
        "scope": chance.weighted(SCOPES),
        "node": phrase.node,
        "day": chance.one(DAYS[:4]),
        "evidence": chance.weighted(EVIDENCE),
    }


def _novelties(kind: str, node: str) -> list[Phrase]:
    if kind == "technology":
        return list(phrases("innovation", node))
    return [phrase for phrase in phrases("trade", node) if (phrase.goods == "served") == (kind == "service")]


def _name(chance: Chance, kind: str, organisation: Organisation, phrase: Phrase) -> dict[str, str]:
    pattern = text(chance.one([row for row in rows("debuts") if row["kind"] == kind]))
    brand = organisation.brand
    said = {language: words.format(product=phrase.text[language]) for language, words in pattern.items()}
    return {
        "en": f"{brand['en']}: {said['en']}",
        "zh-Hans": f"「{brand.get('zh-Hans', brand['en'])}」{said['zh-Hans']}",
    }


def publications() -> list[Row]:
    """Written by hand in data/publications.csv."""
    return [
        {
            "id": f"pb{number:02}",
            "kind": row["kind"],
            "name": text(row, "name"),
            "issuers": parts(row["issuers"]),
            "languages": parts(row["languages"]),
            "day": row["day"],
        }
        for number, row in enumerate(rows("publications"), start=1)
    ]
