"""Suggest partners to everybody in an edition."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

import fairlink
from fairlink.expo import PASSED_OVER
from fairlink.partners import Standing, Suggestions
from fairlink.provenance import fingerprint
from fairlink_site.actions.report import measured
from fairlink_site.actions.runs import store_run
from fairlink_site.encoder import encoder
from fairlink_site.models import Edition, Organisation, PassedOver, Review, Run, Suggestion
from fairlink_site.models.wishes import NEVER
from fairlink_site.refusals import Refused
from fairlink_site.snapshot import among, snapshot, without

_BATCH = 500


def recommend_partners(
    edition: Edition, *, seed: int = 0, progress: Callable[[str, int, int], None] | None = None
) -> Run:
    """Match everybody and make the lists the current ones. The lists before stay with their run."""
    started = time.perf_counter()
    expo = snapshot(edition)
    found = fairlink.partners.recommend(expo, seed=seed, encoder=encoder(), progress=progress)
    figures = fairlink.report.figures(expo, suggestions=found)
    with transaction.atomic():
        run = store_run(
            edition,
            "partners",
            found.provenance,
            seconds=time.perf_counter() - started,
            measures=asdict(found.measures) | {"figures": measured(figures), "lists": _digest(found)},
        )
        Suggestion.objects.bulk_create(_rows(edition, expo, found, run), batch_size=_BATCH)
        PassedOver.objects.bulk_create(_passed_over(edition, expo, found, run), batch_size=_BATCH)
    return run


def newcomers(run: Run) -> QuerySet[Organisation]:
    """Who was validated for the first time since the lists were made."""
    reviews = Review.objects.filter(edition=run.edition_id, verdict="validated", listing=None)
    known = reviews.filter(made__lte=run.made)
    late = reviews.filter(made__gt=run.made).exclude(organisation__in=known.values("organisation"))
    return Organisation.objects.visible().filter(edition=run.edition_id, pk__in=late.values("organisation"))


def welcome_newcomer(
    edition: Edition, organisation: Organisation, *, progress: Callable[[str, int, int], None] | None = None
) -> None:
    """Suggest partners to somebody who came after the lists were made, and it to those who gain; no list is made anew.

    It stands at the end of their lists. The first to come waits until the others are read; the next ones do not.
    Raises Refused: nothing_matched.
    """
    run = edition.runs.filter(kind="partners", current=True).first()
    if run is None or not newcomers(run).filter(pk=organisation.pk).exists():
        raise Refused("nothing_matched")
    stands = stand_by(run, progress)
    expo, found = fairlink.partners.welcome(
        stands, among(edition, (organisation,)), encoder=encoder(), apart=_apart(organisation)
    )
    with transaction.atomic():
        # Lock the run first: somebody else may be welcomed at the same moment, and places in lists are counted.
        run = Run.objects.select_for_update().get(pk=run.pk)
        run.suggestions.filter(Q(organisation=organisation) | Q(partner=organisation)).delete()
        last = dict(run.suggestions.values_list("organisation__code").annotate(Max("rank")))
        places = [last.get(expo.ids[row], 0) + 1 for row in found.partner[found.mutual]]
        theirs = found.mirrored(found.mutual.nonzero()[0], places)
        for rows in (found, theirs):
            Suggestion.objects.bulk_create(_rows(edition, expo, rows, run), batch_size=_BATCH)
        run.measures["newcomers"] = sorted({*run.measures.get("newcomers", ()), organisation.code})
        run.save(update_fields=["measures"])


def _apart(organisation: Organisation) -> set[str]:
    """Who is not to meet it, by a never of either or because the organiser says so."""
    nevers = organisation.edition.wishes.filter(kind=NEVER)
    mine = nevers.filter(organisation=organisation).values_list("partner__code", flat=True)
    theirs = nevers.filter(partner=organisation).values_list("organisation__code", flat=True)
    kept = Organisation.objects.filter(pk__in=organisation.edition.exclusions.others(organisation))
    return {*mine, *theirs, *kept.values_list("code", flat=True)}


_STANDING: dict[int, Standing] = {}  # of the latest run that somebody came after, in this process


def stand_by(run: Run, progress: Callable[[str, int, int], None] | None = None) -> Standing:
    """Keep at hand, in this process, what a newcomer to a run is set beside."""
    if run.pk not in _STANDING:
        expo = without(run.edition, newcomers(run))
        rows = {code: row for row, code in enumerate(expo.ids)}
        told = [
            (rows[code], gain * partner_gain)
            for code, gain, partner_gain in run.suggestions.values_list(
                "organisation__code", "gain", "partner_gain"
            ).iterator(chunk_size=10 * _BATCH)
            if code in rows
        ]
        _STANDING.clear()
        _STANDING[run.pk] = fairlink.partners.standing(
            expo,
            [row for row, _ in told],
            [worth for _, worth in told],
            encoder=encoder(),
            progress=progress,
        )
    return _STANDING[run.pk]


def repeat_matching(edition: Edition, *, progress: Callable[[str, int, int], None] | None = None) -> Run:
    """Match once more as the current lists were, and keep beside them whether input and lists came out the same.

    Raises Refused: nothing_matched.
    """
    run = edition.runs.filter(kind="partners", current=True).first()
    if run is None:
        raise Refused("nothing_matched")
    expo = snapshot(edition)
    found = fairlink.partners.recommend(expo, seed=run.seed, encoder=encoder(), progress=progress)
    same = {
        "input": found.provenance.fingerprint == run.fingerprint,
        "parameters": dict(found.provenance.parameters) == run.parameters,
        "lists": _digest(found) == run.measures.get("lists"),
    }
    with transaction.atomic():
        # Lock the run first: its measures are written whole.
        run = edition.runs.select_for_update().get(pk=run.pk)
        run.measures["repeated"] = {"on": timezone.now().isoformat(), **same}
        run.save(update_fields=["measures"])
    return run


def _digest(found: Suggestions) -> str:
    """What the lists come to: the same digits for the same lists."""
    return fingerprint(found.organisation, found.partner, found.rank, found.gain, found.partner_gain)


def _rows(edition: Edition, expo: fairlink.Expo, found: Suggestions, run: Run) -> Iterator[Suggestion]:
    organisations = dict(edition.organisations.values_list("code", "pk"))
    offers = dict(edition.listings.filter(side="offer").values_list("code", "pk"))
    needs = dict(edition.listings.filter(side="need").values_list("code", "pk"))
    for row, why in enumerate(fairlink.partners.reasons(expo, found)):
        need, offer, partner_need, own_offer = (
            int(rows[row]) for rows in (found.need, found.offer, found.partner_need, found.own_offer)
        )
        yield Suggestion(
            run=run,
            organisation_id=organisations[expo.ids[found.organisation[row]]],
            partner_id=organisations[expo.ids[found.partner[row]]],
            rank=int(found.rank[row]),
            gain=int(found.gain[row]),
            partner_gain=int(found.partner_gain[row]),
            need_id=needs[expo.needs.ids[need]] if need >= 0 else None,
            offer_id=offers[expo.offers.ids[offer]] if offer >= 0 else None,
            partner_need_id=needs[expo.needs.ids[partner_need]] if partner_need >= 0 else None,
            own_offer_id=offers[expo.offers.ids[own_offer]] if own_offer >= 0 else None,
            reasons=[[reason.code, _ids(expo, reason.data), *reason.points] for reason in why],
        )


def _passed_over(edition: Edition, expo: fairlink.Expo, found: Suggestions, run: Run) -> Iterator[PassedOver]:
    organisations = dict(edition.organisations.values_list("code", "pk"))
    others = fairlink.partners.passed_over(expo, found)
    for row in range(len(others.partner)):
        yield PassedOver(
            run=run,
            organisation_id=organisations[expo.ids[others.organisation[row]]],
            partner_id=organisations[expo.ids[others.partner[row]]],
            gain=int(others.gain[row]),
            partner_gain=int(others.partner_gain[row]),
            reason=PASSED_OVER[others.reason[row]],
            lists=int(others.lists[row]),
        )


def _ids(expo: fairlink.Expo, data: Mapping[str, Any]) -> dict[str, Any]:
    """Row numbers mean nothing outside the snapshot: a node is kept by its code, listings by the row above."""
    kept = {key: value for key, value in data.items() if key not in ("need", "offer")}
    if "node" in kept:
        kept["node"] = expo.chain.ids[kept["node"]]
    return kept
