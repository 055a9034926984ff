"""The directory, and one organisation: what it offers and needs, whom it should meet, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from fairlink import words
from fairlink_site import permissions, search, wording
from fairlink_site.facets import FILTERS, facets
from fairlink_site.models import Edition, Listing, Node, Organisation, PassedOver, Suggestion, WishMessage
from fairlink_site.models.meetings import TOLD
from fairlink_site.models.organisations import VALIDATED
from fairlink_site.pages.tenancy import edition_page, show
from fairlink_site.pages.wishing import Standing, Why, asking, standings, whys
from fairlink_site.reasons import passed_over, sentences
from fairlink_site.spreadsheets import csv_lines

A_PAGE = 50
TAKEN = 500  # organisations at a time, for a file
SHOWN = 10  # suggestions in full; the rest of the list folds

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
    known = facets(edition)
    among = known.searched(edition, asked["q"])
    page = Paginator(known.ordered(known.left(asked) & among), A_PAGE).get_page(request.GET.get("page", "1"))
    node = edition.nodes.filter(code=asked["node"]).first()
    return show(
        request,
        "directory",
        edition,
        page=page,
        rows=_listed(edition, list(page)),
        total=page.paginator.count,
        query=asked["q"],
        filters=[_filter(edition, name, asked[name], known.counts(name, asked, among)) for name in OFFERED],
        node=node,
        filtered=any(asked.values()),
    )


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the address asks for, every part of it a text that either database takes."""
    return {name: request.GET.get(name, "")[: search.LONGEST].replace("\x00", "") for name in ("q", *FILTERS)}


@dataclass(frozen=True)
class Row:
    """One organisation in the list: where it stands, and how much of what it offers and needs is to be seen."""

    organisation: Organisation
    nodes: list[Node]
    offers: int
    needs: int


def _listed(edition: Edition, keys: list[int]) -> list[Row]:
    """The rows of a page. A node stands on many, so each is fetched once; only the page's listings are counted."""
    rows = Organisation.objects.only("edition", "code", "name", "kind", "size", "country").in_bulk(keys)
    nodes = {node.pk: node for node in edition.nodes.only("edition", "name", "stage")}
    pairs = Organisation.nodes.through.objects.filter(organisation__in=keys).order_by("node")
    standing: dict[int, list[Node]] = {key: [] for key in keys}
    for organisation, node in pairs.values_list("organisation", "node"):
        standing[organisation].append(nodes[node])
    shown = Listing.objects.visible().filter(organisation__in=keys).order_by()
    counted = {
        (organisation, side): n
        for organisation, side, n in shown.values_list("organisation", "side").annotate(n=Count("pk"))
    }
    return [
        Row(rows[key], standing[key], counted.get((key, "offer"), 0), counted.get((key, "need"), 0))
        for key in keys
        if key in rows
    ]


def _filter(edition: Edition, name: str, chosen: str, counted: dict[str, int]) -> Filter:
    """A filter's options with what each would leave of what the other filters leave."""
    if chosen:  # what was chosen stays chosen, even where it leaves nothing
        counted.setdefault(chosen, 0)
    labels = _labels(edition, name)
    choices = [Choice(value, labels(value), number, value == chosen) for value, number in counted.items()]
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
        csv_lines(_rows(edition, _asked(request))), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(True, f"organisations-{edition.slug}.csv")
    return response


def _rows(edition: Edition, asked: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    yield ("id", "name", "kind", "size", "country", "city", "role", "nodes", "website")
    known = facets(edition)
    keys = known.ordered(known.left(asked) & known.searched(edition, asked["q"]))
    for start in range(0, len(keys), TAKEN):
        some = Organisation.objects.filter(pk__in=keys[start : start + TAKEN]).order_by("code")
        for one in some.prefetch_related("nodes"):
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
    as_partner = "as" in request.GET
    mine = (permissions.organises | permissions.belongs).test(request.user, found)
    sees = (
        permissions.in_sample if as_partner else permissions.see_partners
    )  # partners see them in a sample only
    allowed = sees.test(request.user, found)
    suggestions = list(_suggestions(edition, found)) if allowed else []
    nodes = {node.code: node for node in edition.nodes.all()}
    speaking = asking(request.user, edition)
    own = next((one for one in speaking if one.pk == found.pk), None)
    said = standings(own, [one.partner for one in suggestions]) if own else {}
    told = [(one, sentences(edition, one, nodes), said.get(one.partner_id)) for one in suggestions]
    # Those to whom it belongs see it as it will be once validated, drafts included: so in the preview too.
    rows = found.listings.valid() if mine else found.listings.visible()
    listings = list(rows.select_related("node"))
    return show(
        request,
        "organisation",
        edition,
        organisation=found,
        offers=[one for one in listings if one.side == "offer"],
        needs=[one for one in listings if one.side == "need"],
        allowed=allowed,
        inside=mine and not as_partner,
        as_partner=mine and as_partner,
        contacts=found.memberships.filter(contact=True).select_related("person"),
        may_edit=permissions.edit_organisation.test(request.user, found),
        sees_calendar=permissions.see_calendar.test(request.user, found),
        suggestions=told[:SHOWN],
        more=told[SHOWN:],
        others=[(one.partner, passed_over(edition, one)) for one in _passed_over(edition, found)]
        if allowed
        else [],
        meetings=found.seats.current().count(),
        own=own,
        wishes=_wishes(edition, speaking, found) if not as_partner else [],
        longest=WishMessage.LONGEST,
        books=edition.phase in ("published", "running"),
    )


@dataclass(frozen=True)
class Between:
    """An organisation for which the reader speaks, how it stands with the one on the page, and why they might meet."""

    mine: Organisation
    standing: Standing
    why: Why | None
    meeting: int | None  # its key, where they have one in the timetable that people see


def _wishes(edition: Edition, speaking: list[Organisation], found: Organisation) -> list[Between]:
    if found.status != VALIDATED:
        return []
    return [
        Between(
            one,
            standings(one, [found])[found.pk],
            whys(edition, one, [found]).get(found.pk),
            _meeting(edition, one, found),
        )
        for one in speaking
        if one.pk != found.pk
    ]


def _meeting(edition: Edition, one: Organisation, other: Organisation) -> int | None:
    if edition.phase not in TOLD:
        return None
    held = other.seats.current().filter(meeting__seats__organisation=one)
    return held.values_list("meeting", flat=True).first()


def _passed_over(edition: Edition, organisation: Organisation) -> QuerySet[PassedOver]:
    found = organisation.passed_over.filter(
        run__edition=edition, run__current=True, partner__status=VALIDATED
    ).exclude(partner__in=edition.exclusions.others(organisation))
    return found.select_related("partner")


def _suggestions(edition: Edition, organisation: Organisation) -> QuerySet[Suggestion]:
    found = organisation.suggestions.filter(
        run__edition=edition, run__current=True, partner__status=VALIDATED
    ).exclude(partner__in=edition.exclusions.others(organisation))  # kept apart since the lists were made
    return found.select_related("partner", "need", "offer", "partner_need", "own_offer")
