"""When something goes wrong in the hall: what would be done about it, and doing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fairlink_site.actions.meetings import healing
from fairlink_site.models import Edition, Run, Slot
from fairlink_site.pages.meetings.board import days, hall_form
from fairlink_site.pages.meetings.clock import Clock, clock
from fairlink_site.pages.meetings.days import current
from fairlink_site.pages.setup.doors import person
from fairlink_site.pages.tenancy import show
from fairlink_site.refusals import Refused

TITLES = {
    "no_show": gettext_lazy("Did not come"),
    "late": gettext_lazy("Comes later"),
    "back": gettext_lazy("Is there again"),
    "place_closed": gettext_lazy("A place is closed"),
    "place_opened": gettext_lazy("A place is open again"),
}
SCOPES = {
    "now": gettext_lazy("only at this time"),
    "day": gettext_lazy("for the rest of the day"),
    "all": gettext_lazy("to the end of the expo"),
}
OF_PLACES = ("place_closed", "place_opened")


@hall_form
def repair(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Without a place or an organisation, a form that asks for them; then what accepting would do."""
    kind, run = request.GET.get("kind", "place_closed"), current(edition)
    if kind not in TITLES:
        raise Http404
    if run is None:
        return show(request, "board_place", edition, run=None)
    time = clock(edition, request.GET.get("slot", ""))
    incident = _incident(request, edition, kind, time)
    if incident is None:
        return _ask(request, edition, kind, time)
    try:
        if request.method == "POST":
            token = request.POST.get("token", "")
            done = healing.accept(run, incident, token, by=person(request), now=time.now)
            messages.success(request, _done(done))
            return redirect("board", edition=edition.slug)
    except Refused as no:
        messages.error(request, str(no.words))
    return _propose(request, edition, run, incident, time)


def _incident(request: HttpRequest, edition: Edition, kind: str, time: Clock) -> healing.Incident | None:
    """What is said to have happened; None where it is not said yet of whom or what."""
    slots = _slots(request, kind, time)
    if kind not in OF_PLACES:
        found = get_object_or_404(edition.organisations.visible(), code=request.GET.get("organisation", ""))
        return healing.Incident(kind, slots, organisation=found)
    place = edition.places.filter(code=request.GET.get("place", "").strip()).first()
    return healing.Incident(kind, slots, place=place) if place else None


def _slots(request: HttpRequest, kind: str, time: Clock) -> list[Slot]:
    if kind == "late":
        until = next((one for one in time.rest if one.code == request.GET.get("until")), None)
        return [one for one in time.rest if until and one.start < until.start]
    scope = request.GET.get("scope", "day")
    return {"now": time.rest[:1], "all": time.ahead}.get(scope, time.rest)


def _ask(request: HttpRequest, edition: Edition, kind: str, time: Clock) -> HttpResponse:
    asked = request.GET.get("place", "").strip()
    return show(
        request,
        "board_place",
        edition,
        run=current(edition),
        kind=kind,
        clock=time,
        scopes=SCOPES,
        places=edition.places.exclude(kind="booth").order_by("hall", "code")[:200],
        asked=asked,
        unknown=bool(asked),
        titles={one: TITLES[one] for one in OF_PLACES},
        days=days(time.slots),
    )


def _propose(
    request: HttpRequest, edition: Edition, run: Run, incident: healing.Incident, time: Clock
) -> HttpResponse:
    proposal = refused = None
    try:
        proposal = healing.propose(run, incident, now=time.now)
    except Refused as no:
        refused = no.words
    return show(
        request,
        "board_repair",
        edition,
        title=TITLES[incident.kind],
        incident=incident,
        proposal=proposal,
        refused=refused,
        concerned=len(_concerned(proposal)) if proposal else 0,
        clock=time,
    )


def _concerned(proposal: healing.Proposal) -> set[int]:
    """Keys of the organisations that are told."""
    changes = (*proposal.cancelled, *proposal.moved, *proposal.booked)
    return {party.pk for one in changes for party in (one.first, one.second)}


def _done(proposal: healing.Proposal) -> str:
    number = len(_concerned(proposal))
    told = ngettext("{number} organisation has been told.", "{number} organisations have been told.", number)
    return f"{_('Done.')} {told.format(number=number)}"
