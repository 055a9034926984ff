"""The evening before each day: what stands in an organisation's calendar tomorrow, in one letter."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from fairlink_site.actions.meetings.telling import tell_organisation
from fairlink_site.models import Edition, Membership, Organisation, Run, Seat

EVENING = time(17)  # where the edition is
MOST = 60  # lines of a letter


def tell_agendas(now: datetime | None = None) -> int:
    """Tell everybody who has meetings tomorrow; asked for every minute. Returns how many organisations were told.

    One transaction for each organisation, whose seats keep that it was told: any number of workers may do this.
    """
    now = now or timezone.now()
    told = 0
    for edition in Edition.objects.filter(phase__in=("published", "running"), sample=False):
        here = now.astimezone(edition.zone)
        if here.time() < EVENING:
            continue
        tomorrow = here.date() + timedelta(days=1)
        since = datetime.combine(here.date(), EVENING, edition.zone)
        waiting = _seats(edition, tomorrow).values_list("organisation", flat=True).distinct()
        done = _told(edition, tomorrow, since).values_list("organisation", flat=True)
        for key in sorted(set(waiting) - set(done)):
            told += _tell(edition, key, tomorrow, since, now)
    return told


def _seats(edition: Edition, day: date) -> QuerySet[Any]:
    found: QuerySet[Any] = Seat.objects.current().filter(run__edition=edition, slot__day=day)
    return found


def _told(edition: Edition, day: date, since: datetime) -> QuerySet[Any]:
    """Seats of any timetable of which somebody was told this evening: a newer one is told by letters of its own."""
    return Seat.objects.filter(run__edition=edition, slot__day=day, told__gte=since)


@transaction.atomic
def _tell(edition: Edition, organisation: int, day: date, since: datetime, now: datetime) -> bool:
    # Lock the timetable first: two workers may be at it.
    list(Run.objects.select_for_update().filter(edition=edition, kind="meetings", current=True))
    if _told(edition, day, since).filter(organisation=organisation).exists():
        return False
    seats = _seats(edition, day).filter(organisation=organisation)
    whom = Organisation.objects.select_related("edition").get(pk=organisation)
    lines = _lines(whom, seats, day)
    if not lines:
        return False
    seats.update(told=now)
    tell_organisation(whom, "agenda", day=day.isoformat(), number=len(lines), entries=lines[:MOST])
    return True


def _lines(organisation: Organisation, seats: QuerySet[Any], day: date) -> list[dict[str, Any]]:
    """Plain values: `clock`, `name`, `place` and `person` of everything on the day, in time."""
    members = Membership.objects.filter(organisation=organisation, delegate__isnull=False)
    names = {one.delegate: str(one.person) for one in members.select_related("person")}
    found = []
    listed = seats.select_related("slot", "meeting__place").prefetch_related("meeting__seats__organisation")
    for seat in listed:
        other = next(one for one in seat.meeting.seats.all() if one.pk != seat.pk)
        place = seat.meeting.place
        where = ", ".join(filter(None, (place.hall, place.code)))
        found.append((seat.slot.start, seat.delegate, other.organisation.name, where))
    signed_up = organisation.sign_ups.filter(activity__day=day).select_related("activity")
    found += [(one.activity.start, one.delegate, one.activity.name, one.activity.hall) for one in signed_up]
    return [
        {
            "clock": f"{start:%H:%M}",
            "name": {tag: " ".join(text.split()) for tag, text in name.items()},
            "place": where,
            "person": " ".join(names.get(delegate, "").split()),
        }
        for start, delegate, name, where in sorted(found, key=lambda one: one[:2])
    ]
