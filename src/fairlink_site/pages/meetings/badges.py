"""Badges: sheets on the screen, and as PDF to print; the QR code of each leads hall staff to the organisation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import segno
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe

from fairlink_site import printing, search, wording
from fairlink_site.models import Edition, Organisation
from fairlink_site.pages.meetings.board import hall_form
from fairlink_site.pages.meetings.check_in import token
from fairlink_site.pages.meetings.sheet import languages, said, texts
from fairlink_site.pages.meetings.sitting import delegates
from fairlink_site.pages.tenancy import show

A_SHEET = 18  # organisations on a page of the screen: three in a row
A_FILE = 50  # organisations in a PDF, each with a badge for every delegate
MOST = 20  # badges of an organisation: who sends more writes names on copies


class Part(NamedTuple):
    """A PDF with the badges of some organisations, in the order of their codes."""

    number: int
    first: int
    last: int


def _found(request: HttpRequest, edition: Edition) -> tuple[str, QuerySet[Organisation]]:
    asked = request.GET.get("q", "").strip()[: search.LONGEST].replace("\x00", "")
    known = edition.organisations.visible().select_related("edition")
    return asked, search.matching(known, asked).order_by("code")


def _addresses(request: HttpRequest, edition: Edition) -> Callable[[Organisation], str]:
    """Where the code of an organisation leads. The addresses are those under which this page was asked for: print
    where phones of the hall find it, too."""
    return lambda one: request.build_absolute_uri(reverse("badge", args=[edition.slug, token(one)]))


@hall_form
def badges(request: HttpRequest, edition: Edition) -> HttpResponse:
    asked, found = _found(request, edition)
    page = Paginator(found, A_SHEET).get_page(request.GET.get("page"))
    address = _addresses(request, edition)
    number = page.paginator.count
    starts = range(0, number, A_FILE)
    return show(
        request,
        "board_badges",
        edition,
        page=page,
        sheet=[(one, code(address(one))) for one in page],
        asked=asked,
        parts=[Part(part, at + 1, min(at + A_FILE, number)) for part, at in enumerate(starts, start=1)],
    )


def code(text: str) -> SafeString:
    """A QR code as SVG, with the white around it that readers need."""
    made = segno.make(text, error="m", micro=False, mask=printing.MASK)
    drawn = made.svg_inline(border=2, omitsize=True, svgclass="code", lineclass=None, title="QR")
    return mark_safe(drawn)  # noqa: S308  drawn by segno, and the text is only in its modules


@hall_form
def badges_file(request: HttpRequest, edition: Edition) -> HttpResponse:
    """One of the parts as PDF: a badge for every delegate, with the name where the organisation says who that is."""
    _asked, found = _found(request, edition)
    part = request.GET.get("part", "1")
    number = int(part) if part.isdigit() and len(part) < len(str(2**31)) else 0
    listed = list(found[(number - 1) * A_FILE : number * A_FILE]) if number else []
    if not listed and number == 1:
        return redirect("badges", edition=edition.slug)  # which says that there are none
    if not listed:
        raise Http404
    address = _addresses(request, edition)
    pictures = {f"{one.pk}.svg": printing.qr(address(one)) for one in listed}
    spoken = _languages(edition)
    data = {
        "title": wording.pick(edition.name, edition.languages)[0],
        "edition": texts(spoken, edition.name),
        "badges": list(_badges(spoken, listed)),
    }
    response = HttpResponse(printing.pdf("badges", data, pictures), content_type="application/pdf")
    named = content_disposition_header(False, f"{edition.slug}-badges-{number}.pdf")
    response["Content-Disposition"] = named or "inline"
    return response


def _languages(edition: Edition) -> list[str]:
    """Those of the edition: whoever prints a badge is not the one who reads it."""
    return [code for code in languages(edition) if wording.tag(code) in edition.languages] or languages(
        edition
    )


def _badges(spoken: list[str], listed: list[Organisation]) -> Iterator[dict[str, Any]]:
    known = delegates(one.pk for one in listed)
    for one in listed:
        number = min(max(one.delegates, 1), MOST)
        shared = {
            "organisation": texts(spoken, one.name),
            "country": said(spoken, partial(wording.country, one.country)) if one.country else [],
            "code": one.code,
            "picture": f"{one.pk}.svg",
        }
        for delegate in range(number):
            member = known.get((one.pk, delegate))
            yield {
                **shared,
                "person": str(member.person) if member else "",
                "number": f"{delegate + 1}/{number}" if number > 1 else "",
            }
