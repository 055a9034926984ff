"""An expo in the size of CISCE 2025, 1,200 firms and 24,000 wanted meetings: a page of the hall after the other."""

from __future__ import annotations

import random
import sys
import time
from typing import Any

FIRMS, LISTED, CAP = 1200, 43, 20  # what each list holds, and how many meetings each may have
SEED = 7
SLUG = "cisce"
PASSWORD = "quay-lantern-9"  # noqa: S105  of a database that is thrown away


def open_house() -> None:
    """An empty database, and the organiser."""
    from django.core.management import call_command

    from fairlink_site.models import Person

    for command in ("migrate", "createcachetable"):
        call_command(command, verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    Person.objects.create_user("organiser@example.org", PASSWORD)


def open_edition_of_hall() -> Any:
    """The edition, without a timetable."""
    from fairlink import files
    from fairlink.tables import Records
    from fairlink_site.actions.editions import open_edition
    from fairlink_site.management.commands.demo import SAMPLE

    return open_edition(Records(_records(files.read_records(SAMPLE).tables)))


def open_hall() -> dict[str, str]:
    """Make the edition with two timetables, the first of them published; returns the pages to be measured."""
    from fairlink_site.actions.meetings.making import make_timetable
    from fairlink_site.actions.meetings.publishing import publish
    from fairlink_site.actions.people import appoint
    from fairlink_site.models import Person

    edition = open_edition_of_hall()
    appoint(Person.objects.get(email="organiser@example.org"), edition, role="organiser")
    started = time.process_time()
    first, second = (make_timetable(edition, seed=seed) for seed in (1, 2))
    spent = (time.process_time() - started) / 2
    publish(first)
    busy = first.seats.order_by("organisation__code").first().organisation.code
    print(
        f"{edition.organisations.count()} firms, {first.measures['wanted']} wanted meetings, "
        f"{first.measures['held']} held, {first.measures['gain'] / first.measures['upper_bound']:.4f} of the bound, "
        f"{spent:.0f} CPU seconds for matching and timetable",
        file=sys.stderr,
    )
    return {
        "timetables": "timetables/",
        "one timetable": f"timetables/{first.pk}/",
        "two compared": f"timetables/{second.pk}/from/{first.pk}/",
        "before publishing": f"timetables/{second.pk}/publish/",
        "board": "board/",
        "board for the wall": "board/?wall=1",
        "check-in of one": f"board/organisations/{busy}/",
        "no-show, proposed": f"board/repair/?kind=no_show&organisation={busy}&scope=day",
        "badges": "board/badges/",
        "log": "board/log/",
        "timetable of a slot": f"meetings/{edition.slots.first().day.isoformat()}/",
        "a calendar": f"organisations/{busy}/calendar/",
        "a meeting": f"meetings/{first.meetings.order_by('pk').first().pk}/",
        "set-up of places": "setup/places/",
    }


def no_shows(number: int = 3) -> list[float]:
    """CPU seconds of proposing and accepting the repair, for each of the busiest who do not come on the first day."""
    from django.db.models import Count, Q

    from fairlink_site.actions.meetings import healing
    from fairlink_site.actions.meetings.hours import starts
    from fairlink_site.models import Edition, Person

    edition = Edition.objects.get(slug=SLUG)
    run, by = (
        edition.runs.get(kind="meetings", current=True),
        Person.objects.get(email="organiser@example.org"),
    )
    day = list(edition.slots.filter(day=edition.slots.first().day))
    now = starts(day[0], edition)
    theirs = Count("seats", filter=Q(seats__run=run, seats__slot__in=day))
    taken = []
    for one in edition.organisations.annotate(n=theirs).order_by("-n", "code")[:number]:
        incident = healing.Incident("no_show", day, organisation=one)
        started = time.process_time()
        proposal = healing.propose(run, incident, now=now)
        healing.accept(run, incident, proposal.token, by=by, now=now)
        taken.append(time.process_time() - started)
    return taken


def _records(found: Any) -> dict[str, list[Any]]:
    """The sample, some of it twice, with longer lists and higher limits; whoever comes twice draws another size."""
    chance = random.Random(SEED)
    tables = {
        name: list(found[name]) for name in ("chain", "slots", "organisations", "offers", "needs", "places")
    }
    rules = {"id": SLUG, "list_length": LISTED, "meeting_cap": CAP, "win_win": 0}
    tables["edition"] = [{**found["edition"][0], **rules}]
    again = {
        row["id"] for row in chance.sample(tables["organisations"], FIRMS - len(tables["organisations"]))
    }
    sizes = sorted({row["size"] for row in tables["organisations"]})
    for row in [one for one in tables["organisations"] if one["id"] in again]:
        twin = {"id": f"{row['id']}-b", "main": "", "size": chance.choice(sizes), "website": "", "lei": ""}
        role = {"role": "exhibitor" if row["main"] else row["role"]}
        tables["organisations"].append({**row, **twin, **role})
    for name in ("offers", "needs"):
        rows = [row for row in tables[name] if row["organisation"] in again]
        tables[name] += [
            {**row, "id": f"{row['id']}-b", "organisation": f"{row['organisation']}-b"} for row in rows
        ]
    return tables
