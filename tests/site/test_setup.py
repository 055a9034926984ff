"""The set-up: an edition opened from nothing, or copied, its phases, times, places and chains; by its organisers."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone, translation
from django.utils.formats import date_format

import fairlink
from fairlink_site import snapshot, wording
from fairlink_site.actions.chain import add_chain, save_node
from fairlink_site.actions.editions import move_phase
from fairlink_site.actions.meetings.making import make_timetable
from fairlink_site.actions.meetings.publishing import publish
from fairlink_site.actions.partners import recommend_partners
from fairlink_site.actions.people import appoint
from fairlink_site.actions.programme import Hours, plan_slots
from fairlink_site.actions.reviews import review
from fairlink_site.actions.setup import copy_edition, create_edition
from fairlink_site.models import Edition, Person
from fairlink_site.pages.setup.phase import MEANING
from fairlink_site.refusals import Refused
from fairlink_site.urls import edition_pages

FACTS = {
    "id": "expo-2027",
    "name": {"en": "Expo 2027", "zh-Hans": "2027年博览会"},
    "city": {"en": "Xi'an"},
    "host_country": "CN",
    "time_zone": "Asia/Shanghai",
    "currency": "CNY",
    "languages": ("en", "zh-Hans"),
    "start": date(2027, 5, 10),
    "end": date(2027, 5, 12),
}
POSTED = {
    "id": "expo-2027",
    "name__en": "Expo 2027",
    "name__zh-Hans": "2027年博览会",
    "city__en": "Xi'an",
    "host_country": "CN",
    "time_zone": "Asia/Shanghai",
    "currency": "CNY",
    "languages": ["en", "zh-Hans"],
    "first_language": "zh-Hans",
    "start": "2027-05-10",
    "end": "2027-05-12",
}
HOURS = {
    "first_day": "2027-05-10",
    "last_day": "2027-05-11",
    "first_start": "09:00",
    "last_end": "13:00",
    "minutes": "30",
    "pause": "0",
    "lunch_from": "12:00",
    "lunch_to": "12:30",
}


@pytest.fixture
def ada(db):
    """Somebody who may open editions."""
    return Person.objects.create_user("ada@example.org", opener=True)


@pytest.fixture
def fresh(ada):
    """An edition with nothing in it, which ada organises."""
    return create_edition(FACTS, by=ada)


@pytest.fixture
def organiser(client, ada, fresh):
    """The browser of the fresh edition's organiser."""
    client.force_login(ada)
    return client


@pytest.fixture
def dan(edition):
    """Organiser of the sample, and of nothing else."""
    made = Person.objects.create_user("dan@example.org")
    appoint(made, edition, role="organiser")
    return made


def post(client, edition, path, data):
    return client.post(f"/en/{edition.slug}/setup/{path}", data)


def link(chain, name, by, *, feeds=(), stage="midstream"):
    record = {"name": {"en": name}, "stage": stage, "codes": (), "essential": True, "feeds": tuple(feeds)}
    return save_node(chain, record, by=by)


def drawn(edition, by):
    """Ore feeds cells, cells feed cars."""
    chain = add_chain(edition, {"en": "Smart vehicle"}, by=by)
    cars = link(chain, "Cars", by, stage="downstream")
    cells = link(chain, "Cells", by, feeds=[cars.code])
    ore = link(chain, "Ore", by, feeds=[cells.code], stage="upstream")
    return chain, ore, cells, cars


# Opening


def test_an_edition_is_opened_from_nothing_in_the_browser(client, ada):
    client.force_login(ada)
    assert "editions/new/" in client.get("/en/me/").content.decode()

    answer = client.post("/en/editions/new/", POSTED)

    assert answer["Location"] == "/en/expo-2027/setup/"
    edition = Edition.objects.get(slug="expo-2027")
    assert edition.languages == ["zh-Hans", "en"]
    assert (edition.phase, edition.list_length, edition.start) == ("draft", 20, date(2027, 5, 10))
    assert list(edition.memberships.values_list("person__email", "role")) == [(ada.email, "organiser")]
    assert edition.history.get().history_user == ada


def test_only_those_who_may_open_editions(client, ada):
    assert client.get("/en/editions/new/").status_code == 302
    ada.opener = False
    ada.save()
    client.force_login(ada)

    assert client.get("/en/editions/new/").status_code == 403
    assert client.post("/en/editions/new/", POSTED).status_code == 403
    assert "editions/new/" not in client.get("/en/me/").content.decode()
    assert not Edition.objects.filter(slug="expo-2027").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""},
        {"id": "editions"},
        {"id": ".."},
        {"id": "two words"},
        {"id": "x" * 65},
        {"id": "a\x00b"},
        {"name__en": "", "name__zh-Hans": ""},
        {"name__en": "x" * 257},
        {"name__en": "\x00"},
        {"host_country": "XX"},
        {"time_zone": "Mars/Olympus"},
        {"currency": "ABC"},
        {"currency": "\x00"},
        {"languages": ["klingon"]},
        {"languages": []},
        {"first_language": "klingon"},
        {"start": "tomorrow"},
        {"start": "0000-00-00"},
        {"end": "2027-05-09"},
    ],
    ids=str,
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_form_opens_a_faulty_edition(client, ada, wrong, language):
    client.force_login(ada)
    before = Edition.objects.count()

    answer = client.post(f"/{language}/editions/new/", POSTED | wrong)

    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert Edition.objects.count() == before


def test_two_editions_do_not_share_an_address(client, ada, fresh):
    client.force_login(ada)

    page = client.post("/en/editions/new/", POSTED).content.decode()

    assert "There is an edition with this short name already." in page
    with pytest.raises(Refused, match="id_taken"):
        create_edition(FACTS, by=ada)


def test_every_page_of_an_empty_edition_answers_in_every_language(organiser, fresh, ada):
    add_chain(fresh, {"en": "Empty"}, by=ada)
    pages = [str(one.pattern) for one in edition_pages if "<" not in str(one.pattern)]
    pages += ["chain/empty/", "setup/chain/empty/", "setup/chain/empty/link/"]

    for language, _ in settings.LANGUAGES:
        for page in pages:
            answer = organiser.get(f"/{language}/{fresh.slug}/{page}", follow=True)
            assert answer.status_code == 200, page


def test_the_right_to_open_editions_is_given_from_the_command_line(ada, capsys):
    ada.opener = False
    ada.save()

    call_command("organiser", "ADA@example.org")

    ada.refresh_from_db()
    assert ada.opener
    with translation.override("en"), pytest.raises(CommandError, match="Let them sign up first"):
        call_command("organiser", "nobody@example.org")


# Copying


def test_a_copy_has_the_rules_chains_places_and_times_and_nobody(edition, ada):
    start = edition.start + timedelta(days=400)
    facts = {
        "id": "next",
        "name": {"en": "Next"},
        "city": {"en": "Xi'an"},
        "start": start,
        "end": start + timedelta(days=2),
    }

    made = copy_edition(edition, facts, by=ada)

    before, after = snapshot.read(edition), snapshot.read(made)
    assert after["chain"] == before["chain"]
    assert after["rates"] == before["rates"]
    assert {row["kind"] for row in after["places"]} == {"table", "room", "online"}
    kept = [row for row in before["slots"] if (row["day"] - edition.start).days <= 2]
    assert [(row["id"], row["day"] - start) for row in after["slots"]] == [
        (row["id"], row["day"] - edition.start) for row in kept
    ]
    same = ("languages", "currency", "groups", "developing", "longest_run", "objective", "time_zone")
    assert [after["edition"][0][one] for one in same] == [before["edition"][0][one] for one in same]
    assert (made.predecessor, made.phase, made.sample) == (edition, "draft", False)
    assert not made.organisations.exists()
    assert list(made.memberships.values_list("person", "role")) == [(ada.pk, "organiser")]


def test_organisations_and_listings_come_along_as_drafts_only_where_it_is_ticked(client, edition, dan):
    dan.opener = True
    dan.save()
    client.force_login(dan)
    start = edition.start + timedelta(days=365)
    posted = {
        "name__en": "Next",
        "city__en": "Xi'an",
        "start": start,
        "end": edition.end + timedelta(days=365),
        "organisations": "on",
    }
    shown = edition.organisations.visible().count()

    with_listings = client.post(
        f"/en/editions/new/?from={edition.slug}", posted | {"id": "with", "listings": "on"}
    )
    without = client.post(f"/en/editions/new/?from={edition.slug}", posted | {"id": "without"})

    assert (with_listings.status_code, without.status_code) == (302, 302)
    made = Edition.objects.get(slug="with")
    assert (
        made.organisations.count()
        == made.organisations.filter(status="draft", submitted=None).count()
        == shown
    )
    assert all(one.predecessor.code == one.code for one in made.organisations.select_related("predecessor"))
    assert not made.organisations.visible().exists()
    assert made.listings.count() == edition.listings.visible().count()
    assert not made.listings.visible().exists()
    other = Edition.objects.get(slug="without")
    assert (other.organisations.count(), other.listings.count()) == (shown, 0)


def test_nobody_copies_an_edition_that_they_do_not_organise(client, edition, ada):
    client.force_login(ada)

    page = client.get(f"/en/editions/new/?from={edition.slug}")

    assert page.context["source"] is None
    assert client.get("/en/editions/new/?from=%00").status_code == 200


# Who may


SETUP = [one for one in edition_pages if one.name.startswith("setup")]


def addresses(edition, chain, node):
    values = {"chain": chain.code, "node": node.code, "place": "x", "activity": "x", "interpreter": "x"}
    for one in SETUP:
        path = str(one.pattern)
        for name, value in values.items():
            path = path.replace(f"<code:{name}>", value)
        path = path.replace("<key:exclusion>", "1")
        yield f"/en/{edition.slug}/{path}"


def test_the_set_up_is_for_the_organisers_of_the_edition(client, fresh, ada, dan):
    chain, ore, *_ = drawn(fresh, ada)
    move_phase(fresh, "registration", by=ada)
    exhibitor = Person.objects.create_user("ben@example.org", opener=True)

    for address in addresses(fresh, chain, ore):
        client.logout()
        assert client.get(address)["Location"].startswith("/en/account/login/"), address
        assert client.post(address).status_code == 302
        for other in (dan, exhibitor):
            client.force_login(other)
            assert client.get(address).status_code == 403, address
            assert client.post(address).status_code == 403


def test_a_draft_is_not_there_for_strangers_and_there_once_it_is_open(client, fresh, ada, dan):
    def seen():
        return [
            client.get(f"/en/{fresh.slug}/{path}").status_code for path in ("", "organisations/", "setup/")
        ]

    assert seen() == [404, 404, 404]
    client.force_login(dan)
    assert seen() == [404, 404, 404]

    move_phase(fresh, "registration", by=ada)
    assert seen() == [200, 200, 403]


def test_what_another_edition_holds_is_not_changed_from_here(organiser, fresh, edition):
    chain = edition.chains.first()
    node = chain.nodes.first()

    for path in (
        f"chain/{chain.code}/",
        f"links/{node.code}/",
        f"links/{node.code}/remove/",
        "places/online-01/",
    ):
        assert post(organiser, fresh, path, {}).status_code == 404, path
    assert post(organiser, fresh, "chain/", {"do": "remove", "chain": chain.code}).status_code == 404
    assert post(organiser, fresh, "places/", {"do": "remove", "place": "online-01"}).status_code == 302
    assert edition.places.filter(code="online-01").exists()


# Facts, rules, money, groups


def test_facts_and_rules_are_changed_under_the_organisers_name(organiser, fresh, ada):
    facts = {
        "name__en": "Expo",
        "city__en": "Beijing",
        "host_country": "CN",
        "time_zone": "Asia/Shanghai",
        "start": "2027-05-10",
        "end": "2027-05-14",
        "languages": ["en", "lo"],
        "first_language": "en",
    }
    rules = {"list_length": "15", "win_win": "10", "meeting_cap": "8", "objective": "efficient"}

    assert post(organiser, fresh, "facts/", facts).status_code == 302
    assert post(organiser, fresh, "rules/", rules).status_code == 302
    assert post(organiser, fresh, "groups/", {"groups": ["SIDS"], "developing": ["LA"]}).status_code == 302

    fresh.refresh_from_db()
    assert (fresh.name["en"], fresh.end, fresh.languages) == ("Expo", date(2027, 5, 14), ["en", "lo"])
    assert (fresh.list_length, fresh.win_win, fresh.objective) == (15, 10, "efficient")
    assert (fresh.groups, fresh.developing) == (["SIDS"], ["LA"])
    assert {one.history_user for one in fresh.history.all()} == {ada}


def test_money_has_a_second_currency_with_a_dated_rate_and_a_table_of_rates(organiser, fresh):
    money = {"do": "money", "currency": "CNY", "second_currency": "USD"}

    assert "no exchange rate for USD" in post(organiser, fresh, "money/", money).content.decode()
    assert (
        post(organiser, fresh, "money/", money | {"rate": "7.1", "rate_date": "2027-01-04"}).status_code
        == 302
    )
    for rate in ("7.7", "7.8"):
        post(
            organiser, fresh, "money/", {"do": "rate", "currency": "EUR", "rate": rate, "date": "2027-01-04"}
        )
    assert 'value="7.8"' in organiser.get(f"/en/{fresh.slug}/setup/money/?currency=EUR").content.decode()

    fresh.refresh_from_db()
    assert (fresh.second_currency, fresh.rate) == ("USD", Decimal("7.1"))
    assert fresh.rates == [{"currency": "EUR", "rate": "7.8", "date": "2027-01-04"}]
    post(organiser, fresh, "money/", {"do": "remove", "currency": "EUR"})
    fresh.refresh_from_db()
    assert fresh.rates == []


def test_a_rate_that_amounts_need_stays(client, edition, dan):
    client.force_login(dan)
    edition.agreements.filter(pk=edition.agreements.first().pk).update(amount=5, currency="EUR")

    page = client.post(f"/en/{edition.slug}/setup/money/", {"do": "remove", "currency": "EUR"}, follow=True)

    assert "There is no exchange rate for EUR." in page.content.decode()
    edition.refresh_from_db()
    assert "EUR" in {rate["currency"] for rate in edition.rates}


def test_dates_that_leave_times_outside_are_refused(client, edition, dan):
    client.force_login(dan)
    facts = {
        "name__en": "Expo",
        "city__en": "Beijing",
        "host_country": "CN",
        "time_zone": "Asia/Shanghai",
        "start": "2027-05-10",
        "end": "2027-05-14",
        "languages": ["en"],
        "first_language": "en",
    }

    page = client.post(f"/en/{edition.slug}/setup/facts/", facts).content.decode()

    day = date_format(edition.slots.first().day, "DATE_FORMAT")
    assert f"Times for meetings stand in the way: those of {day} would lie outside the edition." in page
    assert "Change them under “Times” first." in page
    assert Edition.objects.get(pk=edition.pk).start == edition.start


WRONG = {
    "facts/": [
        {"name__en": "x" * 300},
        {"name__en": "a\x00"},
        {"languages": ["xx-yy"]},
        {"start": "9" * 400},
        {"time_zone": "\x00"},
    ],
    "rules/": [{"list_length": "0"}, {"list_length": "NaN"}, {"win_win": "101"}, {"objective": "\x00"}],
    "groups/": [{"groups": ["EU"]}, {"developing": ["XX"]}, {"developing": ["\x00"]}],
    "money/": [
        {"do": "money", "currency": "ABC"},
        {"do": "money", "currency": "CNY", "second_currency": "\x00"},
        {"do": "money", "currency": "CNY", "rate": "-1"},
        {"do": "rate", "currency": "EUR", "rate": "x", "date": "2027-01-01"},
        {"do": "rate", "currency": "QQQ", "rate": "1", "date": "2027-01-01"},
        {"do": "rate", "currency": "EUR", "rate": "1e99", "date": "\x00"},
        {"do": "remove", "currency": "\x00"},
        {"do": "nonsense"},
    ],
    "phase/": [{}, {"phase": "king"}, {"phase": "\x00"}, {"phase": "x" * 5000}, {"phase": "published"}],
    "times/": [
        {"do": "preview"},
        {"do": "save", **HOURS, "minutes": "0"},
        {"do": "save", **HOURS, "minutes": "x" * 400},
        {"do": "save", **HOURS, "last_day": "2031-05-10"},
        {"do": "save", **HOURS, "last_day": "9999-12-31", "minutes": "5"},
        {"do": "save", **HOURS, "first_day": "2027-05-01"},
        {"do": "save", **HOURS, "last_end": "09:10"},
        {"do": "save", **HOURS, "last_end": "08:00"},
        {"do": "save", **HOURS, "first_start": "\x00"},
        {"do": "save", **HOURS, "lunch_to": ""},
        {"do": "clear", "day": "\x00"},
        {"do": "nonsense"},
    ],
    "places/": [
        {"do": "add"},
        {"do": "add", "kind": "booth", "number": "1", "capacity": "1"},
        {"do": "add", "kind": "table", "number": "100000", "capacity": "1"},
        {"do": "add", "kind": "table", "number": "1", "capacity": "0"},
        {"do": "add", "kind": "table", "number": "1", "hall": "x" * 65},
        {"do": "add", "kind": "table", "number": "1", "hall": "\x00"},
        {"do": "capacity", "capacity": "many"},
        {"do": "capacity", "capacity": "\x00", "place": ["\x00"]},
        {"do": "remove", "place": ["\x00", "x" * 5000]},
        {"do": "nonsense"},
    ],
    "chain/": [
        {"do": "add"},
        {"do": "add", "chain_name__en": "x" * 257},
        {"do": "add", "chain_name__en": "\x00"},
        {"do": "remove", "chain": "\x00"},
        {"do": "up", "chain": "none"},
        {"do": "nonsense"},
    ],
    "chain/smart-vehicle/": [
        {"do": "name", "chain_name__en": "x" * 257},
        {"do": "up", "node": "\x00"},
        {"do": "nonsense"},
    ],
    "chain/smart-vehicle/link/": [
        {},
        {"name__en": "x" * 257, "stage": "upstream"},
        {"name__en": "A\x00", "stage": "upstream"},
        {"name__en": "A", "stage": "sideways"},
        {"name__en": "A", "stage": "upstream", "codes": "850760, nonsense"},
        {"name__en": "A", "stage": "upstream", "feeds": ["nowhere"]},
        {"name__en": "A", "stage": "upstream", "feeds": ["\x00"]},
    ],
    "purchases/": [
        {},
        {"do": "else"},
        {"do": "row", "makes": "nonsense", "buys": "01"},
        {"do": "row", "makes": "01", "buys": ""},
        {"do": "row", "makes": "\x00", "buys": "\x00"},
        {"do": "remove", "makes": "\x00"},
        {"do": "file"},
    ],
    "exclusions/": [
        {},
        {"organisation": "\x00", "partner": "x" * 300},
        {"organisation": "a", "partner": "b"},
    ],
    "links/cells/": [{"name__en": "", "stage": "upstream"}, {"name__en": "A", "stage": "\x00"}],
}


@pytest.mark.parametrize(
    ("path", "data"), [(path, data) for path, all_ in WRONG.items() for data in all_], ids=str
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_form_breaks_the_set_up_or_changes_anything(organiser, fresh, ada, path, data, language):
    drawn(fresh, ada)
    before = snapshot.read(fresh).tables

    answer = organiser.post(f"/{language}/{fresh.slug}/setup/{path}", data)

    assert answer.status_code in (200, 302, 404)
    assert snapshot.read(Edition.objects.get(pk=fresh.pk)).tables == before


# Phases


def test_the_checklist_says_what_is_missing_until_nothing_is(organiser, fresh, ada):
    def missing():
        return [str(one.page) for one in organiser.get(f"/en/{fresh.slug}/setup/").context["lacks"]]

    assert missing() == ["setup_times", "setup_places", "setup_chains"]

    post(organiser, fresh, "times/", {"do": "save", **HOURS})
    post(organiser, fresh, "places/", {"do": "add", "number": "2", "kind": "table", "capacity": "1"})
    chain = add_chain(fresh, {"en": "Chain"}, by=ada)
    assert missing() == ["setup_chains"]
    save_node(
        chain,
        {
            "name": {"en": "A", "zh-Hans": "甲"},
            "stage": "upstream",
            "codes": (),
            "essential": True,
            "feeds": (),
        },
        by=ada,
    )
    assert missing() == []

    page = f"/en/{fresh.slug}/setup/"
    assert "Nothing. The edition can be opened." in organiser.get(page).content.decode()
    move_phase(fresh, "registration", by=ada)
    assert "Nothing is missing." in organiser.get(page).content.decode()
    assert "can be opened" not in organiser.get(page).content.decode()


def test_an_edition_is_not_published_without_a_timetable_and_may_be_matched_without_matches(
    organiser, fresh, ada
):
    page = organiser.get(f"/en/{fresh.slug}/setup/phase/").content.decode()
    assert "Partners have not been matched yet" in page
    assert 'value="published"' not in page

    answer = organiser.post(f"/en/{fresh.slug}/setup/phase/", {"phase": "published"}, follow=True)
    assert "There is no timetable yet." in answer.content.decode()
    with pytest.raises(Refused, match="no_timetable"):
        move_phase(fresh, "running", by=ada)

    for phase in ("registration", "matching", "draft", "closed"):
        post(organiser, fresh, "phase/", {"phase": phase})
        fresh.refresh_from_db()
        assert fresh.phase == phase
    assert [one.phase for one in fresh.history.all()] == [
        "closed",
        "draft",
        "matching",
        "registration",
        "draft",
    ]


def test_an_edition_with_a_timetable_is_published(edition, dan):
    assert move_phase(edition, "running", by=dan).phase == "running"


def test_every_phase_says_what_it_opens_and_closes():
    assert tuple(MEANING) == fairlink.expo.PHASES


# Times and places


def test_hours_become_slots_with_a_pause_and_without_lunch(fresh):
    hours = Hours(date(2027, 5, 10), date(2027, 5, 10), time(11), time(14), 30, 5, time(12), time(13))

    planned = [
        (row["id"], f"{row['start']:%H:%M}", f"{row['end']:%H:%M}") for row in plan_slots(fresh, hours)
    ]

    assert planned == [("d1-1100", "11:00", "11:30"), ("d1-1300", "13:00", "13:30")]


def test_times_are_shown_before_they_are_saved(organiser, fresh, ada):
    page = post(organiser, fresh, "times/", {"do": "preview", **HOURS}).content.decode()
    assert "12:30–13:00" in page
    assert "12:00–12:30" not in page
    assert not fresh.slots.exists()

    post(organiser, fresh, "times/", {"do": "save", **HOURS})
    assert fresh.slots.count() == 14
    assert {one.history.get().history_user for one in fresh.slots.all()} == {ada}

    post(organiser, fresh, "places/", {"do": "add", "number": "1", "kind": "room", "capacity": "1"})
    post(organiser, fresh, "places/", {"do": "close", "place": "R01"})
    post(organiser, fresh, "times/", {"do": "save", **HOURS, "last_day": "2027-05-10", "minutes": "60"})
    assert (fresh.slots.filter(day="2027-05-10").count(), fresh.slots.count()) == (3, 10)
    post(organiser, fresh, "times/", {"do": "clear", "day": "2027-05-11"})
    assert fresh.slots.count() == 3
    assert set(fresh.places.get().closed) <= set(fresh.slots.values_list("code", flat=True))


def test_times_and_places_of_the_timetable_stay(client, edition, dan):
    client.force_login(dan)
    slot = edition.slots.filter(meetings__run__current=True).first()
    place = edition.places.filter(meetings__run__current=True).first()
    before = snapshot.read(edition).tables

    day = client.post(f"/en/{edition.slug}/setup/times/", {"do": "clear", "day": slot.day}, follow=True)
    taken = client.post(
        f"/en/{edition.slug}/setup/places/", {"do": "remove", "place": place.code}, follow=True
    )

    assert "are held at these times" in day.content.decode()
    assert "are held at this place" in taken.content.decode()
    assert snapshot.read(edition).tables == before


def test_an_earlier_timetable_does_not_keep_a_place(client, edition, dan):
    client.force_login(dan)
    edition.runs.filter(kind="meetings").update(current=False)
    place = edition.places.filter(meetings__isnull=False).first()

    post(client, edition, "places/", {"do": "remove", "place": place.code})

    assert not edition.places.filter(code=place.code).exists()
    assert not edition.runs.filter(kind="meetings").exists()


def test_places_are_numbered_on_changed_closed_and_removed(organiser, fresh, ada):
    add = {"do": "add", "number": "2", "kind": "table", "hall": "Hall 4", "capacity": "1"}
    post(organiser, fresh, "times/", {"do": "save", **HOURS})
    for _ in range(2):
        post(organiser, fresh, "places/", add)
    codes = ["Hall4-T01", "Hall4-T02", "Hall4-T03", "Hall4-T04"]
    assert list(fresh.places.values_list("code", flat=True)) == codes

    post(organiser, fresh, "places/", {"do": "capacity", "capacity": "3", "place": codes[:2]})
    post(organiser, fresh, "places/", {"do": "close", "place": codes[:1]})
    post(organiser, fresh, "places/", {"do": "remove", "place": codes[3:]})
    slot = fresh.slots.first().code
    post(organiser, fresh, f"places/{codes[2]}/", {"name__en": "Quiet", "capacity": "1", "closed": [slot]})

    found = {one.code: (one.capacity, len(one.closed), one.name) for one in fresh.places.all()}
    assert found == {codes[0]: (3, 14, {}), codes[1]: (3, 0, {}), codes[2]: (1, 1, {"en": "Quiet"})}
    assert fresh.places.get(code=codes[0]).history.first().history_user == ada


# Chains


def test_a_chain_is_drawn_link_by_link_in_the_browser(organiser, fresh, ada):
    post(
        organiser,
        fresh,
        "chain/",
        {"do": "add", "chain_name__en": "Smart vehicle", "chain_name__zh-Hans": "智能汽车链"},
    )
    cars = {"name__en": "Cars", "stage": "downstream", "codes": "8703", "essential": "on"}
    post(organiser, fresh, "chain/smart-vehicle/link/", cars)
    post(
        organiser,
        fresh,
        "chain/smart-vehicle/link/",
        {"name__zh-Hans": "电池", "stage": "midstream", "codes": "850760，8507", "feeds": ["cars"]},
    )

    rows = [
        (row["node"], row["stage"], row["codes"], row["essential"], row["feeds"])
        for row in snapshot.chain_records(fresh)
    ]
    assert rows == [
        ("cars", "downstream", ("8703",), True, ()),
        ("smart-vehicle-link-1", "midstream", ("850760", "8507"), False, ("cars",)),
    ]
    page = organiser.get(f"/zh-hans/{fresh.slug}/setup/chain/smart-vehicle/").content.decode()
    assert f'href="/zh-hans/{fresh.slug}/setup/links/cars/"' in page
    assert {one.history.first().history_user for one in fresh.nodes.all()} == {ada}
    assert fresh.nodes.last().history.first().feeds.count() == 1


def test_links_feed_links_of_other_chains(organiser, fresh, ada):
    _, ore, *_ = drawn(fresh, ada)
    other = add_chain(fresh, {"en": "Energy"}, by=ada)
    grid = link(other, "Grid", ada)

    data = {"name__en": "Ore", "stage": "upstream", "feeds": ["cells", grid.code]}
    assert post(organiser, fresh, "links/ore/", data).status_code == 302

    assert set(ore.feeds.values_list("code", flat=True)) == {"cells", "grid"}


@pytest.mark.parametrize(
    ("language", "names"), [("en", "Cars → Ore → Cells → Cars"), ("zh-hans", "整车 → Ore → Cells → 整车")]
)
def test_a_circle_is_refused_by_the_names_of_its_links_and_changes_nothing(
    organiser, fresh, ada, language, names
):
    _, ore, _, cars = drawn(fresh, ada)
    cars.name = {"en": "Cars", "zh-Hans": "整车"}
    cars.save()
    before = snapshot.read(fresh).tables

    data = {"name__en": "Cars", "name__zh-Hans": "整车", "stage": "downstream", "feeds": [ore.code]}
    page = organiser.post(f"/{language}/{fresh.slug}/setup/links/cars/", data).content.decode()

    around = names.split(" → ")[:-1]
    turns = [" → ".join([*around[i:], *around[:i], around[i]]) for i in range(3)]
    assert any(turn in page for turn in turns)
    assert snapshot.read(fresh).tables == before


def test_chains_and_links_are_ordered_and_named(organiser, fresh, ada):
    chain, *_ = drawn(fresh, ada)
    add_chain(fresh, {"en": "Energy"}, by=ada)
    link(chain, "Motors", ada)

    post(organiser, fresh, "chain/", {"do": "up", "chain": "energy"})
    post(organiser, fresh, "chain/", {"do": "up", "chain": "energy"})
    post(organiser, fresh, "chain/smart-vehicle/", {"do": "up", "node": "motors"})
    post(organiser, fresh, "chain/smart-vehicle/", {"do": "name", "chain_name__en": "Cars and more"})

    assert list(fresh.chains.values_list("code", flat=True)) == ["energy", "smart-vehicle"]
    assert list(chain.nodes.filter(stage="midstream").values_list("code", flat=True)) == ["motors", "cells"]
    assert fresh.chains.last().name == {"en": "Cars and more"}


def test_a_link_on_which_organisations_stand_stays(client, edition, dan):
    client.force_login(dan)
    node = edition.nodes.filter(organisations__isnull=False).first()
    address = f"/en/{edition.slug}/setup/links/{node.code}/remove/"

    assert "so it stays" in client.get(address).content.decode()
    assert "so it stays" in client.post(address, follow=True).content.decode()
    assert edition.nodes.filter(pk=node.pk).exists()


def test_what_hangs_on_a_link_is_told_before_it_goes(organiser, fresh, ada):
    chain, _, cells, _ = drawn(fresh, ada)
    page = organiser.get(f"/en/{fresh.slug}/setup/links/cells/remove/").content.decode()
    assert "Ore" in page
    assert "Cars" in page

    post(organiser, fresh, "chain/", {"do": "remove", "chain": chain.code})
    assert fresh.chains.exists()
    for code in ("cells", "ore", "cars"):
        post(organiser, fresh, f"links/{code}/remove/", {})
    post(organiser, fresh, "chain/", {"do": "remove", "chain": chain.code})

    assert not fresh.nodes.exists()
    assert not fresh.chains.exists()
    gone = type(cells).history.filter(code="cells").first()
    assert (gone.history_type, gone.history_user) == ("-", ada)


# The whole


def test_from_nothing_to_a_published_timetable(organiser, fresh, ada):
    drawn(fresh, ada)
    post(organiser, fresh, "times/", {"do": "save", **HOURS})
    post(organiser, fresh, "places/", {"do": "add", "number": "5", "kind": "table", "capacity": "1"})
    for code, side in (("maker", "offer"), ("buyer", "need")):
        firm = fresh.organisations.create(
            code=code,
            name={"en": code},
            kind="enterprise",
            role="buyer",
            country="CN",
            status="validated",
            languages=["en"],
            submitted=timezone.now(),
        )
        fresh.listings.create(
            code=code,
            side=side,
            organisation=firm,
            function="trade",
            status="validated",
            title={"en": "Power batteries"},
            codes=["850760"],
        )

    recommend_partners(fresh)
    publish(make_timetable(fresh))

    assert move_phase(fresh, "published", by=ada).phase == "published"


@pytest.mark.parametrize("do", ["close", "open", "capacity", "remove"])
def test_places_are_changed_only_when_some_are_chosen(client, edition, dan, do):
    client.force_login(dan)
    before = edition.places.count(), edition.places.model.history.count()

    page = client.post(f"/en/{edition.slug}/setup/places/", {"do": do, "capacity": "7"}, follow=True)

    assert "Nothing was chosen, so nothing has changed." in page.content.decode()
    assert "Saved." not in page.content.decode()
    assert (edition.places.count(), edition.places.model.history.count()) == before


# What a copy brought along


@pytest.fixture
def copied(edition, dan):
    """A copy of the sample with its organisations and listings, which dan organises."""
    start = edition.start + timedelta(days=365)
    facts = {"id": "next", "name": {"en": "Next"}, "city": {}, "start": start, "end": start}
    return copy_edition(edition, facts, organisations=True, listings=True, by=dan)


def test_organisations_taken_over_are_looked_through_singly_or_all_at_once(client, copied, dan):
    client.force_login(dan)
    theirs, one, other = copied.organisations.filter(main=None, listings__isnull=False).distinct()[:3]
    appoint(Person.objects.create_user("eve@example.org"), copied, role="exhibitor", organisation=theirs)
    queue = "/en/next/queue/"
    assert f'href="{queue}#drafts"' in client.get("/en/next/organise/").content.decode()

    page = client.get(queue)

    assert "Taken over from an earlier edition, not yet looked through" in page.content.decode()
    assert theirs not in page.context["drafts"].paginator.object_list
    assert page.context["drafts"].paginator.count == copied.organisations.count() - 1
    assert client.get(f"{queue}{theirs.code}/").status_code == 404
    listing = one.listings.first()
    assert f'value="listing-{listing.pk}"' in client.get(f"{queue}{one.code}/").content.decode()

    client.post(f"{queue}{one.code}/", {"about": "organisation", "verdict": "validated"})
    client.post(queue, {"do": "some_taken_over", "organisation": [other.code, theirs.code]})
    seen = copied.organisations.visible().values_list("code", flat=True)
    assert sorted(seen) == sorted([one.code, other.code])
    assert set(other.listings.values_list("status", flat=True)) == {"validated"}
    # Validated itself, it still waits with what it offers and needs.
    assert one in client.get(queue).context["drafts"].paginator.object_list

    client.post(queue, {"do": "all_taken_over"})
    assert list(copied.organisations.exclude(status="validated")) == [theirs]
    assert set(copied.listings.exclude(status="validated").values_list("organisation", flat=True)) == {
        theirs.pk
    }
    assert "Taken over from" not in client.get(queue).content.decode()
    assert "#drafts" not in client.get("/en/next/organise/").content.decode()


def test_drafts_that_somebody_writes_are_not_validated_over_their_heads(copied, dan):
    theirs = copied.organisations.filter(listings__isnull=False).first()
    appoint(Person.objects.create_user("eve@example.org"), copied, role="exhibitor", organisation=theirs)

    for entry in (theirs, theirs.listings.first()):
        with pytest.raises(Refused, match="not_submitted"):
            review(entry, "refused", reason="Too early.", by=dan)


@pytest.fixture
def copier(client, edition, dan):
    """The browser of the sample's organiser, who may open editions."""
    dan.opener = True
    dan.save()
    client.force_login(dan)
    return client


def copying(edition, **more):
    start = edition.start + timedelta(days=365)
    return {"id": "next", "name__en": "Next", "city__en": "Xi'an", "start": start, "end": start, **more}


def test_a_copy_says_how_much_came_along_and_what_runs_out(copier, edition):
    edition.listings.update(valid_until=None)
    fading = list(edition.listings.visible().values_list("pk", flat=True)[:3])
    edition.listings.filter(pk__in=fading).update(valid_until=edition.end)
    posted = copying(edition, organisations="on", listings="on")

    page = copier.post(f"/en/editions/new/?from={edition.slug}", posted, follow=True).content.decode()

    number, listed = edition.organisations.visible().count(), edition.listings.visible().count() - 3
    assert f"Taken over as drafts: organisations {number}, offers and needs {listed}." in page
    assert "left out, since they run out before the opening day: 3." in page
    assert Edition.objects.get(slug="next").listings.count() == listed


def test_offers_and_needs_do_not_come_without_their_organisations(copier, edition):
    page = copier.post(f"/en/editions/new/?from={edition.slug}", copying(edition, listings="on"))

    assert list(page.context["form"].errors) == ["listings"]
    assert not Edition.objects.filter(slug="next").exists()


def test_editions_of_one_name_are_told_apart_where_one_is_copied(copier, edition, dan):
    other = create_edition(FACTS | {"name": edition.name}, by=dan)

    page = copier.get("/en/editions/new/").content.decode()

    for one in (edition, other):
        assert f"<small>{wording.period(one.start, one.end)} · {one.slug}</small>" in page


def test_chains_without_links_come_along_in_their_place(fresh, ada):
    add_chain(fresh, {"en": "Empty"}, by=ada)
    drawn(fresh, ada)
    add_chain(fresh, {"en": "Last"}, by=ada)
    facts = {"id": "next", "start": FACTS["start"], "end": FACTS["end"]}

    made = copy_edition(fresh, facts, by=ada)

    assert list(made.chains.values("code", "name", "position")) == list(
        fresh.chains.values("code", "name", "position")
    )


def test_the_name_is_asked_for_in_the_languages_chosen(client, ada):
    client.force_login(ada)
    posted = {name: value for name, value in POSTED.items() if not name.startswith("name__")}
    posted |= {"languages": ["de", "fr"], "first_language": "fr", "name__en": "Expo 2027"}

    refused = client.post("/en/editions/new/", posted)

    form = refused.context["form"]
    assert {name: form.errors[name] for name in form.errors} == {
        "name__fr": ["Give the name in this language too: French stands in where a text has no other."]
    }
    assert [name for name in form.fields if name.startswith("name__")] == ["name__fr", "name__de", "name__en"]
    assert client.post("/en/editions/new/", posted | {"name__fr": "Salon 2027"}).status_code == 302
    made = Edition.objects.get(slug="expo-2027")
    assert (made.name, made.languages) == ({"fr": "Salon 2027", "en": "Expo 2027"}, ["fr", "de"])

    # What was said in a language that is not the edition's can be changed, and taken away.
    facts = posted | {"name__fr": "Salon 2027", "name__en": "", "name__de": "Messe 2027"}
    assert 'name="name__en"' in client.get("/en/expo-2027/setup/facts/").content.decode()
    assert client.post("/en/expo-2027/setup/facts/", facts).status_code == 302
    made.refresh_from_db()
    assert made.name == {"fr": "Salon 2027", "de": "Messe 2027"}
