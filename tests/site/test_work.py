"""Work in the background: asked for once, done once, seen as it goes on, and taken up again when a worker dies."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ

from fairlink.tables import Records
from fairlink_site.actions import work
from fairlink_site.actions.partners import recommend_partners
from fairlink_site.actions.people import appoint
from fairlink_site.models import Job, Person


@pytest.fixture
def ada(edition):
    made = Person.objects.create_user("ada@example.org", "quay-lantern-9", name="Ada")
    appoint(made, edition, role="organiser")
    return made


def test_the_same_thing_is_asked_for_once(edition, ada):
    first = work.start(edition, "figures", by=ada)
    second = work.start(edition, "figures", by=ada)

    assert first == second
    assert OrmQ.objects.count() == 1
    assert work.start(edition, "partners", by=ada) != first


def test_what_is_being_done_already_is_not_started_from_a_button(client, edition, ada):
    job = work.start(edition, "figures", by=ada)
    Job.objects.filter(pk=job.pk).update(state="working", beat=timezone.now())
    client.force_login(ada)

    page = client.post(f"/en/{edition.slug}/organise/", {"kind": "figures"}, follow=True)

    assert "This is being done already." in page.content.decode()
    assert edition.jobs.filter(kind="figures").count() == 1


def test_a_matching_is_repeated_and_says_whether_the_same_came_out(client, edition, ada):
    edition.runs.all().delete()
    work.take_up(work.start(edition, "repeat", by=ada).pk)
    assert edition.jobs.get(kind="repeat").state == "failed"  # nothing has been matched
    recommend_partners(edition)

    def told():
        edition.jobs.filter(kind="repeat").delete()
        work.take_up(work.start(edition, "repeat", by=ada).pk)
        return " ".join(client.get(f"/en/{edition.slug}/partners/").content.decode().split())

    page = told()
    assert "the same lists came out, to the digit." in page
    assert "Who is seen, and by what right" in page
    run = edition.runs.get(kind="partners", current=True)
    assert run.measures["lists"] in page
    seen = {group["dimension"] for group in run.measures["groups"]}
    assert seen == {"size", "kind", "country_group", "language"}

    edition.listings.filter(side="need").first().delete()
    assert "entries or facts of the edition have changed since" in told()


def test_a_closed_edition_is_not_matched_placed_or_filled_any_more(client, edition, ada):
    edition.phase = "closed"
    edition.save()
    client.force_login(ada)
    for kind in ("partners", "meetings"):
        page = client.post(f"/en/{edition.slug}/organise/", {"kind": kind}, follow=True)
        assert "The edition is closed" in page.content.decode()
    client.post(f"/en/{edition.slug}/organise/", {"kind": "figures"})

    assert [job.kind for job in edition.jobs.all()] == ["figures"]


def test_a_job_is_done_once_whoever_takes_it_up(edition, ada, monkeypatch):
    done = []
    monkeypatch.setitem(work.DONE_BY, "figures", lambda job, progress: done.append(job.pk))
    job = work.start(edition, "figures", by=ada)

    work.take_up(job.pk)
    work.take_up(job.pk)

    job.refresh_from_db()
    assert (done, job.state, job.attempts) == ([job.pk], "done", 1)


def test_how_far_a_job_is_stands_in_its_row(edition, ada, monkeypatch):
    seen = []

    def slowly(job, progress):
        progress("scoring", 3, 10)
        seen.append(Job.objects.values_list("state", "stage", "done", "total").get(pk=job.pk))

    monkeypatch.setitem(work.DONE_BY, "figures", slowly)
    work.take_up(work.start(edition, "figures", by=ada).pk)

    assert seen == [("working", "scoring", 3, 10)]


def test_a_job_that_fails_says_so_and_breaks_nothing(client, edition, ada, monkeypatch):
    def fail(job, progress):
        raise ZeroDivisionError

    monkeypatch.setitem(work.DONE_BY, "figures", fail)
    job = work.start(edition, "figures", by=ada)
    work.take_up(job.pk)

    job.refresh_from_db()
    assert (job.state, job.reason) == ("failed", "ZeroDivisionError")
    client.force_login(ada)
    assert "could not be done" in client.get(f"/en/{edition.slug}/organise/").content.decode()


def test_a_job_whose_worker_is_gone_is_given_to_another_but_not_for_ever(edition, ada):
    job = work.start(edition, "figures", by=ada)
    long_ago = timezone.now() - timedelta(minutes=5)
    told = []
    for _ in range(work.ATTEMPTS):
        Job.objects.filter(pk=job.pk).update(state="working", beat=long_ago, attempts=len(told) + 1)
        told.append(work.rescue())

    job.refresh_from_db()
    assert told == [1, 1, 0]
    assert (job.state, job.reason) == ("failed", "gave_up")


def test_a_job_that_shows_signs_of_life_is_left_alone(edition, ada):
    job = work.start(edition, "figures", by=ada)
    Job.objects.filter(pk=job.pk).update(state="working", beat=timezone.now())

    assert work.rescue() == 0


def test_a_job_whose_message_was_lost_is_sent_again(edition, ada):
    job = work.start(edition, "figures", by=ada)
    OrmQ.objects.all().delete()
    Job.objects.filter(pk=job.pk).update(made=timezone.now() - timedelta(minutes=5))

    assert work.rescue() == 1
    assert OrmQ.objects.count() == 1


def test_every_kind_of_job_can_be_done():
    assert set(work.DONE_BY) == set(Job.KINDS)


def test_what_is_kept_for_a_while_only_is_removed_after_it(edition, ada):
    from fairlink_site.actions.imports import upload
    from fairlink_site.actions.people import invite
    from fairlink_site.actions.retention import tidy

    upload(edition, "organisations", b"id,name:en\nx,A\n", "x.csv", by=ada)
    done = upload(edition, "organisations", b"id,name:en\nx,A\n", "y.csv", by=ada)
    done.state = "done"
    done.save()
    invite(edition, "late@example.org", role="analyst", address="")
    job = work.start(edition, "figures", by=ada)
    work.take_up(job.pk)

    assert tidy() == {"imports": 0, "jobs": 0, "invitations": 0, "messages": 0, "notes": 0}
    assert tidy(timezone.now() + timedelta(days=200)) == {
        "imports": 1,
        "jobs": 1,
        "invitations": 1,
        "messages": 0,
        "notes": 0,
    }
    assert list(edition.imports.values_list("file", flat=True)) == ["y.csv"]


def test_old_results_go_but_for_the_last_few(edition, monkeypatch):
    from fairlink_site.actions import runs
    from fairlink_site.actions.partners import recommend_partners

    monkeypatch.setattr(runs, "KEPT", 2)
    made = [recommend_partners(edition).pk for _ in range(4)]

    assert sorted(edition.runs.filter(kind="partners").values_list("pk", flat=True)) == made[-3:]
    assert edition.runs.get(kind="partners", current=True).pk == made[-1]


SLOW = """
import time
from fairlink_site.actions import work
work.BEAT = 0.2
work.DONE_BY["figures"] = lambda job, progress: time.sleep(60)
work.take_up({key})
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor == "sqlite" and "memory" in str(settings.DATABASES["default"]["NAME"]),
    reason="needs a file",
)
def test_kill_minus_nine_of_a_worker_in_mid_job_loses_nothing(few_records, tmp_path):
    """A real process is killed while it works; the job it had claimed is done by the next."""
    from fairlink_site.actions.editions import open_edition, remove_edition

    database = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not Path(str(database)).exists():
        pytest.skip("the test database is in memory here; PostgreSQL has one that another process can reach")
    row = {**few_records["edition"][0], "id": "killed"}
    edition = open_edition(Records({**few_records.tables, "edition": [row]}))
    try:
        job = work.start(edition, "figures")
        environment = os.environ | {
            "FAIRLINK_DATABASE": _address(),
            "DJANGO_SETTINGS_MODULE": "fairlink_site.settings",
        }
        script = f"import django; django.setup()\n{SLOW.format(key=job.pk)}"
        with subprocess.Popen([sys.executable, "-c", script], env=environment) as worker:
            for _ in range(200):
                job.refresh_from_db()
                if job.state == "working":
                    break
                time.sleep(0.1)
            worker.send_signal(signal.SIGKILL)
        assert job.state == "working"

        assert work.rescue(timezone.now() + work.SILENT + timedelta(seconds=5)) == 1
        work.take_up(job.pk)

        job.refresh_from_db()
        assert (job.state, job.attempts) == ("done", 2)
        assert edition.figures.exists()
    finally:
        remove_edition(edition)


def _address():
    """The test database, as the settings name databases."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    return f"postgresql://{found['USER']}@/{found['NAME']}?host={found['HOST'] or found['OPTIONS']['host']}"
