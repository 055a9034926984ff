"""A newcomer's walk through the demo in a real browser, in both languages, wide and narrow, light and dark."""

from pathlib import Path

import pytest
from browsing import check, hold_passkeys, sign_in

pytestmark = pytest.mark.browser

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = {"wide and light": (WIDE, "light"), "narrow and dark": (NARROW, "dark")}
FIRST_VISIT = 300_000  # bytes, everything included


@pytest.fixture(params=LOOKS, ids=str)
def page(browser, request):
    """A page that remembers whatever the browser complained of."""
    viewport, scheme = LOOKS[request.param]
    context = browser.new_context(viewport=viewport, color_scheme=scheme)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("requestfailed", lambda failed: _note_failure(page, failed))
    yield page
    context.close()


def _note_failure(page, failed):
    if failed.failure != "net::ERR_ABORTED":  # the page was left before its icon had come
        page.complaints.append(f"{failed.url}: {failed.failure}")


WORDS = {
    "en": {
        "search": "Search",
        "query": "coffee",
        "calendar": "in the timetable",
        "why": "Whom to meet, and why",
    },
    "zh-hans": {"search": "搜索", "query": "咖啡", "calendar": "日程中有", "why": "该见谁，为什么"},
}


@pytest.mark.parametrize("language", WORDS)
def test_a_newcomer_walks_from_the_front_page_to_a_timetable(demo, page, language):
    words = WORDS[language]
    page.goto(f"{demo}/{language}/")
    check(page)

    page.fill("#q", words["query"])
    page.get_by_role("button", name=words["search"], exact=True).click()
    check(page)
    assert page.locator(".list > li").count() > 0

    page.locator(".list h2 a").first.click()
    check(page)
    assert page.get_by_role("heading", name=words["why"]).is_visible()
    assert page.locator(".suggestion").count() > 0

    page.get_by_role("link", name=words["calendar"]).click()
    check(page)
    assert page.locator(".agenda > li").count() > 0

    page.locator(".tongues summary").click()
    page.locator(".tongues a[hreflang^=zh], .tongues a[hreflang=en]").first.click()
    assert page.url.endswith("/calendar/")
    assert f"/{language}/" not in page.url


@pytest.mark.parametrize("language", WORDS)
def test_every_other_room_is_open_to_everybody(demo, page, language):
    page.goto(f"{demo}/{language}/")
    edition = page.url

    for path in ("chain/", "meetings/", "figures/", "figures/agreements/", "partners/", "about/", "nowhere/"):
        page.goto(edition + path)
        page.complaints = [text for text in page.complaints if "404" not in text]
        check(page)


ACCOUNT = ("signup", "password/reset", "email", "password/change", "2fa", "2fa/totp/activate", "sessions")


@pytest.mark.parametrize("language", WORDS)
def test_somebody_signs_in_adds_a_passkey_and_comes_back_with_it(demo, password, page, language):
    hold_passkeys(page)
    account = f"{demo}/{language}/account"

    sign_in(page, f"{demo}/{language}", password)
    for room in ACCOUNT:
        page.goto(f"{account}/{room}/")
        reauthenticate(page, password)
        # Chromium's advice to password managers, not to people.
        page.complaints = [text for text in page.complaints if "Password forms should have" not in text]
        check(page)
    for path in ("first-expo/people/", "me/data/"):
        page.goto(f"{demo}/{language}/{path}")
        reauthenticate(page, password)
        check(page)

    page.goto(f"{account}/2fa/webauthn/add/")
    reauthenticate(page, password)
    page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/**")
    page.goto(f"{account}/logout/")
    page.locator("main form button").click()
    page.goto(f"{account}/login/")
    page.locator("#passkey_login").click()

    page.wait_for_url("**/me/")
    forget_passkeys(page, account, password)


DESK = (
    *("organise/", "setup/", "setup/facts/", "setup/rules/", "setup/money/", "setup/groups/", "setup/phase/"),
    *("setup/times/", "setup/places/", "setup/chain/", "setup/chain/smart-vehicle/", "queue/", "imports/"),
    *("duplicates/", "trail/", "messages/", "messages/remind/", "exports/", "register/"),
)
OF_ONE = ("", "edit/", "certificates/", "prospects/", "offer/new/innovation/", "need/new/trade/")


@pytest.mark.parametrize("language", WORDS)
def test_every_room_of_organisers_and_participants_is_without_barriers(demo, password, page, language):
    sign_in(page, f"{demo}/{language}", password)
    edition = f"{demo}/{language}/first-expo/"
    page.goto(f"{edition}organisations/")
    one = page.locator(".list h2 a").first.get_attribute("href").rstrip("/").rsplit("/", 1)[-1]
    paths = [f"{edition}{path}" for path in (*DESK, f"queue/{one}/")]
    paths += [f"{edition}organisations/{one}/profile/{path}" for path in OF_ONE]
    paths += [
        f"{demo}/{language}/{path}" for path in ("me/messages/", "me/messages/preferences/", "editions/new/")
    ]

    for path in paths:
        page.goto(path)
        check(page)


@pytest.mark.parametrize("language", WORDS)
def test_a_list_is_mended_without_scrolling_sideways(demo, password, page, language):
    sign_in(page, f"{demo}/{language}", password)
    page.goto(f"{demo}/{language}/first-expo/imports/")
    rows = (
        "Company,Country,Role,Web\nSome Firm,Atlantis,King of all the exhibitors there are,https:// a b c\n"
    )
    page.set_input_files("[name=file]", {"name": "list.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.locator("main form button").first.click()
    page.wait_for_url("**/imports/*/")
    check(page)
    page.locator("button[value=map]").click()
    page.wait_for_load_state()

    check(page)
    assert page.locator(".mend [name^=text-]").count() > 0
    for box in page.locator("main :is(td, td input, td select)").all():
        place = box.bounding_box()
        assert 0 <= place["x"] <= place["x"] + place["width"] <= page.viewport_size["width"]


@pytest.mark.parametrize("language", ["ar", "fr", "es", "ru"])
def test_what_the_public_sees_is_there_in_further_languages(demo, page, language):
    page.goto(f"{demo}/{language}/")
    edition = page.url
    assert page.evaluate("document.dir") == ("rtl" if language == "ar" else "ltr")

    for path in ("", "chain/", "organisations/", "figures/", "partners/", "about/", "meetings/"):
        page.goto(edition + path)
        check(page)


def reauthenticate(page, password):
    """Weighty changes ask for the password again."""
    if "reauthenticate" in page.url:
        page.fill("input[name=password]", password)
        page.locator("main form button").first.click()
        page.wait_for_load_state()


def forget_passkeys(page, account, password):
    """Leave the account as it was found, for the next who signs in by password."""
    page.goto(f"{account}/2fa/webauthn/")
    page.locator("main a[href*=remove]").first.click()
    reauthenticate(page, password)
    page.locator("main form button").first.click()
    page.wait_for_load_state()


def test_the_whole_walk_works_by_keyboard_alone(demo, browser):
    page = browser.new_page()
    page.goto(f"{demo}/en/")

    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to content"
    page.keyboard.press("Enter")
    page.locator("#q").focus()
    page.keyboard.type("battery")
    page.keyboard.press("Enter")

    page.wait_for_url("**/organisations/**")
    assert page.locator(".list > li").count() > 0


def test_the_first_visit_is_light_and_sends_nothing_elsewhere(demo, browser):
    context = browser.new_context()
    page = context.new_page()
    asked, weight = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda response: weight.append(len(response.body()) if response.ok else 0))

    page.goto(f"{demo}/en/", wait_until="networkidle")

    assert all(url.startswith(demo) for url in asked)
    assert sum(weight) <= FIRST_VISIT
    assert context.cookies() == []


def test_nothing_needs_scripts(demo, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()

    page.goto(f"{demo}/en/")
    page.fill("#q", "coffee")
    page.get_by_role("button", name="Search", exact=True).click()

    assert page.locator(".list > li").count() > 0
    assert Path(page.url).name.startswith("?q=coffee")
