"""A calendar to take along: as an iCalendar file, as a feed that other calendars read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from fairlink_site import permissions, wording
from fairlink_site.actions.people import renew_feed
from fairlink_site.models import Edition, Meeting, Membership, Organisation, Person, Run, Seat, TimetableEvent
from fairlink_site.models.meetings import TOLD
from fairlink_site.pages.meetings.agenda import Entry, entries, moment, with_interpreter
from fairlink_site.pages.meetings.days import current
from fairlink_site.pages.tenancy import demand, edition_form, edition_page, show

_SALT = "fairlink.calendar"


@edition_page
def ics(request: HttpRequest, edition: Edition, organisation: str) -> HttpResponse:
    """The organisation's meetings and activities as an iCalendar file (RFC 5545), in the edition's time zone."""
    found, denied = seen(request, edition, organisation)
    if denied:
        return denied
    inside = permissions.keep_calendar.test(request.user, found)
    response = _ics(request, edition, found, inside=inside)
    response["Content-Disposition"] = content_disposition_header(True, f"{edition.slug}-{found.code}.ics")
    return response


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The same for another calendar that asks again and again: whoever has the address needs no account."""
    member = _member(token)
    if member is None:
        raise Http404
    response = _ics(request, member.edition, member.organisation, inside=True)  # type: ignore[arg-type]
    add_never_cache_headers(response)  # it is private, though nobody has signed in
    return response


def token_of(member: Membership) -> str:
    """What stands in the secret address of a member's calendar, until they ask for another."""
    return signing.dumps([member.pk, member.feed], salt=_SALT)


def _member(token: str) -> Membership | None:
    """Whose calendar an address is; none where it is not ours, has been replaced, or shows nothing yet."""
    try:
        key, number = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = Membership.objects.filter(pk=key, feed=number, person__is_active=True, edition__phase__in=TOLD)
    return rows.exclude(organisation=None).select_related("edition", "organisation__edition").first()


@login_required
@edition_form
def address(request: HttpRequest, edition: Edition, organisation: str) -> HttpResponse:
    """My secret address of the calendar: what it is for, and a new one when somebody has it who should not."""
    found = get_object_or_404(edition.organisations.select_related("edition"), code=organisation)
    assert isinstance(request.user, Person)  # noqa: S101  login is required
    member = found.memberships.filter(person=request.user).first()
    if member is None:
        raise Http404
    denied = demand(request, permissions.keep_calendar, found)
    if denied:
        return denied
    if request.method == "POST":
        renew_feed(member)
        messages.success(request, _("This is your new address. The old one shows nothing any more."))
        return redirect("feed_address", edition=edition.slug, organisation=found.code)
    whole = request.build_absolute_uri(reverse("feed", args=[token_of(member)]))
    return show(
        request,
        "feed",
        edition,
        organisation=found,
        address=whole,
        webcal=f"webcal://{whole.partition('://')[2]}",
    )


def seen(
    request: HttpRequest, edition: Edition, organisation: str
) -> tuple[Organisation, HttpResponse | None]:
    found = get_object_or_404(edition.organisations.select_related("edition"), code=organisation)
    return found, demand(request, permissions.see_organisation & permissions.see_calendar, found)


def _ics(request: HttpRequest, edition: Edition, organisation: Organisation, *, inside: bool) -> HttpResponse:
    run = current(edition)
    before = replaced(edition, run)
    listed = entries(organisation, run, cancelled=True, replaced=before)
    calendar = Calendar()
    calendar.add("prodid", "-//Fairlink//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", wording.pick(edition.name, edition.languages)[0])
    calendar.add("x-wr-timezone", edition.time_zone)
    changed = _Changes(edition, run, before)
    for one in _last_of_each_pair(listed):
        calendar.add_component(_event(request, edition, organisation, one, changed, inside=inside))
    calendar.add_missing_timezones()
    return HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")


def replaced(edition: Edition, run: Run | None) -> list[int]:
    """Keys of the timetables that participants saw before this one."""
    published = TimetableEvent.objects.filter(run__edition=edition, kind="published").values_list(
        "data", flat=True
    )
    keys = {one.get("before") for one in published if one.get("seen", True)}
    return sorted(keys - {None, run.pk if run else None})


def _last_of_each_pair(listed: Iterable[Entry]) -> list[Entry]:
    """One event tells of a pair, who may have met at several times in several timetables: what stands goes first, then
    what was cancelled last."""
    found: dict[Any, Entry] = {}
    for number, one in enumerate(listed):
        key = one.other.organisation.pk if one.other else ("activity", number)
        there = found.get(key)
        if there is None or _rank(one) > _rank(there):
            found[key] = one
    return list(found.values())


def _rank(one: Entry) -> tuple[bool, bool, datetime | None, int]:
    if one.seat is None:
        return True, True, None, 0
    run = one.seat.run
    return not one.gone, run.current, run.published, one.seat.meeting_id


class _Changes:
    """How often what stands in calendars has changed, so that they take what is newer. Four queries."""

    def __init__(self, edition: Edition, run: Run | None, before: Iterable[int]) -> None:
        events = TimetableEvent.objects.filter(run__edition=edition)
        self.run = run
        self.published = events.filter(kind="published").count()
        mine = events.filter(run__in=[*before, run], meeting__isnull=False).order_by()
        self.times = Counter(mine.values_list("meeting", flat=True))
        self.last = dict(mine.values_list("meeting").annotate(at=Max("made")))

    def sequence(self, meeting: Meeting) -> int:
        return self.published * 1000 + self.times[meeting.pk]

    def at(self, seat: Seat) -> datetime:
        """When that became so which is told: what a newer timetable does not hold ended with its being published."""
        if self.run and seat.run_id != self.run.pk:
            return self.run.published or self.run.made
        return self.last.get(seat.meeting_id) or seat.run.published or seat.run.made


def _event(
    request: HttpRequest,
    edition: Edition,
    organisation: Organisation,
    one: Entry,
    changed: _Changes,
    *,
    inside: bool,
) -> Event:
    event = Event()
    event.add("dtstart", moment(edition, one.day, one.start))
    event.add("dtend", moment(edition, one.day, one.end))
    if one.seat and one.other:
        meeting, other = one.seat.meeting, one.other.organisation
        # The two who meet, not the row: a new timetable moves the meeting in calendars instead of doubling it.
        pair = "-".join(sorted((organisation.code, other.code)))
        event.add("uid", f"{edition.slug}-{pair}@fairlink")
        event.add("dtstamp", changed.at(one.seat))
        event.add("sequence", changed.sequence(meeting))
        event.add("status", "CANCELLED" if one.gone else "CONFIRMED")
        event.add("summary", wording.pick(other.name, edition.languages)[0])
        event.add("location", ", ".join(part for part in (meeting.place.hall, meeting.place.code) if part))
        page = ("meeting", [edition.slug, meeting.pk])
        if not (inside and one.seat.run.current):
            page = ("organisation", [edition.slug, other.code])
        event.add("url", request.build_absolute_uri(reverse(page[0], args=page[1])))
        speaker = with_interpreter(one)
        if one.person or speaker:
            event.add("description", " · ".join(filter(None, (one.person, speaker))))
    elif one.activity:
        event.add("uid", f"{edition.slug}-{one.activity.code}-{organisation.code}-{one.delegate}@fairlink")
        event.add("dtstamp", moment(edition, edition.start, one.start))
        event.add("summary", wording.pick(one.activity.name, edition.languages)[0])
        event.add("location", one.activity.hall)
        event.add(
            "url", request.build_absolute_uri(reverse("activity", args=[edition.slug, one.activity.code]))
        )
        if one.person:
            event.add("description", one.person)
    return event
