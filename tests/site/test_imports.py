"""Spreadsheets brought in: understood, checked, mended, all or nothing; and taken away again."""

import csv
import io
import re

import openpyxl
import pytest
from django.utils.html import escape
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlink import words
from fairlink.tables import OFFERS, ORGANISATIONS, TABLES
from fairlink_site import handwriting, spreadsheets, wording
from fairlink_site.actions import work
from fairlink_site.actions.dry_run import check
from fairlink_site.actions.imports import bring_in, mend, settle, upload
from fairlink_site.actions.people import appoint
from fairlink_site.labels import LABELS
from fairlink_site.models import Organisation, Person
from fairlink_site.refusals import Refused


@pytest.fixture
def ada(edition):
    made = Person.objects.create_user("ada@example.org", "quay-lantern-9", name="Ada")
    appoint(made, edition, role="organiser")
    return made


def table(*rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


HEAD = ("No.", "Company Name", "English name", "类型", "Country", "Role", "Web", "Size")
GOOD = ("n-1", "万象咖啡", "Vientiane Coffee", "company", "Lao PDR", "Exhibitor", "example.org", "SME")


def brought(edition, *rows, head=HEAD, name="list.csv", table_name="organisations", constants=None):
    found = upload(edition, table_name, table(head, *rows), name, by=None)
    settle(found, mapping=found.mapping, constants=constants or {}, status="validated")
    return found


def test_headings_and_cells_are_understood_as_people_write_them(edition):
    found = brought(edition, GOOD)
    assert found.mapping == ["id", "name:zh-Hans", "name:en", "kind", "country", "role", "website", "size"]

    (record,) = check(found).records

    assert {name: record[name] for name in ("id", "name", "kind", "country", "role", "website", "size")} == {
        "id": "n-1",
        "name": {"zh-Hans": "万象咖啡", "en": "Vientiane Coffee"},
        "kind": "enterprise",
        "country": "LA",
        "role": "exhibitor",
        "website": "https://example.org",
        "size": "small",
    }
    assert check(found).problems == []


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("Company (EN)", "name:en"),
        ("公司名称（英文）", "name:en"),
        ("公司名称（中文）", "name:zh-Hans"),
        ("英文企业名称", "name:en"),
        ("Name – English", "name:en"),
        ("Name - 中文", "name:zh-Hans"),
        ("Nom de la société (français)", "name:fr"),
        ("Firmenname (Englisch)", "name:en"),
        ("Name [auf Deutsch]", "name:de"),
        ("Название (русский)", "name:ru"),
        ("Company name: Arabic", "name:ar"),
        ("French name", "name:fr"),
        ("NAME_ES", "name:es"),
        ("企业简介（英）", "description:en"),
        ("Description in English", "description:en"),
        ("Country (English)", "country"),
        ("国家/地区", "country"),
        ("Land", "country"),
        ("País", "country"),
        ("Страна", "country"),
        ("所属环节", "nodes"),
        ("Firm", "name"),
        ("Exhibitor No.", "id"),
        ("Website (if any)", "website"),
        ("公司网站*", "website"),
        ("Taille", "size"),
        ("Sprachen", "languages"),
        ("社会信用代码", "registration"),
        ("Звенья цепочки", "nodes"),
        ("Takes part as", "role"),
        ("Firm ID", "id"),
        ("My company", ""),
        ("Email", ""),
        ("Contact person", ""),
        ("Telefon", ""),
        ("Remarks (EN)", ""),
    ],
)
def test_headings_are_understood_in_the_languages_of_those_who_write_them(heading, meant):
    assert handwriting.meaning(heading, ORGANISATIONS) == meant


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("产品名称（英文）", "title:en"),
        ("Producto", "title"),
        ("采购数量", "quantity"),
        ("HS code", "codes"),
        ("Код ТН ВЭД", "codes"),
        ("Exposant", "organisation"),
        ("所属环节", "node"),
        ("Gültig bis", "valid_until"),
    ],
)
def test_headings_of_offers_are_understood_too(heading, meant):
    assert handwriting.meaning(heading, OFFERS) == meant


@pytest.mark.parametrize(
    ("column", "text", "meant"),
    [
        ("country", "中国", "CN"),
        ("country", "Viet Nam", "VN"),
        ("country", "République démocratique du Congo", "République démocratique du Congo"),
        ("country", "Congo-Kinshasa", "CD"),
        ("languages", "English; 中文, Lao", "en|zh-Hans|lo"),
        ("delegates", "1,200", "1200"),
        ("online", "是", "yes"),
        ("website", "example.org/a", "https://example.org/a"),
        ("role", "参展商", "exhibitor"),
        ("role", "enterprise", "enterprise"),  # a word, but none of this column
    ],
)
def test_a_cell_is_what_it_was_meant_to_be_or_stays_as_it_is(column, text, meant):
    assert handwriting.understood(text, ORGANISATIONS.column(column)) == meant


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("ISO 9001; HACCP", ("ISO 9001", "HACCP")),
        ("BRC, SA 8000", ("BRC", "SA 8000")),
        ("ISO 9001、HACCP；BRC，FSC", ("ISO 9001", "HACCP", "BRC", "FSC")),
        ("ISO 9001\nISO/IEC 27001", ("ISO 9001", "ISO/IEC 27001")),
        ("ISO 9001|HACCP", ("ISO 9001", "HACCP")),
        ("Fair trade, gold|HACCP", ("Fair trade, gold", "HACCP")),
    ],
)
def test_a_list_of_certificates_is_read_as_people_write_lists(edition, text, held):
    found = brought(edition, (*GOOD, text), head=(*HEAD, "Certificates"))

    (record,) = check(found).records

    assert record["certificates"] == held


def test_a_certificate_with_a_comma_is_taken_away_and_brought_back_as_one(client, edition, ada):
    edition.organisations.first().certificates.create(name="Fair trade, gold")
    client.force_login(ada)
    answer = client.get(f"/en/{edition.slug}/exports/whole/organisations.xlsx")

    found = upload(edition, "organisations", answer.content, "back.xlsx", by=None)
    settle(found, mapping=found.mapping, constants={}, status="validated")

    assert "Fair trade, gold" in {name for record in check(found).records for name in record["certificates"]}


@pytest.mark.parametrize(
    ("text", "meant"),
    [("8507.60", "850760"), ("HS 101", "0101"), ("8507，0901", "8507|0901"), ("9999", "9999")],
)
def test_codes_lose_their_dots_and_win_back_the_zero_in_front(text, meant):
    assert handwriting.understood(text, OFFERS.column("codes")) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2027/3/9", "2027-03-09"),
        ("9.3.2027", "2027-03-09"),
        ("2027年3月9日", "2027-03-09"),
        ("9/3/2027", "9/3/2027"),
    ],
)
def test_a_day_that_could_be_two_is_not_guessed(text, meant):
    assert handwriting.understood(text, OFFERS.column("valid_until")) == meant


@given(text=st.text(max_size=60), column=st.sampled_from([*ORGANISATIONS.columns, *OFFERS.columns]))
@settings(max_examples=300, deadline=None)
def test_nothing_that_anybody_writes_breaks_the_reading(text, column):
    assert isinstance(handwriting.understood(text, column, lambda name: name), str)


def test_what_is_wrong_is_told_at_its_row_and_nothing_is_brought_in(edition):
    before = Organisation.objects.count()
    found = brought(
        edition,
        GOOD,
        ("n-2", "", "No Country", "company", "Atlantis", "Exhibitor", "", ""),
        ("n-2", "", "Same id", "company", "LA", "Exhibitor", "", ""),
        ("n-4", "", "Vientiane coffee", "company", "LA", "Exhibitor", "", ""),
        ("n-5", "", "", "king", "LA", "", "", ""),
    )
    told = [(one.row, one.column, one.code) for one in check(found).problems]

    assert told == [
        (2, "country", "unknown_country"),
        (3, "id", "duplicate_id"),
        (4, "name:en", "same_name"),
        (5, "kind", "unknown_choice"),
        (5, "name", "empty_cell"),
        (5, "role", "empty_cell"),
    ]
    with pytest.raises(Refused, match="import_has_problems"):
        bring_in(found, by=None)
    assert Organisation.objects.count() == before


def test_the_same_mistake_is_mended_once_for_all_its_rows(client, edition, ada):
    rows = [(f"m-{i}", "", f"Firm {i}", "company", "Laos!", "Exhibitor", "", "") for i in range(30)]
    found = brought(edition, *rows, ("x", "", "Nobody", "company", "Nowhere", "Exhibitor", "", ""))
    client.force_login(ada)
    page = client.get(f"/en/{edition.slug}/imports/{found.pk}/")
    groups = {group.text: group for group in page.context["groups"]}
    assert {text: len(group.rows) for text, group in groups.items()} == {"Laos!": 30, "Nowhere": 1}

    client.post(
        f"/en/{edition.slug}/imports/{found.pk}/",
        {"do": "mend", f"text-{groups['Laos!'].key}": "Laos", f"leave-{groups['Nowhere'].key}": "on"},
    )

    found.refresh_from_db()
    checked = check(found)
    assert (checked.problems, len(checked.records), found.left_out) == ([], 30, [31])


def test_rows_with_problems_are_taken_away_with_the_reason(client, edition, ada):
    found = brought(edition, GOOD, ("n-2", "", "=cmd()", "company", "Atlantis", "Exhibitor", "", ""))
    client.force_login(ada)

    answer = client.get(f"/en/{edition.slug}/imports/{found.pk}/problems.csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))

    assert rows[0][-1] == "Reason"
    assert rows[1][-1].startswith("Country or region: No country is known by “Atlantis”.")
    assert len(rows) == 2
    assert rows[1][2] == "'=cmd()"


def test_what_came_in_is_there_can_be_found_and_has_a_history(client, edition, ada):
    found = brought(edition, GOOD)

    done = bring_in(found, by=ada)

    made = edition.organisations.get(code="n-1")
    assert done.counts == {"made": 1, "changed": 0, "same": 0, "left_out": 0}
    assert (made.status, made.history.get().history_user) == ("validated", ada)
    assert made.code in client.get(f"/en/{edition.slug}/organisations/?q=万象").content.decode()
    with pytest.raises(Refused, match="import_done"):
        bring_in(found, by=ada)


def test_the_same_file_again_changes_what_differs_and_nothing_else(edition, ada):
    bring_in(brought(edition, GOOD), by=ada)
    bring_in(brought(edition, (*GOOD[:-1], "Large")), by=ada)
    bring_in(brought(edition, (*GOOD[:-1], "Large")), by=ada)

    made = edition.organisations.get(code="n-1")
    assert made.size == "large"
    assert list(made.history.values_list("history_type", "size")) == [("~", "large"), ("+", "small")]


def test_only_what_differs_is_counted_as_changed(client, edition, ada):
    other = ("n-2", "", "Luang Prabang Tea", *GOOD[3:])
    bring_in(brought(edition, GOOD, other), by=ada)
    found = brought(edition, GOOD, (*other[:-1], "Large"), ("n-3", "", "Pakse Pepper", *GOOD[3:]))
    client.force_login(ada)
    address = f"/en/{edition.slug}/imports/{found.pk}/"
    assert "1 new, 1 changed, 1 unchanged" in client.get(address).content.decode()

    bring_in(found, by=ada)

    told = "Brought in: 1 new, 1 changed, 1 unchanged"
    assert told in client.get(address).content.decode()
    assert told in client.get(f"/en/{edition.slug}/imports/").content.decode()


def test_what_the_file_does_not_say_stays_as_it_is(edition, ada):
    bring_in(brought(edition, (*GOOD[:-2], "example.org", "SME")), by=ada)
    made = edition.organisations.get(code="n-1")
    made.nodes.add(edition.nodes.first())
    made.certificates.create(name="ISO 9001", expires="2001-01-01")
    made.delegates, made.description = 3, {"en": "Roasts.", "zh-Hans": "烘焙。"}
    made.save()

    found = brought(
        edition,
        ("n-1", "Vientiane Coffee Ltd", "", "Roasts beans."),
        head=("No.", "English name", "Web", "Description"),
        constants={"kind": "university", "role": "buyer"},  # for who is new
    )
    done = bring_in(found, by=ada)

    made.refresh_from_db()
    assert done.counts == {"made": 0, "changed": 1, "same": 0, "left_out": 0}
    assert made.name == {"zh-Hans": "万象咖啡", "en": "Vientiane Coffee Ltd"}
    assert made.description == {"en": "Roasts beans.", "zh-Hans": "烘焙。"}
    assert (made.kind, made.role, made.country, made.size) == ("enterprise", "exhibitor", "LA", "small")
    assert (made.website, made.delegates, made.nodes.count()) == ("https://example.org", 3, 1)
    assert list(made.certificates.values_list("name", flat=True)) == ["ISO 9001"]


def test_a_namesake_in_another_country_is_somebody_else(edition, ada):
    bring_in(brought(edition, GOOD), by=ada)
    namesake = ("Vientiane Coffee", "enterprise", "TH", "exhibitor")
    same = ("VIENTIANE COFFEE", "enterprise", "LA", "exhibitor")
    found = brought(edition, namesake, same, head=("Company", "Type", "Country", "Role"))

    done = bring_in(found, by=ada)

    assert (done.counts["made"], done.counts["changed"]) == (1, 1)
    assert edition.organisations.get(code="n-1").country == "LA"
    assert edition.organisations.filter(name__en="Vientiane Coffee", country="TH").count() == 1


def test_a_name_that_is_here_once_needs_no_country(edition, ada):
    bring_in(brought(edition, GOOD), by=ada)
    found = brought(
        edition,
        ("Vientiane Coffee", "https://example.org/coffee"),
        head=("Company", "Web"),
        constants={"kind": "university", "role": "buyer", "country": "TH"},  # for who is new
    )

    bring_in(found, by=ada)

    made = edition.organisations.get(name__en="Vientiane Coffee")
    assert (made.code, made.country, made.website) == ("n-1", "LA", "https://example.org/coffee")


def test_a_name_that_is_here_several_times_needs_a_country(client, edition, ada):
    bring_in(brought(edition, GOOD, ("n-2", "", GOOD[2], *GOOD[3:4], "Thailand", *GOOD[5:])), by=ada)
    client.force_login(ada)

    def again(**constants):
        head = ("Company", "Web")
        return brought(edition, (GOOD[2], "https://example.org/a"), head=head, constants=constants)

    found = again()
    assert [(one.column, one.code) for one in check(found).problems] == [("name:en", "several_of_name")]
    page = client.get(f"/en/{edition.slug}/imports/{found.pk}/").content.decode()
    assert "“Vientiane Coffee” is here 2 times, in different countries." in page
    assert [one["id"] for one in check(again(country="TH")).records] == ["n-2"]


def test_a_country_can_be_chosen_for_every_row(client, edition, ada):
    found = brought(edition, ("Some Firm", "Firm", "Buyer"), head=("Company", "Type", "Role"))
    client.force_login(ada)
    address = f"/en/{edition.slug}/imports/{found.pk}/"
    assert "Choose it below for every row" in client.get(address).content.decode()
    mapping = {f"column-{place}": meaning for place, meaning in enumerate(found.mapping)}

    client.post(address, {"do": "map", "constant-country": "LA", **mapping})

    found.refresh_from_db()
    checked = check(found)
    assert (checked.problems, checked.records[0]["country"]) == ([], "LA")


def test_what_cannot_be_chosen_for_every_row_needs_a_column(client, edition, ada):
    owner = edition.organisations.filter(name__has_key="en", role="exhibitor").first()
    found = brought(edition, (owner.code, "trade"), head=("Company", "Function"), table_name="offers")
    client.force_login(ada)

    page = client.get(f"/en/{edition.slug}/imports/{found.pk}/").content.decode()

    assert "Add a column for it to the file" in page
    assert "Choose it below for every row" not in page


def test_offers_brought_twice_stand_once(edition, ada):
    owner = edition.organisations.filter(name__has_key="en", role="exhibitor").first()
    head = ("Company", "Function", "Product", "HS code", "Quantity")
    row = (owner.name["en"], "trade", "Test benches", "8507.60", "300 a month")

    def again(*rows, head=head):
        return brought(edition, *rows, head=head, table_name="offers")

    bring_in(again(row), by=ada)
    done = bring_in(again(row[:3], head=head[:3]), by=ada)

    (offer,) = edition.listings.filter(title={"en": "Test benches"})
    assert (done.counts["made"], done.counts["changed"], done.counts["same"]) == (0, 0, 1)
    assert (offer.codes, offer.quantity) == (["850760"], "300 a month")
    assert [one.code for one in check(again(row, row)).problems] == ["same_name"]


def test_two_people_mend_one_file_and_neither_loses_anything(client, edition, ada):
    rows = [(f"m-{i}", "", f"Firm {i}", "company", f"Nowhere {i}", "Exhibitor", "", "") for i in range(2)]
    found = brought(edition, *rows)
    client.force_login(ada)
    page = f"/en/{edition.slug}/imports/{found.pk}/"
    first, second = (
        group.key for group in sorted(client.get(page).context["groups"], key=lambda group: group.text)
    )
    client.post(page, {"do": "mend", f"text-{first}": "Laos", f"text-{second}": "Nowhere 1"})

    answer = client.post(
        page, {"do": "mend", f"text-{first}": "Nowhere 0", f"text-{second}": "Peru"}, follow=True
    )

    found.refresh_from_db()
    assert [row[4] for row in found.rows[1:]] == ["Laos", "Peru"]
    assert "had been mended meanwhile" in answer.content.decode()


def test_rows_that_were_left_out_can_come_in_again(client, edition, ada):
    found = brought(edition, GOOD, ("n-2", "", "Nobody", "company", "Nowhere", "Exhibitor", "", ""))
    client.force_login(ada)
    page = f"/en/{edition.slug}/imports/{found.pk}/"
    (group,) = client.get(page).context["groups"]
    client.post(page, {"do": "mend", f"leave-{group.key}": "on"})
    assert "1 left out" in client.get(page).content.decode()

    client.post(page, {"do": "take_all"})

    assert [group.text for group in client.get(page).context["groups"]] == ["Nowhere"]


def test_what_is_brought_in_cannot_be_changed_any_more(client, edition, ada):
    found = brought(edition, GOOD)
    stale = type(found).objects.get(pk=found.pk)
    bring_in(found, by=ada)

    for change in (
        lambda: settle(stale, mapping=stale.mapping, constants={}, status="validated"),
        lambda: mend(stale, {(1, 2): "x"}, []),
    ):
        with pytest.raises(Refused, match="import_done"):
            change()


def test_bringing_in_twice_is_one_job_and_one_import(client, edition, ada):
    found = brought(edition, GOOD)
    client.force_login(ada)
    page = f"/en/{edition.slug}/imports/{found.pk}/"
    for _ in range(2):
        client.post(page, {"do": "import"})
    (job,) = edition.jobs.filter(kind="import")
    assert "It is being brought in." in client.get(page).content.decode()

    work.take_up(job.pk)
    job.refresh_from_db()
    assert job.state == "done"
    type(job).objects.filter(pk=job.pk).update(state="waiting")  # its worker died before it could say so
    work.take_up(job.pk)

    job.refresh_from_db()
    assert (job.state, edition.organisations.filter(code="n-1").count()) == ("done", 1)


def test_without_ids_names_tell_who_is_here_already(edition, ada):
    known = edition.organisations.filter(name__has_key="en", kind="enterprise", role="exhibitor").first()
    found = brought(
        edition,
        (known.name["en"], "enterprise", known.country, "exhibitor"),
        ("Brand New Ltd", "enterprise", "LA", "exhibitor"),
        head=("Company", "Type", "Country", "Role"),
    )
    checked = check(found)

    assert (checked.made, checked.changed, checked.same) == (1, 0, 1)
    assert checked.records[0]["id"] == known.code
    assert checked.records[1]["id"] not in set(edition.organisations.values_list("code", flat=True))


def test_what_every_row_needs_and_the_file_has_not_is_chosen_once(edition):
    found = brought(
        edition,
        ("Some Firm", "LA"),
        head=("Company", "Country"),
        constants={"kind": "enterprise", "role": "buyer"},
    )

    (record,) = check(found).records

    assert (record["kind"], record["role"]) == ("enterprise", "buyer")


def test_what_a_heading_meant_is_remembered(edition):
    found = upload(
        edition, "organisations", table(("Ansprechland", "Company"), ("LA", "A")), "a.csv", by=None
    )
    assert found.mapping == ["", "name:en"]
    settle(found, mapping=["country", "name:en"], constants={}, status="validated")

    again = upload(
        edition, "organisations", table(("Ansprechland", "Company"), ("LA", "B")), "b.csv", by=None
    )

    assert again.mapping == ["country", "name:en"]


def test_two_columns_do_not_mean_the_same(edition):
    found = upload(edition, "organisations", table(("A", "B"), ("x", "y")), "a.csv", by=None)

    with pytest.raises(Refused, match="meaning_twice"):
        settle(found, mapping=["name:en", "name:en"], constants={}, status="validated")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Two columns cannot both mean “Name (English)”. Choose one of them."),
        ("zh-hans", "不能有两列同为“名称（英语）”。请只选一列。"),
    ],
)
def test_a_column_that_two_mean_is_called_as_people_read_it(client, edition, ada, language, told):
    found = upload(edition, "organisations", table(("A", "B"), ("x", "y")), "a.csv", by=None)
    client.force_login(ada)

    page = client.post(
        f"/{language}/{edition.slug}/imports/{found.pk}/",
        {"do": "map", "column-0": "name:en", "column-1": "name:en"},
        follow=True,
    )

    assert told in page.content.decode()


def test_offers_name_their_organisation_and_link_by_name(edition, ada):
    owner = edition.organisations.filter(name__has_key="en", role="exhibitor").first()
    node = edition.nodes.first()
    found = brought(
        edition,
        (owner.name["en"], "trade", "Test benches", "8507.60", next(iter(node.name.values()))),
        head=("Company", "Function", "Product", "HS code", "Link of the chain"),
        table_name="offers",
    )
    assert check(found).problems == []

    bring_in(found, by=ada)

    offer = edition.listings.get(title={"en": "Test benches"})
    assert (offer.organisation, offer.codes, offer.node) == (owner, ["850760"], node)
    assert "benches" in Organisation.objects.get(pk=owner.pk).tokens


def messy(rows):
    """A workbook as people send them: a title over merged cells, the headings below, a country merged over rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Exhibitor list 2027"])
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["企业名称", "Country", "类型", "身份"])
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("B4:B5")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_messy_workbook_is_read_where_its_headings_are(edition):
    content = messy([["甲公司", "中国", "企业", "参展商"], ["乙公司", None, "企业", "参展商"]])
    found = upload(edition, "organisations", content, "list.xlsx", by=None)

    settle(found, mapping=found.mapping, constants={}, status="submitted")

    checked = check(found)
    assert found.head == 2
    assert [one["country"] for one in checked.records] == ["CN", "CN"]
    assert checked.problems == []


def test_a_file_that_is_no_table_is_refused_in_words(client, edition, ada):
    client.force_login(ada)
    for content, told in (
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99, "old Excel"),
        (b"", "empty"),
        (b"PK\x03\x04x", "This file is damaged"),
        (b"%PDF-1.7\nx", "This is a PDF. Save the list as XLSX or CSV and upload that."),
    ):
        file = io.BytesIO(content)
        file.name = "x.xlsx"
        page = client.post(f"/en/{edition.slug}/imports/", {"table": "organisations", "file": file})
        assert told in page.content.decode()


def test_what_is_exported_can_be_imported_again_and_changes_nothing(client, edition, ada):
    client.force_login(ada)
    answer = client.get(f"/en/{edition.slug}/exports/whole/organisations.xlsx")
    found = upload(edition, "organisations", answer.content, "back.xlsx", by=None)
    settle(found, mapping=found.mapping, constants={}, status="validated")
    assert "" not in found.mapping
    past = Organisation.history.count()

    done = bring_in(found, by=ada)

    assert (done.counts["made"], done.counts["changed"]) == (0, 0)
    assert done.counts["same"] == edition.organisations.count()
    assert Organisation.history.count() == past


@pytest.mark.parametrize("language", ["fr", "es", "ar", "ru", "zh-hans"])
def test_what_there_is_to_take_away_is_told_in_the_readers_language(client, edition, ada, language):
    client.force_login(ada)
    tag = wording.tag(language)

    page = client.get(f"/{language}/{edition.slug}/exports/").content.decode()
    book = client.get(f"/{language}/{edition.slug}/exports/whole/everything.xlsx").content

    sheets = spreadsheets.read(book)
    assert [sheet.name for sheet in sheets[:-1]] == [words.say("tables", name, tag) for name in TABLES]
    for name in TABLES:
        for told in (words.say("tables", name, tag), words.say("columns", name, tag)):
            assert escape(told) in page
    english = {said["en"] for said in words.catalogue("columns").values()}
    meanings = {row[3] for row in sheets[-1].rows}
    assert len(meanings) > 80
    assert meanings & english == set()


def test_every_column_has_a_label():
    assert {column.name for table in TABLES.values() for column in table.columns} - LABELS.keys() == set()


def test_the_sheet_of_a_workbook_is_found_by_its_name_in_any_language(client, edition, ada):
    client.force_login(ada)
    book = client.get(f"/ru/{edition.slug}/exports/whole/everything.xlsx").content

    found = upload(edition, "slots", book, "everything.xlsx", by=ada)

    assert found.mapping == ["id", "day", "start", "end"]


def test_an_exhibitor_takes_away_the_own_drafts_and_nobody_elses(client, edition, exhibitor):
    eve = Person.objects.create_user("eve@example.org", "quay-lantern-9")
    appoint(eve, edition, role="exhibitor", organisation=exhibitor)
    edition.listings.filter(organisation=exhibitor).update(status="draft")
    client.force_login(eve)

    def names(scope):
        answer = client.get(f"/en/{edition.slug}/exports/{scope}/offers.csv")
        rows = csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig")))
        return {row["organisation"] for row in rows}

    assert names("own") == {exhibitor.code}
    assert exhibitor.code not in names("public")
    assert client.get(f"/en/{edition.slug}/exports/whole/offers.csv").status_code == 404


def test_nothing_posted_to_an_import_breaks_it(client, edition, ada):
    client.force_login(ada)
    found = upload(edition, "organisations", table(HEAD, GOOD), "list.csv", by=None)
    page = f"/en/{edition.slug}/imports/{found.pk}/"
    for form in (
        {},
        {"do": "map", "head": "99", "column-0": "<script>", "constant-kind": "\x00"},
        {"do": "map", "head": "-1", "status": "king"},
        {"do": "mend", "text-0-0-0": "\x00" * 9, "leave-9-9-9": "on"},
        {"do": "import"},
        {"do": "nonsense"},
    ):
        assert client.post(page, form, follow=True).status_code in (200, 404)
    assert not edition.organisations.filter(code="n-1").exists()
    assert client.get(f"/en/{edition.slug}/imports/999999999999999/").status_code == 404


def test_rows_are_left_out_and_cells_rewritten_where_the_sheet_says(edition):
    found = brought(edition, GOOD, ("n-2", "", "B", "company", "LA", "Exhibitor", "", ""))

    mend(found, {(1, 2): "Renamed"}, [2])

    found.refresh_from_db()
    assert [one["name"]["en"] for one in check(found).records] == ["Renamed"]


@pytest.mark.parametrize(
    ("language", "told"), [("en", "Exhibitor, Co-exhibitor"), ("zh-hans", "参展商、联合参展商")]
)
def test_a_word_that_is_no_choice_is_told_with_the_choices_as_people_read_them(
    client, edition, ada, language, told
):
    client.force_login(ada)
    found = brought(edition, (*GOOD[:5], "Sponsor", *GOOD[6:]))

    page = client.get(f"/{language}/{edition.slug}/imports/{found.pk}/").content.decode()

    assert "Sponsor" in page
    assert told in page
    assert "co_exhibitor" not in re.sub(r"<select.*?</select>", "", page, flags=re.DOTALL)


def test_a_browser_import_speaks_of_rows_and_names_and_of_no_files_of_ours(client, edition, ada):
    client.force_login(ada)
    head = ("Organisation", "Function", "Title", "Link")
    found = brought(edition, ("Nobody Ltd", "Trade", "", "Nowhere"), head=head, table_name="offers")

    page = client.get(f"/en/{edition.slug}/imports/{found.pk}/").content.decode()

    assert "Something has to stand here in every row." in page
    assert "Nothing has the name or short name “Nowhere” under “Chains and links”." in page
    assert "Nobody Ltd" in page
    assert ".csv" not in page.replace("list.csv", "").replace("problems.csv", "")


def test_a_name_that_nobody_has_is_told_as_such(client, edition, ada):
    client.force_login(ada)
    head = ("Organisation", "Function", "Title", "Link")
    row = ("Gibt es nicht GmbH", "Trade", "Benches", "No such link")
    found = brought(edition, row, head=head, table_name="offers")

    page = client.get(f"/en/{edition.slug}/imports/{found.pk}/").content.decode()

    assert "Nothing has the name or short name “Gibt es nicht GmbH” under “Organisations”." in page
    assert "Nothing has the name or short name “No such link” under “Chains and links”." in page
    assert "cannot be a short name" not in page


def test_mending_nothing_says_so(client, edition, ada):
    client.force_login(ada)
    found = brought(edition, (*GOOD[:5], "Sponsor", *GOOD[6:]))

    page = client.post(f"/en/{edition.slug}/imports/{found.pk}/", {"do": "mend"}, follow=True)

    assert "Nothing was written anew or left out, so nothing has changed." in page.content.decode()
