"""The organiser's desk: what waits, what runs in the background, and the way to every room."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from fairlink.expo import ANSWERS
from fairlink_site import permissions
from fairlink_site.actions.work import start
from fairlink_site.models import Edition, Job
from fairlink_site.models.organisations import STATUSES
from fairlink_site.models.wishes import EXPIRED, NEVER, PENDING
from fairlink_site.pages.tenancy import edition_form, for_those, show
from fairlink_site.refusals import Refused

ASKED = ("partners", "meetings", "figures", "repeat")  # what can be asked for here
SHOWN = 12


@edition_form
@for_those(permissions.manage_edition)
def organise(request: HttpRequest, edition: Edition) -> HttpResponse:
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        if kind in ASKED and edition.jobs.filter(kind=kind, state__in=Job.OPEN).exists():
            messages.info(request, _("This is being done already."))
        elif kind in ASKED:
            _ask(request, edition, kind)
        return redirect("organise", edition=edition.slug)
    counted = dict(edition.organisations.values_list("status").annotate(n=Count("pk")).order_by())
    listed = dict(edition.listings.values_list("status").annotate(n=Count("pk")).order_by())
    jobs = list(edition.jobs.select_related("edition")[:SHOWN])
    return show(
        request,
        "organise",
        edition,
        statuses=[(one, counted.get(one, 0), listed.get(one, 0)) for one in STATUSES],
        taken_over=edition.organisations.taken_over(edition).exists(),
        waiting=counted.get("submitted", 0) + listed.get("submitted", 0),
        jobs=jobs,
        open_jobs=any(job.state in job.OPEN for job in jobs),
        asked=ASKED,
        wishes=_wishes(edition),
        runs={run.kind: run for run in edition.runs.filter(current=True)},
    )


def _ask(request: HttpRequest, edition: Edition, kind: str) -> None:
    try:
        start(edition, kind, by=request.user)  # type: ignore[arg-type]
    except Refused as no:
        messages.error(request, str(no.words))
    else:
        messages.success(request, _("It will be done in the background; this page shows how far it is."))


def _wishes(edition: Edition) -> list[tuple[str, int]]:
    """How many wishes stand how: what waits, what came of it, and last those where nobody was asked."""
    sent = edition.wishes.exclude(kind=NEVER)
    number = dict(sent.order_by().values_list("answer").annotate(n=Count("pk")))
    waiting = sent.waiting(timezone.now()).count()
    number[EXPIRED] = number.get(EXPIRED, 0) + number.get(PENDING, 0) - waiting
    number[PENDING] = waiting
    return [(one, number[one]) for one in (*ANSWERS, "") if number.get(one)]
