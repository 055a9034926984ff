"""Invite people, let them join, and let them go."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from fairlink_site import letters
from fairlink_site.actions.messages import write
from fairlink_site.actions.records import signed
from fairlink_site.models import Edition, Invitation, Membership, Organisation, Person
from fairlink_site.models.people import OF_ORGANISATIONS
from fairlink_site.refusals import Refused

VALID = timedelta(days=14)


@transaction.atomic
def invite(
    edition: Edition,
    email: str,
    *,
    role: str,
    organisation: Organisation | None = None,
    by: Person | None = None,
    address: str,
) -> Invitation:
    """Ask somebody to join, by a letter with a link: `address` with the token behind it.

    Raises Refused: organisation_missing, organisation_superfluous, other_edition, member_already.
    """
    if role in OF_ORGANISATIONS and organisation is None:
        raise Refused("organisation_missing")
    if role not in OF_ORGANISATIONS and organisation is not None:
        raise Refused("organisation_superfluous")
    if organisation is not None and organisation.edition_id != edition.pk:
        raise Refused("other_edition")
    members = edition.memberships.filter(person__email__iexact=email, role=role, organisation=organisation)
    if members.exists():
        raise Refused("member_already")
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        edition=edition,
        organisation=organisation,
        email=email,
        role=role,
        token_hash=token_hash(token),
        invited_by=by,
        expires=timezone.now() + VALID,
    )
    write(
        email,
        "invitation",
        {
            "organisation": organisation.name if organisation else "",
            "role": role,
            "address": f"{address}{letters.MARK}/",
            "until": invitation.expires,
        },
        edition=edition,
        secret=token,
    )
    return invitation


def renew(invitation: Invitation) -> str:
    """A new token for an invitation that nobody took up yet, valid from now; the old one opens nothing more."""
    token = secrets.token_urlsafe(32)
    invitation.token_hash = token_hash(token)
    invitation.expires = timezone.now() + VALID
    invitation.save(update_fields=["token_hash", "expires"])
    return token


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def demand_open(invitation: Invitation) -> None:
    """Raises Refused where nobody can take it up any more: invitation_used, invitation_expired."""
    if invitation.accepted:
        raise Refused("invitation_used")
    if invitation.expires < timezone.now():
        raise Refused("invitation_expired")


@transaction.atomic
def join(person: Person, invitation: Invitation) -> Membership:
    """Take up an invitation, once. Raises Refused: invitation_used, invitation_expired, other_address."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    demand_open(invitation)
    if invitation.email.casefold() != person.email.casefold():
        raise Refused("other_address")
    invitation.accepted = timezone.now()
    invitation.save(update_fields=["accepted"])
    return appoint(person, invitation.edition, role=invitation.role, organisation=invitation.organisation)


def appoint(
    person: Person, edition: Edition, *, role: str, organisation: Organisation | None = None
) -> Membership:
    """Make somebody a member; no harm if they are already."""
    membership, _ = Membership.objects.get_or_create(
        person=person, edition=edition, role=role, organisation=organisation
    )
    return membership


@transaction.atomic
def let_sign(membership: Membership, *, signatory: bool, by: Person) -> None:
    """Say whether somebody may sign agreements for their organisation. Raises Refused: signs_for_nobody."""
    if membership.organisation_id is None:
        raise Refused("signs_for_nobody")
    membership.signatory = signatory
    signed(membership, by).save(update_fields=["signatory"])


@transaction.atomic
def introduce(
    membership: Membership, *, delegate: int | None, languages: Iterable[str], by: Person | None = None
) -> None:
    """Say which seat of its organisation's is somebody's, from 0, and in which languages they can hold a meeting.

    Raises Refused: signs_for_nobody, no_such_delegate, delegate_taken.
    """
    if membership.organisation_id is None:
        raise Refused("signs_for_nobody")
    # Lock the organisation first: two people may be taking one seat.
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=membership.organisation_id)
    if delegate is not None and not 0 <= delegate < organisation.delegates:
        raise Refused("no_such_delegate", most=organisation.delegates)
    there = organisation.memberships.filter(delegate=delegate).exclude(pk=membership.pk)
    holder = there.select_related("person").first() if delegate is not None else None
    if holder is not None:
        raise Refused("delegate_taken", person=str(holder.person))
    membership.delegate = delegate
    membership.languages = sorted(set(languages))
    signed(membership, by).save(update_fields=["delegate", "languages"])


@transaction.atomic
def renew_feed(membership: Membership) -> None:
    """End the secret address of a member's calendar; the next number makes another."""
    Membership.objects.filter(pk=membership.pk).update(feed=F("feed") + 1)


@transaction.atomic
def dismiss(membership: Membership) -> None:
    """End a membership. Raises Refused: last_organiser."""
    # Lock the edition first: two organisers may be dismissing each other.
    Edition.objects.select_for_update().get(pk=membership.edition_id)
    organisers = Membership.objects.filter(edition=membership.edition_id, role="organiser")
    if membership.role == "organiser" and not organisers.exclude(pk=membership.pk).exists():
        raise Refused("last_organiser")
    membership.delete()


@transaction.atomic
def let_open(email: str) -> Person:
    """Give somebody with an account the right to open editions. Raises Refused: no_account."""
    person = Person.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        raise Refused("no_account")
    person.opener = True
    person.save(update_fields=["opener"])
    return person
