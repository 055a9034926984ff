"""Count the figures of an edition and keep them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

import fairlink
from fairlink.report import Figure as Counted
from fairlink_site.models import Edition, Figure
from fairlink_site.snapshot import snapshot


def count_figures(edition: Edition) -> list[Figure]:
    """Count every figure anew: from the rows as they are, and from what the current runs measured."""
    counted = dict(fairlink.report.figures(snapshot(edition)))
    for run in edition.runs.filter(current=True):
        counted |= {code: Counted(code, *measured) for code, measured in run.measures["figures"].items()}
    known = [counted[code] for code in fairlink.report.codes() if code in counted]
    with transaction.atomic():
        # Lock the edition first: two people may be counting.
        Edition.objects.select_for_update().get(pk=edition.pk)
        edition.figures.all().delete()
        return Figure.objects.bulk_create(_rows(edition, known))


def _rows(edition: Edition, counted: list[Counted]) -> Iterator[Figure]:
    for position, figure in enumerate(counted):
        yield Figure(
            edition=edition,
            code=figure.code,
            position=position,
            value=Decimal(str(figure.value)),
            unit=figure.unit,
            rows=list(figure.rows),
        )


def measured(figures: Mapping[str, Counted]) -> dict[str, Any]:
    """The figures of cooperation as a run keeps them: code → value, unit, rows."""
    return {
        code: [figures[code].value, figures[code].unit, list(figures[code].rows)]
        for code in fairlink.report.codes("cooperation")
        if code in figures
    }
