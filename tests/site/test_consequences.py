"""The set-up says what times, places and rules allow: at most so many meetings, against so many that are wanted."""

import pytest

from fairlink_site.actions.people import appoint
from fairlink_site.models import Edition, Person, Place
from fairlink_site.pages.setup.consequences import consequences


@pytest.fixture
def organiser(client, edition):
    made = Person.objects.create_user("ada@example.org")
    appoint(made, edition, role="organiser")
    client.force_login(made)
    return client


def test_tables_hold_one_meeting_each_at_every_time_at_which_they_are_open(edition):
    slots = [slot.code for slot in edition.slots.all()]
    before = {room.kind: room[1:] for room in consequences(edition).rooms}.get("table", (0, 0, 0))

    Place.objects.create(edition=edition, code="t-1", kind="table", capacity=2)
    Place.objects.create(edition=edition, code="t-2", kind="table", closed=slots[:3])

    after = next(room[1:] for room in consequences(edition).rooms if room.kind == "table")
    assert [new - old for new, old in zip(after, before, strict=True)] == [2, 3, 3 * len(slots) - 3]


def test_people_have_time_for_half_their_seats_and_no_more_than_their_limits(edition):
    edition.organisations.update(delegates=2, meeting_cap=None, closed=[])
    number, slots = edition.organisations.visible().count(), edition.slots.count()

    for cap, daily, seats in ((10_000, 0, 2 * slots), (5, 0, 5), (10_000, 1, consequences(edition).days)):
        Edition.objects.filter(pk=edition.pk).update(meeting_cap=cap, daily_cap=daily)
        assert consequences(Edition.objects.get(pk=edition.pk)).most == number * seats // 2

    edition.organisations.update(meeting_cap=1)
    there = consequences(Edition.objects.get(pk=edition.pk))
    assert there.most == number // 2
    assert there.too_many


def test_times_that_would_be_are_counted_before_they_are_saved(organiser, edition):
    before = consequences(edition)
    day = edition.slots.first().day
    kept = before.slots - edition.slots.filter(day=day).count()
    hours = {"first_day": day, "last_day": day, "first_start": "09:00", "last_end": "10:00", "minutes": 30}

    page = organiser.post(
        f"/en/{edition.slug}/setup/times/", {"do": "preview", **hours, "pause": 0}
    ).content.decode()

    assert f"{kept + 2} times ×" in page
    assert consequences(edition).slots == before.slots


@pytest.mark.parametrize("page", ["times", "places", "rules"])
def test_each_page_says_what_the_latest_timetable_wanted(organiser, edition, page):
    wanted = edition.runs.filter(kind="meetings").first().measures["wanted"]

    assert (
        f"knew {wanted:,} wanted meetings"
        in organiser.get(f"/en/{edition.slug}/setup/{page}/").content.decode()
    )
