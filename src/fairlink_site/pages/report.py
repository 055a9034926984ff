"""The figures: each with its definition, and the rows it counts."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fairlink.report import codes
from fairlink_site import wording
from fairlink_site.models import Edition
from fairlink_site.pages.tenancy import edition_page, show

A_PAGE = 50
ROOMS = {
    "participation": _("Who took part"),
    "outcomes": _("What came of it"),
    "cooperation": _("What matching and timetable did"),
}
# Which rows a figure counts; offers and needs share a table, countries are no rows at all.
COUNTED = {
    "offers": "offers",
    "needs": "needs",
    "activities": "activities",
    "participations": "activities",
    "debuts": "debuts",
    "publications": "publications",
}


@edition_page
def figures(request: HttpRequest, edition: Edition) -> HttpResponse:
    found = {figure.code: figure for figure in edition.figures.all()}
    rooms = [(title, [found[code] for code in codes(room) if code in found]) for room, title in ROOMS.items()]
    return show(request, "figures", edition, rooms=[(title, told) for title, told in rooms if told])


@edition_page
def figures_json(request: HttpRequest, edition: Edition) -> JsonResponse:
    """Every figure with label, definition, exact value as text, unit, how many rows it counts and where they are."""
    told = [
        {
            "code": figure.code,
            "label": wording.say("figures", figure.code),
            "definition": wording.say("figures", f"{figure.code}.definition"),
            "value": format(figure.value.normalize(), "f"),
            "unit": figure.unit,
            "rows": len(figure.rows),
            "address": request.build_absolute_uri(reverse("figure", args=[edition.slug, figure.code])),
        }
        for figure in edition.figures.all()
    ]
    return JsonResponse(
        {"edition": edition.slug, "sample": edition.sample, "figures": told},
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )


@edition_page
def figure(request: HttpRequest, edition: Edition, figure: str) -> HttpResponse:
    """The rows that a figure counts, so that anybody can count again."""
    found = get_object_or_404(edition.figures, code=figure)
    page = Paginator(found.rows, A_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "figure",
        edition,
        figure=found,
        page=page,
        counted=_counted(edition, figure, page.object_list),
    )


def _counted(edition: Edition, figure: str, rows: Any) -> list[tuple[str, Any]]:
    """(what kind of row, the row) for each id, in order; ids that name no row stand for themselves."""
    kind = COUNTED.get(figure, "agreements" if figure in codes("outcomes") else "organisations")
    known: dict[str, QuerySet[Any]] = {
        "offers": edition.listings.filter(side="offer").select_related("organisation"),
        "needs": edition.listings.filter(side="need").select_related("organisation"),
        "activities": edition.activities.all(),
        "debuts": edition.debuts.select_related("organisation"),
        "publications": edition.publications.all(),
        "agreements": edition.agreements.prefetch_related("agreement_parties__organisation"),
        "organisations": edition.organisations.visible(),
    }
    found = {row.code: row for row in known[kind].filter(code__in=rows)}
    return [(kind, found[code]) if code in found else ("country", code) for code in rows]
