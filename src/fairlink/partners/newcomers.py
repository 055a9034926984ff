"""Partners for somebody who comes when everybody's lists are made: found at once, and no list is made anew."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np

from fairlink.encoding import Encoder, Progress
from fairlink.errors import BadArray
from fairlink.expo import Array, Expo, Listings, Organisations
from fairlink.partners.audit import NOTHING
from fairlink.partners.gains import scores
from fairlink.partners.likeness import Reading, read
from fairlink.partners.suggestions import KNOBS, Suggestions, columns
from fairlink.provenance import VERSION, Provenance, fingerprint

Noun = TypeVar("Noun", Organisations, Listings)


@dataclass(frozen=True, eq=False)
class Standing:
    """Everybody whose lists are made: the expo, its words, and how full each list is of what is worth much to both.

    Arrays over suggestions: `organisation`, a row of the expo, and `worth`, the product of both gains.
    """

    expo: Expo
    reading: Reading
    organisation: Array
    worth: Array


def standing(
    expo: Expo,
    organisation: Sequence[int] | Array,
    worth: Sequence[int] | Array,
    *,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> Standing:
    """Read an expo once, for all newcomers: rows of whose lists they are, and the product of both gains."""
    whose = np.array(organisation, dtype=np.int64)
    return Standing(expo, read(expo, encoder, progress), whose, np.array(worth, dtype=np.int64))


def welcome(
    stands: Standing, newcomer: Expo, *, encoder: Encoder | None = None, apart: Collection[str] = ()
) -> tuple[Expo, Suggestions]:
    """The list of one organisation that came later: the others and it as one expo, and its suggestions.

    `newcomer` is an expo of the same edition and chains with that organisation alone. Partners stand in order of the
    expected matches p · q / rank, with the rank that the newcomer would have in the other's list by p · q; `mutual`
    says that it would stand there at all. Ids in `apart` are left out. Raises BadArray: it is not one, or is here
    already; the words were read by another encoder.
    """
    expo = _together(stands.expo, newcomer)
    row, rules = len(expo.ids) - 1, expo.edition.rules
    pairs = scores(expo, only=row, words=stands.reading.with_newcomer(newcomer, encoder))
    partner = np.where(pairs.first == row, pairs.second, pairs.first)
    found = columns(pairs, np.full(len(partner), row), partner, len(expo.ids))
    place = _places(stands, partner, found["gain"] * found["partner_gain"])
    likely = found["gain"] * found["partner_gain"] / place
    told = np.minimum(found["gain"], found["partner_gain"]) >= rules.win_win
    told &= ~np.isin(partner, [number for number, one in enumerate(expo.ids) if one in apart])
    ids = np.array(expo.ids, dtype=object)
    order = np.lexsort((ids[partner], -likely))
    order = order[told[order]][: rules.list_length]
    return expo, Suggestions(
        **{name: column[order] for name, column in found.items()},
        rank=np.arange(1, len(order) + 1),
        mutual=place[order] <= rules.list_length,
        pairs=pairs,
        measures=NOTHING,
        provenance=Provenance(
            VERSION,
            0,
            {name: getattr(rules, name) for name in KNOBS}
            | {"encoder": stands.reading.words.encoder or "none"},
            fingerprint(newcomer),
        ),
    )


def _places(stands: Standing, partner: Array, worth: Array) -> Array:
    """int64 (partners,): the rank that somebody of so much worth to both would have in each one's list."""
    asked = np.full(len(stands.expo.ids), np.inf)
    asked[partner] = worth
    better = stands.worth > asked[stands.organisation]
    ahead = np.bincount(stands.organisation[better], minlength=len(stands.expo.ids))
    places: Array = 1 + ahead[partner]
    return places


def _together(expo: Expo, newcomer: Expo) -> Expo:
    """All of an expo, and the one organisation of another, with what it offers and needs, behind them."""
    if len(newcomer.ids) != 1:
        raise BadArray(f"newcomer.organisations: one at a time, got {len(newcomer.ids)}")
    if newcomer.ids[0] in expo.ids:
        raise BadArray(f"newcomer.organisations: {newcomer.ids[0]!r} is here already")
    if newcomer.chain.ids != expo.chain.ids:
        raise BadArray("newcomer.chain: the links of the expo, in its order")
    here = newcomer.organisations
    free = np.ones((1, len(expo.slots.ids)), dtype=bool)
    row = len(expo.ids)
    return replace(
        expo,
        organisations=_joined(expo.organisations, replace(here, available=free)),
        offers=_joined(expo.offers, _moved(newcomer.offers, row)),
        needs=_joined(expo.needs, _moved(newcomer.needs, row)),
    )


def _moved(listings: Listings, row: int) -> Listings:
    return replace(listings, organisation=listings.organisation + np.int32(row))


def _joined(one: Noun, other: Noun) -> Noun:
    """The rows of both, one after the other."""
    both: dict[str, Any] = {}
    for field in fields(one):
        rows: Any = getattr(one, field.name)
        more: Any = getattr(other, field.name)
        both[field.name] = np.concatenate([rows, more]) if isinstance(rows, np.ndarray) else (*rows, *more)
    return replace(one, **both)
