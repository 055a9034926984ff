"""CPU milliseconds, queries and bytes of each kind of page; the sample expo in a database of its own."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

ROUNDS = 30
PAGES = {
    "home": "",
    "directory, 50 of 1,000": "organisations/",
    "directory, last page": "organisations/?page=20",
    "directory, a search": "organisations/?q=%E7%94%B5%E6%B1%A0",
    "directory, two filters": "organisations/?kind=enterprise&stage=upstream",
    "organisation": "organisations/o0060/",
    "its timetable": "organisations/o0060/calendar/",
    "timetable of a slot": "meetings/2023-11-28/",
    "chain": "chain/smart-vehicle/",
    "figures": "figures/",
}


def main() -> int:
    with tempfile.TemporaryDirectory() as home:
        os.environ["FAIRLINK_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "fairlink_site.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("demo", "--no-serve", stdout=sys.stderr)
        print(f"{'page':<26} {'CPU ms':>8} {'wall ms':>8} {'queries':>8} {'KB':>7}")
        for name, path in PAGES.items():
            print(_measured(name, f"/en/first-expo/{path}"))
    return 0


def _measured(name: str, address: str) -> str:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    response = client.get(address)
    assert response.status_code == 200, address  # noqa: S101
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    queries = len(captured)
    cpu, wall = zip(*(_timed(lambda: client.get(address)) for _ in range(ROUNDS)), strict=True)
    return (
        f"{name:<26} {statistics.median(cpu):8.1f} {statistics.median(wall):8.1f} "
        f"{queries:8d} {len(response.content) / 1000:7.1f}"
    )


def _timed(action: Callable[[], Any]) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    action()
    return 1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - wall)


if __name__ == "__main__":
    sys.exit(main())
