"""What one side says of a meeting: what came of it, and notes that are its own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from fairlink_site.models import Meeting, Seat
from fairlink_site.refusals import Refused

HELD = (Seat.MET, Seat.FOLLOW_UP, Seat.AGREEMENT)  # said by somebody who has been there
LONGEST = 4000  # characters of notes


@transaction.atomic
def say_outcome(seat: Seat, outcome: str, *, now: datetime | None = None) -> Meeting:
    """Keep what one side says came of the meeting; it can say something else later, or take it back with "".

    Who says that the others did not come says so of them, until one side says that they have met. Raises Refused:
    unknown_outcome, meeting_cancelled, meeting_to_come.
    """
    if outcome not in ("", *Seat.OUTCOMES):
        raise Refused("unknown_outcome")
    # Lock the meeting first: both sides may be speaking at the same moment.
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("slot__edition")
    meeting: Meeting = rows.get(pk=seat.meeting_id)
    if meeting.state == Meeting.CANCELLED:
        raise Refused("meeting_cancelled")
    if (now or timezone.now()) < meeting.slot.day_begins():
        raise Refused("meeting_to_come")
    seats = list(meeting.seats.all())
    before = {one.pk: one.outcome for one in seats}
    for one in seats:
        if one.pk == seat.pk:
            one.outcome = outcome
    said = [one.outcome for one in seats]
    met = any(one in HELD for one in said)
    for one in seats:
        others = [other for other in seats if other.pk != one.pk]
        told = any(other.outcome == Seat.ABSENT for other in others)
        taken_back = any(before[other.pk] == Seat.ABSENT != other.outcome for other in others)
        # What the hall has seen stays, unless somebody has met them.
        one.absent = not met and (told or (one.absent and not taken_back))
        one.save(update_fields=["outcome", "absent"])
    missed = any(one.absent for one in seats)
    meeting.state = Meeting.HELD if met else Meeting.MISSED if missed else Meeting.PLANNED
    meeting.save(update_fields=["state"])
    return meeting


@transaction.atomic
def write_notes(seat: Seat, text: str) -> None:
    """Keep what one side notes for itself. Raises Refused: notes_too_long."""
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise Refused("notes_too_long", most=LONGEST)
    Seat.objects.filter(pk=seat.pk).update(notes=text)
