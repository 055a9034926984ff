"""Publish a timetable, so that everybody sees it; lock it; go back to one that was published before."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from fairlink_site.actions.meetings.telling import tell_organisation
from fairlink_site.actions.records import signed
from fairlink_site.models import Edition, Organisation, Person, Run, Seat, TimetableEvent
from fairlink_site.models.meetings import TOLD
from fairlink_site.refusals import Refused


@transaction.atomic
def publish(run: Run, *, by: Person | None = None) -> Run:
    """Make a timetable the one that people see; where somebody does so, an edition that was matching is published, too.

    Publishing an earlier one again goes back to it as it was when another took its place. The letters are another
    step: `announce`. Raises Refused: no_timetable, edition_closed.
    """
    edition = Edition.objects.select_for_update().get(pk=run.edition_id)
    found = edition.runs.filter(kind="meetings", pk=run.pk).first()
    if found is None:
        raise Refused("no_timetable")
    if edition.phase == "closed" and by is not None:
        raise Refused("edition_closed")
    before = edition.runs.filter(kind="meetings", current=True).first()
    if before == found:
        return found
    edition.runs.filter(kind="meetings", current=True).update(current=False)
    found.current, found.published = True, timezone.now()
    found.save(update_fields=["current", "published"])
    # `seen`: participants had that timetable in their calendars, which have to be told what it no longer says.
    data = {"before": before.pk if before else None, "seen": edition.phase in TOLD}
    TimetableEvent.objects.create(run=found, kind="published", by=by, data=data)
    if edition.phase == "matching" and by is not None:
        edition.phase = "published"
        signed(edition, by).save()
    return found


@transaction.atomic
def lock(run: Run, *, locked: bool, by: Person | None = None) -> None:
    """Let participants change nothing in a timetable any more, or let them again."""
    found = Run.objects.select_for_update().get(pk=run.pk, kind="meetings")
    if found.locked != locked:
        found.locked = locked
        found.save(update_fields=["locked"])
        TimetableEvent.objects.create(run=found, kind="locked" if locked else "unlocked", by=by)


def announce(run: Run) -> int:
    """Tell those whose calendar is new, or another than before, by notice and letter; once. Returns how many
    organisations.

    One transaction for each organisation: what was told before a worker died is not told again.
    """
    edition = run.edition
    if not run.current or edition.phase not in TOLD or edition.phase == "closed":
        return 0
    event = run.events.filter(kind="published").first()
    before = event.data.get("before") if event else None
    told = 0
    for organisation, first in _concerned(run, before):
        told += _announce_to(run, event, organisation, first)
    return told


def _concerned(run: Run, before: int | None) -> Iterator[tuple[Organisation, bool]]:
    """Organisations whose meetings are others than in the timetable before; and whether they had none there."""
    now, then = _calendars(run.pk), _calendars(before) if before else {}
    other = [key for key in now.keys() | then.keys() if now.get(key) != then.get(key)]
    for one in Organisation.objects.filter(pk__in=other).order_by("pk"):
        yield one, one.pk not in then


def _calendars(run: int) -> dict[int, set[tuple[int, int, int]]]:
    """Of each organisation the times and places of its meetings, and with whom."""
    seats = Seat.objects.standing().filter(run=run)
    partners: dict[int, list[tuple[int, int, int]]] = {}
    for meeting, organisation, slot, place in seats.values_list(
        "meeting", "organisation", "slot", "meeting__place"
    ):
        partners.setdefault(meeting, []).append((organisation, slot, place))
    found: dict[int, set[tuple[int, int, int]]] = {}
    for both in partners.values():
        for one, slot, place in both:
            found.setdefault(one, set()).update((other, slot, place) for other, *_ in both if other != one)
    return found


@transaction.atomic
def _announce_to(run: Run, event: TimetableEvent | None, organisation: Organisation, first: bool) -> bool:  # noqa: FBT001  passed on
    found = TimetableEvent.objects.select_for_update().get(pk=event.pk) if event else None
    if found is None or organisation.pk in found.data.get("told", ()):
        return False
    found.data["told"] = [*found.data.get("told", ()), organisation.pk]
    found.save(update_fields=["data"])
    number = organisation.seats.standing().filter(run=run).count()
    tell_organisation(organisation, "timetable_published" if first else "timetable_changed", number=number)
    return True
