"""Meetings on the site: the action, then pages and calendar file."""

from collections import Counter

import icalendar
import pytest
from django.db import IntegrityError, transaction

from fairlink_site.models import Meeting, Seat


def test_every_wanted_meeting_is_held_or_explained(edition):
    run = edition.runs.get(kind="meetings", current=True)

    assert run.meetings.count() + run.unplaced.count() == run.measures["wanted"]
    assert run.meetings.count() > 0


def test_nobody_sits_in_two_places_at_a_time(edition):
    seats = Seat.objects.filter(run__edition=edition, run__current=True)

    taken = Counter(seats.values_list("organisation", "delegate", "slot"))

    assert max(taken.values()) == 1


def test_the_database_itself_refuses_a_second_meeting_at_the_same_time(edition):
    seat = Seat.objects.filter(run__edition=edition, run__current=True).first()
    other = Meeting.objects.create(run=seat.run, slot=seat.slot, place=seat.meeting.place, chair=99, weight=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(
            meeting=other,
            run=seat.run,
            slot=seat.slot,
            organisation=seat.organisation,
            delegate=seat.delegate,
            host=True,
            gain=1,
        )


def test_the_database_itself_refuses_a_second_meeting_at_the_same_table(edition):
    held = Meeting.objects.filter(run__edition=edition, run__current=True).first()
    same = {name: getattr(held, name) for name in ("run", "slot", "place", "chair")}

    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.create(**same, weight=1)

    Meeting.objects.filter(pk=held.pk).update(state=Meeting.CANCELLED)
    assert Meeting.objects.create(**same, weight=1).pk  # what was cancelled gives its table free


def test_the_calendar_of_an_organisation_tells_with_whom_where_and_what_could_not_be(
    client, edition, exhibitor
):
    seat = exhibitor.seats.filter(run__current=True).first()
    partner = seat.meeting.seats.exclude(pk=seat.pk).get().organisation

    page = client.get(f"/en/{edition.slug}/organisations/{exhibitor.code}/calendar/").content.decode()

    assert f"organisations/{partner.code}/" in page
    assert seat.meeting.place.code in page
    assert f"{seat.slot.start:%H:%M}" in page
    if exhibitor.unplaced_first.exists() or exhibitor.unplaced_second.exists():
        assert "What would help" in page


def test_the_calendar_file_holds_every_meeting_at_its_time_in_the_editions_zone(client, edition, exhibitor):
    seats = exhibitor.seats.filter(run__current=True).select_related("slot")

    response = client.get(f"/en/{edition.slug}/organisations/{exhibitor.code}/calendar.ics")

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    events = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert sorted(event["dtstart"].dt.isoformat() for event in events) == sorted(
        f"{seat.slot.day.isoformat()}T{seat.slot.start.isoformat()}+08:00" for seat in seats
    )


def test_the_timetable_of_a_day_shows_each_slot_with_its_meetings(client, edition):
    seat = (
        Seat.objects.filter(run__edition=edition, run__current=True, host=True).select_related("slot").first()
    )

    page = client.get(f"/en/{edition.slug}/meetings/{seat.slot.day}/?slot={seat.slot.code}").content.decode()

    assert f"organisations/{seat.organisation.code}/calendar/" in page


@pytest.mark.parametrize("day", ["2023-02-30", "1999-01-01", "9999-99-99"])
def test_a_day_without_slots_is_not_a_page(client, edition, day):
    assert client.get(f"/en/{edition.slug}/meetings/{day}/").status_code == 404
