"""How we match: method, parameters, what came out, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from fairlink import vocabulary
from fairlink.partners import GroupShare, gains
from fairlink.partners.facts import FACTS
from fairlink_site import wording
from fairlink_site.models import Edition, Run
from fairlink_site.pages.tenancy import edition_page, show

SMALLEST = 5  # organisations of a group that is shown
DIMENSIONS = {
    "size": _("Size"),
    "kind": _("Kind"),
    "country_group": _("Countries"),
    "language": _("First language"),
}
MEMBERS = {
    "none": _("not said"),
    "least_developed": _("least developed countries"),
    "developing": _("other developing countries"),
    "other": _("all other countries"),
}


@edition_page
def method(request: HttpRequest, edition: Edition) -> HttpResponse:
    return show(
        request,
        "method",
        edition,
        runs=[
            (run, list(_told(run)), list(_groups(run)), _repeated(run))
            for run in edition.runs.filter(current=True).order_by("-kind")
        ],
        worth={
            "subheading": gains.SUBHEADING,
            "heading": gains.HEADING,
            "chapter": gains.CHAPTER,
            "node": gains.SAME_NODE,
            "words": gains.WORDS,
            "buying": gains.BUYING,
            "selling": gains.SELLING,
        },
        costs=[
            (wording.say("reasons", f"{fact.code}_missing"), fact.missing)
            for fact in FACTS
            if fact.missing < 1
        ],
        own_purchases=bool(edition.purchases),
        helps=[(wording.say("reasons", f"{fact.code}_met"), fact.met) for fact in FACTS if fact.met > 1],
    )


def _groups(run: Run) -> Iterator[tuple[Any, list[tuple[Any, GroupShare]]]]:
    """Every way of grouping, with the groups that are not so small that they speak of somebody, the largest first."""
    shares = [GroupShare(**one) for one in run.measures.get("groups", ())]
    for dimension, name in DIMENSIONS.items():
        told = [one for one in shares if one.dimension == dimension and one.organisations >= SMALLEST]
        if len(told) > 1:
            told.sort(key=lambda one: -one.organisations)
            yield name, [(_member(dimension, one.member), one) for one in told]


def _member(dimension: str, code: str) -> Any:
    if dimension == "language" and code != "none":
        return vocabulary.language(code, wording.language())
    return MEMBERS[code] if code in MEMBERS else wording.say("choices", code)


def _repeated(run: Run) -> dict[str, Any] | None:
    """When the matching was repeated, and what was the same."""
    found: dict[str, Any] | None = run.measures.get("repeated")
    return found | {"on": datetime.fromisoformat(found["on"])} if found else None


def _told(run: Run) -> Iterator[tuple[str, str]]:
    """The figures that a run measured, in words."""
    for code, (value, unit, *_rows) in run.measures["figures"].items():
        yield wording.say("figures", code), wording.figure(Decimal(str(value)), unit)
