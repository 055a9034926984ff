"""One meeting as its two sides see it: who, why, notes of their own, and what came of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fairlink_site.actions.meetings.outcomes import say_outcome, write_notes
from fairlink_site.actions.people import appoint
from fairlink_site.models import Meeting, Person, Seat, Slot
from fairlink_site.refusals import Refused


@pytest.fixture
def real(edition):
    edition.sample, edition.phase = False, "running"
    edition.save()
    return edition


@pytest.fixture
def seat(real, exhibitor):
    return exhibitor.seats.current().select_related("meeting", "organisation").first()


@pytest.fixture
def theirs(seat):
    return seat.meeting.seats.exclude(pk=seat.pk).select_related("organisation").get()


def member(organisation, name):
    made = Person.objects.create_user(f"{name}@example.org", "quay-lantern-9", name=name.title())
    appoint(made, organisation.edition, role="exhibitor", organisation=organisation)
    return made


@pytest.fixture
def ada(seat):
    return member(seat.organisation, "ada")


@pytest.fixture
def ben(theirs):
    return member(theirs.organisation, "ben")


def address(seat, language="en"):
    return f"/{language}/{seat.run.edition.slug}/meetings/{seat.meeting_id}/"


def test_the_page_says_who_when_where_and_why(client, seat, theirs, ada):
    client.force_login(ada)

    answer = client.get(address(seat))

    page = answer.content.decode()
    assert next(iter(theirs.organisation.name.values())) in page
    assert f"{seat.slot.start:%H:%M}" in page
    assert seat.meeting.place.code in page
    assert answer.context["why"].sentences
    assert answer.context["far"].seat == theirs


def test_notes_are_read_by_the_side_that_wrote_them_only(client, seat, theirs, ada, ben, real):
    client.force_login(ada)
    client.post(address(seat), {"do": "notes", "notes": "Ask for <b>samples</b>\x00"})
    page = client.get(address(seat)).content.decode()
    assert "Ask for &lt;b&gt;samples&lt;/b&gt;" in page

    organiser = Person.objects.create_user("org@example.org", "quay-lantern-9")
    appoint(organiser, real, role="organiser")
    for other in (ben, organiser):
        client.force_login(other)
        assert "samples" not in client.get(address(seat)).content.decode()


def test_what_came_of_it_is_said_per_side_and_the_other_does_not_see_it(client, seat, theirs, ada, ben):
    client.force_login(ada)
    client.post(address(seat), {"outcome": "agreement"})

    page = client.get(address(seat)).content.decode()
    assert "It binds nobody yet" in page
    seat.refresh_from_db()
    theirs.refresh_from_db()
    assert (seat.outcome, theirs.outcome) == ("agreement", "")
    assert Meeting.objects.get(pk=seat.meeting_id).state == "held"
    client.force_login(ben)
    assert 'value="agreement" class="quiet"' in client.get(address(seat)).content.decode()


def test_who_did_not_come_is_said_until_somebody_has_met_them(seat, theirs):
    assert say_outcome(seat, "absent").state == "missed"
    theirs.refresh_from_db()
    assert theirs.absent

    assert say_outcome(theirs, "met").state == "held"
    theirs.refresh_from_db()
    assert not theirs.absent

    say_outcome(theirs, "")
    assert say_outcome(seat, "").state == "planned"
    theirs.refresh_from_db()
    assert not theirs.absent


def test_what_the_hall_has_seen_stays_when_a_side_takes_back_what_it_never_said(seat, theirs):
    Seat.objects.filter(pk=theirs.pk).update(absent=True)

    assert say_outcome(seat, "").state == "missed"
    theirs.refresh_from_db()
    assert theirs.absent


def test_nothing_came_yet_of_a_meeting_to_come_nor_of_one_that_is_cancelled(seat):
    day = seat.slot.day
    Slot.objects.filter(pk=seat.slot_id).update(day=day.replace(year=day.year + 400))
    with pytest.raises(Refused, match="meeting_to_come"):
        say_outcome(seat, "met")

    Slot.objects.filter(pk=seat.slot_id).update(day=day)
    Meeting.objects.filter(pk=seat.meeting_id).update(state="cancelled")
    with pytest.raises(Refused, match="meeting_cancelled"):
        say_outcome(seat, "met")
    with pytest.raises(Refused, match="unknown_outcome"):
        say_outcome(seat, "won")
    seat.refresh_from_db()
    assert seat.outcome == ""


def test_notes_that_are_too_long_change_nothing(seat):
    write_notes(seat, "short")

    with pytest.raises(Refused, match="notes_too_long"):
        write_notes(seat, "x" * 4001)

    seat.refresh_from_db()
    assert seat.notes == "short"


def test_a_meeting_of_a_proposal_is_there_for_organisers_only(client, seat, ada, real):
    real.runs.filter(pk=seat.run_id).update(current=False)
    client.force_login(ada)
    assert client.get(address(seat)).status_code == 404

    organiser = Person.objects.create_user("org@example.org", "quay-lantern-9")
    appoint(organiser, real, role="organiser")
    client.force_login(organiser)
    assert client.get(address(seat)).status_code == 200
    assert client.post(address(seat), {"outcome": "met"}).status_code == 404


def test_the_page_asks_few_questions(client, seat, ada):
    client.force_login(ada)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(address(seat))

    assert len(asked) <= 40
