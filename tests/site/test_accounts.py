"""Accounts: letters in the reader's language, codes, signing in, and the way that somebody was on."""

import re
import time
from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.urls import URLPattern, get_resolver

from fairlink_site.accounts import CHANGES, LETTERS
from fairlink_site.actions.people import appoint, invite, token_hash
from fairlink_site.models import Person

PASSWORD = "quay-lantern-orchard-9"
CODE = re.compile(r"^[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}$", re.MULTILINE)
LANGUAGES = [code for code, _name in settings.LANGUAGES]
SWITCHED_OFF = {"login_code", "password_reset_code"}


def account(email, **facts):
    made = Person.objects.create_user(email, PASSWORD, **facts)
    EmailAddress.objects.create(user=made, email=email, verified=True, primary=True)
    return made


def sign_up(client, email, language="en", **facts):
    facts |= {"email": email, "password1": PASSWORD, "password2": PASSWORD}
    return client.post(f"/{language}/account/signup/", facts)


def code_sent():
    return CODE.findall(mail.outbox[-1].body)[0]


# The way that somebody was on


def test_the_language_switch_keeps_where_somebody_was_going(client, edition):
    goal = f"/en/{edition.slug}/register/"

    for path in ("login", "signup", "signup/passkey"):
        page = client.get(f"/en/account/{path}/", {"next": goal}).content.decode()

        there = f"/zh-hans/account/{path}/?next=%2Fzh-hans%2F{edition.slug}%2Fregister%2F"
        assert f'href="{there}"' in page, path


@pytest.mark.parametrize(
    "goal", ["https://example.org/en/me/", "//example.org/", "/\\example.org", "javascript:x", "me/"]
)
def test_the_language_switch_leads_nowhere_else(client, db, goal):
    page = client.get("/en/account/login/", {"next": goal}).content.decode()

    assert 'href="/zh-hans/account/login/"' in page


def test_the_language_switch_keeps_the_way_after_a_mistake(client, db):
    page = client.post("/en/account/login/", {"login": "x", "password": "y", "next": "/en/me/data/"})

    assert 'href="/ar/account/login/?next=%2Far%2Fme%2Fdata%2F"' in page.content.decode()


def test_a_newcomer_who_changes_the_language_arrives_where_they_were_going_in_that_language(client, edition):
    goal = f"/en/{edition.slug}/register/"
    sign_up(client, "new@example.org", next=goal)

    answer = client.post("/zh-hans/account/confirm-email/", {"code": code_sent()})

    assert answer["Location"] == f"/zh-hans/{edition.slug}/register/"


# Letters


def test_every_letter_that_can_be_sent_has_words_of_ours():
    folder = Path(allauth.__file__).parent / "templates"
    names = {
        path.name.removesuffix("_subject.txt")
        for room in ("account", "mfa", "socialaccount")
        for path in (folder / room / "email").glob("*_subject.txt")
    }

    assert names - SWITCHED_OFF == {*LETTERS, *CHANGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_are_in_the_language_of_the_page_and_name_the_site(client, db, settings, language):
    settings.SITE = "https://example.org"
    account("old@example.org")

    sign_up(client, "new@example.org", language)
    sign_up(client.__class__(), "old@example.org", language)
    for email in ("old@example.org", "nobody@example.org"):
        client.post(f"/{language}/account/password/reset/", {"email": email})

    code, exists, reset, unknown = mail.outbox
    begins = f"https://example.org/{language}/account/"
    assert CODE.search(code.body)
    assert f"{begins}login/" in exists.body
    assert f"{begins}password/reset/" in exists.body
    assert f"{begins}password/reset/key/" in reset.body
    assert f"{begins}signup/" in unknown.body
    for letter in (code, exists, reset, unknown):
        assert letter.subject.startswith("Fairlink: ")
        assert f"https://example.org/{language}/" in letter.body
        assert not re.search("localhost|testserver|example.com|Hello", letter.body)
        if language != "en":
            assert "account" not in re.sub(r"https?://\S+", "", letter.subject + letter.body)


def test_a_letter_in_chinese_says_what_the_code_is_for(client, db):
    sign_up(client, "new@example.org", "zh-hans")

    (letter,) = mail.outbox
    assert letter.subject == "Fairlink: 请确认您的邮箱地址"
    assert "15 分钟" in letter.body


def test_a_new_password_is_set_by_the_letter(client, db, settings):
    account("old@example.org")
    client.post("/zh-hans/account/password/reset/", {"email": "old@example.org"})
    path = re.search(rf"{settings.SITE}(/\S+/key/\S+)", mail.outbox[0].body)[1]

    form = client.get(path, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": PASSWORD + "x", "password2": PASSWORD + "x"})

    assert Person.objects.get().check_password(PASSWORD + "x")
    told = mail.outbox[-1]
    assert told.subject == "Fairlink: 您的账户已设置新密码。"
    assert "127.0.0.1" in told.body
    assert told.extra_headers["Auto-Submitted"] == "auto-generated"


# Codes


@pytest.mark.parametrize(
    ("language", "wrong", "spent"),
    [("en", "This code is wrong.", "wrong too often"), ("zh-hans", "验证码不正确", "错误次数过多")],
)
def test_a_wrong_code_is_called_wrong_and_spent_only_when_it_is(client, db, language, wrong, spent):
    sign_up(client, "new@example.org", language)
    path = f"/{language}/account/confirm-email/"

    for _ in range(2):
        page = client.post(path, {"code": "WRONG1"}).content.decode()
        assert wrong in page
        assert spent not in page
        assert 'value="resend"' in page
    page = client.post(path, {"code": "WRONG1"}, follow=True).content.decode()

    assert spent in page
    assert "login attempts" not in page


def test_another_code_is_sent_by_the_button_but_not_at_once(client, db):
    sign_up(client, "new@example.org")
    page = client.post("/zh-hans/account/confirm-email/", {"action": "resend"})
    assert page.status_code == 429
    assert "稍等一分钟" in page.content.decode()
    assert len(mail.outbox) == 1
    cache.clear()  # as if ten seconds had gone by

    client.post("/en/account/confirm-email/", {"action": "resend"})

    assert len(mail.outbox) == 2
    answer = client.post("/en/account/confirm-email/", {"code": code_sent()})
    assert answer["Location"] == "/en/me/"


def test_a_slip_in_the_address_is_mended_where_the_code_is_asked_for(client, edition):
    goal = f"/en/{edition.slug}/register/"
    sign_up(client, "slip@example.org", next=goal)
    client.post("/en/account/confirm-email/", {"action": "change", "email": "new@example.org"})
    assert mail.outbox[-1].to == ["new@example.org"]

    answer = client.post("/en/account/confirm-email/", {"code": code_sent()})

    assert answer["Location"] == goal
    assert list(Person.objects.values_list("email", flat=True)) == ["new@example.org"]


def test_a_new_code_works_after_a_wrong_one(client, db):
    sign_up(client, "new@example.org")
    client.post("/en/account/confirm-email/", {"code": "WRONG1"})
    client.post("/en/account/logout/")
    mail.outbox.clear()
    cache.clear()  # as if ten seconds had gone by
    client.post("/en/account/login/", {"login": "new@example.org", "password": PASSWORD})

    answer = client.post("/en/account/confirm-email/", {"code": code_sent()})

    assert answer["Location"] == "/en/me/"


# Who is there


def test_whoever_has_just_signed_in_is_not_asked_again(client, db):
    account("eve@example.org")
    client.post("/en/account/login/", {"login": "eve@example.org", "password": PASSWORD})

    assert client.get("/en/me/data/").status_code == 200
    assert client.get("/en/account/2fa/totp/activate/").status_code == 200


def test_whoever_has_just_signed_up_is_not_asked_again(client, db):
    sign_up(client, "new@example.org")
    client.post("/en/account/confirm-email/", {"code": code_sent()})

    assert client.get("/en/me/data/").status_code == 200


@pytest.mark.parametrize(
    ("method", "age", "status"),
    [
        ("mfa", 0, 200),
        ("code", 0, 200),
        ("password", 299, 200),
        ("password", 301, 302),
        ("socialaccount", 0, 302),
    ],
)
def test_what_counts_is_a_fresh_proof(client, db, method, age, status):
    eve = account("eve@example.org")
    client.force_login(eve)
    session = client.session
    session["account_authentication_methods"] = [{"method": method, "at": time.time() - age}]
    session["account_authentication_methods_user"] = str(eve.pk)
    session.save()

    assert client.get("/en/me/data/").status_code == status


# Addresses that somebody may load again


def paths(patterns, before=""):
    """(address, name) of every page that is of no edition, its parts filled in."""
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield re.sub(r"<\w+:\w+>|\(\?P<\w+>.*\+\)", "1", path.strip("^$")), one.name
        elif "code:edition" not in path:
            yield from paths(one.url_patterns, path)


def test_no_address_of_an_account_answers_that_its_method_is_wrong(client, db):
    account("eve@example.org")
    client.post("/en/account/login/", {"login": "eve@example.org", "password": PASSWORD})
    asked = [
        (f"/{path}".replace("^", "").replace("$", ""), name)
        for path, name in paths(get_resolver().url_patterns)
    ]

    answers = {name: client.get(path).status_code for path, name in asked if "logout" not in path}

    assert {"erase_me", "mfa_deactivate_totp", "inbox", "usersessions_list"} <= set(answers)
    assert [name for name, status in answers.items() if status in (405, 500)] == []


# Invitations, from the letter to the page that one lands on


def letter_to(client, edition, email, callbacks, **facts):
    """The path in the letter that invites somebody."""
    with callbacks(execute=True):
        client.post(f"/en/{edition.slug}/people/", {"do": "invite", "email": email} | facts)
    return re.search(r"http://[^/\s]+(/\S+)", mail.outbox[-1].body)[1]


@pytest.fixture
def organiser(client, edition):
    """The client of an organiser who is signed in."""
    ada = account("ada@example.org")
    appoint(ada, edition, role="organiser")
    client.force_login(ada)
    return client


@pytest.mark.parametrize(
    ("tongue", "language", "words"), [("en", "en", "Sign up"), ("zh-CN", "zh-hans", "注册")]
)
@pytest.mark.parametrize("role", ["exhibitor", "organiser", "reviewer", "analyst"])
def test_a_new_person_comes_from_the_letter_to_where_they_are_needed(
    organiser, edition, exhibitor, django_capture_on_commit_callbacks, tongue, language, words, role
):
    edition.phase = "draft"  # nothing of it is public yet
    edition.save()
    facts = {"role": role} | ({"organisation": exhibitor.code} if role == "exhibitor" else {})
    path = letter_to(organiser, edition, "new@example.org", django_capture_on_commit_callbacks, **facts)
    browser = organiser.__class__(headers={"accept-language": tongue})

    invitation = browser.get(path, follow=True)
    page = invitation.content.decode()
    assert invitation.request["PATH_INFO"].startswith(f"/{language}/invitations/")
    assert "new@example.org" in page
    assert f'href="/{language}/{edition.slug}/organisations/"' not in page
    href = re.search(rf'href="(/{language}/account/signup/[^"]+)">{words}', page)[1].replace("&amp;", "&")
    assert 'value="new@example.org"' in browser.get(href).content.decode()
    sign_up(browser, "new@example.org", language, next=invitation.request["PATH_INFO"])
    back = browser.post(f"/{language}/account/confirm-email/", {"code": code_sent()})
    assert back["Location"] == invitation.request["PATH_INFO"]
    there = browser.post(back["Location"], follow=True)

    landed = {
        "exhibitor": f"organisations/{exhibitor.code}/profile/",
        "organiser": "organise/",
        "reviewer": "queue/",
        "analyst": "",
    }[role]
    assert there.request["PATH_INFO"] == f"/{language}/{edition.slug}/{landed}"
    assert there.status_code == 200
    assert {"en": "Welcome.", "zh-hans": "欢迎"}[language] in there.content.decode()


def test_whoever_has_an_account_is_asked_to_sign_in_and_comes_back(
    organiser, edition, django_capture_on_commit_callbacks
):
    account("old@example.org")
    path = letter_to(
        organiser, edition, "OLD@example.org", django_capture_on_commit_callbacks, role="analyst"
    )
    browser = organiser.__class__()

    page = browser.get(path, follow=True)
    here = page.request["PATH_INFO"]
    assert "Sign in with it to accept." in page.content.decode()
    back = browser.post(
        "/en/account/login/", {"login": "old@example.org", "password": PASSWORD, "next": here}, follow=True
    )

    assert back.request["PATH_INFO"] == here
    assert ">Accept</button>" in back.content.decode()


def test_whoever_is_signed_in_as_somebody_else_learns_so_before_they_press(
    organiser, edition, django_capture_on_commit_callbacks
):
    path = letter_to(
        organiser, edition, "new@example.org", django_capture_on_commit_callbacks, role="analyst"
    )

    page = organiser.get(path, follow=True).content.decode()

    assert "you are signed in as ada@example.org" in page
    assert ">Accept</button>" not in page


def test_an_invitation_that_is_over_says_so_before_anybody_signs_up(edition, client):
    found = invite(edition, "new@example.org", role="analyst", address="")
    found.accepted, found.token_hash = found.made, token_hash("t")
    found.save()

    answer = client.get("/en/invitations/t/")

    assert answer.status_code == 409
    assert "This invitation has been used." in answer.content.decode()
    assert "Sign up" not in answer.content.decode()


def test_somebody_sees_where_they_are_signed_in_and_ends_what_is_elsewhere(client, db):
    account("eve@example.org")
    elsewhere = client.__class__(headers={"user-agent": "Phone"})
    for one in (elsewhere, client):
        one.post("/en/account/login/", {"login": "eve@example.org", "password": PASSWORD})
    page = client.get("/en/account/sessions/").content.decode()
    assert "Here, now" in page
    assert "Phone" in page

    client.post("/en/account/sessions/")

    assert client.get("/en/me/").status_code == 200
    assert elsewhere.get("/en/me/").status_code == 302
