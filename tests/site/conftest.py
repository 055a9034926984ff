"""One small expo in the database, made by the real actions from the real sample."""

import pytest
from django.core.management import call_command

from fairlink import files
from fairlink.tables import Records
from fairlink_site.actions.editions import open_edition
from fairlink_site.actions.meetings import make_timetable
from fairlink_site.actions.partners import recommend_partners
from fairlink_site.actions.report import count_figures
from fairlink_site.models import Edition

FEW = 60  # organisations of the small expo


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
        make_timetable(edition)
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
