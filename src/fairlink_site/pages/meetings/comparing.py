"""Two timetables side by side: what is moved, new and dropped, and for whom the number of meetings changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from fairlink_site.models import Edition, Organisation, Place, Run, Slot
from fairlink_site.pages.downloads import file_of
from fairlink_site.pages.meetings.differences import CHANGES, At, Change, Difference, difference
from fairlink_site.pages.meetings.timetables import find, organiser_page, reached
from fairlink_site.pages.tenancy import show

A_PAGE = 50
KINDS = {
    "moved": _("at another time"),
    "elsewhere": _("at another place"),
    "new": _("new"),
    "dropped": _("dropped"),
}
ORGANISATIONS = "organisations"  # the tab that counts meetings instead of listing them


class Told(NamedTuple):
    """A meeting that is another, with the rows that its line names."""

    kind: str
    pair: tuple[Organisation, Organisation]
    before: tuple[Slot, Place] | None
    after: tuple[Slot, Place] | None


@organiser_page
def compare(request: HttpRequest, edition: Edition, run: int, before: int) -> HttpResponse:
    """From the timetable `before` to the timetable `run`."""
    new, old = find(edition, run), find(edition, before)
    found = difference(old, new)
    tabs = [(kind, words, found.number[kind]) for kind, words in KINDS.items()]
    counted = _by_difference(found)
    tabs.append((ORGANISATIONS, _("organisations with more or fewer"), len(counted)))
    full = next((kind for kind, _words, count in tabs if count), CHANGES[0])
    chosen = request.GET.get("show", full)
    if chosen not in (*KINDS, ORGANISATIONS):
        chosen = full
    rows: Any = counted if chosen == ORGANISATIONS else found.of(chosen)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "timetable_compare",
        edition,
        before=old,
        after=new,
        measures=list(_measures(old, new)),
        kept=found.kept,
        tabs=tabs,
        chosen=chosen,
        counted=chosen == ORGANISATIONS,
        page=page,
        lines=_counts(edition, page.object_list)
        if chosen == ORGANISATIONS
        else list(told(edition, found.told(chosen, page.object_list))),
    )


def _measures(before: Run, after: Run) -> Iterator[tuple[Any, Any, Any, bool]]:
    """What both were when they were made: words, before, after, and whether it is a share."""
    yield _("Meetings held"), before.measures["held"], after.measures["held"], False
    yield _("Without a time"), before.measures["unplaced"], after.measures["unplaced"], False
    yield _("Gain"), before.measures["gain"], after.measures["gain"], False
    yield _("Of what can be gained at most"), reached(before), reached(after), True
    if "idle" in before.measures and "idle" in after.measures:
        yield _("Waiting times between meetings"), before.measures["idle"], after.measures["idle"], False


def _by_difference(found: Difference) -> list[tuple[int, tuple[int, int]]]:
    """Those with the largest difference first."""
    return sorted(found.meetings().items(), key=lambda one: (-abs(one[1][1] - one[1][0]), one[0]))


def _counts(edition: Edition, rows: Iterable[tuple[int, tuple[int, int]]]) -> list[tuple[Any, int, int, int]]:
    found = list(rows)
    organisations = edition.organisations.in_bulk([key for key, _number in found])
    return [(organisations[key], then, now, now - then) for key, (then, now) in found]


def told(edition: Edition, changes: Iterable[Change]) -> Iterator[Told]:
    """Changes with the rows that they name; four queries."""
    found = list(changes)
    ats = [at for one in found for at in (one.before, one.after) if at]
    organisations = edition.organisations.in_bulk({key for one in found for key in one.pair})
    slots = edition.slots.in_bulk({at.slot for at in ats})
    places = edition.places.in_bulk({at.place for at in ats})

    def rows(at: At | None) -> tuple[Slot, Place] | None:
        return (slots[at.slot], places[at.place]) if at else None

    for one in found:
        pair = organisations[one.pair[0]], organisations[one.pair[1]]
        yield Told(one.kind, pair, rows(one.before), rows(one.after))


@organiser_page
def compare_file(
    request: HttpRequest, edition: Edition, run: int, before: int, form: str
) -> HttpResponseBase:
    """Every meeting that is another, or how many each organisation has, as the page shows them."""
    new, old = find(edition, run), find(edition, before)
    found = difference(old, new)
    name = f"{edition.slug}-timetables-{before}-{run}"
    if request.GET.get("show") == ORGANISATIONS:
        return file_of(_count_lines(edition, found), name, form)
    return file_of(_lines(told(edition, found.changes)), name, form)


def _lines(changes: Iterable[Told]) -> Iterator[list[str]]:
    yield ["change", "first", "second", "from", "from_place", "to", "to_place"]
    for one in changes:
        yield [one.kind, *(party.code for party in one.pair), *_cells(one.before), *_cells(one.after)]


def _cells(at: tuple[Slot, Place] | None) -> tuple[str, str]:
    if at is None:
        return "", ""
    slot, place = at
    return f"{slot.day.isoformat()} {slot.start:%H:%M}", place.code


def _count_lines(edition: Edition, found: Difference) -> Iterator[list[str]]:
    yield ["organisation", "before", "after"]
    for one, before, after, _more in _counts(edition, _by_difference(found)):
        yield [one.code, str(before), str(after)]
