"""THE DOORWAY: rows become one frozen fairlink.Expo. Nobody else builds arrays from rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from fairlink import Expo, cells, records, tables
from fairlink.expo import Chain
from fairlink_site.models import AgreementParty, Edition, Organisation
from fairlink_site.models.organisations import VALIDATED
from fairlink_site.snapshot.engagements import engagements


def snapshot(edition: Edition) -> Expo:
    """The edition as the library sees it. A constant number of queries, however many rows."""
    expo = records.build(read(edition))
    return replace(expo, engagements=engagements(edition, expo))


def with_drafts(edition: Edition, organisation: Organisation) -> Expo:
    """The same, and in it one organisation as it stands with its drafts: what would be, were it validated."""
    found = read(edition)
    mine = {
        "organisations": organisation_records(
            edition.organisations.filter(pk=organisation.pk), held_on=edition.start
        ),
        "offers": listing_records(organisation.listings.filter(side="offer"), "offer"),
        "needs": listing_records(organisation.listings.filter(side="need"), "need"),
    }
    # Only what matching looks at: a place or a wish may name somebody who is not validated yet.
    rest: dict[str, list[Any]] = {
        name: []
        for name in (
            *("places", "interpreters", "wishes", "activities", "debuts", "publications", "agreements"),
        )
    }
    rest["exclusions"] = list(exclusion_records(_exclusions(edition, organisation)))
    whose = {"organisations": "id"}
    tables_ = {
        name: [
            *(row for row in found[name] if row[whose.get(name, "organisation")] != organisation.code),
            *rows,
        ]
        for name, rows in mine.items()
    }
    return records.build(tables.Records({**found.tables, **rest, **tables_}))


def without(edition: Edition, organisations: Iterable[Organisation]) -> Expo:
    """Organisations, offers and needs of the edition as matching looks at them, but for some."""
    gone = {one.code for one in organisations}
    found = read(edition)
    whose = {"organisations": "id", "offers": "organisation", "needs": "organisation"}
    kept = {name: [row for row in found[name] if row[column] not in gone] for name, column in whose.items()}
    alone = {row["id"] for row in kept["organisations"]}
    kept["organisations"] = [
        row if not row["main"] or row["main"] in alone else {**row, "main": "", "role": "exhibitor"}
        for row in kept["organisations"]
    ]
    shared = {name: found[name] for name in ("edition", "chain", "slots", "purchases")}
    return records.build(tables.Records({**shared, **kept}))


def among(edition: Edition, organisations: Iterable[Organisation]) -> Expo:
    """A few organisations of the edition with what they offer and need, by themselves."""
    few = edition.organisations.visible().filter(pk__in=[one.pk for one in organisations])
    listings = edition.listings.visible().filter(organisation__in=few)
    alone = {"main": "", "role": "exhibitor", "closed": ()}  # what would name others, or times
    return records.build(
        tables.Records(
            {
                "edition": [edition_record(edition)],
                "chain": list(chain_records(edition)),
                "organisations": [row | alone for row in organisation_records(few, held_on=edition.start)],
                "offers": list(listing_records(listings.filter(side="offer"), "offer")),
                "needs": list(listing_records(listings.filter(side="need"), "need")),
            }
        )
    )


def chain(edition: Edition) -> Chain:
    """The edition's chains alone: three queries."""
    return records.build_chain(tables.Records({"chain": list(chain_records(edition))}))


def read(edition: Edition) -> tables.Records:
    """The edition's rows as the tables that files and forms have too."""
    return tables.Records(
        {
            "edition": [edition_record(edition)],
            "chain": list(chain_records(edition)),
            "organisations": list(_organisations(edition)),
            "offers": list(_listings(edition, "offer")),
            "needs": list(_listings(edition, "need")),
            "slots": list(slot_records(edition)),
            "places": list(place_records(_places(edition))),
            "interpreters": list(interpreter_records(edition.interpreters.all())),
            "wishes": list(wish_records(_wishes(edition))),
            "exclusions": list(exclusion_records(_exclusions(edition))),
            "rates": [{**rate} for rate in rate_records(edition)],
            "purchases": list(purchase_records(edition)),
            "activities": list(activity_records(edition.activities.all())),
            "debuts": list(_rows(tables.DEBUTS, _debuts(edition))),
            "publications": list(_rows(tables.PUBLICATIONS, edition.publications.all())),
            "agreements": list(_agreements(edition)),
        }
    )


def read_all(edition: Edition) -> tables.Records:
    """The same with what is not validated yet, and without what only happens at the expo."""
    return tables.Records(
        {
            "edition": [edition_record(edition)],
            "chain": list(chain_records(edition)),
            "organisations": list(organisation_records(edition.organisations.all())),
            "offers": list(listing_records(edition.listings.filter(side="offer"), "offer")),
            "needs": list(listing_records(edition.listings.filter(side="need"), "need")),
            "slots": list(_rows(tables.SLOTS, edition.slots.all())),
            "places": list(_rows(tables.PLACES, edition.places.select_related("organisation"))),
            "interpreters": list(interpreter_records(edition.interpreters.all())),
            "exclusions": list(exclusion_records(edition.exclusions.all())),
        }
    )


def _rows(table: tables.Table, rows: QuerySet[Any], **special: Any) -> Iterable[dict[str, Any]]:
    """Rows whose fields are named as the table's columns; `special` says how the others are had."""
    return (
        {
            column.name: special[column.name](row) if column.name in special else _plain(row, column)
            for column in table.columns
        }
        for row in rows
    )


def _flat(table: tables.Table, rows: QuerySet[Any]) -> Iterable[dict[str, Any]]:
    """The same, read as plain values: for tables of many rows that are read while somebody waits."""
    paths = {column.name: _path(column) for column in table.columns}
    for row in rows.values_list(*paths.values()):
        yield {
            name: tuple(value) if isinstance(value, list) else "" if value is None and "__" in path else value
            for (name, path), value in zip(paths.items(), row, strict=True)
        }


def _path(column: tables.Column) -> str:
    if column.name == "id":
        return "code"
    return f"{column.name}__code" if column.kind == "ref" else column.name


def _plain(row: Any, column: tables.Column) -> Any:
    """A column's value: ids are codes, references the codes of what they point at, lists tuples."""
    value = row.code if column.name == "id" else getattr(row, column.name)
    if column.kind == "ref" or column.name == "chain":
        return value.code if value is not None else ""
    return tuple(value) if isinstance(value, list) else value


def edition_record(edition: Edition) -> dict[str, Any]:
    """What the edition says of itself."""
    return next(iter(_rows(tables.EDITION, [edition], id=lambda row: row.slug)))  # type: ignore[arg-type]


def rate_records(edition: Edition) -> Iterable[Mapping[str, Any]]:
    """The dated rates."""
    return _read(edition.rates, tables.RATES)


def purchase_records(edition: Edition) -> Iterable[Mapping[str, Any]]:
    """What makers of goods usually buy, where the organiser says so."""
    return _read(edition.purchases, tables.PURCHASES)


def _read(rows: Iterable[Mapping[str, str]], table: tables.Table) -> Iterable[Mapping[str, Any]]:
    """Rows that an edition keeps as the texts of their cells."""
    for row in rows:
        yield {column.name: cells.read(row[column.name], column) for column in table.columns}


def chain_records(edition: Edition) -> Iterable[dict[str, Any]]:
    """The links of every chain, in their order; a chain without links is not among them."""
    return _rows(
        tables.CHAIN,
        edition.nodes.select_related("chain").prefetch_related("feeds"),
        node=lambda row: row.code,
        chain_name=lambda row: row.chain.name,
        feeds=lambda row: tuple(sorted(node.code for node in row.feeds.all())),
    )


def slot_records(edition: Edition) -> Iterable[dict[str, Any]]:
    """The slots, in time."""
    return _flat(tables.SLOTS, edition.slots.all())


def activity_records(rows: QuerySet[Any]) -> Iterable[dict[str, Any]]:
    """Activities as records."""
    return _rows(tables.ACTIVITIES, rows.select_related("chain"))


def place_records(rows: QuerySet[Any]) -> Iterable[dict[str, Any]]:
    """Places as records."""
    return _flat(tables.PLACES, rows)


def interpreter_records(rows: QuerySet[Any]) -> Iterable[dict[str, Any]]:
    """Interpreters as records."""
    return _rows(tables.INTERPRETERS, rows)


def _organisations(edition: Edition) -> Iterable[dict[str, Any]]:
    return organisation_records(edition.organisations.visible(), held_on=edition.start)


def organisation_records(rows: QuerySet[Any], *, held_on: date | None = None) -> Iterable[dict[str, Any]]:
    """Organisations as records; with a day, certificates that have run out by then are none."""
    return _rows(
        tables.ORGANISATIONS,
        rows.select_related("main").prefetch_related("nodes", "certificates"),
        nodes=lambda row: tuple(node.code for node in row.nodes.all()),
        certificates=lambda row: tuple(
            one.name
            for one in row.certificates.all()
            if not one.expires or held_on is None or one.expires >= held_on
        ),
        main=lambda row: row.main.code if row.main else "",
    )


def _listings(edition: Edition, side: str) -> Iterable[dict[str, Any]]:
    return listing_records(edition.listings.visible().filter(side=side), side)


def listing_records(rows: QuerySet[Any], side: str) -> Iterable[dict[str, Any]]:
    """Offers or needs as records."""
    return _rows(
        tables.OFFERS if side == "offer" else tables.NEEDS, rows.select_related("organisation", "node")
    )


def _places(edition: Edition) -> QuerySet[Any]:
    """A booth of somebody who is not validated is no place yet."""
    mine = Q(organisation=None) | Q(organisation__status=VALIDATED)
    return edition.places.filter(mine)


def _wishes(edition: Edition) -> QuerySet[Any]:
    return edition.wishes.filter(organisation__status=VALIDATED, partner__status=VALIDATED)


def wish_records(rows: QuerySet[Any]) -> Iterable[dict[str, Any]]:
    """Wishes as records: what was said, and what has become of it by now."""
    return _rows(
        tables.WISHES, rows.select_related("organisation", "partner"), answer=lambda row: row.standing()
    )


def _exclusions(edition: Edition, organisation: Organisation | None = None) -> QuerySet[Any]:
    """Of those to be seen, and of one more."""
    seen = Q(status=VALIDATED) | Q(pk=organisation.pk if organisation else None)
    some = edition.organisations.filter(seen).values("pk")
    return edition.exclusions.filter(organisation__in=some, partner__in=some)


def exclusion_records(rows: QuerySet[Any]) -> Iterable[dict[str, Any]]:
    """Pairs that are kept apart, as records."""
    return _rows(tables.EXCLUSIONS, rows.select_related("organisation", "partner"))


def _debuts(edition: Edition) -> QuerySet[Any]:
    return edition.debuts.filter(organisation__status=VALIDATED).select_related("organisation", "node")


def _agreements(edition: Edition) -> Iterable[dict[str, Any]]:
    hidden = AgreementParty.objects.exclude(organisation__status=VALIDATED)
    return _rows(
        tables.AGREEMENTS,
        edition.agreements.exclude(agreement_parties__in=hidden)
        .select_related("node")
        .prefetch_related("agreement_parties__organisation"),
        parties=lambda row: tuple(party.organisation.code for party in row.agreement_parties.all()),
        confirmed=lambda row: tuple(
            party.organisation.code for party in row.agreement_parties.all() if party.confirmed
        ),
    )
