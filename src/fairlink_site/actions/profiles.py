"""What participants do with their own entry: register it, write it, send it in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from fairlink.tables import Record
from fairlink_site import snapshot
from fairlink_site.actions import records
from fairlink_site.actions.people import appoint
from fairlink_site.models import Certificate, Consent, Edition, Listing, Membership, Organisation, Person
from fairlink_site.models.organisations import VALIDATED
from fairlink_site.refusals import Refused

TERMS = "1"  # version of the text that people agree to when they register
OPEN = ("registration", "matching")  # phases in which entries are written
# What others judge an entry by: after a change of these the organiser looks again.
TELLING = {
    "organisation": ("name", "kind", "role", "lei", "registration", "country"),
    "listing": ("function", "title", "summary", "description", "advantages", "expertise", "keywords"),
}
MOST_LISTINGS = 60  # offers, and needs, of one organisation


@transaction.atomic
def register(
    edition: Edition, record: Record, *, by: Person, language: str, another: bool = True
) -> Organisation:
    """Enter an organisation as a draft of whoever registers it; unless `another`, not where its name is here already.

    Raises Refused: registration_closed, known_number, known_name.
    """
    # Lock the edition first: two people may be registering the same firm.
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if edition.phase not in OPEN:
        raise Refused("registration_closed")
    for number in ("lei", "registration"):
        if record[number] and edition.organisations.filter(**{number: record[number]}).exists():
            raise Refused("known_number")
    if not another and likely_same(edition, record["name"]):
        raise Refused("known_name")
    code = _free_code(edition, record["name"])
    (made,) = records.store_organisations(edition, [{**record, "id": code}], by=by, status="draft")
    role = "exhibitor" if made.role in ("exhibitor", "co_exhibitor") else "visitor"
    appoint(by, edition, role=role, organisation=made)
    Consent.objects.create(person=by, edition=edition, kind="terms", version=TERMS, language=language)
    return made


def _free_code(edition: Edition, name: Mapping[str, str]) -> str:
    """A code made of the name where it can be written in Latin letters; else a number."""
    for text in name.values():
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        code = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48]
        if len(code) > 2 and not edition.organisations.filter(code=code).exists():
            return code
    number = edition.organisations.count() + 1
    while edition.organisations.filter(code=f"o{number:05}").exists():
        number += 1
    return f"o{number:05}"


def likely_same(edition: Edition, name: Mapping[str, str]) -> list[Organisation]:
    """Organisations whose name is the same but for capitals, spaces and signs."""
    wanted = {_letters(text) for text in name.values()} - {""}
    rows = edition.organisations.only("edition", "code", "name")
    return [one for one in rows if wanted & {_letters(text) for text in one.name.values()}][:5]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


@transaction.atomic
def change_organisation(organisation: Organisation, record: Record, *, by: Person) -> Organisation:
    """Write an organisation anew. What others judge it by, when changed, waits to be validated again."""
    old = {name: getattr(organisation, name) for name in TELLING["organisation"]}
    (changed,) = records.store_organisations(organisation.edition, [record], by=by)
    _look_again(changed, old, by)
    records.retoken([changed])
    return changed


def _look_again(row: Any, old: Mapping[str, Any], by: Person) -> None:
    """Send a validated row back into the queue when one of these facts is another now; not what organisers change."""
    told = any(getattr(row, name) != value for name, value in old.items())
    organises = Membership.objects.filter(person=by, edition=row.edition_id, role="organiser")
    if told and row.status == VALIDATED and not organises.exists():
        row.status, row.submitted = "submitted", timezone.now()
        records.signed(row, by).save(update_fields=["status", "submitted"])


@transaction.atomic
def keep_certificate(
    organisation: Organisation,
    *,
    name: str,
    issuer: str,
    number: str,
    expires: date | None,
    by: Person,
    there: Certificate | None = None,
) -> Certificate:
    """State a certificate, or change one that is `there`; then nobody has seen it yet.

    Raises Refused: certificate_twice.
    """
    # Lock the organisation first: the same certificate may be stated in two windows.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    others = organisation.certificates.exclude(pk=there.pk if there else 0)
    if any(one.casefold() == name.casefold() for one in others.values_list("name", flat=True)):
        raise Refused("certificate_twice", name=name)
    found = there or Certificate(organisation=organisation)
    found.name, found.issuer, found.number, found.expires = name, issuer, number, expires
    found.evidence = "stated"
    records.signed(found, by).save()
    return found


@transaction.atomic
def remove_certificate(certificate: Certificate, *, by: Person) -> None:
    records.signed(certificate, by).delete()


@transaction.atomic
def save_listing(organisation: Organisation, side: str, record: Record, *, by: Person) -> Listing:
    """Write an offer or a need; a new one is a draft, and the same sent once more is the one that is there.

    Raises Refused: too_many_listings.
    """
    edition = organisation.edition
    # Lock the organisation first: its next free number is being given out.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    mine = organisation.listings.filter(side=side)
    if not record["id"]:
        twin = _twin(mine, side, record)
        if twin:
            return twin
    there = mine.filter(code=record["id"]).first() if record["id"] else None
    if there is None and mine.count() >= MOST_LISTINGS:
        raise Refused("too_many_listings", most=MOST_LISTINGS)
    old = {name: getattr(there, name) for name in TELLING["listing"]} if there else {}
    code = record["id"] or _next_code(edition, organisation, side)
    row = {**record, "id": code, "organisation": organisation.code}
    (saved,) = records.store_listings(edition, side, [row], by=by, status="draft")
    _look_again(saved, old, by)
    records.retoken([organisation])
    return saved


def _twin(mine: Any, side: str, record: Record) -> Listing | None:
    """An entry that says the same in every column: the form was sent twice."""
    alike = mine.filter(function=record["function"])
    for row, one in zip(alike, snapshot.listing_records(alike, side), strict=True):
        if {**one, "id": ""} == {**record, "organisation": one["organisation"]}:
            found: Listing = row
            return found
    return None


def _next_code(edition: Edition, organisation: Organisation, side: str) -> str:
    taken = set(edition.listings.filter(side=side).values_list("code", flat=True))
    number = 1
    while f"{organisation.code[:56]}-{side[0]}{number}" in taken:
        number += 1
    return f"{organisation.code[:56]}-{side[0]}{number}"


@transaction.atomic
def remove_listing(listing: Listing, *, by: Person) -> None:
    organisation = listing.organisation
    records.signed(listing, by).delete()
    records.retoken([organisation])


@transaction.atomic
def submit(organisation: Organisation, *, by: Person) -> int:
    """Send in what is a draft or was mended: the organisation itself, its offers and needs. Returns how many entries.

    Raises Refused: nothing_to_submit.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    entries: Iterable[Any] = [organisation, *organisation.listings.all()]
    sent = [one for one in entries if one.status in ("draft", "changes")]
    if not sent:
        raise Refused("nothing_to_submit")
    for one in sent:
        one.status, one.submitted = "submitted", timezone.now()
        records.signed(one, by).save(update_fields=["status", "submitted"])
    return len(sent)


@transaction.atomic
def show_contact(membership: Membership, *, shown: bool, language: str) -> None:
    """Show a person as the contact of their organisation, or stop; the consent is kept with its version."""
    membership.contact = shown
    records.signed(membership, membership.person).save(update_fields=["contact"])
    given = Consent.objects.filter(
        person=membership.person, edition=membership.edition, kind="contact", withdrawn=None
    )
    if shown and not given.exists():
        Consent.objects.create(
            person=membership.person,
            edition=membership.edition,
            kind="contact",
            version=TERMS,
            language=language,
        )
    elif not shown:
        given.update(withdrawn=timezone.now())
