"""The chains: drawn as SVG on the server, and said again as a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from fairlink.chain import is_gap, layout
from fairlink.expo import STAGES
from fairlink_site import snapshot
from fairlink_site.facets import facets
from fairlink_site.models import Chain, Edition, Node
from fairlink_site.pages.chain_drawing import Box, draw
from fairlink_site.pages.tenancy import edition_page, show
from fairlink_site.wording import pick


@dataclass(frozen=True)
class Link:
    """A node with who stands there, for the map and its table."""

    node: Node
    feeds: list[Node]
    organisations: int
    offering: int
    seeking: int
    gap: bool
    box: Box


@edition_page
def chains(request: HttpRequest, edition: Edition) -> HttpResponse:
    """The first chain; an edition without chains says what would fill the page."""
    first = edition.chains.first()
    if first:
        return redirect("chain", edition=edition.slug, chain=first.code)
    return show(request, "chain", edition, chains=[], chain=None)


@edition_page
def chain(request: HttpRequest, edition: Edition, chain: str) -> HttpResponse:
    found = get_object_or_404(edition.chains, code=chain)
    if not found.nodes.exists():
        return show(request, "chain", edition, chain=found, chains=edition.chains.all(), drawing=None)
    noun = snapshot.chain(edition)
    laid = layout(noun, noun.chains.index(chain))
    nodes = {node.code: node for node in found.nodes.prefetch_related("feeds__chain")}
    ordered = [nodes[noun.ids[row]] for row in laid.nodes]
    drawing = draw(laid, [pick(node.name)[0] for node in ordered], [node.stage for node in ordered])
    return show(
        request,
        "chain",
        edition,
        chain=found,
        chains=edition.chains.all(),
        links=_links(edition, found, ordered, drawing.boxes),
        drawing=drawing,
    )


def _links(edition: Edition, chain: Chain, nodes: list[Node], boxes: tuple[Box, ...]) -> list[Link]:
    """Two queries, however many nodes."""
    standing = {node["node"]: here.bit_count() for node, here in facets(edition).nodes}
    listed = _numbers(
        edition.listings.visible().filter(node__chain=chain).values_list("node", "side"), "organisation"
    )
    return [
        Link(
            node=node,
            feeds=list(node.feeds.all()),
            organisations=standing[node.code],
            offering=listed[node.pk, "offer"],
            seeking=listed[node.pk, "need"],
            gap=bool(is_gap(essential=node.essential, offering=listed[node.pk, "offer"])),
            box=box,
        )
        for node, box in zip(nodes, boxes, strict=True)
    ]


def _numbers(rows: Any, counted: str) -> Counter[tuple[Any, ...]]:
    found = rows.annotate(n=Count(counted, distinct=True)).order_by()
    return Counter({tuple(key): number for *key, number in found})


def overview(edition: Edition) -> list[tuple[Chain, list[tuple[str, int]]]]:
    """Each chain with the organisations on each of its stages."""
    known = facets(edition)
    counted = {
        chain: known.counts("stage", {"chain": chain}, known.everybody)
        for chain in edition.chains.values_list("code", flat=True)
    }
    return [
        (one, [(stage, counted[one.code][stage]) for stage in STAGES if stage in counted[one.code]])
        for one in edition.chains.all()
    ]
