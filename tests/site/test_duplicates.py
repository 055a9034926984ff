"""The same organisation entered twice is found by what it cannot share, and made one without loss."""

import pytest

from fairlink_site.actions.duplicates import core_of, likely, merge
from fairlink_site.actions.people import appoint
from fairlink_site.models import Exclusion, Organisation, Person, Wish
from fairlink_site.refusals import Refused


@pytest.fixture
def ada(edition):
    made = Person.objects.create_user("ada@example.org", "quay-lantern-9", name="Ada")
    appoint(made, edition, role="organiser")
    return made


def twin(edition, code, **facts):
    """An organisation that nobody else knows."""
    told = {"kind": "enterprise", "role": "exhibitor", "country": "LA", "status": "validated"} | facts
    return Organisation.objects.create(edition=edition, code=code, **told)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vientiane Silk Co., Ltd.", "VIENTIANE SILK"),
        ("上海明珠有限公司", "上海明珠股份有限公司"),
        ("Müller GmbH", "Muller AG"),
    ],
)
def test_names_are_alike_but_for_their_legal_form(one, other):
    assert core_of(one) == core_of(other)


def test_other_names_are_not_alike():
    assert core_of("Mekong Coffee") != core_of("Mekong Tea")


def found(edition):
    codes = dict(edition.organisations.values_list("pk", "code"))
    return {what: tuple(codes[key] for key in keys) for what, keys in likely(edition)}


def test_what_two_cannot_share_tells_them(edition):
    twin(edition, "a1", name={"en": "Pakse Rice Ltd"}, lei="5493001KJTIIGC8Y1R12")
    twin(edition, "a2", name={"en": "Rice of Pakse"}, lei="5493001KJTIIGC8Y1R12")
    twin(edition, "b1", name={"en": "Silk Road Textiles Co., Ltd."})
    twin(edition, "b2", name={"en": "SILK-ROAD TEXTILES"})
    twin(edition, "c1", name={"en": "One"}, website="https://example.org/a")
    twin(edition, "c2", name={"en": "Two"}, website="http://example.org")
    twin(edition, "d1", name={"en": "Silk Road Textiles"}, country="VN")

    told = found(edition)

    assert (told["lei"], told["name"], told["website"]) == (("a1", "a2"), ("b1", "b2"), ("c1", "c2"))


def test_what_is_merged_keeps_what_both_had(client, edition, ada, exhibitor):
    eve = Person.objects.create_user("eve@example.org", "quay-lantern-9")
    kept = twin(edition, "kept", name={"en": "Kept"}, languages=["en"])
    other = twin(edition, "other", name={"zh-Hans": "另一"}, city="Pakse", languages=["lo", "en"])
    appoint(eve, edition, role="exhibitor", organisation=other)
    other.certificates.create(name="CE")
    other.nodes.add(edition.nodes.first())
    edition.listings.create(
        side="offer", code="offer", organisation=other, function="trade", title={"en": "Rice"}
    )
    Wish.objects.create(edition=edition, organisation=exhibitor, partner=other, kind="want")
    Wish.objects.create(edition=edition, organisation=other, partner=kept, kind="want")
    client.force_login(ada)

    client.post(f"/en/{edition.slug}/duplicates/", {"kept": "kept", "other": "other"})

    kept.refresh_from_db()
    assert not edition.organisations.filter(code="other").exists()
    assert (kept.name, kept.city, kept.languages) == (
        {"zh-Hans": "另一", "en": "Kept"},
        "Pakse",
        ["en", "lo"],
    )
    assert list(kept.listings.values_list("code", flat=True)) == ["offer"]
    assert list(kept.memberships.values_list("person", flat=True)) == [eve.pk]
    assert list(kept.certificates.values_list("name", flat=True)) == ["CE"]
    assert kept.nodes.count() == 1
    assert list(kept.wishes_in.values_list("organisation", flat=True)) == [exhibitor.pk]
    assert not kept.wishes_out.exists()  # a wish to meet itself
    assert kept.history.first().history_user == ada


@pytest.mark.parametrize(
    ("mine", "others", "stays"),
    [
        (("want", "accepted"), ("never", ""), ("never", "")),
        (("never", ""), ("want", "accepted"), ("never", "")),
        (("must", "expired"), ("want", "pending"), ("want", "pending")),
        (("must", "accepted"), ("want", "declined"), ("must", "accepted")),
    ],
)
def test_of_two_wishes_for_the_same_partner_the_one_that_says_more_stays(edition, ada, mine, others, stays):
    kept, other, partner = (twin(edition, code, name={"en": code}) for code in ("x1", "x2", "x3"))
    for one, (kind, answer) in ((kept, mine), (other, others)):
        Wish.objects.create(edition=edition, organisation=one, partner=partner, kind=kind, answer=answer)

    merge(kept, other, by=ada)

    assert list(kept.wishes_out.values_list("kind", "answer")) == [stays]


def test_the_audit_trail_tells_whose_what_was_merged_has_become(client, edition, ada, exhibitor):
    other = (
        edition.organisations.filter(listings__isnull=False, seats__isnull=True)
        .exclude(pk=exhibitor.pk)
        .first()
    )
    moved = set(other.listings.values_list("code", flat=True))

    merge(exhibitor, other, by=ada)

    for code in moved:
        last = edition.listings.get(code=code).history.first()
        assert (last.history_type, last.organisation_id, last.history_user) == ("~", exhibitor.pk, ada)


@pytest.mark.parametrize(
    ("facts", "code"),
    [({"same": True}, "merge_with_itself"), ({"meets": True}, "merge_has_meetings")],
)
def test_what_cannot_be_merged_is_refused_and_stays(edition, ada, exhibitor, facts, code):
    kept = twin(edition, "kept", name={"en": "Kept"})
    other = kept if facts.get("same") else exhibitor

    with pytest.raises(Refused, match=code):
        merge(kept, other, by=ada)

    assert Organisation.objects.filter(pk__in=(kept.pk, exhibitor.pk)).count() == 2


def test_whoever_was_kept_apart_from_either_is_from_the_one_that_stays(edition, ada):
    kept, other, third, fourth = (twin(edition, code, name={"en": code}) for code in ("x1", "x2", "x3", "x4"))
    for one, two in ((kept, other), (third, kept), (other, third), (fourth, other)):
        Exclusion.objects.create(edition=edition, organisation=one, partner=two)

    merge(kept, other, by=ada)

    assert Exclusion.objects.others(kept) == {third.pk, fourth.pk}
    assert edition.exclusions.count() == 2
