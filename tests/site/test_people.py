"""People: invited, joined, dismissed; and who may see what, in editions that are no sample."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from fairlink.tables import Records
from fairlink_site.actions.editions import open_edition
from fairlink_site.actions.people import appoint, dismiss, invite, join
from fairlink_site.models import Invitation, Membership, Person
from fairlink_site.refusals import WORDS, Refused

PASSWORD = "quay-lantern-orchard-9"


def person(email):
    made = Person.objects.create_user(email, PASSWORD)
    EmailAddress.objects.create(user=made, email=email, verified=True, primary=True)
    return made


@pytest.fixture
def ada(edition):
    """Organiser."""
    made = person("ada@example.org")
    appoint(made, edition, role="organiser")
    return made


@pytest.fixture
def ben(exhibitor):
    """Exhibitor."""
    made = person("ben@example.org")
    appoint(made, exhibitor.edition, role="exhibitor", organisation=exhibitor)
    return made


@pytest.fixture
def cem(db):
    """Somebody with an account and nothing else."""
    return person("cem@example.org")


@pytest.fixture
def real(edition):
    """The edition as if it were no sample."""
    edition.sample, edition.phase = False, "running"
    edition.save(update_fields=["sample", "phase"])
    return edition


@pytest.fixture
def neighbour(edition, few_records):
    """Organiser of another edition."""
    tables = dict(few_records.tables)
    tables["edition"] = [{**tables["edition"][0], "id": "neighbour"}]
    made = person("dan@example.org")
    appoint(made, open_edition(Records(tables)), role="organiser")
    return made


def statuses(client, edition, organisation):
    page = f"/en/{edition.slug}/organisations/{organisation.code}/"
    day = edition.slots.first().day
    return {
        "suggestions": 'class="suggestion"' in client.get(page).content.decode(),
        "calendar": client.get(f"{page}calendar/").status_code,
        "file": client.get(f"/en/{edition.slug}/organisations/{organisation.code}/calendar.ics").status_code,
        "day": client.get(f"/en/{edition.slug}/meetings/{day}/").status_code,
        "people": client.get(f"/en/{edition.slug}/people/").status_code,
    }


CLOSED = {"suggestions": False, "calendar": 403, "file": 403, "day": 403, "people": 403}
SIGN_IN = {"suggestions": False, "calendar": 302, "file": 302, "day": 302, "people": 302}
OPEN = {"suggestions": True, "calendar": 200, "file": 200, "day": 200}


def test_a_sample_is_open_to_everybody_but_not_its_list_of_people(client, edition, exhibitor):
    assert statuses(client, edition, exhibitor) == OPEN | {"people": 302}


def test_elsewhere_a_stranger_is_asked_to_sign_in(client, real, exhibitor):
    assert statuses(client, real, exhibitor) == SIGN_IN


def test_elsewhere_only_the_organisation_and_the_organisers_see_whom_it_meets(
    client, real, exhibitor, ada, ben, cem, neighbour
):
    found = {}
    for one in (ada, ben, cem, neighbour):
        client.force_login(one)
        found[one.email.split("@")[0]] = statuses(client, real, exhibitor)

    assert found == {
        "ada": OPEN | {"people": 200},
        "ben": OPEN | {"day": 403, "people": 403},
        "cem": CLOSED,
        "dan": CLOSED,
    }


def test_an_exhibitor_sees_nothing_of_another_organisation(client, real, exhibitor, ben):
    other = real.organisations.exclude(pk=exhibitor.pk).filter(seats__isnull=False).first()
    client.force_login(ben)

    assert statuses(client, real, other) == CLOSED


def test_somebody_is_invited_by_letter_in_both_languages_and_joins(
    client, edition, exhibitor, ada, cem, django_capture_on_commit_callbacks
):
    client.force_login(ada)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            f"/en/{edition.slug}/people/",
            {"do": "invite", "email": "Cem@example.org", "role": "exhibitor", "organisation": exhibitor.code},
        )
    (letter,) = mail.outbox
    assert "You are invited" in letter.subject
    assert "邀请您" in letter.subject
    token = re.search(r"/invitations/([^/\s]+)/", letter.body)[1]

    client.force_login(cem)
    assert client.get(f"/en/invitations/{token}/").status_code == 200
    assert not cem.memberships.exists()
    assert client.post(f"/en/invitations/{token}/").status_code == 302

    assert list(cem.memberships.values_list("role", "organisation__code")) == [("exhibitor", exhibitor.code)]
    assert client.post(f"/en/invitations/{token}/").status_code == 409
    assert token not in str(Invitation.objects.values())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"accepted": timezone.now()}, "invitation_used"),
        ({"expires": timezone.now() - timedelta(seconds=1)}, "invitation_expired"),
        ({"email": "somebody.else@example.org"}, "other_address"),
    ],
)
def test_an_invitation_is_for_one_person_once_and_not_for_ever(edition, cem, change, code):
    found = invite(edition, cem.email, role="analyst", address="")
    Invitation.objects.filter(pk=found.pk).update(**change)

    with pytest.raises(Refused) as no:
        join(cem, found)

    assert no.value.code == code
    assert not cem.memberships.exists()


def test_a_role_fits_what_it_is_for(edition, exhibitor, neighbour, ada):
    elsewhere = neighbour.memberships.get().edition.organisations.first()
    cases = {
        "organisation_missing": {"role": "exhibitor"},
        "organisation_superfluous": {"role": "analyst", "organisation": exhibitor},
        "other_edition": {"role": "exhibitor", "organisation": elsewhere},
        "member_already": {"role": "organiser", "email": "ADA@example.org"},
    }

    for code, facts in cases.items():
        with pytest.raises(Refused) as no:
            invite(edition, address="", **{"email": "x@example.org"} | facts)
        assert no.value.code == code
    assert not Invitation.objects.exists()


def test_the_last_organiser_stays(client, edition, ada):
    (membership,) = ada.memberships.all()
    with pytest.raises(Refused, match="last_organiser"):
        dismiss(membership)

    client.force_login(ada)
    page = client.post(f"/en/{edition.slug}/people/", {"do": "dismiss", "membership": membership.pk})

    assert "An edition needs an organiser." in page.content.decode()
    assert Membership.objects.filter(pk=membership.pk).exists()


def test_an_organiser_says_who_may_sign_for_an_organisation(client, edition, ada, ben):
    client.force_login(ada)
    membership = ben.memberships.get()
    page = f"/en/{edition.slug}/people/"

    client.post(page, {"do": "sign", "membership": membership.pk})
    membership.refresh_from_db()
    assert membership.signatory
    client.post(page, {"do": "not_sign", "membership": membership.pk})
    membership.refresh_from_db()
    assert not membership.signatory
    answer = client.post(page, {"do": "sign", "membership": ada.memberships.get().pk})
    assert "Only somebody who takes part for an organisation" in answer.content.decode()


def test_an_exhibitor_invites_a_colleague_to_the_own_organisation_only(
    client, edition, exhibitor, ben, django_capture_on_commit_callbacks
):
    client.force_login(ben)
    other = edition.organisations.exclude(pk=exhibitor.pk).first()
    for one in (exhibitor, other):
        with django_capture_on_commit_callbacks(execute=True):
            page = f"/en/{edition.slug}/organisations/{one.code}/profile/"
            client.post(page, {"do": "invite", "email": "colleague@example.org"})
    client.post(
        f"/en/{edition.slug}/organisations/{exhibitor.code}/profile/", {"do": "invite", "email": "nobody"}
    )

    assert list(Invitation.objects.values_list("email", "role", "organisation")) == [
        ("colleague@example.org", "exhibitor" if exhibitor.role != "buyer" else "visitor", exhibitor.pk)
    ]
    assert len(mail.outbox) == 1


def test_an_organiser_removes_nobody_of_another_edition(client, edition, ada, neighbour):
    (theirs,) = neighbour.memberships.all()
    client.force_login(ada)

    answer = client.post(f"/en/{edition.slug}/people/", {"do": "dismiss", "membership": theirs.pk})

    assert answer.status_code == 404
    assert Membership.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"do": "nonsense"},
        {"do": "dismiss", "membership": "x"},
        {"do": "dismiss", "membership": "9" * 400},
        {"do": "invite"},
        {"do": "invite", "email": "no address", "role": "organiser"},
        {"do": "invite", "email": "a@example.org", "role": "king"},
        {"do": "invite", "email": "a@example.org\x00", "role": "organiser"},
        {"do": "invite", "email": "a@example.org", "role": "exhibitor", "organisation": "\x00"},
        {"do": "invite", "email": "a@example.org", "role": "exhibitor", "organisation": "<script>" * 50},
    ],
)
def test_no_form_breaks_the_page_of_people(client, edition, ada, data):
    client.force_login(ada)

    answer = client.post(f"/zh-hans/{edition.slug}/people/", data)

    assert answer.status_code in (200, 404)
    assert not Invitation.objects.exists()


def test_a_post_without_its_token_is_refused(edition, ada, client):
    strict = client.__class__(enforce_csrf_checks=True)
    strict.force_login(ada)

    assert strict.post(f"/en/{edition.slug}/people/", {"do": "invite"}).status_code == 403


def test_the_first_organiser_is_invited_from_the_command_line(
    edition, django_capture_on_commit_callbacks, capsys
):
    with django_capture_on_commit_callbacks(execute=True):
        call_command("organiser", "first@example.org", edition.slug, "--site", "https://example.org")
    assert "https://example.org/invitations/" in mail.outbox[0].body

    with pytest.raises(CommandError, match="There is no edition nowhere"):
        call_command("organiser", "first@example.org", "nowhere")


def test_signing_up_needs_a_letter_to_be_answered_and_a_password_nobody_guesses(client, db):
    facts = {"email": "eve@example.org", "password1": "password1234", "password2": "password1234"}
    assert "too common" in client.post("/en/account/signup/", facts).content.decode()

    answer = client.post("/en/account/signup/", facts | {"password1": PASSWORD, "password2": PASSWORD})

    assert answer.status_code == 302
    assert len(mail.outbox) == 1
    assert not EmailAddress.objects.get(email="eve@example.org").verified
    assert client.get("/en/me/").status_code == 302


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_the_pages_of_an_account_answer_in_every_language(client, cem, language):
    for path in ("login", "signup", "password/reset"):
        assert client.get(f"/{language}/account/{path}/").status_code == 200, path
    client.force_login(cem)
    for path in ("me/", "account/email/", "account/password/change/", "account/2fa/", "account/sessions/"):
        answer = client.get(f"/{language}/{path}", follow=True)
        assert answer.status_code == 200, path
        assert "unsafe" not in answer["Content-Security-Policy"]


def test_every_refusal_has_words():
    assert all(str(words) for words in WORDS.values())
