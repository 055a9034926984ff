"""Work in the background: asked for on a page, done by a worker, seen as it goes on.

The queue is only a messenger. What is to be done stands in a job's row; whoever claims the row does it, once. A
worker that dies leaves a row without a sign of life, and `rescue` gives it to another: nothing is lost, and since a
job writes its result in one transaction, nothing is done by halves.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django_q.models import OrmQ
from django_q.tasks import async_task

from fairlink.errors import BadExpo
from fairlink.meetings import Standing
from fairlink_site.actions.codes import read_names
from fairlink_site.actions.imports import bring_in
from fairlink_site.actions.meetings.making import make_timetable
from fairlink_site.actions.meetings.publishing import announce
from fairlink_site.actions.messages import deliver
from fairlink_site.actions.partners import recommend_partners, repeat_matching, stand_by, welcome_newcomer
from fairlink_site.actions.report import count_figures
from fairlink_site.models import Edition, Import, Job, Organisation, Person, Run
from fairlink_site.refusals import Refused

Progress = Callable[[str, int, int], None]
BEAT = 5  # seconds between signs of life
SILENT = timedelta(seconds=30)  # after so long without one a worker is taken for dead
ATTEMPTS = 3
CHANGES = ("partners", "meetings", "import", "welcome")  # kinds of job that make an edition another
_TASK = "fairlink_site.actions.work.take_up"
_log = logging.getLogger(__name__)


def _partners(job: Job, progress: Progress) -> None:
    run = recommend_partners(job.edition, progress=progress)
    read_names(progress)
    count_figures(job.edition)
    if job.edition.phase == "matching":
        stand_by(run, progress)


def _meetings(job: Job, progress: Progress) -> None:
    make_timetable(
        job.edition,
        by=job.by,
        seconds=job.standing.get("seconds"),
        stop=_asked_to_stop(job.pk),
        watch=_watched(job),
        progress=progress,
    )


def _announce(job: Job, progress: Progress) -> None:
    run = Run.objects.filter(edition=job.edition, kind="meetings", pk=job.subject or 0).first()
    if run is not None:
        announce(run)
        count_figures(job.edition)


def _figures(job: Job, progress: Progress) -> None:
    count_figures(job.edition)


def _import(job: Job, progress: Progress) -> None:
    found = Import.objects.get(edition=job.edition, pk=job.subject or 0)
    if found.state != "done":  # by whoever did this job before and could not say so any more
        bring_in(found, by=job.by)


def _repeat(job: Job, progress: Progress) -> None:
    repeat_matching(job.edition, progress=progress)


def _welcome(job: Job, progress: Progress) -> None:
    found = Organisation.objects.visible().filter(edition=job.edition, pk=job.subject or 0).first()
    if found is not None:  # else it was withdrawn, or is validated again, meanwhile
        welcome_newcomer(job.edition, found, progress=progress)


DONE_BY: dict[str, Callable[[Job, Progress], None]] = {
    "partners": _partners,
    "meetings": _meetings,
    "announce": _announce,
    "figures": _figures,
    "import": _import,
    "repeat": _repeat,
    "welcome": _welcome,
}


@transaction.atomic
def start(
    edition: Edition,
    kind: str,
    *,
    by: Person | None = None,
    subject: int | None = None,
    standing: Mapping[str, Any] | None = None,
) -> Job:
    """Ask for something to be done, but not for what is waiting already.

    What is being done may be asked for again, since rows may have changed after it began; but not an import, which is
    done once for all. `standing` is what the work begins with. Raises Refused: edition_closed, where the edition is
    over and this would change it.
    """
    if edition.phase == "closed" and kind in CHANGES:
        raise Refused("edition_closed")
    # Lock the edition first: two people may be pressing the same button.
    Edition.objects.select_for_update().get(pk=edition.pk)
    states = Job.OPEN if kind == "import" else ("waiting",)
    asked = edition.jobs.filter(kind=kind, subject=subject, state__in=states).first()
    if asked:
        return asked
    begun = dict(standing or {})
    job = Job.objects.create(edition=edition, kind=kind, by=by, subject=subject, standing=begun)
    async_task(_TASK, job.pk)  # a row of the same database: it is there if and when the job is
    return job


def ask_to_stop(edition: Edition, kind: str) -> None:
    """Let what is being done of a kind end with what it has by then."""
    edition.jobs.filter(kind=kind, state__in=Job.OPEN).update(stop=True)


def take_up(key: int) -> None:
    """Do a job, if nobody has taken it up before."""
    now = timezone.now()
    claimed = Job.objects.filter(pk=key, state="waiting").update(
        state="working", started=now, beat=now, attempts=F("attempts") + 1, stage="", done=0, total=0
    )
    if not claimed:
        return
    job = Job.objects.select_related("edition", "by").get(pk=key)
    try:
        with _beating(key):
            DONE_BY[job.kind](job, _told(key))
    except Refused as no:
        _end(key, "failed", no.code)
    except BadExpo as error:
        _end(key, "failed", f"problem {error.problems[0]}"[:200])
    except Exception as error:  # noqa: BLE001  whatever it is, the job has ended and says so
        _log.exception("Job %s (%s) failed", key, job.kind)
        _end(key, "failed", type(error).__name__)
    else:
        _end(key, "done")


def _end(key: int, state: str, reason: str = "") -> None:
    Job.objects.filter(pk=key, state="working").update(state=state, reason=reason, ended=timezone.now())


@contextmanager
def _beating(key: int) -> Iterator[None]:
    """Signs of life from a thread of the worker's own: they stop when the process does, whatever it is at."""
    over = threading.Event()

    def beat() -> None:
        try:
            while not over.wait(BEAT):
                Job.objects.filter(pk=key, state="working").update(beat=timezone.now())
        finally:
            connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _told(key: int) -> Progress:
    """Keep how far a job is, once a second at the most."""
    last = datetime.min.replace(tzinfo=timezone.get_current_timezone())

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal last
        now = timezone.now()
        if now - last >= timedelta(seconds=1):
            last = now
            Job.objects.filter(pk=key).update(stage=stage, done=done, total=total, beat=now)

    return tell


def _watched(job: Job) -> Callable[[Standing], None]:
    """Keep how a timetable stands, once a second at the most."""
    begun, last = dict(job.standing), 0.0

    def watch(standing: Standing) -> None:
        nonlocal last
        if time.monotonic() - last >= 1:
            last = time.monotonic()
            Job.objects.filter(pk=job.pk).update(standing=begun | asdict(standing))

    return watch


def _asked_to_stop(key: int) -> Callable[[], bool]:
    """Whether somebody wants a job to end; the row is asked once a second at the most."""
    last, asked = 0.0, False

    def stop() -> bool:
        nonlocal last, asked
        if not asked and time.monotonic() - last >= 1:
            last = time.monotonic()
            asked = Job.objects.filter(pk=key, stop=True).exists()
        return asked

    return stop


def deliver_letters() -> int:
    """Send what is due; asked for every minute."""
    return deliver(timezone.now())


def rescue(now: datetime | None = None) -> int:
    """Give jobs whose worker is gone, or whose message was lost, to another. Returns how many."""
    silent = (now or timezone.now()) - SILENT
    rescued = 0
    for job in Job.objects.filter(state="working", beat__lt=silent):
        if job.attempts >= ATTEMPTS:
            _end(job.pk, "failed", "gave_up")
        elif Job.objects.filter(edition=job.edition_id, kind=job.kind, subject=job.subject, state="waiting"):
            _end(job.pk, "failed", "asked_again")
        else:
            with transaction.atomic():
                Job.objects.filter(pk=job.pk, state="working").update(
                    state="waiting", made=now or timezone.now()
                )
                async_task(_TASK, job.pk)
            rescued += 1
    lost = Job.objects.filter(state="waiting", made__lt=silent) if not OrmQ.objects.exists() else ()
    for job in lost:
        async_task(_TASK, job.pk)  # harmless if the first message still comes: one of them finds it taken
        rescued += 1
    return rescued
