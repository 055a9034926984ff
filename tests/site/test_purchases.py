"""What is usually bought: our table counts until the edition has a row of its own, and again when it has none."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fairlink import vocabulary
from fairlink_site import snapshot, spreadsheets
from fairlink_site.actions import purchases
from fairlink_site.actions.people import appoint
from fairlink_site.models import Person


@pytest.fixture
def dan(edition):
    made = Person.objects.create_user("dan@example.org", name="Dan")
    appoint(made, edition, role="organiser")
    return made


@pytest.fixture
def organiser(client, dan):
    client.force_login(dan)
    return client


@pytest.fixture
def page(edition):
    return f"/en/{edition.slug}/setup/purchases/"


def post(organiser, page, **data):
    return organiser.post(page, data, follow=True).content.decode()


def bring(organiser, page, content, name="purchases.csv"):
    return post(organiser, page, do="file", file=SimpleUploadedFile(name, content))


def table(edition):
    """The edition's own rows, as matching reads them."""
    edition.refresh_from_db()
    return {row["makes"]: set(row["buys"]) for row in snapshot.purchase_records(edition)}


def test_the_page_says_which_table_counts_and_what_it_is_not(organiser, edition, page):
    ours = organiser.get(page).content.decode()

    assert "United States bought in 2017" in ours
    assert "It says nothing of other countries and later years" in ours
    assert "multiplied by 1.1" in ours
    assert vocabulary.label("01", "en") in ours
    assert 'value="remove"' not in ours

    own = post(organiser, page, do="row", makes="87", buys="85.07, 72")

    assert "The edition’s own: 1 row. Ours does not count beside it." in own
    assert "2017" not in own
    assert vocabulary.label("8507", "en") in own


def test_the_first_row_takes_the_place_of_our_whole_table_and_the_last_gives_it_back(
    organiser, edition, page, dan
):
    post(organiser, page, do="row", makes="8703", buys="8507")
    post(organiser, page, do="row", makes="8703", buys="8507, 7208")
    assert table(edition) == {"8703": {"8507", "7208"}}
    assert dict(snapshot.snapshot(edition).purchases) == {"8703": {"8507", "7208"}}
    assert edition.history.first().history_user == dan

    form = organiser.get(page, {"makes": "8703"}).content.decode()
    assert "8507, 7208" in form
    post(organiser, f"{page}?makes=8703", do="row", makes="8704", buys="8507")
    assert table(edition) == {"8704": {"8507"}}

    assert "United States bought in 2017" in post(organiser, page, do="remove", makes="8704")
    assert table(edition) == {}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"makes": "nonsense", "buys": "01"}, "is no HS 2022 or CPC 2.1 code"),
        ({"makes": "01", "buys": "01, nonsense"}, "is no HS 2022 or CPC 2.1 code"),
        ({"makes": "01", "buys": ""}, "This field is required."),
    ],
)
def test_a_row_that_is_wrong_is_told_and_leaves_our_table(organiser, edition, page, row, sentence):
    assert sentence in post(organiser, page, do="row", **row)
    assert table(edition) == {}


def test_ours_is_copied_to_be_changed_and_never_over_rows_that_are_there(organiser, edition, page):
    post(organiser, page, do="start")
    assert table(edition) == dict(vocabulary.purchases())

    post(organiser, page, do="remove", makes="01")
    assert "The edition has a table of its own already." in post(organiser, page, do="start")
    assert table(edition) == {key: buys for key, buys in vocabulary.purchases().items() if key != "01"}


def test_going_back_to_ours_is_asked_first(organiser, edition, page):
    post(organiser, page, do="start")

    asked = organiser.get(f"{page}ours/").content.decode()

    assert "rows would be removed" in asked
    assert table(edition)
    assert "United States bought in 2017" in post(organiser, f"{page}ours/")
    assert table(edition) == {}


def test_a_list_takes_the_place_of_the_whole_table_as_csv_and_as_a_workbook(organiser, edition, page):
    assert "Rows brought in: 2." in bring(organiser, page, b"makes,buys\n8703,8507|72\n01,23\n")
    assert table(edition) == {"8703": {"8507", "72"}, "01": {"23"}}

    rows = [
        ["Who makes", "Usually buys"],
        ["1", "23"],
        ["87.03", "85.07|CPC8314"],
    ]  # as spreadsheets write codes
    assert "Rows brought in: 2." in bring(organiser, page, spreadsheets.xlsx({"list": rows}), "list.xlsx")
    assert table(edition) == {"01": {"23"}, "8703": {"8507", "CPC8314"}}

    given = b"".join(organiser.get(f"/en/{edition.slug}/exports/whole/purchases.csv"))
    bring(organiser, page, given)
    assert table(edition) == {"01": {"23"}, "8703": {"8507", "CPC8314"}}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"makes,buys\n8703,8507\n8703,72\n", ["Line 3 · Who makes", "8703"]),
        (b"makes,buys\n01,23\n02,nonsense\n03,\n", ["Line 3 · Usually buys", "Line 4 · Usually buys"]),
        (b"makes,buys,why\n01,23,x\n", ["Line 1 · why", "There is no column why"]),
        (b"makes\n01\n", ["Line 1 · Usually buys", "The column is missing."]),
        (b"makes,buys\n", ["No row would come in."]),
        (b"", ["The submitted file is empty."]),
        (b"%PDF-1.7 x", ["This is a PDF."]),
    ],
)
def test_a_list_with_something_wrong_changes_nothing_and_is_told_by_its_lines(
    organiser, edition, page, content, told
):
    post(organiser, page, do="row", makes="87", buys="72")

    answer = bring(organiser, page, content)

    assert [one for one in told if one not in answer] == []
    assert table(edition) == {"87": {"72"}}


def test_no_more_rows_than_pages_can_carry(organiser, edition, page):
    codes = [code for code in vocabulary.codes() if len(code) == 6][: purchases.MOST + 1]
    content = "makes,buys\n" + "".join(f"{code},01\n" for code in codes)

    assert "At most 2000 rows." in bring(organiser, page, content.encode())
    assert table(edition) == {}


def test_the_trail_tells_the_rows_that_changed_and_not_the_whole_table(organiser, edition, page):
    post(organiser, page, do="start")
    post(organiser, page, do="row", makes="99", buys="01")
    post(organiser, page, do="remove", makes="01")

    trail = organiser.get(f"/en/{edition.slug}/trail/", {"table": "Edition"}).content.decode()
    newest = trail.split("What is usually bought")[1]

    assert "01 " + "|".join(sorted(vocabulary.purchases()["01"])) in newest
    assert "99 01" not in newest


def test_our_table_is_told_in_chinese_too(organiser, edition):
    told = organiser.get(f"/zh-hans/{edition.slug}/setup/purchases/").content.decode()

    assert "美国生产企业 2017 年的采购情况" in told
    assert vocabulary.label("01", "zh-Hans") in told
