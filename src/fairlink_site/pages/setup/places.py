"""The places of an edition: added by the dozen, changed alike or one by one, closed and removed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fairlink import cells
from fairlink.cells import BadCell
from fairlink.expo import PLACE_KINDS
from fairlink.tables import PLACES
from fairlink_site import snapshot
from fairlink_site.actions.programme import add_places, change_places, remove_places
from fairlink_site.models import Edition, Meeting, Person
from fairlink_site.pages.setup.consequences import consequences
from fairlink_site.pages.setup.doors import accepted, attempted, organiser_form, person
from fairlink_site.pages.setup.forms import PlacesForm
from fairlink_site.pages.tenancy import show
from fairlink_site.record_forms import RecordForm

A_PAGE = 50
ADDED = ("kind", "hall", "capacity")
CHANGED = ("name", "hall", "capacity", "closed")


@organiser_form
def places(request: HttpRequest, edition: Edition) -> HttpResponse:
    do = request.POST.get("do", "")
    if request.method == "POST" and do not in ("add", "capacity", "close", "open", "remove"):
        raise Http404
    form = PlacesForm(
        request.POST if do == "add" else None, record=cells.blank(PLACES), languages=edition.languages
    )
    if do == "add" and accepted(request, form, lambda: _add(request, edition, form)):
        return redirect("setup_places", edition=edition.slug)
    if do and do != "add":
        attempted(request, lambda: _change(request, edition, do))
        return redirect(request.get_full_path())
    kind = request.GET.get("kind", "")
    booths_last = ExpressionWrapper(Q(kind="booth"), BooleanField())
    rows = edition.places.select_related("organisation").order_by(booths_last, "kind", "hall", "code")
    found = rows.filter(kind=kind) if kind in PLACE_KINDS else rows
    return show(
        request,
        "setup_places",
        edition,
        form=form,
        page=Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        kinds=PLACE_KINDS,
        kind=kind,
        slots=edition.slots.count(),
        consequences=consequences(edition),
    )


def _add(request: HttpRequest, edition: Edition, form: PlacesForm) -> None:
    facts = {name: form.record[name] for name in ADDED}
    add_places(edition, facts, number=form.cleaned_data["number"], by=person(request))


def _change(request: HttpRequest, edition: Edition, do: str) -> None:
    codes, by = request.POST.getlist("place"), person(request)
    if do == "remove":
        remove_places(edition, codes, by=by)
        return
    if do == "close" and Meeting.objects.filter(
        run__current=True, place__in=[one for one in edition.places.all() if one.code in codes]
    ):
        messages.info(
            request, _("Meetings of the timetable are held there; they stay until the next timetable.")
        )
    change_places(edition, codes, _changes(request, edition, do), by=by)


def _changes(request: HttpRequest, edition: Edition, do: str) -> dict[str, Any]:
    if do == "capacity":
        return {"capacity": _capacity(request.POST.get("capacity", ""))}
    slots = edition.slots.values_list("code", flat=True) if do == "close" else ()
    return {"closed": tuple(slots)}


def _capacity(text: str) -> int:
    try:
        number: int = cells.read(text, PLACES.column("capacity"))
    except BadCell:
        raise Http404 from None
    return number


@organiser_form
def place(request: HttpRequest, edition: Edition, place: str) -> HttpResponse:
    found = get_object_or_404(edition.places, code=place)
    (record,) = snapshot.place_records(edition.places.filter(pk=found.pk))
    form = RecordForm(
        PLACES,
        CHANGED,
        request.POST if request.method == "POST" else None,
        record=record,
        languages=edition.languages,
        options={"closed": slots_of(edition)},
    )
    form.fields["closed"].label = _("Closed at")

    def save(by: Person) -> None:
        change_places(edition, [found.code], {name: form.record[name] for name in CHANGED}, by=by)

    if form.is_bound and accepted(request, form, lambda: save(person(request))):
        return redirect("setup_places", edition=edition.slug)
    return show(
        request,
        "setup_form",
        edition,
        form=form,
        title=found.code,
        back="setup_places",
        back_title=_("Places"),
    )


def slots_of(edition: Edition) -> list[tuple[str, Any]]:
    """Slots to choose from, under their days."""
    days: dict[str, list[tuple[str, str]]] = {}
    for slot in edition.slots.all():
        own = days.setdefault(date_format(slot.day, "DATE_FORMAT"), [])
        own.append((slot.code, f"{slot.start:%H:%M}–{slot.end:%H:%M}"))
    return list(days.items())
