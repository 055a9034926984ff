"""Open an edition from tables of plain values, as files or forms give them; change it, and move it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from fairlink import cells, records, tables
from fairlink.expo import PHASES
from fairlink_site import snapshot
from fairlink_site.actions.records import (
    BATCH,
    ask_rules,
    fields,
    forget_history,
    forget_removed,
    signed,
    store_chain,
    store_interpreters,
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
    Exclusion,
    Node,
    Organisation,
    Person,
    Publication,
    Wish,
)
from fairlink_site.models.organisations import VALIDATED
from fairlink_site.models.wishes import NEVER, PENDING
from fairlink_site.refusals import Refused

RESERVED = ("account", "editions", "invitations", "me", "privacy", "unsubscribe")  # addresses that are taken
WITH_TIMETABLE = ("published", "running")  # phases in which there is one to be seen


@transaction.atomic
def open_edition(
    found: tables.Records,
    *,
    by: Person | None = None,
    status: str = VALIDATED,
    predecessor: Edition | None = None,
) -> Edition:
    """Create an edition and everything in it, all or nothing; its organisations and listings get a status.

    Raises fairlink.BadExpo when the tables contradict each other, naming every place; Refused: reserved_id, id_taken.
    """
    records.build(found)
    row = dict(found["edition"][0])
    slug = row.pop("id")
    if slug in RESERVED or not slug.strip("."):
        raise Refused("reserved_id")
    if Edition.objects.filter(slug=slug).exists():
        raise Refused("id_taken")
    kept = {
        "rates": [written(rate, tables.RATES) for rate in found["rates"]],
        "purchases": [written(one, tables.PURCHASES) for one in found["purchases"]],
    }
    edition = Edition(slug=slug, predecessor=predecessor, **kept, **fields(row))
    signed(edition, by).save()
    store_chain(edition, found["chain"], by=by)
    listings = (*found["offers"], *found["needs"])
    organisations = {
        "": None,
        **{
            one.code: one
            for one in store_organisations(
                edition, found["organisations"], by=by, status=status, listings=listings
            )
        },
    }
    store_listings(edition, "offer", found["offers"], by=by, status=status)
    store_listings(edition, "need", found["needs"], by=by, status=status)
    store_slots(edition, found["slots"], by=by)
    store_places(edition, found["places"], by=by)
    store_interpreters(edition, found["interpreters"], by=by)
    _open_wishes(edition, found, organisations)
    _open_exclusions(edition, found, organisations)
    _open_records(edition, found, organisations)
    edition.refresh_from_db()  # as every later reader will see it
    return edition


def written(row: tables.Record, table: tables.Table) -> dict[str, str]:
    """A row that an edition keeps as the texts of its cells."""
    return {column.name: cells.write(row[column.name], column) for column in table.columns}


@transaction.atomic
def change_edition(edition: Edition, changes: tables.Record, *, by: Person | None = None) -> Edition:
    """Change facts and rules of an edition. Raises fairlink.BadExpo: what they would contradict."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    before = snapshot.read(edition)
    _ask(before, edition=[{**before["edition"][0], **changes}])
    for name, value in fields(changes).items():
        setattr(edition, name, value)
    signed(edition, by).save()
    return edition


@transaction.atomic
def set_rate(edition: Edition, row: tables.Record, *, by: Person | None = None) -> None:
    """Give the rate of a currency, or give it anew."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    rates = {rate["currency"]: rate for rate in edition.rates} | {row["currency"]: written(row, tables.RATES)}
    edition.rates = list(rates.values())
    signed(edition, by).save()


@transaction.atomic
def remove_rate(edition: Edition, currency: str, *, by: Person | None = None) -> None:
    """Forget the rate of a currency. Raises fairlink.BadExpo: amounts that could not be converted any more."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    before = snapshot.read(edition)
    _ask(before, rates=[row for row in before["rates"] if row["currency"] != currency])
    edition.rates = [rate for rate in edition.rates if rate["currency"] != currency]
    signed(edition, by).save()


def _ask(before: tables.Records, **changed: Sequence[tables.Record]) -> None:
    ask_rules(before, tables.Records({**before.tables, **changed}))


@transaction.atomic
def move_phase(edition: Edition, phase: str, *, by: Person | None = None) -> Edition:
    """Move an edition to any phase. Raises Refused: unknown_phase, no_timetable."""
    if phase not in PHASES:
        raise Refused("unknown_phase")
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    timetable = edition.runs.filter(kind="meetings", current=True)
    if phase in WITH_TIMETABLE and not timetable.exists():
        raise Refused("no_timetable")
    edition.phase = phase
    signed(edition, by).save()
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
    now = timezone.now()
    Wish.objects.bulk_create(
        (
            Wish(
                edition=edition,
                organisation=organisations[row["organisation"]],
                partner=organisations[row["partner"]],
                kind=row["kind"],
                answer=row["answer"],
                group=row["group"],
                choose=row["choose"],
                sent=None if row["kind"] == NEVER else now,
                due=now + timedelta(days=edition.wish_days) if row["answer"] == PENDING else None,
            )
            for row in found["wishes"]
        ),
        batch_size=BATCH,
    )


def _open_exclusions(
    edition: Edition, found: tables.Records, organisations: Mapping[str, Organisation | None]
) -> None:
    Exclusion.objects.bulk_create(
        (
            Exclusion(
                edition=edition,
                organisation=organisations[row["organisation"]],
                partner=organisations[row["partner"]],
                reason=row["reason"],
            )
            for row in found["exclusions"]
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
