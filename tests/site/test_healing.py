"""A timetable that heals: a proposal first, then what was proposed, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from fairlink.meetings import check
from fairlink_site.actions.meetings import booking, healing, hours
from fairlink_site.actions.meetings.healing import Incident
from fairlink_site.actions.people import appoint
from fairlink_site.models import Edition, Meeting, Notice, Organisation, Person, Seat, UnplacedMeeting
from fairlink_site.refusals import Refused
from fairlink_site.snapshot.around import around

BEFORE = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def run(edition):
    Edition.objects.filter(pk=edition.pk).update(phase="running")
    return edition.runs.get(kind="meetings", current=True)


@pytest.fixture
def ada(edition):
    made = Person.objects.create_user("ada@example.org")
    appoint(made, edition, role="organiser")
    return made


@pytest.fixture
def busiest(run):
    """Who has most meetings, and the day of most of them."""
    return max(
        run.edition.organisations.visible(), key=lambda one: one.seats.standing().filter(run=run).count()
    )


def state(run):
    seats = Seat.objects.standing().filter(run=run)
    return set(seats.values_list("meeting", "organisation", "slot", "meeting__place", "delegate"))


def obeys(run):
    everybody = list(run.edition.organisations.values_list("pk", flat=True))
    found = around(run, everybody)
    return check(found.expo, found.timetable) == ()


def gone(busiest, kind="no_show"):
    return Incident(kind, list(busiest.edition.slots.all()), organisation=busiest)


def test_a_proposal_writes_nothing(run, busiest):
    before, waiting = state(run), run.unplaced.count()

    proposal = healing.propose(run, gone(busiest), now=BEFORE)

    assert len(proposal.cancelled) == busiest.seats.standing().filter(run=run).count()
    assert (state(run), run.unplaced.count()) == (before, waiting)
    assert Organisation.objects.get(pk=busiest.pk).closed == busiest.closed


def test_who_does_not_come_frees_times_that_others_get_and_nobody_else_is_moved(run, busiest, ada):
    before = state(run)
    mine = set(busiest.seats.standing().filter(run=run).values_list("meeting", flat=True))
    partner = Seat.objects.filter(meeting__in=mine).exclude(organisation=busiest).first().organisation
    eve = Person.objects.create_user("eve@example.org")
    appoint(eve, run.edition, role="exhibitor", organisation=partner)
    proposal = healing.propose(run, gone(busiest), now=BEFORE)

    healing.accept(run, gone(busiest), proposal.token, by=ada, now=BEFORE)

    assert not busiest.seats.standing().filter(run=run).exists()
    kept = {row for row in before if row[0] not in mine}
    assert kept <= state(run)
    assert len(state(run) - kept) == 2 * len(proposal.booked)
    assert "meeting_cancelled" in [notice.kind for notice in Notice.objects.filter(person=eve)]
    assert obeys(run)
    left = UnplacedMeeting.objects.filter(
        run=run, first__in=(busiest, partner), second__in=(busiest, partner)
    )
    assert left.get().reason[0] == "outside_availability"


def test_whoever_comes_back_is_offered_what_can_still_be_had(run, busiest, ada):
    healing.accept(
        run, gone(busiest), healing.propose(run, gone(busiest), now=BEFORE).token, by=ada, now=BEFORE
    )
    back = gone(Organisation.objects.get(pk=busiest.pk), "back")

    proposal = healing.propose(run, back, now=BEFORE)
    healing.accept(run, back, proposal.token, by=ada, now=BEFORE)

    assert proposal.booked
    assert busiest.seats.standing().filter(run=run).count() == len(proposal.booked)
    assert Organisation.objects.get(pk=busiest.pk).closed == busiest.closed
    assert obeys(run)


def test_what_was_not_shown_is_not_done(run, busiest, ada):
    proposal = healing.propose(run, gone(busiest), now=BEFORE)
    booking.cancel(
        Meeting.objects.filter(run=run, seats__organisation=busiest).first(), busiest, by=ada, now=BEFORE
    )
    before = state(run)

    with pytest.raises(Refused, match="proposal_changed"):
        healing.accept(run, gone(busiest), proposal.token, by=ada, now=BEFORE)

    assert state(run) == before


def test_a_closed_table_gives_its_meetings_to_others_that_are_free(run, ada):
    at_table = Meeting.objects.filter(run=run, place__kind__in=("table", "room")).first()
    incident = Incident(
        "place_closed", list(run.edition.slots.filter(day=at_table.slot.day)), place=at_table.place
    )

    before = set(at_table.place.closed)
    proposal = healing.propose(run, incident, now=BEFORE)
    healing.accept(run, incident, proposal.token, by=ada, now=BEFORE)

    there = Meeting.objects.standing().filter(run=run, place=at_table.place, slot__day=at_table.slot.day)
    assert not there.exists()
    assert proposal.moved or proposal.cancelled
    assert before < set(type(at_table.place).objects.get(pk=at_table.place_id).closed)
    assert obeys(run)


def test_a_meeting_that_has_begun_is_missed_and_those_before_stay(run, busiest, ada):
    slots = [
        seat.slot
        for seat in busiest.seats.standing()
        .filter(run=run)
        .select_related("slot")
        .order_by("slot__day", "slot__start")
    ]
    now = hours.starts(slots[1], run.edition) + timedelta(minutes=5)
    incident = Incident("no_show", healing.rest_of_day(run.edition, now=now), organisation=busiest)

    proposal = healing.propose(run, incident, now=now)
    healing.accept(run, incident, proposal.token, by=ada, now=now)

    assert [one.slot for one in proposal.missed] == [slots[1]]
    assert Meeting.objects.get(pk=proposal.missed[0].pk).state == Meeting.MISSED
    assert busiest.seats.get(meeting=proposal.missed[0]).absent
    assert busiest.seats.standing().filter(run=run, slot=slots[0]).exists()
    assert not busiest.seats.standing().filter(run=run, slot__in=slots[2:], slot__day=slots[1].day).exists()


def test_an_event_without_a_time_is_refused(run, busiest):
    with pytest.raises(Refused, match="nothing_chosen"):
        healing.propose(run, Incident("late", [], organisation=busiest), now=BEFORE)
