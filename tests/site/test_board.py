"""The hall: who meets now and next, who has come, badges that lead to an organisation, and the log of what happened."""

import re
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from fairlink_site.actions.meetings.arrivals import arrive, sit, unsay_arrival
from fairlink_site.actions.people import appoint
from fairlink_site.models import Arrival, Edition, Meeting, Person, Seat, TimetableEvent
from fairlink_site.pages.meetings import clock as clocks
from fairlink_site.pages.meetings.check_in import token
from fairlink_site.refusals import Refused


@pytest.fixture
def hand(edition):
    made = Person.objects.create_user("hand@example.org", name="Hand")
    appoint(made, edition, role="hall")
    return made


@pytest.fixture
def staff(client, hand):
    client.force_login(hand)
    return client


@pytest.fixture
def seat(edition):
    """One with meetings at the first time."""
    return (
        Seat.objects.current().filter(run__edition=edition, slot=edition.slots.first()).order_by("pk").first()
    )


def at(edition, path=""):
    return f"/en/{edition.slug}/board/{path}"


def play(monkeypatch, moment):
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_the_clock_shows_what_goes_on_then_what_comes_next_then_another_day(edition, monkeypatch):
    slots = list(edition.slots.all())
    zone = clocks.ZoneInfo(edition.time_zone)
    second = datetime.combine(slots[1].day, slots[1].start, zone)

    play(monkeypatch, second)
    there = clocks.clock(edition)
    assert (there.slot, there.then, there.live, there.now) == (slots[1], slots[2], True, second)
    assert there.rest == [one for one in slots[1:] if one.day == slots[1].day]
    assert there.ahead == slots[1:]

    last = there.rest[-1]
    play(monkeypatch, datetime.combine(last.day, last.start, zone))
    assert clocks.clock(edition).then is None

    play(monkeypatch, datetime(2001, 1, 1, tzinfo=UTC))
    early = clocks.clock(edition)
    assert (early.slot, early.live) == (slots[0], False)
    assert early.now.year == 2001


def test_of_an_expo_that_is_over_the_time_is_the_one_looked_at(edition):
    chosen = edition.slots.last()

    there = clocks.clock(edition, chosen.code)

    assert (there.slot, there.live, there.ahead) == (chosen, False, [chosen])
    assert there.now == datetime.combine(chosen.day, chosen.start, clocks.ZoneInfo(edition.time_zone))


def test_somebody_comes_once_a_day_sits_at_the_table_and_the_log_says_so(edition, seat, hand):
    arrive(seat.organisation, slot=seat.slot, by=hand)
    arrive(seat.organisation, slot=seat.slot, by=hand)

    seat.refresh_from_db()
    assert seat.arrived
    assert Arrival.objects.filter(organisation=seat.organisation).count() == 1
    assert TimetableEvent.objects.filter(kind="arrived", organisation=seat.organisation).count() == 1
    later = seat.organisation.seats.current().exclude(slot=seat.slot)
    assert not later.exclude(arrived=None).exists()

    unsay_arrival(seat.organisation, slot=seat.slot)

    seat.refresh_from_db()
    assert not seat.arrived
    assert not Arrival.objects.filter(organisation=seat.organisation).exists()


def test_a_touch_on_the_board_says_that_somebody_sits_and_another_that_nobody_does(staff, edition, seat):
    staff.post(at(edition), {"seat": seat.pk})
    seat.refresh_from_db()
    assert seat.arrived
    assert Arrival.objects.filter(organisation=seat.organisation).exists()

    staff.post(at(edition), {"seat": seat.pk})
    seat.refresh_from_db()
    assert not seat.arrived


def test_nobody_sits_down_in_another_edition_or_at_a_meeting_that_is_cancelled(edition, seat, hand):
    Meeting.objects.filter(pk=seat.meeting_id).update(state=Meeting.CANCELLED)
    Seat.objects.filter(meeting=seat.meeting_id).update(released=True)
    other = Edition(pk=edition.pk + 1)

    for where, key in ((edition, seat.pk), (other, seat.pk), (edition, 0)):
        with pytest.raises(Refused, match="meeting_over"):
            sit(where, key, by=hand)
    assert not Arrival.objects.exists()


def test_the_board_shows_each_meeting_of_now_and_next_with_both_parties(staff, edition, seat):
    slots = list(edition.slots.all()[:2])
    shown = Meeting.objects.filter(run=seat.run, slot__in=slots)
    assert 0 < shown.count() <= 40

    page = staff.get(at(edition)).content.decode()

    buttons = {int(key) for key in re.findall(r'name="seat" value="(\d+)"', page)}
    assert buttons == set(Seat.objects.filter(meeting__in=shown).values_list("pk", flat=True))
    assert len(page) < 100_000
    wall = staff.get(at(edition), {"wall": 1}).content.decode()
    assert 'name="seat"' not in wall


def test_the_board_of_a_hall_shows_that_hall_only(staff, edition, seat):
    hall = seat.meeting.place.hall

    page = staff.get(at(edition), {"hall": hall}).content.decode()

    shown = set(re.findall(r"<b>([^<]+)</b>", page))
    slots = edition.slots.all()[:2]
    there = Meeting.objects.filter(run=seat.run, slot__in=slots, place__hall=hall)
    assert shown == set(there.values_list("place__code", flat=True))


def test_the_board_takes_as_many_queries_for_many_meetings_as_for_few(
    staff, edition, seat, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20):
        staff.get(at(edition))


def test_a_badge_leads_to_its_organisation_and_a_forged_one_nowhere(staff, edition, exhibitor):
    sealed = token(exhibitor)
    goal = at(edition, f"organisations/{exhibitor.code}/")

    assert staff.get(at(edition, f"check-in/{sealed}/"))["Location"] == goal
    scanned = staff.get(at(edition, "check-in/"), {"q": f"http://localhost{at(edition)}check-in/{sealed}/"})
    assert scanned["Location"] == at(edition, f"check-in/{sealed}/")
    assert staff.get(at(edition, f"check-in/{exhibitor.code}~{'0' * 16}/")).status_code == 404
    neighbour = token(type(exhibitor)(code=exhibitor.code, edition=Edition(slug="neighbour")))
    assert staff.get(at(edition, f"check-in/{neighbour}/")).status_code == 404


def test_somebody_without_a_badge_is_found_by_code_or_name_and_checked_in(staff, edition, exhibitor):
    page = at(edition, f"organisations/{exhibitor.code}/")
    assert staff.get(at(edition, "check-in/"), {"q": exhibitor.code})["Location"] == page
    name = exhibitor.name["en"]
    assert exhibitor.code in staff.get(at(edition, "check-in/"), {"q": name}).content.decode()

    staff.post(page, {"do": "come"})

    assert "Has come for" in staff.get(page).content.decode()
    staff.post(page, {"do": "undo"})
    assert not Arrival.objects.exists()


def test_sheets_hold_a_code_for_every_organisation(staff, edition):
    number = 0
    for page in range(1, 9):
        sheet = staff.get(at(edition, "badges/"), {"page": page}).content.decode()
        assert len(sheet) < 100_000
        number += sheet.count('class="code"')
        if 'rel="next"' not in sheet:
            break

    assert number == edition.organisations.visible().count()


def test_the_log_is_a_page_and_a_file(staff, edition, seat, hand):
    arrive(seat.organisation, slot=seat.slot, by=hand)

    page = staff.get(at(edition, "log/"), {"kind": "arrived"}).content.decode()
    rows = b"".join(staff.get(at(edition, "log.csv"), {"kind": "arrived"})).decode().splitlines()

    assert "Hand" in page
    assert len(rows) == 2
    assert f",arrived,{seat.run_id},{seat.organisation.code}," in rows[1]


@pytest.fixture
def missing(edition):
    """Somebody with meetings on the first day, who does not come; the expo runs."""
    Edition.objects.filter(pk=edition.pk).update(phase="running")
    first = edition.slots.first()
    seats = Seat.objects.current().filter(run__edition=edition, slot=first)
    return seats.select_related("organisation").order_by("pk").first().organisation


def proposed(staff, edition, **asked):
    """The page of a repair, and the token of what it proposes."""
    page = staff.get(at(edition, "repair/"), asked).content.decode()
    return page, re.search(r'name="token" value="([^"]+)"', page)[1]


def accepted(staff, edition, token, **asked):
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return staff.post(at(edition, f"repair/?{query}"), {"token": token}, follow=True).content.decode()


def test_whoever_does_not_come_is_repaired_only_once_somebody_accepts_it(staff, edition, missing):
    first = edition.slots.first()
    asked = {"kind": "no_show", "organisation": missing.code, "scope": "day", "slot": first.code}
    today = missing.seats.current().filter(slot__day=first.day)
    before = today.count()

    page, sealed = proposed(staff, edition, **asked)

    assert today.count() == before
    assert missing.name["en"] in page
    done = accepted(staff, edition, sealed, **asked)
    assert "Done." in done
    assert not today.filter(meeting__state=Meeting.PLANNED).exists()
    assert today.filter(absent=True, slot=first).exists()
    event = TimetableEvent.objects.get(kind="no_show")
    assert (event.organisation, event.by.name) == (missing, "Hand")


def test_somebody_late_keeps_what_they_are_in_time_for(staff, edition, missing):
    day = list(edition.slots.filter(day=edition.slots.first().day))
    asked = {"kind": "late", "organisation": missing.code, "until": day[2].code, "slot": day[0].code}
    kept = set(missing.seats.current().filter(slot__in=day[2:]).values_list("meeting", flat=True))

    _page, sealed = proposed(staff, edition, **asked)
    accepted(staff, edition, sealed, **asked)

    still = missing.seats.current().filter(meeting__state=Meeting.PLANNED)
    assert not still.filter(slot__in=day[:2]).exists()
    assert kept <= set(still.filter(slot__in=day[2:]).values_list("meeting", flat=True))


def test_a_closed_table_holds_nothing_and_is_opened_again(staff, edition, missing):
    first = edition.slots.first()
    meeting = (
        Meeting.objects.standing().filter(run__current=True, run__edition=edition).exclude(slot=first).first()
    )
    asked = {"place": meeting.place.code, "scope": "all", "slot": first.code}
    there = Meeting.objects.standing().filter(run=meeting.run, place=meeting.place).exclude(slot=first)

    _page, sealed = proposed(staff, edition, kind="place_closed", **asked)
    accepted(staff, edition, sealed, kind="place_closed", **asked)

    assert not there.exists()
    _page, sealed = proposed(staff, edition, kind="place_opened", **asked)
    accepted(staff, edition, sealed, kind="place_opened", **asked)
    assert edition.places.get(pk=meeting.place_id).closed == []


def test_what_has_changed_meanwhile_is_shown_anew_instead_of_done(staff, edition, missing):
    asked = {
        "kind": "no_show",
        "organisation": missing.code,
        "scope": "day",
        "slot": edition.slots.first().code,
    }
    before = missing.seats.current().count()

    page = accepted(staff, edition, "0" * 64, **asked)

    assert missing.seats.current().count() == before
    assert 'name="token"' in page


def test_an_unknown_table_or_somebody_unknown_is_said_to_be_so(staff, edition):
    page = staff.get(at(edition, "repair/"), {"kind": "place_closed", "place": "nowhere"}).content.decode()

    assert "There is no place “nowhere”" in page
    assert staff.get(at(edition, "repair/"), {"kind": "no_show", "organisation": "nobody"}).status_code == 404
    assert staff.get(at(edition, "repair/"), {"kind": "flood"}).status_code == 404
