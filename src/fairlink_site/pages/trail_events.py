"""What happened to timetables, as lines of the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fairlink_site import wording
from fairlink_site.models import Edition, Slot, TimetableEvent

DONE = {
    "published": _("published"),
    "locked": _("locked"),
    "unlocked": _("unlocked"),
    "booked": _("booked"),
    "moved": _("moved"),
    "cancelled": _("cancelled"),
    "delegate": _("somebody else goes"),
    "arrived": _("arrived"),
    "no_show": _("did not come"),
    "late": _("came late"),
    "place_closed": _("place closed"),
    "place_opened": _("place opened"),
    "repaired": _("repaired"),
}


def rows(
    edition: Edition, who: str, code: str, first: datetime | None, last: datetime | None
) -> QuerySet[Any]:
    """Events of the edition's timetables, newest first, of somebody, about an organisation or place, between days."""
    found: QuerySet[Any] = TimetableEvent.objects.filter(run__edition=edition)
    if who:
        found = found.filter(Q(by__email__icontains=who) | Q(by__name__icontains=who))
    if code:
        sat = TimetableEvent.objects.filter(meeting__seats__organisation__code=code).values("pk")
        found = found.filter(Q(organisation__code=code) | Q(place__code=code) | Q(pk__in=sat))
    if first:
        found = found.filter(made__gte=first)
    if last:
        found = found.filter(made__lt=last + timedelta(days=1))
    newest: QuerySet[Any] = (
        found.annotate(history_date=F("made"))
        .select_related("by", "organisation", "place", "run")
        .prefetch_related("meeting__seats__organisation")
        .order_by("-pk")
    )
    return newest


def told(events: Iterable[TimetableEvent]) -> dict[int, tuple[str, Any, list[tuple[str, str, str]]]]:
    """Event's key → what it is about, what was done, and each fact before and after. One query."""
    listed = list(events)
    editions = {one.run.edition_id for one in listed if one.meeting_id}
    slots = Slot.objects.filter(edition__in=editions) if editions else ()
    times = {(one.edition_id, one.code): f"{one.day} {one.start:%H:%M}" for one in slots}
    return {one.pk: (_about(one), DONE[one.kind], list(_facts(one, times))) for one in listed}


def _about(one: TimetableEvent) -> str:
    """The two who meet, else whose or which place it is."""
    if one.meeting:
        return " – ".join(_name(seat.organisation) for seat in one.meeting.seats.all())
    if one.organisation:
        return _name(one.organisation)
    return str(one.place or "")


def _name(organisation: Any) -> str:
    return f"{wording.pick(organisation.name)[0]} ({organisation.code})"


def _facts(one: TimetableEvent, times: dict[tuple[int, str], str]) -> Iterator[tuple[str, str, str]]:
    def at(code: str) -> str:
        return times.get((one.run.edition_id, code), code)

    was, now = one.data.get("was", {}), one.data.get("slot", "")
    if one.kind == "moved":
        yield str(_("Time")), at(was.get("slot", "")), at(now)
        yield str(_("Place")), was.get("place", ""), one.data.get("place", "")
    elif one.kind == "booked":
        yield str(_("Time")), "", at(now)
    elif one.kind == "cancelled":
        yield str(_("Time")), at(now), ""
        if one.data.get("reason"):
            yield str(_("Reason")), "", one.data["reason"]
    elif one.kind == "delegate":
        before, after = (one.data.get(name) for name in ("before", "now"))
        if isinstance(before, int) and isinstance(after, int):
            yield str(_("Delegate")), str(before + 1), str(after + 1)
