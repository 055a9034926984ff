"""Who has come: an organisation on a day, and who sits at a table."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from fairlink_site.models import (
    Arrival,
    Edition,
    Meeting,
    Organisation,
    Person,
    Run,
    Seat,
    Slot,
    TimetableEvent,
)
from fairlink_site.refusals import Refused


@transaction.atomic
def arrive(organisation: Organisation, *, slot: Slot, by: Person) -> Arrival:
    """An organisation has come on the day of a slot, and sits where its meetings of that slot are. Once a day."""
    made, first = Arrival.objects.get_or_create(
        organisation=organisation, day=slot.day, defaults={"edition": organisation.edition, "by": by}
    )
    organisation.seats.current().filter(slot=slot, arrived=None).update(arrived=timezone.now(), absent=False)
    run = Run.objects.filter(edition=organisation.edition_id, kind="meetings", current=True).first()
    if first and run:
        TimetableEvent.objects.create(run=run, kind="arrived", by=by, organisation=organisation)
    return made


@transaction.atomic
def unsay_arrival(organisation: Organisation, *, slot: Slot) -> None:
    """It was another organisation that came."""
    Arrival.objects.filter(organisation=organisation, day=slot.day).delete()
    planned = organisation.seats.current().filter(slot__day=slot.day, meeting__state=Meeting.PLANNED)
    planned.update(arrived=None)


@transaction.atomic
def sit(edition: Edition, seat: int, *, by: Person) -> Seat:
    """Somebody sits at the table of a meeting; pressed again, nobody does. Raises Refused: not_to_be_met."""
    found = (
        Seat.objects.select_for_update(of=("self",))
        .filter(pk=seat, run__edition=edition, run__current=True, released=False)
        .select_related("organisation__edition", "slot")
        .first()
    )
    if found is None:
        raise Refused("meeting_over")
    if found.arrived:
        found.arrived = None
        found.save(update_fields=["arrived"])
        return found
    arrive(found.organisation, slot=found.slot, by=by)
    found.refresh_from_db()
    return found
