"""`fairlink-site demo`: an embedded database with the sample expo, matched and timetabled, served on loopback."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import webbrowser
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from fairlink import files, vocabulary
from fairlink.expo import SMALL
from fairlink.provenance import fingerprint
from fairlink_site.actions.codes import read_names
from fairlink_site.actions.editions import open_edition, remove_edition
from fairlink_site.actions.meetings.making import make_timetable
from fairlink_site.actions.meetings.publishing import publish
from fairlink_site.actions.partners import recommend_partners
from fairlink_site.actions.people import appoint
from fairlink_site.actions.report import count_figures
from fairlink_site.encoder import encoder
from fairlink_site.models import Edition, Person
from fairlink_site.settings import kept

SOURCES = Path(__file__).resolve().parents[3]
SAMPLE = SOURCES.parent / "samples" / "first-expo"
ORGANISER, EXHIBITOR = "organiser@example.org", "exhibitor@example.org"
FIRST_PORT, LAST_PORT = 8000, 8040
T = TypeVar("T")
Process: TypeAlias = "subprocess.Popen[bytes]"
PATIENCE = 60  # seconds for the server to answer


class Command(BaseCommand):
    help = "Fill an embedded database with the sample expo, match, make the timetable, and serve the site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help=f"default: the first free one from {FIRST_PORT}")
        parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
        parser.add_argument("--no-serve", action="store_true", help="prepare everything, then stop")
        parser.add_argument("--fresh", action="store_true", help="make the sample expo anew")

    def handle(self, *args: Any, **options: Any) -> None:
        port = options["port"] or _free_port()
        settings.HOME.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        edition = self._edition(fresh=options["fresh"])
        if not options["no_serve"]:
            self._serve(edition, port, browser=not options["no_browser"])

    def _edition(self, *, fresh: bool) -> Edition:
        """The sample expo as this code makes it from the files as they are; made anew when either changed."""
        mark = settings.HOME / "sample.made"
        found = files.read_records(SAMPLE)
        made_from = f"{fingerprint(found.tables)} {_sources()}"
        edition = Edition.objects.filter(slug=found["edition"][0]["id"]).first()
        if edition and not fresh and mark.exists() and mark.read_text() == made_from:
            return edition
        if edition and not edition.sample:
            raise CommandError(f"{edition.slug} in this database is no sample; the demo does not touch it.")
        if edition:
            remove_edition(edition)
        reader = encoder()
        if reader is not None:
            reader.processes = min(os.cpu_count() or 1, 4)  # nobody else needs them yet
        edition = self._step("Opening the sample expo", open_edition, found)
        self._step("Finding partners for everybody", recommend_partners, edition)
        self._step("Reading the names of all codes", read_names)
        self._step("Making the timetable (the first time, its loops are compiled)", self._publish, edition)
        self._step("Counting the figures", count_figures, edition)
        open_accounts(edition, kept("password", 12), _example(edition))
        mark.write_text(made_from)
        return edition

    def _step(self, words: str, action: Callable[..., T], *arguments: Any) -> T:
        started = time.monotonic()
        self.stdout.write(f"{words} … ", ending="")
        self.stdout.flush()
        result = action(*arguments)
        self.stdout.write(f"{time.monotonic() - started:.1f} s")
        return result

    def _publish(self, edition: Edition) -> None:
        publish(make_timetable(edition))

    def _serve(self, edition: Edition, port: int, *, browser: bool) -> None:
        address = f"http://localhost:{port}/"
        # Whoever stops the demo stops its processes too.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with _running(_server(port), address) as server, _running(_WORKER, address) as worker:
            try:
                _wait(address, server[0])
                self._welcome(edition, address)
                if browser:
                    webbrowser.open(address)
                self._watch(server, worker, address)
            except KeyboardInterrupt:
                self.stdout.write("\nStopped.")

    def _watch(self, server: list[Process], worker: list[Process], address: str) -> None:
        """Wait for the server to end; a worker that ends is replaced, and goes on where it was."""
        while server[0].poll() is None:
            time.sleep(1)
            if worker[0].poll() is not None:
                self.stderr.write(
                    f"The worker ended with exit code {worker[0].returncode}; another takes over."
                )
                worker[0] = _begin(_WORKER, address)
        if server[0].returncode not in (0, -2, -15):
            raise CommandError(f"The server stopped with exit code {server[0].returncode}.")

    def _welcome(self, edition: Edition, address: str) -> None:
        first = _example(edition)
        self.stdout.write(f"\nFairlink is at {address}   (中文: {address}zh-hans/)\n")
        self.stdout.write("Look first at")
        for words, path in (
            ("the figures and what each one means", "figures/"),
            ("the chains, drawn: who stands where, and what feeds what", "chain/"),
            ("one organisation: whom it should meet, and why", f"organisations/{first}/"),
            ("its timetable, and what could not be placed", f"organisations/{first}/calendar/"),
        ):
            self.stdout.write(f"  {address}en/{edition.slug}/{path:<34} {words}")
        self.stdout.write(f"Sign in as {ORGANISER} or {EXHIBITOR}, password {kept('password', 12)}")
        self.stdout.write(
            f"Letters, such as codes to confirm an address, are files in {settings.EMAIL_FILE_PATH}."
        )
        self.stdout.write("Ctrl-C stops it.")


def _server(port: int) -> list[str]:
    return [
        *("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "4", "--log-level", "warning"),
        "fairlink_site.wsgi:application",
    ]


_WORKER = ["-m", "fairlink_site.command", "worker"]


def _begin(words: list[str], address: str) -> Process:
    environment = {"FAIRLINK_SITE": address} | os.environ | {"FAIRLINK_DEMO": "yes"}
    return subprocess.Popen([sys.executable, *words], env=environment)  # noqa: S603  our own interpreter


@contextlib.contextmanager
def _running(words: list[str], address: str) -> Iterator[list[Process]]:
    """A process in a list of one, where another may take its place; whichever it is ends with the block."""
    held = [_begin(words, address)]
    try:
        yield held
    finally:
        held[0].terminate()
        try:
            held[0].wait(10)
        except subprocess.TimeoutExpired:
            held[0].kill()
            held[0].wait()


def _sources() -> str:
    """A key of the code that makes the sample expo; after an update it is made anew."""
    code = b"".join(path.read_bytes() for path in sorted(SOURCES.rglob("*.py")))
    return hashlib.sha256(code).hexdigest()[:16]


def _example(edition: Edition) -> str:
    """A small firm from a least developed country, where there is one: the one the expo must not forget."""
    far = edition.organisations.filter(country__in=vocabulary.group("LDC", edition.start), size__in=SMALL)
    organisation = far.filter(seats__isnull=False).first() or edition.organisations.first()
    return organisation.code if organisation else ""


def _free_port() -> int:
    for port in range(FIRST_PORT, LAST_PORT):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise CommandError(f"No port from {FIRST_PORT} to {LAST_PORT} is free; name one with --port.")


def open_accounts(edition: Edition, password: str, organisation: str) -> None:
    """An organiser and an exhibitor to try the site with, of this database only."""
    exhibitor = edition.organisations.filter(code=organisation).first()
    for email, role, belongs in ((ORGANISER, "organiser", None), (EXHIBITOR, "exhibitor", exhibitor)):
        person = Person.objects.filter(email=email).first() or Person.objects.create_user(email, password)
        EmailAddress.objects.get_or_create(
            user=person, email=email, defaults={"verified": True, "primary": True}
        )
        if role == "organiser":
            Person.objects.filter(pk=person.pk).update(opener=True)
        if role == "organiser" or belongs:
            appoint(person, edition, role=role, organisation=belongs)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # not by a proxy of the house
    for _ in range(PATIENCE * 10):
        if server.poll() is not None:
            raise CommandError("The server did not start; is the port in use? Name another with --port.")
        try:
            straight.open(address, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise CommandError(f"The server did not answer within {PATIENCE} seconds.")
