"""Facts that make an offer fit a need better or less well. Each is said once: it scores, and it explains.

A fact asks questions of two sets, one on the side of the need, one on the side of the offer: have they something in
common, or is all of the one within the other? Sets are kept as bits, so that a question is an AND.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from fairlink import vocabulary
from fairlink.compiled import compiled
from fairlink.coverage import Coverage, coverage
from fairlink.expo import FUNCTIONS, KINDS, SIZES, Array, Expo, Listings

Sets = Sequence[Sequence[str]]
_BITS = 64  # in a word
_TRADE = FUNCTIONS.index("trade")


class Question(NamedTuple):
    """Asked of what each need wants and what each offer has.

    `share`: if both name something, they name something in common. `within`: what is wanted is all there.
    """

    relation: str
    wants: Callable[[Expo], Sets]  # a set for each need
    has: Callable[[Expo], Sets]  # a set for each offer


class Fact(NamedTuple):
    """One fact: its code, what it asks, and what comes of it.

    Where it is not met, a score is multiplied by `missing`; where it is met, its odds are by `met`, so that what is
    sure stays so and what is unlikely gains little.
    """

    code: str
    questions: tuple[Question, ...]
    missing: float = 1.0
    met: float = 1.0

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What is told of it: a fact that costs nothing where it is missing is told only where it is met."""
        return ("met", "missing") if self.missing < 1 else ("met",)


def _buyers(expo: Expo, sets: Sets) -> Sets:
    return [sets[row] for row in expo.needs.organisation]


def _sellers(expo: Expo, sets: Sets) -> Sets:
    return [sets[row] for row in expo.offers.organisation]


def _countries(expo: Expo) -> Sets:
    """Where each organisation is; international bodies are nowhere."""
    return [(country,) if country else () for country in expo.organisations.country]


def _kinds(expo: Expo) -> Sets:
    return [(KINDS[kind],) for kind in expo.organisations.kind]


def _sizes(expo: Expo) -> Sets:
    return [(SIZES[size],) if size >= 0 else () for size in expo.organisations.size]


def _markets_of_offers(expo: Expo) -> Sets:
    """The countries that an offer names, or else its organisation."""
    own = expo.organisations.markets
    return [
        markets or own[seller]
        for markets, seller in zip(expo.offers.markets, expo.offers.organisation, strict=True)
    ]


def _certificates_of_offers(expo: Expo) -> Sets:
    """Those that come with an offer, and those that its organisation holds."""
    held = expo.organisations.certificates
    return [
        (*certificates, *held[seller])
        for certificates, seller in zip(expo.offers.certificates, expo.offers.organisation, strict=True)
    ]


def _makes(expo: Expo) -> Sets:
    """What makers of what each organisation sells usually buy: codes of any width."""
    bought = expo.purchases or vocabulary.purchases()
    made: list[set[str]] = [set() for _ in expo.ids]
    for row in np.flatnonzero(expo.offers.function == _TRADE):
        made[expo.offers.organisation[row]].update(_wide(expo.offers.codes[row]))
    known: dict[frozenset[str], tuple[str, ...]] = {}
    for codes in map(frozenset, made):
        if codes not in known:
            known[codes] = tuple(sorted({one for code in codes for one in bought.get(code, ())}))
    return [known[frozenset(codes)] for codes in made]


def _usually_bought(expo: Expo) -> Sets:
    makes = _makes(expo)
    return [
        makes[buyer] if function == _TRADE else ()
        for buyer, function in zip(expo.needs.organisation, expo.needs.function, strict=True)
    ]


def _sold(expo: Expo) -> Sets:
    """The codes of each offer, and the wider ones."""
    return [_wide(codes) for codes in expo.offers.codes]


@lru_cache(1 << 16)
def _wide(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(wider for code in codes for wider in vocabulary.ancestry(code)) if codes else ()


def _needs(expo: Expo) -> Listings:
    return expo.needs


def _offers(expo: Expo) -> Listings:
    return expo.offers


def _gap(found: Coverage) -> Array:
    return found.gap


def _second(found: Coverage) -> Array:
    return found.second


def _at(nodes: Callable[[Coverage], Array], listings: Callable[[Expo], Listings]) -> Callable[[Expo], Sets]:
    """The link of each listing, if it is one of some nodes of the chain."""

    def links(expo: Expo) -> Sets:
        found = listings(expo).node
        if not np.any(found >= 0):
            return [()] * len(found)
        among = nodes(coverage(expo))
        return [(expo.chain.ids[node],) if node >= 0 and among[node] else () for node in found]

    return links


FACTS = (
    Fact(
        "market",
        (Question("share", lambda x: _buyers(x, _countries(x)), _markets_of_offers),),
        missing=0.55,
    ),
    Fact(
        "origin",
        (Question("share", lambda x: x.needs.markets, lambda x: _sellers(x, _countries(x))),),
        missing=0.55,
    ),
    Fact(
        "certificates",
        (Question("within", lambda x: x.needs.certificates, _certificates_of_offers),),
        missing=0.45,
    ),
    Fact(
        "language",
        (
            Question(
                "share",
                lambda x: _buyers(x, x.organisations.languages),
                lambda x: _sellers(x, x.organisations.languages),
            ),
        ),
        missing=0.8,
    ),
    Fact(
        "incoterm",
        (Question("share", lambda x: x.needs.incoterms, lambda x: x.offers.incoterms),),
        missing=0.85,
    ),
    Fact(
        "kind",
        (
            Question("share", lambda x: x.needs.kinds, lambda x: _sellers(x, _kinds(x))),
            Question("share", lambda x: _buyers(x, _kinds(x)), lambda x: x.offers.kinds),
        ),
        missing=0.5,
    ),
    Fact(
        "size",
        (
            Question("share", lambda x: x.needs.sizes, lambda x: _sellers(x, _sizes(x))),
            Question("share", lambda x: _buyers(x, _sizes(x)), lambda x: x.offers.sizes),
        ),
        missing=0.6,
    ),
    Fact("gap", (Question("share", _at(_gap, _needs), _at(_gap, _offers)),), met=1.5),
    Fact("second_source", (Question("share", _at(_second, _needs), _at(_second, _offers)),), met=1.25),
    Fact("purchase", (Question("share", _usually_bought, _sold),), met=1.1),
)


class Asked(NamedTuple):
    """The questions of all facts, ready to be asked of any need and any offer of one expo.

    Bits: `wants` uint64 (needs, words), `has` uint64 (offers, words); words `start[q]` to `start[q + 1]` are of
    question q. `bears_*` uint64 (needs,), (offers,): bit q where a side has something to say to it. `within` bool
    (questions,). `first` int64 (facts + 1,): the questions of each fact. `missing`, `met` float64 (facts,).
    `asks` uint64 (facts,): a bit for each question of a fact. `odds` float64 (needs,): by how much the facts that
    have a bearing on a need raise its odds where all of them are met.
    """

    wants: Array
    has: Array
    bears_wants: Array
    bears_has: Array
    start: Array
    within: Array
    first: Array
    missing: Array
    met: Array
    asks: Array
    odds: Array


def ask(expo: Expo) -> Asked:
    """The facts of an expo as bits."""
    wants: list[Array] = []
    has: list[Array] = []
    start, within, first = [0], list[bool](), [0]
    bears_wants, bears_has = (np.zeros(len(side.ids), dtype=np.uint64) for side in (expo.needs, expo.offers))
    for fact in FACTS:
        for question in fact.questions:
            wanted, there = question.wants(expo), question.has(expo)
            common = _common(question, wanted, there)
            wants.append(_bits(wanted, common))
            has.append(_bits(there, common))
            number = np.uint64(len(within))
            always = question.relation == "within"  # what is wanted is not there where nothing is named
            bears_wants |= _named(wanted) << number
            bears_has |= (np.uint64(1) if always else _named(there)) << number
            within.append(always)
            start.append(start[-1] + wants[-1].shape[1])
        first.append(len(within))
    return Asked(
        np.concatenate(wants, axis=1),
        np.concatenate(has, axis=1),
        bears_wants,
        bears_has,
        np.array(start),
        np.array(within),
        np.array(first),
        np.array([fact.missing for fact in FACTS]),
        np.array([fact.met for fact in FACTS]),
        _asks(),
        _odds(bears_wants, _asks()),
    )


def _asks() -> Array:
    first = np.cumsum([0, *(len(fact.questions) for fact in FACTS)])
    return np.array([2**after - 2**before for before, after in pairwise(first.tolist())], dtype=np.uint64)


def _odds(bears_wants: Array, asks: Array) -> Array:
    odds = np.ones(len(bears_wants))
    for fact, several in zip(FACTS, asks, strict=True):
        odds[bears_wants & several > 0] *= max(fact.met, 1.0)
    return odds


def _common(question: Question, wants: Sets, has: Sets) -> dict[str, int]:
    """A bit for each member that can decide: one that both sides name, or that is wanted."""
    known = {one for members in wants for one in members}
    if question.relation == "share":
        known &= {one for members in has for one in members}
    return {one: bit for bit, one in enumerate(sorted(known))}


def _bits(sets: Sets, bit: dict[str, int]) -> Array:
    """uint64 (sets, words)."""
    words = max(-(-len(bit) // _BITS), 1)
    if not any(sets):
        return np.zeros((len(sets), words), dtype=np.uint64)
    made: dict[Sequence[str], list[int]] = {}
    rows = []
    for members in sets:
        key = tuple(members)
        if key not in made:
            whole = sum({1 << bit[one] for one in key if one in bit})
            made[key] = [whole >> (_BITS * word) & (2**_BITS - 1) for word in range(words)]
        rows.append(made[key])
    return np.array(rows, dtype=np.uint64).reshape(len(sets), words)


def _named(sets: Sets) -> Array:
    """uint64 (sets,): 1 where something is named."""
    return np.array([bool(members) for members in sets], dtype=np.uint64)


def look(asked: Asked, fact: int, needs: Array, offers: Array) -> tuple[Array, Array]:
    """bear, met: bool (pairs,): whether a fact, by its number, has a bearing on pairs of rows, and is met."""
    bear, met = np.zeros(len(needs), dtype=bool), np.ones(len(needs), dtype=bool)
    for question in range(asked.first[fact], asked.first[fact + 1]):
        asks = (asked.bears_wants[needs] & asked.bears_has[offers]) >> np.uint64(question) & np.uint64(1) > 0
        words = slice(asked.start[question], asked.start[question + 1])
        wanted, there = asked.wants[needs, words], asked.has[offers, words]
        within = asked.within[question]
        answer = ~np.any(wanted & ~there, axis=1) if within else np.any(wanted & there, axis=1)
        bear |= asks
        met &= ~asks | answer
    return bear, met


@compiled
def weigh(asked: Asked, need: int, offer: int, worth: float) -> float:
    """What a score is worth once the facts have been looked at."""
    bears = asked.bears_wants[need] & asked.bears_has[offer]
    if not bears:
        return worth
    odds = 1.0
    for fact in range(len(asked.missing)):
        if not bears & asked.asks[fact]:
            continue
        if _met(asked, fact, need, offer, bears):
            odds *= asked.met[fact]
        else:
            worth *= asked.missing[fact]
    return worth if odds == 1.0 else worth * odds / (1.0 - worth + worth * odds)


@compiled
def most_worth(worth: float, odds: float) -> float:
    """What no score can be above once the facts have been looked at; a fact that is missing only lowers it."""
    return worth * odds / (1.0 - worth + worth * odds) + 1e-9  # whatever is lost in rounding


@compiled
def _met(asked: Asked, fact: int, need: int, offer: int, bears: int) -> bool:
    """Whether every question of a fact that has a bearing is answered with yes."""
    for question in range(asked.first[fact], asked.first[fact + 1]):
        if not bears >> np.uint64(question) & np.uint64(1):
            continue
        within = met = asked.within[question]
        for word in range(asked.start[question], asked.start[question + 1]):
            if within:
                if asked.wants[need, word] & ~asked.has[offer, word]:
                    met = False
                    break
            elif asked.wants[need, word] & asked.has[offer, word]:
                met = True
                break
        if not met:
            return False
    return True
