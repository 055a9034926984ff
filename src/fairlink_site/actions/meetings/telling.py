"""Tell the people of an organisation what became of its calendar."""

from __future__ import annotations

from typing import Any

from fairlink_site.actions.messages import tell
from fairlink_site.models import Organisation, Person, Place, Slot
from fairlink_site.models.people import OF_ORGANISATIONS


def people_of(organisation: Organisation) -> list[Person]:
    """Everybody who takes part for an organisation, once."""
    members = organisation.memberships.filter(role__in=OF_ORGANISATIONS, person__is_active=True)
    return list({one.person_id: one.person for one in members.select_related("person__preference")}.values())


def tell_organisation(
    organisation: Organisation, kind: str, *, but: Person | None = None, **data: Any
) -> None:
    """A notice and a letter for everybody of an organisation, but for whoever did it."""
    edition = organisation.edition
    for person in people_of(organisation):
        if person != but:
            tell(
                person,
                kind,
                edition=edition,
                data={"organisation": organisation.name, **data},
                path=f"/{edition.slug}/organisations/{organisation.code}/calendar/",
            )


def when_and_where(slot: Slot, place: Place | None = None) -> dict[str, str]:
    """A time and a place as letters take them: `day` and `clock` as ISO 8601 says them, of the edition's zone."""
    where = ", ".join(part for part in (place.hall, place.code) if part) if place else ""
    return {"day": slot.day.isoformat(), "clock": f"{slot.start:%H:%M}", "place": where}
