"""Book a meeting, give it another time, cancel it, send somebody else: in the timetable that people see.

Whoever changes it holds it for themselves meanwhile, reads it as it is then, and asks the very rules that made it. Of
two who want the last table one gets it, and the other is told why not, and what is free next.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

import fairlink
from fairlink.meetings import Objection, Timetable
from fairlink_site import wording
from fairlink_site.actions.meetings.hours import starts, takes
from fairlink_site.actions.meetings.naming import by_ids
from fairlink_site.actions.meetings.telling import tell_organisation, when_and_where
from fairlink_site.models import (
    Edition,
    Exclusion,
    Meeting,
    Organisation,
    Person,
    Run,
    Seat,
    Slot,
    TimetableEvent,
    Wish,
)
from fairlink_site.models.organisations import VALIDATED
from fairlink_site.models.wishes import NEVER
from fairlink_site.refusals import Refused
from fairlink_site.snapshot.around import Around, around

LONGEST_REASON = 500
_LEAST = 1  # gain of a meeting that nobody has weighed: somebody wants it


def current(edition: Edition) -> Run | None:
    """The timetable that people see."""
    return edition.runs.filter(kind="meetings", current=True).select_related("edition").first()


def times(
    one: Organisation, other: Organisation, *, now: datetime | None = None, begun: bool = False
) -> list[Slot]:
    """Times to come at which the two could meet: a first time, or another than they have. None without a timetable.

    The one that has `begun` is among them for two who stand before each other, while half of it is left.
    """
    run = current(one.edition)
    if run is None or not _may_meet(one, other):
        return []
    found = _around(run, one, other)
    slots = fairlink.meetings.openings(found.expo, found.timetable, *_rows(found, one, other))
    held = found.timetable.slot[_row(found, one, other)]
    keys = {found.slots[slot] for slot in slots if slot != held}
    ahead = _ahead(run.edition, now or timezone.now(), begun=begun)
    return [slot for slot in ahead if slot.pk in keys]


@transaction.atomic
def book(
    organisation: Organisation,
    partner: Organisation,
    slot: Slot,
    *,
    by: Person,
    origin: str = Meeting.REQUEST,
    now: datetime | None = None,
) -> Meeting:
    """Hold a meeting of the two at a time that is free for both. The partner is told.

    Raises Refused: no_timetable, timetable_locked, not_to_be_met, meet_already, time_over, time_taken.
    """
    run = _held_for_us(organisation.edition, by)
    if not _may_meet(organisation, partner):
        raise Refused("not_to_be_met")
    found = _around(run, organisation, partner)
    row = _row(found, organisation, partner)
    if found.meetings[row]:
        raise Refused("meet_already")
    meeting = Meeting(run=run, origin=origin, weight=max(int(found.timetable.wanted.weight[row]), 1))
    if not takes(slot, run.edition, now or timezone.now(), begun=origin == Meeting.HALL):
        raise Refused("time_over")
    _place(found, row, slot, meeting, now or timezone.now())
    run.unplaced.filter(pk=found.standby[row]).delete()
    log(run, "booked", by, meeting, organisation)
    tell_both(meeting, "meeting_booked", by=by)
    return meeting


@transaction.atomic
def move(meeting: Meeting, slot: Slot, *, by: Person, now: datetime | None = None) -> Meeting:
    """Give a meeting another time that is free for both; those concerned are told.

    Raises Refused: no_timetable, timetable_locked, meeting_over, time_over, time_taken.
    """
    run = _held_for_us(meeting.run.edition, by)
    meeting, seats = _standing(run, meeting, now or timezone.now())
    before = when_and_where(meeting.slot)
    found = _around(run, *(seat.organisation for seat in seats))
    row = found.meetings.index(meeting.pk)
    if not takes(slot, run.edition, now or timezone.now()):
        raise Refused("time_over")
    was = {"slot": meeting.slot.code, "place": meeting.place.code}
    _place(found, row, slot, meeting, now or timezone.now())
    log(run, "moved", by, meeting, None, was=was)
    tell_both(meeting, "meeting_moved", by=by, day_before=before["day"], clock_before=before["clock"])
    return meeting


@transaction.atomic
def cancel(
    meeting: Meeting,
    organisation: Organisation | None,
    *,
    reason: str = "",
    by: Person,
    now: datetime | None = None,
) -> Meeting:
    """Cancel a meeting for one of its parties, or as organiser for nobody; its time and place are free again.

    Raises Refused: no_timetable, timetable_locked, meeting_over, reason_too_long.
    """
    text = reason.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_REASON:
        raise Refused("reason_too_long", most=LONGEST_REASON)
    run = _held_for_us(meeting.run.edition, by)
    meeting, _ = _standing(run, meeting, now or timezone.now())
    release(meeting)
    log(run, "cancelled", by, meeting, organisation, reason=text)
    tell_both(meeting, "meeting_cancelled", by=by, reason=text)
    return meeting


@transaction.atomic
def assign(seat: Seat, delegate: int, *, by: Person) -> Seat:
    """Send another delegate to a meeting, who must be free then.

    Raises Refused: no_timetable, timetable_locked, no_such_delegate, delegate_busy.
    """
    run = _held_for_us(seat.organisation.edition, by)
    found: Seat = Seat.objects.standing().select_related("organisation", "slot").get(pk=seat.pk, run=run)
    if not 0 <= delegate < found.organisation.delegates:
        raise Refused("no_such_delegate", most=found.organisation.delegates)
    if delegate == found.delegate:
        return found
    if busy(found.organisation, delegate, found.slot, run):
        raise Refused("delegate_busy")
    before, found.delegate = found.delegate, delegate
    found.save(update_fields=["delegate"])
    log(run, "delegate", by, found.meeting, found.organisation, before=before, now=delegate)
    return found


def busy(organisation: Organisation, delegate: int, slot: Slot, run: Run) -> bool:
    """Whether a delegate sits in a meeting, or is at an activity, in a slot."""
    sits = organisation.seats.standing().filter(run=run, slot=slot, delegate=delegate)
    attends = organisation.sign_ups.filter(
        delegate=delegate,
        activity__day=slot.day,
        activity__start__lt=slot.end,
        activity__end__gt=slot.start,
    )
    return sits.exists() or attends.exists()


def release(meeting: Meeting) -> None:
    """Let go of the time and the place of a meeting; whoever calls says why."""
    meeting.state = Meeting.CANCELLED
    meeting.save(update_fields=["state"])
    meeting.seats.update(released=True)


def _held_for_us(edition: Edition, by: Person) -> Run:
    """The timetable that people see, locked until we are done. A locked one is changed by organisers only."""
    run = edition.runs.select_for_update().filter(kind="meetings", current=True).first()
    if run is None or edition.phase == "closed":
        raise Refused("no_timetable")
    if run.locked and not edition.memberships.filter(person=by, role="organiser").exists():
        raise Refused("timetable_locked")
    return run


def _may_meet(one: Organisation, other: Organisation) -> bool:
    """The same no for whoever is not to be seen, said never, or is kept apart: nobody learns which."""
    if one.pk == other.pk or one.edition_id != other.edition_id:
        return False
    both = (one.pk, other.pk)
    never = Wish.objects.filter(kind=NEVER, organisation__in=both, partner__in=both)
    apart = Exclusion.objects.between(one, other)
    return {one.status, other.status} == {VALIDATED} and not never.exists() and not apart.exists()


def _around(run: Run, one: Organisation, other: Organisation) -> Around:
    waiting = run.unplaced.filter(first__in=(one, other), second__in=(one, other)).first()
    gains = {waiting.first_id: waiting.gain_first, waiting.second_id: waiting.gain_second} if waiting else {}
    mine, theirs = (max(gains.get(party.pk, _LEAST), _LEAST) for party in (one, other))
    return around(run, (one.pk, other.pk), pair=(one, other, mine, theirs))


def _rows(found: Around, one: Organisation, other: Organisation) -> tuple[int, int]:
    return found.organisations.index(one.pk), found.organisations.index(other.pk)


def _row(found: Around, one: Organisation, other: Organisation) -> int:
    """The wanted row of a pair that was asked for, so it is there."""
    low, high = sorted(_rows(found, one, other))
    wanted = found.timetable.wanted
    return int(((wanted.first == low) & (wanted.second == high)).nonzero()[0][0])


def _ahead(edition: Edition, now: datetime, *, begun: bool = False) -> list[Slot]:
    return [slot for slot in edition.slots.all() if takes(slot, edition, now, begun=begun)]


def _standing(run: Run, meeting: Meeting, now: datetime) -> tuple[Meeting, list[Seat]]:
    """A meeting that is still to come, as it is now, with its seats."""
    rows = Meeting.objects.standing().select_related("slot", "place", "run__edition")
    found = rows.filter(run=run, pk=meeting.pk, state=Meeting.PLANNED).first()
    if found is None or starts(found.slot, run.edition) <= now:
        raise Refused("meeting_over")
    return found, list(found.seats.select_related("organisation__edition"))


def _place(found: Around, row: int, slot: Slot, meeting: Meeting, now: datetime) -> None:
    """Give a meeting a time, a place and its delegates. Raises Refused: time_over, time_taken."""
    if slot.pk not in found.slots:
        raise Refused("time_over")
    at = found.slots.index(slot.pk)
    against = fairlink.meetings.objections(found.expo, found.timetable, row, at)
    if against:
        raise _taken(found, row, slot, against, now)
    placed = fairlink.meetings.hold(found.expo, found.timetable, row, at)
    place = int(placed.place[row])
    meeting.slot, meeting.place_id = slot, found.places[place]
    meeting.chair = chair_at(meeting)
    exchanged = exchange(found, placed, row)
    speak(found, placed, row, meeting)
    sides = (
        (True, int(placed.host[row]), int(placed.host_delegate[row])),
        (False, int(placed.guest[row]), int(placed.guest_delegate[row])),
    )
    try:
        with transaction.atomic():
            meeting.save()
            for other, one in exchanged:
                speak(found, placed, other, one)
                one.save(update_fields=["interpreter", "voice"])
            gains = dict(
                zip(
                    (int(placed.wanted.first[row]), int(placed.wanted.second[row])),
                    (int(placed.wanted.gain_first[row]), int(placed.wanted.gain_second[row])),
                    strict=True,
                )
            )
            for host, party, delegate in sides:
                Seat.objects.update_or_create(
                    meeting=meeting,
                    organisation_id=found.organisations[party],
                    defaults={"slot": slot, "delegate": delegate, "host": host},
                    create_defaults={
                        "run": meeting.run,
                        "slot": slot,
                        "delegate": delegate,
                        "host": host,
                        "gain": gains[party],
                    },
                )
    except IntegrityError:  # what the rules could not see, the database does
        raise _taken(found, row, slot, (), now) from None


def chair_at(meeting: Meeting) -> int:
    """The first chair at its place that nobody has."""
    there = Meeting.objects.standing().filter(run=meeting.run, slot=meeting.slot, place=meeting.place_id)
    taken = set(there.exclude(pk=meeting.pk).values_list("chair", flat=True))
    return next(chair for chair in range(len(taken) + 1) if chair not in taken)


def exchange(found: Around, placed: Timetable, row: int = -1) -> list[tuple[int, Meeting]]:
    """Rows and meetings that stay where they are, and exchange interpreters with others: for now they have none."""
    other = (placed.slot == found.timetable.slot) & (placed.interpreter != found.timetable.interpreter)
    rows = {found.meetings[at]: at for at in other.nonzero()[0].tolist() if at != row and found.meetings[at]}
    if not rows:
        return []
    meetings = list(Meeting.objects.filter(pk__in=rows).select_related("slot"))
    Meeting.objects.filter(pk__in=rows).update(interpreter=None, voice=0)
    return [(rows[one.pk], one) for one in meetings]


def speak(found: Around, placed: Timetable, row: int, meeting: Meeting) -> None:
    """Give a meeting the interpreter that its row of a timetable has, and the first voice that nobody has."""
    speaker = int(placed.interpreter[row])
    meeting.interpreter_id, meeting.voice = (found.interpreters[speaker] if speaker >= 0 else None), 0
    if meeting.interpreter_id is None:
        return
    there = Meeting.objects.standing().filter(
        run=meeting.run, slot=meeting.slot, interpreter=meeting.interpreter_id
    )
    taken = set(there.exclude(pk=meeting.pk).values_list("voice", flat=True))
    meeting.voice = next(voice for voice in range(len(taken) + 1) if voice not in taken)


def _taken(found: Around, row: int, slot: Slot, against: Collection[Objection], now: datetime) -> Refused:
    """A no with its reason, and the time nearest to it that is free."""
    edition = slot.edition
    wanted = found.timetable.wanted
    both = int(wanted.first[row]), int(wanted.second[row])
    free = {found.slots[one] for one in fairlink.meetings.openings(found.expo, found.timetable, *both)}
    ahead = [one for one in _ahead(edition, now) if one.pk in free and one.pk != slot.pk]
    at = starts(slot, edition)
    nearest = min(ahead, key=lambda one: (abs(starts(one, edition) - at), starts(one, edition)), default=None)
    why = [[one.code, by_ids(found.expo, found.timetable, one.data)] for one in against]
    if nearest is None:
        return Refused("time_taken", against=why)
    return Refused("time_taken_next", against=why, next=nearest, when=wording.slot(nearest))


def log(
    run: Run,
    kind: str,
    by: Person | None,
    meeting: Meeting,
    organisation: Organisation | None,
    **data: Any,
) -> None:
    """Write down what happened to a meeting."""
    TimetableEvent.objects.create(
        run=run,
        kind=kind,
        by=by,
        meeting=meeting,
        organisation=organisation,
        data={"slot": meeting.slot.code, "place": meeting.place.code, **data},
    )


def tell_both(meeting: Meeting, kind: str, *, by: Person | None, **data: Any) -> None:
    """Both parties, but not whoever did it."""
    seats = list(meeting.seats.select_related("organisation__edition"))
    when = when_and_where(meeting.slot, meeting.place)
    for seat in seats:
        other = next(one for one in seats if one.pk != seat.pk)
        tell_organisation(seat.organisation, kind, but=by, partner=other.organisation.name, **when, **data)
