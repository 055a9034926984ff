"""The room of timetables: those that were made, the one being made, and each with its figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairlink_site import permissions, wording
from fairlink_site.actions.meetings import publishing
from fairlink_site.actions.work import ask_to_stop, start
from fairlink_site.models import Edition, Job, Person, Run, UnplacedMeeting
from fairlink_site.pages.downloads import file_of
from fairlink_site.pages.meetings.helping import helps
from fairlink_site.pages.meetings.spread import alone, halls, lacks, spread, told
from fairlink_site.pages.setup.doors import attempted, organiser_form, person
from fairlink_site.pages.tenancy import edition_page, for_those, show

A_PAGE = 50
JOBS_SHOWN = 3
SEARCHES = {15: gettext_lazy("15 seconds"), 60: gettext_lazy("1 minute"), 300: gettext_lazy("5 minutes")}


def organiser_page(page: Any) -> Any:
    """A page of an edition that only organisers read."""
    return edition_page(for_those(permissions.manage_edition)(page))


class Made(NamedTuple):
    """A timetable as the list shows it: by whom, how near to the bound, and whether it waits to be published."""

    run: Run
    by: Person | None
    reached: float
    stopped: bool


@organiser_form
def timetables(request: HttpRequest, edition: Edition) -> HttpResponse:
    do = request.POST.get("do", "")
    if request.method == "POST":
        if do not in ("make", "stop"):
            raise Http404
        _make(request, edition) if do == "make" else _stop(edition)
        return redirect("timetables", edition=edition.slug)
    jobs = list(edition.jobs.filter(kind__in=("meetings", "announce")).select_related("edition")[:JOBS_SHOWN])
    found = list(edition.runs.filter(kind="meetings"))
    return show(
        request,
        "timetables",
        edition,
        made=list(_made(found)),
        current=next((run for run in found if run.current), None),
        jobs=[(job, progress(job), job.kind == "meetings" and job.state in Job.OPEN) for job in jobs],
        open_job=any(job.kind == "meetings" and job.state in Job.OPEN for job in jobs),
        open_jobs=any(job.state in Job.OPEN for job in jobs),
        searches=SEARCHES,
    )


def _make(request: HttpRequest, edition: Edition) -> None:
    if edition.jobs.filter(kind="meetings", state__in=Job.OPEN).exists():
        messages.info(request, _("This is being done already."))
        return
    seconds = next((one for one in SEARCHES if str(one) == request.POST.get("seconds")), min(SEARCHES))
    attempted(
        request,
        lambda: start(edition, "meetings", by=person(request), standing={"seconds": seconds}),
        _("It will be done in the background; this page shows how far it is."),
    )


def _stop(edition: Edition) -> None:
    ask_to_stop(edition, "meetings")


def progress(job: Job) -> dict[str, Any]:
    """How good the timetable is that a job has so far; {} where it cannot say yet."""
    standing: Mapping[str, Any] = job.standing
    if job.state != "working" or not standing.get("bound"):
        return {}
    gap = 1 - standing["gain"] / standing["bound"]
    return {**standing, "gap": max(gap, 0)}


def _made(runs: list[Run]) -> Iterator[Made]:
    people = Person.objects.in_bulk([run.measures["by"] for run in runs if run.measures.get("by")])
    for run in runs:
        yield Made(run, people.get(run.measures.get("by")), reached(run), bool(run.measures.get("stopped")))


def reached(run: Run) -> float:
    """The share of the bound that a timetable gains."""
    bound = run.measures["upper_bound"]
    return float(run.measures["gain"] / bound) if bound else 1.0


def find(edition: Edition, key: int) -> Run:
    return get_object_or_404(edition.runs, kind="meetings", pk=key)


@organiser_form
def timetable(request: HttpRequest, edition: Edition, run: int) -> HttpResponse:
    found = find(edition, run)
    do = request.POST.get("do", "")
    if request.method == "POST":
        if do not in ("lock", "unlock"):
            raise Http404
        attempted(request, lambda: publishing.lock(found, locked=do == "lock", by=person(request)))
        return redirect("timetable", edition=edition.slug, run=run)
    spread_ = spread(edition, found)
    page = Paginator(spread_.alone, A_PAGE).get_page(request.GET.get("page"))
    held = halls(found)
    return show(
        request,
        "timetable",
        edition,
        run=found,
        one=next(_made([found])),
        others=edition.runs.filter(kind="meetings").exclude(pk=run),
        spread=spread_,
        halls=[(hall, count, 100 * count / held[0][1]) for hall, count in held],
        lacks=[told(lack) for lack in lacks(edition, found)],
        helps=list(helps(found)),
        page=page,
        alone=[
            (one, wording.say("objections", f"short.{reason[0]}"))
            for one, reason in alone(edition, found, tuple(page.object_list))
        ],
    )


@organiser_page
def timetable_file(request: HttpRequest, edition: Edition, run: int, form: str) -> HttpResponseBase:
    """Every meeting of a timetable, and those without a time below, with why and what would help."""
    found = find(edition, run)
    return file_of(_lines(found), f"{edition.slug}-timetable-{run}", form)


HEADINGS = ("day", "start", "end", "hall", "place", "host", "guest", "state", "gain_host", "gain_guest")


def _lines(run: Run) -> Iterator[list[str]]:
    yield [*HEADINGS, "reason", "remedy", "interpreter"]
    meetings = run.meetings.select_related("slot", "place", "interpreter").prefetch_related(
        "seats__organisation"
    )
    for one in meetings.iterator(chunk_size=1000):
        host, guest = sorted(one.seats.all(), key=lambda seat: not seat.host)
        when = [one.slot.day.isoformat(), f"{one.slot.start:%H:%M}", f"{one.slot.end:%H:%M}"]
        parties = [host.organisation.code, guest.organisation.code]
        gains = [str(host.gain), str(guest.gain)]
        speaker = one.interpreter.code if one.interpreter else ""
        yield [*when, one.place.hall, one.place.code, *parties, one.state, *gains, "", "", speaker]
    left = UnplacedMeeting.objects.filter(run=run).select_related("first", "second")
    for lost in left.iterator(chunk_size=1000):
        nowhere = [""] * 5
        parties = [lost.first.code, lost.second.code]
        gains = [str(lost.gain_first), str(lost.gain_second)]
        yield [*nowhere, *parties, "unplaced", *gains, lost.reason[0], lost.remedy[0], ""]
