"""A calendar taken along: a file, a feed by a secret address, a sheet of paper; in each what is, and nobody else's."""

import shutil
import subprocess
from datetime import time

import icalendar
import pytest

from fairlink import Provenance
from fairlink_site import printing
from fairlink_site.actions.meetings import booking
from fairlink_site.actions.meetings.publishing import publish
from fairlink_site.actions.people import appoint, renew_feed
from fairlink_site.actions.runs import KEPT, store_run
from fairlink_site.models import Activity, Membership, Person, Run, SignUp
from fairlink_site.pages.meetings.files import token_of

PDFTOTEXT = shutil.which("pdftotext")


@pytest.fixture
def real(edition):
    edition.phase = "running"
    edition.save()
    return edition


@pytest.fixture
def seat(real, exhibitor):
    return exhibitor.seats.current().select_related("meeting", "slot").first()


@pytest.fixture
def ada(seat):
    made = Person.objects.create_user("ada@example.org", "quay-lantern-9", name="Ada")
    appoint(made, seat.organisation.edition, role="exhibitor", organisation=seat.organisation)
    return made


@pytest.fixture
def mine(ada):
    return Membership.objects.select_related("organisation__edition").get(person=ada)


@pytest.fixture
def attending(real, seat):
    activity = Activity.objects.create(
        edition=real, code="early", kind="forum", name={"en": "Cold chains"}, day=real.start,
        start=time(5), end=time(6), hall="Hall E",
    )  # fmt: skip
    SignUp.objects.create(activity=activity, organisation=seat.organisation, delegate=0)
    return activity


def events(client, mine):
    answer = client.get(f"/en/calendars/{token_of(mine)}.ics")
    assert answer.status_code == 200
    return {str(one["uid"]): one for one in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")}


def test_the_feed_holds_meetings_and_activities_of_the_own_organisation_for_whoever_has_the_address(
    client, mine, seat, attending
):
    found = events(client, mine)

    seats = mine.organisation.seats.current()
    assert len(found) == seats.count() + 1
    summaries = {str(one["summary"]) for one in found.values()}
    assert "Cold chains" in summaries
    assert f"/meetings/{seat.meeting_id}/" in " ".join(str(one["url"]) for one in found.values())
    answer = client.get(f"/en/calendars/{token_of(mine)}.ics")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_what_is_moved_keeps_its_uid_and_what_is_cancelled_says_so_with_a_higher_number(
    client, mine, seat, ada, real
):
    before = events(client, mine)
    partner = seat.meeting.seats.exclude(pk=seat.pk).get().organisation
    uid = next(key for key in before if partner.code in key)
    slot = booking.times(mine.organisation, partner, now=real.now())[0]
    booking.move(seat.meeting, slot, by=ada, now=real.now())

    moved = events(client, mine)[uid]
    assert moved["dtstart"].dt.time() == slot.start
    assert moved["sequence"] > before[uid]["sequence"]
    booking.cancel(seat.meeting, mine.organisation, by=ada, now=real.now())

    gone = events(client, mine)[uid]
    assert (str(gone["status"]), str(moved["status"])) == ("CANCELLED", "CONFIRMED")
    assert gone["sequence"] > moved["sequence"]
    again = booking.book(mine.organisation, partner, slot, by=ada, now=real.now())
    assert len(events(client, mine)) == len(before)
    back = events(client, mine)[uid]
    assert str(back["status"]) == "CONFIRMED"
    assert f"/meetings/{again.pk}/" in str(back["url"])


def test_a_new_address_ends_the_old_one_and_none_that_we_did_not_make_is_one(client, mine, ada, real):
    old = token_of(mine)
    page = f"/en/{real.slug}/organisations/{mine.organisation.code}/calendar/feed/"
    client.force_login(ada)
    assert f"calendars/{old}.ics" in client.get(page).content.decode()
    assert "webcal://" in client.get(page).content.decode()

    client.post(page)

    client.logout()
    mine.refresh_from_db()
    assert client.get(f"/en/calendars/{old}.ics").status_code == 404
    assert client.get(f"/en/calendars/{token_of(mine)}.ics").status_code == 200
    for wrong in ("x", f"{old}x", "x:y:z"):
        assert client.get(f"/en/calendars/{wrong}.ics").status_code == 404
    renew_feed(mine)
    assert client.get(f"/en/calendars/{token_of(mine)}.ics").status_code == 404


def test_the_feed_shows_nothing_before_the_timetable_is_published_nor_to_whoever_has_left(client, mine, real):
    address = f"/en/calendars/{token_of(mine)}.ics"
    real.phase = "matching"
    real.save()
    assert client.get(address).status_code == 404
    real.phase = "running"
    real.save()
    assert client.get(address).status_code == 200
    mine.delete()
    assert client.get(address).status_code == 404


def text_of(content, tmp_path):
    (tmp_path / "a.pdf").write_bytes(content)
    found = subprocess.run(
        [PDFTOTEXT, "-layout", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True
    )
    return found.stdout


def test_the_sheet_is_one_page_in_the_languages_of_the_edition(client, real, seat, attending):
    address = f"{real.slug}/organisations/{seat.organisation.code}/calendar.pdf"
    answer = client.get(f"/en/{address}")

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert client.get(f"/zh-hans/{address}").content.startswith(b"%PDF")


def rows(number):
    return [
        {
            "day": [{"text": f"Day {n}", "lang": "en"}] if n % 20 == 0 else None,
            "start": "09:00", "end": "09:30", "name": [{"text": f"#strong[{n}] 公司", "lang": "zh"}],
            "kind": [{"text": "Table", "lang": "en"}], "where": "T01", "person": "$x$", "picture": "q.svg",
            "interpreter": [{"text": "with interpreter #1", "lang": "en"}] if n % 3 == 0 else [],
        }
        for n in range(number)
    ]  # fmt: skip


@pytest.mark.skipif(PDFTOTEXT is None, reason="pdftotext is not installed")
@pytest.mark.parametrize(("number", "left"), [(0, 0), (5, 0), (30, 0), (120, None)])
def test_however_much_there_is_it_stays_one_page_and_says_what_it_leaves_out(number, left, tmp_path):
    word = [{"text": "Words", "lang": "en"}]
    data = {"title": "T", "organisation": word, "edition": word, "note": word, "rows": rows(number)}
    data["more"] = [{"text": "and {n} more", "lang": "en"}]

    made = printing.pdf("agenda", data, {"q.svg": printing.qr("a"), "calendar.svg": printing.qr("b")})

    text = text_of(made, tmp_path)
    assert text.count("\f") == 1
    shown = text.count("09:30")
    assert ("more" in text) == (left is None)
    assert shown == number if left == 0 else f"and {number - shown} more" in text
    if number:
        assert "#strong[0]" in text  # what people write is text, never markup


@pytest.fixture
def other(real, seat):
    """Another timetable of the same expo, which holds everything but the meeting of `seat`, at the same times."""
    old = seat.run
    made = Run.objects.create(
        edition=real, kind="meetings", current=False, seconds=1, version="0", seed=1, parameters={},
        fingerprint="0" * 64, measures=old.measures,
    )  # fmt: skip
    for meeting in old.meetings.exclude(pk=seat.meeting_id).prefetch_related("seats"):
        seats = list(meeting.seats.all())
        meeting.pk, meeting.run, meeting._state.adding = None, made, True
        meeting.save()
        for one in seats:
            one.pk, one.run, one.meeting, one._state.adding = None, made, meeting, True
            one.save()
    return made


def test_what_a_new_timetable_does_not_hold_is_cancelled_and_comes_back_when_it_is_gone_back_to(
    client, mine, seat, other, real
):
    before = events(client, mine)
    partner = seat.meeting.seats.exclude(pk=seat.pk).get().organisation
    uid = next(key for key in before if partner.code in key)
    old = seat.run

    publish(other)

    after = events(client, mine)
    assert {key for key, one in after.items() if str(one["status"]) == "CANCELLED"} == {uid}
    assert after.keys() == before.keys()
    assert after[uid]["dtstart"].dt == before[uid]["dtstart"].dt
    assert all(one["sequence"] > before[key]["sequence"] for key, one in after.items())
    assert f"/organisations/{partner.code}/" in str(after[uid]["url"])
    publish(old)
    back = events(client, mine)
    assert str(back[uid]["status"]) == "CONFIRMED"
    assert back[uid]["sequence"] > after[uid]["sequence"]


def test_what_was_published_is_kept_however_many_proposals_are_made_after_it(client, mine, seat, other, real):
    publish(other)
    before = events(client, mine)
    nothing = Provenance(version="0", seed=0, parameters={}, fingerprint="0" * 64)
    for _ in range(KEPT + 3):
        store_run(real, "meetings", nothing, seconds=1, measures=other.measures, current=False)

    assert real.runs.filter(kind="meetings", published=None).count() == KEPT + 1
    assert events(client, mine) == before


def test_nobody_is_told_of_the_end_of_what_they_never_saw(client, mine, seat, other, real):
    real.phase = "registration"
    real.save()
    publish(other)
    real.phase = "running"
    real.save()

    assert events(client, mine) == {}
