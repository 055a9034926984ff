"""The timetable of one organisation for itself, as a page."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from fairlink_site import permissions, wording
from fairlink_site.models import Edition, Organisation, Run, UnplacedMeeting
from fairlink_site.pages.meetings.agenda import entries
from fairlink_site.pages.meetings.days import current
from fairlink_site.pages.meetings.noes import NOT_TOLD
from fairlink_site.pages.meetings.noes import organisations as organisations_of
from fairlink_site.pages.tenancy import demand, edition_page, show
from fairlink_site.reasons import objection

UNPLACED_SHOWN = 50


@edition_page
def calendar(request: HttpRequest, edition: Edition, organisation: str) -> HttpResponse:
    found = get_object_or_404(edition.organisations.select_related("edition"), code=organisation)
    denied = demand(request, permissions.see_organisation & permissions.see_calendar, found)
    if denied:
        return denied
    run = current(edition)
    listed = entries(found, run)
    left = _unplaced(found, run)
    if not permissions.organises.test(request.user, edition):
        left = left.exclude(reason__0__in=NOT_TOLD)  # a never is nobody's business but its own
    return show(
        request,
        "calendar",
        edition,
        organisation=found,
        days=[(day, list(some)) for day, some in groupby(listed, key=lambda one: one.day)],
        count=sum(one.seat is not None for one in listed),
        attended=sum(one.activity is not None for one in listed),
        inside=permissions.keep_calendar.test(request.user, found),
        belongs=permissions.belongs.test(request.user, found),
        unplaced=_explained(edition, found, left[:UNPLACED_SHOWN]),
        unplaced_count=left.count(),
        run=run,
    )


def _unplaced(organisation: Organisation, run: Run | None) -> QuerySet[UnplacedMeeting]:
    return (
        UnplacedMeeting.objects.filter(run=run)
        .filter(Q(first=organisation) | Q(second=organisation))
        .select_related("first", "second")
    )


def _explained(
    edition: Edition, organisation: Organisation, left: Iterable[UnplacedMeeting]
) -> list[tuple[Organisation, str, str]]:
    """(partner, why there is no time, what would help) for each wanted meeting that is not held."""
    found = list(left)
    named = {code for one in found for _, data in (one.reason, one.remedy) for code in organisations_of(data)}
    organisations = {one.code: one for one in edition.organisations.filter(code__in=named)}
    slots = {slot.code: wording.slot(slot) for slot in edition.slots.all()}
    return [
        (
            one.second if one.first_id == organisation.pk else one.first,
            objection(edition, one.reason, organisations, slots),
            objection(edition, one.remedy, organisations, slots, remedy=True),
        )
        for one in found
    ]
