"""Which wishes make a meeting wanted, and what rules it out. Each is said once, for files and for the site."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fairlink.expo import ANSWERS, WISH_KINDS, Array, Expo

# What a wish says of the gain of the one who made it, in points of 100, whatever the texts say.
WISH_GAIN = {"must": 80, "want": 50, "welcome": 20}
ACCEPTING = WISH_GAIN["want"]  # the same of the one who accepted it
_MUTUAL = ("must", "want")  # kinds that two can have of each other without anybody being asked
Pair = tuple[int, int]  # rows of organisations, low and high


def agreed(expo: Expo) -> dict[Pair, tuple[int, int]]:
    """Each pair that is to meet: what low and high gain by their wishes alone, 0 where a side has said nothing.

    To meet is whoever wished and was accepted, whoever wished where nobody was asked (as in a file that an organiser
    brings), and two who both said must or want. A wish that waits is none of these. That a never stands against it
    is found, and told, by the rules of the timetable.
    """
    said = {(one, other): (kind, answer) for one, other, kind, answer in _said(expo)}
    gains: dict[Pair, list[int]] = {}
    for (one, other), (kind, answer) in said.items():
        if kind == "never":
            continue
        if answer not in ("", "accepted") and not _mutual(said, one, other):
            continue
        pair = min(one, other), max(one, other)
        gain, mine = gains.setdefault(pair, [0, 0]), int(one > other)
        gain[mine] = max(gain[mine], WISH_GAIN[kind])
        if answer == "accepted":
            gain[1 - mine] = max(gain[1 - mine], ACCEPTING)
    return {pair: (gain[0], gain[1]) for pair, gain in gains.items()}


def _mutual(said: dict[Pair, tuple[str, str]], one: int, other: int) -> bool:
    """Whether both want to meet, and neither wish has been declined, withdrawn or left to expire."""
    both = said[one, other], said.get((other, one), ("", ""))
    return all(kind in _MUTUAL and answer in ("", "pending", "accepted") for kind, answer in both)


def refused(expo: Expo) -> list[int]:
    """Keys, low · organisations + high, of pairs of which one has declined to meet and nothing else was agreed."""
    together = agreed(expo)
    pairs = {
        (min(one, other), max(one, other)) for one, other, _, answer in _said(expo) if answer == "declined"
    }
    return sorted(low * len(expo.ids) + high for low, high in pairs if (low, high) not in together)


def nevers(expo: Expo) -> Array:
    """int64 (nevers,): keys, low · organisations + high, of pairs with a never between them or kept apart."""
    wishes, n = expo.wishes, len(expo.ids)
    never = wishes.kind == WISH_KINDS.index("never")
    one, other = wishes.organisation[never].astype(np.int64), wishes.partner[never].astype(np.int64)
    apart = expo.exclusions.first.astype(np.int64) * n + expo.exclusions.second
    keys: Array = np.concatenate((np.minimum(one, other) * n + np.maximum(one, other), apart))
    return keys


def _said(expo: Expo) -> Iterator[tuple[int, int, str, str]]:
    """Organisation, partner, kind and answer of each wish; "" where nobody was asked."""
    wishes = expo.wishes
    for one, other, kind, answer in zip(
        wishes.organisation, wishes.partner, wishes.kind, wishes.answer, strict=True
    ):
        yield int(one), int(other), WISH_KINDS[kind], ANSWERS[answer] if answer >= 0 else ""
