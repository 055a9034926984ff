"""Partners on the site: the action, then the pages."""

import fairlink
from fairlink_site import snapshot
from fairlink_site.actions.partners import recommend_partners


def test_the_stored_lists_are_those_of_the_library(edition):
    expo = snapshot.snapshot(edition)
    expected = fairlink.partners.recommend(expo)

    run = edition.runs.get(kind="partners", current=True)

    assert run.fingerprint == expected.provenance.fingerprint
    assert list(
        run.suggestions.order_by("organisation__code", "rank").values_list(
            "organisation__code", "partner__code"
        )
    ) == [(expo.ids[a], expo.ids[b]) for a, b in zip(expected.organisation, expected.partner, strict=True)]


def test_a_second_run_becomes_the_current_one_and_the_first_is_kept(edition):
    first = edition.runs.get(kind="partners", current=True)

    second = recommend_partners(edition)

    assert list(edition.runs.filter(kind="partners").order_by("pk").values_list("pk", "current")) == [
        (first.pk, False),
        (second.pk, True),
    ]
    assert first.fingerprint == second.fingerprint


def test_the_page_of_an_organisation_says_whom_to_meet_and_why_in_both_languages(client, edition, exhibitor):
    best = exhibitor.suggestions.get(rank=1, run__current=True)

    english = client.get(f"/en/{edition.slug}/organisations/{exhibitor.code}/").content.decode()
    chinese = client.get(f"/zh-hans/{edition.slug}/organisations/{exhibitor.code}/").content.decode()

    assert f"organisations/{best.partner.code}/" in english
    assert "You gain" in english
    assert "You look for" in english or "They look for" in english
    assert "您的收益" in chinese
    assert "您在找" in chinese or "对方在找" in chinese


def test_how_we_match_shows_what_is_needed_to_repeat_it(client, edition):
    run = edition.runs.get(kind="partners", current=True)

    page = client.get(f"/en/{edition.slug}/partners/").content.decode()

    assert run.fingerprint in page
    assert f"Fairlink {run.version}" in page
    assert "objective = fair" in page
