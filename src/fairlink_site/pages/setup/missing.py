"""What an edition still lacks, each with the page where it is given; and what a phase would lack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fairlink_site.models import Edition


@dataclass(frozen=True)
class Lack:
    """A sentence, and the name of the page that helps; none where it lies elsewhere."""

    words: str | Promise
    page: str = ""


def lacks(edition: Edition) -> list[Lack]:
    """Everything that the set-up has not been told yet, in the order of its pages."""
    return [*_facts(edition), *_money(edition), *_programme(edition), *_chains(edition)]


def _facts(edition: Edition) -> Iterator[Lack]:
    if any(not edition.name.get(language) for language in edition.languages):
        yield Lack(_("The edition has no name in one of its languages."), "setup_facts")


def _money(edition: Edition) -> Iterator[Lack]:
    if not edition.second_currency:
        return
    if edition.rate is None:
        yield Lack(_("The second currency has no rate."), "setup_money")
    elif edition.rate_date and edition.rate_date.year < edition.start.year:
        yield Lack(_("The rate of the second currency is of an earlier year."), "setup_money")


def _programme(edition: Edition) -> Iterator[Lack]:
    if not edition.slots.exists():
        yield Lack(_("There are no times for meetings."), "setup_times")
    if not edition.places.filter(kind="table").exists():
        yield Lack(_("There are no tables for meetings."), "setup_places")


def _chains(edition: Edition) -> Iterator[Lack]:
    if not edition.chains.exists():
        yield Lack(_("There is no chain."), "setup_chains")
    elif edition.chains.filter(nodes=None).exists():
        yield Lack(_("A chain has no links."), "setup_chains")
    elif any(not node.name.get(tag) for node in edition.nodes.only("name") for tag in edition.languages):
        yield Lack(_("A link has no name in one of the languages."), "setup_chains")


def lacks_for(edition: Edition, phase: str) -> list[Lack]:
    """What would be missing if the edition moved there now."""
    runs = set(edition.runs.filter(current=True).values_list("kind", flat=True))
    if phase == "registration":
        return list(_chains(edition))
    if phase == "matching":
        return [*_nobody(edition), *_unmatched(runs)]
    if phase in ("published", "running") and "meetings" not in runs:
        return [Lack(_("There is no timetable yet, so the edition cannot move here."))]
    return []


def _nobody(edition: Edition) -> Iterator[Lack]:
    if not edition.organisations.visible().exists():
        yield Lack(_("No organisation has been validated."))


def _unmatched(runs: set[str]) -> Iterator[Lack]:
    if "partners" not in runs:
        yield Lack(_("Partners have not been matched yet: nobody would see suggestions."))
