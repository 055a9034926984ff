"""The pocket schedule: a calendar on one sheet of paper, in the reader's language and those of the edition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override

from fairlink_site import printing, wording
from fairlink_site.models import Edition
from fairlink_site.pages.meetings.agenda import Entry, entries, with_interpreter
from fairlink_site.pages.meetings.days import current
from fairlink_site.pages.meetings.files import seen
from fairlink_site.pages.tenancy import edition_page


@edition_page
def sheet(request: HttpRequest, edition: Edition, organisation: str) -> HttpResponse:
    """The pocket schedule: one sheet of A4 in the reader's language and those of the edition."""
    found, denied = seen(request, edition, organisation)
    if denied:
        return denied
    spoken = languages(edition)
    rows: list[dict[str, Any]] = []
    calendar = request.build_absolute_uri(reverse("calendar", args=[edition.slug, found.code]))
    pictures = {"calendar.svg": printing.qr(calendar)}
    day = None
    for number, one in enumerate(entries(found, current(edition))):
        picture = f"{number}.svg"
        pictures[picture] = printing.qr(request.build_absolute_uri(_page(edition, one)))
        rows.append(_row(spoken, one, picture, new_day=one.day != day))
        day = one.day
    data = {
        "title": " · ".join(wording.pick(name, edition.languages)[0] for name in (found.name, edition.name)),
        "organisation": texts(spoken, found.name),
        "edition": texts(spoken, edition.name),
        "note": said(spoken, lambda: _("times of %(zone)s") % {"zone": edition.time_zone}),
        "more": said(spoken, lambda: _("and {n} more: see the calendar")),
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


def _row(spoken: list[str], one: Entry, picture: str, *, new_day: bool) -> dict[str, Any]:
    """An entry as the sheet says it."""
    name = one.other.organisation.name if one.other else one.activity.name if one.activity else {}
    return {
        "day": said(spoken, lambda: wording.weekday(one.day)) if new_day else None,
        "start": f"{one.start:%H:%M}",
        "end": f"{one.end:%H:%M}",
        "name": texts(spoken, name),
        "kind": said(spoken, lambda: wording.say("choices", _kind(one))),
        "where": _where(one),
        "interpreter": said(spoken, lambda: with_interpreter(one)) if with_interpreter(one) else [],
        "person": one.person
        or (str(_("Delegate {number}")).format(number=one.number) if one.delegate else ""),
        "picture": picture,
    }


def languages(edition: Edition) -> list[str]:
    """Those in which the sheet is written: the reader's first, then those of the edition that the site speaks."""
    known = {wording.tag(code): code for code in wording.LANGUAGES}
    return [known[tag] for tag in dict.fromkeys((wording.language(), *edition.languages)) if tag in known]


def said(languages: list[str], say: Callable[[], str]) -> list[dict[str, str]]:
    """A sentence in each language, once where two say it alike."""
    told: dict[str, str] = {}
    for code in languages:
        with override(code):
            told.setdefault(str(say()), code)
    return [{"text": text, "lang": code.partition("-")[0]} for text, code in told.items()]


def texts(languages: list[str], text: Any) -> list[dict[str, str]]:
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
