"""How we match: method, parameters, what came out, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.http import HttpRequest, HttpResponse

from fairlink.partners import gains
from fairlink.partners.facts import FACTS
from fairlink_site import wording
from fairlink_site.models import Edition, Run
from fairlink_site.pages.tenancy import edition_page, show


@edition_page
def method(request: HttpRequest, edition: Edition) -> HttpResponse:
    return show(
        request,
        "method",
        edition,
        runs=[(run, list(_told(run))) for run in edition.runs.filter(current=True).order_by("-kind")],
        worth={
            "subheading": gains.SUBHEADING,
            "heading": gains.HEADING,
            "chapter": gains.CHAPTER,
            "node": gains.SAME_NODE,
            "words": gains.WORDS,
            "buying": gains.BUYING,
            "selling": gains.SELLING,
        },
        facts=[(wording.say("reasons", f"{fact.code}_missing"), fact.penalty) for fact in FACTS],
    )


def _told(run: Run) -> Iterator[tuple[str, str]]:
    """The figures that a run measured, in words."""
    for code, (value, unit, _) in run.measures["figures"].items():
        yield wording.say("figures", code), wording.figure(Decimal(str(value)), unit)
