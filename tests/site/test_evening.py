"""The evening before a day everybody is told what they have on it: once, and what is theirs."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from fairlink_site.actions.meetings.evening import tell_agendas
from fairlink_site.actions.messages import set_preference
from fairlink_site.actions.people import appoint, introduce
from fairlink_site.models import Activity, Letter, Membership, Notice, Person, Seat, SignUp


@pytest.fixture
def real(edition):
    edition.sample, edition.phase = False, "running"
    edition.save()
    return edition


@pytest.fixture
def seat(real, exhibitor):
    return exhibitor.seats.current().select_related("slot", "meeting__place").first()


@pytest.fixture
def ada(seat):
    made = Person.objects.create_user("ada@example.org", "quay-lantern-9", name="Ada")
    appoint(made, seat.organisation.edition, role="exhibitor", organisation=seat.organisation)
    return made


def at(edition, day, clock):
    return datetime.combine(day, clock, edition.zone)


def test_nobody_is_told_before_the_evening_and_everybody_once(real, seat, ada):
    eve = seat.slot.day - timedelta(days=1)
    concerned = Seat.objects.current().filter(run__edition=real, slot__day=seat.slot.day)
    number = concerned.values("organisation").distinct().count()

    assert tell_agendas(at(real, eve, time(16, 59))) == 0
    assert tell_agendas(at(real, eve, time(17))) == number
    assert tell_agendas(at(real, eve, time(21))) == 0

    notice = Notice.objects.get(person=ada)
    own = concerned.filter(organisation=seat.organisation)
    assert (notice.kind, notice.data["number"]) == ("agenda", own.count())
    letter = Letter.objects.get(person=ada)
    assert f"{seat.slot.start:%H:%M}" in letter.body
    assert seat.meeting.place.code in letter.body


def test_activities_and_names_of_delegates_stand_in_it(real, seat, ada):
    introduce(Membership.objects.get(person=ada), delegate=seat.delegate, languages=())
    activity = Activity.objects.create(
        edition=real, code="early", kind="forum", name={"en": "Cold\nchains"}, day=seat.slot.day,
        start=time(5), end=time(6), hall="Hall E",
    )  # fmt: skip
    SignUp.objects.create(activity=activity, organisation=seat.organisation, delegate=seat.delegate)

    tell_agendas(at(real, seat.slot.day - timedelta(days=1), time(18)))

    assert "05:00  Cold chains · Hall E · Ada" in Letter.objects.get(person=ada).body


def test_quiet_hours_and_those_who_want_no_letters_are_left_alone(real, seat, ada):
    set_preference(ada, quiet_from=time(0), quiet_until=time(23, 59), time_zone="UTC")
    eve = at(real, seat.slot.day - timedelta(days=1), time(18))
    tell_agendas(eve)
    assert Letter.objects.get(person=ada).due > timezone.now()


@pytest.mark.parametrize("change", [{"phase": "matching"}, {"phase": "closed"}, {"sample": True}])
def test_there_is_no_agenda_of_an_expo_that_nobody_goes_to(real, seat, ada, change):
    type(real).objects.filter(pk=real.pk).update(**change)

    assert tell_agendas(at(real, seat.slot.day - timedelta(days=1), time(18))) == 0
