"""A way through the hall in a real browser: a timetable made and published, no-shows repaired, seen in a calendar.

`python -m benchmarks.site.walk [FOLDER]` walks it at the size of CISCE 2025 and prints what each page takes of the
server's CPU, the picture of the page, styles and scripts included; pictures go into the folder. A test walks the same
way through the demo.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.site.hall import PASSWORD, SLUG, open_edition_of_hall, open_house

Look: TypeAlias = Callable[[Any, str], None]  # what is done on every page: (page, name)
PATIENCE = 300_000  # milliseconds for a timetable
TICKS = os.sysconf("SC_CLK_TCK")


def make_and_publish(page: Any, edition: str, look: Look) -> None:
    """An organiser lets a timetable be made, sees how far it is, ends the search, looks at it and publishes it."""
    page.goto(f"{edition}timetables/")
    look(page, "timetables")
    page.locator("button[value=make]").click()
    page.locator(".progress").wait_for(timeout=PATIENCE)
    look(page, "being made")
    page.locator("button[value=stop]").click()
    _wait_for_jobs(page)
    look(page, "made")
    page.locator("table th a").first.click()
    look(page, "one timetable")
    publish = page.locator(".actions a.button")
    publish.click()
    look(page, "before publishing")
    every = page.locator("main a[href*='/from/']")
    if every.count():
        every.click()
        look(page, "two compared")
        page.go_back()
    page.locator("main form button").click()
    page.wait_for_url("**/timetables/")
    _wait_for_jobs(page)
    look(page, "published")


def _wait_for_jobs(page: Any) -> None:
    """Until nothing is being done any more; the page looks again by itself."""
    page.locator(".job.waiting, .job.working").first.wait_for(state="detached", timeout=PATIENCE)
    page.reload()


def first_meeting(page: Any, edition: str, organisation: str, look: Look) -> tuple[str, str]:
    """The first meeting in the calendar of a participant: its path, and the code of whom it is with."""
    page.goto(f"{edition}organisations/{organisation}/calendar/")
    look(page, "a calendar")
    link = page.locator(".agenda .with a[href*='/meetings/']").first
    path = link.get_attribute("href")
    link.click()
    look(page, "a meeting")
    links = page.locator("main a[href*='/organisations/']")
    codes = links.evaluate_all(
        "all => all.map(one => one.pathname.split('/organisations/')[1].split('/')[0])"
    )
    return path, next(code for code in codes if code != organisation)


def no_show(page: Any, edition: str, organisation: str, look: Look, *, scope: str = "day") -> int:
    """Hall staff say that somebody does not come, see what would be done, and accept it. How many lines it had."""
    page.goto(f"{edition}board/organisations/{organisation}/")
    look(page, "check-in of one")
    page.locator("#scope").select_option(scope)
    page.locator("form.filters", has=page.locator("#scope")).locator("button").click()
    look(page, "what would be done")
    changes = page.locator("ul.listings li").count()
    page.locator("main form button.big").click()
    page.wait_for_url("**/board/")
    look(page, "accepted")
    return int(changes)


def others_of_board(page: Any, edition: str, *, but: str, look: Look, number: int = 2) -> list[str]:
    """Codes of some who are to meet now."""
    page.goto(f"{edition}board/")
    look(page, "board")
    links = page.locator(".board li p a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    found = dict.fromkeys(link.rstrip("/").rsplit("/", 1)[-1] for link in links)
    return [code for code in found if code != but][:number]


def sign_in(page: Any, site: str, who: str, password: str) -> None:
    page.goto(f"{site}account/login/")
    page.fill("input[name=login]", f"{who}@example.org")
    page.fill("input[name=password]", password)
    page.locator("form[action*=login] button").first.click()
    page.wait_for_url("**/me/")


class Meter:
    """CPU milliseconds of a process and those that it began, from one look to the next."""

    def __init__(self, process: int, pictures: Path | None) -> None:
        self.process, self.pictures, self.number = process, pictures, 0
        self.begin()

    def begin(self) -> None:
        """What was before is not counted."""
        self.last = self._spent()

    def __call__(self, page: Any, name: str) -> None:
        page.wait_for_load_state()
        print(f"{name:<24} {self._spent() - self.last:6.0f}", flush=True)
        if self.pictures:
            page.screenshot(path=self.pictures / f"{self.number:02} {name}.png", full_page=True)
        self.number += 1
        self.begin()

    def _spent(self) -> float:
        return sum(map(_ticks, _family(self.process))) * 1000 / TICKS


def _family(process: int) -> Iterator[int]:
    yield process
    for task in Path(f"/proc/{process}/task").iterdir():
        with contextlib.suppress(OSError):
            for child in (task / "children").read_text().split():
                yield from _family(int(child))


def _ticks(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])  # of the process's own code, and of the system for it


def main() -> int:
    pictures = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"FAIRLINK_HOME": home, "DJANGO_SETTINGS_MODULE": "fairlink_site.settings"}
        import django

        django.setup()
        from fairlink_site.management.commands import demo

        open_house()
        edition = open_edition_of_hall()
        busy = edition.organisations.visible().order_by("code").first().code
        demo.open_accounts(edition, PASSWORD, busy)
        port = demo._free_port()  # noqa: SLF001  the demo's own way to serve
        address = f"http://localhost:{port}/"
        with (
            demo._running(demo._server(port), address) as server,  # noqa: SLF001
            demo._running(demo._WORKER, address),  # noqa: SLF001
        ):
            demo._wait(address, server[0])  # noqa: SLF001
            _walk(f"{address}en/", busy, Meter(server[0].pid, pictures))
    return 0


def _walk(site: str, busy: str, look: Meter) -> None:
    from playwright.sync_api import sync_playwright

    edition = f"{site}{SLUG}/"
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--headless", "--no-sandbox"])
        desk, phone = (
            browser.new_context(viewport={"width": width, "height": 900}).new_page() for width in (1280, 390)
        )
        sign_in(desk, site, "organiser", PASSWORD)
        sign_in(phone, site, "exhibitor", PASSWORD)
        print("page                     CPU ms")
        look.begin()
        make_and_publish(desk, edition, look)
        path, partner = first_meeting(phone, edition, busy, look)
        absent = [partner, *others_of_board(desk, edition, but=busy, look=look)]
        for code in absent:
            changes = no_show(desk, edition, code, look, scope="all" if code == partner else "day")
            print(f"{code} does not come: {changes} meetings are concerned")
        phone.goto(f"{edition}organisations/{busy}/calendar/")
        look(phone, "the calendar after it")
        left = phone.locator(f".agenda li:has(a[href='{path}']):not(:has(.state))").count()
        print("the participant sees it" if not left else "THE PARTICIPANT DOES NOT SEE IT")
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
