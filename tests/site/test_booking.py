"""Changes of the timetable that people see: one at a time, by the rules that made it, and told to those concerned."""

import sqlite3
import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, connections

from fairlink.meetings import check
from fairlink.tables import Records
from fairlink_site.actions.editions import open_edition, remove_edition
from fairlink_site.actions.interpreters import add_interpreter
from fairlink_site.actions.meetings import booking
from fairlink_site.actions.meetings.making import make_timetable
from fairlink_site.actions.meetings.publishing import publish
from fairlink_site.actions.partners import recommend_partners
from fairlink_site.actions.people import appoint
from fairlink_site.models import Edition, Meeting, Notice, Person, Seat, SignUp, TimetableEvent, Wish
from fairlink_site.refusals import Refused
from fairlink_site.snapshot import snapshot
from fairlink_site.snapshot.around import around

BEFORE = datetime(2000, 1, 1, tzinfo=UTC)
AFTER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def ben(exhibitor):
    Edition.objects.filter(pk=exhibitor.edition_id).update(phase="running")
    made = Person.objects.create_user("ben@example.org")
    appoint(made, exhibitor.edition, role="exhibitor", organisation=exhibitor)
    return made


@pytest.fixture
def partner(exhibitor):
    """Somebody they do not meet yet and could."""
    met = Seat.objects.current().filter(meeting__seats__organisation=exhibitor).values("organisation")
    others = exhibitor.edition.organisations.visible().exclude(pk__in=met).exclude(pk=exhibitor.pk)
    return next(one for one in others if booking.times(exhibitor, one, now=BEFORE))


@pytest.fixture
def dan(partner):
    made = Person.objects.create_user("dan@example.org")
    appoint(made, partner.edition, role="exhibitor", organisation=partner)
    return made


@pytest.fixture
def meeting(exhibitor):
    return Meeting.objects.filter(run__current=True, seats__organisation=exhibitor).first()


def obeys(edition):
    """The whole timetable as the library checks it: nobody in two places, no place taken twice."""
    run = edition.runs.get(kind="meetings", current=True)
    everybody = list(edition.organisations.values_list("pk", flat=True))
    found = around(run, everybody)
    return check(found.expo, found.timetable)


def test_a_meeting_is_booked_where_both_are_free_and_the_partner_is_told(exhibitor, partner, ben, dan):
    slot = booking.times(exhibitor, partner, now=BEFORE)[0]

    made = booking.book(exhibitor, partner, slot, by=ben, now=BEFORE)

    assert {seat.organisation for seat in made.seats.all()} == {exhibitor, partner}
    assert made.slot == slot
    assert [notice.kind for notice in Notice.objects.filter(person=dan)] == ["meeting_booked"]
    assert not Notice.objects.filter(person=ben).exists()
    assert TimetableEvent.objects.get(meeting=made).kind == "booked"
    assert obeys(exhibitor.edition) == ()


def test_a_second_meeting_of_the_two_is_refused(exhibitor, partner, ben):
    booking.book(exhibitor, partner, booking.times(exhibitor, partner, now=BEFORE)[0], by=ben, now=BEFORE)

    with pytest.raises(Refused, match="meet_already"):
        booking.book(exhibitor, partner, booking.times(exhibitor, partner, now=BEFORE)[0], by=ben, now=BEFORE)


def test_a_taken_time_is_refused_with_the_rule_and_the_nearest_free_one(exhibitor, partner, ben, meeting):
    with pytest.raises(Refused) as no:
        booking.book(exhibitor, partner, meeting.slot, by=ben, now=BEFORE)

    assert no.value.code == "time_taken_next"
    assert {code for code, _ in no.value.data["against"]} & {"host_busy", "guest_busy"}
    assert no.value.data["next"] in booking.times(exhibitor, partner, now=BEFORE)
    assert (
        not Meeting.objects.filter(seats__organisation=partner).filter(seats__organisation=exhibitor).exists()
    )


def test_a_time_that_has_passed_is_not_offered_and_not_given(exhibitor, partner, ben):
    slot = booking.times(exhibitor, partner, now=BEFORE)[0]

    assert booking.times(exhibitor, partner, now=AFTER) == []
    with pytest.raises(Refused, match="time_over"):
        booking.book(exhibitor, partner, slot, by=ben, now=AFTER)


def test_a_meeting_moves_only_to_times_that_work_and_gives_its_own_free(exhibitor, ben, meeting):
    other = meeting.seats.exclude(organisation=exhibitor).get().organisation
    before, slots = meeting.slot, booking.times(exhibitor, other, now=BEFORE)
    assert before not in slots
    if not slots:
        pytest.skip("no other time is free for the two")

    moved = booking.move(meeting, slots[0], by=ben, now=BEFORE)

    assert moved.slot == slots[0]
    assert set(moved.seats.values_list("slot", flat=True)) == {slots[0].pk}
    assert not exhibitor.seats.current().filter(slot=before, delegate=0).exists() or exhibitor.delegates > 1
    assert before in booking.times(exhibitor, other, now=BEFORE)
    assert obeys(exhibitor.edition) == ()


def test_what_is_cancelled_gives_time_and_place_free_and_keeps_its_row(exhibitor, ben, meeting):
    other = meeting.seats.exclude(organisation=exhibitor).get().organisation
    eve = Person.objects.create_user("eve@example.org")
    appoint(eve, exhibitor.edition, role="exhibitor", organisation=other)

    booking.cancel(meeting, exhibitor, reason="Our flight is late.", by=ben, now=BEFORE)

    assert Meeting.objects.get(pk=meeting.pk).state == Meeting.CANCELLED
    assert not exhibitor.seats.current().filter(meeting=meeting).exists()
    notice = Notice.objects.get(person=eve)
    assert (notice.kind, notice.data["reason"]) == ("meeting_cancelled", "Our flight is late.")
    assert meeting.slot in booking.times(exhibitor, other, now=BEFORE)
    with pytest.raises(Refused, match="meeting_over"):
        booking.cancel(meeting, exhibitor, by=ben, now=BEFORE)


def test_participants_change_nothing_in_a_locked_timetable_and_organisers_do(exhibitor, partner, ben):
    exhibitor.edition.runs.filter(kind="meetings", current=True).update(locked=True)
    slot = booking.times(exhibitor, partner, now=BEFORE)[0]
    ada = Person.objects.create_user("ada@example.org")
    appoint(ada, exhibitor.edition, role="organiser")

    with pytest.raises(Refused, match="timetable_locked"):
        booking.book(exhibitor, partner, slot, by=ben, now=BEFORE)

    assert booking.book(exhibitor, partner, slot, by=ada, now=BEFORE).pk


def test_whoever_says_never_cannot_be_met_and_nobody_learns_that(exhibitor, partner, ben):
    slot = booking.times(exhibitor, partner, now=BEFORE)[0]
    Wish.objects.create(edition=exhibitor.edition, organisation=partner, partner=exhibitor, kind="never")

    assert booking.times(exhibitor, partner, now=BEFORE) == []
    with pytest.raises(Refused, match="not_to_be_met"):
        booking.book(exhibitor, partner, slot, by=ben, now=BEFORE)


def test_another_delegate_is_sent_only_if_free(exhibitor, ben, meeting):
    type(exhibitor).objects.filter(pk=exhibitor.pk).update(delegates=2)
    seat = meeting.seats.get(organisation=exhibitor)

    assert booking.assign(seat, 1, by=ben).delegate == 1
    with pytest.raises(Refused, match="no_such_delegate"):
        booking.assign(seat, 2, by=ben)


@pytest.fixture
def alone(few_records):
    """An edition whose rows other threads see."""
    row = {**few_records["edition"][0], "id": "alone", "phase": "running"}
    made = open_edition(Records({**few_records.tables, "edition": [row]}))
    recommend_partners(made)
    publish(make_timetable(made))
    yield made
    remove_edition(made)


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """Call to let threads have connections of their own: a database in memory is copied to a file for them."""

    def go():
        if connection.vendor == "sqlite":
            path = tmp_path / "copy.sqlite3"
            with sqlite3.connect(path) as copy:
                connection.connection.backup(copy)
            copy.close()
            monkeypatch.setitem(connections.settings["default"], "NAME", str(path))

    return go


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scarce", ["time", "table", "interpreter"])
def test_of_two_who_want_the_last_one_at_the_same_moment_one_gets_it(alone, elsewhere, scarce):
    """Real threads, each with a connection of its own."""
    by = Person.objects.create_user("ada@example.org")
    appoint(by, alone, role="organiser")
    pairs, slot = rivals(alone, scarce)
    told, gate = [], threading.Barrier(len(pairs))
    elsewhere()

    def want(one, other):
        gate.wait()
        try:
            told.append(booking.book(one, other, slot, by=by, now=BEFORE))
        except Refused as no:
            told.append(no)
        finally:
            connection.close()

    threads = [threading.Thread(target=want, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (made,) = [one for one in told if isinstance(one, Meeting)]
    (no,) = [one for one in told if isinstance(one, Refused)]
    assert made.slot == slot
    assert no.code == "time_taken_next"
    assert no.data["next"] != slot
    assert {code for code, _ in no.data["against"]} <= {
        "host_busy",
        "guest_busy",
        "no_table",
        "no_interpreter",
    }
    if scarce == "interpreter":
        assert made.interpreter.code == "i01"
        assert [code for code, _ in no.data["against"]] == ["no_interpreter"]


def rivals(edition, scarce):
    """Two pairs of which only one can meet at a time: they share a party with one delegate, a table, an interpreter."""
    run = edition.runs.get(kind="meetings", current=True)
    Seat.objects.filter(run=run).delete()
    Meeting.objects.filter(run=run).delete()
    run.unplaced.all().delete()
    edition.places.filter(organisation__isnull=False).delete()
    tables = edition.places.filter(kind__in=("table", "room"))
    if scarce == "interpreter":
        add_interpreter(edition, {"languages": ("zh", "lo"), "number": 1})
    else:
        tables.exclude(pk=tables.first().pk).delete()
    type(edition.organisations.first()).objects.filter(edition=edition).update(
        delegates=1, online=False, closed=[], meeting_cap=None
    )
    a, b, c, d = edition.organisations.visible()[:4]
    if scarce == "interpreter":
        for one, tongue in ((a, "zh"), (b, "lo"), (c, "zh"), (d, "lo")):
            type(one).objects.filter(pk=one.pk).update(languages=[tongue])
    slot = edition.slots.all()[3]
    return ([(a, b), (a, c)] if scarce == "time" else [(a, b), (c, d)]), slot


def test_a_delegate_at_an_activity_is_offered_no_meeting_then(exhibitor, partner, ben):
    type(exhibitor).objects.filter(pk=exhibitor.pk).update(delegates=1)
    exhibitor.refresh_from_db()
    slot = booking.times(exhibitor, partner, now=BEFORE)[0]
    forum = exhibitor.edition.activities.create(
        code="forum", kind="forum", name={"en": "Forum"}, day=slot.day, start=slot.start, end=slot.end
    )
    SignUp.objects.create(activity=forum, organisation=exhibitor, delegate=0)

    assert slot not in booking.times(exhibitor, partner, now=BEFORE)
    with pytest.raises(Refused) as no:
        booking.book(exhibitor, partner, slot, by=ben, now=BEFORE)
    assert "outside_availability" in {code for code, _ in no.value.data["against"]}
    expo = snapshot(exhibitor.edition)
    taken = [(expo.ids[expo.engagements.organisation[0]], expo.slots.ids[expo.engagements.slot[0]])]
    assert taken == [(exhibitor.code, slot.code)]
