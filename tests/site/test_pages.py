"""Every page: answers, in both languages, small, with few queries, and nothing breaks it."""

import pytest
from addresses import WHO, filled, routes
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fairlink.tables import Records
from fairlink_site.actions.editions import open_edition
from fairlink_site.models import Organisation
from fairlink_site.spreadsheets import defused

PREFIXES = [f"/{code}/" for code, _ in settings.LANGUAGES]


@pytest.fixture
def addresses(edition, exhibitor):
    """One address for every route of an edition."""
    values = {
        "chain": edition.chains.first().code,
        "organisation": exhibitor.code,
        "day": edition.slots.first().day.isoformat(),
        "figure": "exhibitors",
        "activity": edition.activities.first().code,
        "scope": "public",
        "table": "organisations",
        "form": "csv",
    }
    open_to_all = [pattern for name, pattern in routes() if WHO[name] == "everybody"]
    return [f"{edition.slug}/{filled(one, values)}" for one in open_to_all]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_page_answers_in_every_language(client, addresses, prefix):
    for address in addresses:
        response = client.get(prefix + address, follow=True)

        assert response.status_code == 200, address


def test_every_page_carries_the_strict_policy_and_sets_no_cookie(client, addresses):
    for address in addresses:
        response = client.get(f"/en/{address}", follow=True)

        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not response.cookies


def test_pages_only_read(client, addresses):
    for address in addresses:
        assert client.post(f"/en/{address}").status_code == 405


def test_the_front_door_leads_to_the_newest_edition_in_the_readers_language(client, edition):
    english = client.get("/", headers={"accept-language": "en"})
    chinese = client.get("/", headers={"accept-language": "zh-CN,zh;q=0.9"})

    assert (english["Location"], chinese["Location"]) == (f"/en/{edition.slug}/", f"/zh-hans/{edition.slug}/")


def test_the_language_switch_keeps_the_page_and_its_filters(client, edition):
    page = client.get(f"/en/{edition.slug}/organisations/?kind=enterprise&q=a").content.decode()

    assert f'href="/zh-hans/{edition.slug}/organisations/?kind=enterprise&amp;q=a"' in page


@pytest.mark.parametrize(
    "asked", [{}, {"stage": "upstream"}, {"kind": "enterprise", "chain": "smart-vehicle"}]
)
def test_filters_leave_as_many_as_they_say(client, edition, asked):
    response = client.get(f"/en/{edition.slug}/organisations/", asked)

    for one in response.context["filters"]:
        for choice in one.choices:
            left = client.get(f"/en/{edition.slug}/organisations/", asked | {one.name: choice.value})
            assert left.context["total"] == choice.count, (one.name, choice.value)


def test_what_was_chosen_stays_chosen_where_it_leaves_nothing(client, edition):
    page = client.get(
        f"/en/{edition.slug}/organisations/", {"kind": "agency", "country": "VA"}
    ).content.decode()

    assert 'value="agency" selected' in page
    assert 'value="VA" selected' in page


def test_a_list_takes_as_many_queries_however_long(client, edition):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/en/{edition.slug}/organisations/")
        return len(captured)

    short = queries()
    base = edition.organisations.first()
    Organisation.objects.bulk_create(
        Organisation(edition=edition, code=f"x{i}", name={"en": f"X {i}"}, kind=base.kind, role=base.role)
        for i in range(200)
    )

    assert queries() == short


def test_the_export_is_what_the_filters_show(client, edition):
    shown = client.get(f"/en/{edition.slug}/organisations/", {"kind": "enterprise"}).context["total"]

    response = client.get(f"/en/{edition.slug}/organisations.csv", {"kind": "enterprise"})

    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "id,name,kind,size,country,city,role,nodes,website"
    assert len(lines) == shown + 1


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+86 10", "'+86 10"),
        ("-x", "'-x"),
        ("@a", "'@a"),
        ("\t=1", "'\t=1"),
        ("Ada", "Ada"),
        ("", ""),
    ],
)
def test_no_cell_is_taken_for_a_formula(cell, written):
    assert defused(cell) == written


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\x00"},
        {"q": "<script>alert(1)</script>"},
        {"q": "深" * 5000},
        {"kind": "nonsense"},
        {"kind": "\x00"},
        {"node": "x" * 5000},
        {"node": "\x00"},
        {"stage": "service", "country": "XX"},
        {"page": "-3"},
        {"page": "NaN"},
        {"page": "9" * 400},
        {"stage": "' OR 1=1 --"},
        {"country": "中国"},
    ],
)
def test_no_query_breaks_the_directory(client, edition, query):
    response = client.get(f"/en/{edition.slug}/organisations/", query)

    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


@pytest.mark.parametrize(
    "path",
    ["nothing/", "first-expo/chain/none/", "first-expo/organisations/o%00/", "first-expo/figures/none/"],
)
def test_what_is_not_here_says_so_kindly(client, edition, path):
    response = client.get(f"/zh-hans/{path}")

    assert response.status_code == 404
    assert "找不到这个页面" in response.content.decode()


def test_what_another_edition_holds_is_not_here(client, edition, few_records):
    tables = dict(few_records.tables)
    tables["edition"] = [{**tables["edition"][0], "id": "other"}]
    other = open_edition(Records(tables))
    Organisation.objects.filter(edition=other).update(name={"en": "Hidden Neighbour"})
    own = Organisation.objects.create(
        edition=other, code="only-there", name={"en": "Hidden Neighbour"}, kind="enterprise", role="buyer"
    )

    assert client.get(f"/en/{edition.slug}/organisations/{own.code}/").status_code == 404
    assert "Hidden Neighbour" not in client.get(f"/en/{edition.slug}/organisations/").content.decode()
    assert "Hidden Neighbour" in client.get("/en/other/organisations/").content.decode()
