"""Stored reasons, as codes and data, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from fairlink import words
from fairlink_site import wording
from fairlink_site.models import Edition, Node, Organisation, PassedOver, Suggestion


class Told(NamedTuple):
    """A reason in words, and the points that it brings or costs both sides; no points where none are counted."""

    code: str
    sentence: str
    mine: int = 0
    theirs: int = 0


def sentences(edition: Edition, suggestion: Suggestion, nodes: Mapping[str, Node]) -> list[Told]:
    """The reasons of a suggestion, from the side of the one whose list it is in."""
    titles = {
        "buys": (suggestion.need, suggestion.offer),
        "sells": (suggestion.partner_need, suggestion.own_offer),
    }
    told = []
    for code, data, *points in suggestion.reasons:
        need, offer = titles.get(code, (None, None))
        named = words.fill(
            {**data, "need": need, "offer": offer} if need else data,
            wording.language(),
            need=lambda listing: _name(edition, listing.title),
            offer=lambda listing: _name(edition, listing.title),
            node=lambda node: _name(edition, nodes[node].name),
        )
        told.append(Told(code, wording.say("reasons", code, named), *points))
    return told


def passed_over(edition: Edition, found: PassedOver) -> str:
    """Why somebody who would fit is not on a list."""
    named = {
        "organisation": _name(edition, found.partner.name),
        **{name: wording.number(getattr(found, name)) for name in ("gain", "partner_gain", "lists")},
    }
    return wording.say("reasons", found.reason, named)


def objection(
    edition: Edition,
    stored: Sequence[Any],
    organisations: Mapping[str, Organisation],
    slots: Mapping[str, str],
    *,
    remedy: bool = False,
) -> str:
    """Why a wanted meeting has no time, or what would help."""
    code, data = stored
    named = words.fill(
        data,
        wording.language(),
        organisation=lambda one: _name(edition, organisations[one].name),
        slot=lambda one: slots[one],
    )
    return wording.say("objections", f"remedy.{code}" if remedy else code, named)


def _name(edition: Edition, text: Mapping[str, str]) -> str:
    return wording.pick(text, edition.languages)[0]
