"""Open an edition from tables of plain values, as a folder of files or an import form gives them."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from fairlink import cells, records, tables
from fairlink_site.actions.records import (
    BATCH,
    fields,
    forget_history,
    forget_removed,
    store_chain,
    store_listings,
    store_organisations,
    store_places,
    store_slots,
)
from fairlink_site.models import (
    Activity,
    Agreement,
    AgreementParty,
    Chain,
    Debut,
    Edition,
    Node,
    Organisation,
    Publication,
    Wish,
)
from fairlink_site.refusals import Refused

RESERVED = ("account", "invitations", "me", "unsubscribe")  # addresses that are taken


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
    edition = Edition.objects.create(slug=row.pop("id"), rates=rates, **fields(row))
    store_chain(edition, found["chain"])
    listings = (*found["offers"], *found["needs"])
    organisations = {
        "": None,
        **{one.code: one for one in store_organisations(edition, found["organisations"], listings=listings)},
    }
    store_listings(edition, "offer", found["offers"])
    store_listings(edition, "need", found["needs"])
    store_slots(edition, found["slots"])
    store_places(edition, found["places"])
    _open_wishes(edition, found, organisations)
    _open_records(edition, found, organisations)
    edition.refresh_from_db()  # as every later reader will see it
    return edition


@transaction.atomic
def remove_edition(edition: Edition) -> None:
    """Remove an edition with everything in it."""
    edition.runs.all().delete()
    edition.agreements.all().delete()
    edition.organisations.update(main=None)
    key = edition.pk
    edition.delete()
    forget_history(key)
    forget_removed()


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
        batch_size=BATCH,
    )


def _open_records(
    edition: Edition,
    found: tables.Records,
    organisations: Mapping[str, Organisation | None],
) -> None:
    nodes: dict[str, Node | None] = {"": None} | {node.code: node for node in edition.nodes.all()}
    chains: dict[str, Chain | None] = {"": None} | {chain.code: chain for chain in edition.chains.all()}
    Activity.objects.bulk_create(
        Activity(edition=edition, **fields(row, chain=chains[row["chain"]])) for row in found["activities"]
    )
    Debut.objects.bulk_create(
        Debut(
            edition=edition,
            **fields(row, organisation=organisations[row["organisation"]], node=nodes[row["node"]]),
        )
        for row in found["debuts"]
    )
    Publication.objects.bulk_create(
        Publication(edition=edition, **fields(row)) for row in found["publications"]
    )
    agreements = Agreement.objects.bulk_create(
        Agreement(edition=edition, **fields(row, "parties", "confirmed", node=nodes[row["node"]]))
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
