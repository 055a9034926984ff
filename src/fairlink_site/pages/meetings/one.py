"""One meeting, for those who hold it: who, when, where and why; their notes, and what came of it."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fairlink_site import permissions
from fairlink_site.actions.meetings import hours
from fairlink_site.actions.meetings.outcomes import LONGEST, say_outcome, write_notes
from fairlink_site.models import Edition, Meeting, Organisation, Person, Seat
from fairlink_site.pages.meetings.sitting import Side, called, delegates, sides
from fairlink_site.pages.profiles import person_of
from fairlink_site.pages.tenancy import edition_form, show
from fairlink_site.pages.wishing import whys
from fairlink_site.refusals import Refused
from fairlink_site.templatetags.fairlink import OUTCOMES

MOST_DELEGATES = 50  # to choose from


@login_required
@edition_form
def meeting(request: HttpRequest, edition: Edition, meeting: int) -> HttpResponse:
    found = meeting_of(edition, meeting)
    mine = own_seat(request, found)
    if request.method == "POST":
        if mine is None:
            raise Http404
        _act(request, mine)
        return redirect(request.get_full_path())
    both = sides(found.seats.all())
    # An organiser reads it from the side of the host.
    near = next(one for one in both if (one.seat.pk == mine.pk if mine else one.seat.host))
    far = next(one for one in both if one.seat.pk != near.seat.pk)
    return show(
        request,
        "meeting",
        edition,
        meeting=found,
        mine=near if mine else None,
        near=near,
        far=far,
        both=both,
        why=_why(edition, near, far),
        outcomes=OUTCOMES.items(),
        begun=timezone.now() >= found.slot.day_begins(),
        changes=mine is not None and _can_change(found),
        free=_free(near) if mine else [],
        longest=LONGEST,
    )


def meeting_of(edition: Edition, key: int) -> Meeting:
    """A meeting of the edition with all that its pages tell."""
    rows = Meeting.objects.filter(run__edition=edition).select_related(
        "run", "slot__edition", "place", "interpreter"
    )
    found: Meeting = get_object_or_404(rows.prefetch_related("seats__organisation__edition"), pk=key)
    return found


def own_seat(request: HttpRequest, meeting: Meeting) -> Seat | None:
    """The reader's seat: `for` says which, for somebody who belongs to both sides. None for an organiser.

    For anybody else the meeting is not there; nor is one of a timetable that is no more than a proposal.
    """
    person = person_of(request)
    mine = [one for one in meeting.seats.all() if _keeps(person, one.organisation)]
    if mine and meeting.run.current:
        return next((one for one in mine if one.organisation.code == request.GET.get("for")), mine[0])
    if permissions.organises.test(person, meeting.run.edition):
        return None
    raise Http404


def _keeps(person: Person, organisation: Organisation) -> bool:
    return bool((permissions.belongs & permissions.keep_calendar).test(person, organisation))


def _why(edition: Edition, near: Side, far: Side) -> Any:
    return whys(edition, near.organisation, [far.organisation]).get(far.organisation.pk)


def _can_change(meeting: Meeting) -> bool:
    """Whether it can still be moved or cancelled by those who hold it."""
    edition = meeting.run.edition
    ahead = hours.starts(meeting.slot, edition) > edition.now()
    return meeting.state == Meeting.PLANNED and ahead and not meeting.run.locked and edition.phase != "closed"


def _free(near: Side) -> list[tuple[int, str]]:
    """The delegates who could go instead: number from 0, and name."""
    organisation, slot = near.organisation, near.seat.meeting.slot
    known = delegates([organisation.pk])
    sits = organisation.seats.current().filter(slot=slot).values_list("delegate", flat=True)
    attends = organisation.sign_ups.filter(
        activity__day=slot.day, activity__start__lt=slot.end, activity__end__gt=slot.start
    ).values_list("delegate", flat=True)
    busy = {*sits, *attends}
    free = (number for number in range(organisation.delegates) if number not in busy)
    return [(number, called(known, organisation, number)) for number in islice(free, MOST_DELEGATES)]


def _act(request: HttpRequest, mine: Seat) -> None:
    try:
        if "outcome" in request.POST:
            say_outcome(mine, request.POST["outcome"])
        elif request.POST.get("do") == "notes":
            write_notes(mine, request.POST.get("notes", ""))
        else:
            raise Http404
    except Refused as no:
        messages.error(request, str(no.words))
    else:
        messages.success(request, _("Saved."))
