"""Interpreters on the site: a table of the edition, a page of the set-up, and a name beside each meeting."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from test_booking import BEFORE

from fairlink.meetings import check
from fairlink.tables import Records
from fairlink_site import snapshot
from fairlink_site.actions import work
from fairlink_site.actions.editions import open_edition, remove_edition
from fairlink_site.actions.interpreters import add_interpreter, change_interpreter, remove_interpreters
from fairlink_site.actions.meetings.healing import Incident, accept, propose
from fairlink_site.actions.meetings.making import make_timetable
from fairlink_site.actions.meetings.publishing import publish
from fairlink_site.actions.people import appoint
from fairlink_site.models import Edition, Interpreter, Meeting, Person
from fairlink_site.pages.meetings.spread import lacks, told
from fairlink_site.refusals import Refused
from fairlink_site.snapshot.around import around

SPEAKERS = [
    {"id": "lin", "name": {"en": "Lin Wei", "zh-Hans": "林薇"}, "languages": ("zh", "lo"), "number": 1},
    {"id": "two", "name": {}, "languages": ("zh", "lo", "en"), "number": 2},
]


@pytest.fixture
def spoken(db, few_records):
    """An edition of two tongues, Chinese and Lao, and a timetable of it with two rows of interpreters."""
    row = {**few_records["edition"][0], "id": "spoken", "phase": "running"}
    organisations = [
        {**one, "languages": ("zh-Hans",) if number % 2 else ("lo",)}
        for number, one in enumerate(few_records["organisations"])
    ]
    speakers = [{"closed": (), **one} for one in SPEAKERS]
    tables = {"edition": [row], "organisations": organisations, "interpreters": speakers}
    made = open_edition(Records({**few_records.tables, **tables}))
    publish(make_timetable(made))
    return made


@pytest.fixture
def organiser(client, spoken):
    ada = Person.objects.create_user("ada@example.org")
    appoint(ada, spoken, role="organiser")
    client.force_login(ada)
    return client


def run_of(edition: Edition):
    return edition.runs.get(kind="meetings", current=True)


def obeys(edition: Edition):
    everybody = list(edition.organisations.values_list("pk", flat=True))
    found = around(run_of(edition), everybody)
    return check(found.expo, found.timetable)


def test_a_timetable_names_an_interpreter_where_two_share_no_language_and_nowhere_else(spoken):
    seen = set()
    for one in run_of(spoken).meetings.prefetch_related("seats__organisation"):
        tongues = {seat.organisation.languages[0] for seat in one.seats.all()}
        assert (one.interpreter is not None) == (len(tongues) > 1)
        seen.add(one.interpreter.code if one.interpreter else "")

    assert seen == {"", "lin", "two"}
    assert obeys(spoken) == ()


def test_what_is_brought_in_comes_out_again(spoken):
    rows = [{"closed": (), **one} for one in SPEAKERS]
    assert list(snapshot.read(spoken)["interpreters"]) == rows
    assert snapshot.snapshot(spoken).interpreters.number.tolist() == [1, 2]


def test_the_database_refuses_an_interpreter_in_two_meetings_at_a_time(spoken):
    run = run_of(spoken)
    first = run.meetings.filter(interpreter__code="lin").first()
    other = run.meetings.filter(slot=first.slot).exclude(pk=first.pk).first()

    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=other.pk).update(interpreter=first.interpreter, voice=first.voice)


def test_everybody_reads_who_interprets(spoken, organiser):
    meeting = run_of(spoken).meetings.filter(interpreter__code="lin").first()
    code = meeting.seats.first().organisation.code

    page = organiser.get(f"/en/{spoken.slug}/meetings/{meeting.pk}/").content.decode()
    chinese = organiser.get(f"/zh-hans/{spoken.slug}/meetings/{meeting.pk}/").content.decode()
    board = organiser.get(f"/en/{spoken.slug}/board/?slot={meeting.slot.code}").content.decode()
    calendar = organiser.get(f"/en/{spoken.slug}/organisations/{code}/calendar/").content.decode()
    file = b"".join(organiser.get(f"/en/{spoken.slug}/organisations/{code}/calendar.ics"))
    table = b"".join(organiser.get(f"/en/{spoken.slug}/timetables/{meeting.run_id}.csv")).decode("utf-8-sig")

    assert "with interpreter Lin Wei" in page
    assert "翻译：林薇" in chinese
    assert "with interpreter Lin Wei" in board
    assert "with interpreter Lin Wei" in calendar
    assert b"with interpreter Lin Wei" in file.replace(b"\r\n ", b"")
    assert ",lin" in table
    sheet = organiser.get(f"/en/{spoken.slug}/organisations/{code}/calendar.pdf")
    assert sheet.content.startswith(b"%PDF")


def test_an_organiser_adds_changes_and_removes_interpreters(spoken, organiser):
    page = f"/en/{spoken.slug}/setup/interpreters/"

    alone = organiser.post(page, {"name__en": "Noy", "languages": ["lo"], "number": "1"})
    added = organiser.post(page, {"name__en": "Noy", "languages": ["lo", "fr"], "number": "1"}, follow=True)
    (noy,) = spoken.interpreters.filter(code="i01")
    slot = spoken.slots.first().code
    facts = {"name__en": "Noy K.", "languages": ["lo", "fr"], "number": "2", "closed": [slot]}
    changed = organiser.post(f"{page}i01/", facts, follow=True)
    noy.refresh_from_db()

    assert "at least 2 are needed" in alone.content.decode()
    assert "Noy" in added.content.decode()
    assert "Noy K." in changed.content.decode()
    assert (noy.name, noy.languages, noy.number, noy.closed) == ({"en": "Noy K."}, ["lo", "fr"], 2, [slot])
    kept = organiser.post(page, {"remove": "lin"}, follow=True)
    assert "count on this interpreter" in kept.content.decode()
    organiser.post(page, {"remove": "i01"})
    assert not spoken.interpreters.filter(code="i01").exists()
    assert [one.history_type for one in Interpreter.history.filter(code="i01")] == ["-", "~", "+"]


def test_nobody_else_sees_or_changes_them(spoken, client):
    page = f"/en/{spoken.slug}/setup/interpreters/"
    somebody = Person.objects.create_user("eve@example.org")
    client.force_login(somebody)

    assert client.get(page).status_code in (403, 404)
    assert client.post(page, {"remove": "two"}).status_code in (403, 404)
    assert spoken.interpreters.count() == 2


def test_a_list_of_interpreters_is_brought_in(spoken, organiser):
    text = "id,name:en,languages,number\nsom,Som,lo|fr,1\nlin,Lin W.,zh|lo,1\n"
    file = SimpleUploadedFile("interpreters.csv", text.encode(), content_type="text/csv")

    answer = organiser.post(f"/en/{spoken.slug}/imports/", {"table": "interpreters", "file": file})
    organiser.post(answer.url, {"do": "import"})
    work.take_up(spoken.jobs.get(kind="import").pk)

    assert spoken.interpreters.get(code="som").languages == ["lo", "fr"]
    assert spoken.interpreters.get(code="lin").name["en"] == "Lin W."


def test_too_few_interpreters_are_told_with_pair_and_half_day(spoken):
    for one in ("two",):
        Meeting.objects.filter(interpreter__code=one).update(interpreter=None, voice=0)
        remove_interpreters(spoken, [one])
    change_interpreter(spoken, "lin", {"closed": tuple(spoken.slots.values_list("code", flat=True)[1:])})

    run = make_timetable(spoken)

    found = [one for one in lacks(spoken, run) if one.remedy[0] == "add_interpreter"]
    assert found
    number, why, what, when = told(found[0])
    assert number > 0
    assert (why, what) == ("no interpreter free when both are free", "one more interpreter for Lao–Chinese")
    assert when


def test_a_repair_keeps_every_interpreter_in_one_meeting(spoken, organiser):
    run = run_of(spoken)
    meeting = run.meetings.filter(interpreter__code="two").first()
    gone = meeting.seats.first().organisation
    incident = Incident("no_show", list(spoken.slots.filter(day=meeting.slot.day)), organisation=gone)

    accept(run, incident, propose(run, incident, now=BEFORE).token, by=organiser_of(spoken), now=BEFORE)

    assert {one.code for one in obeys(spoken)} <= {"outside_availability"}
    assert not run.meetings.standing().filter(seats__organisation=gone, slot__day=meeting.slot.day).exists()


def organiser_of(edition: Edition) -> Person:
    return edition.memberships.get(role="organiser").person


def test_an_edition_with_interpreters_can_be_removed(spoken):
    add_interpreter(spoken, {"languages": ("fr", "zh"), "number": 1})
    with pytest.raises(Refused):
        remove_interpreters(spoken, ["lin"])

    remove_edition(spoken)

    assert not Interpreter.objects.exists()
    assert not Interpreter.history.exists()
