"""How it stands between an organisation and others: what each has said, what both would gain, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from fairlink import partners
from fairlink.expo import Expo
from fairlink.partners import REASONS
from fairlink_site import reasons, snapshot
from fairlink_site.models import Edition, Node, Organisation, Person, Seat, Suggestion, Wish
from fairlink_site.models.organisations import VALIDATED
from fairlink_site.models.wishes import AGREED, DECLINED, NEVER, PENDING, WISHING

_OURS = {"same_code", "same_node"}  # reasons that two have by themselves, whatever others say
_MIRRORED = {"buys": "sells", "sells": "buys"}
_NOTHING = "nothing"  # has been said; an empty answer says that nobody was asked


@dataclass(frozen=True)
class Standing:
    """The last word between two: `never`, `agreed`, `asks` (us), `asked` (them), `declined` (by them), or nothing."""

    state: str = ""
    until: date | None = None  # which they, or we, can still answer


@dataclass(frozen=True)
class Why:
    """What both would gain, in points where lists have them, and the reasons in words."""

    gain: int | None
    partner_gain: int | None
    sentences: list[reasons.Told]


def asking(person: Any, edition: Edition) -> list[Organisation]:
    """The organisations for which somebody may say whom they would meet."""
    if not isinstance(person, Person) or edition.phase not in WISHING:
        return []
    mine = edition.organisations.filter(memberships__person=person, status=VALIDATED).distinct()
    return list(mine.select_related("edition"))


def standings(organisation: Organisation, others: Iterable[Organisation]) -> dict[int, Standing]:
    """Other's key → how it stands with them. Two queries."""
    keys = [one.pk for one in others]
    now = timezone.now()
    mine = {one.partner_id: one for one in organisation.wishes_out.filter(partner__in=keys)}
    theirs = {
        one.organisation_id: one for one in organisation.wishes_in.heard().filter(organisation__in=keys)
    }
    found = {key: _standing(mine.get(key), theirs.get(key), now) for key in keys}
    return {
        key: Standing(state, wish.last_day(organisation.edition) if wish else None)
        for key, (state, wish) in found.items()
    }


def _standing(mine: Wish | None, theirs: Wish | None, now: datetime) -> tuple[str, Wish | None]:
    said, heard = (one.standing(now) if one else _NOTHING for one in (mine, theirs))
    if mine and mine.kind == NEVER:
        return "never", mine
    for state, wish, there in (
        ("agreed", mine, said in AGREED),
        ("agreed", theirs, heard in AGREED),
        ("asks", theirs, heard == PENDING),
        ("asked", mine, said == PENDING),
        ("declined", mine, said == DECLINED),
    ):
        if there:
            return state, wish
    return "", None


def whys(edition: Edition, organisation: Organisation, others: Collection[Organisation]) -> dict[int, Why]:
    """Other's key → what both would gain and why: from either's list, else what their codes and links say alone.

    Of those whom the organiser keeps apart from it nothing is told.
    """
    apart = edition.exclusions.others(organisation)
    others = [one for one in others if one.pk not in apart]
    nodes = {node.code: node for node in edition.nodes.all()}
    found = {
        key: Why(one.gain, one.partner_gain, reasons.sentences(edition, one, nodes))
        for key, one in _listed(edition, organisation, others).items()
    }
    rest = [one for one in others if one.pk not in found]
    return found | (_unlisted(edition, organisation, rest, nodes) if rest else {})


def _listed(
    edition: Edition, organisation: Organisation, others: Collection[Organisation]
) -> dict[int, Suggestion]:
    rows = Suggestion.objects.filter(run__edition=edition, run__current=True).select_related(
        "need", "offer", "partner_need", "own_offer"
    )
    theirs = rows.filter(organisation__in=others, partner=organisation)
    mine = rows.filter(organisation=organisation, partner__in=others)
    found = {one.organisation_id: _mirrored(one) for one in theirs}
    return found | {one.partner_id: one for one in mine}


def _mirrored(one: Suggestion) -> Suggestion:
    """A suggestion as the one reads it who is suggested."""
    told = [
        (_MIRRORED.get(code, code), data, *reversed(points))
        for code, data, *points in one.reasons
        if code != "mutual"
    ]
    return Suggestion(
        organisation_id=one.partner_id,
        partner_id=one.organisation_id,
        gain=one.partner_gain,
        partner_gain=one.gain,
        need=one.partner_need,
        offer=one.own_offer,
        partner_need=one.need,
        own_offer=one.offer,
        reasons=sorted(told, key=lambda reason: REASONS.index(reason[0])),
    )


def _unlisted(
    edition: Edition,
    organisation: Organisation,
    others: Collection[Organisation],
    nodes: Mapping[str, Node],
) -> dict[int, Why]:
    """Reasons without points: to count those, everybody would have to be compared, which is no work for a page."""
    expo = snapshot.among(edition, (organisation, *others))
    if organisation.code not in expo.ids:
        return {}
    listings = {
        (one.side, one.code): one
        for one in edition.listings.visible().filter(
            organisation__in=[organisation.pk, *(one.pk for one in others)]
        )
    }
    keys = {one.code: one.pk for one in others}
    found = partners.possible(expo, expo.ids.index(organisation.code))
    told = {}
    for row, why in enumerate(partners.reasons(expo, found)):
        if not _OURS & {reason.code for reason in why}:
            continue
        one = Suggestion(
            **{
                name: listings[side, ids[getattr(found, name)[row]]]
                if getattr(found, name)[row] >= 0
                else None
                for name, side, ids in _sides(expo)
            },
            reasons=[(reason.code, _stored(expo, reason.data)) for reason in why if reason.code != "more"],
        )
        key = keys[expo.ids[found.partner[row]]]
        told[key] = Why(None, None, reasons.sentences(edition, one, nodes))
    return told


def _sides(expo: Expo) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    return (
        ("need", "need", expo.needs.ids),
        ("offer", "offer", expo.offers.ids),
        ("partner_need", "need", expo.needs.ids),
        ("own_offer", "offer", expo.offers.ids),
    )


def _stored(expo: Expo, data: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in data.items() if name not in ("need", "offer")}
    return kept | ({"node": expo.chain.ids[kept["node"]]} if "node" in kept else {})


def seats(edition: Edition, organisation: Organisation) -> dict[int, Seat]:
    """Partner's key → our seat at the meeting with them in the current timetable."""
    mine = (
        organisation.seats.current()
        .select_related("slot", "meeting__place")
        .prefetch_related("meeting__seats")
    )
    return {
        other.organisation_id: seat
        for seat in mine
        for other in seat.meeting.seats.all()
        if other.organisation_id != organisation.pk
    }
