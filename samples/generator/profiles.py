"""The organisations' rows: languages, markets, presence and a few words about each."""

from __future__ import annotations

from collections.abc import Sequence

from samples.generator.chance import Chance
from samples.generator.organisations import HOME, Organisation, sizes
from samples.generator.sources import countries, lowered, nodes, rows, text
from samples.generator.writing import Row

MEETING_CAPS = {2: 20, 3: 28}  # by delegates; one delegate follows the edition's rule
ONLINE = 0.12  # of those without a booth, one in twenty of all
PARTLY_ABSENT = 0.04
FIRST_MORNING = tuple(f"d1-{k:02}" for k in range(1, 6))
LAST_MORNING = tuple(f"d5-{k:02}" for k in range(1, 6))
PEOPLE = {"micro": (4, 9), "small": (11, 49), "medium": (60, 290), "large": (310, 4200), "": (40, 400)}


def organisation_rows(seed: int, organisations: Sequence[Organisation]) -> list[Row]:
    chance = Chance(seed, "organisation rows")
    return [_row(chance, organisation) for organisation in organisations]


def _row(chance: Chance, organisation: Organisation) -> Row:
    return {
        "id": organisation.id,
        "name": organisation.name,
        "kind": organisation.kind,
        "size": organisation.size,
        "country": organisation.country,
        "city": organisation.city.get("en", ""),
        "role": organisation.role,
        "nodes": organisation.nodes,
        "languages": _languages(chance, organisation),
        "markets": _markets(chance, organisation),
        "certificates": organisation.certificates,
        "delegates": organisation.delegates,
        "meeting_cap": MEETING_CAPS.get(organisation.delegates),
        "online": organisation.role != "exhibitor" and chance.yes(ONLINE),
        "closed": chance.one((FIRST_MORNING, LAST_MORNING)) if chance.yes(PARTLY_ABSENT) else (),
        "description": _description(chance, organisation) if chance.yes(1 / 3) else {},
    }


def _languages(chance: Chance, organisation: Organisation) -> tuple[str, ...]:
    spoken = {organisation.language: 1.0, "en": 0.9, "zh-Hans": 0.25}
    if organisation.country == HOME:
        spoken["en"] = float(sizes()[organisation.size]["english"])
    return tuple(tag for tag, share in spoken.items() if tag == organisation.language or chance.yes(share))


def _markets(chance: Chance, organisation: Organisation) -> tuple[str, ...]:
    """Half say nothing: everywhere. Those from abroad who say something say the host country first."""
    if not organisation.country or chance.yes(0.5):
        return ()
    abroad = [code for code in countries() if code not in (HOME, organisation.country)]
    chosen = sorted(chance.some(abroad, chance.between(2, 6)))
    home = chance.yes(0.5) if organisation.country == HOME else True
    return (HOME, *chosen) if home else tuple(chosen)


def _description(chance: Chance, organisation: Organisation) -> dict[str, str]:
    pattern = text(chance.one([row for row in rows("descriptions") if row["kind"] == organisation.kind]))
    facts = {
        "year": chance.between(1985, 2020),
        "people": chance.between(*PEOPLE[organisation.size]),
        "share": chance.between(5, 40),
    }
    field = nodes()[organisation.field].name
    language = "zh-Hans" if organisation.country == HOME else "en"
    wanted = (language, "en") if chance.yes(0.5) else (language,)
    return {tag: pattern[tag].format(node=lowered(field[tag]), **facts) for tag in dict.fromkeys(wanted)}
