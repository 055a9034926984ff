"""Files on their way in: read, mapped, checked, mended, and brought in whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from django.db import transaction

from fairlink import words
from fairlink.tables import TABLES
from fairlink_site import handwriting, spreadsheets
from fairlink_site.actions import records as rows
from fairlink_site.actions.dry_run import check
from fairlink_site.models import Edition, Import, Person
from fairlink_site.models import Mapping as Meaning
from fairlink_site.refusals import Refused

OFFERED = ("organisations", "offers", "needs", "places", "slots", "interpreters")
_LOOKED_AT = 200  # rows by which the language of a column is told


@transaction.atomic
def upload(edition: Edition, table: str, content: bytes, name: str, *, by: Person | None) -> Import:
    """Take a file in, with a first idea of what its columns mean. Raises Refused with what is wrong with the file."""
    try:
        sheets = spreadsheets.read(content, name)
    except spreadsheets.BadSheet as error:
        raise Refused(f"sheet_{error.code}", **error.data) from None
    if not sheets:
        raise Refused("sheet_empty")
    sheet = _chosen(sheets, table)
    known = _remembered(edition, table)

    def meant(heading: str, *, nearly: bool = True) -> str:
        return known.get(heading.casefold(), handwriting.meaning(heading, TABLES[table], nearly=nearly))

    # Where the headings are is asked of many cells: slips are looked for only where nothing is known as it stands.
    head = spreadsheets.header_row(sheet.rows, lambda text: bool(text and meant(text, nearly=False)))
    if not any(text and meant(text, nearly=False) for text in sheet.rows[head]):
        head = spreadsheets.header_row(sheet.rows, lambda text: bool(text and meant(text)))
    return Import.objects.create(
        edition=edition,
        table=table,
        file=name[-200:],
        sheet=sheet.name[:64],
        head=head,
        rows=sheet.rows,
        lines=sheet.lines,
        mapping=_meanings(edition, table, sheet.rows, head, meant),
        by=by,
    )


def _chosen(sheets: Sequence[spreadsheets.Sheet], table: str) -> spreadsheets.Sheet:
    """The sheet that is named like the table, else the longest."""
    names = {one.casefold() for one in (table, *words.catalogue("tables")[table].values())}
    return max(sheets, key=lambda sheet: (sheet.name.casefold() in names, len(sheet.rows)))


def _remembered(edition: Edition, table: str) -> dict[str, str]:
    found = edition.mappings.filter(table=table).values_list("heading", "meaning")
    return {heading.casefold(): meaning for heading, meaning in found}


def _meanings(
    edition: Edition, table: str, rows: Sequence[Sequence[str]], head: int, meant: Callable[[str], str]
) -> list[str]:
    """What each column means. Of two that seem to mean the same the first counts.

    A text whose heading says no language is looked at; it is never in one that another heading says.
    """
    found = [meant(heading) if heading else "" for heading in rows[head]]
    kept: list[str] = []
    for position, meaning in enumerate(found):
        if meaning and ":" not in meaning and TABLES[table].column(meaning).kind == "texts":
            texts = [row[position] for row in rows[head + 1 : head + 1 + _LOOKED_AT]]
            likely = handwriting.language_of(texts, edition.languages[0])
            meanings = [f"{meaning}:{language}" for language in (likely, *edition.languages)]
            meaning = next((one for one in meanings if one not in (*found, *kept)), "")  # noqa: PLW2901
        kept.append("" if meaning in kept else meaning)
    return kept


@transaction.atomic
def settle(
    found: Import,
    *,
    mapping: Sequence[str],
    constants: Mapping[str, str],
    status: str,
    head: int | None = None,
) -> None:
    """Say what the columns mean, and remember it for the next file of this edition.

    Raises Refused: meaning_twice, import_done.
    """
    _lock(found)
    if head is not None and head != found.head:
        found.head = head
        table = TABLES[found.table]
        mapping = _meanings(
            found.edition, found.table, found.rows, head, lambda heading: handwriting.meaning(heading, table)
        )
    meant = Counter(one for one in mapping if one)
    twice = [one for one, times in meant.items() if times > 1]
    if twice:
        raise Refused("meaning_twice", column=twice[0])
    found.mapping, found.constants, found.status = list(mapping), dict(constants), status
    found.state = "checked"
    found.save(update_fields=["head", "mapping", "constants", "status", "state"])
    for heading, meaning in zip(found.rows[found.head], mapping, strict=True):
        if heading:
            Meaning.objects.update_or_create(
                edition=found.edition, table=found.table, heading=heading[:256], defaults={"meaning": meaning}
            )


@transaction.atomic
def mend(found: Import, changes: Mapping[tuple[int, int], str], left_out: Sequence[int]) -> None:
    """Put other texts into cells (row, column of the sheet), and leave rows out. Raises Refused: import_done."""
    _lock(found)
    for (row, column), text in changes.items():
        found.rows[row][column] = text
    found.left_out = sorted({*found.left_out, *left_out})
    found.save(update_fields=["rows", "left_out"])


@transaction.atomic
def take_all(found: Import) -> None:
    """Let the rows come in again that were left out. Raises Refused: import_done."""
    _lock(found)
    found.left_out = []
    found.save(update_fields=["left_out"])


def _lock(found: Import) -> None:
    """Hold the import, and know it as it is now: somebody else may have been at it."""
    Import.objects.select_for_update().get(pk=found.pk)
    found.refresh_from_db()
    if found.state == "done":
        raise Refused("import_done")


@transaction.atomic
def bring_in(found: Import, *, by: Person | None) -> Import:
    """Write everything that the file brings. Raises Refused: import_done, import_has_problems, import_empty."""
    # Lock the import first: two people may be pressing the same button.
    found = Import.objects.select_for_update().select_related("edition").get(pk=found.pk)
    if found.state == "done":
        raise Refused("import_done")
    checked = check(found)
    if checked.problems:
        raise Refused("import_has_problems")
    if not checked.records:
        raise Refused("import_empty")
    edition = found.edition
    if found.table == "organisations":
        rows.store_organisations(edition, checked.records, by=by, status=found.status)
    elif found.table in ("offers", "needs"):
        stored = rows.store_listings(edition, found.table[:-1], checked.records, by=by, status=found.status)
        rows.retoken(list(edition.organisations.filter(listings__in=stored).distinct()))
    elif found.table == "slots":
        rows.store_slots(edition, checked.records, by=by)
    elif found.table == "interpreters":
        rows.store_interpreters(edition, checked.records, by=by)
    else:
        rows.store_places(edition, checked.records, by=by)
    found.counts = {
        "made": checked.made,
        "changed": checked.changed,
        "same": checked.same,
        "left_out": len(found.left_out),
    }
    found.state = "done"
    found.rows, found.lines = [], []  # what was brought stands in rows of its own now
    found.save(update_fields=["counts", "state", "rows", "lines"])
    return found
