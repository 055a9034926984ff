"""The chains as a map to be edited: chains, their links, and what feeds what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from fairlink import cells
from fairlink.chain import layout
from fairlink.errors import BadExpo
from fairlink.expo import STAGES
from fairlink.tables import CHAIN
from fairlink_site import snapshot
from fairlink_site.actions.chain import (
    add_chain,
    move_chain,
    move_node,
    remove_chain,
    remove_node,
    rename_chain,
    save_node,
)
from fairlink_site.models import Chain, Edition, Node
from fairlink_site.pages.chain_drawing import Drawing, draw
from fairlink_site.pages.setup.doors import accepted, attempted, organiser_form, person
from fairlink_site.pages.tenancy import show
from fairlink_site.record_forms import RecordForm
from fairlink_site.wording import pick

STEPS = {"up": -1, "down": 1}
LINK = ("name", "stage", "codes", "essential", "feeds")


@organiser_form
def chains(request: HttpRequest, edition: Edition) -> HttpResponse:
    do = request.POST.get("do", "")
    if request.method == "POST" and do not in ("add", "remove", *STEPS):
        raise Http404
    form = _name_form(edition, request.POST if do == "add" else None)
    if do == "add" and accepted(
        request, form, lambda: add_chain(edition, form.record["chain_name"], by=person(request))
    ):
        return redirect("setup_chains", edition=edition.slug)
    if do and do != "add":
        _change_chain(request, _chosen(edition.chains.all(), request.POST.get("chain", "")), do)
        return redirect("setup_chains", edition=edition.slug)
    return show(request, "setup_chains", edition, form=form, chains=edition.chains.prefetch_related("nodes"))


def _name_form(edition: Edition, data: Any, chain: Chain | None = None) -> RecordForm:
    record = {**cells.blank(CHAIN), "chain_name": chain.name if chain else {}}
    return RecordForm(CHAIN, ("chain_name",), data, record=record, languages=edition.languages)


def _chosen(rows: Any, code: str) -> Any:
    """The row that a button names; whatever else it may name is not here."""
    for row in rows:
        if row.code == code:
            return row
    raise Http404


def _change_chain(request: HttpRequest, chain: Chain, do: str) -> None:
    if do == "remove":
        attempted(request, lambda: remove_chain(chain, by=person(request)))
    else:
        attempted(request, lambda: move_chain(chain, STEPS[do], by=person(request)))


@organiser_form
def chain(request: HttpRequest, edition: Edition, chain: str) -> HttpResponse:
    found = get_object_or_404(edition.chains, code=chain)
    do = request.POST.get("do", "")
    if request.method == "POST" and do not in ("name", *STEPS):
        raise Http404
    form = _name_form(edition, request.POST if do == "name" else None, found)
    if do == "name" and accepted(
        request, form, lambda: rename_chain(found, form.record["chain_name"], by=person(request))
    ):
        return redirect("setup_chain", edition=edition.slug, chain=found.code)
    if do in STEPS:
        node = _chosen(found.nodes.all(), request.POST.get("node", ""))
        attempted(request, lambda: move_node(node, STEPS[do], by=person(request)))
        return redirect("setup_chain", edition=edition.slug, chain=found.code)
    nodes = list(found.nodes.prefetch_related("feeds__chain"))
    drawing, boxes = _drawn(edition, found, nodes)
    return show(
        request,
        "setup_chain",
        edition,
        chain=found,
        form=form,
        stages=[(stage, [node for node in nodes if node.stage == stage]) for stage in STAGES],
        drawing=drawing,
        boxes=boxes,
    )


def _drawn(edition: Edition, chain: Chain, nodes: list[Node]) -> tuple[Drawing | None, list[Any]]:
    """The map, and each of its boxes with its link; none of a chain without links."""
    if not nodes:
        return None, []
    noun = snapshot.chain(edition)
    laid = layout(noun, noun.chains.index(chain.code))
    known = {node.code: node for node in nodes}
    ordered = [known[noun.ids[row]] for row in laid.nodes]
    drawing = draw(laid, [pick(node.name)[0] for node in ordered], [node.stage for node in ordered])
    return drawing, list(zip(ordered, drawing.boxes, strict=True))


@organiser_form
def new_node(request: HttpRequest, edition: Edition, chain: str) -> HttpResponse:
    return _node(request, edition, get_object_or_404(edition.chains, code=chain), None)


@organiser_form
def node(request: HttpRequest, edition: Edition, node: str) -> HttpResponse:
    found = get_object_or_404(edition.nodes.select_related("chain"), code=node)
    return _node(request, edition, found.chain, found)


def _node(request: HttpRequest, edition: Edition, chain: Chain, node: Node | None) -> HttpResponse:
    record = {**cells.blank(CHAIN), "chain": chain.code}
    if node:
        record = next(row for row in snapshot.chain_records(edition) if row["node"] == node.code)
    form = RecordForm(
        CHAIN,
        LINK,
        request.POST if request.method == "POST" else None,
        record=record,
        languages=edition.languages,
        options={"feeds": _others(edition, node)},
    )
    if form.is_bound and accepted(request, form, lambda: _save(request, edition, chain, node, form)):
        return redirect("setup_chain", edition=edition.slug, chain=chain.code)
    return show(request, "setup_node", edition, form=form, chain=chain, node=node)


def _others(edition: Edition, node: Node | None) -> list[tuple[str, Any]]:
    """Every other link, under the name of its chain."""
    groups = []
    for chain in edition.chains.prefetch_related("nodes"):
        own = [(one.code, pick(one.name)[0]) for one in chain.nodes.all() if one != node]
        if own:
            groups.append((pick(chain.name)[0], own))
    return groups


def _save(request: HttpRequest, edition: Edition, chain: Chain, node: Node | None, form: RecordForm) -> None:
    """Save the link; a circle is told by the names of its links, in the direction in which they feed."""
    try:
        save_node(chain, form.record, node=node, by=person(request))
    except BadExpo as error:
        circles = [one for one in error.problems if one.code == "circle"]
        for one in circles:
            form.add_error("feeds", _around(edition, one.data["nodes"]))
        raise BadExpo([one for one in error.problems if one not in circles]) from None


def _around(edition: Edition, codes: Sequence[str]) -> str:
    names = {one.code: pick(one.name)[0] for one in edition.nodes.all()}
    links = " → ".join(names[code] for code in reversed(codes))
    return _("This would close a circle: %(links)s. A chain runs one way, so nothing was changed.") % {
        "links": links
    }


@organiser_form
def remove(request: HttpRequest, edition: Edition, node: str) -> HttpResponse:
    """What hangs on a link is told before it goes."""
    found = get_object_or_404(edition.nodes.select_related("chain"), code=node)
    standing = found.organisations.count()
    if request.method == "POST":
        if attempted(request, lambda: remove_node(found, by=person(request))):
            return redirect("setup_chain", edition=edition.slug, chain=found.chain.code)
        return redirect("setup_node", edition=edition.slug, node=found.code)
    return show(
        request,
        "setup_remove",
        edition,
        node=found,
        standing=standing,
        listings=found.listings.count(),
        records=found.debuts.count() + found.agreements.count(),
        flows=[*found.feeds.all(), *found.fed_by.all()],
    )
