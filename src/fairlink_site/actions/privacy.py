"""Erase somebody who asks for it."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.db import transaction

from fairlink_site import privacy
from fairlink_site.models import Edition, Membership, Person
from fairlink_site.refusals import Refused


@transaction.atomic
def erase(person: Person) -> None:
    """Remove a person with everything kept about them, and end what they are signed in with.

    What an organisation did stays the organisation's. Raises Refused: last_organiser.
    """
    organised = Edition.objects.filter(memberships__person=person, memberships__role="organiser")
    for edition in Edition.objects.select_for_update().filter(pk__in=organised):
        others = Membership.objects.filter(edition=edition, role="organiser").exclude(person=person)
        if not others.exists():
            raise Refused("last_organiser")
    for session in UserSession.objects.filter(user=person):
        session.end()
    privacy.rows(person, "fairlink.Invitation").delete()
    person.delete()
