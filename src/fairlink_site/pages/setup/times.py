"""The times of an edition: hours become slots, shown before they are saved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from fairlink.errors import BadExpo
from fairlink_site import snapshot, wording
from fairlink_site.actions.programme import clear_day, plan_slots, set_slots
from fairlink_site.models import Edition
from fairlink_site.pages.setup.consequences import consequences
from fairlink_site.pages.setup.doors import attempted, organiser_form, person
from fairlink_site.pages.setup.forms import HoursForm
from fairlink_site.pages.tenancy import show
from fairlink_site.refusals import Refused


@organiser_form
def times(request: HttpRequest, edition: Edition) -> HttpResponse:
    do = request.POST.get("do", "")
    if request.method == "POST" and do not in ("preview", "save", "clear"):
        raise Http404
    if do == "clear":
        attempted(request, lambda: clear_day(edition, _day(request.POST.get("day", "")), by=person(request)))
        return redirect("setup_times", edition=edition.slug)
    form = HoursForm(edition, request.POST if do else None)
    planned = _planned(request, edition, form, save=do == "save") if do and form.is_valid() else None
    if do == "save" and planned is not None:
        return redirect("setup_times", edition=edition.slug)
    there = list(snapshot.slot_records(edition))
    return show(
        request,
        "setup_times",
        edition,
        form=form,
        days=_by_day(there),
        planned=_by_day(planned or []),
        consequences=consequences(edition, _after(there, planned or [])),
    )


def _after(there: Iterable[Any], planned: Iterable[Any]) -> list[tuple[date, str]]:
    """The times of the edition once some days have those that are planned."""
    new = list(planned)
    days = {slot["day"] for slot in new}
    return [(slot["day"], slot["id"]) for slot in [*(one for one in there if one["day"] not in days), *new]]


def _planned(request: HttpRequest, edition: Edition, form: HoursForm, *, save: bool) -> list[Any] | None:
    """The slots that these hours make, stored on wish; None where they cannot be, and the form says why."""
    try:
        planned = plan_slots(edition, form.hours)
        if not planned:
            form.add_error(None, _("No meeting fits into these hours."))
            return None
        if save:
            set_slots(edition, form.hours, by=person(request))
            messages.success(request, _("Saved."))
    except Refused as no:
        form.add_error(None, str(no.words))
        return None
    except BadExpo as error:
        first = error.problems[0]
        form.add_error(None, wording.mistake(first.code, first.data))
        return None
    return list(planned)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


def _by_day(slots: Iterable[Any]) -> list[tuple[date, list[tuple[time, time]]]]:
    return [
        (day, [(slot["start"], slot["end"]) for slot in group])
        for day, group in groupby(slots, key=lambda slot: slot["day"])
    ]
