"""The agreements: between parties whose offer and need fit, with the total of the closing conference."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from samples.generator.chance import Chance
from samples.generator.edition import DAYS, RATES
from samples.generator.listings import Listing
from samples.generator.organisations import HOME, Organisation
from samples.generator.sources import countries, nodes, rows, text
from samples.generator.writing import Row

TOTAL = 150_150_000_000  # yuan: a little above the 150 bn reported
FUNCTIONS = {"trade": 162, "innovation": 24, "investment": 14, "learning": 8}
MOST_EACH = 4  # agreements of one organisation
THIRD_PARTY = 0.12
WITHOUT_AMOUNT = 17
WEIGHT = {"micro": -6, "small": -2, "medium": 3, "large": 7, "": 2}
FUNCTION_WEIGHT = {"trade": 0, "innovation": -5, "investment": 2, "learning": -9}
CURRENCIES = {"CNY": 60, "USD": 28, "EUR": 12}  # where a party comes from abroad
DAY_WEIGHTS = dict(zip(DAYS, (20, 35, 50, 60, 35), strict=True))
BASES = {"one_off": 40, "annual": 35, "total": 25}
EVIDENCE = {
    "contract": {"stated": 10, "document": 60, "verified": 30},
    "delivered": {"document": 30, "verified": 70},
}
SOFT_EVIDENCE = {"stated": 65, "document": 32, "verified": 3}


@dataclass(frozen=True)
class Deal:
    """Parties whose offer and need fit."""

    offer: Listing
    parties: tuple[Organisation, ...]

    @property
    def weight(self) -> int:
        """What is usual at the node and what the two lightest parties can carry."""
        sizes = sorted(WEIGHT[party.size] for party in self.parties)
        usual = nodes()[self.offer.phrase.node].volume + FUNCTION_WEIGHT[self.offer.function]
        return usual + sum(sizes[:2])

    @property
    def abroad(self) -> bool:
        return any(party.country != HOME for party in self.parties)


def draw_agreements(seed: int, offers: Sequence[Listing], needs: Sequence[Listing]) -> list[Row]:
    chance = Chance(seed, "agreements")
    deals = draw_deals(chance, offers, needs)
    amounts = draw_amounts(chance, deals)
    signed = [_row(chance, deal, *amount) for deal, amount in zip(deals, amounts, strict=True)]
    signed.sort(key=lambda row: row["day"])
    return [{"id": f"ag{number:03}"} | row for number, row in enumerate(signed, start=1)]


def draw_deals(chance: Chance, offers: Sequence[Listing], needs: Sequence[Listing]) -> list[Deal]:
    """Offers and needs of one subject, so many of each function, nobody in too many of them."""
    wanted = defaultdict(list)
    for need in needs:
        wanted[need.subject].append(need.owner)
    left = Counter(FUNCTIONS)
    busy: Counter[str] = Counter()
    deals = []
    for offer in chance.shuffled(offers):
        if not left[offer.function]:
            continue
        seekers = [one for one in wanted[offer.subject] if one != offer.owner and busy[one.id] < MOST_EACH]
        if not seekers or busy[offer.owner.id] >= MOST_EACH:
            continue
        buyers = chance.some(list(dict.fromkeys(seekers)), 2 if chance.yes(THIRD_PARTY) else 1)
        deals.append(Deal(offer, (offer.owner, *buyers)))
        left[offer.function] -= 1
        busy.update(party.id for party in deals[-1].parties)
    if left.total():
        raise ValueError(f"offers and needs fit too seldom: {left} agreements are missing")
    return deals


def draw_amounts(chance: Chance, deals: Sequence[Deal]) -> list[tuple[int | None, str]]:
    """A few very large, many small, the heaviest parties first; in yuan they come to TOTAL."""
    order = sorted(range(len(deals)), key=lambda k: (-deals[k].weight - chance.between(0, 4), k))
    silent = set(chance.some(order[len(order) // 2 :], WITHOUT_AMOUNT))
    spoken = [k for k in order if k not in silent]
    # A power law in whole numbers, so that no machine rounds it differently.
    parts = [10**12 // (rank + 20) ** 3 * chance.between(85, 115) for rank in range(1, len(spoken) + 1)]
    amounts: list[tuple[int | None, str]] = [(None, "")] * len(deals)
    for k, part in zip(spoken, parts, strict=True):
        currency = chance.weighted(CURRENCIES) if deals[k].abroad else "CNY"
        amounts[k] = rounded(in_currency(TOTAL * part // sum(parts), currency)), currency
    return balanced(amounts)


def in_currency(yuan: int, currency: str) -> int:
    return int(Decimal(yuan) / RATES.get(currency, 1))


def in_yuan(amount: int | None, currency: str) -> Decimal:
    return Decimal(amount or 0) * RATES.get(currency, 1)


def rounded(amount: int) -> int:
    """As people say amounts: two figures that count, then zeros."""
    step: int = 10 ** max(len(str(amount)) - 2, 0)
    return (amount + step // 2) // step * step


def balanced(amounts: list[tuple[int | None, str]]) -> list[tuple[int | None, str]]:
    """The largest amount in yuan takes up what rounding left over, to the million."""
    over = sum(in_yuan(*amount) for amount in amounts) - TOTAL
    in_home_currency = [
        (amount, k) for k, (amount, currency) in enumerate(amounts) if currency == "CNY" and amount
    ]
    amount, largest = max(in_home_currency)
    corrected = amount - int(over // 1_000_000) * 1_000_000
    return [*amounts[:largest], (corrected, "CNY"), *amounts[largest + 1 :]]


def _row(chance: Chance, deal: Deal, amount: int | None, currency: str) -> Row:
    stage = chance.weighted(_weights("stage"))
    type_ = chance.weighted(_weights(_subject(deal)))
    return {
        "type": type_,
        "stage": stage,
        "name": _name(deal, stage, type_),
        "parties": tuple(party.id for party in deal.parties),
        "confirmed": _confirmed(chance, deal),
        "day": chance.weighted(DAY_WEIGHTS),
        "amount": amount,
        "currency": currency,
        "basis": chance.weighted(BASES) if deal.offer.function == "trade" else "one_off",
        "realised": _realised(chance, stage, amount),
        "node": deal.offer.phrase.node,
        "evidence": chance.weighted(EVIDENCE.get(stage, SOFT_EVIDENCE)),
    }


def _subject(deal: Deal) -> str:
    return "service" if deal.offer.phrase.goods == "served" else deal.offer.function


def _weights(subject: str) -> dict[str, int]:
    return {row["code"]: int(row["weight"]) for row in rows("agreements") if row["subject"] == subject}


def _name(deal: Deal, stage: str, type_: str) -> dict[str, str]:
    """What is agreed and between which places, never who: names are in the parties."""
    words = {(row["subject"], row["code"]): text(row) for row in rows("agreements")}
    form, what = words["stage", stage], words[_subject(deal), type_]
    product = deal.offer.phrase.text
    where = {language: _places(deal, language) for language in ("en", "zh-Hans")}
    return {
        "en": f"{form['en']}: {what['en'].format(product=product['en'])} ({'–'.join(where['en'])})",
        "zh-Hans": what["zh-Hans"].format(product=product["zh-Hans"])
        + f"{form['zh-Hans']}（{'—'.join(where['zh-Hans'])}）",
    }


def _places(deal: Deal, language: str) -> list[str]:
    """Countries, or cities where all parties are at home."""
    if deal.abroad:
        named = [countries()[party.country].name[language] for party in deal.parties if party.country]
    else:
        named = [party.city[language] for party in deal.parties]
    return list(dict.fromkeys(named))


def _confirmed(chance: Chance, deal: Deal) -> tuple[str, ...]:
    how = chance.weighted({"all": 76, "one": 16, "none": 8})
    if how == "all":
        return tuple(party.id for party in deal.parties)
    return (chance.one(deal.parties).id,) if how == "one" else ()


def _realised(chance: Chance, stage: str, amount: int | None) -> int | None:
    if amount is None or stage not in ("contract", "delivered"):
        return None
    if stage == "delivered":
        return rounded(amount * chance.between(50, 85) // 100)
    return rounded(amount * chance.between(3, 35) // 100) if chance.yes(0.4) else None
