"""The audit trail: every change with who made it, before and after, whatever door it came through."""

import csv
import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.utils import translation

from fairlink import vocabulary
from fairlink_site.actions.imports import bring_in, settle, upload
from fairlink_site.actions.people import appoint, dismiss
from fairlink_site.models import Node, Organisation, Person
from fairlink_site.pages import trail


@pytest.fixture
def ada(edition):
    made = Person.objects.create_user("ada@example.org", "quay-lantern-9", name="Ada")
    appoint(made, edition, role="organiser")
    return made


def rows(client, edition, **asked):
    answer = client.get(f"/en/{edition.slug}/trail.csv", asked)
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))


def test_a_change_tells_who_made_it_and_what_was_there_before(client, edition, exhibitor, ada):
    client.force_login(ada)
    form = {
        "name__en": "Renamed",
        "kind": exhibitor.kind,
        "role": "exhibitor",
        "country": exhibitor.country,
        "delegates": "1",
    }
    client.post(f"/en/{edition.slug}/organisations/{exhibitor.code}/profile/edit/", form)

    (told,) = [
        row
        for row in rows(client, edition, code=exhibitor.code, table="Organisation")
        if row["Done"] == "changed"
    ]

    assert told["Who"] == "Ada"
    assert "English: Renamed" in told["Before and after"]
    assert exhibitor.nodes.count() == 0  # the form named no links
    assert "Links of the chain: " in told["Before and after"]
    page = client.get(f"/zh-hans/{edition.slug}/trail/", {"code": exhibitor.code}).content.decode()
    assert "Renamed" in page


def test_a_list_that_was_brought_in_stands_under_whoever_brought_it(client, edition, ada):
    content = b"id,name:en,kind,country,role\nz1,A,enterprise,LA,buyer\nz2,B,enterprise,LA,buyer\n"
    found = upload(edition, "organisations", content, "x.csv", by=ada)
    settle(found, mapping=found.mapping, constants={}, status="validated")
    bring_in(found, by=ada)
    client.force_login(ada)

    told = rows(client, edition, who="ada@")

    assert [(row["What"], row["Which"], row["Done"]) for row in told] == [
        ("Organisation", "z2", "made"),
        ("Organisation", "z1", "made"),
    ]


def test_roles_given_and_taken_are_in_it(client, edition, exhibitor, ada):
    eve = Person.objects.create_user("eve@example.org", "quay-lantern-9")
    dismiss(appoint(eve, edition, role="exhibitor", organisation=exhibitor))
    client.force_login(ada)

    told = rows(client, edition, table="Membership", code="exhibitor")

    assert [row["Done"] for row in told] == ["removed", "made"]


def test_the_trail_of_another_edition_is_no_part_of_it(client, edition, ada, few_records):
    from fairlink.tables import Records
    from fairlink_site.actions.editions import open_edition

    other = open_edition(
        Records({**few_records.tables, "edition": [{**few_records["edition"][0], "id": "other"}]})
    )
    code = other.organisations.first()
    code.city = "Elsewhere"
    code.save()
    client.force_login(ada)

    assert "Elsewhere" not in str(rows(client, edition))
    assert client.get(f"/en/{other.slug}/trail/").status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        *("from=x", "to=2026-13-01", "from=0001-01-01", "to=9999-12-31"),
        *("page=0", "page=999999", "page=x", "table=%00", "who=%27%22", "code=" + "x" * 900),
    ],
)
def test_no_question_breaks_the_trail(client, edition, ada, query):
    client.force_login(ada)

    assert client.get(f"/en/{edition.slug}/trail/?{query}").status_code == 200


def test_a_page_of_the_trail_takes_as_many_queries_for_many_changes_as_for_few(
    client, edition, exhibitor, ada, django_assert_max_num_queries
):
    for number in range(12):
        exhibitor.city = f"City {number}"
        exhibitor.save()
    client.force_login(ada)

    with django_assert_max_num_queries(23):
        page = client.get(f"/en/{edition.slug}/trail/")

    assert "City 10" in page.content.decode()


def test_every_fact_that_can_change_has_a_label_and_choices_have_words():
    past = [apps.get_model("fairlink", f"Historical{name}") for name in trail.TABLES]
    fields = [
        field for model in past for field in model._meta.fields if not field.name.startswith("history_")
    ]

    assert {field.name for field in fields} - trail.KEPT_OUT - trail.NAMES.keys() == set()
    assert {name for name, _target in trail.LINKS.values()} <= trail.NAMES.keys()
    choices = [
        (model.__name__.removeprefix("Historical"), field.name, code)
        for model in past
        for field in model._meta.fields
        if not field.name.startswith("history_")
        for code, _label in field.flatchoices
    ]
    assert len(choices) > 50
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert [one for one in choices if trail._in_words(*one) == one[-1]] == []


def test_facts_are_told_in_words(client, edition, exhibitor, ada):
    member = appoint(ada, edition, role="exhibitor", organisation=exhibitor)
    member.contact = True
    member.save()
    node = edition.nodes.first()
    listing = exhibitor.listings.first() or edition.listings.first()
    before = listing.node
    listing.node, listing.status, listing.markets, listing.codes = node, "refused", ["LA"], ["8507"]
    listing.save()
    exhibitor.closed, exhibitor.languages = [edition.slots.first().code], ["fr"]
    exhibitor.save()
    client.force_login(ada)

    told = " ".join(row["Before and after"] for row in rows(client, edition))

    slot = edition.slots.first()
    assert "Shown as contact: no → yes" in told
    assert "Status: Validated → Refused" in told
    assert "→ Laos" in told
    assert f"→ {vocabulary.label('8507', 'en')} (8507)" in told
    assert "→ French" in told
    assert f"Not there at:  → {slot.day} {slot.start:%H:%M}" in told
    if before != node:
        assert f"→ {node.name['en']} ({node.code})" in told


def test_what_is_gone_is_still_called_by_its_name(client, edition, exhibitor, ada):
    chain = edition.chains.first()
    node = Node.objects.create(
        edition=edition, chain=chain, code="gone", name={"en": "Kilns"}, stage="upstream", position=99
    )
    exhibitor.nodes.add(node)
    exhibitor.nodes.remove(node)
    node.delete()
    client.force_login(ada)

    assert "Kilns (gone)" in str(rows(client, edition, code=exhibitor.code))


def test_the_trail_is_narrowed_to_days_where_the_edition_is_held(client, edition, exhibitor, ada):
    past = Organisation.history.model
    zone = ZoneInfo(edition.time_zone)
    for day in range(1, 60):
        exhibitor.city = f"City {day}"
        exhibitor.save()
        made = datetime(2020, 3, 1, 0, 30, tzinfo=zone) + timedelta(hours=6 * day)
        past.objects.filter(pk=exhibitor.history.first().pk).update(history_date=made)
    client.force_login(ada)
    asked = {"code": exhibitor.code, "table": "Organisation", "from": "2020-03-02", "to": "2020-03-14"}

    told = [row["When"] for row in rows(client, edition, **asked)]
    page = client.get(f"/en/{edition.slug}/trail/", asked)

    local = [datetime.fromisoformat(one).astimezone(zone).date().isoformat() for one in told]
    assert len(local) == 52
    assert (min(local), max(local)) == ("2020-03-02", "2020-03-14")
    following = re.search(r'rel="next" href="([^"]*)"', page.content.decode())[1].replace("&amp;", "&")
    second = client.get(f"/en/{edition.slug}/trail/{following}").content.decode()
    assert second.count("<tr><td>") == 2


def test_what_happened_to_a_timetable_stands_in_the_trail(client, edition, exhibitor):
    from fairlink_site.actions.meetings import booking
    from fairlink_site.actions.meetings.publishing import lock

    type(edition).objects.filter(pk=edition.pk).update(phase="running")
    org = Person.objects.create_user("trail-org@example.org", "quay-lantern-9", name="Olga")
    appoint(org, edition, role="organiser")
    seat = exhibitor.seats.current().select_related("meeting").first()
    booking.cancel(seat.meeting, exhibitor, reason="Train is late", by=org, now=edition.now())
    lock(seat.run, locked=True, by=org)
    client.force_login(org)

    page = client.get(f"/en/{edition.slug}/trail/", {"table": "TimetableEvent", "code": exhibitor.code})
    whole = client.get(f"/en/{edition.slug}/trail/", {"who": "Olga"}).content.decode()

    (change,) = page.context["changes"]
    assert (change.who, str(change.done)) == ("Olga", "cancelled")
    assert exhibitor.code in change.code
    assert "Train is late" in [after for _name, _before, after in change.facts]
    assert "locked" in whole
    file = b"".join(client.get(f"/en/{edition.slug}/trail.csv", {"who": "Olga"})).decode()
    assert "Train is late" in file


def test_every_kind_of_event_has_words():
    from fairlink_site.models import TimetableEvent
    from fairlink_site.pages.trail_events import DONE

    assert set(DONE) == set(TimetableEvent.KINDS)
