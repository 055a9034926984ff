"""What a file would bring: its rows as records beside those that are there, and everything wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fairlink import cells, record_rules
from fairlink.cells import BadCell
from fairlink.errors import Problem
from fairlink.tables import TABLES, Column, Record, Records, Table
from fairlink_site import handwriting, snapshot
from fairlink_site.actions import records as rows
from fairlink_site.models import Edition, Import

_COUNTRY = ("organisations", "country")
PREFIX = {
    "organisations": "o",
    "offers": "of",
    "needs": "ne",
    "places": "p",
    "slots": "s",
    "interpreters": "i",
}


@dataclass(frozen=True)
class Checked:
    """What a file would bring: a record for each row that comes in, and everything wrong with them.

    `places` are the rows' numbers in the file's sheet; a problem's `row` is such a number too.
    """

    records: list[Record]
    places: list[int]
    problems: list[Problem]
    made: int
    changed: int
    same: int  # here already just as the file has them


def check(found: Import) -> Checked:
    """The dry run: every record that would come in, and every problem at the row and column where it stands."""
    table = TABLES[found.table]
    reader = _Reader(found, table)
    left_out = set(found.left_out)
    read = [
        reader.read(place)
        for place in range(found.head + 1, len(found.rows))
        if place not in left_out and any(found.rows[place])
    ]
    stored = dict(_stored(found.edition, table, [row.id for row in read if row.id in reader.there]))
    fresh = [reader.record(row, stored.get(row.id)) for row in read]
    places = [row.place for row in read]
    problems = [one for row in read for one in row.problems]
    problems += _incomplete(table, fresh, read)
    wrong = {one.row for one in problems}
    broken = {number for number, place in enumerate(places) if place in wrong}
    twice = list(_twice(table, fresh, read))
    problems += twice
    told = {one.row for one in twice}
    lines = [found.lines[place] for place in places]
    for number, one in _contradictions(found.edition, table, fresh, broken, lines):
        if one.code != "duplicate_id" or places[number] not in told:
            problems.append(replace(one, row=places[number]))
    problems.sort(key=lambda one: one.row or 0)
    again = [
        _facts(table, record) == _facts(table, stored[record["id"]])
        for record in fresh
        if record["id"] in stored
    ]
    return Checked(fresh, places, problems, len(fresh) - len(again), again.count(False), again.count(True))


def _facts(table: Table, record: Record) -> dict[str, Any]:
    """What a record says, however ordered where no order is kept."""
    facts = {
        name: frozenset(record[name]) for name in ("nodes", "certificates") if table.name == "organisations"
    }
    return {**record, **facts}


@dataclass(frozen=True)
class _Row:
    """One row of the sheet: what it says, column by column, and whom it is about."""

    place: int
    id: str
    named: bool  # by an id of its own
    says: list[tuple[Column, str, Any]]  # column, language, value
    problems: list[Problem]


class _Reader:
    """Reads rows of a sheet as records of a table."""

    def __init__(self, found: Import, table: Table) -> None:
        self.rows, self.table = found.rows, table
        self.heads = _heads(found.mapping, table)
        self.there = dict(_there(found.edition, table.name))
        named = {name.casefold(): code for code, name in _names(found.edition, table.name)}
        self.named: Callable[[str], str] = lambda name: named.get(name.casefold(), name)
        self.known = dict(_known(found.edition, table.name))
        self.whose: dict[str, set[str]] = {}  # name → what tells those of this name apart
        for whose, name in self.known:
            self.whose.setdefault(name, set()).add(whose)
        self.fresh = _free_ids(found.edition, table.name, self.there)
        self.empty = {
            column.name: {} if column.kind == "texts" else cells.empty(column) for column in table.columns
        }
        self.constants = {
            name: cells.read(text, table.column(name)) for name, text in found.constants.items() if text
        }
        # The same text in the same column means the same: each is understood once.
        self.read_already: dict[tuple[int, str], Any] = {}

    def read(self, place: int) -> _Row:
        says: list[tuple[Column, str, Any]] = []
        problems = []
        for position, column, language in self.heads:
            text = self.rows[place][position]
            if not text:
                continue
            value = self._value(position, text, column)
            if isinstance(value, BadCell):
                said = _said(column, language)
                problems.append(Problem(value.code, self.table.name, place, said, data=value.data))
            else:
                says.append((column, language, value))
        given = next((value for column, _, value in says if column.name == "id"), "")
        known, namesakes = ("", None) if given else self._id(says)
        if namesakes:
            problems.append(replace(namesakes, row=place))
        return _Row(place, given or known or next(self.fresh), bool(given), says, problems)

    def record(self, row: _Row, stored: Record | None) -> Record:
        """What the row makes of the entry that is there: a cell that the file does not have says nothing of it."""
        record = {**self.empty, **self.constants} if stored is None else dict(stored)
        texts = {name: dict(value) for name, value in record.items() if isinstance(value, dict)}
        record |= texts
        record["id"] = row.id
        for column, language, value in row.says:
            if language:
                texts[column.name][language] = value
            else:
                record[column.name] = value
        return record

    def _value(self, position: int, text: str, column: Column) -> Any:
        key = position, text
        if key not in self.read_already:
            named = self.named if column.kind in ("ref", "refs") else None
            try:
                self.read_already[key] = cells.read(handwriting.understood(text, column, named), column)
            except BadCell as error:
                if named and error.code == "not_an_id":  # a name, and nobody's: every known one became an id
                    error = BadCell("unknown_reference", **error.data, refers=column.refers)
                self.read_already[key] = error
        return self.read_already[key]

    def _id(self, says: Sequence[tuple[Column, str, Any]]) -> tuple[str, Problem | None]:
        """The id of the entry that these names already stand for; "" where there is none, or where it could be several.

        A name that is here once is that organisation, though the row says no country.
        """
        apart = _WHOSE[self.table.name]
        said = next((str(value) for column, _, value in says if column.name == apart), "")
        whose = said or self.constants.get(apart, "")
        several = None
        for column, language, value in says:
            if column.kind != "texts" or column.name not in ("name", "title"):
                continue
            name = value.casefold()
            here = self.whose.get(name, set())
            if self.table.name == "organisations" and not said and len(here) == 1:
                return self.known[(*here, name)], None
            if (whose, name) in self.known and (whose or self._has(apart)):
                return self.known[whose, name], None
            if self.table.name == "organisations" and not whose and here:
                data = {"value": value, "number": len(here)}
                several = several or Problem(
                    "several_of_name", "organisations", None, _said(column, language), data=data
                )
        return "", several

    def _has(self, name: str) -> bool:
        return any(column.name == name for _, column, _ in self.heads)


def alike_in_all(table: Table, mapping: Sequence[str]) -> list[Column]:
    """Columns that entries need and the file has not, where one choice may do for every row."""
    return [
        column
        for column in table.columns
        if column.name not in mapping
        and ((column.required and column.kind == "choice") or (table.name, column.name) == _COUNTRY)
    ]


def _heads(mapping: Sequence[str], table: Table) -> list[tuple[int, Column, str]]:
    heads = []
    for position, meaning in enumerate(mapping):
        name, _, language = meaning.partition(":")
        if name:
            heads.append((position, table.column(name), language))
    return heads


def _said(column: Column, language: str) -> str:
    return f"{column.name}:{language}" if language else column.name


def _there(edition: Edition, table: str) -> Iterator[tuple[str, int]]:
    if table in ("offers", "needs"):
        yield from edition.listings.filter(side=table[:-1]).values_list("code", "pk")
    elif table in ("organisations", "places", "slots", "interpreters"):
        yield from getattr(edition, table).values_list("code", "pk")


def _names(edition: Edition, table: str) -> Iterator[tuple[str, str]]:
    """What a reference may be written as: organisations and links of the chain by their names too."""
    for code, name in edition.nodes.values_list("code", "name"):
        yield from ((code, one) for one in name.values())
    if table != "organisations":
        for code, name in edition.organisations.values_list("code", "name"):
            yield from ((code, one) for one in name.values())


# What tells two entries of one name apart: organisations their country, listings whose they are.
_WHOSE = {
    "organisations": "country",
    "offers": "organisation",
    "needs": "organisation",
    "places": "",
    "slots": "",
    "interpreters": "",
}


def _known(edition: Edition, table: str) -> Iterator[tuple[tuple[str, str], str]]:
    """(what tells namesakes apart, name) → id of each entry that has a name."""
    if table == "organisations":
        rows: Any = edition.organisations.values_list("country", "name", "code")
    elif table in ("offers", "needs"):
        rows = edition.listings.filter(side=table[:-1]).values_list("organisation__code", "title", "code")
    else:
        return
    for whose, names, code in rows:
        yield from (((whose, name.casefold()), code) for name in names.values())


def _stored(edition: Edition, table: Table, ids: Sequence[str]) -> Iterator[tuple[str, Record]]:
    """The entries of some ids as they are."""
    for start in range(0, len(ids), rows.BATCH):
        some = ids[start : start + rows.BATCH]
        found: Iterable[Record]
        if table.name == "organisations":
            found = snapshot.organisation_records(edition.organisations.filter(code__in=some))
        elif table.name in ("offers", "needs"):
            side = table.name[:-1]
            found = snapshot.listing_records(edition.listings.filter(side=side, code__in=some), side)
        elif table.name == "places":
            found = snapshot.place_records(edition.places.filter(code__in=some))
        elif table.name == "interpreters":
            found = snapshot.interpreter_records(edition.interpreters.filter(code__in=some))
        else:
            found = (one for one in snapshot.slot_records(edition) if one["id"] in some)
        yield from ((one["id"], one) for one in found)


def _incomplete(table: Table, fresh: Sequence[Record], read: Sequence[_Row]) -> Iterator[Problem]:
    """What every entry needs, and one neither has nor is given; told once where the cell cannot be read either."""
    needed = [column for column in table.columns if column.required]
    for record, row in zip(fresh, read, strict=True):
        if any(one.code == "several_of_name" for one in row.problems):
            continue  # it may be somebody who is here
        told = {one.column.partition(":")[0] for one in row.problems if one.column}
        for column in needed:
            if record[column.name] in ("", None, {}, ()) and column.name not in told:
                yield Problem("empty_cell", table.name, row.place, column.name)


def _free_ids(edition: Edition, table: str, there: Mapping[str, int]) -> Iterator[str]:
    number = len(there)
    while True:
        number += 1
        if f"{PREFIX[table]}{number:05}" not in there:
            yield f"{PREFIX[table]}{number:05}"


def _twice(table: Table, fresh: Sequence[Record], read: Sequence[_Row]) -> Iterator[Problem]:
    """An entry that stands twice in one file; two listings of one title are one unless their ids say otherwise."""
    if table.name not in ("organisations", "offers", "needs"):
        return
    names = "name" if table.name == "organisations" else "title"
    seen: dict[tuple[str, str], int] = {}
    for record, row in zip(fresh, read, strict=True):
        if row.named and names == "title":
            continue
        for language, name in record[names].items():
            first = seen.setdefault((record[_WHOSE[table.name]], name.casefold()), row.place)
            if first != row.place:
                data = {"value": name, "first": first}
                yield Problem("same_name", table.name, row.place, f"{names}:{language}", data=data)
                break


def _contradictions(
    edition: Edition, table: Table, fresh: Sequence[Record], broken: set[int], lines: Sequence[int]
) -> Iterator[tuple[int, Problem]]:
    """What the rules of all tables find in the new rows, beside the rows that are there and stay."""
    ids = {record["id"] for record in fresh}
    known: dict[str, Sequence[Record]] = {
        "edition": [snapshot.edition_record(edition)],
        "chain": list(snapshot.chain_records(edition)),
        "slots": list(snapshot.slot_records(edition)),
        "organisations": _stubs(edition),
    }
    if table.name == "places":
        known["places"] = list(snapshot.place_records(edition.places.all()))
    stay = [record for record in known.get(table.name, ()) if record["id"] not in ids]
    whole = Records(
        {**known, table.name: [*fresh, *stay]},
        lines={table.name: [*lines, *([0] * len(stay))]},
        broken={table.name: frozenset(broken)},
    )
    for one in record_rules.found(whole):
        if one.table == table.name and one.row is not None and one.row < len(fresh):
            if one.column == table.key and not fresh[one.row][table.key]:
                continue
            yield one.row, one


def _stubs(edition: Edition) -> list[Record]:
    """The organisations that are there, with no more than rules ask of others: who they are and in which role."""
    empty = cells.blank(TABLES["organisations"])
    rows = edition.organisations.values_list("code", "role", "kind", "country")
    return [
        {**empty, "id": code, "role": role, "kind": kind, "country": country}
        for code, role, kind, country in rows
    ]
