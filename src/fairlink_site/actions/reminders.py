"""Remind people of what they have not done yet; nobody is reminded twice within a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from fairlink_site import letters
from fairlink_site.actions.messages import preference, tell, words_for, write
from fairlink_site.actions.people import renew
from fairlink_site.models import Edition, Invitation, Letter, Notice, Organisation, Person, Preference
from fairlink_site.models.people import OF_ORGANISATIONS

INVITED, DRAFT, CHANGES = GROUPS = ("invited", "draft", "changes")
PAUSE = timedelta(hours=24)


class Reminded(NamedTuple):
    """Somebody to remind: a person for some organisations, or whoever has an invitation."""

    to: str
    person: Person | None = None
    organisations: tuple[Organisation, ...] = ()
    invitation: Invitation | None = None
    by_letter: bool = True  # else they want none and see it on the site


def recipients(edition: Edition, group: str, now: datetime) -> list[Reminded]:
    """Whom a reminder reaches, in order of address: nobody who was reminded or invited within a day."""
    found = _invited(edition) if group == INVITED else _members(edition, group)
    lately = _lately(edition, now - PAUSE)
    return sorted(
        (one for one in found if one.to.casefold() not in lately), key=lambda one: one.to.casefold()
    )


@transaction.atomic
def remind(
    edition: Edition, group: str, words: Mapping[str, str], *, now: datetime, address: str, base: str = ""
) -> int:
    """Remind everybody of a group, with words in each language that somebody wrote; returns how many.

    `address` is that of an invitation without its token, as for `invite`.
    """
    # Lock the edition first: the button may have been pressed twice.
    Edition.objects.select_for_update().get(pk=edition.pk)
    reached = recipients(edition, group, now)
    for one in reached:
        data = _data(group, words, one, address)
        if one.person:
            path = _path(edition, one)
            tell(one.person, "reminder", edition=edition, data=data, path=path, base=base, now=now)
        elif one.invitation:
            token = renew(one.invitation)
            write(one.to, "reminder", data, edition=edition, secret=token, at_once=False)
    return len(reached)


def preview(
    edition: Edition, group: str, words: Mapping[str, str], one: Reminded, *, address: str, base: str = ""
) -> letters.Said:
    """The reminder as somebody will get it, but for what is secret in it."""
    data = _data(group, words, one, address)
    if one.person is None:
        return letters.write("reminder", data, edition=edition.name)
    path = _path(edition, one)
    return words_for(preference(one.person), "reminder", data, edition=edition, path=path, base=base)


def _data(group: str, words: Mapping[str, str], one: Reminded, address: str) -> dict[str, Any]:
    return {
        "missing": group,
        "organisations": [each.name for each in one.organisations],
        "words": {tag: said for tag, said in words.items() if said},
        "address": f"{address}{letters.MARK}/" if one.invitation else "",
    }


def _path(edition: Edition, one: Reminded) -> str:
    if len(one.organisations) == 1:
        return f"/{edition.slug}/organisations/{one.organisations[0].code}/"
    return "/me/"


def _invited(edition: Edition) -> list[Reminded]:
    """Each address once; not that of somebody who belongs to the edition by now, or who wants no letters."""
    here = {email.casefold() for email in edition.memberships.values_list("person__email", flat=True)}
    never = Preference.objects.filter(letters=Preference.NEVER).values_list("person__email", flat=True)
    unwanted = here | {email.casefold() for email in never}
    newest = {
        one.email.casefold(): one for one in edition.invitations.filter(accepted=None).order_by("made", "pk")
    }
    return [Reminded(one.email, invitation=one) for to, one in newest.items() if to not in unwanted]


def _members(edition: Edition, status: str) -> list[Reminded]:
    """Each person once, with all of their organisations of that status."""
    held = defaultdict(list)
    people = {}
    for one in edition.memberships.filter(
        organisation__status=status, role__in=OF_ORGANISATIONS, person__is_active=True
    ).select_related("organisation", "person__preference"):
        people[one.person_id] = one.person
        if one.organisation:
            held[one.person_id].append(one.organisation)
    return [
        Reminded(
            person.email,
            person=person,
            organisations=tuple(dict.fromkeys(held[key])),
            by_letter=preference(person).letters != Preference.NEVER,
        )
        for key, person in people.items()
    ]


def _lately(edition: Edition, since: datetime) -> set[str]:
    letters_ = Letter.objects.filter(edition=edition, kind__in=("reminder", "invitation"), made__gt=since)
    notices = Notice.objects.filter(edition=edition, kind="reminder", made__gt=since)
    told = (*letters_.values_list("to", flat=True), *notices.values_list("person__email", flat=True))
    return {to.casefold() for to in told}
