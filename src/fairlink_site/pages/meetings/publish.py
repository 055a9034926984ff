"""Before a timetable is published: what that changes, for whom, and how many letters it sends."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from fairlink_site.actions.meetings import publishing
from fairlink_site.actions.work import start
from fairlink_site.models import Edition, Membership, Run
from fairlink_site.models.meetings import TOLD
from fairlink_site.models.people import OF_ORGANISATIONS
from fairlink_site.pages.meetings.differences import Difference, difference
from fairlink_site.pages.meetings.timetables import find
from fairlink_site.pages.setup.doors import attempted, organiser_form, person
from fairlink_site.pages.tenancy import show


@organiser_form
def publish(request: HttpRequest, edition: Edition, run: int) -> HttpResponse:
    chosen = find(edition, run)
    if request.method == "POST":
        if attempted(request, lambda: _publish(request, chosen), _("Published.")):
            return redirect("timetables", edition=edition.slug)
        return redirect("timetable", edition=edition.slug, run=run)
    before = edition.runs.filter(kind="meetings", current=True).first()
    found = difference(before, chosen)
    return show(
        request,
        "timetable_publish",
        edition,
        run=chosen,
        before=before,
        back=before is not None and chosen.published is not None and chosen.made < before.made,
        difference=found,
        concerned=len(found.concerned),
        people=_people(edition, found),
        told=edition.phase in (*TOLD, "matching") and edition.phase != "closed",
        moves_on=edition.phase == "matching",
    )


def _publish(request: HttpRequest, run: Run) -> None:
    publishing.publish(run, by=person(request))
    start(run.edition, "announce", by=person(request), subject=run.pk)


def _people(edition: Edition, found: Difference) -> int:
    """How many people belong to the organisations whose calendar becomes another."""
    members = Membership.objects.filter(
        edition=edition, role__in=OF_ORGANISATIONS, person__is_active=True, organisation__in=found.concerned
    )
    return members.values("person").distinct().count()
