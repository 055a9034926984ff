"""A calendar to take along: as an iCalendar file, as a feed that other calendars read, on one sheet of paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
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
from django.utils.translation import override
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from fairlink_site import permissions, printing, wording
from fairlink_site.actions.people import renew_feed
from fairlink_site.models import Edition, Meeting, Membership, Organisation, Person, Run, TimetableEvent
from fairlink_site.models.meetings import TOLD
from fairlink_site.pages.meetings.agenda import Entry, entries, moment
from fairlink_site.pages.meetings.days import current
from fairlink_site.pages.tenancy import demand, edition_form, edition_page, show

_SALT = "fairlink.calendar"


@edition_page
def ics(request: HttpRequest, edition: Edition, organisation: str) -> HttpResponse:
    """The organisation's meetings and activities as an iCalendar file (RFC 5545), in the edition's time zone."""
    found, denied = _seen(request, edition, organisation)
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


def _seen(
    request: HttpRequest, edition: Edition, organisation: str
) -> tuple[Organisation, HttpResponse | None]:
    found = get_object_or_404(edition.organisations.select_related("edition"), code=organisation)
    return found, demand(request, permissions.see_organisation & permissions.see_calendar, found)


def _ics(request: HttpRequest, edition: Edition, organisation: Organisation, *, inside: bool) -> HttpResponse:
    run = current(edition)
    listed = entries(organisation, run, cancelled=True)
    calendar = Calendar()
    calendar.add("prodid", "-//Fairlink//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", wording.pick(edition.name, edition.languages)[0])
    calendar.add("x-wr-timezone", edition.time_zone)
    changed = _Changes(edition, run)
    for one in _last_of_each_pair(listed):
        calendar.add_component(_event(request, edition, organisation, one, changed, inside=inside))
    calendar.add_missing_timezones()
    return HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")


def _last_of_each_pair(listed: Iterable[Entry]) -> list[Entry]:
    """Two may meet at another time after they had cancelled: one event tells of a pair, and what stands goes first."""
    found: dict[Any, Entry] = {}
    for number, one in enumerate(listed):
        key = one.other.organisation.pk if one.other else ("activity", number)
        there = found.get(key)
        if there is None or _rank(one) > _rank(there):
            found[key] = one
    return list(found.values())


def _rank(one: Entry) -> tuple[bool, int]:
    return (one.seat is not None and not one.seat.released, one.seat.meeting_id if one.seat else 0)


class _Changes:
    """How often what stands in calendars has changed, so that they take what is newer. Three queries."""

    def __init__(self, edition: Edition, run: Run | None) -> None:
        events = TimetableEvent.objects.filter(run__edition=edition)
        self.published = events.filter(kind="published").count()
        mine = events.filter(run=run, meeting__isnull=False).order_by()
        self.times = Counter(mine.values_list("meeting", flat=True))
        self.last = dict(mine.values_list("meeting").annotate(at=Max("made")))

    def sequence(self, meeting: Meeting) -> int:
        return self.published * 1000 + self.times[meeting.pk]

    def at(self, meeting: Meeting, run: Run) -> datetime:
        return self.last.get(meeting.pk) or run.published or run.made


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
        event.add("dtstamp", changed.at(meeting, one.seat.run))
        event.add("sequence", changed.sequence(meeting))
        event.add("status", "CANCELLED" if one.seat.released else "CONFIRMED")
        event.add("summary", wording.pick(other.name, edition.languages)[0])
        event.add("location", ", ".join(part for part in (meeting.place.hall, meeting.place.code) if part))
        page = ("meeting", [edition.slug, meeting.pk])
        if not inside:
            page = ("organisation", [edition.slug, other.code])
        event.add("url", request.build_absolute_uri(reverse(page[0], args=page[1])))
        if one.person:
            event.add("description", one.person)
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


@edition_page
def sheet(request: HttpRequest, edition: Edition, organisation: str) -> HttpResponse:
    """The pocket schedule: one sheet of A4 in the reader's language and those of the edition."""
    found, denied = _seen(request, edition, organisation)
    if denied:
        return denied
    languages = _languages(edition)
    rows: list[dict[str, Any]] = []
    calendar = request.build_absolute_uri(reverse("calendar", args=[edition.slug, found.code]))
    pictures = {"calendar.svg": printing.qr(calendar)}
    day = None
    for number, one in enumerate(entries(found, current(edition))):
        picture = f"{number}.svg"
        pictures[picture] = printing.qr(request.build_absolute_uri(_page(edition, one)))
        rows.append(_row(languages, one, picture, new_day=one.day != day))
        day = one.day
    data = {
        "title": " · ".join(wording.pick(name, edition.languages)[0] for name in (found.name, edition.name)),
        "organisation": _texts(languages, found.name),
        "edition": _texts(languages, edition.name),
        "note": _said(languages, lambda: _("times of %(zone)s") % {"zone": edition.time_zone}),
        "more": _said(languages, lambda: _("and {n} more: see the calendar")),
        "rows": rows,
    }
    response = HttpResponse(printing.pdf("agenda", data, pictures), content_type="application/pdf")
    named = content_disposition_header(False, f"{edition.slug}-{found.code}.pdf")
    response["Content-Disposition"] = named or "inline"
    return response


def _page(edition: Edition, one: Entry) -> str:
    if one.seat:
        return reverse("meeting", args=[edition.slug, one.seat.meeting_id])
    return reverse("activity", args=[edition.slug, one.activity.code if one.activity else ""])


def _row(languages: list[str], one: Entry, picture: str, *, new_day: bool) -> dict[str, Any]:
    """An entry as the sheet says it."""
    name = one.other.organisation.name if one.other else one.activity.name if one.activity else {}
    return {
        "day": _said(languages, lambda: wording.weekday(one.day)) if new_day else None,
        "start": f"{one.start:%H:%M}",
        "end": f"{one.end:%H:%M}",
        "name": _texts(languages, name),
        "kind": _said(languages, lambda: wording.say("choices", _kind(one))),
        "where": _where(one),
        "person": one.person
        or (str(_("Delegate {number}")).format(number=one.number) if one.delegate else ""),
        "picture": picture,
    }


def _languages(edition: Edition) -> list[str]:
    """Those in which the sheet is written: the reader's first, then those of the edition that the site speaks."""
    known = {wording.tag(code): code for code in wording.LANGUAGES}
    return [known[tag] for tag in dict.fromkeys((wording.language(), *edition.languages)) if tag in known]


def _said(languages: list[str], say: Callable[[], str]) -> list[dict[str, str]]:
    """A sentence in each language, once where two say it alike."""
    told: dict[str, str] = {}
    for code in languages:
        with override(code):
            told.setdefault(str(say()), code)
    return [{"text": text, "lang": code.partition("-")[0]} for text, code in told.items()]


def _texts(languages: list[str], text: Any) -> list[dict[str, str]]:
    """A text of the edition in each of the languages that it has."""
    tags = [wording.tag(code) for code in languages]
    own = [tag for tag in tags if text.get(tag)] or [wording.pick(text)[1]]
    told = {text[tag]: tag for tag in reversed(own)}
    return [{"text": words, "lang": tag.partition("-")[0]} for words, tag in reversed(told.items())]


def _kind(one: Entry) -> str:
    """Of the place of a meeting, or of an activity."""
    return one.seat.meeting.place.kind if one.seat else one.activity.kind if one.activity else ""


def _where(one: Entry) -> str:
    if one.seat:
        return " · ".join(filter(None, (one.seat.meeting.place.code, one.seat.meeting.place.hall)))
    return one.activity.hall if one.activity else ""
