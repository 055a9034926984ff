"""Heal the timetable that people see: somebody does not come or is late, a table is closed or opened.

First a proposal, which writes nothing: who loses a time, who finds another, who moves up from those that wait. Whoever
accepts it accepts what was shown; if the timetable has changed meanwhile, they are shown the new proposal instead. No
meeting is moved that the incident does not touch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

import fairlink
from fairlink.meetings import Away, Back, Closed, Opened
from fairlink.provenance import fingerprint
from fairlink_site.actions.meetings.booking import chair_at, exchange, log, release, speak, tell_both
from fairlink_site.actions.meetings.hours import starts
from fairlink_site.actions.meetings.naming import by_ids
from fairlink_site.actions.meetings.telling import when_and_where
from fairlink_site.actions.records import signed
from fairlink_site.models import (
    Edition,
    Meeting,
    Organisation,
    Person,
    Place,
    Run,
    Seat,
    Slot,
    TimetableEvent,
    UnplacedMeeting,
)
from fairlink_site.refusals import Refused
from fairlink_site.snapshot.around import Around, around

KINDS = ("no_show", "late", "back", "place_closed", "place_opened")
MOST_WAITING = 60  # of those who wait for a table, whom one that is opened is offered to


@dataclass(frozen=True)
class Incident:
    """What happened: to an organisation or to a place, in which slots; those of a day, or up to a time."""

    kind: str
    slots: Sequence[Slot]
    organisation: Organisation | None = None
    place: Place | None = None


@dataclass(frozen=True)
class Change:
    """One meeting of a proposal: what it is now and what it will be; `meeting` is None for one that moves up."""

    first: Organisation
    second: Organisation
    meeting: Meeting | None
    slot: Slot | None  # None: without a time
    place: Place | None
    row: int


@dataclass(frozen=True)
class Proposal:
    """What accepting it would do. `token` says which proposal it is."""

    incident: Incident
    missed: tuple[Meeting, ...]  # have begun, and are not held
    cancelled: tuple[Change, ...]
    moved: tuple[Change, ...]  # another time, or another place at the same time
    booked: tuple[Change, ...]  # waited until now
    token: str
    found: Around
    healed: fairlink.meetings.Timetable


def propose(run: Run, incident: Incident, *, now: datetime | None = None) -> Proposal:
    """What an incident does to the timetable, by the fewest changes. Raises Refused: nothing_chosen."""
    now = now or timezone.now()
    if not incident.slots or incident.kind not in KINDS:
        raise Refused("nothing_chosen")
    edition = run.edition
    found = around(run, _concerned(run, incident), standby=True)
    ahead = [starts(slot, edition) > now for slot in edition.slots.all()]
    first = ahead.index(True) if True in ahead else len(ahead)
    expo, played = _played(found, incident, first)
    repaired = fairlink.meetings.repair(expo, found.timetable, played, now=first)
    return _proposal(run, incident, found, repaired.timetable, now)


@transaction.atomic
def accept(run: Run, incident: Incident, token: str, *, by: Person, now: datetime | None = None) -> Proposal:
    """Do what was proposed, and tell those concerned. Raises Refused: no_timetable, proposal_changed."""
    now = now or timezone.now()
    # Lock the run first: what is proposed holds as long as nobody else changes it.
    held = Run.objects.select_for_update().select_related("edition").get(pk=run.pk)
    if not held.current or held.edition.phase == "closed":
        raise Refused("no_timetable")
    proposal = propose(held, incident, now=now)
    if proposal.token != token:
        raise Refused("proposal_changed")
    TimetableEvent.objects.create(
        run=held,
        kind="repaired" if incident.kind == "back" else incident.kind,
        by=by,
        organisation=incident.organisation,
        place=incident.place,
        data={
            "slots": [slot.code for slot in incident.slots],
            "released": [one.meeting.pk for one in proposal.cancelled if one.meeting],
            "moved": [one.meeting.pk for one in proposal.moved if one.meeting],
            "placed": len(proposal.booked),
        },
    )
    _keep(incident, by)
    _miss(proposal, incident)
    waiting = [_let_go(held, one, by) for one in proposal.cancelled]
    for change in proposal.moved:
        if change.meeting:
            release(change.meeting)  # all first: one may take the place of another
    exchanged = exchange(proposal.found, proposal.healed)
    for change in proposal.moved:
        _give_another(held, proposal, change, by)
    for change in proposal.booked:
        _give(held, proposal, change, by)
    for row, meeting in exchanged:
        speak(proposal.found, proposal.healed, row, meeting)
        meeting.save(update_fields=["interpreter", "voice"])
    _explain(held, [one for one in waiting if one])
    return proposal


def late(edition: Edition, until: Slot, *, now: datetime | None = None) -> list[Slot]:
    """The slots that somebody misses who comes in time for one: those of the day that are not over yet."""
    now = now or timezone.now()
    return [
        slot
        for slot in edition.slots.filter(day=until.day, start__lt=until.start)
        if _ends(slot, edition) > now
    ]


def rest_of_day(edition: Edition, *, now: datetime | None = None) -> list[Slot]:
    """The slots of the day that are not over yet."""
    now = now or timezone.now()
    today = [
        slot
        for slot in edition.slots.all()
        if starts(slot, edition).date() == now.astimezone(starts(slot, edition).tzinfo).date()
    ]
    return [slot for slot in today if _ends(slot, edition) > now]


def _ends(slot: Slot, edition: Edition) -> datetime:
    return datetime.combine(slot.day, slot.end, starts(slot, edition).tzinfo)


def _concerned(run: Run, incident: Incident) -> set[int]:
    """Keys of those whose time an incident takes or gives."""
    slots = [slot.pk for slot in incident.slots]
    if incident.organisation:
        theirs = Seat.objects.standing().filter(run=run, organisation=incident.organisation, slot__in=slots)
        with_them = Seat.objects.filter(meeting__in=theirs.values("meeting"))
        return {incident.organisation.pk, *with_them.values_list("organisation", flat=True)}
    there = Seat.objects.standing().filter(run=run, meeting__place=incident.place, slot__in=slots)
    if incident.kind == "place_closed":
        return set(there.values_list("organisation", flat=True))
    waiting = run.unplaced.filter(rule="no_table")[:MOST_WAITING]
    return {key for one in waiting for key in (one.first_id, one.second_id)}


def _played(
    found: Around, incident: Incident, first: int
) -> tuple[fairlink.Expo, list[fairlink.meetings.Event]]:
    """The expo in which the library plays the incident, and how, from the first slot that is still to come."""
    slots = [found.slots.index(slot.pk) for slot in incident.slots if slot.pk in found.slots]
    ahead = [slot for slot in slots if slot >= first]
    if not ahead:
        return found.expo, []
    if incident.organisation:
        row = found.organisations.index(incident.organisation.pk)
        if incident.kind != "back":
            return found.expo, [Away(row, ahead)]
        available = found.expo.organisations.available.copy()
        available[row, ahead] = True  # the rows still say otherwise
        people = replace(found.expo.organisations, available=available)
        return replace(found.expo, organisations=people), [Back(row, ahead)]
    if incident.place is None or incident.place.pk not in found.places:
        return found.expo, []
    place = found.places.index(incident.place.pk)
    opened = incident.kind == "place_opened"
    return found.expo, [Opened(place, ahead) if opened else Closed(place, ahead)]


def _proposal(
    run: Run, incident: Incident, found: Around, healed: fairlink.meetings.Timetable, now: datetime
) -> Proposal:
    before, edition = found.timetable, run.edition
    other = ((before.slot != healed.slot) | (before.place != healed.place)).nonzero()[0].tolist()
    slots = {slot.pk: slot for slot in edition.slots.all()}
    rows = edition.places.filter(
        pk__in={found.places[healed.place[row]] for row in other if healed.place[row] >= 0}
    )
    places = {place.pk: place for place in rows}
    keys = [found.meetings[row] for row in other if found.meetings[row]]
    standing = Meeting.objects.filter(pk__in=keys).select_related("slot", "place", "run__edition")
    meetings = {one.pk: one for one in standing}
    named = {
        found.organisations[party]
        for row in other
        for party in (before.wanted.first[row], before.wanted.second[row])
    }
    parties = {one.pk: one for one in edition.organisations.filter(pk__in=named).select_related("edition")}
    changes = [
        Change(
            first=parties[found.organisations[before.wanted.first[row]]],
            second=parties[found.organisations[before.wanted.second[row]]],
            meeting=meetings.get(found.meetings[row]),
            slot=slots[found.slots[healed.slot[row]]] if healed.slot[row] >= 0 else None,
            place=places.get(found.places[healed.place[row]]) if healed.place[row] >= 0 else None,
            row=row,
        )
        for row in other
    ]
    missed = _missed(run, incident, now)
    return Proposal(
        incident=incident,
        missed=missed,
        cancelled=tuple(one for one in changes if one.slot is None),
        moved=tuple(one for one in changes if one.slot and one.meeting),
        booked=tuple(one for one in changes if one.slot and not one.meeting),
        token=fingerprint(
            [one.pk for one in missed],
            [
                (
                    one.first.pk,
                    one.second.pk,
                    one.slot.pk if one.slot else 0,
                    one.place.pk if one.place else 0,
                )
                for one in changes
            ],
        ),
        found=found,
        healed=healed,
    )


def _missed(run: Run, incident: Incident, now: datetime) -> tuple[Meeting, ...]:
    """Meetings of somebody who did not come that have begun."""
    if incident.organisation is None or incident.kind == "back":
        return ()
    begun = [slot for slot in incident.slots if starts(slot, run.edition) <= now]
    mine = incident.organisation.seats.standing().filter(run=run, slot__in=begun).values("meeting")
    found = Meeting.objects.filter(pk__in=mine, state=Meeting.PLANNED).select_related("slot", "place")
    return tuple(found.prefetch_related("seats__organisation"))


def _keep(incident: Incident, by: Person) -> None:
    """Write down when somebody or something is not there, so that nobody is placed then."""
    named: Organisation | Place | None = incident.organisation or incident.place
    if named is None:
        return
    thing = type(named).objects.select_for_update().get(pk=named.pk)
    codes = [slot.code for slot in incident.slots]
    gone = incident.kind in ("no_show", "late", "place_closed")
    kept = [code for code in thing.closed if code not in codes]
    thing.closed = sorted({*kept, *codes}) if gone else kept
    signed(thing, by).save()


def _miss(proposal: Proposal, incident: Incident) -> None:
    for meeting in proposal.missed:
        Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.MISSED)
        meeting.seats.filter(organisation=incident.organisation).update(absent=True)


def _let_go(run: Run, change: Change, by: Person) -> UnplacedMeeting | None:
    """A meeting without a time: it waits for one, as others do."""
    meeting = change.meeting
    if meeting is None:
        return None
    tell_both(meeting, "meeting_cancelled", by=by, reason="")
    release(meeting)
    log(run, "cancelled", by, meeting, None)
    gain = {seat.organisation_id: seat.gain for seat in meeting.seats.all()}
    return UnplacedMeeting.objects.create(
        run=run,
        first=change.first,
        second=change.second,
        weight=meeting.weight,
        gain_first=gain[change.first.pk],
        gain_second=gain[change.second.pk],
        reason=["no_common_slot", {"organisations": [change.first.code, change.second.code]}],
        remedy=["add_slot", {}],
    )


def _give_another(run: Run, proposal: Proposal, change: Change, by: Person) -> None:
    meeting = change.meeting
    if meeting is None or change.slot is None:
        return
    before, was = when_and_where(meeting.slot), {"slot": meeting.slot.code, "place": meeting.place.code}
    meeting.state = Meeting.PLANNED
    _sit(run, proposal, change, meeting)
    log(run, "moved", by, meeting, None, was=was)
    tell_both(meeting, "meeting_moved", by=by, day_before=before["day"], clock_before=before["clock"])


def _give(run: Run, proposal: Proposal, change: Change, by: Person) -> None:
    waiting = run.unplaced.get(pk=proposal.found.standby[change.row])
    meeting = Meeting(run=run, weight=waiting.weight)
    _sit(run, proposal, change, meeting)
    waiting.delete()
    log(run, "booked", by, meeting, None)
    tell_both(meeting, "meeting_booked", by=by)


def _sit(run: Run, proposal: Proposal, change: Change, meeting: Meeting) -> None:
    """Give a meeting the time, the place and the delegates of the healed timetable."""
    healed, row, slot, place = proposal.healed, change.row, change.slot, change.place
    if slot is None or place is None:
        raise Refused("proposal_changed")
    meeting.slot, meeting.place = slot, place
    meeting.chair = chair_at(meeting)
    speak(proposal.found, healed, row, meeting)
    meeting.save()
    gains = {
        int(healed.wanted.first[row]): int(healed.wanted.gain_first[row]),
        int(healed.wanted.second[row]): int(healed.wanted.gain_second[row]),
    }
    for host, party, delegate in (
        (True, int(healed.host[row]), int(healed.host_delegate[row])),
        (False, int(healed.guest[row]), int(healed.guest_delegate[row])),
    ):
        seat = {"slot": slot, "delegate": delegate, "host": host, "released": False}
        Seat.objects.update_or_create(
            meeting=meeting,
            organisation_id=proposal.found.organisations[party],
            defaults=seat,
            create_defaults={**seat, "run": run, "gain": gains[party]},
        )


def _explain(run: Run, waiting: Iterable[UnplacedMeeting]) -> None:
    """Say of meetings that lost their time which rule binds them now, as of all others."""
    rows = {one.pk: one for one in waiting}
    if not rows:
        return
    found = around(run, {key for one in rows.values() for key in (one.first_id, one.second_id)}, standby=True)
    for one in fairlink.meetings.unplaced(found.expo, found.timetable):
        row = rows.get(found.standby[one.row])
        if row is not None:
            row.reason = [one.code, by_ids(found.expo, found.timetable, one.data)]
            row.remedy = [one.remedy.code, by_ids(found.expo, found.timetable, one.remedy.data)]
            row.save(update_fields=["reason", "remedy"])
