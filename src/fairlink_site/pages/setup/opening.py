"""Open a new edition: from nothing, or as a copy of one that the person organises."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fairlink import cells, vocabulary
from fairlink.tables import EDITION
from fairlink_site import permissions, snapshot, wording
from fairlink_site.actions.setup import copy_edition, create_edition, left_out
from fairlink_site.models import Edition
from fairlink_site.pages.setup.doors import accepted, person
from fairlink_site.pages.setup.forms import CopyForm, EditionForm
from fairlink_site.pages.tenancy import demand

FACTS = (
    *("id", "name", "city", "host_country", "time_zone", "start", "end", "languages"),
    "currency",
)
OF_A_COPY = ("id", "name", "city", "start", "end")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_edition(request: HttpRequest) -> HttpResponse:
    denied = demand(request, permissions.open_edition, None)
    if denied:
        return denied
    mine = Edition.objects.filter(
        memberships__person=person(request), memberships__role="organiser"
    ).distinct()
    source = next((one for one in mine if one.slug == request.GET.get("from")), None)
    form = _form(request, source)
    made: list[Edition] = []
    if request.method == "POST" and accepted(
        request, form, lambda: made.append(_open(request, form, source))
    ):
        if source and form.cleaned_data["organisations"]:
            messages.info(request, _came_along(source, made[0], listings=form.cleaned_data["listings"]))
        return redirect("setup", edition=made[0].slug)
    return render(request, "fairlink/setup_new.html", {"form": form, "source": source, "mine": mine})


def _form(request: HttpRequest, source: Edition | None) -> EditionForm:
    data = request.POST if request.method == "POST" else None
    if source is None:
        start = {**cells.blank(EDITION), "languages": (wording.language(),)}
        languages = tuple(dict.fromkeys((wording.language(), *vocabulary.LANGUAGES)))
        return EditionForm(FACTS, data, record=start, languages=languages)
    record = {**snapshot.edition_record(source), "id": "", "start": None, "end": None}
    return CopyForm(OF_A_COPY, data, record=record, languages=source.languages)


def _open(request: HttpRequest, form: EditionForm, source: Edition | None) -> Edition:
    if source is None:
        return create_edition(form.facts, by=person(request))
    wanted: dict[str, Any] = {name: form.cleaned_data[name] for name in ("organisations", "listings")}
    return copy_edition(source, form.facts, **wanted, by=person(request))


def _came_along(source: Edition, made: Edition, *, listings: bool) -> str:
    said = _(
        "Taken over as drafts: organisations %(organisations)s, offers and needs %(listings)s. They wait in the "
        "validation queue."
    )
    numbers = {"organisations": made.organisations.count(), "listings": made.listings.count()}
    left = left_out(source, made.start) if listings else 0
    if left:
        said += " " + _("Offers and needs left out, since they run out before the opening day: %(left)s.")
    return said % {name: wording.number(number) for name, number in {**numbers, "left": left}.items()}
