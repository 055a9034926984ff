"""Wishes for any of these on the site: they come in with a file, and of a group as many are held as were wished for."""

import pytest
from test_booking import BEFORE

from fairlink.tables import Records
from fairlink_site import snapshot
from fairlink_site.actions.editions import open_edition
from fairlink_site.actions.meetings import booking
from fairlink_site.actions.meetings.making import make_timetable
from fairlink_site.actions.meetings.publishing import publish
from fairlink_site.actions.people import appoint
from fairlink_site.models import Edition, Person
from fairlink_site.refusals import Refused


@pytest.fixture
def choosing(db, few_records):
    """An edition in which one organisation wishes for any of three others, and nothing else is wanted."""
    organisations = [{**one, "closed": (), "online": False} for one in few_records["organisations"]]
    mine, *others = [one["id"] for one in organisations[:4]]
    wishes = [
        {"organisation": mine, "partner": one, "kind": "want", "answer": "", "group": "any", "choose": 1}
        for one in others
    ]
    row = {**few_records["edition"][0], "id": "choosing", "phase": "running", "meet": "wishes_only"}
    tables = {"edition": [row], "organisations": organisations, "wishes": wishes}
    return open_edition(Records({**few_records.tables, **tables})), mine, others


def run_of(edition: Edition):
    publish(make_timetable(edition))
    return edition.runs.get(kind="meetings", current=True)


def test_of_a_group_one_is_held_and_the_others_are_told_why(client, choosing):
    edition, mine, _ = choosing
    run = run_of(edition)
    ben = Person.objects.create_user("ben@example.org")
    appoint(ben, edition, role="exhibitor", organisation=edition.organisations.get(code=mine))
    client.force_login(ben)

    page = client.get(f"/en/{edition.slug}/organisations/{mine}/calendar/").content.decode()

    assert run.meetings.count() == 1
    assert set(run.unplaced.values_list("rule", "change")) == {("group_satisfied", "choose_more")}
    assert run.unplaced.count() == 2
    assert "wished for any of several" in page


def test_another_of_the_group_is_not_booked_beside_it_but_once_it_is_cancelled(choosing):
    edition, mine, others = choosing
    run = run_of(edition)
    held = run.meetings.get()
    one = edition.organisations.get(code=mine)
    partners = edition.organisations.filter(code__in=others).exclude(seats__meeting=held)
    by = Person.objects.create_user("ada@example.org")
    appoint(by, edition, role="organiser")
    slot = edition.slots.last()

    assert booking.times(one, partners[0], now=BEFORE) == []
    with pytest.raises(Refused) as no:
        booking.book(one, partners[0], slot, by=by, now=BEFORE)
    assert [code for code, _ in no.value.data["against"]] == ["group_satisfied"]
    booking.cancel(held, None, by=by, now=BEFORE)
    assert booking.book(one, partners[0], slot, by=by, now=BEFORE).slot == slot


def test_groups_come_out_as_they_came_in(choosing):
    edition, _, others = choosing

    rows = snapshot.read(edition)["wishes"]

    assert {(row["group"], row["choose"]) for row in rows} == {("any", 1)}
    assert sorted(row["partner"] for row in rows) == sorted(others)
    assert snapshot.snapshot(edition).wishes.group.tolist() == [0, 0, 0]


def test_whoever_is_asked_does_not_read_of_the_group(client, choosing):
    edition, mine, others = choosing

    def taken_along(code):
        who = Person.objects.create_user(f"{code}@example.org")
        appoint(who, edition, role="exhibitor", organisation=edition.organisations.get(code=code))
        client.force_login(who)
        answer = client.get(f"/en/{edition.slug}/exports/own/wishes.csv")
        return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[1:]

    assert taken_along(mine) == [f"{mine},{other},want,,any,1" for other in sorted(others)]
    assert "any" not in "".join(taken_along(others[0]))
