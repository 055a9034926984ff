"""What the organisations offer and need: drawn from where they sit and from who buys what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from samples.generator.chance import Chance
from samples.generator.organisations import Organisation
from samples.generator.sources import Phrase, lowered, nodes, parts, phrases, rows, who_buys_what

FUNCTIONS = ("trade", "investment", "innovation", "learning")
FIRST_NODE = 0.75  # share of an enterprise's goods that come from its first node
OWN_LANGUAGE = 12  # how much rather a phrase is taken that stands in the own language


@dataclass(frozen=True, eq=False)
class Listing:
    """An offer or a need of its owner, for the thing the phrase names."""

    side: str
    function: str
    owner: Organisation
    phrase: Phrase

    @property
    def subject(self) -> tuple[str, str]:
        """An offer fits a need of the same subject. Money fits a node, everything else a thing."""
        return self.function, self.phrase.node if self.function == "investment" else self.phrase.text["en"]


def draw_listings(seed: int, side: str, organisations: Sequence[Organisation]) -> list[Listing]:
    """All offers, or all needs."""
    chance = Chance(seed, side)
    return [listing for one in organisations for listing in _listings_of(chance, side, one)]


def _listings_of(chance: Chance, side: str, owner: Organisation) -> list[Listing]:
    """As many as its role and size ask for, all different; tried three times as often, then it is enough."""
    amounts = next(row for row in rows("amounts") if (row["role"], row["size"]) == (owner.role, owner.size))
    mix = next(row for row in rows("mixes") if (row["kind"], row["side"]) == (owner.kind, side))
    weights = {function: int(mix[function]) for function in FUNCTIONS}
    count = int(chance.one(parts(amounts[f"{side}s"])))
    found: dict[tuple[str, str], Listing] = {}
    for _ in range(3 * count):
        if len(found) == count:
            break
        function = chance.weighted(weights)
        listing = Listing(side, function, owner, _phrase(chance, side, function, owner))
        found.setdefault(listing.subject, listing)
    return list(found.values())


def _phrase(chance: Chance, side: str, function: str, owner: Organisation) -> Phrase:
    if function == "innovation":
        return chance.one(phrases("innovation", owner.field))
    if function == "learning":
        return _spoken(chance, owner, _lessons(owner))
    if function == "investment" and side == "offer":
        return _money_for(owner.field)
    if function == "investment":
        return _spoken(chance, owner, phrases("trade", owner.field))
    node = _sold(chance, owner) if side == "offer" else chance.weighted(who_buys_what()[owner.desk])
    return _spoken(chance, owner, phrases("trade", node))


def _sold(chance: Chance, owner: Organisation) -> str:
    """Enterprises sell from their nodes, mostly the first; other bodies from their desk."""
    if owner.kind != "enterprise":
        return owner.desk
    return owner.nodes[0] if chance.yes(FIRST_NODE) else owner.nodes[-1]


def _lessons(owner: Organisation) -> list[Phrase]:
    """Training in its own chain, or for any."""
    fields = (nodes()[owner.field].chain, "services")
    return [phrase for phrase in phrases("learning") if nodes()[phrase.node].chain in fields]


def _spoken(chance: Chance, owner: Organisation, among: Sequence[Phrase]) -> Phrase:
    """Rather a phrase that the table has in the owner's language."""
    return chance.weighted({phrase: OWN_LANGUAGE if owner.language in phrase.text else 1 for phrase in among})


def _money_for(node: str) -> Phrase:
    name = {language: lowered(words) for language, words in nodes()[node].name.items()}
    return Phrase(node, "investment", (), "any", name)
