"""Nobody sees, or changes, what is another's: every address asked by everybody, in an edition that is no sample."""

from datetime import timedelta

import pytest
from addresses import WHO, filled, routes
from django.apps import apps
from django.utils import timezone

from fairlink.tables import Records
from fairlink_site.actions.editions import open_edition
from fairlink_site.actions.imports import upload
from fairlink_site.actions.people import appoint
from fairlink_site.models import Exclusion, Letter, Person, Seat, TimetableEvent, Wish
from fairlink_site.pages.meetings.check_in import token

SHEET = b"id,name:en,kind,country,role\nx1,Importers,enterprise,LA,exhibitor\n"
# whose page → who gets through; everybody else is sent to sign in, told no, or told that nothing is there
MAY = {
    "everybody": {"nobody", "stranger", "rival", "mine", "reviewer", "hall", "organiser", "neighbour"},
    "signed in": {"stranger", "rival", "mine", "reviewer", "hall", "organiser", "neighbour"},
    "belongs": {"mine", "organiser"},
    "members": {"mine"},
    "reviewer": {"reviewer", "organiser"},
    "hall": {"hall", "organiser"},
    "organiser": {"organiser"},
}
# Open in a sample; of a real edition only for those they concern.
PRIVATE = {
    "calendar": {"mine", "organiser"},
    "calendar_ics": {"mine", "organiser"},
    "calendar_pdf": {"mine", "organiser"},
    "day": {"organiser"},
}


@pytest.fixture
def real(edition):
    edition.sample, edition.phase = False, "running"
    edition.save()
    return edition


@pytest.fixture
def people(real, exhibitor, few_records):
    """One of every sort: of the organisation, of another one, of the edition, of another edition, of nothing."""
    tables = dict(few_records.tables) | {"edition": [{**few_records["edition"][0], "id": "neighbour"}]}
    other = open_edition(Records(tables))
    rival = real.organisations.exclude(pk=exhibitor.pk).first()
    made = {
        name: Person.objects.create_user(f"{name}@example.org", "quay-lantern-9") for name in MAY["signed in"]
    }
    appoint(made["mine"], real, role="exhibitor", organisation=exhibitor)
    appoint(made["rival"], real, role="exhibitor", organisation=rival)
    appoint(made["reviewer"], real, role="reviewer")
    appoint(made["organiser"], real, role="organiser")
    appoint(made["hall"], real, role="hall")
    appoint(made["neighbour"], other, role="organiser")
    return made | {"nobody": None}


@pytest.fixture
def wishing(real, exhibitor):
    """Somebody who wishes to meet the exhibitor."""
    other = real.organisations.visible().exclude(memberships__isnull=False).first()
    day = timezone.now() + timedelta(days=3)
    Wish.objects.create(
        edition=real, organisation=other, partner=exhibitor, kind="want", answer="pending", due=day
    )
    return other


@pytest.fixture
def values(real, exhibitor, people, wishing):
    rival = people["rival"].memberships.get().organisation
    brought = upload(real, "organisations", SHEET, "x.csv", by=None)
    brought.state = "checked"
    brought.save()
    return {
        "chain": real.chains.first().code,
        "organisation": exhibitor.code,
        "day": real.slots.first().day.isoformat(),
        "figure": "exhibitors",
        "activity": real.activities.first().code,
        "node": real.nodes.first().code,
        "place": real.places.first().code,
        "side": "offer",
        "code": exhibitor.listings.filter(side="offer").first().code,
        "function": "trade",
        "number": brought.pk,
        "letter": Letter.objects.create(
            edition=real, to="x@example.org", kind="reminder", due=timezone.now()
        ).pk,
        "form": "csv",
        "run": (run := real.runs.get(kind="meetings", current=True)).pk,
        "before": run.pk,
        "token": token(exhibitor),
        "scope": "public",
        "table": "organisations",
        "other": wishing.code,
        "partner": wishing.code,
        "slot": real.slots.last().code,
        "membership": people["mine"].memberships.get().pk,
        "meeting": exhibitor.seats.current().exclude(meeting__seats__organisation=rival).first().meeting_id,
        "interpreter": real.interpreters.create(code="i01", languages=["lo", "zh"]).code,
        "exclusion": Exclusion.objects.create(
            edition=real, organisation=exhibitor, partner=wishing, reason="One group"
        ).pk,
    }


def test_every_address_says_whose_it_is():
    assert {name for name, _ in routes()} == set(WHO)


def test_every_address_answers_those_it_is_for_and_nobody_else(client, real, people, values):
    wrong = []
    for name, pattern in routes():
        may = PRIVATE.get(name, MAY[WHO[name]])
        if name in ("listing", "listing_new", "profile_edit", "certificates"):
            may = {"organiser"}  # entries are fixed while the expo runs
        for who, person in people.items():
            client.logout()
            if person:
                client.force_login(person)
            answer = client.get(f"/en/{real.slug}/{filled(pattern, values)}")
            through = answer.status_code == 200 or (
                answer.status_code == 302 and "/account/" not in answer["Location"]
            )
            if through != (who in may) or answer.status_code not in (200, 302, 403, 404):
                wrong.append((name, who, answer.status_code))

    assert wrong == []


def counted():
    """Rows of every table of ours, to see that nothing came or went."""
    return {
        model.__name__: model._base_manager.count() for model in apps.get_app_config("fairlink").get_models()
    }


def test_nobody_changes_what_is_not_theirs(client, real, people, values):
    before = counted()
    said = {"kind": "partners", "partner": values["other"], "outcome": "met", "up": "0", "off": "0", "notes": "x",
            "slot": values["slot"], "delegate": "1", "reason": "x", "membership": values["membership"],
            "verdict": "refused", "about": "organisation", "name__en": "Taken over"}  # fmt: skip
    done = ("submit", "remove", "all", "import", "want", "never", "accept", "withdraw", "notes")
    forms = ({}, said, *(said | {"do": one} for one in done))
    for who, person in people.items():
        client.logout()
        if person:
            client.force_login(person)
        for name, pattern in routes():
            if who in MAY[WHO[name]]:
                continue
            for form in forms:
                answer = client.post(f"/en/{real.slug}/{filled(pattern, values)}", form)
                assert answer.status_code in (302, 403, 404, 405), (name, who, form)
        assert (client.session.get("_auth_user_id") is None) == (person is None), who

    assert counted() == before
    assert list(Wish.objects.values_list("answer", flat=True)) == ["pending"]
    assert not Seat.objects.exclude(outcome="", notes="", released=False).exists()
    assert not TimetableEvent.objects.exclude(kind="published").exists()
    assert people["mine"].memberships.get().delegate is None
    assert real.organisations.get(code=values["organisation"]).status == "validated"


def test_what_is_not_validated_is_nowhere_to_be_seen(client, real, people, exhibitor):
    strangers = real.organisations.exclude(memberships__isnull=False)
    hidden = strangers.filter(role="exhibitor", listings__isnull=False).first()
    name = next(iter(hidden.name.values()))
    hidden.status = "submitted"
    hidden.save()

    for who in ("nobody", "rival", "mine"):
        client.logout()
        if people[who]:
            client.force_login(people[who])
        page = f"/en/{real.slug}/organisations/"
        assert client.get(f"{page}{hidden.code}/").status_code == 404, who
        assert name not in client.get(page, {"q": hidden.code}).content.decode()
        assert hidden.code not in b"".join(client.get(f"/en/{real.slug}/organisations.csv")).decode()
        assert hidden.code not in b"".join(client.get(f"/en/{real.slug}/exports/public/offers.csv")).decode()
        assert hidden.code not in client.get(page + f"{exhibitor.code}/").content.decode()


def test_a_draft_of_an_edition_is_there_for_its_makers_only(client, real, people):
    real.phase = "draft"
    real.save()
    for who, status in {
        "nobody": 404,
        "stranger": 404,
        "neighbour": 404,
        "mine": 200,
        "organiser": 200,
    }.items():
        client.logout()
        if people[who]:
            client.force_login(people[who])
        assert client.get(f"/en/{real.slug}/").status_code == status, who
