"""Activities: seen by everybody, kept by organisers, signed up for by delegates who have time, the last place once."""

import os
import subprocess
import sys
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fairlink_site.actions import activities as acts
from fairlink_site.actions.meetings.making import make_timetable
from fairlink_site.actions.people import appoint
from fairlink_site.models import Activity, Notice, Person, SignUp
from fairlink_site.refusals import Refused
from fairlink_site.snapshot import activity_records, snapshot


@pytest.fixture
def real(edition):
    edition.sample, edition.phase = False, "running"
    edition.save()
    return edition


@pytest.fixture
def seat(real, exhibitor):
    return exhibitor.seats.current().select_related("slot").first()


def activity_at(edition, day, start, end, **facts):
    code = f"test{edition.activities.count()}"
    facts = {"kind": "forum", "name": {"en": "Cold chains", "zh-Hans": "冷链"}, "capacity": 2} | facts
    return Activity.objects.create(edition=edition, code=code, day=day, start=start, end=end, **facts)


def before(activity):
    zone = ZoneInfo(activity.edition.time_zone)
    return datetime.combine(activity.day, activity.start, zone) - timedelta(days=1)


@pytest.fixture
def early(real):
    """When nobody has a meeting."""
    return activity_at(real, real.start, time(5), time(6))


@pytest.fixture
def then(real, seat):
    """While somebody has a meeting."""
    return activity_at(real, seat.slot.day, seat.slot.start, seat.slot.end)


def member(organisation, name):
    made = Person.objects.create_user(f"{name}@example.org", "quay-lantern-9", name=name.title())
    appoint(made, organisation.edition, role="exhibitor", organisation=organisation)
    return made


def test_the_programme_of_a_day_can_be_narrowed_and_says_what_is_left(client, edition):
    first = edition.activities.first()
    address = f"/en/{edition.slug}/activities/?day={first.day}"

    everything = client.get(address)
    some = client.get(f"{address}&kind={first.kind}")

    assert everything.context["page"].paginator.count == edition.activities.filter(day=first.day).count()
    kinds = edition.activities.filter(day=first.day, kind=first.kind)
    assert some.context["page"].paginator.count == kinds.count()
    options = {name: found for name, _words, _chosen, found in everything.context["filters"]}
    assert {one.value: one.count for one in options["kind"]}[first.kind] == kinds.count()


def test_however_many_activities_the_list_asks_as_many_questions(client, edition):
    def questions(day):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/en/{edition.slug}/activities/?day={day}")
        return len(asked)

    few = activity_at(edition, edition.start - timedelta(days=1), time(9), time(10)).day
    many = edition.activities.exclude(day=few).first().day
    client.get(f"/en/{edition.slug}/activities/")

    assert edition.activities.filter(day=many).count() > 20
    assert questions(many) == questions(few)


def test_a_delegate_signs_up_and_off_and_places_are_counted(client, real, early, exhibitor):
    client.force_login(member(exhibitor, "ada"))
    real.sample = True  # its days are long past; a sample can be tried all the same
    real.save()
    address = f"/en/{real.slug}/activities/{early.code}/"

    page = client.post(f"{address}{exhibitor.code}/", {"up": "0"}, follow=True)
    assert "Signed up." in page.content.decode()
    assert client.get(address).context["left"] == 1
    assert client.get(address).context["attending"]

    client.post(f"{address}{exhibitor.code}/", {"off": "0"})
    assert client.get(address).context["left"] == 2
    assert client.post(f"{address}{exhibitor.code}/", {"up": "x"}).status_code == 404


def test_nobody_signs_up_who_has_a_meeting_then_and_the_no_says_which(then, seat, exhibitor):
    partner = seat.meeting.seats.exclude(pk=seat.pk).get().organisation

    with pytest.raises(Refused, match="delegate_meets") as no:
        acts.sign_up(exhibitor, then, seat.delegate, now=before(then))

    assert next(iter(partner.name.values())) in str(no.value.words)
    assert f"{seat.slot.start:%H:%M}" in str(no.value.words)
    exhibitor.delegates = seat.delegate + 2
    exhibitor.save()
    seat.run.seats.filter(organisation=exhibitor, delegate=seat.delegate + 1).delete()
    assert acts.sign_up(exhibitor, then, seat.delegate + 1, now=before(then)).pk


def test_nobody_is_in_two_activities_at_a_time(early, real, exhibitor):
    other = activity_at(real, early.day, time(5, 30), time(7))
    acts.sign_up(exhibitor, early, 0, now=before(early))

    with pytest.raises(Refused, match="delegate_attends"):
        acts.sign_up(exhibitor, other, 0, now=before(early))
    next_one = activity_at(real, early.day, early.end, time(7))
    assert acts.sign_up(exhibitor, next_one, 0, now=before(early)).pk


def test_an_activity_that_is_full_over_or_closed_takes_nobody(real, early, exhibitor):
    Activity.objects.filter(pk=early.pk).update(capacity=1)
    first, second = real.organisations.visible().exclude(pk=exhibitor.pk)[:2]
    when = before(early)
    mine = acts.sign_up(first, early, 0, now=when)
    assert acts.sign_up(first, early, 0, now=when) == mine

    for organisation, delegate, moment, reason in (
        (second, 0, when, "activity_full"),
        (second, second.delegates, when, "no_such_delegate"),
        (second, 0, when + timedelta(days=3), "activity_over"),
    ):
        with pytest.raises(Refused, match=reason):
            acts.sign_up(organisation, early, delegate, now=moment)
    real.phase = "closed"
    real.save()
    with pytest.raises(Refused, match="sign_up_closed"):
        acts.sign_up(second, early, 0, now=when)
    with pytest.raises(Refused, match="sign_up_closed"):
        acts.sign_off(first, early, 0)
    assert early.sign_ups.count() == 1


def test_the_next_timetable_holds_no_meeting_of_whoever_attends(real, seat):
    day = real.slots.filter(day=seat.slot.day)
    whole = activity_at(real, seat.slot.day, day.first().start, day.last().end)
    for delegate in range(seat.organisation.delegates):
        SignUp.objects.create(activity=whole, organisation=seat.organisation, delegate=delegate)

    engaged = snapshot(real).engagements
    assert len(engaged.slot) == day.count() * seat.organisation.delegates
    run = make_timetable(real)

    assert not run.seats.filter(organisation=seat.organisation, slot__day=seat.slot.day).exists()
    assert run.seats.filter(slot__day=seat.slot.day).exists()


def test_an_organiser_adds_changes_and_removes_activities_and_those_concerned_are_told(
    client, real, then, seat, exhibitor, early
):
    ada = member(exhibitor, "ada")
    org = Person.objects.create_user("org@example.org", "quay-lantern-9")
    appoint(org, real, role="organiser")
    client.force_login(org)
    form = {
        "kind": "training",
        "name__en": "How to ship",
        "name__zh-Hans": "如何发运",
        "day": str(real.start),
    }
    form |= {"start": "07:00", "end": "08:00", "hall": "H", "chain": "", "capacity": "3"}
    client.post(f"/en/{real.slug}/setup/activities/", form)
    made = real.activities.get(hall="H", kind="training", start=time(7))
    assert made.capacity == 3
    page = client.post(f"/en/{real.slug}/setup/activities/", form | {"end": "06:00"})
    assert page.status_code == 200
    assert page.context["form"].errors["end"]

    acts.sign_up(exhibitor, early, seat.delegate, now=before(early))
    moved = form | {"day": str(then.day), "start": f"{then.start:%H:%M}", "end": f"{then.end:%H:%M}"}
    client.post(f"/en/{real.slug}/setup/activities/{early.code}/", moved)
    assert early.sign_ups.count() == 0  # the delegate has a meeting then
    client.post(f"/en/{real.slug}/setup/activities/{made.code}/", {"do": "remove"})
    assert not real.activities.filter(pk=made.pk).exists()
    notice = Notice.objects.get(person=ada, kind="activity_changed")
    assert notice.data["said"] == "clash"


def test_no_fewer_places_than_have_signed_up(real, early, exhibitor):
    (record,) = activity_records(real.activities.filter(pk=early.pk))
    other = real.organisations.visible().exclude(pk=exhibitor.pk).first()
    for one in (exhibitor, other):
        acts.sign_up(one, early, 0, now=before(early))

    with pytest.raises(Refused, match="too_many_signed_up"):
        acts.keep_activity(real, record | {"capacity": 1}, code=early.code)

    early.refresh_from_db()
    assert early.capacity == 2


RACE = """
import threading
from datetime import date, datetime, time, timezone
import django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from fairlink_site.actions.activities import sign_up
from fairlink_site.models import Activity, Edition, Organisation
from fairlink_site.refusals import Refused
day = date(2030, 5, 1)
edition = Edition.objects.create(
    slug="race", name={"en": "Race"}, host_country="LA", time_zone="UTC", start=day, end=day, languages=["en"],
    currency="USD", list_length=5, win_win=1, meeting_cap=5, daily_cap=5, longest_run=3, objective="gain",
    phase="running",
)
last = Activity.objects.create(
    edition=edition, code="a", kind="forum", name={"en": "A"}, day=day, start=time(9), end=time(10), capacity=1
)
firms = [
    Organisation.objects.create(
        edition=edition, code=f"o{n}", name={"en": "O"}, kind="enterprise", role="buyer", status="validated"
    )
    for n in range(6)
]
ready, said = threading.Barrier(len(firms)), []
def ask(firm):
    ready.wait()
    try:
        sign_up(firm, last, 0, now=datetime(2030, 4, 1, tzinfo=timezone.utc))
        said.append("in")
    except Refused as no:
        said.append(no.code)
    finally:
        connection.close()
threads = [threading.Thread(target=ask, args=(firm,)) for firm in firms]
[one.start() for one in threads]
[one.join() for one in threads]
print(*sorted(said), last.sign_ups.count())
edition.delete()
"""


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_taken_once_however_many_reach_for_it(tmp_path):
    """Real threads, on a database that they share: a file of SQLite, or the server that the tests run on."""
    found = settings.DATABASES["default"]
    address = f"sqlite:///{tmp_path}/race.sqlite3"
    if connection.vendor == "postgresql":
        now = connection.settings_dict
        host = now["HOST"] or found["OPTIONS"]["host"]
        address = f"postgresql://{now['USER']}@/{now['NAME']}?host={host}"
    environment = os.environ | {
        "FAIRLINK_DATABASE": address,
        "FAIRLINK_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "fairlink_site.settings",
    }

    ended = subprocess.run(
        [sys.executable, "-c", RACE], env=environment, capture_output=True, text=True, check=False
    )

    assert ended.stdout.split() == [*["activity_full"] * 5, "in", "1"], ended.stderr
