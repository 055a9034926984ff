"""The doorway of the library: tables of plain values become one checked Expo.

Ids stand outside, row numbers inside; this is the one place that translates. What tables say of each other
is checked in `record_rules`, so that a file, a form and a database row meet the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby
from types import MappingProxyType
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np

from fairlink import expo as nouns
from fairlink import record_rules
from fairlink.errors import BadArray, BadExpo
from fairlink.expo import Array, Expo
from fairlink.tables import CHAIN, EXCLUSIONS, TABLES, WISHES, Record, Records, Table

Engaged: TypeAlias = tuple[str, int, str]  # organisation, delegate from 0, slot


def build(
    records: Records,
    *,
    engagements: Iterable[Engaged] = (),
    taken: Mapping[tuple[str, str], int] = MappingProxyType({}),
    interpreting: Mapping[tuple[str, str], int] = MappingProxyType({}),
) -> Expo:
    """One frozen Expo. Raises BadExpo naming every table, row and column that contradicts another.

    No table tells of `engagements`, times at which one delegate cannot attend, nor of `taken`: how many
    meetings that are not told of here take a (place, slot), and an (interpreter, slot) in `interpreting`. All name
    what they mean by its id.

    Links of the chain keep their order; everything else stands in order of its id, so that the same tables
    give the same Expo whatever store their rows come from.
    """
    found = record_rules.problems(records)
    if found:
        raise BadExpo(found)
    records = Records({name: _in_order(TABLES[name], rows) for name, rows in records.tables.items()})
    edition = records["edition"][0]
    at = _Rows(records)
    moment = _moments(edition)
    slots = _slots(records, moment)
    return Expo(
        edition=_edition(edition),
        chain=build_chain(records),
        organisations=_organisations(records, at, slots),
        offers=_listings(records["offers"], at),
        needs=_listings(records["needs"], at),
        slots=slots,
        places=_places(records, at, slots, taken),
        interpreters=_interpreters(records, at, slots, interpreting),
        wishes=_wishes(records, at),
        exclusions=_exclusions(records, at),
        engagements=_engagements(engagements, at),
        rates=_rates(records),
        purchases={row["makes"]: frozenset(row["buys"]) for row in records["purchases"]},
        activities=tuple(_activity(row, at, moment) for row in records["activities"]),
        debuts=tuple(_debut(row, at) for row in records["debuts"]),
        publications=tuple(_publication(row) for row in records["publications"]),
        agreements=tuple(_agreement(row, at) for row in records["agreements"]),
    )


def _in_order(table: Table, rows: Sequence[Record]) -> Sequence[Record]:
    if table is CHAIN:
        return rows
    if table in (WISHES, EXCLUSIONS):
        return sorted(rows, key=lambda row: (row["organisation"], row["partner"]))
    return sorted(rows, key=lambda row: row[table.key])


def _rates(records: Records) -> dict[str, Decimal]:
    """The dated rates; the edition's own for its second currency where the table has none."""
    edition = records["edition"][0]
    second = {edition["second_currency"]: edition["rate"]} if edition["second_currency"] else {}
    return second | {row["currency"]: row["rate"] for row in records["rates"]}


class _Rows:
    """Row numbers by id, noun by noun; −1 for no id."""

    def __init__(self, records: Records) -> None:
        self.organisation = _numbers(row["id"] for row in records["organisations"])
        self.node = _numbers(row["node"] for row in records["chain"])
        self.chain = _numbers(dict.fromkeys(row["chain"] for row in records["chain"]))
        self.slot = _numbers(row["id"] for row in _in_time(records["slots"]))


def _numbers(ids: Any) -> dict[str, int]:
    return {"": -1} | {one: number for number, one in enumerate(ids)}


def _whole(values: Any) -> Array:
    return np.array(list(values), dtype=np.int32)


def _index(rows: Sequence[Record], column: str, choices: Sequence[str]) -> Array:
    number = {choice: i for i, choice in enumerate(choices)} | {"": -1}
    return _whole(number[row[column]] for row in rows)


def _column(rows: Sequence[Record], name: str) -> tuple[Any, ...]:
    return tuple(row[name] for row in rows)


def _in_time(slots: Sequence[Record]) -> list[Record]:
    return sorted(slots, key=lambda slot: (slot["day"], slot["start"]))


def _moments(edition: Record) -> Callable[[date, time], datetime]:
    zone = ZoneInfo(edition["time_zone"])
    return lambda day, at: datetime.combine(day, at, zone)


def _edition(row: Record) -> nouns.Edition:
    rules = {name: row[name] for name in nouns.Rules.__dataclass_fields__}
    facts = {name: row[name] for name in nouns.Edition.__dataclass_fields__ if name != "rules"}
    return nouns.Edition(**facts, rules=nouns.Rules(**rules))


def build_chain(records: Records) -> nouns.Chain:
    """The chains alone, of tables whose rules have been asked already."""
    rows, at = records["chain"], _Rows(records)
    first = {row["chain"]: row for row in reversed(rows)}
    flows = sorted((at.node[row["node"]], at.node[to]) for row in rows for to in row["feeds"])
    return nouns.Chain(
        ids=_column(rows, "node"),
        names=_column(rows, "name"),
        chains=tuple(list(at.chain)[1:]),
        chain_names=tuple(first[chain]["chain_name"] for chain in list(at.chain)[1:]),
        chain=_whole(at.chain[row["chain"]] for row in rows),
        stage=_index(rows, "stage", nouns.STAGES),
        essential=np.array([row["essential"] for row in rows], dtype=bool),
        codes=_column(rows, "codes"),
        flows=np.array(flows, dtype=np.int32).reshape(-1, 2),
    )


def _organisations(records: Records, at: _Rows, slots: nouns.Slots) -> nouns.Organisations:
    rows = records["organisations"]
    return nouns.Organisations(
        ids=_column(rows, "id"),
        names=_column(rows, "name"),
        kind=_index(rows, "kind", nouns.KINDS),
        size=_index(rows, "size", nouns.SIZES),
        role=_index(rows, "role", nouns.ROLES),
        country=_column(rows, "country"),
        nodes=tuple(tuple(sorted(at.node[node] for node in row["nodes"])) for row in rows),
        languages=_column(rows, "languages"),
        markets=_column(rows, "markets"),
        certificates=_column(rows, "certificates"),
        delegates=_whole(row["delegates"] for row in rows),
        meeting_cap=_whole(-1 if row["meeting_cap"] is None else row["meeting_cap"] for row in rows),
        online=np.array([row["online"] for row in rows], dtype=bool),
        available=_not_closed(rows, at, slots),
    )


def _listings(rows: Sequence[Record], at: _Rows) -> nouns.Listings:
    return nouns.Listings(
        ids=_column(rows, "id"),
        organisation=_whole(at.organisation[row["organisation"]] for row in rows),
        function=_index(rows, "function", nouns.FUNCTIONS),
        titles=_column(rows, "title"),
        summaries=_column(rows, "summary"),
        codes=_column(rows, "codes"),
        node=_whole(at.node[row["node"]] for row in rows),
        markets=_column(rows, "markets"),
        certificates=_column(rows, "certificates"),
        kinds=_column(rows, "kinds"),
        sizes=_column(rows, "sizes"),
        incoterms=_column(rows, "incoterms"),
    )


def _slots(records: Records, moment: Callable[[date, time], datetime]) -> nouns.Slots:
    rows = _in_time(records["slots"])
    days = [list(day) for _, day in groupby(rows, key=lambda row: row["day"])]
    return nouns.Slots(
        ids=_column(rows, "id"),
        start=tuple(moment(row["day"], row["start"]) for row in rows),
        end=tuple(moment(row["day"], row["end"]) for row in rows),
        day=_whole(number for number, day in enumerate(days) for _ in day),
        number=_whole(number for day in days for number in range(1, len(day) + 1)),
    )


def _places(
    records: Records, at: _Rows, slots: nouns.Slots, taken: Mapping[tuple[str, str], int]
) -> nouns.Places:
    rows = records["places"]
    return nouns.Places(
        ids=_column(rows, "id"),
        names=_column(rows, "name"),
        kind=_index(rows, "kind", nouns.PLACE_KINDS),
        hall=_column(rows, "hall"),
        organisation=_whole(at.organisation[row["organisation"]] for row in rows),
        capacity=_whole(row["capacity"] for row in rows),
        open=_not_closed(rows, at, slots),
        taken=_counts("taken", rows, at, slots, taken),
    )


def _interpreters(
    records: Records, at: _Rows, slots: nouns.Slots, taken: Mapping[tuple[str, str], int]
) -> nouns.Interpreters:
    rows = records["interpreters"]
    return nouns.Interpreters(
        ids=_column(rows, "id"),
        names=_column(rows, "name"),
        languages=_column(rows, "languages"),
        number=_whole(row["number"] for row in rows),
        available=_not_closed(rows, at, slots),
        taken=_counts("interpreting", rows, at, slots, taken),
    )


def _counts(
    argument: str, rows: Sequence[Record], at: _Rows, slots: nouns.Slots, taken: Mapping[tuple[str, str], int]
) -> Array:
    """int32 (rows, slots): what others take."""
    number = {row["id"]: i for i, row in enumerate(rows)}
    counts = np.zeros((len(rows), len(slots.ids)), dtype=np.int32)
    for (one, slot), count in taken.items():
        counts[_known(argument, number, one), _known(argument, at.slot, slot)] = count
    return counts


def _not_closed(rows: Sequence[Record], at: _Rows, slots: nouns.Slots) -> Array:
    """bool (rows, slots): everything but what the rows call closed."""
    free = np.ones((len(rows), len(slots.ids)), dtype=bool)
    for number, row in enumerate(rows):
        free[number, [at.slot[slot] for slot in row["closed"]]] = False
    return free


def _wishes(records: Records, at: _Rows) -> nouns.Wishes:
    rows = records["wishes"]
    named = sorted({(row["organisation"], row["group"]) for row in rows if row["group"]})
    groups = {group: number for number, group in enumerate(named)}
    return nouns.Wishes(
        organisation=_whole(at.organisation[row["organisation"]] for row in rows),
        partner=_whole(at.organisation[row["partner"]] for row in rows),
        kind=_index(rows, "kind", nouns.WISH_KINDS),
        answer=_index(rows, "answer", nouns.ANSWERS),
        group=_whole(groups[row["organisation"], row["group"]] if row["group"] else -1 for row in rows),
        choose=_whole(row["choose"] for row in rows),
    )


def _engagements(engaged: Iterable[Engaged], at: _Rows) -> nouns.Engagements:
    rows = sorted(
        (_known("engagements", at.organisation, organisation), delegate, _known("engagements", at.slot, slot))
        for organisation, delegate, slot in engaged
    )
    columns = (_whole(row[column] for row in rows) for column in range(3))
    return nouns.Engagements(*columns)


def _known(argument: str, numbers: Mapping[str, int], one: str) -> int:
    if one not in numbers:
        raise BadArray(f"{argument}: nothing is called {one!r}; name what stands in the records")
    return numbers[one]


def _exclusions(records: Records, at: _Rows) -> nouns.Exclusions:
    pairs = sorted(
        sorted((at.organisation[row["organisation"]], at.organisation[row["partner"]]))
        for row in records["exclusions"]
    )
    return nouns.Exclusions(_whole(low for low, _ in pairs), _whole(high for _, high in pairs))


def _activity(row: Record, at: _Rows, moment: Callable[[date, time], datetime]) -> nouns.Activity:
    return nouns.Activity(
        id=row["id"],
        kind=row["kind"],
        name=row["name"],
        start=moment(row["day"], row["start"]),
        end=moment(row["day"], row["end"]),
        hall=row["hall"],
        chain=at.chain[row["chain"]],
        capacity=row["capacity"],
        attended=row["attended"],
    )


def _debut(row: Record, at: _Rows) -> nouns.Debut:
    return nouns.Debut(
        id=row["id"],
        organisation=at.organisation[row["organisation"]],
        kind=row["kind"],
        name=row["name"],
        scope=row["scope"],
        node=at.node[row["node"]],
        day=row["day"],
        evidence=row["evidence"],
    )


def _publication(row: Record) -> nouns.Publication:
    return nouns.Publication(**{name: row[name] for name in nouns.Publication.__dataclass_fields__})


def _agreement(row: Record, at: _Rows) -> nouns.Agreement:
    facts = {name: row[name] for name in nouns.Agreement.__dataclass_fields__}
    return nouns.Agreement(
        **facts
        | {
            "parties": tuple(at.organisation[party] for party in row["parties"]),
            "confirmed": tuple(at.organisation[party] for party in row["confirmed"]),
            "node": at.node[row["node"]],
        }
    )
