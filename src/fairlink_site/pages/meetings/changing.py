"""Another time for a meeting, no meeting, somebody else to send; and a meeting that nobody has planned."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _

from fairlink_site import permissions
from fairlink_site.actions.meetings import asking, booking
from fairlink_site.models import Edition, Meeting, Organisation, Seat, Slot
from fairlink_site.pages.meetings.noes import told
from fairlink_site.pages.meetings.one import meeting_of, own_seat
from fairlink_site.pages.meetings.sitting import sides
from fairlink_site.pages.profiles import person_of
from fairlink_site.pages.tenancy import demand, edition_form, show
from fairlink_site.refusals import Refused


@login_required
@edition_form
def another_time(request: HttpRequest, edition: Edition, meeting: int) -> HttpResponse:
    """Times at which both could meet instead; one is chosen, then confirmed."""
    found, mine = _mine(request, edition, meeting)
    near, far = sorted(sides(found.seats.all()), key=lambda one: one.seat.pk != mine.pk)
    slot = _slot(edition, request.POST.get("slot") or request.GET.get("slot"))
    if request.method == "POST" and slot:
        if _done(
            request,
            edition,
            lambda: booking.move(found, slot, by=person_of(request), now=edition.now()),
            _("The meeting has a new time. They have been told."),
        ):
            return redirect("meeting", edition=edition.slug, meeting=found.pk)
        return redirect("meeting_time", edition=edition.slug, meeting=found.pk)
    free = booking.times(near.organisation, far.organisation, now=edition.now())
    return show(
        request,
        "meeting_time",
        edition,
        meeting=found,
        far=far,
        days=_by_day(free),
        slot=slot if slot in free else None,
        asked=slot,
    )


@login_required
@edition_form
def cancel(request: HttpRequest, edition: Edition, meeting: int) -> HttpResponse:
    """Asked before a meeting is cancelled: the others read the reason."""
    found, mine = _mine(request, edition, meeting)
    near, far = sorted(sides(found.seats.all()), key=lambda one: one.seat.pk != mine.pk)
    reason = request.POST.get("reason", "")
    if request.method == "POST" and _done(
        request,
        edition,
        lambda: booking.cancel(
            found, near.organisation, reason=reason, by=person_of(request), now=edition.now()
        ),
        _("The meeting is cancelled. They have been told, and both of you are free at that time."),
    ):
        return redirect("calendar", edition=edition.slug, organisation=near.organisation.code)
    return show(
        request,
        "meeting_cancel",
        edition,
        meeting=found,
        far=far,
        reason=reason,
        longest=booking.LONGEST_REASON,
    )


class DelegateForm(forms.Form):
    """Who else goes."""

    delegate = forms.IntegerField(min_value=0, max_value=9999)


@login_required
@edition_form
def delegate(request: HttpRequest, edition: Edition, meeting: int) -> HttpResponse:
    """Send somebody else; a button of the meeting's page leads here."""
    found, mine = _mine(request, edition, meeting)
    form = DelegateForm(request.POST)
    if request.method == "POST" and form.is_valid():
        _done(
            request,
            edition,
            lambda: booking.assign(mine, form.cleaned_data["delegate"], by=person_of(request)),
            _("Saved."),
        )
    return redirect("meeting", edition=edition.slug, meeting=found.pk)


@login_required
@edition_form
def meet(request: HttpRequest, edition: Edition, organisation: str, partner: str) -> HttpResponse:
    """Times at which an organisation of mine could meet another: on the spot, or later."""
    mine: Organisation = get_object_or_404(edition.organisations.select_related("edition"), code=organisation)
    if not permissions.belongs.test(request.user, mine):
        raise Http404
    denied = demand(request, permissions.keep_calendar, mine)
    if denied:
        return denied
    other: Organisation = get_object_or_404(
        edition.organisations.visible().select_related("edition"), code=partner
    )
    held = Meeting.objects.standing().filter(run__current=True, seats__organisation=mine)
    there = held.filter(seats__organisation=other).first()
    if there or mine == other:
        return (
            redirect("meeting", edition=edition.slug, meeting=there.pk)
            if there
            else redirect("organisation", edition=edition.slug, organisation=mine.code)
        )
    slot = _slot(edition, request.POST.get("slot") or request.GET.get("slot"))
    if request.method == "POST" and slot:
        made: list[Meeting] = []
        if _done(
            request,
            edition,
            lambda: made.append(asking.ask(mine, other, slot, by=person_of(request))),
            _("The meeting is booked. They have been told."),
        ):
            return redirect("meeting", edition=edition.slug, meeting=made[0].pk)
        return redirect(request.path)
    offered = asking.offered(mine, other)
    return show(
        request,
        "meet",
        edition,
        mine=mine,
        other=other,
        spot=offered.spot,
        begun=offered.begun,
        days=_by_day(offered.later),
        slot=slot if slot and (slot in offered.later or slot == offered.spot) else None,
    )


def _mine(request: HttpRequest, edition: Edition, key: int) -> tuple[Meeting, Seat]:
    """A meeting and the reader's seat there; organisers change meetings in their own rooms."""
    found = meeting_of(edition, key)
    mine = own_seat(request, found)
    if mine is None:
        raise Http404
    return found, mine


def _slot(edition: Edition, code: str | None) -> Slot | None:
    code = (code or "").replace("\x00", "")[:64]
    return edition.slots.select_related("edition").filter(code=code).first() if code else None


def _by_day(slots: list[Slot]) -> list[tuple[Any, list[Slot]]]:
    return [(day, list(some)) for day, some in groupby(slots, key=lambda one: one.day)]


def _done(request: HttpRequest, edition: Edition, act: Callable[[], object], said: Any) -> bool:
    """Do it and say so, or say why not."""
    try:
        act()
    except Refused as no:
        messages.error(request, told(edition, no))
        return False
    messages.success(request, said)
    return True
