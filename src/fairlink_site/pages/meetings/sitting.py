"""Who sits in a meeting: organisations, their delegates by name, and the languages in which they can speak."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fairlink_site.models import Membership, Organisation, Person, Seat


@dataclass(frozen=True)
class Side:
    """One party of a meeting as pages tell of it."""

    seat: Seat
    person: Person | None  # whose seat it is, where the organisation says so
    languages: list[str]  # the person's, else the organisation's

    @property
    def organisation(self) -> Organisation:
        return self.seat.organisation

    @property
    def number(self) -> int:
        """Of the delegate, as people count."""
        return self.seat.delegate + 1


def delegates(organisations: Iterable[int]) -> dict[tuple[int, int], Membership]:
    """(organisation, delegate) → whose seat that is. One query."""
    found = Membership.objects.filter(organisation__in=organisations, delegate__isnull=False)
    return {(one.organisation_id, one.delegate): one for one in found.select_related("person")}  # type: ignore[misc]


def called(known: dict[tuple[int, int], Membership], organisation: Organisation, delegate: int) -> str:
    """The name of a delegate, else their number as people count."""
    member = known.get((organisation.pk, delegate))
    return str(member.person) if member else str(_("Delegate {number}")).format(number=delegate + 1)


def sides(seats: Iterable[Seat], known: dict[tuple[int, int], Membership] | None = None) -> list[Side]:
    """Each seat with who sits there; one query where it is not known yet."""
    listed = list(seats)
    if known is None:
        known = delegates(one.organisation_id for one in listed)
    told = []
    for seat in listed:
        member = known.get((seat.organisation_id, seat.delegate))
        languages = member.languages if member and member.languages else seat.organisation.languages
        told.append(Side(seat, member.person if member else None, languages))
    return told
