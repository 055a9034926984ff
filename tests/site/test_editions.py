"""Opening an edition from tables: whole, or not at all."""

import dataclasses

import pytest

import fairlink
from fairlink import records
from fairlink.provenance import fingerprint
from fairlink.tables import Records
from fairlink_site import snapshot
from fairlink_site.actions.editions import open_edition, remove_edition
from fairlink_site.models import Edition, Organisation
from fairlink_site.refusals import Refused


def test_what_is_opened_comes_back_through_the_doorway_unchanged(edition, few_records):
    expected = records.build(few_records)

    found = snapshot.snapshot(edition)

    assert found.ids == expected.ids
    assert fingerprint(found) == fingerprint(expected)


def test_an_edition_with_a_fault_is_refused_and_leaves_nothing_behind(db, few_records):
    tables = dict(few_records.tables)
    tables["edition"] = [{**tables["edition"][0], "id": "faulty"}]
    tables["offers"] = [{**tables["offers"][0], "organisation": "nobody"}, *tables["offers"][1:]]

    with pytest.raises(fairlink.BadExpo) as error:
        open_edition(Records(tables))

    assert [(one.code, one.table, one.column) for one in error.value.problems] == [
        ("unknown_reference", "offers", "organisation")
    ]
    assert not Edition.objects.filter(slug="faulty").exists()


def test_removing_an_edition_removes_everything_in_it_and_nothing_else(edition, few_records):
    tables = dict(few_records.tables)
    tables["edition"] = [{**tables["edition"][0], "id": "second"}]
    second = open_edition(Records(tables))
    before = edition.organisations.count()

    remove_edition(second)

    assert Organisation.objects.count() == before
    assert not Edition.objects.filter(slug="second").exists()


def test_the_snapshot_takes_as_many_queries_for_many_organisations_as_for_few(
    edition, few_records, django_assert_num_queries
):
    tables = {name: list(rows) for name, rows in few_records.tables.items()}
    first = tables["organisations"][0]
    tables["edition"] = [{**tables["edition"][0], "id": "larger"}]
    tables["organisations"] += [{**first, "id": f"more{i}"} for i in range(40)]
    larger = open_edition(dataclasses.replace(few_records, tables=tables))

    with django_assert_num_queries(19):
        snapshot.snapshot(edition)
    with django_assert_num_queries(19):
        snapshot.snapshot(larger)


@pytest.mark.parametrize("taken", ["account", "me", "invitations"])
def test_an_edition_is_not_called_what_an_address_is_called(db, few_records, taken):
    tables = dict(few_records.tables)
    tables["edition"] = [{**tables["edition"][0], "id": taken}]

    with pytest.raises(Refused, match="reserved_id"):
        open_edition(Records(tables))


@pytest.mark.parametrize("name", ["expo.2024", "展会-2027", "a_b"])
def test_an_edition_may_have_any_id_that_a_file_may_have(client, db, few_records, name):
    tables = dict(few_records.tables)
    tables["edition"] = [{**tables["edition"][0], "id": name}]
    open_edition(Records(tables))

    assert client.get(f"/en/{name}/").status_code == 200
    assert client.get(f"/en/{name}/organisations.csv")["Content-Disposition"].startswith("attachment")
