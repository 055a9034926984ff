"""What makers of goods usually buy, as the organiser knows it: row by row, from a file, from our own table, or as ours.

The rows of an edition take the place of our whole table; without any, ours counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.db import transaction

from fairlink import files, vocabulary
from fairlink.tables import PURCHASES, Record
from fairlink_site import handwriting, spreadsheets
from fairlink_site.actions.editions import written
from fairlink_site.actions.records import signed
from fairlink_site.models import Edition, Person
from fairlink_site.refusals import Refused

MOST = 2000  # rows: they are read with the edition, on every page


@transaction.atomic
def set_purchase(edition: Edition, row: Record, *, instead_of: str = "", by: Person | None = None) -> None:
    """Say what makers of something usually buy, or say it anew. Raises Refused: too_many_purchases."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    kept = [one for one in edition.purchases if one["makes"] not in (row["makes"], instead_of)]
    _keep(edition, [*kept, written(row, PURCHASES)], by)


@transaction.atomic
def remove_purchase(edition: Edition, makes: str, *, by: Person | None = None) -> None:
    """Forget what makers of something usually buy; when no row is left, our own table counts again."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    _keep(edition, [one for one in edition.purchases if one["makes"] != makes], by)


@transaction.atomic
def start_from_ours(edition: Edition, *, by: Person | None = None) -> None:
    """Make our own table the edition's, to be changed. Raises Refused: own_purchases."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if edition.purchases:
        raise Refused("own_purchases")
    ours = vocabulary.purchases()
    rows = [{"makes": makes, "buys": tuple(sorted(buys))} for makes, buys in ours.items()]
    _keep(edition, [written(row, PURCHASES) for row in rows], by)


@transaction.atomic
def back_to_ours(edition: Edition, *, by: Person | None = None) -> None:
    """Forget every row of the edition: our own table counts again."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    _keep(edition, [], by)


@transaction.atomic
def bring_purchases(edition: Edition, content: bytes, name: str, *, by: Person | None = None) -> int:
    """Put the rows of a file, CSV or XLSX, in the place of the edition's table; returns how many.

    Raises fairlink.BadExpo naming every line that is wrong; Refused: import_empty, too_many_purchases, and sheet_…
    where the file is no table. Then nothing has changed.
    """
    try:
        sheets = spreadsheets.read(content, name)
    except spreadsheets.BadSheet as error:
        raise Refused(f"sheet_{error.code}", **error.data) from None
    if not sheets:
        raise Refused("sheet_empty")
    rows = files.read_table(PURCHASES, _understood(sheets[0]))["purchases"]
    if not rows:
        raise Refused("import_empty")
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    _keep(edition, [written(row, PURCHASES) for row in rows], by)
    return len(rows)


def _understood(sheet: spreadsheets.Sheet) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet as a file of ours has them: columns by their names, codes as the table writes them."""
    columns = {column.name: column for column in PURCHASES.columns}
    heads = [handwriting.meaning(text, PURCHASES) or text for text in sheet.rows[0]]
    yield sheet.lines[0], heads
    for line, texts in zip(sheet.lines[1:], sheet.rows[1:], strict=True):
        yield (
            line,
            [
                handwriting.understood(text, columns[head]) if head in columns else text
                for head, text in zip(heads, texts, strict=True)
            ],
        )


def _keep(edition: Edition, rows: Sequence[Mapping[str, str]], by: Person | None) -> None:
    if len(rows) > MOST:
        raise Refused("too_many_purchases", most=MOST)
    edition.purchases = sorted(rows, key=lambda one: one["makes"])
    signed(edition, by).save()
