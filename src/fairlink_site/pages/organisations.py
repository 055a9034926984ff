"""The directory, and one organisation: what it offers and needs, whom it should meet, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from fairlink import words
from fairlink_site import permissions, search, wording
from fairlink_site.models import Edition, Node, Organisation, Suggestion
from fairlink_site.models.organisations import VALIDATED
from fairlink_site.pages.tenancy import edition_page, show
from fairlink_site.reasons import sentences
from fairlink_site.spreadsheets import csv_lines

A_PAGE = 50
SHOWN_LISTINGS = Q(listings__status=VALIDATED)
SHOWN = 10  # suggestions in full; the rest of the list folds

# name in the address → field of the organisation, or of a node where it stands
FILTERS = {
    "chain": "node__chain__code",
    "stage": "node__stage",
    "node": "node__code",
    "country": "country",
    "kind": "kind",
    "size": "size",
    "role": "role",
}
OFFERED = ("chain", "stage", "country", "kind", "size", "role")
FILTER_NAMES = {
    "chain": _("Chain"),
    "stage": _("Position"),
    "country": _("Country or region"),
    "kind": _("Kind"),
    "size": _("Size"),
    "role": _("Role"),
}


@dataclass(frozen=True)
class Choice:
    """One option of a filter, and how many it would leave."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """One filter with its options."""

    name: str
    label: Any
    chosen: str
    choices: list[Choice]


@edition_page
def directory(request: HttpRequest, edition: Edition) -> HttpResponse:
    asked = _asked(request)
    found = _found(edition, asked)
    page = _page(found, request.GET.get("page", "1"))
    node = edition.nodes.filter(code=asked["node"]).first()
    return show(
        request,
        "directory",
        edition,
        page=page,
        rows=_with_nodes(edition, list(page)),
        total=page.paginator.count,
        query=asked["q"],
        filters=[_filter(edition, asked, name) for name in OFFERED],
        node=node,
        filtered=any(asked.values()),
    )


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the address asks for, every part of it a text that either database takes."""
    return {name: request.GET.get(name, "")[: search.LONGEST].replace("\x00", "") for name in ("q", *FILTERS)}


def _page(found: QuerySet[Organisation], number: str) -> Page[Organisation]:
    """A page of the list; numbers beyond either end give that end."""
    rows = (
        found.annotate(
            offers=Count("listings", filter=SHOWN_LISTINGS & Q(listings__side="offer"), distinct=True),
            needs=Count("listings", filter=SHOWN_LISTINGS & Q(listings__side="need"), distinct=True),
        )
        .only("edition", "code", "name", "kind", "size", "country")
        .order_by("code")
    )
    paginator: Paginator[Organisation] = Paginator(rows, A_PAGE)
    paginator.count = found.count()  # without what only the page counts
    return paginator.get_page(number)


def _with_nodes(edition: Edition, found: list[Organisation]) -> list[tuple[Organisation, list[Node]]]:
    """Each organisation with its nodes; a node stands on many, so each is fetched once."""
    nodes = {node.pk: node for node in edition.nodes.only("edition", "name", "stage")}
    pairs = Organisation.nodes.through.objects.filter(organisation__in=found).order_by("node")
    standing: dict[int, list[Node]] = {one.pk: [] for one in found}
    for organisation, node in pairs.values_list("organisation", "node"):
        standing[organisation].append(nodes[node])
    return [(one, standing[one.pk]) for one in found]


def _found(edition: Edition, asked: Mapping[str, str], *, without: str = "") -> QuerySet[Organisation]:
    """The organisations that the address asks for, one filter perhaps left out."""
    nodes, plain = _wanted(asked, without)
    found: QuerySet[Organisation] = edition.organisations.visible().filter(**plain)
    if nodes:  # one node must satisfy all of them; a subquery keeps each organisation once
        standing = Organisation.nodes.through.objects.filter(**nodes)
        found = found.filter(pk__in=standing.values("organisation"))
    return search.matching(found, asked["q"])


def _wanted(asked: Mapping[str, str], without: str) -> tuple[dict[str, str], dict[str, str]]:
    """Lookups on a node where an organisation stands, and lookups on the organisation itself."""
    wanted = {FILTERS[name]: asked[name] for name in FILTERS if asked[name] and name != without}
    nodes = {field: value for field, value in wanted.items() if field.startswith("node__")}
    return nodes, {field: value for field, value in wanted.items() if field not in nodes}


def _filter(edition: Edition, asked: Mapping[str, str], name: str) -> Filter:
    """A filter's options with what each would leave of what the other filters leave."""
    field, chosen = FILTERS[name], asked[name]
    found = _found(edition, asked, without=name)
    if field.startswith("node__"):
        standing = Organisation.nodes.through.objects.filter(
            organisation__in=found.values("pk"), **_wanted(asked, name)[0]
        )
        rows: QuerySet[Any, Any] = standing.values_list(field).annotate(
            n=Count("organisation", distinct=True)
        )
    else:
        rows = found.values_list(field).annotate(n=Count("pk"))
    counted = dict(rows.order_by())
    if chosen:  # what was chosen stays chosen, even where it leaves nothing
        counted.setdefault(chosen, 0)
    labels = _labels(edition, name)
    choices = [
        Choice(value, labels(value), number, value == chosen) for value, number in counted.items() if value
    ]
    choices.sort(key=lambda choice: (-choice.count, choice.label))
    return Filter(name, FILTER_NAMES[name], chosen, choices)


def _labels(edition: Edition, name: str) -> Any:
    if name == "country":
        return wording.country
    if name == "chain":
        names = {chain.code: wording.pick(chain.name, edition.languages)[0] for chain in edition.chains.all()}
        return lambda code: names.get(code, code)
    return lambda code: wording.say("choices", code) if code in words.catalogue("choices") else code


@edition_page
def directory_csv(request: HttpRequest, edition: Edition) -> StreamingHttpResponse:
    """What the directory shows under the same filters, whole."""
    response = StreamingHttpResponse(
        csv_lines(_rows(edition, _found(edition, _asked(request)))), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(True, f"organisations-{edition.slug}.csv")
    return response


def _rows(edition: Edition, found: QuerySet[Organisation]) -> Iterator[tuple[str, ...]]:
    yield ("id", "name", "kind", "size", "country", "city", "role", "nodes", "website")
    for one in found.prefetch_related("nodes").iterator(chunk_size=500):
        nodes = "|".join(node.code for node in one.nodes.all())
        name = wording.pick(one.name, edition.languages)[0]
        yield (one.code, name, one.kind, one.size, one.country, one.city, one.role, nodes, one.website)


@edition_page
def organisation(request: HttpRequest, edition: Edition, organisation: str) -> HttpResponse:
    found = get_object_or_404(
        edition.organisations.select_related("edition", "main").prefetch_related(
            "nodes__chain", "debuts", "certificates"
        ),
        code=organisation,
    )
    if not permissions.see_organisation.test(request.user, found):
        raise Http404
    allowed = permissions.see_partners.test(request.user, found)
    suggestions = list(_suggestions(edition, found)) if allowed else []
    nodes = {node.code: node for node in edition.nodes.all()}
    told = [(one, sentences(edition, one, nodes)) for one in suggestions]
    as_partner = "as" in request.GET
    inside = not as_partner and (permissions.organises | permissions.belongs).test(request.user, found)
    rows = found.listings.all() if inside else found.listings.visible()
    listings = list(rows.select_related("node"))
    return show(
        request,
        "organisation",
        edition,
        organisation=found,
        offers=[one for one in listings if one.side == "offer"],
        needs=[one for one in listings if one.side == "need"],
        allowed=allowed,
        inside=inside,
        as_partner=as_partner,
        contacts=found.memberships.filter(contact=True).select_related("person"),
        may_edit=permissions.edit_organisation.test(request.user, found),
        sees_calendar=permissions.see_calendar.test(request.user, found),
        suggestions=told[:SHOWN],
        more=told[SHOWN:],
        meetings=found.seats.filter(run__current=True, run__kind="meetings").count(),
    )


def _suggestions(edition: Edition, organisation: Organisation) -> QuerySet[Suggestion]:
    found = organisation.suggestions.filter(
        run__edition=edition, run__current=True, partner__status=VALIDATED
    )
    return found.select_related("partner", "need", "offer", "partner_need", "own_offer")
