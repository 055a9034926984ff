"""What happened to the timetable since it was made: the log, as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from fairlink_site import wording
from fairlink_site.models import Edition, TimetableEvent
from fairlink_site.pages.downloads import file_of
from fairlink_site.pages.meetings.board import hall_form
from fairlink_site.pages.tenancy import show

A_PAGE = 50
KINDS = {
    "published": _("Published"),
    "locked": _("Locked"),
    "unlocked": _("Unlocked"),
    "booked": _("Meeting arranged"),
    "moved": _("Meeting moved"),
    "cancelled": _("Meeting cancelled"),
    "delegate": _("Another delegate"),
    "arrived": _("Has come"),
    "no_show": _("Did not come"),
    "late": _("Comes later"),
    "place_closed": _("Place closed"),
    "place_opened": _("Place open again"),
    "repaired": _("Is there again"),
}


@hall_form
def log(request: HttpRequest, edition: Edition) -> HttpResponse:
    kind = request.GET.get("kind", "")
    rows = _events(edition, kind)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    told = [(one, KINDS[one.kind], _about(one)) for one in page]
    return show(request, "board_log", edition, page=page, told=told, kinds=KINDS, kind=kind)


def _events(edition: Edition, kind: str) -> QuerySet[TimetableEvent]:
    rows = TimetableEvent.objects.filter(run__edition=edition, run__kind="meetings")
    found = rows.filter(kind=kind) if kind in KINDS else rows
    linked = found.select_related("by", "organisation", "place", "meeting__slot", "meeting__place", "run")
    return linked.prefetch_related("meeting__seats__organisation")


def _about(event: TimetableEvent) -> str:
    """Whom or what it concerns, as names."""
    languages: list[str] = []
    parties = [event.organisation] if event.organisation else []
    if event.meeting:
        parties = [seat.organisation for seat in event.meeting.seats.all()]
    names = " – ".join(wording.pick(one.name, languages)[0] for one in parties)
    where = event.place or (event.meeting.place if event.meeting else None)
    when = wording.slot(event.meeting.slot) if event.meeting else ""
    return " · ".join(part for part in (names, when, where.code if where else "") if part)


@hall_form
def log_file(request: HttpRequest, edition: Edition, form: str) -> HttpResponseBase:
    return file_of(_lines(_events(edition, request.GET.get("kind", ""))), f"{edition.slug}-log", form)


def _lines(rows: QuerySet[TimetableEvent]) -> Iterator[list[str]]:
    yield [
        "when",
        "who",
        "kind",
        "timetable",
        "organisation",
        "meeting",
        "place",
        "released",
        "moved",
        "placed",
    ]
    for one in rows.iterator(chunk_size=500):
        parties = sorted(seat.organisation.code for seat in one.meeting.seats.all()) if one.meeting else []
        yield [
            *(one.made.isoformat(), str(one.by or ""), one.kind, str(one.run_id)),
            *(one.organisation.code if one.organisation else "", " ".join(parties)),
            one.place.code if one.place else "",
            *(_counted(one.data.get(name)) for name in ("released", "moved", "placed")),
        ]


def _counted(value: object) -> str:
    return str(len(value)) if isinstance(value, list) else "" if value is None else str(value)
