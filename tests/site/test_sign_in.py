"""Signing in with the account of an organisation, against a small real provider of OpenID Connect on loopback."""

import base64
import hashlib
import json
import secrets
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core import mail

from fairlink_site.models import Person
from fairlink_site.settings import oidc_provider, origin

CLIENT, SECRET = "fairlink", "between-us"
PASSWORD = "quay-lantern-orchard-9"
EVE = {"sub": "e7", "email": "eve@example.org", "email_verified": True, "name": "Eve 伊芙"}


class Provider(ThreadingHTTPServer):
    """What a provider of OpenID Connect does, for the one person it has: `claims`."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims, self.userinfo = dict(EVE), {}
        self.asked = {}  # code → what was asked with it
        self.broken = set()

    def discovery(self):
        places = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "userinfo_endpoint": "userinfo",
            "jwks_uri": "jwks",
        }
        return {"issuer": self.address} | {name: f"{self.address}/{place}" for name, place in places.items()}

    def jwks(self):
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [public | {"kid": "one", "use": "sig", "alg": "RS256"}]}

    def token(self, form):
        asked = self.asked.pop(form["code"])
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
        assert (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)
        assert form["redirect_uri"] == asked["redirect_uri"]
        facts = {"iss": self.address, "aud": CLIENT, "iat": int(time.time()), "exp": int(time.time()) + 60}
        signed = jwt.encode(self.claims | facts, self.key, algorithm="RS256", headers={"kid": "one"})
        return {"access_token": "at", "token_type": "Bearer", "expires_in": 60, "id_token": signed}


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        address = urlsplit(self.path)
        if address.path == "/authorize":
            self._authorize({name: values[0] for name, values in parse_qs(address.query).items()})
            return
        provider = self.server
        pages = {
            "/.well-known/openid-configuration": provider.discovery,
            "/jwks": provider.jwks,
            "/userinfo": lambda: provider.claims | provider.userinfo,
        }
        self._say(address.path, pages[address.path]())

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(text).items()}
        self._say("/token", self.server.token(form))

    def _authorize(self, asked):
        code = secrets.token_hex(8)
        self.server.asked[code] = asked
        self.send_response(302)
        back = urlencode({"code": code, "state": asked["state"]})
        self.send_header("Location", f"{asked['redirect_uri']}?{back}")
        self.end_headers()

    def _say(self, path, facts):
        self.send_response(500 if path in self.server.broken else 200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(facts).encode())

    def log_message(self, *words):
        pass


@pytest.fixture
def provider(settings):
    """A provider that the site is set up for."""
    with Provider() as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": oidc_provider(server.address, CLIENT, SECRET, "Example Works")
        }
        server.login = f"/en/account/oidc/127.0.0.1-{server.server_port}/login/"
        yield server
        server.shutdown()


def account(email, *, verified=True):
    made = Person.objects.create_user(email, PASSWORD)
    EmailAddress.objects.create(user=made, email=email, verified=verified, primary=True)
    return made


def go(client, provider, **change):
    """Press the button, be let in by the provider, come back; gives the site's answer."""
    leaving = client.post(f"{provider.login}?process=login")
    assert leaving.status_code == 302, leaving.content.decode()
    found = requests.get(leaving["Location"], allow_redirects=False, timeout=5)
    back = urlsplit(found.headers["Location"])
    facts = {name: values[0] for name, values in parse_qs(back.query).items()} | change
    return client.get(back.path, facts)


def signed_in_as(client):
    number = client.session.get("_auth_user_id")
    return Person.objects.get(pk=number).email if number else None


def test_somebody_new_is_let_in_with_a_confirmed_address(client, db, provider):
    answer = go(client, provider)

    assert (answer.status_code, answer["Location"]) == (302, "/en/me/")
    assert signed_in_as(client) == "eve@example.org"
    made = Person.objects.get()
    assert (made.name, made.has_usable_password()) == ("Eve 伊芙", False)
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("eve@example.org", True)]
    assert list(SocialAccount.objects.values_list("provider", "uid")) == [
        (f"127.0.0.1-{provider.server_port}", "e7")
    ]
    assert not SocialToken.objects.exists()


def test_the_same_person_comes_back_whatever_their_address_is_now(client, db, provider):
    go(client, provider)
    client.logout()
    provider.claims |= {"email": "eve.new@example.org"}

    go(client, provider)

    assert signed_in_as(client) == "eve@example.org"
    assert Person.objects.count() == 1


def test_the_provider_is_asked_for_no_more_than_needed_and_with_a_proof(client, db, provider):
    leaving = client.post(f"{provider.login}?process=login")

    asked = parse_qs(urlsplit(leaving["Location"]).query)
    assert set(asked["scope"][0].split()) == {"openid", "email", "profile"}
    assert asked["code_challenge_method"] == ["S256"]
    assert urlsplit(asked["redirect_uri"][0]).path == f"{provider.login}callback/"


def test_a_wrong_state_is_refused(client, db, provider):
    answer = go(client, provider, state="of-somebody-else")

    assert answer.status_code == 401
    assert signed_in_as(client) is None
    assert not Person.objects.exists()


def test_an_answer_for_another_browser_is_refused(client, db, provider):
    leaving = client.post(f"{provider.login}?process=login")
    found = requests.get(leaving["Location"], allow_redirects=False, timeout=5)
    back = urlsplit(found.headers["Location"])

    other = client.__class__()
    answer = other.get(back.path, {name: values[0] for name, values in parse_qs(back.query).items()})

    assert answer.status_code == 401
    assert signed_in_as(other) is None


def test_an_account_with_the_same_confirmed_address_is_linked_and_told_by_letter(client, db, provider):
    eve = account("eve@example.org")

    go(client, provider)

    assert signed_in_as(client) == "eve@example.org"
    assert list(SocialAccount.objects.values_list("user", flat=True)) == [eve.pk]
    assert [letter.to for letter in mail.outbox] == [["eve@example.org"]]


@pytest.mark.parametrize("said", [False, None, "false", "true", 0, 1])
def test_an_address_that_the_provider_has_not_confirmed_opens_no_account(client, db, provider, said):
    account("eve@example.org")
    provider.claims |= {"email_verified": said}

    go(client, provider)

    assert signed_in_as(client) is None
    assert not SocialAccount.objects.exists()


def test_an_account_whose_address_was_never_confirmed_is_not_entered(client, db, provider):
    account("eve@example.org", verified=False)

    go(client, provider)

    assert signed_in_as(client) is None
    assert not SocialAccount.objects.exists()


def test_somebody_new_without_a_confirmed_address_confirms_it_first(client, db, provider):
    provider.claims |= {"email_verified": False}

    go(client, provider)

    assert signed_in_as(client) is None
    assert not EmailAddress.objects.get(email="eve@example.org").verified
    assert len(mail.outbox) == 1


def test_facts_about_somebody_else_are_refused(client, db, provider):
    provider.userinfo = {"sub": "another"}

    assert go(client, provider).status_code == 401
    assert not Person.objects.exists()


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/userinfo"])
def test_a_provider_that_fails_is_told_on_a_page(client, db, provider, path):
    provider.broken = {path}

    answer = client.post(provider.login) if "known" in path else go(client, provider)

    assert answer.status_code == 401
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Sign in with Example Works"), ("zh-hans", "Example Works")]
)
def test_the_button_is_a_form_and_works_without_scripts(client, db, provider, language, words):
    for path in ("login", "signup"):
        page = client.get(f"/{language}/account/{path}/").content.decode()
        assert words in page, path
        assert f'<form method="post" action="/{language}/account/oidc/' in page, path
    assert client.get(provider.login).status_code == 200  # asks first: a link must not sign anybody in


def test_what_is_linked_can_be_seen_and_undone(client, db, provider):
    account("eve@example.org")
    go(client, provider)
    client.post("/en/account/reauthenticate/", {"password": PASSWORD})

    page = client.get("/en/account/3rdparty/").content.decode()
    assert "Link my account at Example Works" in page
    assert "Accounts elsewhere" in page
    (linked,) = SocialAccount.objects.all()
    client.post("/en/account/3rdparty/", {"account": linked.pk})

    assert not SocialAccount.objects.exists()


def test_what_is_linked_with_a_provider_of_former_days_breaks_no_page(client, db, provider):
    eve = account("eve@example.org")
    old = SocialAccount.objects.create(user=eve, provider="former.example.org", uid="e1")
    client.force_login(eve)
    client.post("/en/account/reauthenticate/", {"password": PASSWORD})

    assert "former.example.org" in client.get("/en/account/3rdparty/").content.decode()
    assert client.post("/en/account/3rdparty/", {"account": old.pk}).status_code == 302
    assert not SocialAccount.objects.exists()


def test_without_a_provider_nothing_shows_and_no_route_leads_to_one(client, db):
    account("eve@example.org")
    # A row would name a server for the site to call: rows do not count.
    SocialApp.objects.create(
        provider="openid_connect", provider_id="row", name="Row", settings={"server_url": "http://127.0.0.1"}
    )

    for path in ("login", "signup"):
        page = client.get(f"/en/account/{path}/")
        assert "/oidc/" not in page.content.decode()
        assert "form-action 'self';" in page["Content-Security-Policy"] + ";"
    for number in ("row", "openid_connect", "127.0.0.1"):
        assert client.post(f"/en/account/oidc/{number}/login/").status_code == 404
        assert client.get(f"/en/account/oidc/{number}/login/callback/").status_code == 404


def test_what_a_provider_said_about_somebody_is_theirs_to_take(client, db, provider):
    go(client, provider)

    told = client.get("/en/me/data.json").json()

    assert told["socialaccount.SocialAccount"][0]["extra_data"]["userinfo"]["name"] == "Eve 伊芙"


def test_the_id_of_a_provider_names_its_issuer_whole():
    ids = {
        oidc_provider(server, CLIENT, SECRET)["APPS"][0]["provider_id"]
        for server in ("https://example.org/realms/a", "https://example.org/realms/b")
    }

    assert ids == {"example.org-realms-a", "example.org-realms-b"}
    assert oidc_provider("https://example.org/x", CLIENT, SECRET)["APPS"][0]["name"] == "example.org"
    assert origin("https://example.org:8443/realms/a") == "https://example.org:8443"
