"""When two may meet whose meeting nobody has planned: on the spot, or at a time that one of them asks for."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from fairlink_site.actions.meetings import booking, hours
from fairlink_site.models import Meeting, Organisation, Person, Slot
from fairlink_site.models.wishes import ACCEPTED
from fairlink_site.refusals import Refused


class Offered(NamedTuple):
    """The next time today, for two who stand before each other, which may have `begun`; and times to come, for two who
    wish to meet."""

    spot: Slot | None
    later: list[Slot]
    begun: bool = False


def offered(organisation: Organisation, partner: Organisation, *, now: datetime | None = None) -> Offered:
    """Times at which both are free. Nobody's days are filled who has not wished for it: times to come are offered to
    two who have agreed to meet, or whose wanted meeting found no time."""
    edition = organisation.edition
    now = now or edition.now()
    if edition.phase not in ("published", "running"):
        return Offered(None, [])
    free = booking.times(organisation, partner, now=now, begun=True)
    today = now.astimezone(edition.zone).date()
    spot = free[0] if free and free[0].day == today else None
    later = [slot for slot in free if hours.takes(slot, edition, now)]
    return Offered(
        spot, later if _wished(organisation, partner) else [], begun=bool(spot) and spot not in later
    )


def _wished(organisation: Organisation, partner: Organisation) -> bool:
    both = Q(first=organisation, second=partner) | Q(first=partner, second=organisation)
    run = booking.current(organisation.edition)
    if run is not None and run.unplaced.filter(both).exists():
        return True
    return bool(
        organisation.wishes_out.filter(partner=partner, answer=ACCEPTED).exists()
        or organisation.wishes_in.filter(organisation=partner, answer=ACCEPTED).exists()
    )


def ask(
    organisation: Organisation,
    partner: Organisation,
    slot: Slot,
    *,
    by: Person,
    now: datetime | None = None,
) -> Meeting:
    """Book one of the times offered. Raises Refused: not_offered, and what `book` raises."""
    now = now or organisation.edition.now()
    spot, later, _begun = offered(organisation, partner, now=now)
    if slot not in later and slot != spot:
        raise Refused("not_offered")
    origin = Meeting.REQUEST if slot in later else Meeting.HALL
    return booking.book(organisation, partner, slot, by=by, origin=origin, now=now)
