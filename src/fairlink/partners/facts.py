"""Facts that make an offer fit a need less well, or not. Each is said once: it scores, and it explains.

A fact asks questions of two sets, one on the side of the need, one on the side of the offer: have they something in
common, or is all of the one within the other? Sets are kept as bits, so that a question is an AND.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import KINDS, SIZES, Array, Expo

Sets = Sequence[Sequence[str]]
_BITS = 64  # in a word


class Question(NamedTuple):
    """Asked of what each need wants and what each offer has.

    `share`: if both name something, they name something in common. `within`: what is wanted is all there.
    """

    relation: str
    wants: Callable[[Expo], Sets]  # a set for each need
    has: Callable[[Expo], Sets]  # a set for each offer


class Fact(NamedTuple):
    """One fact: its code, what a score is multiplied by where it is not met, and what it asks."""

    code: str
    penalty: float
    questions: tuple[Question, ...]


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


FACTS = (
    Fact("market", 0.55, (Question("share", lambda x: _buyers(x, _countries(x)), _markets_of_offers),)),
    Fact(
        "origin",
        0.55,
        (Question("share", lambda x: x.needs.markets, lambda x: _sellers(x, _countries(x))),),
    ),
    Fact(
        "certificates",
        0.45,
        (Question("within", lambda x: x.needs.certificates, _certificates_of_offers),),
    ),
    Fact(
        "language",
        0.8,
        (
            Question(
                "share",
                lambda x: _buyers(x, x.organisations.languages),
                lambda x: _sellers(x, x.organisations.languages),
            ),
        ),
    ),
    Fact("incoterm", 0.85, (Question("share", lambda x: x.needs.incoterms, lambda x: x.offers.incoterms),)),
    Fact(
        "kind",
        0.5,
        (
            Question("share", lambda x: x.needs.kinds, lambda x: _sellers(x, _kinds(x))),
            Question("share", lambda x: _buyers(x, _kinds(x)), lambda x: x.offers.kinds),
        ),
    ),
    Fact(
        "size",
        0.6,
        (
            Question("share", lambda x: x.needs.sizes, lambda x: _sellers(x, _sizes(x))),
            Question("share", lambda x: _buyers(x, _sizes(x)), lambda x: x.offers.sizes),
        ),
    ),
)


class Asked(NamedTuple):
    """The questions of all facts, ready to be asked of any need and any offer of one expo.

    Bits: `wants` uint64 (needs, words), `has` uint64 (offers, words); words `start[q]` to `start[q + 1]` are of
    question q. `bears_*` uint64 (needs,), (offers,): bit q where a side has something to say to it. `within` bool
    (questions,). `first` int64 (facts + 1,): the questions of each fact. `penalty` float64 (facts,).
    """

    wants: Array
    has: Array
    bears_wants: Array
    bears_has: Array
    start: Array
    within: Array
    first: Array
    penalty: Array


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
        np.array([fact.penalty for fact in FACTS]),
    )


def _common(question: Question, wants: Sets, has: Sets) -> dict[str, int]:
    """A bit for each member that can decide: one that both sides name, or that is wanted."""
    known = {one for members in wants for one in members}
    if question.relation == "share":
        known &= {one for members in has for one in members}
    return {one: bit for bit, one in enumerate(sorted(known))}


def _bits(sets: Sets, bit: dict[str, int]) -> Array:
    """uint64 (sets, words)."""
    words = max(-(-len(bit) // _BITS), 1)
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
def factor(asked: Asked, need: int, offer: int) -> float:
    """The product of the penalties of the facts that a need and an offer do not meet."""
    product = 1.0
    bears = asked.bears_wants[need] & asked.bears_has[offer]
    if not bears:
        return product
    for fact in range(len(asked.penalty)):
        for question in range(asked.first[fact], asked.first[fact + 1]):
            if not bears >> np.uint64(question) & np.uint64(1):
                continue
            met = asked.within[question]
            for word in range(asked.start[question], asked.start[question + 1]):
                if asked.within[question]:
                    if asked.wants[need, word] & ~asked.has[offer, word]:
                        met = False
                        break
                elif asked.wants[need, word] & asked.has[offer, word]:
                    met = True
                    break
            if not met:
                product *= asked.penalty[fact]
                break
    return product
