"""Open an edition in the browser: from nothing, or as a copy of an earlier one. Whoever opens it organises it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from fairlink import cells
from fairlink.expo import PHASES
from fairlink.tables import EDITION, Record, Records
from fairlink_site import snapshot
from fairlink_site.actions.editions import open_edition
from fairlink_site.actions.people import appoint
from fairlink_site.actions.records import follow, signed
from fairlink_site.models import Chain, Edition, Person
from fairlink_site.models.organisations import DRAFT, VALIDATED


@transaction.atomic
def create_edition(facts: Record, *, by: Person) -> Edition:
    """An edition with nothing in it but its facts. Raises fairlink.BadExpo; Refused: reserved_id, id_taken."""
    record = {**cells.blank(EDITION), **facts, "phase": PHASES[0]}
    edition = open_edition(Records({"edition": [record]}), by=by)
    appoint(by, edition, role="organiser")
    return edition


@transaction.atomic
def copy_edition(
    source: Edition, facts: Record, *, organisations: bool = False, listings: bool = False, by: Person
) -> Edition:
    """An edition like an earlier one, with its own facts; on wish with its organisations, and listings, as drafts.

    Rules, money, groups, chains, shared places and, day by day, slots come along, and who is kept apart where both do;
    booths, people, wishes and results do not. Raises fairlink.BadExpo; Refused: reserved_id, id_taken.
    """
    fresh = {"phase": PHASES[0], "sample": False, "note": {}}
    edition = {**snapshot.edition_record(source), **fresh, **facts}
    slots = _moved(source, edition)
    kept = {slot["id"] for slot in slots}
    shared = source.places.filter(organisation=None).exclude(kind="booth")
    visible = source.organisations.visible()
    found = Records(
        {
            "edition": [edition],
            "chain": list(snapshot.chain_records(source)),
            "slots": slots,
            "places": [_open_at(row, kept) for row in snapshot.place_records(shared)],
            "rates": [{**rate} for rate in snapshot.rate_records(source)],
            "purchases": list(snapshot.purchase_records(source)),
            "exclusions": list(snapshot.exclusion_records(_among(source, visible))) if organisations else [],
            "organisations": [
                _open_at(row, kept)
                for row in snapshot.organisation_records(visible, held_on=facts["start"])
                if organisations
            ],
            "offers": _listings(source, "offer", facts["start"]) if organisations and listings else [],
            "needs": _listings(source, "need", facts["start"]) if organisations and listings else [],
        }
    )
    made = open_edition(found, by=by, status=DRAFT, predecessor=source)
    _keep_chains(source, made, by)
    follow(list(made.organisations.all()), {one.code: one for one in visible}, by=by)
    made.listings.update(submitted=None)
    appoint(by, made, role="organiser")
    return made


def left_out(source: Edition, start: date) -> int:
    """How many validated offers and needs do not come along, since they will have run out."""
    rows = source.listings.filter(status=VALIDATED, organisation__status=VALIDATED)
    return rows.filter(valid_until__lt=start).count()


def _keep_chains(source: Edition, made: Edition, by: Person) -> None:
    """Every chain in its place, those without links too, which have no row in the table of chains."""
    there = {one.code: one for one in made.chains.all()}
    for chain in source.chains.all():
        one = there.get(chain.code) or Chain(edition=made, code=chain.code, name=chain.name)
        if one.pk is None or one.position != chain.position:
            one.position = chain.position
            signed(one, by).save()


def _among(source: Edition, organisations: QuerySet[Any]) -> QuerySet[Any]:
    """The pairs that are kept apart of which both come along."""
    return source.exclusions.filter(organisation__in=organisations, partner__in=organisations)


def _listings(source: Edition, side: str, start: date) -> list[dict[str, Any]]:
    """Those that will not have run out."""
    lasting = source.listings.visible().exclude(valid_until__lt=start)
    return list(snapshot.listing_records(lasting.filter(side=side), side))


def _moved(source: Edition, edition: Record) -> list[dict[str, Any]]:
    """The slots on the same days of the new edition; those of days that it does not have are left out."""
    later = edition["start"] - source.start
    moved = [{**slot, "day": slot["day"] + later} for slot in snapshot.slot_records(source)]
    return [slot for slot in moved if slot["day"] <= edition["end"]]


def _open_at(row: Record, slots: Collection[str]) -> dict[str, Any]:
    return {**row, "closed": tuple(slot for slot in row["closed"] if slot in slots)}
