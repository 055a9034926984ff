"""Those who hold a meeting give it another time, cancel it, send somebody else, or meet whom nobody has planned."""

from datetime import datetime, timedelta

import pytest
from django.db.models import Count, Q

from fairlink_site.actions.meetings import asking, booking
from fairlink_site.actions.people import appoint, introduce
from fairlink_site.models import Edition, Meeting, Membership, Notice, Person, Wish
from fairlink_site.refusals import Refused


@pytest.fixture
def real(edition):
    """A sample that has been published: it stands always before its first day."""
    edition.phase = "running"
    edition.save()
    return edition


@pytest.fixture
def seat(real):
    """Of somebody with two meetings at least."""
    busy = real.organisations.annotate(n=Count("seats", filter=Q(seats__run__current=True)))
    organisation = busy.filter(n__gte=2).order_by("pk").first()
    return organisation.seats.current().select_related("meeting", "organisation").first()


@pytest.fixture
def theirs(seat):
    return seat.meeting.seats.exclude(pk=seat.pk).select_related("organisation").get()


def member(organisation, name):
    made = Person.objects.create_user(f"{name}@example.org", "quay-lantern-9", name=name.title())
    appoint(made, organisation.edition, role="exhibitor", organisation=organisation)
    return made


@pytest.fixture
def ada(client, seat):
    made = member(seat.organisation, "ada")
    client.force_login(made)
    return made


@pytest.fixture
def ben(theirs):
    return member(theirs.organisation, "ben")


def address(seat, page=""):
    return f"/en/{seat.run.edition.slug}/meetings/{seat.meeting_id}/{page}"


def test_another_time_is_one_of_those_that_work_confirmed_and_told(client, seat, ada, ben):
    page = client.get(address(seat, "time/"))
    _day, free = page.context["days"][0]
    assert seat.slot not in free

    confirm = client.get(address(seat, f"time/?slot={free[0].code}")).content.decode()
    assert "Move the meeting?" in confirm
    assert Meeting.objects.get(pk=seat.meeting_id).slot == seat.slot

    client.post(address(seat, "time/"), {"slot": free[0].code})
    assert Meeting.objects.get(pk=seat.meeting_id).slot == free[0]
    assert [one.kind for one in Notice.objects.filter(person=ben)] == ["meeting_moved"]


def test_a_time_that_is_not_free_is_refused_with_its_reason_and_the_next_one(client, seat, ada):
    taken = seat.organisation.seats.current().exclude(slot=seat.slot).first()
    free = {one.pk for _day, some in client.get(address(seat, "time/")).context["days"] for one in some}
    assert taken.slot_id not in free

    page = client.post(address(seat, "time/"), {"slot": taken.slot.code}, follow=True).content.decode()

    assert "not free any more" in page
    assert Meeting.objects.get(pk=seat.meeting_id).slot == seat.slot


def test_a_meeting_is_cancelled_with_a_reason_after_a_question(client, seat, ada, ben):
    assert "Cancel the meeting?" in client.get(address(seat, "cancel/")).content.decode()
    assert Meeting.objects.get(pk=seat.meeting_id).state == "planned"

    client.post(address(seat, "cancel/"), {"reason": "Our train is late"})

    assert Meeting.objects.get(pk=seat.meeting_id).state == "cancelled"
    notice = Notice.objects.get(person=ben)
    assert (notice.kind, notice.data["reason"]) == ("meeting_cancelled", "Our train is late")
    page = client.get(address(seat)).content.decode()
    assert "cancelled" in page
    assert "Another time" not in page


def test_somebody_else_goes_who_is_free_and_has_a_name(client, seat, ada, real):
    organisation = seat.organisation
    organisation.delegates = seat.delegate + 2
    organisation.save()
    seat.run.seats.filter(organisation=organisation, delegate=seat.delegate + 1).delete()
    introduce(ada.memberships.get(), delegate=seat.delegate + 1, languages=["lo"])
    assert (seat.delegate + 1, "Ada") in client.get(address(seat)).context["free"]

    client.post(address(seat, "delegate/"), {"delegate": seat.delegate + 1})

    page = client.get(address(seat))
    assert page.context["near"].person == ada
    assert page.context["near"].languages == ["lo"]
    calendar = client.get(f"/en/{real.slug}/organisations/{organisation.code}/calendar/").content.decode()
    assert "Ada" in calendar


def test_nothing_is_changed_where_the_timetable_is_locked(client, seat, ada, real):
    real.runs.filter(pk=seat.run_id).update(locked=True)

    assert not client.get(address(seat)).context["changes"]
    client.post(address(seat, "cancel/"), {})
    assert Meeting.objects.get(pk=seat.meeting_id).state == "planned"


def strangers(real, seat):
    """Somebody whom the organisation has no meeting with, nor wished for, and a time for both."""
    known = seat.run.meetings.filter(seats__organisation=seat.organisation)
    others = real.organisations.visible().exclude(seats__meeting__in=known)
    unplaced = seat.run.unplaced.filter(first=seat.organisation).values("second")
    others = others.exclude(pk__in=unplaced).exclude(pk=seat.organisation.pk)
    for other in others.exclude(unplaced_first__second=seat.organisation):
        found = asking.offered(seat.organisation, other)
        if found.spot:
            return other, found
    pytest.fail("nobody is free on the first day")


def test_two_who_stand_before_each_other_meet_at_the_next_time_that_is_free_for_both(client, real, seat, ada):
    other, found = strangers(real, seat)
    assert found.later == []
    ours = f"/en/{real.slug}/organisations/{seat.organisation.code}/meet/{other.code}/"

    page = client.get(ours).content.decode()
    assert "Meet on the spot" in page
    client.post(ours, {"slot": found.spot.code})

    made = Meeting.objects.get(run=seat.run, origin="hall")
    assert {one.organisation for one in made.seats.all()} == {seat.organisation, other}
    assert made.slot == found.spot
    assert client.get(ours)["Location"].endswith(f"/meetings/{made.pk}/")


def test_on_the_spot_a_time_that_has_begun_is_offered_while_half_of_it_is_left(client, real, seat, ada):
    other, found = strangers(real, seat)
    slot = found.spot
    begins = datetime.combine(slot.day, slot.start, real.zone)
    half = (datetime.combine(slot.day, slot.end, real.zone) - begins) / 2

    assert not found.begun
    for now in (begins, begins + half):
        there = asking.offered(seat.organisation, other, now=now)
        assert (there.spot, there.begun, there.later) == (slot, True, [])
    late = begins + half + timedelta(seconds=1)
    assert asking.offered(seat.organisation, other, now=late).spot != slot
    with pytest.raises(Refused, match="not_offered"):
        asking.ask(seat.organisation, other, slot, by=ada, now=late)
    with pytest.raises(Refused, match="time_over"):
        booking.book(seat.organisation, other, slot, by=ada, now=begins)
    made = asking.ask(seat.organisation, other, slot, by=ada, now=begins + half)
    assert (made.slot, made.origin) == (slot, "hall")


def test_the_page_says_until_when_two_may_meet_at_once(client, real, seat, ada, monkeypatch):
    other, found = strangers(real, seat)
    begun = datetime.combine(found.spot.day, found.spot.start, real.zone) + timedelta(minutes=1)
    monkeypatch.setattr(Edition, "now", lambda _edition: begun)

    page = client.get(f"/en/{real.slug}/organisations/{seat.organisation.code}/meet/{other.code}/")

    assert f"Meet on the spot: now, until {found.spot.end:%H:%M}" in page.content.decode()


def test_nobodys_other_days_are_filled_who_has_not_wished_for_it(real, seat, ada):
    other, found = strangers(real, seat)
    later = real.slots.filter(day__gt=found.spot.day).first()
    with pytest.raises(Refused, match="not_offered"):
        asking.ask(seat.organisation, other, later, by=ada)

    Wish.objects.create(
        edition=real, organisation=seat.organisation, partner=other, kind="want", answer="accepted"
    )
    offered = asking.offered(seat.organisation, other)
    assert offered.later
    assert asking.ask(seat.organisation, other, offered.later[-1], by=ada).origin == "request"


def test_a_sample_whose_days_are_long_past_can_be_tried_and_a_real_edition_cannot(real):
    begins = datetime.combine(real.start, datetime.min.time(), real.zone)
    assert real.now() == begins

    real.sample = False
    assert real.now() > begins + timedelta(days=30)


def test_a_seat_is_one_persons_and_one_of_the_organisations(client, real, seat, ada):
    organisation = seat.organisation
    cyd = member(organisation, "cyd")
    Edition.objects.filter(pk=real.pk).update(sample=False)
    first, second = (Membership.objects.get(person=one) for one in (ada, cyd))
    ours = f"/en/{real.slug}/organisations/{organisation.code}/people/"

    def save(one, delegate, *languages):
        fields = {f"{one.pk}-delegate": delegate, f"{one.pk}-languages": languages}
        return client.post(ours, {"membership": one.pk} | fields)

    assert save(first, "0", "en", "fr").status_code == 302
    first.refresh_from_db()
    assert (first.delegate, first.languages) == (0, ["en", "fr"])
    assert "This is the seat of Ada" in save(second, "0").content.decode()
    assert save(second, "999").status_code == 200
    second.refresh_from_db()
    assert second.delegate is None
    with pytest.raises(Refused, match="no_such_delegate"):
        introduce(second, delegate=organisation.delegates, languages=())
    assert save(first, "").status_code == 302
    first.refresh_from_db()
    assert (first.delegate, first.languages) == (None, [])
