"""Keep a result of the library with where it comes from, as the current one of its kind or as a proposal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from fairlink import Provenance
from fairlink_site.models import Edition, Run

KEPT = (
    5  # results of each kind, beside the one that comes in; older ones go with their rows, if nobody saw them
)


@transaction.atomic
def store_run(
    edition: Edition,
    kind: str,
    provenance: Provenance,
    *,
    seconds: float,
    measures: Mapping[str, Any],
    current: bool = True,
) -> Run:
    # Lock the edition first: two people may be running the same thing.
    Edition.objects.select_for_update().get(pk=edition.pk)
    if current:
        edition.runs.filter(kind=kind, current=True).update(current=False)
    _prune(edition, kind)
    return Run.objects.create(
        edition=edition,
        kind=kind,
        current=current,
        seconds=round(seconds, 3),
        version=provenance.version,
        seed=provenance.seed,
        parameters=dict(provenance.parameters),
        fingerprint=provenance.fingerprint,
        measures=dict(measures),
    )


def _prune(edition: Edition, kind: str) -> None:
    """Not what was published: calendars are told what a later timetable does not hold."""
    kept = edition.runs.filter(kind=kind).order_by("-made", "-pk").values_list("pk", flat=True)[:KEPT]
    old = edition.runs.filter(kind=kind, current=False, published=None)
    old.exclude(pk__in=list(kept)).delete()
