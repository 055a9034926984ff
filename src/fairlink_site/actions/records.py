"""Plain records become rows, whatever brought them: a folder, an import or a form. The doorway's other direction.

Whoever calls has asked `record_rules` already, and holds the transaction. Rows are known by their codes: what is
there is changed, the rest is made. What changed stands in the history, with who did it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from fairlink import record_rules, vocabulary
from fairlink.errors import BadExpo, Problem
from fairlink.tables import Record, Records
from fairlink_site import search
from fairlink_site.models import (
    Activity,
    Certificate,
    Chain,
    Edition,
    Interpreter,
    Listing,
    Node,
    Organisation,
    Person,
    Place,
    Slot,
)
from fairlink_site.models.organisations import VALIDATED

BATCH = 500


def store_chain(edition: Edition, records: Sequence[Record], *, by: Person | None = None) -> None:
    """Chains and their links, in the order given."""
    chains: dict[str, Any] = {one.code: one for one in edition.chains.all()}
    first = {row["chain"]: row for row in reversed(records)}
    for place, code in enumerate(dict.fromkeys(row["chain"] for row in records)):
        one = chains.setdefault(code, Chain(edition=edition, code=code))
        _keep(one, {"name": first[code]["chain_name"], "position": place}, by)
    nodes: dict[str, Any] = {one.code: one for one in edition.nodes.prefetch_related("feeds")}
    for place, row in enumerate(records):
        one = nodes.setdefault(row["node"], Node(edition=edition, code=row["node"]))
        facts = fields(row, *("node", "chain_name", "feeds"), chain=chains[row["chain"]], position=place)
        _keep(one, facts, by)
    for row in records:
        _feed(nodes[row["node"]], {nodes[target] for target in row["feeds"]}, by)


def store_node(chain: Chain, row: Record, *, position: int, by: Person | None = None) -> Node:
    """One link of a chain, and what it feeds in whatever chain."""
    there = chain.edition.nodes.filter(code=row["node"]).first()
    node = there or Node(edition=chain.edition, code=row["node"])
    _keep(node, fields(row, *("node", "chain_name", "feeds"), chain=chain, position=position), by)
    _feed(node, set(chain.edition.nodes.filter(code__in=row["feeds"])), by)
    return node


def _feed(node: Node, wanted: set[Node], by: Person | None) -> None:
    if set(node.feeds.all()) != wanted:
        signed(node, by).feeds.set(wanted)


def put_in_order(rows: Sequence[Any], *, by: Person | None = None) -> None:
    """Chains or links one after the other, at the positions that they hold among them."""
    places = sorted(row.position for row in rows)
    if len(set(places)) < len(places):
        places = list(range(len(rows)))
    for row, place in zip(rows, places, strict=True):
        _keep(row, {"position": place}, by)


def ask_rules(before: Records, after: Records) -> None:
    """Raise BadExpo for what a change makes wrong; what was wrong already stands in nobody's way."""
    found = record_rules.problems(after)
    known = Counter(map(_said, record_rules.problems(before))) if found else Counter()
    new = []
    for one in found:
        known[_said(one)] -= 1
        if known[_said(one)] < 0:
            new.append(one)
    if new:
        raise BadExpo(new)


def _said(problem: Problem) -> tuple[str, str, str | None, str]:
    return problem.code, problem.table, problem.column, repr(problem.data)


def _keep(row: Any, facts: Mapping[str, Any], by: Person | None) -> None:
    """Save a row if it is new or its facts are."""
    if _apply(row, facts) or row.pk is None:
        signed(row, by).save()


def signed(row: Any, by: Person | None) -> Any:
    """The row, whose next change stands in the history under a name, whoever's request this is."""
    row._history_user = by  # noqa: SLF001  the history's own name for it
    return row


def _apply(row: Any, facts: Mapping[str, Any]) -> bool:
    """Set the facts; whether any of them was another before."""
    changed = False
    for name, value in facts.items():
        if getattr(row, name, None) != value:  # what a new row points at is not there to be asked for
            setattr(row, name, value)
            changed = True
    return changed


def store_organisations(
    edition: Edition,
    records: Sequence[Record],
    *,
    by: Person | None = None,
    status: str = VALIDATED,
    listings: Iterable[Record] = (),
) -> list[Organisation]:
    """Organisations with their links and certificates; the new ones get a status. Returns them in the order given.

    `listings` are offers and needs about to be stored with them, by which a search shall find them.
    """
    said = defaultdict(list)
    for listing in listings:
        said[listing["organisation"]].append((listing["title"], listing["codes"]))
    whole = edition.organisations.select_related("main").prefetch_related("nodes", "certificates")
    known = _known(whole, [row["id"] for row in records])
    there = set(known)
    nodes = dict(edition.nodes.values_list("code", "pk"))
    touched = {one: _standing_and_holding(known[one]) for one in there}
    changed, made = [], []
    for row in records:
        one = known.setdefault(
            row["id"], Organisation(edition=edition, status=status, submitted=timezone.now())
        )
        new = _apply(one, fields(row, *("nodes", "main", "certificates")))
        if row["id"] not in there:
            one.tokens = tokens(one, said[row["id"]])
            made.append(one)
        elif new or touched[row["id"]] != ({*row["nodes"]}, {*row["certificates"]}, row["main"]):
            changed.append(one)
    Organisation.objects.bulk_create(made, batch_size=BATCH)
    _lead(records, known, edition, {one.code for one in (*made, *changed)})
    if changed:
        names = [
            name for name in fields(records[0], *("id", "nodes", "main", "certificates")) if name != "code"
        ]
        Organisation.objects.bulk_update(changed, names, batch_size=BATCH)
    moved = {one.code for one in (*made, *changed)}
    rows = [row for row in records if row["id"] in moved]
    _stand(rows, known, nodes, changed)
    _certify(rows, known, changed, by)
    remember(Organisation, made, by, "+")
    remember(Organisation, changed, by, "~")
    index(made)
    retoken(changed)
    return [known[row["id"]] for row in records]


def follow(rows: Sequence[Organisation], before: Mapping[str, Organisation], *, by: Person | None) -> None:
    """Say of organisations which of an earlier edition they continue; nobody has sent them in yet."""
    for one in rows:
        one.predecessor, one.submitted = before[one.code], None
    Organisation.objects.bulk_update(rows, ["predecessor", "submitted"], batch_size=BATCH)
    remember(Organisation, list(rows), by, "~")


def _known(rows: QuerySet[Any], codes: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for start in range(0, len(codes), BATCH):
        found |= {one.code: one for one in rows.filter(code__in=codes[start : start + BATCH])}
    return found


def _standing_and_holding(one: Organisation) -> tuple[set[str], set[str], str]:
    nodes = {node.code for node in one.nodes.all()}
    return nodes, {held.name for held in one.certificates.all()}, one.main.code if one.main else ""


def _lead(records: Sequence[Record], known: Mapping[str, Any], edition: Edition, moved: set[str]) -> None:
    """Tell co-exhibitors on whose stand they are, once everybody has a row."""
    beside = [row for row in records if row["id"] in moved and (row["main"] or known[row["id"]].main_id)]
    elsewhere = {row["main"] for row in beside} - known.keys() - {""}
    leaders = {**known, **_known(edition.organisations.all(), sorted(elsewhere)), "": None}
    for row in beside:
        known[row["id"]].main = leaders[row["main"]]
    Organisation.objects.bulk_update([known[row["id"]] for row in beside], ["main"], batch_size=BATCH)


def _stand(
    records: Sequence[Record], known: Mapping[str, Any], nodes: Mapping[str, int], changed: list[Any]
) -> None:
    through = Organisation.nodes.through
    through.objects.filter(organisation__in=changed).delete()
    through.objects.bulk_create(
        (
            through(organisation_id=known[row["id"]].pk, node_id=nodes[node])
            for row in records
            for node in row["nodes"]
        ),
        batch_size=BATCH,
    )


def _certify(
    records: Sequence[Record], known: Mapping[str, Any], changed: list[Any], by: Person | None
) -> None:
    """What is stated anew is stated; what was seen or verified stays so while it is stated."""
    held: dict[int, set[str]] = defaultdict(set)
    stated = {known[row["id"]].pk: row["certificates"] for row in records}
    for one in Certificate.objects.filter(organisation__in=changed):
        if one.name in stated[one.organisation_id]:
            held[one.organisation_id].add(one.name)
        else:
            signed(one, by).delete()
    new = [
        Certificate(organisation_id=key, name=name)
        for key, names in stated.items()
        for name in names
        if name not in held[key]
    ]
    Certificate.objects.bulk_create(new, batch_size=BATCH)
    remember(Certificate, new, by, "+")


def store_listings(
    edition: Edition,
    side: str,
    records: Sequence[Record],
    *,
    by: Person | None = None,
    status: str = VALIDATED,
) -> list[Listing]:
    """Offers or needs; the new ones get a status. Returns them in the order given."""
    known = _known(edition.listings.filter(side=side), [row["id"] for row in records])
    there = set(known)
    owners = dict(edition.organisations.values_list("code", "pk"))
    nodes = {"": None, **dict(edition.nodes.values_list("code", "pk"))}
    made, changed = [], []
    for row in records:
        one = known.setdefault(
            row["id"], Listing(edition=edition, side=side, status=status, submitted=timezone.now())
        )
        places = {"organisation_id": owners[row["organisation"]], "node_id": nodes[row["node"]]}
        new = _apply(one, fields(row, *("organisation", "node")) | places)
        if row["id"] not in there:
            made.append(one)
        elif new:
            changed.append(one)
    Listing.objects.bulk_create(made, batch_size=BATCH)
    if changed:
        names = [*fields(records[0], *("id", "organisation", "node")), "organisation", "node"]
        Listing.objects.bulk_update(changed, names, batch_size=BATCH)
    remember(Listing, made, by, "+")
    remember(Listing, changed, by, "~")
    return [known[row["id"]] for row in records]


def store_slots(edition: Edition, records: Sequence[Record], *, by: Person | None = None) -> None:
    _store_plain(edition, Slot, records, [fields(row) for row in records], by)


def store_places(edition: Edition, records: Sequence[Record], *, by: Person | None = None) -> None:
    owners = {"": None, **dict(edition.organisations.values_list("code", "pk"))}
    facts = [fields(row, "organisation", organisation_id=owners[row["organisation"]]) for row in records]
    _store_plain(edition, Place, records, facts, by)


def store_interpreters(edition: Edition, records: Sequence[Record], *, by: Person | None = None) -> None:
    _store_plain(edition, Interpreter, records, [fields(row) for row in records], by)


def store_activity(edition: Edition, row: Record) -> Activity:
    """One activity of the programme."""
    there = edition.activities.filter(code=row["id"]).first()
    one = there or Activity(edition=edition, code=row["id"])
    chain = edition.chains.get(code=row["chain"]) if row["chain"] else None
    if _apply(one, fields(row, chain=chain)) or there is None:
        one.save()
    return one


def _store_plain(
    edition: Edition,
    model: Any,
    records: Sequence[Record],
    facts: Sequence[Mapping[str, Any]],
    by: Person | None,
) -> None:
    known = _known(model.objects.filter(edition=edition), [row["id"] for row in records])
    made, changed = [], []
    for row, told in zip(records, facts, strict=True):
        one = known.get(row["id"])
        if one is None:
            made.append(model(edition=edition, **told))
        elif _apply(one, told):
            changed.append(one)
    model.objects.bulk_create(made, batch_size=BATCH)
    for one in changed:
        one.save_without_historical_record()
    remember(model, made, by, "+")
    remember(model, changed, by, "~")


def fields(row: Record, *without: str, **instead: Any) -> dict[str, Any]:
    """A record's columns as the fields of a row: `id` is its code, tuples are lists, as they are read back."""
    values = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in row.items()
        if name not in (*without, "id")
    }
    return values | ({"code": row["id"]} if "id" in row else {}) | instead


def remember(model: Any, rows: list[Any], by: Person | None, how: str) -> None:
    """Put rows that were written together into the history, with the links they stand at."""
    if not rows:
        return
    kept = model.history.bulk_history_create(
        rows, batch_size=BATCH, update=how == "~", default_user=by, default_date=timezone.now()
    )
    if model is Organisation:
        entry = {one.id: one.history_id for one in kept}
        past = apps.get_model("fairlink", "HistoricalOrganisation_nodes")
        pairs = Organisation.nodes.through.objects.filter(organisation__in=rows).values_list(
            "id", "organisation_id", "node_id"
        )
        past.objects.bulk_create(
            (
                past(id=key, organisation_id=one, node_id=node, history_id=entry[one])
                for key, one, node in pairs
            ),
            batch_size=BATCH,
        )


def tokens(one: Organisation, listings: Iterable[tuple[Mapping[str, str], Sequence[str]]]) -> str:
    """What a search finds an organisation by: names and texts, its country, and what its codes are called."""
    said = [one.code, one.city, *one.name.values(), *one.description.values()]
    titles: list[str] = []
    codes: list[str] = []
    for title, goods in listings:
        titles += title.values()
        codes += goods
    for language in vocabulary.NAMED_IN:
        said.append(vocabulary.country(one.country, language) if one.country else "")
        said += [vocabulary.label(code, language) for code in codes]
    return " ".join(dict.fromkeys(search.tokens(" ".join([*said, *titles]))))


def retoken(organisations: Sequence[Organisation]) -> None:
    """Make what organisations are found by agree with what of them is visible."""
    if not organisations:
        return
    said = defaultdict(list)
    shown = Listing.objects.valid().filter(organisation__in=organisations, status=VALIDATED)
    for owner, title, codes in shown.values_list("organisation", "title", "codes"):
        said[owner].append((title, codes))
    for one in organisations:
        one.tokens = tokens(one, said[one.pk])
    Organisation.objects.bulk_update(organisations, ["tokens"], batch_size=BATCH)
    index(organisations)


def index(organisations: Sequence[Organisation]) -> None:
    """Make what a search looks in agree with the rows; PostgreSQL's index follows its rows by itself."""
    if connection.vendor == "sqlite" and organisations:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT OR REPLACE INTO fairlink_organisation_search (rowid, tokens) VALUES (%s, %s)",
                [(one.pk, one.tokens) for one in organisations],
            )


def forget_removed() -> None:
    """Nothing is found, or kept, of organisations that are gone."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM fairlink_organisation_search "
                "WHERE rowid NOT IN (SELECT id FROM fairlink_organisation)"
            )


def forget_history(edition: int) -> None:
    """Remove what the rows of an edition once were."""
    of_edition = {
        "HistoricalOrganisation_nodes": "history__edition",
        "HistoricalNode_feeds": "history__edition",
        "HistoricalEdition": "id",
    }
    firms = apps.get_model("fairlink", "HistoricalOrganisation").objects.filter(edition=edition)
    apps.get_model("fairlink", "HistoricalCertificate").objects.filter(
        organisation__in=firms.values("id")
    ).delete()
    for name in (
        "Chain",
        "Edition",
        "Exclusion",
        "Interpreter",
        "Listing",
        "Membership",
        "Node",
        "Organisation",
        "Place",
        "Slot",
        "Wish",
    ):
        for past in (f"Historical{name}_nodes", f"Historical{name}_feeds", f"Historical{name}"):
            if past in of_edition or "_" not in past:
                rows = apps.get_model("fairlink", past).objects
                rows.filter(**{of_edition.get(past, "edition"): edition}).delete()
