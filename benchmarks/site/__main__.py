"""CPU milliseconds, queries and bytes of each kind of page; the sample expo in a database of its own.

Then the lists again with fifteen times as many organisations, the hall at the size of a large expo, and how fast a
list of organisations comes in. `python -m benchmarks.site hall` measures the hall alone.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from benchmarks.site.hall import SLUG, no_shows, open_hall, open_house

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


TIMES = 15  # the sample, for the lists of a large expo
LISTS = {
    "directory, 50 of 15,000": "organisations/",
    "directory, last page": "organisations/?page=300",
    "directory, a search": "organisations/?q=%E7%94%B5%E6%B1%A0",
    "directory, two filters": "organisations/?kind=enterprise&stage=upstream",
    "chain": "chain/smart-vehicle/",
    "validation queue": "queue/",
    "duplicates": "duplicates/",
    "audit trail": "trail/",
    "people": "people/",
    "organiser's desk": "organise/",
}
ROWS = 2000  # of the list that comes in
HEADINGS = (
    *("No", "企业名称", "English name", "Type", "Size", "Country", "City"),
    *("Role", "Links", "Languages", "Website", "Delegates"),
)


def main() -> int:
    with tempfile.TemporaryDirectory() as home:
        os.environ["FAIRLINK_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "fairlink_site.settings"
        import django
        from django.core.management import call_command

        django.setup()
        heading = f"{'page':<26} {'CPU ms':>8} {'wall ms':>8} {'queries':>8} {'KB':>7}"
        if sys.argv[1:] == ["hall"]:
            open_house()
            print(heading)
            _hall()
            return 0
        call_command("demo", "--no-serve", stdout=sys.stderr)
        print(heading)
        for name, path in PAGES.items():
            print(_measured(name, f"/en/first-expo/{path}"))
        large = _large()
        print(f"\n{large} organisations, as an organiser sees them")
        for name, path in LISTS.items():
            print(_measured(name, f"/en/large/{path}"))
        _hall()
        print(f"\n{_brought_in():.0f} organisations with 12 columns come in from CSV in a CPU second")
    return 0


def _hall() -> None:
    pages = open_hall()
    print("\nthe hall, as an organiser sees it")
    for name, path in pages.items():
        print(_measured(name, f"/en/{SLUG}/{path}"))
    for seconds in no_shows():
        print(f"somebody does not come: {seconds:.2f} CPU s until others have their times, letters written")


def _large() -> int:
    """An expo of TIMES the sample, a tenth of it waiting for validation."""
    from fairlink import files
    from fairlink.tables import Records
    from fairlink_site.actions.editions import open_edition
    from fairlink_site.actions.people import appoint
    from fairlink_site.management.commands.demo import SAMPLE
    from fairlink_site.models import Organisation, Person

    found = files.read_records(SAMPLE).tables
    tables = {name: list(found[name]) for name in ("chain", "slots")}
    tables["edition"] = [{**found["edition"][0], "id": "large"}]
    for name in ("organisations", "offers", "needs"):
        owner = "main" if name == "organisations" else "organisation"
        tables[name] = [
            {**row, "id": f"{row['id']}-{copy}", owner: f"{row[owner]}-{copy}" if row[owner] else ""}
            for copy in range(TIMES)
            for row in found[name]
        ]
    edition = open_edition(Records(tables))
    waiting = edition.organisations.filter(code__endswith="-7").values("pk")
    Organisation.objects.filter(pk__in=waiting).update(status="submitted")
    appoint(Person.objects.get(email="organiser@example.org"), edition, role="organiser")
    return edition.organisations.count()


def _brought_in() -> float:
    """Organisations in a CPU second: read, understood, checked, stored with history and search."""
    import csv
    import io

    from fairlink.tables import TABLES
    from fairlink_site import handwriting
    from fairlink_site.actions.imports import bring_in, settle, upload
    from fairlink_site.models import Edition

    edition = Edition.objects.get(slug="first-expo")
    nodes = list(edition.nodes.values_list("code", flat=True))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for row in range(ROWS):
        node, website = nodes[row % len(nodes)], f"https://example.org/{row}"
        names = (f"n{row}", f"新公司{row}", f"New firm {row}")
        writer.writerow(
            (*names, "company", "small", "Viet Nam", "Hanoi", "exhibitor", node, "en|vi", website, 2)
        )
    handwriting.meaning("新公司", TABLES["organisations"])  # names of languages are read once in a process
    started = time.process_time()
    brought = upload(edition, "organisations", out.getvalue().encode(), "new.csv", by=None)
    settle(brought, mapping=brought.mapping, constants={}, status="validated")
    bring_in(brought, by=None)
    return ROWS / (time.process_time() - started)


def _measured(name: str, address: str) -> str:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from fairlink_site.models import Person

    client = Client(SERVER_NAME="localhost")
    if "/first-expo/" not in address:
        client.force_login(Person.objects.get(email="organiser@example.org"))
    response = client.get(address)
    assert response.status_code == 200, address  # noqa: S101
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    queries = len(captured)
    gc.collect()
    gc.freeze()  # as the server does
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
