"""The validation queue: what waits, one entry after the other, with scores, verdict and reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fairlink.expo import EVIDENCE
from fairlink_site import permissions
from fairlink_site.actions.duplicates import likely, merge
from fairlink_site.actions.reviews import review, see_certificate, validate_all
from fairlink_site.models import Edition, Organisation, Person, Review
from fairlink_site.models.organisations import DRAFT
from fairlink_site.pages.tenancy import edition_form, for_those, show
from fairlink_site.refusals import Refused

A_PAGE = 50
CRITERIA = {
    "advantages": gettext_lazy("Advantages"),
    "clarity": gettext_lazy("Clarity"),
    "expectations": gettext_lazy("What is expected of a partner"),
    "language": gettext_lazy("Language"),
}
SHARED = {
    "lei": gettext_lazy("the same LEI"),
    "registration": gettext_lazy("the same registration number"),
    "website": gettext_lazy("the same website"),
    "name": gettext_lazy("nearly the same name"),
}


@edition_form
@for_those(permissions.review)
def queue(request: HttpRequest, edition: Edition) -> HttpResponse:
    if request.method == "POST":
        do = request.POST.get("do", "")
        codes = None if do in ("all", "all_taken_over") else request.POST.getlist("organisation")
        try:
            number = validate_all(edition, codes, by=_person(request), taken_over=do.endswith("taken_over"))
        except Refused as no:
            messages.error(request, str(no.words))
        else:
            words = ngettext(
                "%(number)d organisation validated.", "%(number)d organisations validated.", number
            )
            (messages.success if number else messages.info)(request, words % {"number": number})
        return redirect("queue", edition=edition.slug)
    listed = edition.listings.filter(status="submitted").values("organisation")
    found = edition.organisations.filter(Q(status="submitted") | Q(pk__in=listed)).order_by(
        "submitted", "code"
    )
    page, drafts = (
        Paginator(rows.prefetch_related("listings"), A_PAGE).get_page(request.GET.get("page"))
        for rows in (found, edition.organisations.taken_over(edition))
    )
    return show(
        request,
        "queue",
        edition,
        page=page,
        rows=_counted(page, "submitted"),
        drafts=drafts,
        taken_over=_counted(drafts, DRAFT),
        total=page.paginator.count,
        whole=edition.organisations.filter(status="submitted").count(),
    )


@edition_form
@for_those(permissions.review)
def review_one(request: HttpRequest, edition: Edition, organisation: str) -> HttpResponse:
    found = get_object_or_404(edition.organisations, code=organisation)
    attended = found.attended
    if attended and found.status == DRAFT:
        raise Http404
    if request.method == "POST" and _judge(request, found):
        return redirect("review", edition=edition.slug, organisation=found.code)
    seen = found.listings.exclude(status=DRAFT) if attended else found.listings
    listings = seen.select_related("node").order_by("side", "pk")
    history = list(found.reviews.select_related("by", "listing"))
    latest: dict[Any, Review] = {}
    for one in history:
        latest.setdefault(one.listing_id, one)
    return show(
        request,
        "review",
        edition,
        organisation=found,
        entries=[(f"listing-{one.pk}", one, latest.get(one.pk)) for one in listings],
        certificates=found.certificates.all(),
        evidence=EVIDENCE,
        verdicts=Review.VERDICTS,
        criteria=list(CRITERIA.items()),
        points=range(6),
        history=history,
        typed=_typed(request),
        following=_following(edition, found),
    )


def _counted(rows: Iterable[Organisation], status: str) -> list[tuple[Organisation, int]]:
    """Organisations, and how many of the offers and needs of each stand so."""
    return [(one, sum(each.status == status for each in one.listings.all())) for one in rows]


def _following(edition: Edition, found: Organisation) -> Organisation | None:
    """Whoever waits longest; where nobody waits, the next of those that were taken over."""
    sent_in = edition.organisations.filter(status="submitted").exclude(pk=found.pk).order_by("submitted")
    following: Organisation | None = sent_in.first()
    return following or edition.organisations.taken_over(edition).filter(code__gt=found.code).first()


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What was written for one entry and could not be taken as it is, so that nobody writes it again."""
    scores = {one: request.POST.get(f"score-{one}", "") for one in CRITERIA}
    return {"about": request.POST.get("about"), "reason": request.POST.get("reason", ""), "scores": scores}


def _judge(request: HttpRequest, organisation: Organisation) -> bool:
    """One verdict at a time, so that a refusal of one says what is missing there. Whether it was taken."""
    entry: Any = organisation
    about = request.POST.get("about", "")
    if about.startswith("certificate-"):
        key = about.removeprefix("certificate-")
        if not key.isdecimal() or request.POST.get("evidence") not in EVIDENCE:
            raise Http404
        certificate = get_object_or_404(organisation.certificates, pk=int(key[:18]))
        see_certificate(certificate, request.POST["evidence"], by=_person(request))
        return True
    if about.startswith("listing-"):
        key = about.removeprefix("listing-")
        if not key.isdecimal():
            raise Http404
        entry = get_object_or_404(organisation.listings, pk=int(key[:18]))
    elif about != "organisation":
        raise Http404
    verdict = request.POST.get("verdict", "")
    if verdict not in Review.VERDICTS:
        messages.error(request, _("Choose a verdict."))
        return False
    given = {one: request.POST.get(f"score-{one}", "") for one in CRITERIA}
    try:
        review(
            entry,
            verdict,
            scores={one: int(points) for one, points in given.items() if points in set("012345")},
            reason=request.POST.get("reason", "").replace("\x00", "")[:2000],
            by=_person(request),
        )
    except Refused as no:
        messages.error(request, str(no.words))
        return False
    messages.success(request, _("Saved."))
    return True


@edition_form
@for_those(permissions.manage_edition)
def duplicates(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Organisations that may be one, to be merged."""
    if request.method == "POST":
        kept, other = (
            get_object_or_404(edition.organisations, code=request.POST.get(name, "").replace("\x00", ""))
            for name in ("kept", "other")
        )
        try:
            merge(kept, other, by=_person(request))
        except Refused as no:
            messages.error(request, str(no.words))
        else:
            messages.success(request, _("They are one now."))
        return redirect("duplicates", edition=edition.slug)
    groups = likely(edition)
    page = Paginator(groups, A_PAGE).get_page(request.GET.get("page"))
    rows = edition.organisations.in_bulk([key for _what, keys in page for key in keys])
    told = [(SHARED[what], [rows[key] for key in keys if key in rows]) for what, keys in page]
    return show(request, "duplicates", edition, page=page, told=told, total=len(groups))


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # noqa: S101  only members come here
    return request.user
