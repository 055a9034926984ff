"""What stands in an organisation's calendar, in time: its meetings and the activities its delegates attend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from fairlink_site import wording
from fairlink_site.models import Activity, Edition, Organisation, Run, Seat
from fairlink_site.pages.meetings.sitting import Side, delegates, sides


@dataclass(frozen=True)
class Entry:
    """A meeting, or an activity, of one delegate. Days and times of day are those of the edition."""

    day: date
    start: time
    end: time
    delegate: int  # from 0
    person: str  # whose seat that is, where the organisation says so
    seat: Seat | None = None
    other: Side | None = None  # of a meeting
    activity: Activity | None = None

    @property
    def number(self) -> int:
        """Of the delegate, as people count."""
        return self.delegate + 1

    @property
    def gone(self) -> bool:
        """Whether this meeting is held no more: cancelled, or not in the timetable that people see."""
        return self.seat is not None and (self.seat.released or not self.seat.run.current)


def entries(
    organisation: Organisation, run: Run | None, *, cancelled: bool = False, replaced: Iterable[int] = ()
) -> list[Entry]:
    """Everything in a calendar; where they are asked for, `cancelled` meetings, too, and those of timetables that were
    `replaced` by this one. Six queries, however much."""
    seats = organisation.seats.filter(run__in=[*replaced, run])
    listed = list(_with_all(seats if cancelled else seats.standing()))
    known = delegates({organisation.pk, *(partner(one).organisation_id for one in listed)})
    others = {one.seat.meeting_id: one for one in sides((partner(one) for one in listed), known)}
    names = {key: str(one.person) for key, one in known.items()}
    found = [
        Entry(
            *(one.slot.day, one.slot.start, one.slot.end, one.delegate),
            names.get((organisation.pk, one.delegate), ""),
            seat=one,
            other=others[one.meeting_id],
        )
        for one in listed
    ]
    for one in organisation.sign_ups.select_related("activity"):
        what = one.activity
        name = names.get((organisation.pk, one.delegate), "")
        found.append(Entry(what.day, what.start, what.end, one.delegate, name, activity=what))
    return sorted(found, key=lambda one: (one.day, one.start, one.delegate))


def _with_all(seats: Any) -> Iterable[Seat]:
    listed: Iterable[Seat] = (
        seats.select_related("slot", "run", "meeting__place", "meeting__interpreter")
        .prefetch_related("meeting__seats__organisation")
        .order_by("slot__day", "slot__start", "delegate")
    )
    return listed


def partner(seat: Seat) -> Seat:
    """The other party of a meeting."""
    found: Seat = next(other for other in seat.meeting.seats.all() if other.pk != seat.pk)
    return found


def moment(edition: Edition, day: date, at: time) -> datetime:
    """A day and a time of day where the edition is."""
    return datetime.combine(day, at, edition.zone)


def with_interpreter(one: Entry) -> str:
    """Who interprets, in the reader's language; "" where nobody does."""
    speaker = one.seat.meeting.interpreter if one.seat else None
    if speaker is None:
        return ""
    return _("with interpreter %(name)s") % {"name": wording.pick(speaker.name)[0] or speaker.code}
