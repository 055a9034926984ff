"""Why somebody is suggested: what each side gains, and the facts that helped or are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fairlink import vocabulary
from fairlink.expo import Array, Expo
from fairlink.partners.facts import FACTS, ask, look
from fairlink.partners.suggestions import Suggestions

# what a reason can say; every code has words in each catalogue
REASONS = (
    "buys",
    "sells",
    "same_code",
    "same_node",
    "mutual",
    *(f"{fact.code}_{end}" for fact in FACTS for end in ("met", "missing")),
)


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and its data: rows of needs and offers, a shared code, a node."""

    code: str
    data: Mapping[str, Any] = field(default_factory=dict)


def reasons(expo: Expo, suggestions: Suggestions, rows: Array | None = None) -> list[tuple[Reason, ...]]:
    """Why each suggestion (or those of `rows`) stands in its list, from the side of the one who reads it.

    `buys`: my need and their offer; `sells`: their need and my offer; then what both texts share and every
    fact that had a bearing, each once.
    """
    rows = np.arange(len(suggestions.organisation)) if rows is None else rows
    buying = _side(expo, "buys", suggestions.need[rows], suggestions.offer[rows])
    selling = _side(expo, "sells", suggestions.partner_need[rows], suggestions.own_offer[rows])
    told = []
    for row, bought, sold in zip(rows, buying, selling, strict=True):
        found = {reason.code: reason for reason in (*sold, *bought)}
        if suggestions.mutual[row]:
            found["mutual"] = Reason("mutual")
        told.append(tuple(sorted(found.values(), key=lambda reason: REASONS.index(reason.code))))
    return told


def _side(expo: Expo, code: str, needs: Array, offers: Array) -> list[list[Reason]]:
    """The reasons of each pair of a need and an offer; none where there is no pair."""
    told: list[list[Reason]] = [[] for _ in needs]
    present = np.flatnonzero(needs >= 0)
    for row in present:
        need, offer = int(needs[row]), int(offers[row])
        told[row] = [Reason(code, {"need": need, "offer": offer}), *_shared(expo, need, offer)]
    asked = ask(expo)
    for number, fact in enumerate(FACTS):
        bear, met = look(asked, number, needs[present], offers[present])
        for place in np.flatnonzero(bear):
            told[present[place]].append(Reason(f"{fact.code}_{'met' if met[place] else 'missing'}"))
    return told


def shared_code(ours: tuple[str, ...], theirs: tuple[str, ...]) -> str:
    """The narrowest code under which one of ours and one of theirs both fall; "" where none does."""
    wide_ours = {wider for code in ours for wider in vocabulary.ancestry(code)}
    common = [wider for code in theirs for wider in vocabulary.ancestry(code) if wider in wide_ours]
    return max(common, key=lambda code: (len(code), code), default="")


def _shared(expo: Expo, need: int, offer: int) -> list[Reason]:
    found = []
    code = shared_code(expo.needs.codes[need], expo.offers.codes[offer])
    if code:
        found.append(Reason("same_code", {"code": code}))
    node = int(expo.needs.node[need])
    if node >= 0 and node == expo.offers.node[offer]:
        found.append(Reason("same_node", {"node": node}))
    return found
