"""The same organisation entered twice: found by what it cannot share with another, and made one."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Max

from fairlink_site.actions import records
from fairlink_site.models import Edition, Exclusion, Organisation, Person, Wish
from fairlink_site.models.wishes import ACCEPTED, DECLINED, EXPIRED, NEVER, PENDING, WITHDRAWN
from fairlink_site.refusals import Refused

MOST = 10  # of one group; more share something for another reason, such as a portal's website
# Words that say what kind of company it is, not which.
_FORMS = re.compile(
    r"\b(co|company|corp|corporation|inc|incorporated|ltd|limited|llc|gmbh|ag|sa|sas|sarl|srl|spa|bv|nv|oy|ab|as|plc|"
    r"pte|pty|sdn|bhd|jsc|kk|the|group|holding|holdings)\b|有限责任公司|股份有限公司|有限公司|集团|公司"
)


def likely(edition: Edition) -> list[tuple[str, tuple[int, ...]]]:
    """Groups of organisations that may be one: (what they share, their primary keys); most certain first."""
    rows = edition.organisations.all()
    last = Organisation.history.filter(edition=edition.pk).aggregate(last=Max("history_id"))["last"]
    return _groups(edition.pk, rows.count(), last)


@lru_cache(maxsize=8)
def _groups(edition: int, number: int, last: int | None) -> list[tuple[str, tuple[int, ...]]]:
    """`number` and `last` say how old it is: every change goes into the history."""
    groups: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    facts = ("pk", "country", "lei", "registration", "website", "name")
    for key, *told in Organisation.objects.filter(edition=edition).order_by("code").values_list(*facts):
        for mark in dict.fromkeys(_marks(*told)):
            groups[mark].append(key)
    seen: set[frozenset[int]] = set()
    found = []
    for (_, what, _), members in sorted(groups.items(), key=lambda item: item[0]):
        keys = frozenset(members)
        if 1 < len(keys) <= MOST and keys not in seen:
            seen.add(keys)
            found.append((what, tuple(members)))
    return found


def _marks(
    country: str, lei: str, registration: str, website: str, names: Mapping[str, str]
) -> Iterator[tuple[int, str, str]]:
    """What no other organisation should have: how certain, what it is, and itself."""
    if lei:
        yield 0, "lei", lei
    if registration:
        yield 1, "registration", f"{country} {re.sub(r'[^0-9A-Za-z]', '', registration).upper()}"
    host = urlsplit(website).hostname or ""
    if host:
        yield 2, "website", host.removeprefix("www.")
    for name in names.values():
        core = core_of(name)
        if len(core) > 1:
            yield 3, "name", f"{country} {core}"


def core_of(name: str) -> str:
    """A name without capitals, accents, signs, and the words for kinds of company."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    return re.sub(r"[\W_]+", "", _FORMS.sub("", plain))


@transaction.atomic
def merge(kept: Organisation, other: Organisation, *, by: Person) -> Organisation:
    """Give everything of one organisation to another and remove it; what only it says is filled in.

    Raises Refused: merge_with_itself, merge_across_editions, merge_has_meetings.
    """
    # Lock both in one order: two people may be merging them the other way round.
    rows = Organisation.objects.select_for_update().filter(pk__in=(kept.pk, other.pk)).order_by("pk")
    both = {one.pk: one for one in rows}
    if kept.pk == other.pk or len(both) < 2:
        raise Refused("merge_with_itself")
    kept, other = both[kept.pk], both[other.pk]
    if kept.edition_id != other.edition_id:
        raise Refused("merge_across_editions")
    if other.seats.current().exists():
        raise Refused("merge_has_meetings")
    _fill(kept, other)
    records.signed(kept, by).save()
    for name in ("listings", "places", "co_exhibitors"):  # the audit trail tells whose they have become
        manager: Any = getattr(other, name)
        for row in manager.all():
            setattr(row, manager.field.name, kept)
            records.signed(row, by).save()
    for name in ("invitations", "debuts", "reviews"):
        manager = getattr(other, name)
        manager.update(**{manager.field.name: kept})
    for name, same in (
        ("memberships", ("person_id", "role")),
        ("certificates", ("name",)),
        ("agreement_parties", ("agreement_id",)),
    ):
        _move(getattr(kept, name), getattr(other, name), same, by)
    kept.nodes.add(*other.nodes.all())
    _move_wishes(kept, other, by)
    _move_exclusions(kept, other, by)
    records.signed(other, by).delete()
    records.retoken([kept])
    records.forget_removed()
    return kept


def _fill(kept: Organisation, other: Organisation) -> None:
    for name in ("size", "country", "city", "website", "lei", "registration", "delegation"):
        if not getattr(kept, name):
            setattr(kept, name, getattr(other, name))
    for name in ("name", "description"):
        setattr(kept, name, {**getattr(other, name), **getattr(kept, name)})
    for name in ("languages", "markets"):
        setattr(kept, name, list(dict.fromkeys([*getattr(kept, name), *getattr(other, name)])))


def _move(kept: Any, other: Any, same: tuple[str, ...], by: Person) -> None:
    """Rows of the other, but for those that the kept one has already."""
    there = set(kept.values_list(*same))
    for row in other.all():
        if tuple(getattr(row, name) for name in same) not in there:
            setattr(row, kept.field.name, kept.instance)
            records.signed(row, by).save()


_LAST_WORD = (NEVER, ACCEPTED, "", PENDING, DECLINED, EXPIRED, WITHDRAWN)


def _move_wishes(kept: Organisation, other: Organisation, by: Person) -> None:
    """Of two wishes of one direction the one that says more stays: a never, what was agreed, what waits."""
    for wish in Wish.objects.filter(organisation=other) | Wish.objects.filter(partner=other):
        organisation = kept if wish.organisation_id == other.pk else wish.organisation
        partner = kept if wish.partner_id == other.pk else wish.partner
        if organisation == partner:
            continue
        same = Wish.objects.filter(organisation=organisation, partner=partner).first()
        if same and _says(same) <= _says(wish):
            continue
        if same:
            records.signed(same, by).delete()
        wish.organisation, wish.partner = organisation, partner
        records.signed(wish, by).save()


def _move_exclusions(kept: Organisation, other: Organisation, by: Person) -> None:
    """Whoever was kept apart from the other is from the kept one, but for itself."""
    there = Exclusion.objects.others(kept) | {kept.pk}
    for row in Exclusion.objects.of(other):
        side, them = (
            ("organisation", row.partner_id)
            if row.organisation_id == other.pk
            else ("partner", row.organisation_id)
        )
        if them not in there:
            setattr(row, side, kept)
            records.signed(row, by).save()


def _says(wish: Wish) -> int:
    return _LAST_WORD.index(NEVER if wish.kind == NEVER else wish.answer)
