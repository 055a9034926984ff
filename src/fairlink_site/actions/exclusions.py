"""Pairs of organisations that the organiser does not bring together, and may bring together again."""

from __future__ import annotations

from django.db import transaction

from fairlink.tables import TABLES, Records
from fairlink_site import snapshot
from fairlink_site.actions.records import ask_rules, signed
from fairlink_site.models import Edition, Exclusion, Organisation, Person
from fairlink_site.refusals import Refused

_REST = frozenset(TABLES) - {"exclusions"}  # tables that the rules about pairs need not see


@transaction.atomic
def keep_apart(
    organisation: Organisation, partner: Organisation, *, reason: str = "", by: Person | None = None
) -> Exclusion:
    """Keep two organisations apart, from the next lists and the next timetable on; what they said stays as it is.

    Raises fairlink.BadExpo: one is the other, or they are kept apart already; Refused: other_edition.
    """
    if organisation.edition_id != partner.edition_id:
        raise Refused("other_edition")
    # Lock the edition: two organisers may be naming the same pair.
    edition = Edition.objects.select_for_update().get(pk=organisation.edition_id)
    before = list(snapshot.exclusion_records(edition.exclusions.between(organisation, partner)))
    new = {"organisation": organisation.code, "partner": partner.code, "reason": reason}
    ask_rules(
        Records({"exclusions": before}, missing=_REST),
        Records({"exclusions": [*before, new]}, missing=_REST),
    )
    made = Exclusion(edition=edition, organisation=organisation, partner=partner, reason=reason)
    signed(made, by).save()
    return made


@transaction.atomic
def let_meet(exclusion: Exclusion, *, by: Person | None = None) -> None:
    """Keep two organisations apart no longer."""
    signed(exclusion, by).delete()
