"""The timetable of a day, for everybody who may see the whole of it."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from fairlink_site import permissions
from fairlink_site.models import Edition, Meeting, Run
from fairlink_site.pages.tenancy import edition_page, for_those, show

A_PAGE = 50


def current(edition: Edition) -> Run | None:
    return edition.runs.filter(kind="meetings", current=True).first()


@edition_page
def days(request: HttpRequest, edition: Edition) -> HttpResponse:
    """The first day that has slots; an edition without says what would fill the page."""
    first = edition.slots.first()
    if first:
        return redirect("day", edition=edition.slug, day=first.day.isoformat())
    return show(request, "day", edition, days=[], day=None)


@edition_page
@for_those(permissions.see_timetable)
def day(request: HttpRequest, edition: Edition, day: str) -> HttpResponse:
    run = current(edition)
    slots = list(
        edition.slots.filter(day=_day(day)).annotate(
            held=Count("meetings", filter=Q(meetings__run=run) & ~Q(meetings__state=Meeting.CANCELLED))
        )
    )
    if not slots:
        raise Http404
    slot = next((one for one in slots if one.code == request.GET.get("slot")), slots[0])
    meetings = (
        Meeting.objects.standing()
        .filter(run=run, slot=slot)
        .select_related("place")
        .prefetch_related("seats__organisation")
        .order_by("place__hall", "place__code", "pk")
    )
    return show(
        request,
        "day",
        edition,
        days=edition.slots.values_list("day", flat=True).order_by("day").distinct(),
        day=slots[0].day,
        slots=slots,
        slot=slot,
        run=run,
        page=Paginator(meetings, A_PAGE).get_page(request.GET.get("page")),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
