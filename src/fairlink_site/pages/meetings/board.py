"""The board of the hall: who meets now and next, where, and who has come; for hall staff's hands and for the wall."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Count, ExpressionWrapper, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from fairlink_site import permissions
from fairlink_site.actions.meetings.arrivals import sit
from fairlink_site.models import Arrival, Edition, Meeting, Run, Seat, Slot
from fairlink_site.pages.meetings.clock import Clock, clock
from fairlink_site.pages.meetings.days import current
from fairlink_site.pages.setup.doors import attempted, person
from fairlink_site.pages.tenancy import edition_form, for_those, show

OUTSIDE = "-"  # what the address says for places outside of all halls
A_PAGE = 40  # of the meetings of each of the two slots


def hall_form(page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page for those who work in the hall."""
    return edition_form(for_those(permissions.work_in_hall)(page))


class Party(NamedTuple):
    """Who is to sit there, and whether they do: here, house (came today), absent, or nothing is known."""

    seat: Seat
    state: str


class Line(NamedTuple):
    """A meeting as the board shows it."""

    meeting: Meeting
    parties: list[Party]


@hall_form
def board(request: HttpRequest, edition: Edition) -> HttpResponse:
    if request.method == "POST":
        number = request.POST.get("seat", "")
        attempted(
            request, lambda: sit(edition, int(number) if number.isdigit() else 0, by=person(request)), ""
        )
        return redirect(request.get_full_path())
    time = clock(edition, request.GET.get("slot", ""))
    run, chosen = current(edition), request.GET.get("hall", "")
    halls = _halls(run, time)
    hall = next((one for one, _number in halls if chosen and chosen == (one or OUTSIDE)), None)
    both = [_page(run, slot, hall, request.GET.get("page")) for slot in (time.slot, time.then) if slot]
    came = _came(edition, time, [meeting for page in both for meeting in page])
    return show(
        request,
        "board",
        edition,
        clock=time,
        wall="wall" in request.GET,
        run=run,
        halls=halls,
        hall=hall,
        outside=OUTSIDE,
        lists=[
            (slot, page, _lines(page, came))
            for slot, page in zip((one for one in (time.slot, time.then) if one), both, strict=True)
        ],
        page=max(both, key=lambda one: one.paginator.num_pages) if both else None,
        days=days(time.slots),
    )


def days(slots: Iterable[Slot]) -> list[tuple[Any, list[Slot]]]:
    return [(day, list(group)) for day, group in groupby(slots, key=lambda slot: slot.day)]


def _halls(run: Run | None, time: Clock) -> list[tuple[str, int]]:
    """Meetings now and next in each hall."""
    shown = [one for one in (time.slot, time.then) if one]
    rows = Meeting.objects.standing().filter(run=run, slot__in=shown).order_by("place__hall")
    return list(rows.values_list("place__hall").annotate(n=Count("pk")))


def _page(run: Run | None, slot: Slot, hall: str | None, number: Any) -> Page[Meeting]:
    seats = Seat.objects.select_related("organisation").order_by("-host")
    names = seats.only("arrived", "absent", "host", "meeting", "organisation__code", "organisation__name")
    rows = Meeting.objects.standing().filter(run=run, slot=slot).select_related("place", "interpreter")
    found = rows if hall is None else rows.filter(place__hall=hall)
    online_last = ExpressionWrapper(Q(place__kind="online"), BooleanField())
    ordered = found.prefetch_related(Prefetch("seats", names)).order_by(
        online_last, "place__hall", "place__code", "chair"
    )
    return Paginator(ordered, A_PAGE).get_page(number)


def _came(edition: Edition, time: Clock, meetings: list[Meeting]) -> set[int]:
    """Keys of those in the meetings who have come on the day."""
    if time.slot is None:
        return set()
    here = {seat.organisation_id for meeting in meetings for seat in meeting.seats.all()}
    rows = Arrival.objects.filter(edition=edition, day=time.slot.day, organisation__in=here)
    return set(rows.values_list("organisation", flat=True))


def _lines(meetings: Iterable[Meeting], came: set[int]) -> list[Line]:
    return [Line(one, [Party(seat, state(seat, came)) for seat in one.seats.all()]) for one in meetings]


def state(seat: Seat, came: set[int]) -> str:
    if seat.absent:
        return "absent"
    if seat.arrived:
        return "here"
    return "house" if seat.organisation_id in came else ""
