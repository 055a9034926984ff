"""The audit trail: who changed what in an edition, newest first, to filter and to take away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import merge as merged
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from fairlink import vocabulary, words
from fairlink.tables import TABLES as COLUMNS
from fairlink_site import permissions, wording
from fairlink_site.labels import LABELS
from fairlink_site.models import Edition, TimetableEvent
from fairlink_site.pages import trail_events
from fairlink_site.pages.downloads import file_of
from fairlink_site.pages.tenancy import edition_page, for_those, show

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
    "Interpreter": ("edition", _("Interpreter")),
    "Membership": ("edition", _("Role")),
    "Wish": ("edition", _("Wish")),
    "Exclusion": ("edition", _("Pair kept apart")),
}
EVENT = "TimetableEvent"  # what happened to timetables stands in a log of its own
CHOICES = {name: told for name, (_where, told) in TABLES.items()} | {EVENT: _("Timetable")}
DONE = {"+": _("made"), "~": _("changed"), "-": _("removed")}
A_PAGE = 50
TAKEN = 20_000  # changes in one file
CHUNK = 500
# What changes with every step, or never: nobody asks for it.
KEPT_OUT = {"id", "submitted", "edition", "since", "feed"}
# Beside the columns of tables, the facts that only rows have.
NAMES = LABELS | {
    "slug": _("Short name"),
    "code": _("Short name"),
    "rates": _("Exchange rates"),
    "purchases": _("What is usually bought"),
    "predecessor": _("Taken over from"),
    "position": _("Order"),
    "status": _("Status"),
    "side": _("Offer or need"),
    "issuer": _("Issued by"),
    "expires": _("Valid until"),
    "person": _("Person"),
    "signatory": _("May sign agreements"),
    "contact": _("Shown as contact"),
    "delegate": _("Seat at meetings"),
}
ROWS = ("rates", "purchases")  # facts that are whole tables
_KINDS = {column.name: column.kind for table in COLUMNS.values() for column in table.columns}


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
@for_those(permissions.manage_edition)
def trail(request: HttpRequest, edition: Edition) -> HttpResponse:
    asked = _asked(request)
    number = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    number = max(1, min(number, 10_000))
    found = list(islice(_changes(edition, asked), (number - 1) * A_PAGE, number * A_PAGE + 1))
    return show(
        request,
        "trail",
        edition,
        changes=_told(found[:A_PAGE]),
        asked=asked,
        searched=any(asked.values()),
        tables=CHOICES.items(),
        number=number,
        more=len(found) > A_PAGE,
    )


@edition_page
@for_those(permissions.manage_edition)
def trail_file(request: HttpRequest, edition: Edition, form: str) -> HttpResponseBase:
    rows = [
        [str(one) for one in (_("When"), _("Who"), _("What"), _("Which"), _("Done"), _("Before and after"))]
    ]
    changes = islice(_changes(edition, _asked(request)), TAKEN)
    while some := list(islice(changes, CHUNK)):
        for told in _told(some):
            facts = "; ".join(f"{name}: {before} → {after}" for name, before, after in told.facts)
            rows.append([told.when.isoformat(), told.who, str(told.table), told.code, str(told.done), facts])
    return file_of(rows, f"{edition.slug}-trail", form)


def _asked(request: HttpRequest) -> dict[str, str]:
    names = ("table", "who", "code", "from", "to")
    return {name: request.GET.get(name, "").replace("\x00", "")[:254] for name in names}


def _changes(edition: Edition, asked: dict[str, str]) -> Iterator[Any]:
    """The rows of the past that the address asks for, newest first, table by table merged."""
    names = [asked["table"]] if asked["table"] in CHOICES else list(CHOICES)
    # History grows at its end, so the newest of each table are those with the greatest keys.
    tables = [_rows(edition, name, asked).iterator(chunk_size=A_PAGE) for name in names]
    return merged(*tables, key=lambda row: row.history_date, reverse=True)


def _rows(edition: Edition, name: str, asked: dict[str, str]) -> QuerySet[Any]:
    first, last = _midnight(asked["from"], edition), _midnight(asked["to"], edition)
    if name == EVENT:
        return trail_events.rows(edition, asked["who"], asked["code"], first, last)
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
        known_by = {"Edition": "slug", "Certificate": "name", "Membership": "role", "Wish": "kind"}
        both = ("organisation__code", "partner__code") if name == "Exclusion" else ()
        lookups = both or (known_by.get(name, "code"),)
        rows = rows.filter(Q(*((lookup, asked["code"]) for lookup in lookups), _connector=Q.OR))
    if first:
        rows = rows.filter(history_date__gte=first)
    if last:
        rows = rows.filter(history_date__lt=last + timedelta(days=1))
    found: QuerySet[Any] = rows.select_related("history_user").order_by("-history_id")
    return found


def _midnight(text: str, edition: Edition) -> datetime | None:
    """When a day begins where the edition is; None for what is no day that history could have."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime.combine(day, time.min, ZoneInfo(edition.time_zone)) if 1970 <= day.year < 9999 else None


def _told(rows: list[Any]) -> list[Change]:
    """What each row of the past says beside the row before it; a few queries for each table, however many rows."""
    past = [row for row in rows if not isinstance(row, TimetableEvent)]
    before = dict(_before(past))
    both = [*past, *before.values()]
    links = dict(_links(both))
    named = _Names(both, links)
    events = trail_events.told(row for row in rows if isinstance(row, TimetableEvent))
    return [
        Change(row.made, str(row.by or "–"), CHOICES[EVENT], *events[row.pk])
        if isinstance(row, TimetableEvent)
        else _change(row, before.get((type(row), row.history_id)), links, named)
        for row in rows
    ]


def _before(rows: list[Any]) -> Iterator[tuple[tuple[type, int], Any]]:
    """The row before each row that tells of a change."""
    changed: dict[type, list[Any]] = defaultdict(list)
    for row in rows:
        if row.history_type == "~":
            changed[type(row)].append(row)
    for model, some in changed.items():
        past: dict[int, list[Any]] = defaultdict(list)
        for row in model.objects.filter(id__in={row.id for row in some}).order_by("history_id"):  # type: ignore[attr-defined]
            past[row.id].append(row)
        for row in some:
            earlier = [one for one in past[row.id] if one.history_id < row.history_id]
            if earlier:
                yield (model, row.history_id), earlier[-1]


# What organisations and links of the chain were connected to, beside their own facts.
LINKS = {"Organisation": ("nodes", "node"), "Node": ("feeds", "to_node")}
POINTS_AT = {
    **dict.fromkeys(("node", "nodes", "feeds"), "Node"),
    **dict.fromkeys(("organisation", "partner", "main", "predecessor"), "Organisation"),
    "chain": "Chain",
    "person": "Person",
}


def _links(rows: list[Any]) -> Iterator[tuple[tuple[type, int], list[int]]]:
    """The keys of what each row of the past was connected to; one query for each table."""
    for name, (field, target) in LINKS.items():
        model = apps.get_model("fairlink", f"Historical{name}")
        some = [row.history_id for row in rows if isinstance(row, model)]
        found: dict[int, list[int]] = {key: [] for key in some}
        if some:
            past = apps.get_model("fairlink", f"Historical{name}_{field}").objects.filter(history__in=some)
            for key, one in past.values_list("history", f"{target}_id"):
                found[key].append(one)
        for key, connected in found.items():
            yield (model, key), connected


class _Names:
    """What keys in rows of the past stand for, where it is still there; asked once for each table."""

    def __init__(self, rows: list[Any], links: Mapping[tuple[type, int], list[int]]) -> None:
        keys: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            for field, name in POINTS_AT.items():
                key = getattr(row, f"{field}_id", None)
                if key:
                    keys[name].add(key)
        keys["Node"].update(one for connected in links.values() for one in connected)
        self.names = {name: dict(_named(name, some)) for name, some in keys.items() if some}
        self.slots: dict[str, str] = {}
        if any(getattr(row, "closed", None) for row in rows):
            editions = {row.edition_id for row in rows if hasattr(row, "closed")}
            slots = apps.get_model("fairlink", "Slot").objects.filter(edition__in=editions)
            self.slots = {one.code: f"{one.day} {one.start:%H:%M}" for one in slots}

    def __call__(self, field: str, key: int | None) -> str:
        return self.names.get(POINTS_AT[field], {}).get(key or 0, str(key or ""))


def _named(table: str, keys: set[int]) -> Iterator[tuple[int, str]]:
    """The names of rows by their keys; of what is gone, the name that it had at last."""
    for row in apps.get_model("fairlink", table).objects.filter(pk__in=keys):
        yield row.pk, _name(row)
        keys = keys - {row.pk}
    if keys and table != "Person":
        past = apps.get_model("fairlink", f"Historical{table}").objects.filter(id__in=keys)
        yield from ((row.id, _name(row)) for row in past.order_by("history_id"))


def _name(row: Any) -> str:
    name = getattr(row, "name", None)
    return f"{wording.pick(name)[0]} ({row.code})" if isinstance(name, dict) else str(row)


def _change(row: Any, before: Any, links: Mapping[tuple[type, int], list[int]], named: _Names) -> Change:
    name = type(row).__name__.removeprefix("Historical")
    return Change(
        row.history_date,
        str(row.history_user or "–"),
        TABLES[name][1],
        _called(row, named),
        DONE[row.history_type],
        [] if before is None else list(_facts(row, before, links, named)),
    )


def _called(row: Any, named: _Names) -> str:
    """What a row is known by."""
    if hasattr(row, "partner_id"):
        between = "→" if hasattr(row, "kind") else "–"  # a wish has a direction
        return f"{named('organisation', row.organisation_id)} {between} {named('partner', row.partner_id)}"
    return str(getattr(row, "code", "") or getattr(row, "slug", "") or getattr(row, "name", "") or row.role)


def _facts(
    row: Any, before: Any, links: Mapping[tuple[type, int], list[int]], named: _Names
) -> Iterator[tuple[str, str, str]]:
    """Each fact that is another now: its name, what it was, what it is."""
    name = type(row).__name__.removeprefix("Historical")
    apart = [field for field, _target in LINKS.values()]
    for change in row.diff_against(before, excluded_fields=apart, foreign_keys_are_objs=False).changes:
        if change.field in POINTS_AT:
            old, new = named(change.field, change.old), named(change.field, change.new)
        else:
            before_, now = (
                _apart(change.old, change.new) if change.field in ROWS else (change.old, change.new)
            )
            old, new = (_value(name, change.field, one, named) for one in (before_, now))
        if change.field not in KEPT_OUT:
            yield str(NAMES[change.field]), old, new
    if name in LINKS:
        field = LINKS[name][0]
        old_links, new_links = (links.get((type(row), one.history_id), []) for one in (before, row))
        if set(old_links) != set(new_links):
            old, new = (", ".join(named(field, one) for one in some) for some in (old_links, new_links))
            yield str(NAMES[field]), old, new


def _apart(old: list[Any], new: list[Any]) -> tuple[list[Any], list[Any]]:
    """Of two tables kept with an edition the rows in which they differ: the whole would be a page of codes."""
    return [one for one in old if one not in new], [one for one in new if one not in old]


def _value(table: str, field: str, value: Any, named: _Names) -> str:
    """A value as a line: texts with their language, lists with commas, codes in words, yes and no."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if field == "delegate" and isinstance(value, int):
        return str(value + 1)  # as people count
    if isinstance(value, dict):
        return "; ".join(f"{_language(tag)}: {text}" for tag, text in value.items())
    if field in ROWS:
        names = [
            column.name for column in COLUMNS[field].columns
        ]  # a database may keep them in another order
        return "; ".join(" ".join(str(one[name]) for name in names if name in one) for one in value)
    if field == "closed":
        return ", ".join(named.slots.get(one, one) for one in value)
    several = value if isinstance(value, list) else [] if value in (None, "") else [value]
    return ", ".join(_in_words(table, field, one) for one in several)


def _in_words(table: str, field: str, value: Any) -> str:
    """A single value in words, where it is a code."""
    kind = _KINDS.get(field, "")
    if kind in _NAMED:
        return _NAMED[kind](value)
    if field == "side":
        return str(_("Offer") if value == "offer" else _("Need"))
    if isinstance(value, time):
        return f"{value:%H:%M}"
    family = "statuses" if field == "status" else "roles" if table == "Membership" else "choices"
    known = kind in ("choice", "choices") or field == "status"
    return wording.say(family, value) if known and value in words.catalogue(family) else str(value)


def _language(tag: str) -> str:
    return vocabulary.language(tag, wording.language())


def _goods(code: str) -> str:
    return f"{wording.code_label(code)} ({code})"


_NAMED: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(("country", "countries"), wording.country),
    **dict.fromkeys(("language", "languages"), _language),
    "codes": _goods,
}
