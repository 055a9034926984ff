"""The rows of offers and needs: how a trader would word them, with codes, terms and wishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from samples.generator.chance import Chance
from samples.generator.listings import Listing
from samples.generator.organisations import HOME
from samples.generator.sources import countries, nodes, parts, rows, text, usual
from samples.generator.writing import Row

LONGEST_TITLE = 90
IDS = {"offer": "of", "need": "ne"}
INCOTERMS = (("FOB",), ("FOB", "CIF"), ("EXW", "FOB"), ("CIF",), ("DAP",), ("CPT", "DAP"), ("FCA",))
SIZES_SOUGHT = (("micro", "small"), ("small", "medium"), ("medium", "large"))
KINDS_SOUGHT = {
    "trade": ("enterprise",),
    "investment": ("enterprise", "financier"),
    "innovation": ("enterprise", "university", "institute"),
    "learning": ("enterprise", "association"),
}
STEPS = (20, 30, 50, 80, 100, 200, 300, 500, 800, 1000, 2000, 5000)
THOUSANDS = ("pcs", "packs", "cartons")  # units that are counted in thousands
# How often a cell is filled: on offers, on needs.
QUANTITY = {"offer": 0.15, "need": 0.35}
MARKETS = {"offer": 0.15, "need": 0.10}
CERTIFICATES = {"offer": 0.30, "need": 0.22}
TERMS = {"offer": 0.35, "need": 0.20}


def listing_rows(seed: int, listings: Sequence[Listing]) -> list[Row]:
    chance = Chance(seed, f"{listings[0].side} rows")
    return [_row(chance, number, listing) for number, listing in enumerate(listings, start=1)]


def _row(chance: Chance, number: int, listing: Listing) -> Row:
    side, traded = listing.side, listing.function == "trade"
    goods = traded and listing.phrase.goods != "served"
    languages = _languages(chance, listing)
    return {
        "id": f"{IDS[side]}{number:05}",
        "organisation": listing.owner.id,
        "function": listing.function,
        "title": _title(chance, listing, languages),
        "summary": _summary(chance, listing, languages) if chance.yes(0.5) else {},
        "codes": _codes(chance, listing) if traded and chance.yes(0.86) else (),
        "node": listing.phrase.node,
        "quantity": _quantity(chance, listing) if goods and chance.yes(QUANTITY[side]) else "",
        "markets": _markets(chance, listing) if chance.yes(MARKETS[side]) else (),
        "certificates": _certificates(chance, listing) if traded and chance.yes(CERTIFICATES[side]) else (),
        "kinds": KINDS_SOUGHT[listing.function] if chance.yes(0.15) else (),
        "sizes": chance.one(SIZES_SOUGHT) if traded and chance.yes(0.15) else (),
        "incoterms": chance.one(INCOTERMS) if goods and chance.yes(TERMS[side]) else (),
    }


def _languages(chance: Chance, listing: Listing) -> tuple[str, ...]:
    """Its own language, mostly English beside it, and from abroad sometimes Chinese."""
    abroad = listing.owner.country != HOME
    own = listing.owner.language if listing.owner.language in listing.phrase.text else "en"
    english = ("en",) if chance.yes(0.85 if abroad else 0.6) else ()
    chinese = ("zh-Hans",) if abroad and chance.yes(0.2) else ()
    return tuple(dict.fromkeys((own, *english, *chinese)))


def _title(chance: Chance, listing: Listing, languages: Sequence[str]) -> dict[str, str]:
    """One way of saying it in all its languages, of those that stay short; at worst the bare thing."""
    product = listing.phrase.text
    ways = [row for row in rows("titles") if _suits(row, listing) and all(row[tag] for tag in languages)]
    said = [{tag: _sentence(row[tag], product[tag]) for tag in languages} for row in ways]
    weights = {
        number: int(row["weight"])
        for number, row in enumerate(ways)
        if max(map(len, said[number].values())) <= LONGEST_TITLE
    }
    if not weights:
        return {tag: _sentence("{product}", product[tag]) for tag in languages}
    return said[chance.weighted(weights)]


def _suits(row: Mapping[str, str], listing: Listing) -> bool:
    fits = (row["side"], row["function"]) == (listing.side, listing.function)
    return fits and (row["goods"] == "any" or listing.phrase.goods in parts(row["goods"]))


def _sentence(pattern: str, product: str) -> str:
    words = pattern.format(product=product)
    return words[:1].upper() + words[1:]


def _summary(chance: Chance, listing: Listing, languages: Sequence[str]) -> dict[str, str]:
    pattern = text(chance.one([row for row in rows("summaries") if _suits(row, listing)]))
    facts = {"year": chance.between(1990, 2020), "share": 5 * chance.between(3, 14)}
    return {tag: pattern[tag].format(**facts) for tag in languages if tag in pattern}


def _codes(chance: Chance, listing: Listing) -> tuple[str, ...]:
    """One code mostly, both sometimes, and for goods sometimes the heading alone."""
    codes = listing.phrase.codes
    if listing.phrase.goods != "served" and chance.yes(0.2):
        return (codes[0][:4],)
    return codes if chance.yes(0.25) else codes[:1]


def _quantity(chance: Chance, listing: Listing) -> str:
    unit = nodes()[listing.phrase.node].unit
    return f"{chance.one(STEPS) * (1000 if unit in THOUSANDS else 1)} {unit}"


def _markets(chance: Chance, listing: Listing) -> tuple[str, ...]:
    abroad = [code for code in countries() if code != listing.owner.country]
    return tuple(sorted(chance.some(abroad, chance.between(1, 4))))


def _certificates(chance: Chance, listing: Listing) -> tuple[str, ...]:
    """An offer shows what its owner holds; a need asks for what is usual at the node."""
    if listing.side == "offer":
        return listing.owner.certificates
    likely = {
        row["certificate"]: float(row["share"])
        for row in rows("certificates")
        if usual(row, listing.phrase.node) and row["home"] == "no"
    }
    return (chance.weighted(likely),) if likely else ()
