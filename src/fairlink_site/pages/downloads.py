"""Tables to take away, as CSV or XLSX: as much of each as the reader may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from fairlink import files
from fairlink.tables import TABLES, Record
from fairlink_site import permissions, snapshot, spreadsheets, wording
from fairlink_site.labels import LABELS
from fairlink_site.models import Edition, Organisation
from fairlink_site.models.organisations import VALIDATED
from fairlink_site.pages.tenancy import edition_page, show

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PUBLIC = ("chain", "organisations", "offers", "needs", "activities", "debuts", "publications")
OWN = ("organisations", "offers", "needs", "wishes")
WHOLE = tuple(TABLES)


@edition_page
def exports(request: HttpRequest, edition: Edition) -> HttpResponse:
    """What there is to take away, for whoever asks."""
    return show(
        request, "exports", edition, scopes=[(one, list(_names(one))) for one in _scopes(request, edition)]
    )


def _scopes(request: HttpRequest, edition: Edition) -> list[str]:
    """public: what everybody sees; own: my organisations with their drafts; whole: everything, for organisers."""
    scopes = ["public"]
    if request.user.is_authenticated and request.user.memberships.filter(
        edition=edition, organisation__isnull=False
    ):
        scopes.append("own")
    if permissions.organises.test(request.user, edition):
        scopes.append("whole")
    return scopes


def _names(scope: str) -> tuple[str, ...]:
    return {"public": PUBLIC, "own": OWN, "whole": WHOLE}[scope]


@edition_page
def export(request: HttpRequest, edition: Edition, scope: str, table: str, form: str) -> HttpResponseBase:
    """One table, or all of a scope as the sheets of one workbook."""
    if scope not in _scopes(request, edition):
        raise Http404
    names = _names(scope)
    if table == "everything" and form == "xlsx":
        found = _READ[scope](request, edition)
        tables = {name: list(files.lines(TABLES[name], list(found[name]))) for name in names}
        sheets = {wording.say("tables", name): rows for name, rows in tables.items()}
        sheets[_("About the columns")] = list(_legend(tables))
        return _answer(spreadsheets.xlsx(sheets), f"{edition.slug}-{scope}", form)
    if table not in names:
        raise Http404
    rows = list(_READ[scope](request, edition)[table])
    return file_of(files.lines(TABLES[table], rows), f"{edition.slug}-{table}", form)


def _legend(tables: Mapping[str, Sequence[Sequence[str]]]) -> Iterator[list[str]]:
    """What each heading means, in the reader's language: headings are codes, so that files can come back."""
    yield [_("Table"), _("Column"), _("Name"), _("Meaning")]
    for name, rows in tables.items():
        for heading in rows[0]:
            column, _colon, tag = heading.partition(":")
            label = wording.in_language(LABELS[column], tag)
            yield [wording.say("tables", name), heading, label, wording.say("columns", f"{name}.{column}")]


def _whole(request: HttpRequest, edition: Edition) -> Mapping[str, Iterable[Record]]:
    return {**snapshot.read(edition).tables, **snapshot.read_all(edition).tables}


def _public(request: HttpRequest, edition: Edition) -> Mapping[str, Iterable[Record]]:
    return snapshot.read(edition).tables


def _own(request: HttpRequest, edition: Edition) -> Mapping[str, Iterable[Record]]:
    mine = Organisation.objects.filter(edition=edition, memberships__person=request.user.pk).distinct()
    listings = edition.listings.filter(organisation__in=mine)
    wishes = edition.wishes.filter(Q(organisation__in=mine) | Q(pk__in=edition.wishes.heard()))
    wishes = wishes.filter(Q(organisation__in=mine) | Q(partner__in=mine), partner__status=VALIDATED)
    return {
        "organisations": snapshot.organisation_records(mine),
        "offers": snapshot.listing_records(listings.filter(side="offer"), "offer"),
        "needs": snapshot.listing_records(listings.filter(side="need"), "need"),
        "wishes": _without_groups_of_others(
            snapshot.wish_records(wishes.order_by("organisation__code", "partner__code")), mine
        ),
    }


def _without_groups_of_others(rows: Iterable[Record], mine: QuerySet[Organisation]) -> Iterator[Record]:
    """Whoever is asked does not read there whom else the other side would take instead."""
    codes = set(mine.values_list("code", flat=True))
    nothing = {"group": "", "choose": 1}
    yield from (row if row["organisation"] in codes else {**row, **nothing} for row in rows)


_READ: dict[str, Callable[[HttpRequest, Edition], Mapping[str, Iterable[Record]]]] = {
    "public": _public,
    "own": _own,
    "whole": _whole,
}


def file_of(rows: Iterable[Sequence[str]], name: str, form: str) -> HttpResponseBase:
    """Rows as a file to take away."""
    if form == "xlsx":
        return _answer(spreadsheets.xlsx({name: rows}), name, form)
    return _answer(spreadsheets.csv_lines(rows), name, form)


def _answer(content: bytes | Iterable[str], name: str, form: str) -> HttpResponseBase:
    response: HttpResponseBase
    if isinstance(content, bytes):
        response = HttpResponse(content, content_type=XLSX)
    else:
        response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{form}") or ""
    return response
