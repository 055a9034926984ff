"""One small expo in the database, made by the real actions from the real sample."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.core.management import call_command
from playwright.sync_api import sync_playwright

from fairlink import files
from fairlink.tables import Records
from fairlink_site.actions.editions import open_edition
from fairlink_site.actions.meetings.making import make_timetable
from fairlink_site.actions.meetings.publishing import publish
from fairlink_site.actions.partners import recommend_partners
from fairlink_site.actions.report import count_figures
from fairlink_site.models import Edition

FEW = 60  # organisations of the small expo
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
PATIENCE = 120  # seconds for the demo to be ready


@pytest.fixture(scope="session", autouse=True)
def static_files():
    """Pages name their files by content, so these are collected first."""
    call_command("collectstatic", verbosity=0, interactive=False)


@pytest.fixture(scope="session")
def sample_records(sample):
    return files.read_records(sample)


@pytest.fixture(scope="session")
def few_records(sample_records):
    """The sample cut down to a few organisations of every role, with everything that names only them."""
    tables = {name: list(rows) for name, rows in sample_records.tables.items()}
    step = len(tables["organisations"]) // FEW
    kept = {row["id"] for row in tables["organisations"][::step]}
    tables["organisations"] = [row for row in tables["organisations"] if row["id"] in kept]
    for name in ("offers", "needs", "debuts"):
        tables[name] = [row for row in tables[name] if row["organisation"] in kept]
    tables["places"] = [row for row in tables["places"] if row["organisation"] in kept | {""}]
    tables["agreements"] = [row for row in tables["agreements"] if kept.issuperset(row["parties"])]
    return Records(tables)


@pytest.fixture(scope="session")
def small_expo(django_db_setup, django_db_blocker, few_records):
    """An edition with a few organisations, matched, timetabled and counted; tests only read it."""
    with django_db_blocker.unblock():
        edition = open_edition(few_records)
        recommend_partners(edition)
        publish(make_timetable(edition))
        count_figures(edition)
    return edition


@pytest.fixture
def edition(db, small_expo):
    return Edition.objects.get(pk=small_expo.pk)


@pytest.fixture
def exhibitor(edition):
    """Somebody with suggestions, meetings and wishes that found no time, where the expo has one."""
    meeting = edition.organisations.filter(seats__isnull=False, suggestions__isnull=False).distinct()
    return meeting.filter(unplaced_first__isnull=False).first() or meeting.first()


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """Where the demo keeps its database."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def demo(home):
    """The demo as `./run demo` starts it, with a database of its own; gives its address."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing in CI")
        pytest.skip("Chromium is not installed here: no test in a real browser")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"FAIRLINK_HOME": str(home)}
    environment.pop("FAIRLINK_DATABASE", None)
    command = [sys.executable, "-m", "fairlink_site.command", "demo", "--no-browser", "--port", str(port)]
    log = home / "log"
    with log.open("w") as out, subprocess.Popen(command, env=environment, stdout=out) as server:
        try:
            yield _ready(f"http://localhost:{port}", server, log)
        finally:
            server.terminate()


def _ready(address, server, log):
    for _ in range(PATIENCE * 4):
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310  our own address
        except urllib.error.URLError:
            time.sleep(0.25)
        else:
            return address
    pytest.fail("the demo did not answer")


@pytest.fixture(scope="session")
def password(demo, home):
    """Of the accounts that the demo opens, as it prints it."""
    return (home / "password").read_text()


@pytest.fixture(scope="module")
def browser(demo):
    """Of one module: while it runs, nothing else in this process may ask the database."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield found
        found.close()
