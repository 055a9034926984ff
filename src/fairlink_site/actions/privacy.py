"""Erase somebody who asks for it."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.db import DEFAULT_DB_ALIAS, transaction

from fairlink_site import privacy
from fairlink_site.actions.messages import tell
from fairlink_site.models import Edition, Membership, Organisation, Person
from fairlink_site.refusals import Refused


@transaction.atomic
def erase(person: Person) -> None:
    """Remove a person with everything kept about them, and end what they are signed in with.

    What an organisation did stays the organisation's; where nobody answers for it any longer, its organisers are told.
    Raises Refused: last_organiser.
    """
    organised = Edition.objects.filter(memberships__person=person, memberships__role="organiser")
    for edition in Edition.objects.select_for_update().filter(pk__in=organised):
        others = Membership.objects.filter(edition=edition, role="organiser").exclude(person=person)
        if not others.exists():
            raise Refused("last_organiser")
    unattended = list(privacy.unattended(person))
    for session in UserSession.objects.filter(user=person):
        session.end()
    for label in ("fairlink.Letter", "fairlink.Invitation", "fairlink.HistoricalMembership"):
        privacy.rows(person, label).delete()
    # Not one by one, or the end of each would be remembered.
    privacy.rows(person, "fairlink.Membership")._raw_delete(DEFAULT_DB_ALIAS)  # noqa: SLF001
    privacy.forget_deeds(person)
    person.delete()
    for organisation in unattended:
        _tell_organisers(organisation)


def _tell_organisers(organisation: Organisation) -> None:
    edition = organisation.edition
    path = f"/{edition.slug}/organisations/{organisation.code}/profile/"
    for organiser in Person.objects.filter(memberships__edition=edition, memberships__role="organiser"):
        tell(organiser, "unattended", edition=edition, data={"organisation": organisation.name}, path=path)
