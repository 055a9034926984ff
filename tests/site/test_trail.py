"""The audit trail: every change with who made it, before and after, whatever door it came through."""

import csv
import io

import pytest

from fairlink_site.actions.imports import bring_in, settle, upload
from fairlink_site.actions.people import appoint, dismiss
from fairlink_site.models import Person


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
    assert "en: Renamed" in told["Before and after"]
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
    "query", ["page=0", "page=999999", "page=x", "table=%00", "who=%27%22", "code=" + "x" * 900]
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

    with django_assert_max_num_queries(19):
        page = client.get(f"/en/{edition.slug}/trail/")

    assert "City 10" in page.content.decode()
