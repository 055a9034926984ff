"""Why somebody is suggested: what each side gains, the facts that helped or are missing, and what each counted for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from fairlink import vocabulary
from fairlink.expo import Array, Expo
from fairlink.partners.facts import FACTS, ask, look
from fairlink.partners.gains import BUYING, CHAPTER, HEADING, SAME_NODE, SELLING, SUBHEADING, WORDS
from fairlink.partners.suggestions import Suggestions

# what a reason can say; every code has words in each catalogue
REASONS = (
    "buys",
    "sells",
    "same_code",
    "same_node",
    "same_words",
    "more",
    "mutual",
    *(f"{fact.code}_{end}" for fact in FACTS for end in fact.outcomes),
)
_BY_DEPTH = (CHAPTER, HEADING, SUBHEADING)


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and its data: rows of needs and offers, a shared code, a node; and what it counts for.

    `points` are to the reader and to the partner. Over the reasons of a suggestion they add up to both gains.
    """

    code: str
    data: Mapping[str, Any] = field(default_factory=dict)
    points: tuple[int, int] = (0, 0)


class _Share(NamedTuple):
    """A reason and the share that it has in the score of a need and an offer; shares of one score add up to 1."""

    reason: Reason
    share: float


def reasons(expo: Expo, suggestions: Suggestions, rows: Array | None = None) -> list[tuple[Reason, ...]]:
    """Why each suggestion (or those of `rows`) stands in its list, from the side of the one who reads it.

    `buys`: my need and their offer; `sells`: their need and my offer; then what both texts share and every
    fact that had a bearing, each once; `more`: what else they offer and seek, of other functions.
    """
    rows = np.arange(len(suggestions.organisation)) if rows is None else rows
    gain, partner_gain = suggestions.gain[rows], suggestions.partner_gain[rows]
    buying, selling = suggestions.met[rows], suggestions.partner_met[rows]
    mine = _split(gain, BUYING * buying, SELLING * selling).tolist()
    theirs = _split(partner_gain, SELLING * buying, BUYING * selling).tolist()
    bought = _shares(expo, "buys", suggestions.need[rows], suggestions.offer[rows], buying)
    sold = _shares(expo, "sells", suggestions.partner_need[rows], suggestions.own_offer[rows], selling)
    told = []
    for place, mutual in enumerate(suggestions.mutual[rows]):
        parts = bought[place], sold[place], [_Share(Reason("more"), 1.0)]
        points = (
            _points(parts, mine[place], int(gain[place])),
            _points(parts, theirs[place], int(partner_gain[place])),
        )
        told.append(_told(parts, points, [Reason("mutual")] if mutual else []))
    return told


def _split(gain: Array, *parts: Array) -> Array:
    """float64 (rows, parts + 1): how the points of gains fall to each part and, last, to what is not among them.

    A gain is 1 − Π (1 − part); each part counts for its share of the logarithm.
    """
    logs = [-np.log1p(-np.minimum(part.astype(np.float64), 1 - 1e-9)) for part in parts]
    whole = -np.log1p(-np.minimum(gain / 100, 1 - 1e-9))
    rest = np.maximum(whole - sum(logs), 0.0)
    rest[gain * rest < 0.75 * whole] = 0.0  # rounding of the points, not another function
    shares = np.stack([*logs, rest], axis=1)
    total = shares.sum(axis=1, keepdims=True)
    points: Array = gain[:, None] * np.divide(shares, total, out=np.zeros_like(shares), where=total > 0)
    return points


def _points(parts: Iterable[list[_Share]], points: Iterable[float], gain: int) -> list[int]:
    """Whole points of each reason; the largest remainders are rounded up, so that they add up to the gain."""
    exact = [share.share * worth for part, worth in zip(parts, points, strict=True) for share in part]
    whole = [math.floor(one) for one in exact]
    left = sorted(range(len(exact)), key=lambda place: whole[place] - exact[place])
    for place in left[: gain - sum(whole)]:
        whole[place] += 1
    return whole


def _told(
    parts: Iterable[list[_Share]], points: tuple[list[int], list[int]], others: list[Reason]
) -> tuple[Reason, ...]:
    """Each code once, with all its points; nothing of more where nothing comes of it."""
    found = {reason.code: reason for reason in others}
    each = [share.reason for part in parts for share in part]
    for reason, mine, theirs in zip(each, *points, strict=True):
        same = found.get(reason.code, reason)
        found[reason.code] = Reason(same.code, same.data, (same.points[0] + mine, same.points[1] + theirs))
    if not any(found["more"].points):
        del found["more"]
    return tuple(sorted(found.values(), key=lambda reason: REASONS.index(reason.code)))


def _shares(expo: Expo, code: str, needs: Array, offers: Array, met: Array) -> list[list[_Share]]:
    """The reasons of each pair of a need and an offer, with their shares in its score; none where there is no pair."""
    present = np.flatnonzero(needs >= 0)
    asked = ask(expo)
    looked = [look(asked, number, needs[present], offers[present]) for number in range(len(FACTS))]
    told: list[list[_Share]] = [[] for _ in needs]
    for place, row in enumerate(present):
        answers = [
            (number, bool(is_met[place])) for number, (bear, is_met) in enumerate(looked) if bear[place]
        ]
        need, offer = int(needs[row]), int(offers[row])
        start, steps = _steps(float(met[row]), answers)
        told[row] = [
            _Share(Reason(code, {"need": need, "offer": offer}), start),
            *(_Share(reason, 0.0) for reason in _shared(expo, need, offer, start * float(met[row]))),
            *steps,
        ]
    return told


def _steps(score: float, answers: list[tuple[int, bool]]) -> tuple[float, list[_Share]]:
    """Where a score stood before the facts were looked at, and what each fact did to it, as shares of the score.

    The engine multiplies by what is missing first, then the odds by what is met: here backwards.
    """
    missing = [number for number, met in answers if not met and FACTS[number].missing < 1]
    helped = [number for number, met in answers if met and FACTS[number].met > 1]
    before, change = score, dict[int, float]()
    for number in reversed(helped):
        odds = FACTS[number].met
        start = before / (odds - before * (odds - 1))
        change[number], before = (before - start) / score, start
    for number in reversed(missing):
        start = before / FACTS[number].missing
        change[number], before = (before - start) / score, start
    steps = [
        _Share(Reason(f"{FACTS[number].code}_{'met' if met else 'missing'}"), change.get(number, 0.0))
        for number, met in answers
        if met or number in change
    ]
    return before / score, steps


def shared_code(ours: tuple[str, ...], theirs: tuple[str, ...]) -> str:
    """The narrowest code under which one of ours and one of theirs both fall; "" where none does."""
    wide_ours = {wider for code in ours for wider in vocabulary.ancestry(code)}
    common = [wider for code in theirs for wider in vocabulary.ancestry(code) if wider in wide_ours]
    return max(common, key=lambda code: (len(code), code), default="")


def _shared(expo: Expo, need: int, offer: int, score: float) -> list[Reason]:
    """What a need and an offer have in common; their words where these alone explain a score."""
    found, worth = [], 0.0
    code = shared_code(expo.needs.codes[need], expo.offers.codes[offer])
    if code:
        found.append(Reason("same_code", {"code": code}))
        worth = _BY_DEPTH[min(len(vocabulary.ancestry(code)), len(_BY_DEPTH)) - 1]
    node = int(expo.needs.node[need])
    if node >= 0 and node == expo.offers.node[offer]:
        found.append(Reason("same_node", {"node": node}))
        worth = max(worth, SAME_NODE)
    if score > worth + 0.005:
        found.append(Reason("same_words", {"percent": min(round(100 * score / WORDS), 99)}))
    return found
