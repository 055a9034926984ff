"""Late registration: whoever is validated after the matching gets a list at once, and nobody's list is made anew."""

import pytest

from fairlink_site.actions import partners as acts
from fairlink_site.actions import work
from fairlink_site.actions.exclusions import keep_apart
from fairlink_site.actions.partners import recommend_partners
from fairlink_site.actions.people import appoint
from fairlink_site.actions.reviews import FEW, review, validate_all
from fairlink_site.models import Listing, Organisation, Person

GOOD = dict.fromkeys(("advantages", "clarity", "expectations", "language"), 4)


@pytest.fixture
def ada(edition):
    made = Person.objects.create_user("ada@example.org", "quay-lantern-9", name="Ada")
    appoint(made, edition, role="organiser")
    return made


@pytest.fixture
def matching(edition):
    """An edition whose lists are made, and that late ones may still join."""
    edition.phase = "matching"
    edition.sample = False
    edition.save()
    recommend_partners(edition)
    return edition


@pytest.fixture
def newcomer(matching):
    return _sent_in(matching, "latecomer")


def _sent_in(edition, code):
    """Somebody who waits to be validated, and seeks what another offers."""
    offer = edition.listings.filter(side="offer").exclude(codes=[]).first()
    made = Organisation.objects.create(
        edition=edition,
        code=code,
        name={"en": "Late Comers"},
        kind="enterprise",
        size="small",
        country="LA",
        role="exhibitor",
        languages=["en", "zh-Hans"],
        status="submitted",
    )
    Listing.objects.create(
        edition=edition,
        organisation=made,
        code=f"{code}-need",
        side="need",
        function=offer.function,
        title={"en": "Wanted at once"},
        codes=offer.codes,
        status="submitted",
    )
    return made


def _do(edition, kind):
    for job in edition.jobs.filter(kind=kind, state="waiting"):
        work.take_up(job.pk)
        job.refresh_from_db()
        assert (job.state, job.reason) == ("done", "")


def _lists(edition, *, but):
    run = edition.runs.get(kind="partners", current=True)
    rows = run.suggestions.exclude(partner=but).exclude(organisation=but)
    return list(rows.order_by("pk").values_list("pk", "organisation", "partner", "rank"))


def test_a_newcomer_gets_a_list_with_reasons_and_stands_at_the_end_of_others(client, matching, newcomer, ada):
    before = _lists(matching, but=newcomer)

    review(newcomer, "validated", by=ada)
    review(newcomer.listings.get(), "validated", scores=GOOD, by=ada)
    _do(matching, "welcome")

    assert not matching.jobs.filter(kind="partners").exists()
    assert _lists(matching, but=newcomer) == before
    mine = list(newcomer.suggestions.all())
    assert [one.rank for one in mine] == list(range(1, len(mine) + 1))
    assert mine
    offer = matching.listings.filter(side="offer").exclude(codes=[]).first()
    assert offer.organisation_id in {one.partner_id for one in mine}
    assert all(sum(reason[2] for reason in one.reasons) == one.gain for one in mine)
    theirs = offer.organisation.suggestions.get(partner=newcomer)
    back = newcomer.suggestions.get(partner=offer.organisation)
    assert (theirs.gain, theirs.partner_gain) == (back.partner_gain, back.gain)
    assert theirs.rank == max(offer.organisation.suggestions.values_list("rank", flat=True))
    assert "sells" in {reason[0] for reason in theirs.reasons}
    client.force_login(ada)
    page = client.get(f"/en/{matching.slug}/organisations/{newcomer.code}/").content.decode()
    assert "Whom to meet, and why" in page
    assert "You look for “Wanted at once”" in page


def test_welcomed_twice_nobody_stands_twice(matching, newcomer, ada):
    review(newcomer, "validated", by=ada)
    review(newcomer.listings.get(), "validated", scores=GOOD, by=ada)

    for _ in range(2):
        acts.welcome_newcomer(matching, newcomer)

    partners = list(newcomer.suggestions.values_list("partner", flat=True))
    assert len(partners) == len(set(partners)) > 0
    run = matching.runs.get(kind="partners", current=True)
    assert run.measures["newcomers"] == [newcomer.code]
    assert run.suggestions.filter(partner=newcomer).count() == len(partners)


def test_who_said_never_to_a_newcomer_is_not_suggested_to_it(matching, newcomer, ada):
    offer = matching.listings.filter(side="offer").exclude(codes=[]).first()
    matching.wishes.create(organisation=offer.organisation, partner=newcomer, kind="never")
    review(newcomer, "validated", by=ada)
    review(newcomer.listings.get(), "validated", scores=GOOD, by=ada)

    acts.welcome_newcomer(matching, newcomer)

    assert not newcomer.suggestions.filter(partner=offer.organisation).exists()
    assert not offer.organisation.suggestions.filter(partner=newcomer).exists()


def test_from_whom_a_newcomer_is_kept_apart_is_not_suggested_to_it(matching, newcomer, ada):
    offer = matching.listings.filter(side="offer").exclude(codes=[]).first()
    keep_apart(offer.organisation, newcomer, by=ada)
    review(newcomer, "validated", by=ada)
    review(newcomer.listings.get(), "validated", scores=GOOD, by=ada)

    acts.welcome_newcomer(matching, newcomer)

    assert not newcomer.suggestions.filter(partner=offer.organisation).exists()
    assert not offer.organisation.suggestions.filter(partner=newcomer).exists()


def test_many_at_a_time_and_changes_of_those_matched_make_all_lists_anew(matching, ada):
    for number in range(FEW + 1):
        _sent_in(matching, f"late-{number}")

    validate_all(matching, None, by=ada)

    assert set(matching.jobs.values_list("kind", flat=True)) == {"partners"}
    matching.jobs.all().delete()
    known = matching.listings.filter(side="offer", organisation__suggestions__isnull=False).first()
    Listing.objects.filter(pk=known.pk).update(status="submitted")
    review(known, "validated", scores=GOOD, by=ada)
    assert set(matching.jobs.values_list("kind", flat=True)) == {"partners"}


def test_a_newcomer_that_is_withdrawn_meanwhile_is_welcomed_by_nobody(matching, newcomer, ada):
    review(newcomer, "validated", by=ada)
    Organisation.objects.filter(pk=newcomer.pk).update(status="submitted")

    _do(matching, "welcome")

    assert not newcomer.suggestions.exists()
