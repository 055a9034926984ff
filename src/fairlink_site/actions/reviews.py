"""Validating what participants sent in; what is not validated is not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from fairlink_site.actions import records
from fairlink_site.actions.messages import tell
from fairlink_site.actions.partners import newcomers
from fairlink_site.actions.work import start
from fairlink_site.models import Certificate, Edition, Listing, Organisation, Person, Review
from fairlink_site.models.organisations import DRAFT, VALIDATED
from fairlink_site.refusals import Refused

# Of 20: below this a text is not good enough to be shown; a single criterion of 0 holds it, too.
SUFFICIENT = 10
FEW = 10  # newcomers at a time for whom no other list is made anew


@transaction.atomic
def review(
    entry: Organisation | Listing,
    verdict: str,
    *,
    scores: Mapping[str, int] | None = None,
    reason: str = "",
    by: Person,
) -> Review:
    """Accept an entry, ask for changes or refuse it; kept with scores and reason.

    Raises Refused: reason_missing, scores_missing, score_too_low, not_submitted.
    """
    entry = type(entry).objects.select_for_update().get(pk=entry.pk)
    organisation = entry.organisation if isinstance(entry, Listing) else entry
    if entry.status == DRAFT and organisation.attended:
        raise Refused("not_submitted")
    if verdict != "validated" and not reason.strip():
        raise Refused("reason_missing")
    scores = dict(scores or {})
    if isinstance(entry, Listing) and verdict == "validated":
        _demand_scores(scores)
    listing = entry if isinstance(entry, Listing) else None
    entry.status = verdict
    records.signed(entry, by).save(update_fields=["status"])
    made = Review.objects.create(
        edition=entry.edition,
        organisation=organisation,
        listing=listing,
        verdict=verdict,
        scores=scores,
        reason=reason.strip(),
        by=by,
    )
    records.retoken([organisation])
    _tell(made)
    _match_again(entry.edition, [organisation], by)
    return made


def _tell(made: Review) -> None:
    """Let everybody who belongs to the organisation know."""
    organisation, edition = made.organisation, made.edition
    for membership in organisation.memberships.select_related("person"):
        tell(
            membership.person,
            made.verdict,
            edition=edition,
            data={
                "organisation": organisation.name,
                "listing": made.listing.title if made.listing else "",
                "reason": made.reason,
            },
            path=f"/{edition.slug}/organisations/{organisation.code}/profile/",
        )


def _demand_scores(scores: Mapping[str, int]) -> None:
    if set(scores) != set(Review.CRITERIA):
        raise Refused("scores_missing")
    if min(scores.values()) == 0 or sum(scores.values()) < SUFFICIENT:
        raise Refused("score_too_low", least=SUFFICIENT)


@transaction.atomic
def validate_all(edition: Edition, codes: list[str] | None, *, by: Person, taken_over: bool = False) -> int:
    """Accept organisations that were sent in, with their offers and needs, without scores: all, or those of some codes.

    For lists that somebody has validated elsewhere; `taken_over`: for drafts of an earlier edition that nobody takes
    part for yet. Returns how many organisations. Raises Refused: nothing_chosen.
    """
    if codes is not None and not codes:
        raise Refused("nothing_chosen")
    rows = edition.organisations
    waiting = rows.taken_over(edition) if taken_over else rows.filter(status="submitted")
    found = list(waiting if codes is None else waiting.filter(code__in=codes))
    listings = list(
        Listing.objects.filter(organisation__in=found, status=DRAFT if taken_over else "submitted")
    )
    for one in (*found, *listings):
        one.status = VALIDATED
    Organisation.objects.bulk_update(found, ["status"], batch_size=records.BATCH)
    Listing.objects.bulk_update(listings, ["status"], batch_size=records.BATCH)
    records.remember(Organisation, found, by, "~")
    records.remember(Listing, listings, by, "~")
    made = Review.objects.bulk_create(
        (Review(edition=edition, organisation=one, verdict="validated", by=by) for one in found),
        batch_size=records.BATCH,
    )
    with_people = set(edition.memberships.values_list("organisation", flat=True))
    for one in made:
        if one.organisation_id in with_people:
            _tell(one)
    records.retoken(found)
    if found:
        _match_again(edition, found, by)
    return len(found)


@transaction.atomic
def see_certificate(certificate: Certificate, evidence: str, *, by: Person) -> None:
    """Say how far a certificate is known: stated, document seen, verified."""
    certificate.evidence = evidence
    records.signed(certificate, by).save(update_fields=["evidence"])


def _match_again(edition: Edition, organisations: Sequence[Organisation], by: Person) -> None:
    """Whoever has just come in is matched at once, where lists are already told.

    A few newcomers get lists of their own; where more come, or what others say has changed, all lists are made anew.
    """
    run = edition.runs.filter(kind="partners", current=True).first()
    if edition.phase != "matching" or run is None:
        return
    keys = {one.pk for one in organisations}
    if len(keys) <= FEW and newcomers(run).filter(pk__in=keys).count() == len(keys):
        for one in organisations:
            start(edition, "welcome", by=by, subject=one.pk)
    else:
        start(edition, "partners", by=by)
