"""Draw the chains: add, name, order and connect chains and their links; the whole never runs in a circle."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from fairlink.tables import TABLES, Record, Records
from fairlink_site import snapshot
from fairlink_site.actions.records import ask_rules, put_in_order, signed, store_node
from fairlink_site.models import Chain, Edition, Node, Person
from fairlink_site.refusals import Refused


@transaction.atomic
def add_chain(edition: Edition, name: Mapping[str, str], *, by: Person | None = None) -> Chain:
    """A chain without links, behind the others."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    code = _code(name, "chain", set(edition.chains.values_list("code", flat=True)))
    chain = Chain(edition=edition, code=code, name=dict(name), position=_last(edition.chains) + 1)
    signed(chain, by).save()
    return chain


@transaction.atomic
def rename_chain(chain: Chain, name: Mapping[str, str], *, by: Person | None = None) -> None:
    chain.name = dict(name)
    signed(chain, by).save()


@transaction.atomic
def move_chain(chain: Chain, step: int, *, by: Person | None = None) -> None:
    """One place up (−1) or down (+1), where there is one."""
    edition = Edition.objects.select_for_update().get(pk=chain.edition_id)
    put_in_order(_moved(list(edition.chains.all()), chain, step), by=by)


@transaction.atomic
def remove_chain(chain: Chain, *, by: Person | None = None) -> None:
    """Remove a chain on which nothing hangs. Raises Refused: chain_not_empty."""
    Edition.objects.select_for_update().get(pk=chain.edition_id)
    if chain.nodes.exists() or chain.activities.exists():
        raise Refused("chain_not_empty")
    signed(chain, by).delete()


@transaction.atomic
def save_node(chain: Chain, record: Record, *, node: Node | None = None, by: Person | None = None) -> Node:
    """Add a link to a chain, or change one of its links.

    Raises fairlink.BadExpo: circle, unknown_reference, and nothing is changed.
    """
    edition = Edition.objects.select_for_update().get(pk=chain.edition_id)
    before = list(snapshot.chain_records(edition))
    taken = {row["node"] for row in before}
    code = node.code if node else _code(record["name"], f"{chain.code[:50]}-link", taken)
    row = {**record, "node": code, "chain": chain.code, "chain_name": chain.name}
    others = [one for one in before if one["node"] != code]
    ask_rules(_alone(before), _alone([*others, row]))
    return store_node(chain, row, position=node.position if node else _last(edition.nodes) + 1, by=by)


@transaction.atomic
def move_node(node: Node, step: int, *, by: Person | None = None) -> None:
    """One place up (−1) or down (+1) among the links of its stage, where there is one."""
    Edition.objects.select_for_update().get(pk=node.edition_id)
    beside = list(node.chain.nodes.filter(stage=node.stage))
    put_in_order(_moved(beside, node, step), by=by)


@transaction.atomic
def remove_node(node: Node, *, by: Person | None = None) -> None:
    """Remove a link; offers, needs, debuts and agreements there lose it. Raises Refused: node_in_use."""
    Edition.objects.select_for_update().get(pk=node.edition_id)
    if node.organisations.exists():
        raise Refused("node_in_use")
    signed(node, by).delete()


def _alone(rows: Sequence[Record]) -> Records:
    return Records({"chain": rows}, missing=frozenset(set(TABLES) - {"chain"}))


def _last(rows: Any) -> int:
    highest: int | None = rows.aggregate(last=Max("position"))["last"]
    return -1 if highest is None else highest


def _moved(rows: list[Any], row: Any, step: int) -> list[Any]:
    at = rows.index(row)
    to = min(max(at + step, 0), len(rows) - 1)
    rows.insert(to, rows.pop(at))
    return rows


def _code(name: Mapping[str, str], otherwise: str, taken: Collection[str]) -> str:
    """A short code of Latin letters from the name; where it has none, a number behind another word."""
    words = next((found for text in name.values() if (found := slugify(text)[:56].strip("-"))), "")
    number = 1
    code = words or f"{otherwise}-1"
    while code in taken:
        number += 1
        code = f"{words or otherwise}-{number}"
    return code
