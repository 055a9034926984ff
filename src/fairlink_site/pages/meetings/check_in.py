"""Check-in: an organisation found by its badge, its code or its name; it has come, and these are its meetings today."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.crypto import constant_time_compare, salted_hmac

from fairlink_site import search
from fairlink_site.actions.meetings.arrivals import arrive, unsay_arrival
from fairlink_site.models import Edition, Organisation
from fairlink_site.pages.meetings.board import hall_form, state
from fairlink_site.pages.meetings.clock import clock
from fairlink_site.pages.setup.doors import attempted, person
from fairlink_site.pages.tenancy import show

FOUND = 20
_SEAL = 16  # hexadecimal digits


def token(organisation: Organisation) -> str:
    """What a badge holds: a code and a seal, so that no badge of another expo is taken for one of ours."""
    return f"{organisation.code}~{_seal(organisation.edition, organisation.code)}"


def _seal(edition: Edition, code: str) -> str:
    return salted_hmac("fairlink.badge", f"{edition.slug}/{code}").hexdigest()[:_SEAL]


@hall_form
def check_in(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Find somebody without a badge; what a scanner types is a badge's address."""
    asked = request.GET.get("q", "").strip()[: search.LONGEST].replace("\x00", "")
    if "~" in asked:
        return redirect("badge", edition=edition.slug, token=asked.rstrip("/").rpartition("/")[2])
    known = edition.organisations.visible()
    exact = known.filter(code=asked).first() if asked else None
    if exact:
        return redirect("check_in_one", edition=edition.slug, organisation=exact.code)
    found = search.matching(known, asked).order_by("code")[:FOUND] if asked else ()
    return show(request, "board_find", edition, asked=asked, found=found)


@hall_form
def badge(request: HttpRequest, edition: Edition, token: str) -> HttpResponse:
    """Where the QR code of a badge leads."""
    code, _tilde, seal = token.partition("~")
    if not constant_time_compare(seal, _seal(edition, code)):
        raise Http404
    found = get_object_or_404(edition.organisations.visible(), code=code)
    return redirect("check_in_one", edition=edition.slug, organisation=found.code)


@hall_form
def one(request: HttpRequest, edition: Edition, organisation: str) -> HttpResponse:
    found = get_object_or_404(edition.organisations.visible().select_related("edition"), code=organisation)
    time = clock(edition, request.GET.get("slot", ""))
    slot, do = time.slot, request.POST.get("do", "")
    if request.method == "POST":
        if do not in ("come", "undo") or slot is None:
            raise Http404
        if do == "come":
            attempted(request, lambda: arrive(found, slot=slot, by=person(request)), "")
        else:
            attempted(request, lambda: unsay_arrival(found, slot=slot), "")
        return redirect(request.get_full_path())
    came = found.arrivals.filter(day=slot.day).select_related("by").first() if slot else None
    seats = (
        found.seats.current()
        .filter(slot__day=slot.day if slot else None)
        .select_related("slot", "meeting__place", "meeting__interpreter")
        .prefetch_related("meeting__seats__organisation")
        .order_by("slot__start", "delegate")
    )
    return show(
        request,
        "board_one",
        edition,
        organisation=found,
        clock=time,
        came=came,
        seats=[
            (seat, state(seat, set()), [other for other in seat.meeting.seats.all() if other.pk != seat.pk])
            for seat in seats
        ],
        later=[after for after in time.rest if after != slot],
        closed=[after for after in time.ahead if after.code in found.closed],
    )
