"""Open an edition from tables of plain values, as a folder of files or an import form gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from fairlink import cells, records, tables, vocabulary
from fairlink_site import search
from fairlink_site.models import (
    Activity,
    Agreement,
    AgreementParty,
    Chain,
    Debut,
    Edition,
    Listing,
    Node,
    Organisation,
    Place,
    Publication,
    Slot,
    Wish,
)
from fairlink_site.refusals import Refused

RESERVED = ("account", "invitations", "me")  # addresses that are taken
_BATCH = 500


@transaction.atomic
def open_edition(found: tables.Records) -> Edition:
    """Create an edition and everything in it, all or nothing.

    Raises fairlink.BadExpo when the tables contradict each other, naming every place; Refused: reserved_id.
    """
    records.build(found)
    if found["edition"][0]["id"] in RESERVED:
        raise Refused("reserved_id")
    row = dict(found["edition"][0])
    rates = [
        {column.name: cells.write(rate[column.name], column) for column in tables.RATES.columns}
        for rate in found["rates"]
    ]
    edition = Edition.objects.create(slug=row.pop("id"), rates=rates, **_lists(row))
    nodes = _open_chains(edition, found)
    organisations = _open_organisations(edition, found, nodes)
    _open_listings(edition, found, organisations, nodes)
    _open_calendar(edition, found, organisations)
    _open_wishes(edition, found, organisations)
    _open_records(edition, found, organisations, nodes)
    edition.refresh_from_db()  # as every later reader will see it
    return edition


@transaction.atomic
def remove_edition(edition: Edition) -> None:
    """Remove an edition with everything in it."""
    edition.runs.all().delete()
    edition.agreements.all().delete()
    edition.organisations.update(main=None)
    edition.delete()
    _forget_removed()


def _lists(row: Mapping[str, Any]) -> dict[str, Any]:
    """Tuples as lists, so that what is written compares equal to what is read back."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}


def _fields(row: tables.Record, *without: str, **instead: Any) -> dict[str, Any]:
    """A record's columns as the fields of a row: `id` is its code."""
    values = {name: value for name, value in _lists(row).items() if name not in (*without, "id")}
    return values | ({"code": row["id"]} if "id" in row else {}) | instead


def _open_chains(edition: Edition, found: tables.Records) -> dict[str, Node | None]:
    chains: dict[str, Chain] = {}
    for row in found["chain"]:
        if row["chain"] not in chains:
            chains[row["chain"]] = Chain.objects.create(
                edition=edition, code=row["chain"], name=row["chain_name"], position=len(chains)
            )
    nodes: dict[str, Node | None] = {"": None}
    for position, row in enumerate(found["chain"]):
        nodes[row["node"]] = Node.objects.create(
            edition=edition,
            **_fields(
                row,
                *("node", "chain_name", "feeds"),
                code=row["node"],
                chain=chains[row["chain"]],
                position=position,
            ),
        )
    through = Node.feeds.through
    through.objects.bulk_create(
        through(from_node=nodes[row["node"]], to_node=nodes[target])
        for row in found["chain"]
        for target in row["feeds"]
    )
    return nodes


def _open_organisations(
    edition: Edition, found: tables.Records, nodes: Mapping[str, Node | None]
) -> dict[str, Organisation | None]:
    rows = found["organisations"]
    listings: dict[str, list[tables.Record]] = {row["id"]: [] for row in rows}
    for listing in (*found["offers"], *found["needs"]):
        listings[listing["organisation"]].append(listing)
    made = Organisation.objects.bulk_create(
        (
            Organisation(
                edition=edition,
                tokens=_tokens(row, listings[row["id"]]),
                **_fields(row, "nodes", "main", "edition"),
            )
            for row in rows
        ),
        batch_size=_BATCH,
    )
    known = {one.code: one for one in made}
    beside = [row for row in rows if row["main"]]
    for row in beside:
        known[row["id"]].main = known[row["main"]]
    Organisation.objects.bulk_update([known[row["id"]] for row in beside], ["main"], batch_size=_BATCH)
    through = Organisation.nodes.through
    through.objects.bulk_create(
        (through(organisation=known[row["id"]], node=nodes[node]) for row in rows for node in row["nodes"]),
        batch_size=_BATCH,
    )
    index(edition)
    return {"": None, **known}


def _tokens(row: tables.Record, listings: list[tables.Record]) -> str:
    """What a search finds an organisation by: its names and texts, its country, and what its codes are called."""
    said = [row["id"], row["city"], *row["name"].values(), *row["description"].values()]
    for language in vocabulary.LANGUAGES:
        said.append(vocabulary.country(row["country"], language) if row["country"] else "")
        said += [vocabulary.label(code, language) for listing in listings for code in listing["codes"]]
    said += [title for listing in listings for title in listing["title"].values()]
    return " ".join(dict.fromkeys(search.tokens(" ".join(said))))


def index(edition: Edition) -> None:
    """Make what a search looks in agree with the rows; PostgreSQL's index follows its rows by itself."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM fairlink_organisation_search WHERE rowid NOT IN (SELECT id FROM fairlink_organisation)"
        )
        cursor.execute(
            "INSERT OR REPLACE INTO fairlink_organisation_search (rowid, tokens) "
            "SELECT id, tokens FROM fairlink_organisation WHERE edition_id = %s",
            [edition.pk],
        )


def _forget_removed() -> None:
    """Nothing is found, or kept, of organisations that are gone."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM fairlink_organisation_search "
                "WHERE rowid NOT IN (SELECT id FROM fairlink_organisation)"
            )


def _open_listings(
    edition: Edition,
    found: tables.Records,
    organisations: Mapping[str, Organisation | None],
    nodes: Mapping[str, Node | None],
) -> None:
    Listing.objects.bulk_create(
        (
            Listing(
                edition=edition,
                side=side,
                **_fields(row, organisation=organisations[row["organisation"]], node=nodes[row["node"]]),
            )
            for side, table in (("offer", "offers"), ("need", "needs"))
            for row in found[table]
        ),
        batch_size=_BATCH,
    )


def _open_calendar(
    edition: Edition, found: tables.Records, organisations: Mapping[str, Organisation | None]
) -> None:
    Slot.objects.bulk_create(Slot(edition=edition, **_fields(row)) for row in found["slots"])
    Place.objects.bulk_create(
        (
            Place(edition=edition, **_fields(row, organisation=organisations[row["organisation"]]))
            for row in found["places"]
        ),
        batch_size=_BATCH,
    )


def _open_wishes(
    edition: Edition, found: tables.Records, organisations: Mapping[str, Organisation | None]
) -> None:
    Wish.objects.bulk_create(
        (
            Wish(
                edition=edition,
                organisation=organisations[row["organisation"]],
                partner=organisations[row["partner"]],
                kind=row["kind"],
            )
            for row in found["wishes"]
        ),
        batch_size=_BATCH,
    )


def _open_records(
    edition: Edition,
    found: tables.Records,
    organisations: Mapping[str, Organisation | None],
    nodes: Mapping[str, Node | None],
) -> None:
    chains: dict[str, Chain | None] = {"": None} | {chain.code: chain for chain in edition.chains.all()}
    Activity.objects.bulk_create(
        Activity(edition=edition, **_fields(row, chain=chains[row["chain"]])) for row in found["activities"]
    )
    Debut.objects.bulk_create(
        Debut(
            edition=edition,
            **_fields(row, organisation=organisations[row["organisation"]], node=nodes[row["node"]]),
        )
        for row in found["debuts"]
    )
    Publication.objects.bulk_create(
        Publication(edition=edition, **_fields(row)) for row in found["publications"]
    )
    agreements = Agreement.objects.bulk_create(
        Agreement(edition=edition, **_fields(row, "parties", "confirmed", node=nodes[row["node"]]))
        for row in found["agreements"]
    )
    AgreementParty.objects.bulk_create(
        AgreementParty(
            agreement=agreement,
            organisation=organisations[party],
            position=position,
            confirmed=party in row["confirmed"],
        )
        for agreement, row in zip(agreements, found["agreements"], strict=True)
        for position, party in enumerate(row["parties"])
    )
