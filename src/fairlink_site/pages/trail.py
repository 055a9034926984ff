"""The audit trail: who changed what in an edition, newest first, to filter and to take away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge as merged
from itertools import islice
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from fairlink import words
from fairlink_site import permissions, wording
from fairlink_site.models import Edition
from fairlink_site.pages.downloads import file_of
from fairlink_site.pages.tenancy import demand, edition_page, show
from fairlink_site.record_forms import LABELS

# The tables of the past: where the edition stands in each, and what its rows are called.
TABLES = {
    "Organisation": ("edition", _("Organisation")),
    "Listing": ("edition", _("Offer or need")),
    "Certificate": ("organisation__edition", _("Certificate")),
    "Edition": ("id", _("Edition")),
    "Chain": ("edition", _("Chain")),
    "Node": ("edition", _("Link of the chain")),
    "Slot": ("edition", _("Time")),
    "Place": ("edition", _("Place")),
    "Membership": ("edition", _("Role")),
}
DONE = {"+": _("made"), "~": _("changed"), "-": _("removed")}
A_PAGE = 50
TAKEN = 20_000  # changes in one file
_KEPT_OUT = {"submitted", "position", "edition", "history"}


@dataclass(frozen=True)
class Change:
    """One change: when, by whom, of what, and each fact before and after."""

    when: datetime
    who: str
    table: Any
    code: str
    done: Any
    facts: list[tuple[str, str, str]]


@edition_page
def trail(request: HttpRequest, edition: Edition) -> HttpResponse:
    denied = demand(request, permissions.manage_edition, edition)
    if denied:
        return denied
    asked = _asked(request)
    number = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    number = max(1, min(number, 10_000))
    found = list(islice(_changes(edition, asked), (number - 1) * A_PAGE, number * A_PAGE + 1))
    return show(
        request,
        "trail",
        edition,
        changes=[_told(one) for one in found[:A_PAGE]],
        asked=asked,
        tables=[(name, words_) for name, (_where, words_) in TABLES.items()],
        number=number,
        more=len(found) > A_PAGE,
    )


@edition_page
def trail_file(request: HttpRequest, edition: Edition, form: str) -> HttpResponseBase:
    denied = demand(request, permissions.manage_edition, edition)
    if denied:
        return denied
    rows = [
        [str(one) for one in (_("When"), _("Who"), _("What"), _("Which"), _("Done"), _("Before and after"))]
    ]
    for one in islice(_changes(edition, _asked(request)), TAKEN):
        told = _told(one)
        facts = "; ".join(f"{name}: {before} → {after}" for name, before, after in told.facts)
        rows.append([told.when.isoformat(), told.who, str(told.table), told.code, str(told.done), facts])
    return file_of(rows, f"{edition.slug}-trail", form)


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "").replace("\x00", "")[:254] for name in ("table", "who", "code")}


def _changes(edition: Edition, asked: dict[str, str]) -> Iterator[Any]:
    """The rows of the past that the address asks for, newest first, table by table merged."""
    names = [asked["table"]] if asked["table"] in TABLES else list(TABLES)
    tables = [_rows(edition, name, asked).iterator(chunk_size=200) for name in names]
    return merged(*tables, key=lambda row: row.history_date, reverse=True)


def _rows(edition: Edition, name: str, asked: dict[str, str]) -> QuerySet[Any]:
    model = apps.get_model("fairlink", f"Historical{name}")
    if name == "Certificate":
        firms = apps.get_model("fairlink", "HistoricalOrganisation").objects.filter(edition=edition.pk)
        rows = model.objects.filter(organisation__in=firms.values("id"))
    else:
        rows = model.objects.filter(**{TABLES[name][0]: edition.pk})
    if asked["who"]:
        rows = rows.filter(
            Q(history_user__email__icontains=asked["who"]) | Q(history_user__name__icontains=asked["who"])
        )
    if asked["code"]:
        code = {"Edition": "slug", "Certificate": "name", "Membership": "role"}.get(name, "code")
        rows = rows.filter(**{code: asked["code"]})
    found: QuerySet[Any] = rows.select_related("history_user").order_by("-history_date", "-history_id")
    return found


def _told(row: Any) -> Change:
    name = type(row).__name__.removeprefix("Historical")
    before = row.prev_record if row.history_type == "~" else None
    facts = []
    if before is not None:
        for change in row.diff_against(before, foreign_keys_are_objs=False).changes:
            if change.field not in _KEPT_OUT:
                label = str(LABELS.get(change.field, change.field))
                facts.append((label, _plain(change.old), _plain(change.new)))
    return Change(
        row.history_date,
        str(row.history_user or "–"),
        TABLES[name][1],
        str(getattr(row, "code", "") or getattr(row, "slug", "") or getattr(row, "name", "") or row.role),
        DONE[row.history_type],
        facts,
    )


def _plain(value: Any) -> str:
    """A value as a line: texts with their language, lists with commas, codes in words."""
    if isinstance(value, dict):
        return "; ".join(f"{tag}: {text}" for tag, text in value.items())
    if isinstance(value, list):
        return ", ".join(
            str(next(reversed(one.values()))) if isinstance(one, dict) else str(one) for one in value
        )
    text = "" if value is None else str(value)
    for family in ("statuses", "choices"):
        if text in words.catalogue(family):
            return wording.say(family, text)
    return text
