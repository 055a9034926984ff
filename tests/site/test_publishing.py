"""A timetable is a proposal until it is published; those whose calendar is another are told, once."""

import pytest

from fairlink_site.actions.meetings import publishing
from fairlink_site.actions.meetings.making import make_timetable
from fairlink_site.actions.people import appoint
from fairlink_site.models import Edition, Meeting, Notice, Person, Seat, TimetableEvent
from fairlink_site.refusals import Refused


@pytest.fixture
def ada(edition):
    made = Person.objects.create_user("ada@example.org")
    appoint(made, edition, role="organiser")
    return made


@pytest.fixture
def ben(exhibitor):
    made = Person.objects.create_user("ben@example.org")
    appoint(made, exhibitor.edition, role="exhibitor", organisation=exhibitor)
    return made


@pytest.fixture
def proposal(edition):
    Edition.objects.filter(pk=edition.pk).update(phase="matching")
    return make_timetable(Edition.objects.get(pk=edition.pk))


def test_a_new_timetable_is_a_proposal_that_changes_nothing_for_anybody(edition, proposal, exhibitor):
    before = edition.runs.get(kind="meetings", current=True)

    assert not proposal.current
    assert proposal.published is None
    assert set(exhibitor.seats.current().values_list("run", flat=True)) == {before.pk}


def test_publishing_makes_it_current_moves_the_phase_on_and_can_be_gone_back_from(edition, proposal, ada):
    before = edition.runs.get(kind="meetings", current=True)

    publishing.publish(proposal, by=ada)

    edition.refresh_from_db()
    assert edition.phase == "published"
    assert edition.runs.get(kind="meetings", current=True) == proposal
    assert TimetableEvent.objects.get(run=proposal).data["before"] == before.pk

    publishing.publish(before, by=ada)

    assert edition.runs.get(kind="meetings", current=True) == before


def test_nothing_is_published_in_an_edition_that_is_over(edition, proposal, ada):
    Edition.objects.filter(pk=edition.pk).update(phase="closed")

    with pytest.raises(Refused, match="edition_closed"):
        publishing.publish(proposal, by=ada)

    assert not edition.runs.get(pk=proposal.pk).current


def test_everybody_with_meetings_is_told_once_however_often_the_job_is_done(proposal, exhibitor, ada, ben):
    edition = proposal.edition
    edition.runs.filter(current=True, kind="meetings").update(current=False)
    run = publishing.publish(proposal, by=ada)

    told = publishing.announce(run)

    assert told == Seat.objects.filter(run=run).values("organisation").distinct().count()
    assert [notice.kind for notice in Notice.objects.filter(person=ben)] == ["timetable_published"]
    assert publishing.announce(run) == 0
    assert Notice.objects.filter(person=ben).count() == 1


def test_only_those_are_told_again_whose_calendar_is_another(proposal, exhibitor, ada, ben):
    run = publishing.publish(proposal, by=ada)
    publishing.announce(run)
    Notice.objects.all().delete()
    other = make_timetable(run.edition)
    meeting = Meeting.objects.filter(run=other, seats__organisation=exhibitor).first()
    concerned = set(meeting.seats.values_list("organisation", flat=True))
    meeting.seats.update(released=True)
    Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.CANCELLED)

    told = publishing.announce(publishing.publish(other, by=ada))

    assert told == len(concerned)
    assert [notice.kind for notice in Notice.objects.filter(person=ben)] == ["timetable_changed"]


def test_a_lock_stands_in_the_log_once(proposal, ada):
    publishing.lock(proposal, locked=True, by=ada)
    publishing.lock(proposal, locked=True, by=ada)

    proposal.refresh_from_db()
    assert proposal.locked
    assert [event.kind for event in proposal.events.all()] == ["locked"]
