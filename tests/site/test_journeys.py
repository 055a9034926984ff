"""Whole ways through the site in a real browser: an organiser's from nothing to lists, a newcomer's to suggestions."""

import io
import re
import time

import openpyxl
import pytest
from browsing import check, hold_passkeys, sign_in

from benchmarks.site import walk

pytestmark = pytest.mark.browser

A_MINUTE = 60_000
FIRMS = 2000
NEW = {
    "en": {"id": "expo-2027", "name": "Second Expo"},
    "zh-hans": {"id": "expo-2028", "name": "第三届博览会"},
}


@pytest.fixture(params=["en", "zh-hans"])
def language(request):
    return request.param


@pytest.fixture
def page(browser, language):
    """The organiser's at a desk in English, on a phone in Chinese."""
    width = {"en": 1280, "zh-hans": 390}[language]
    context = browser.new_context(viewport={"width": width, "height": 900}, accept_downloads=True)
    made = context.new_page()
    made.set_default_timeout(A_MINUTE)
    yield made
    context.close()


def press(page, name, value):
    page.locator(f"button[name={name}][value={value}]").first.click()
    page.wait_for_load_state()


def messy():
    """2,000 firms as somebody else's list has them: a title, odd headings, a merged cell, doubles and mistakes."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Exhibitor list (draft!)"])
    sheet.merge_cells("A1:E1")
    sheet.append([])
    sheet.append(["序号", "Company name", "国家", "Rechtsform", "身份", "Web", "Comment"])
    for number in range(FIRMS):
        country = "Lao P.D.R.!" if number % 40 == 0 else "中国" if number % 2 else "Viet Nam"
        web = "no address" if number == 7 else f"example.org/{number}"
        sheet.append([number, f"Firm {number}", country, "公司", "参展商", web, "call back"])
    sheet.append([0, "Firm twice", "中国", "公司", "参展商", "", ""])
    sheet.merge_cells("C5:C6")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_organiser_opens_an_edition_brings_a_messy_list_and_has_lists_made(demo, password, page, language):
    site, new = f"{demo}/{language}", NEW[language]
    sign_in(page, site, password)
    page.goto(f"{site}/editions/new/")
    check(page)
    page.fill("[name=id]", new["id"])
    page.fill("[name=name__en]", new["name"])
    page.fill("[name=city__en]", "Beijing")
    for name, value in {"host_country": "CN", "time_zone": "Asia/Shanghai", "currency": "CNY"}.items():
        page.select_option(f"[name={name}]", value)
    page.select_option("[name=languages]", ["en", "zh-Hans"])
    page.select_option("[name=first_language]", "en")
    page.fill("[name=start]", "2027-11-26")
    page.fill("[name=end]", "2027-11-28")
    page.locator("main form button").last.click()
    page.wait_for_url(f"**/{new['id']}/**")
    check(page)

    page.goto(f"{site}/{new['id']}/imports/")
    file = {"name": "list.xlsx", "mimeType": "application/octet-stream", "buffer": messy()}
    page.set_input_files("[name=file]", file)
    page.locator("main form button").first.click()
    page.wait_for_url("**/imports/*/")
    check(page)
    page.get_by_label("Rechtsform").select_option("kind")  # a heading that nobody could know
    page.locator("[name=status][value=submitted]").check()
    press(page, "do", "map")
    check(page)
    told = page.locator(".mend tbody tr")
    assert told.count() == 3  # a country nobody knows, an address that is none, a number given twice
    for row in told.all():
        if row.get_by_text("Lao P.D.R.!").count():
            row.locator("input:not([type])").fill("LA")
        else:
            row.locator("input[type=checkbox]").check()
    press(page, "do", "mend")
    assert page.locator(".mend").count() == 0
    press(page, "do", "import")
    page.locator(".job.done").wait_for()
    assert re.search(r"1,?999", page.locator("p.lead").first.inner_text())

    page.goto(f"{site}/{new['id']}/queue/")
    check(page)
    press(page, "do", "all")
    page.goto(f"{site}/{new['id']}/setup/phase/")
    check(page)
    page.locator("button", has_text=re.compile("Matching|匹配")).first.click()
    page.wait_for_load_state()
    page.goto(f"{site}/{new['id']}/organise/")
    press(page, "kind", "partners")
    page.locator(".job.done").first.wait_for()
    check(page)

    page.goto(f"{site}/{new['id']}/organisations/")
    check(page)
    assert re.search(r"1,?999", page.locator(".found").inner_text())


def code_for(home, address):
    """The code in the last letter to an address, as the demo's mailbox has it."""
    for _ in range(100):
        paths = sorted((home / "letters").glob("*"), key=lambda path: path.stat().st_mtime)
        letters = [path.read_text() for path in paths]
        mine = [text for text in letters if f"To: {address}" in text]
        if mine and (found := re.findall(r"^([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})$", mine[-1], re.MULTILINE)):
            return found[-1]
        time.sleep(0.1)
    pytest.fail("no letter came")


def test_a_newcomer_registers_with_a_passkey_and_sees_suggestions_within_a_minute(
    demo, home, password, browser, page, language
):
    site, address = f"{demo}/{language}", f"new-{language}@example.org"
    hold_passkeys(page)

    page.goto(f"{site}/account/signup/passkey/")
    check(page)
    page.fill("input[name=email]", address)
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    page.fill("input[name=code]", code_for(home, address))
    page.locator("main form button").first.click()
    page.wait_for_url("**/webauthn/**")
    page.locator("main button").first.click()
    page.wait_for_url("**/me/")

    page.goto(f"{site}/first-expo/register/")
    check(page)
    page.fill("[name=name__en]", f"Mekong Mushrooms {language}")
    page.select_option("[name=country]", "LA")
    page.select_option("[name=size]", "small")
    page.locator("[name=terms]").check()
    page.locator("main form button").last.click()
    page.wait_for_url("**/profile/")
    check(page)
    profile = page.url
    page.goto(f"{profile}offer/new/trade/")
    check(page)
    page.fill("[name=title__en]", "Dried wild mushrooms")
    press(page, "do", "save")
    check(page)
    page.locator("[name=proposed]").first.check()  # an unknown product; what it may be is proposed
    press(page, "do", "save")
    page.goto(f"{profile}need/new/trade/")
    page.fill("[name=title__en]", "Packaging film")
    page.fill("[name=codes]", "3920, 8507")
    press(page, "do", "save")
    page.goto(f"{profile}prospects/")
    check(page)
    page.goto(profile)
    press(page, "do", "submit")

    validate(browser, demo, password, profile)
    started = time.monotonic()
    public = profile.removesuffix("profile/")
    while time.monotonic() - started < A_MINUTE / 1000:
        page.goto(public)
        if page.locator(".suggestion").count():
            break
        time.sleep(1)
    check(page)
    assert page.locator(".suggestion").count() > 0
    assert page.locator(".reasons li").count() > 0


def validate(browser, demo, password, profile):
    """As the organiser does, elsewhere."""
    context = browser.new_context()
    desk = context.new_page()
    sign_in(desk, f"{demo}/en", password)
    code = profile.rstrip("/").split("/")[-2]
    desk.goto(f"{demo}/en/first-expo/queue/{code}/")
    for form in range(desk.locator(".verdict").count()):
        verdict = desk.locator(".verdict").nth(form)
        for choice in verdict.locator("select").all():
            choice.select_option("4")
        verdict.locator("button[value=validated]").click()
        desk.wait_for_load_state()
    context.close()


def invitation_for(home, address):
    """The path of the last invitation to an address, as the demo's mailbox has it."""
    for _ in range(100):
        paths = sorted((home / "letters").glob("*"), key=lambda path: path.stat().st_mtime)
        mine = [text for text in (path.read_text() for path in paths) if f"To: {address}" in text]
        if mine and (found := re.findall(r"/invitations/[\w-]+/", mine[-1])):
            return found[-1]
        time.sleep(0.1)
    pytest.fail("no invitation came")


@pytest.fixture
def sides(browser):
    """A phone that reads French, and a desk that reads Chinese."""
    contexts = [browser.new_context(viewport={"width": width, "height": 900}) for width in (390, 1280)]
    pages = [context.new_page() for context in contexts]
    for one in pages:
        one.set_default_timeout(A_MINUTE)
    yield pages
    for context in contexts:
        context.close()


def test_a_small_firm_asks_in_french_and_the_other_side_accepts_in_chinese(demo, home, password, sides):
    firm, partner = sides
    french, chinese = f"{demo}/fr/first-expo", f"{demo}/zh-hans/first-expo"
    sign_in(firm, f"{demo}/fr", password, who="exhibitor")
    firm.goto(f"{french}/")
    own = firm.locator(".desk a").first.get_attribute("href").removesuffix("profile/")
    firm.goto(f"{demo}{own}")
    asked = firm.locator(".suggestion", has=firm.locator(".ask")).first
    other = asked.locator("h3 a").get_attribute("href").rstrip("/").rsplit("/", 1)[-1]
    sign_in(partner, f"{demo}/zh-hans", password)
    partner.goto(f"{chinese}/people/")
    partner.fill("[name=email]", "organiser@example.org")
    partner.select_option("[name=role]", "exhibitor")
    partner.fill("[name=organisation]", other)
    press(partner, "do", "invite")
    partner.goto(f"{demo}/zh-hans{invitation_for(home, 'organiser@example.org')}")
    partner.locator("main form button").first.click()
    partner.wait_for_url("**/profile/")

    asked.locator("summary").click()
    asked.locator("textarea").fill("Bonjour, pouvons-nous parler de vos besoins ?")
    check(firm)
    asked.locator("button[value=want]").click()
    firm.wait_for_load_state()
    check(firm)
    assert firm.get_by_text("Votre demande est envoyée.").is_visible()

    partner.goto(f"{chinese}/")
    check(partner)
    partner.locator("#today ~ ul a").first.click()
    partner.wait_for_url("**/wishes/")
    check(partner)
    assert partner.get_by_text("pouvons-nous parler de vos besoins").is_visible()
    assert partner.locator(".suggestion .gains").first.is_visible()
    partner.locator(".answer summary").first.click()
    partner.locator(".answer textarea").first.fill("好的，欢迎来我们展位。")
    partner.get_by_role("button", name="接受", exact=True).click()
    partner.wait_for_load_state()
    check(partner)

    firm.goto(f"{demo}{own}wishes/")
    check(firm)
    agreed = firm.locator("section[aria-labelledby=agreed] .suggestion")
    assert agreed.get_by_text("好的，欢迎来我们展位。").is_visible()
    firm.goto(f"{demo}/fr/me/messages/")
    assert firm.get_by_text("accepte de vous rencontrer").first.is_visible()


def test_a_timetable_is_made_published_and_repaired_and_a_participant_sees_it(demo, password, browser):
    """As `python -m benchmarks.site.walk` does at the size of a large expo."""
    contexts = [browser.new_context(viewport={"width": width, "height": 900}) for width in (1280, 390)]
    desk, phone = (context.new_page() for context in contexts)
    english, chinese = f"{demo}/en/first-expo/", f"{demo}/zh-hans/first-expo/"
    sign_in(desk, f"{demo}/en", password)
    sign_in(phone, f"{demo}/zh-hans", password, who="exhibitor")
    phone.goto(chinese)
    own = phone.locator(".desk a").first.get_attribute("href").split("/organisations/")[1].split("/")[0]

    def look(page, _name):
        check(page)

    walk.make_and_publish(desk, english, look)
    path, partner = walk.first_meeting(phone, chinese, own, look)
    absent = [partner, *walk.others_of_board(desk, english, but=own, look=look)]
    for code in absent:
        assert walk.no_show(desk, english, code, look, scope="all" if code == partner else "day") > 0

    phone.goto(f"{chinese}organisations/{own}/calendar/")
    check(phone)
    meeting = phone.locator(".agenda li", has=phone.locator(f"a[href='{path}']"))
    assert meeting.count() == meeting.locator(".state").count()  # it is gone, or says that it was not held
    phone.goto(f"{demo}/zh-hans/me/messages/")
    assert phone.locator("main li").count() > 0
    for context in contexts:
        context.close()
