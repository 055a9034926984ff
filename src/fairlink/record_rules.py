"""What the tables of an expo must not say of each other. Each rule is one function, said once.

A rule looks at the whole and yields Problems; `problems` asks every rule. Add a rule by writing it and
naming it in RULES; `docs/reference/problems.md` and the catalogues want a line for its code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any

from fairlink import identifiers
from fairlink.errors import Problem
from fairlink.expo import PARTNERSHIPS
from fairlink.tables import TABLES, Record, Records, Table

MOST = 200  # problems reported at once
ALIKE = 10  # of them the same in one column, which need not be told a thousand times


def problems(records: Records) -> list[Problem]:
    """Everything wrong with the tables, in table order, at most MOST; empty when they can be built.

    Rows that could not be read whole are passed over: what is wrong with them has been said already.
    """
    return in_order(found(records))


def found(records: Records) -> list[Problem]:
    """Everything that the rules find, however much it is, rule by rule."""
    return [_placed(records, problem) for rule in RULES for problem in rule(records)]


def in_order(all_found: list[Problem]) -> list[Problem]:
    """By table and row; of what is wrong in the same way in one column, the first ALIKE, and how many `more`."""
    order = list(TABLES)
    ordered = sorted(all_found, key=lambda one: (order.index(one.table), -1 if one.row is None else one.row))
    times = Counter(_alike(one) for one in ordered)
    told: Counter[tuple[str, str, str | None]] = Counter()
    kept = []
    for one in ordered:
        told[_alike(one)] += 1
        more = times[_alike(one)] - ALIKE
        if told[_alike(one)] < ALIKE or more <= 0:
            kept.append(one)
        elif told[_alike(one)] == ALIKE:
            kept.append(replace(one, data={**one.data, "more": more}))
    return kept[:MOST]


def _alike(problem: Problem) -> tuple[str, str, str | None]:
    return problem.table, problem.code, problem.column


def _placed(records: Records, problem: Problem) -> Problem:
    lines = records.lines.get(problem.table)
    if lines is None or problem.row is None:
        return problem
    return replace(problem, line=lines[problem.row])


def _rows(records: Records, table: str) -> Iterator[tuple[int, Record]]:
    """The rows of a table that could be read whole, with their numbers."""
    broken = records.broken.get(table, frozenset())
    return ((number, row) for number, row in enumerate(records[table]) if number not in broken)


def _edition(records: Records) -> Record | None:
    return next((row for _, row in _rows(records, "edition")), None)


def one_edition(records: Records) -> Iterator[Problem]:
    if len(records["edition"]) != 1 and "edition" not in records.missing:
        yield Problem("not_one_row", "edition", data={"rows": len(records["edition"])})


def ids_differ(records: Records) -> Iterator[Problem]:
    for table in TABLES.values():
        if not table.key:
            continue
        first: dict[str, int] = {}
        for number, row in enumerate(records[table.name]):
            if not row[table.key]:
                continue
            seen = first.setdefault(row[table.key], number)
            if seen != number:
                data = {"value": row[table.key], "first": _line(records, table, seen)}
                yield Problem("duplicate_id", table.name, number, table.key, data=data)


def _line(records: Records, table: Table, row: int) -> int:
    return records.lines.get(table.name, range(1, row + 2))[row]


def references_resolve(records: Records) -> Iterator[Problem]:
    known = {name: {row[table.key] for row in records[name]} for name, table in TABLES.items() if table.key}
    for table in TABLES.values():
        for column in table.columns:
            if not column.refers or column.refers in records.missing:
                continue
            for number, row in enumerate(records[table.name]):
                value = row[column.name]
                for one in (value,) if column.kind == "ref" else value:
                    if one and one not in known[column.refers]:
                        data = {"value": one, "refers": column.refers}
                        yield Problem("unknown_reference", table.name, number, column.name, data=data)


def lists_reach_their_least(records: Records) -> Iterator[Problem]:
    for table in TABLES.values():
        for column in table.columns:
            if column.kind == "refs" and column.least:
                for number, row in _rows(records, table.name):
                    if len(row[column.name]) < column.least:
                        data = {"value": len(row[column.name]), "least": column.least}
                        yield Problem("too_few", table.name, number, column.name, data=data)


def edition_ends_after_it_starts(records: Records) -> Iterator[Problem]:
    edition = _edition(records)
    if edition and edition["end"] < edition["start"]:
        yield Problem("ends_before_start", "edition", 0, "end", data={"start": edition["start"]})


def second_currency_has_a_rate(records: Records) -> Iterator[Problem]:
    edition = _edition(records)
    if edition and edition["second_currency"] and not (edition["rate"] and edition["rate_date"]):
        yield Problem("rate_missing", "edition", 0, "rate", data={"currency": edition["second_currency"]})


def chain_has_no_circle(records: Records) -> Iterator[Problem]:
    rows = records["chain"]
    sorter = TopologicalSorter({row["node"]: row["feeds"] for row in rows})
    try:
        sorter.prepare()
    except CycleError as error:
        circle = error.args[1]
        number = next(i for i, row in enumerate(rows) if row["node"] == circle[0])
        yield Problem("circle", "chain", number, "feeds", data={"nodes": circle})


def countries_are_given(records: Records) -> Iterator[Problem]:
    for number, row in _rows(records, "organisations"):
        if not row["country"] and row["kind"] != "international":
            yield Problem("country_missing", "organisations", number, "country")


def registration_numbers_have_their_check_digits(records: Records) -> Iterator[Problem]:
    for number, row in _rows(records, "organisations"):
        if row["registration"] and not identifiers.registration(row["registration"], row["country"]):
            data = {"value": row["registration"]}
            yield Problem("wrong_check_digits", "organisations", number, "registration", data=data)


def listings_say_what_their_function_asks(records: Records) -> Iterator[Problem]:
    """Stage of development and rights are of technology; what may come of it hangs on the function."""
    for table in ("offers", "needs"):
        for number, row in _rows(records, table):
            for column in ("development", "rights"):
                if row.get(column) and row["function"] != "innovation":
                    data = {"value": row[column], "function": row["function"]}
                    yield Problem("not_of_this_function", table, number, column, data=data)
            strange = [one for one in row["partnerships"] if one not in PARTNERSHIPS[row["function"]]]
            if strange:
                data = {"value": strange[0], "function": row["function"]}
                yield Problem("not_of_this_function", table, number, "partnerships", data=data)


def main_exhibitors_exhibit(records: Records) -> Iterator[Problem]:
    role = {row["id"]: row["role"] for _, row in _rows(records, "organisations")}
    for number, row in _rows(records, "organisations"):
        if row["role"] == "co_exhibitor" and (
            not row["main"] or role.get(row["main"], "exhibitor") != "exhibitor"
        ):
            yield Problem("main_missing", "organisations", number, "main", data={"value": row["main"]})


def slots_lie_in_the_edition(records: Records) -> Iterator[Problem]:
    for table in ("slots", "activities"):
        for number, row in _rows(records, table):
            yield from _outside(records, table, number, row)
            if row["end"] <= row["start"]:
                yield Problem("ends_before_start", table, number, "end", data={"start": row["start"]})


def days_lie_in_the_edition(records: Records) -> Iterator[Problem]:
    for number, row in _rows(records, "debuts"):
        yield from _outside(records, "debuts", number, row)


def listings_are_valid_at_the_edition(records: Records) -> Iterator[Problem]:
    edition = _edition(records)
    for table in ("offers", "needs"):
        for number, row in _rows(records, table):
            if edition and row["valid_until"] and row["valid_until"] < edition["start"]:
                data = {"value": row["valid_until"], "start": edition["start"]}
                yield Problem("runs_out_before", table, number, "valid_until", data=data)


def _outside(records: Records, table: str, number: int, row: Record) -> Iterator[Problem]:
    edition = _edition(records)
    if edition and not edition["start"] <= row["day"] <= edition["end"]:
        data: dict[str, Any] = {"value": row["day"], "start": edition["start"], "end": edition["end"]}
        yield Problem("outside_edition", table, number, "day", data=data)


def slots_do_not_overlap(records: Records) -> Iterator[Problem]:
    rows = sorted(_rows(records, "slots"), key=lambda pair: (pair[1]["day"], pair[1]["start"]))
    for (_, before), (number, row) in pairwise(rows):
        if before["day"] == row["day"] and row["start"] < before["end"]:
            yield Problem("slots_overlap", "slots", number, "start", data={"other": before["id"]})


def booths_have_an_owner(records: Records) -> Iterator[Problem]:
    owned = Counter(row["organisation"] for row in records["places"] if row["kind"] == "booth")
    for number, row in _rows(records, "places"):
        if row["kind"] == "booth" and not row["organisation"]:
            yield Problem("owner_missing", "places", number, "organisation")
        elif row["kind"] == "booth" and owned[row["organisation"]] > 1:
            data = {"value": row["organisation"]}
            yield Problem("two_booths", "places", number, "organisation", data=data)
            owned[row["organisation"]] = 0


def interpreters_speak_two_languages(records: Records) -> Iterator[Problem]:
    for number, row in _rows(records, "interpreters"):
        if len(set(row["languages"])) < 2:
            data = {"value": len(set(row["languages"])), "least": 2}
            yield Problem("too_few", "interpreters", number, "languages", data=data)


def wishes_are_for_others(records: Records) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    for number, row in _rows(records, "wishes"):
        pair = (row["organisation"], row["partner"])
        if row["organisation"] == row["partner"]:
            yield Problem("wish_for_itself", "wishes", number, "partner", data={"value": row["partner"]})
        elif seen.setdefault(pair, number) != number:
            yield Problem("duplicate_wish", "wishes", number, "partner", data={"value": row["partner"]})


def groups_choose_alike(records: Records) -> Iterator[Problem]:
    """All wishes of one organisation in one group say how many of them are to be held."""
    first: dict[tuple[str, str], int] = {}
    for number, row in _rows(records, "wishes"):
        most = first.setdefault((row["organisation"], row["group"]), row["choose"])
        if row["group"] and most != row["choose"]:
            data = {"value": row["choose"], "group": row["group"], "other": most}
            yield Problem("group_differs", "wishes", number, "choose", data=data)


def exclusions_are_of_two(records: Records) -> Iterator[Problem]:
    """Each pair once, whichever of the two is named first."""
    seen: dict[frozenset[str], int] = {}
    for number, row in _rows(records, "exclusions"):
        data = {"value": row["partner"]}
        if row["organisation"] == row["partner"]:
            yield Problem("exclusion_of_itself", "exclusions", number, "partner", data=data)
        elif seen.setdefault(frozenset((row["organisation"], row["partner"])), number) != number:
            yield Problem("duplicate_exclusion", "exclusions", number, "partner", data=data)


def activities_know_their_chain(records: Records) -> Iterator[Problem]:
    if "chain" in records.missing:
        return
    chains = {row["chain"] for row in records["chain"]} | {""}
    for number, row in _rows(records, "activities"):
        if row["chain"] not in chains:
            data = {"value": row["chain"], "refers": "chain"}
            yield Problem("unknown_reference", "activities", number, "chain", data=data)


def amounts_can_be_converted(records: Records) -> Iterator[Problem]:
    edition = _edition(records)
    if edition is None or "rates" in records.missing:
        return
    known = {row["currency"] for row in records["rates"]}
    known |= {edition["currency"], edition["second_currency"]}
    for number, row in _rows(records, "agreements"):
        if row["amount"] is None and row["realised"] is None:
            continue
        if not row["currency"]:
            yield Problem("currency_missing", "agreements", number, "currency")
        elif row["currency"] not in known:
            data = {"currency": row["currency"]}
            yield Problem("rate_missing", "agreements", number, "currency", data=data)


def no_more_is_realised_than_agreed(records: Records) -> Iterator[Problem]:
    """But for yearly amounts, which are realised year after year."""
    for number, row in _rows(records, "agreements"):
        amount, realised = row["amount"], row["realised"]
        if amount is not None and realised is not None and realised > amount and row["basis"] != "annual":
            data = {"value": realised, "most": amount}
            yield Problem("more_than_agreed", "agreements", number, "realised", data=data)


def no_more_enter_than_fit(records: Records) -> Iterator[Problem]:
    """Where a capacity is given; 0 says that it is not known."""
    for number, row in _rows(records, "activities"):
        if row["capacity"] and row["attended"] > row["capacity"]:
            data = {"value": row["attended"], "most": row["capacity"]}
            yield Problem("more_than_fit", "activities", number, "attended", data=data)


def only_parties_confirm(records: Records) -> Iterator[Problem]:
    for number, row in _rows(records, "agreements"):
        strangers = [one for one in row["confirmed"] if one not in row["parties"]]
        if strangers:
            yield Problem("not_a_party", "agreements", number, "confirmed", data={"value": strangers[0]})


RULES = (
    one_edition,
    ids_differ,
    references_resolve,
    lists_reach_their_least,
    edition_ends_after_it_starts,
    second_currency_has_a_rate,
    chain_has_no_circle,
    countries_are_given,
    registration_numbers_have_their_check_digits,
    listings_say_what_their_function_asks,
    main_exhibitors_exhibit,
    slots_lie_in_the_edition,
    days_lie_in_the_edition,
    listings_are_valid_at_the_edition,
    slots_do_not_overlap,
    booths_have_an_owner,
    interpreters_speak_two_languages,
    wishes_are_for_others,
    groups_choose_alike,
    exclusions_are_of_two,
    activities_know_their_chain,
    amounts_can_be_converted,
    no_more_is_realised_than_agreed,
    no_more_enter_than_fit,
    only_parties_confirm,
)
