"""Sheets of badges to print: the QR code of each leads hall staff to the organisation."""

from __future__ import annotations

import segno
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from fairlink_site import printing, search
from fairlink_site.models import Edition
from fairlink_site.pages.meetings.board import hall_form
from fairlink_site.pages.meetings.check_in import token
from fairlink_site.pages.tenancy import show

A_SHEET = 18  # A4: three in a row


@hall_form
def badges(request: HttpRequest, edition: Edition) -> HttpResponse:
    """The addresses are those under which this page was asked for: print where phones of the hall find it, too."""
    asked = request.GET.get("q", "").strip()[: search.LONGEST].replace("\x00", "")
    found = search.matching(edition.organisations.visible().select_related("edition"), asked).order_by("code")
    page = Paginator(found, A_SHEET).get_page(request.GET.get("page"))

    def address(key: str) -> str:
        return request.build_absolute_uri(reverse("badge", args=[edition.slug, key]))

    sheet = [(one, code(address(token(one)))) for one in page]
    return show(request, "board_badges", edition, page=page, sheet=sheet, asked=asked)


def code(text: str) -> SafeString:
    """A QR code as SVG, with the white around it that readers need."""
    made = segno.make(text, error="m", micro=False, mask=printing.MASK)
    drawn = made.svg_inline(border=2, omitsize=True, svgclass="code", lineclass=None, title="QR")
    return mark_safe(drawn)  # noqa: S308  drawn by segno, and the text is only in its modules
