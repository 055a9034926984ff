"""The thousand invented organisations: who they are, where they sit in the chains, what they can show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from samples.generator.chance import Chance
from samples.generator.names import Brands, Naming
from samples.generator.sources import Country, Text, countries, nodes, parts, rows, text, usual

HOME = "CN"
NEIGHBOUR = 0.25  # share of enterprises that sit on a second node of their chain
STRENGTH = 0.85  # share of enterprises from abroad that do what their country is known for
SERVICE_NODES = {
    "university": ("sc-training",),
    "institute": ("sc-testing", "sc-design"),
    "association": ("sc-advice",),
    "agency": ("sc-advice",),
    "financier": ("sc-finance",),
}
FIELD_FIRST = ("university", "institute", "association")  # their booth stands with the field they serve


@dataclass(frozen=True)
class Seat:
    """A place to be filled by an organisation."""

    role: str
    kind: str
    country: str


@dataclass(frozen=True, eq=False)
class Organisation:
    """`brand` is the word its products carry; `language` the one it writes its titles in."""

    id: str
    role: str
    kind: str
    size: str
    country: str
    city: Text
    brand: Text
    name: Text
    language: str
    nodes: tuple[str, ...]
    certificates: tuple[str, ...]
    delegates: int

    @property
    def field(self) -> str:
        """The node it knows best: its own, or for a body that serves others, the one it serves."""
        return _field(self.nodes)

    @property
    def desk(self) -> str:
        """The node it buys from the market as: its own, or for other bodies, the service they give."""
        if self.kind == "enterprise":
            return self.nodes[0]
        return next((node for node in self.nodes if node.startswith("sc-")), self.nodes[0])


def _field(among: Sequence[str]) -> str:
    return next((node for node in among if not node.startswith("sc-")), among[0])


def draw_organisations(seed: int) -> list[Organisation]:
    """Exhibitors first, then buyers and visitors."""
    chance = Chance(seed, "organisations")
    brands = {name: Brands(chance, name) for name in sorted({row["brands"] for row in rows("brands")})}
    houses = iter(rows("international"))
    return [
        _international(chance, number, next(houses))
        if seat.kind == "international"
        else _organisation(chance, number, seat, brands)
        for number, seat in enumerate(seats(chance), start=1)
    ]


def seats(chance: Chance) -> Iterator[Seat]:
    """Kinds and countries in their fixed numbers, dealt to each other by chance."""
    for exhibiting in (True, False):
        posts = [
            (row["role"], row["kind"])
            for row in rows("populations")
            if (row["role"] == "exhibitor") == exhibiting
            for _ in range(int(row["count"]))
        ]
        homes = chance.shuffled(list(_homes(exhibiting)))
        for role, kind in chance.shuffled(posts):
            yield Seat(role, kind, "" if kind == "international" else homes.pop())


def _homes(exhibiting: bool) -> Iterator[str]:
    for code, country in countries().items():
        yield from [code] * (country.exhibitors if exhibiting else country.visitors)


def _organisation(chance: Chance, number: int, seat: Seat, brands: Mapping[str, Brands]) -> Organisation:
    country = countries()[seat.country]
    size = _size(chance) if seat.kind == "enterprise" else ""
    own_nodes = _nodes(chance, seat, country)
    brand = brands[country.brands].take(country.language)
    city = chance.one(country.cities)
    naming = Naming(brand, city, nodes()[_field(own_nodes)], country)
    return Organisation(
        id=f"o{number:04}",
        role=seat.role,
        kind=seat.kind,
        size=size,
        country=seat.country,
        city=city,
        brand=brand,
        name=naming.name(chance, seat.kind, size),
        language=country.language,
        nodes=own_nodes,
        certificates=_certificates(chance, seat.country, size, own_nodes[0]),
        delegates=int(chance.one(parts(sizes()[size]["delegates"]))),
    )


def _international(chance: Chance, number: int, house: Mapping[str, str]) -> Organisation:
    return Organisation(
        id=f"o{number:04}",
        role="exhibitor",
        kind="international",
        size="",
        country="",
        city={},
        brand={"en": house["name:en"], "zh-Hans": house["name:zh-Hans"]},
        name=text(house, "name"),
        language="en",
        nodes=(house["node"],),
        certificates=(),
        delegates=chance.between(1, 2),
    )


@cache
def sizes() -> dict[str, dict[str, str]]:
    return {row["size"]: row for row in rows("sizes")}


def _size(chance: Chance) -> str:
    return chance.weighted({size: int(row["share"]) for size, row in sizes().items()})


def _nodes(chance: Chance, seat: Seat, country: Country) -> tuple[str, ...]:
    """An enterprise sits on one node, some on a neighbour too; other bodies serve one from their desk."""
    if seat.kind != "enterprise":
        served, desk = _node(chance, "visitor", goods=True), chance.one(SERVICE_NODES[seat.kind])
        return (served, desk) if seat.kind in FIELD_FIRST else (desk, served)
    known_for = country.strengths if chance.yes(STRENGTH) else ()
    first = chance.one(known_for) if known_for else _node(chance, seat.role)
    neighbours = [node for node in nodes() if _adjacent(first, node)]
    second = (chance.one(neighbours),) if neighbours and chance.yes(NEIGHBOUR) else ()
    return (first, *second)


def _adjacent(first: str, second: str) -> bool:
    a, b = nodes()[first], nodes()[second]
    return a.chain == b.chain and (a.id in b.feeds or b.id in a.feeds)


def _node(chance: Chance, role: str, *, goods: bool = False) -> str:
    """A chain by its share of the halls, then a node by its stage."""
    chains = {row["chain"]: int(row["exhibitors"]) for row in rows("chains")}
    if goods:
        del chains["services"]
    chain = chance.weighted(chains)
    pull = {row["stage"]: int(row[role]) for row in rows("stages")}
    return chance.weighted({node.id: pull[node.stage] for node in nodes().values() if node.chain == chain})


def _certificates(chance: Chance, country: str, size: str, node: str) -> tuple[str, ...]:
    """What a firm of this node and size usually holds; some are given at home only."""
    likely = float(sizes()[size]["certified"])
    return tuple(
        row["certificate"]
        for row in rows("certificates")
        if usual(row, node) and (row["home"] == "no" or country == HOME)
        if chance.yes(float(row["share"]) * likely)
    )
