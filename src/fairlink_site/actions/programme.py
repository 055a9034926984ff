"""When and where meetings can be held: slots made from the hours of a day, and tables, rooms and places online."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from fairlink import cells
from fairlink.tables import PLACES, TABLES, Record, Records
from fairlink_site import snapshot
from fairlink_site.actions.records import ask_rules, signed, store_places, store_slots
from fairlink_site.models import Edition, Meeting, Person, Place, Slot
from fairlink_site.refusals import Refused

MOST_SLOTS = 1000
LETTERS = {"table": "T", "room": "R", "online": "O"}  # before the numbers of places


@dataclass(frozen=True)
class Hours:
    """How days are cut into slots: `minutes` each with `pause` minutes between, none across lunch."""

    first_day: date
    last_day: date
    first_start: time
    last_end: time
    minutes: int
    pause: int = 0
    lunch_from: time | None = None
    lunch_to: time | None = None


def plan_slots(edition: Edition, hours: Hours) -> list[Record]:
    """What the slots of these days would be; one that begins when another began before keeps its id.

    Raises Refused: too_many_slots; fairlink.BadExpo: days outside the edition.
    """
    days = (hours.last_day - hours.first_day).days + 1
    times = list(_times(hours))
    if max(days, 0) * len(times) > MOST_SLOTS:
        raise Refused("too_many_slots")
    there = {(slot.day, slot.start): slot.code for slot in edition.slots.all()}
    taken = set(there.values())
    planned: list[Record] = []
    for day in (hours.first_day + timedelta(days=n) for n in range(days)):
        for start, end in times:
            code = there.get((day, start)) or _free(f"d{(day - edition.start).days + 1}-{start:%H%M}", taken)
            planned.append({"id": code, "day": day, "start": start, "end": end})
    ask_rules(Records({}), _alone(edition, slots=planned))
    return planned


def _times(hours: Hours) -> Iterator[tuple[time, time]]:
    """The slots of one day."""
    at = _minutes(hours.first_start)
    lunch = (_minutes(hours.lunch_from), _minutes(hours.lunch_to))
    while at + hours.minutes <= _minutes(hours.last_end):
        if lunch[0] < lunch[1] and at < lunch[1] and at + hours.minutes > lunch[0]:
            at = lunch[1]
            continue
        yield _time(at), _time(at + hours.minutes)
        at += hours.minutes + hours.pause


def _minutes(moment: time | None) -> int:
    return moment.hour * 60 + moment.minute if moment else 0


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def _free(code: str, taken: set[str]) -> str:
    """The code, or the first like it that is free; taken from now on."""
    number, free = 1, code
    while free in taken:
        number += 1
        free = f"{code}-{number}"
    taken.add(free)
    return free


def _alone(edition: Edition, **tables: Sequence[Record]) -> Records:
    """Tables whose rules are asked without the others."""
    known = {"edition": [snapshot.edition_record(edition)], **tables}
    return Records(known, missing=frozenset(set(TABLES) - set(known)))


@transaction.atomic
def set_slots(edition: Edition, hours: Hours, *, by: Person | None = None) -> int:
    """Give days the slots of these hours, instead of those they have; other days keep theirs. Returns how many.

    Raises Refused: slots_in_use, too_many_slots; fairlink.BadExpo: days outside the edition.
    """
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    planned = plan_slots(edition, hours)
    ends = {row["id"]: row["end"] for row in planned}
    there = edition.slots.filter(day__range=(hours.first_day, hours.last_day))
    touched = [slot for slot in there if ends.get(slot.code) != slot.end]
    _let_go(edition, Meeting.objects.filter(slot__in=touched), "slots_in_use")
    _remove_slots(edition, [slot for slot in touched if slot.code not in ends], by)
    store_slots(edition, planned, by=by)
    return len(planned)


@transaction.atomic
def clear_day(edition: Edition, day: date, *, by: Person | None = None) -> None:
    """Take a day's slots away. Raises Refused: slots_in_use."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    slots = list(edition.slots.filter(day=day))
    _let_go(edition, Meeting.objects.filter(slot__in=slots), "slots_in_use")
    _remove_slots(edition, slots, by)


def _let_go(edition: Edition, meetings: QuerySet[Meeting], refusal: str) -> None:
    """Refuse where the current timetable holds meetings there; earlier timetables are not kept for it."""
    if meetings.filter(run__current=True).exists():
        raise Refused(refusal)
    edition.runs.filter(pk__in=list(meetings.values_list("run", flat=True).distinct())).delete()


def _remove_slots(edition: Edition, slots: Iterable[Slot], by: Person | None) -> None:
    gone = set()
    for slot in slots:
        gone.add(slot.code)
        signed(slot, by).delete()
    if not gone:
        return
    for rows in (
        *(edition.places.exclude(closed=[]), edition.organisations.exclude(closed=[])),
        edition.interpreters.exclude(closed=[]),
    ):
        for row in rows:
            kept = [code for code in row.closed if code not in gone]
            if kept != row.closed:
                row.closed = kept
                signed(row, by).save()


@transaction.atomic
def add_places(edition: Edition, facts: Record, *, number: int, by: Person | None = None) -> list[str]:
    """So many places alike, numbered on from those that are there. Returns their codes."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    hall = re.sub(r"[^\w]+", "", facts["hall"])[:40]
    start = f"{hall}-{LETTERS[facts['kind']]}" if hall else LETTERS[facts["kind"]]
    taken = set(edition.places.values_list("code", flat=True))
    codes: list[str] = []
    at = 0
    while len(codes) < number:
        at += 1
        if f"{start}{at:02d}" not in taken:
            codes.append(f"{start}{at:02d}")
    records = [{**cells.blank(PLACES), **facts, "id": code} for code in codes]
    ask_rules(Records({}), _alone(edition, places=records))
    store_places(edition, records, by=by)
    return codes


@transaction.atomic
def change_places(
    edition: Edition, codes: Collection[str], changes: Record, *, by: Person | None = None
) -> None:
    """Change places alike. Raises Refused: nothing_chosen, and fairlink.BadExpo."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    before = list(snapshot.place_records(_chosen(edition, codes)))
    after = [{**row, **changes} for row in before]
    slots = list(snapshot.slot_records(edition))
    ask_rules(_alone(edition, places=before, slots=slots), _alone(edition, places=after, slots=slots))
    store_places(edition, after, by=by)


@transaction.atomic
def remove_places(edition: Edition, codes: Collection[str], *, by: Person | None = None) -> None:
    """Take places away. Raises Refused: nothing_chosen, place_in_use."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    places = list(_chosen(edition, codes))
    _let_go(edition, Meeting.objects.filter(place__in=places), "place_in_use")
    for place in places:
        signed(place, by).delete()


def _chosen(edition: Edition, codes: Collection[str]) -> Any:
    known: QuerySet[Place] = edition.places.all()
    chosen = [place.pk for place in known if place.code in codes]
    if not chosen:
        raise Refused("nothing_chosen")
    return known.filter(pk__in=chosen)
