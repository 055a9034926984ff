"""Privacy: every field about people is accounted for, and people can take their data or have it erased."""

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db.models import ForeignKey, OneToOneField

from fairlink_site import privacy
from fairlink_site.actions.people import appoint, invite
from fairlink_site.models import Invitation, Person

PASSWORD = "quay-lantern-orchard-9"


@pytest.fixture
def eve(edition, exhibitor):
    """Exhibitor, invited once more as analyst."""
    made = Person.objects.create_user("eve@example.org", PASSWORD, name="Eve")
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    appoint(made, edition, role="exhibitor", organisation=exhibitor)
    invite(edition, "EVE@example.org", role="analyst", address="")
    return made


@pytest.fixture
def signed_in(client, eve):
    """Eve, who has just given her password."""
    client.post("/en/account/login/", {"login": eve.email, "password": PASSWORD})
    client.post("/en/account/reauthenticate/", {"password": PASSWORD})
    return client


ACCOUNTS = {"account", "mfa", "socialaccount", "usersessions"}  # the libraries of accounts


def pointing_at(targets):
    return {
        model
        for model in apps.get_models()
        if any(
            isinstance(field, ForeignKey | OneToOneField) and field.related_model in targets
            for field in model._meta.concrete_fields
        )
    }


def test_every_field_about_people_is_in_the_registry():
    direct = pointing_at({Person})
    of_accounts = {model for model in direct if model._meta.app_label in ACCOUNTS}
    about = {model._meta.label for model in {Person} | direct | pointing_at(of_accounts)}

    assert {*privacy.REGISTRY, *privacy.DEEDS} == about
    for label, table in privacy.REGISTRY.items():
        fields = {field.name for field in apps.get_model(label)._meta.concrete_fields}
        assert set(table.fields) == fields, label
        assert set(table.fields.values()) <= set(privacy.PURPOSES)


def test_somebody_takes_everything_with_them_but_no_secret(signed_in, eve):
    answer = signed_in.get("/en/me/data.json")

    told = answer.json()
    assert told["fairlink.Person"][0]["email"] == "eve@example.org"
    assert [row["role"] for row in told["fairlink.Membership"]] == ["exhibitor"]
    assert [row["role"] for row in told["fairlink.Invitation"]] == ["analyst"]
    assert len(told["usersessions.UserSession"]) == 1
    text = answer.content.decode()
    assert eve.password not in text
    assert Invitation.objects.get(email__iexact=eve.email).token_hash not in text


def test_what_is_kept_and_why_is_told_in_both_languages(signed_in):
    assert "to keep your account safe" in signed_in.get("/en/me/data/").content.decode()
    assert "用于保护账户安全" in signed_in.get("/zh-hans/me/data/").content.decode()


def test_somebody_is_erased_whole(signed_in, eve):
    answer = signed_in.post("/en/me/erase/", {"email": "Eve@example.org"})

    assert answer.status_code == 302
    assert [label for label in privacy.REGISTRY if privacy.rows(eve, label).exists()] == []
    assert signed_in.get("/en/me/").status_code == 302


def test_nobody_is_erased_by_a_slip(signed_in, eve):
    answer = signed_in.post("/en/me/erase/", {"email": "adam@example.org"})

    assert answer.status_code == 400
    assert "This is not the address of your account." in answer.content.decode()
    assert Person.objects.filter(pk=eve.pk).exists()


def test_the_last_organiser_hands_over_first(signed_in, edition, eve):
    appoint(eve, edition, role="organiser")

    answer = signed_in.post("/en/me/erase/", {"email": eve.email})

    assert answer.status_code == 409
    assert "An edition needs an organiser." in answer.content.decode()
    assert Person.objects.filter(pk=eve.pk).exists()


def test_a_session_left_open_is_asked_for_the_password_first(client, eve):
    client.force_login(eve)

    for answer in (client.get("/en/me/data/"), client.get("/en/me/data.json"), client.post("/en/me/erase/")):
        assert "reauthenticate" in answer["Location"]
