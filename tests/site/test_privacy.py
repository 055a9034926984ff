"""Privacy: every field about people is accounted for, and people can take their data or have it erased."""

import html
import re

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db.models import ForeignKey, OneToOneField
from django.utils.translation import override

from fairlink_site import letters, privacy
from fairlink_site.actions.people import appoint, invite
from fairlink_site.models import Consent, Invitation, Person

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


def test_notes_on_meetings_go_along_with_those_who_share_them_and_nobody_else(signed_in, eve, exhibitor):
    seat = exhibitor.seats.current().first()
    for one in seat.meeting.seats.all():
        one.notes = "ours" if one == seat else "theirs"
        one.save(update_fields=["notes"])

    told = signed_in.get("/en/me/data.json").json()

    assert [row["notes"] for row in told["meetings"]] == ["ours"]


def test_everything_kept_belongs_to_one_thing_that_people_have_a_word_for():
    told = [label for thing in privacy.THINGS for label in thing.tables]

    assert sorted(told) == sorted(privacy.REGISTRY)


def words(answer):
    """What a page says within its content."""
    main = re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)[0]
    return html.unescape(re.sub(r"<[^>]*>", " ", main))


def test_what_is_kept_and_why_is_told_in_both_languages(signed_in):
    assert "to keep your account safe" in words(signed_in.get("/en/me/data/"))
    assert "用于保护账户安全" in words(signed_in.get("/zh-hans/me/data/"))


def test_my_data_begins_with_what_one_can_do_and_ends_with_what_cannot_be_undone(signed_in):
    said = words(signed_in.get("/en/me/data/"))

    order = ["What you can do", "Take it with me", "Correct it:", "What is kept", "Invitations", "to confirm"]
    assert [said.index(each) for each in order] == sorted(said.index(each) for each in order)


def test_my_data_names_nothing_that_is_empty_and_no_table_or_field(signed_in, eve):
    said = words(signed_in.get("/en/me/data/"))

    assert "What you agreed to" not in said
    for code in ("EmailAddress", "HistoricalMembership", "UserSession", "token_hash", "is_active", "row"):
        assert not re.search(rf"\b{code}", said), code
    Consent.objects.create(person=eve, kind="terms", version="1", language="en")
    assert "What you agreed to" in words(signed_in.get("/en/me/data/"))


def test_what_is_kept_can_be_read_by_everybody_and_from_every_page(signed_in, edition):
    assert 'href="/zh-hans/privacy/"' in signed_in.get("/zh-hans/me/").content.decode()
    signed_in.logout()
    for path in ("/zh-hans/account/login/", f"/zh-hans/{edition.slug}/"):
        assert 'href="/zh-hans/privacy/"' in signed_in.get(path).content.decode(), path

    said = words(signed_in.get("/zh-hans/privacy/"))

    with override("zh-hans"):
        assert [thing.name for thing in privacy.THINGS if str(thing.holds) not in said] == []


def test_loading_the_page_again_after_a_mistake_leads_to_the_form(signed_in):
    answer = signed_in.get("/zh-hans/me/erase/")

    assert (answer.status_code, answer["Location"]) == (302, "/zh-hans/me/data/")


def test_whoever_is_alone_for_an_organisation_is_warned_and_the_organisers_are_told(
    signed_in, edition, exhibitor, eve
):
    ada = Person.objects.create_user("ada@example.org")
    appoint(ada, edition, role="organiser")
    page = words(signed_in.get("/en/me/data/"))
    assert f"{exhibitor.name['en']} has nobody but you in {edition.name['en']}." in page
    assert f"Invite somebody for {exhibitor.name['en']}" in page

    signed_in.post("/en/me/erase/", {"email": eve.email})

    (notice,) = ada.notices.all()
    assert (notice.kind, notice.data["organisation"]) == ("unattended", exhibitor.name)
    said = letters.words_of(notice)
    assert said.subject == f"Nobody answers for {exhibitor.name['en']} any longer"
    client = signed_in.__class__()
    client.force_login(ada)
    assert client.get(f"/en{notice.path}").status_code == 200
    assert ada.letters.count() == 1


def test_whoever_has_a_colleague_is_not_warned_and_nobody_is_told(signed_in, edition, exhibitor, eve):
    ada, ben = (Person.objects.create_user(f"{name}@example.org") for name in ("ada", "ben"))
    appoint(ada, edition, role="organiser")
    appoint(ben, edition, role="exhibitor", organisation=exhibitor)
    assert "nobody but you" not in words(signed_in.get("/en/me/data/"))

    signed_in.post("/en/me/erase/", {"email": eve.email})

    assert not ada.notices.exists()


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
