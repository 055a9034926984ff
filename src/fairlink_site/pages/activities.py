"""The programme beside the meetings: what is on, day by day, and which of my delegates attend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fairlink_site import permissions, wording
from fairlink_site.actions import activities as acts
from fairlink_site.models import Activity, Edition, Organisation, Seat, SignUp
from fairlink_site.models.meetings import TOLD
from fairlink_site.pages.meetings.sitting import called, delegates
from fairlink_site.pages.profiles import person_of
from fairlink_site.pages.tenancy import edition_form, edition_page, show
from fairlink_site.refusals import Refused

A_PAGE = 50
FILTERS = {"kind": _("Kind of activity"), "hall": _("Where")}


@dataclass(frozen=True)
class Option:
    """One choice of a filter, and how many it would leave."""

    value: str
    label: str
    count: int


@edition_page
def activities(request: HttpRequest, edition: Edition) -> HttpResponse:
    days = list(edition.activities.values_list("day", flat=True).order_by("day").distinct())
    day = _asked_day(request, days)
    asked = {name: request.GET.get(name, "").replace("\x00", "")[:64] for name in FILTERS}
    rows = edition.activities.filter(day=day) if day else edition.activities.none()
    left = rows.filter(**{name: value for name, value in asked.items() if value})
    return show(
        request,
        "activities",
        edition,
        days=days,
        day=day,
        asked=asked,
        filters=[(name, words, asked[name], _options(rows, name, asked)) for name, words in FILTERS.items()],
        page=Paginator(_counted(left), A_PAGE).get_page(request.GET.get("page")),
    )


def _asked_day(request: HttpRequest, days: list[date]) -> date | None:
    """The day of the address; else today where there is something on, else the first."""
    try:
        asked = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        asked = timezone.localdate()
    return asked if asked in days else next(iter(days), None)


def _options(rows: QuerySet[Activity], name: str, asked: dict[str, str]) -> list[Option]:
    others = {other: value for other, value in asked.items() if value and other != name}
    counted = Counter(rows.filter(**others).order_by().values_list(name, flat=True))
    told = (lambda value: wording.say("choices", value)) if name == "kind" else str
    found = [Option(value, told(value), number) for value, number in counted.items() if value]
    return sorted(found, key=lambda one: (-one.count, one.label) if name == "kind" else (0, one.label))


def _counted(rows: QuerySet[Activity]) -> QuerySet[Any]:
    return rows.annotate(signed_up=Count("sign_ups")).order_by("start", "code")


@edition_page
def activity(request: HttpRequest, edition: Edition, activity: str) -> HttpResponse:
    found = get_object_or_404(_counted(edition.activities.select_related("chain", "edition")), code=activity)
    mine = _represented(request, edition)
    return show(
        request,
        "activity",
        edition,
        activity=found,
        left=_left(found),
        over=acts.is_over(found, edition.now()),
        open=edition.phase in acts.OPEN,
        mine=mine,
        attending=list(_attending(found, mine)),
    )


def _left(activity: Any) -> int | None:
    """Places that are free; None where there is no limit."""
    return max(activity.capacity - activity.signed_up, 0) if activity.capacity else None


def _represented(request: HttpRequest, edition: Edition) -> list[Organisation]:
    """The organisations for which the reader takes part."""
    if not request.user.is_authenticated:
        return []
    mine = edition.organisations.filter(memberships__person=request.user).select_related("edition")
    return list(mine.distinct())


def _attending(activity: Activity, mine: list[Organisation]) -> Iterator[tuple[Organisation, str]]:
    """Who of the reader's organisations has signed up."""
    known = delegates(one.pk for one in mine) if mine else {}
    signed_up = activity.sign_ups.filter(organisation__in=mine).select_related("organisation")
    for one in signed_up.order_by("organisation", "delegate"):
        yield one.organisation, called(known, one.organisation, one.delegate)


@dataclass(frozen=True)
class Delegate:
    """One delegate, and what they do while the activity lasts."""

    number: int  # from 0
    name: str
    attends: bool
    seat: Seat | None
    partner: Organisation | None
    elsewhere: SignUp | None


@login_required
@edition_form
def sign_up(request: HttpRequest, edition: Edition, activity: str, organisation: str) -> HttpResponse:
    """The delegates of an organisation: who attends, who could, and what the others do then."""
    found = get_object_or_404(_counted(edition.activities.select_related("edition")), code=activity)
    mine: Organisation = get_object_or_404(edition.organisations.select_related("edition"), code=organisation)
    if not permissions.belongs.test(request.user, mine):
        raise Http404
    if request.method == "POST":
        _act(request, found, mine)
        return redirect("sign_up", edition=edition.slug, activity=found.code, organisation=mine.code)
    return show(
        request,
        "sign_up",
        edition,
        activity=found,
        organisation=mine,
        left=_left(found),
        over=acts.is_over(found, edition.now()),
        open=edition.phase in acts.OPEN,
        delegates=_delegates(found, mine),
    )


def _delegates(activity: Activity, organisation: Organisation) -> list[Delegate]:
    known = delegates([organisation.pk])
    attend = set(activity.sign_ups.filter(organisation=organisation).values_list("delegate", flat=True))
    seats = acts.meetings_then(activity, organisation) if activity.edition.phase in TOLD else ()
    busy = {one.delegate: one for one in seats}
    elsewhere = {one.delegate: one for one in acts.activities_then(activity, organisation)}
    partners = {
        number: next(one.organisation for one in seat.meeting.seats.all() if one.pk != seat.pk)
        for number, seat in busy.items()
    }
    return [
        Delegate(
            number,
            called(known, organisation, number),
            number in attend,
            busy.get(number),
            partners.get(number),
            elsewhere.get(number),
        )
        for number in range(organisation.delegates)
    ]


def _act(request: HttpRequest, activity: Activity, organisation: Organisation) -> None:
    for do in ("up", "off"):
        asked = request.POST.get(do, "")
        if asked.isdecimal() and len(asked) < 5:
            break
    else:
        raise Http404
    try:
        if do == "up":
            acts.sign_up(organisation, activity, int(asked), by=person_of(request))
        else:
            acts.sign_off(organisation, activity, int(asked))
    except Refused as no:
        messages.error(request, str(no.words))
    else:
        messages.success(request, _("Signed up.") if do == "up" else _("Signed off."))
