"""Who is to be seen in an edition, and how many each filter leaves, counted without asking the database each time.

For every value of every filter one whole number, whose bit i says whether the i-th organisation in order of its
code has it. A filter is an intersection of such numbers. They are kept by each process until the history of the
edition goes on, which it does with every change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Max

from fairlink_site import search
from fairlink_site.models import Edition, Node, Organisation

OF_NODES = ("chain", "stage", "node")  # filters that one link of the chain must satisfy together
OF_ORGANISATIONS = ("country", "kind", "size", "role")
FILTERS = (*OF_NODES, *OF_ORGANISATIONS)


@dataclass(frozen=True, eq=False)
class Facets:
    """The visible organisations of an edition as bits."""

    keys: tuple[int, ...]  # primary keys, in order of codes
    place: Mapping[int, int]  # primary key → bit
    values: Mapping[str, Mapping[str, int]]  # filter of organisations → value → bits
    nodes: tuple[
        tuple[Mapping[str, str], int], ...
    ]  # of each link: its chain, stage and code; who stands there

    @property
    def everybody(self) -> int:
        return (1 << len(self.keys)) - 1

    def searched(self, edition: Edition, query: str) -> int:
        """Those in whom every word of a query stands; everybody where it has none."""
        if not query.strip():
            return self.everybody
        matching = search.matching(edition.organisations.visible(), query)
        return _bits(self.place[key] for key in matching.values_list("pk", flat=True) if key in self.place)

    def left(self, asked: Mapping[str, str], *, without: str = "") -> int:
        """Those whom the filters leave, one of them perhaps not asked."""
        bits = self.everybody
        for name in OF_ORGANISATIONS:
            if asked.get(name) and name != without:
                bits &= self.values[name].get(asked[name], 0)
        wanted = {name: asked[name] for name in OF_NODES if asked.get(name) and name != without}
        if wanted:
            bits &= _any(here for node, here in self.nodes if wanted.items() <= node.items())
        return bits

    def counts(self, name: str, asked: Mapping[str, str], among: int) -> dict[str, int]:
        """Value of a filter → how many it would leave of those whom the other filters and the search leave."""
        rest = self.left(asked, without=name) & among
        if name in OF_ORGANISATIONS:
            counted = {value: (bits & rest).bit_count() for value, bits in self.values[name].items()}
        else:
            others = {one: asked[one] for one in OF_NODES if asked.get(one) and one != name}
            standing: dict[str, int] = defaultdict(int)
            for node, here in self.nodes:
                if others.items() <= node.items():
                    standing[node[name]] |= here
            counted = {value: (bits & rest).bit_count() for value, bits in standing.items()}
        return {value: number for value, number in counted.items() if number}

    def ordered(self, bits: int) -> list[int]:
        """The primary keys of some, in order of their codes."""
        return [self.keys[place] for place, bit in enumerate(reversed(f"{bits:b}")) if bit == "1"]


def facets(edition: Edition) -> Facets:
    """Of the edition as it is now. Three small queries, and two large ones after a change."""
    past = (
        model.history.filter(edition=edition.pk).aggregate(last=Max("history_id"))["last"]
        for model in (Organisation, Node)
    )
    return _made(edition.pk, edition.organisations.visible().count(), *past)


@lru_cache(maxsize=8)
def _made(edition: int, number: int, *past: int) -> Facets:
    """`number` and `past` say how old it is."""
    keys, place = [], {}
    values: dict[str, dict[str, list[int]]] = {name: defaultdict(list) for name in OF_ORGANISATIONS}
    visible = Organisation.objects.visible().filter(edition=edition).order_by("code")
    for bit, (key, *facts) in enumerate(visible.values_list("pk", *OF_ORGANISATIONS)):
        keys.append(key)
        place[key] = bit
        for name, value in zip(OF_ORGANISATIONS, facts, strict=True):
            if value:
                values[name][value].append(bit)
    standing: dict[int, list[int]] = defaultdict(list)
    pairs = Organisation.nodes.through.objects.filter(node__edition=edition)
    for node, key in pairs.values_list("node", "organisation"):
        if key in place:
            standing[node].append(place[key])
    nodes = Node.objects.filter(edition=edition).values_list("pk", "chain__code", "stage", "code")
    return Facets(
        keys=tuple(keys),
        place=place,
        values={name: {value: _bits(bits) for value, bits in of.items()} for name, of in values.items()},
        nodes=tuple(
            (dict(zip(OF_NODES, facts, strict=True)), _bits(standing[node])) for node, *facts in nodes
        ),
    )


def _bits(places: Iterator[int] | list[int]) -> int:
    """The whole number with these bits."""
    found = bytearray()
    for place in places:
        byte = place >> 3
        if byte >= len(found):
            found.extend(bytes(byte + 1 - len(found)))
        found[byte] |= 1 << (place & 7)
    return int.from_bytes(found, "little")


def _any(many: Iterator[int]) -> int:
    bits = 0
    for one in many:
        bits |= one
    return bits
