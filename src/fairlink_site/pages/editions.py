"""The front door and the first page of an edition."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from fairlink import vocabulary
from fairlink.expo import SMALL
from fairlink_site.models import Edition, Organisation
from fairlink_site.pages.chain import overview
from fairlink_site.pages.tenancy import edition_page, show

HEADLINES = (
    *("exhibitors", "countries", "activities", "participations"),
    *("debuts", "publications", "agreements", "agreements_value"),
)
# From what was announced to what was done: each is a part of the one before it in all but name.
LADDER = ("agreements_value", "confirmed_value", "binding_value", "realised_value")


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The newest edition, in the reader's language."""
    edition = Edition.objects.exclude(phase="draft").first()
    if edition is None:
        return redirect("me")
    return redirect("home", edition=edition.slug)


@edition_page
def home(request: HttpRequest, edition: Edition) -> HttpResponse:
    figures = {figure.code: figure for figure in edition.figures.all()}
    ladder = [figures[code] for code in LADDER if code in figures]
    whole = max((step.value for step in ladder), default=0)
    return show(
        request,
        "home",
        edition,
        headlines=[figures[code] for code in HEADLINES if code in figures],
        ladder=[(step, float(100 * step.value / whole) if whole else 0.0) for step in ladder],
        second=figures.get("agreements_value_second"),
        chains=overview(edition),
        examples=_examples(edition),
        meetings=figures.get("meetings"),
    )


def _examples(edition: Edition) -> list[Organisation]:
    """Three to begin with: a small firm from a least developed country, a university, a large buyer."""
    meeting = (
        edition.organisations.visible()
        .filter(seats__run__current=True, seats__released=False)
        .prefetch_related("nodes")
        .distinct()
    )
    far = meeting.filter(country__in=vocabulary.group("LDC", edition.start), size__in=SMALL).first()
    learned = meeting.filter(kind="university").first()
    buyer = meeting.filter(role="buyer", size="large").first()
    return [one for one in (far, learned, buyer) if one]


@edition_page
def about(request: HttpRequest, edition: Edition) -> HttpResponse:
    return show(request, "about", edition)
