"""A participant's own entry: registered, written, sent in, validated, seen; and every form against bad input."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from fairlink.tables import ORGANISATIONS
from fairlink_site import handwriting, snapshot
from fairlink_site.actions.people import appoint
from fairlink_site.actions.profiles import register, save_listing, submit
from fairlink_site.actions.reviews import review, validate_all
from fairlink_site.models import Consent, Letter, Listing, Notice, Organisation, Person, Review
from fairlink_site.refusals import Refused

GOOD = {"advantages": 3, "clarity": 3, "expectations": 3, "language": 3}


@pytest.fixture
def open_edition(edition):
    """An edition that is no sample and takes newcomers."""
    edition.sample, edition.phase = False, "matching"
    edition.save()
    return edition


@pytest.fixture
def eve(db):
    return Person.objects.create_user("eve@example.org", "quay-lantern-9", name="Eve")


@pytest.fixture
def ada(open_edition):
    made = Person.objects.create_user("ada@example.org", "quay-lantern-9", name="Ada")
    appoint(made, open_edition, role="organiser")
    return made


FACTS = {
    "name__en": "Vientiane Silk Weavers",
    "name__zh-Hans": "万象丝绸",
    "kind": "enterprise",
    "size": "small",
    "country": "LA",
    "role": "exhibitor",
    "languages": ["lo", "en"],
    "terms": "on",
}
OFFER = {
    "title__en": "Handwoven silk scarves",
    "summary__en": "Natural dyes.",
    "codes": "5007",
    "partnerships": ["supplier"],
}


@pytest.fixture
def silk(client, open_edition, eve):
    """An organisation that Eve has registered on the site."""
    client.force_login(eve)
    client.post(f"/en/{open_edition.slug}/register/", FACTS)
    return open_edition.organisations.get(code="vientiane-silk-weavers")


def at(organisation, path=""):
    return f"/en/{organisation.edition.slug}/organisations/{organisation.code}/{path}"


def test_somebody_registers_an_organisation_and_agrees_to_a_text_in_a_version(silk, eve):
    assert silk.status == "draft"
    assert silk.name == {"en": "Vientiane Silk Weavers", "zh-Hans": "万象丝绸"}
    assert list(eve.memberships.values_list("role", "organisation")) == [("exhibitor", silk.pk)]
    assert list(Consent.objects.values_list("person", "kind", "version", "language")) == [
        (eve.pk, "terms", "1", "en")
    ]
    assert list(silk.history.values_list("history_user", "history_type")) == [(eve.pk, "+")]


def test_a_draft_is_seen_by_its_people_only(client, silk, ada):
    assert client.get(at(silk)).status_code == 200
    client.logout()
    assert client.get(at(silk)).status_code == 404
    client.force_login(Person.objects.create_user("mallory@example.org", "quay-lantern-9"))
    assert client.get(at(silk)).status_code == 404
    assert client.get(at(silk, "profile/")).status_code == 404


def test_nobody_registers_twice_under_one_number(open_edition, eve, silk):
    record = {**_record(silk), "lei": "5493001KJTIIGC8Y1R12"}
    register(open_edition, record, by=eve, language="en")

    with pytest.raises(Refused, match="known_number"):
        register(open_edition, record, by=eve, language="en")


def _record(organisation):
    rows = Organisation.objects.filter(pk=organisation.pk)
    (record,) = snapshot.organisation_records(rows, held_on=organisation.edition.start)
    return record


def test_a_name_that_is_here_already_is_asked_about(client, open_edition, silk):
    page = client.post(f"/en/{open_edition.slug}/register/", FACTS | {"name__en": "VIENTIANE silk-weavers"})

    assert "is here already" in page.content.decode()
    assert open_edition.organisations.filter(name__en__icontains="weavers").count() == 1
    client.post(f"/en/{open_edition.slug}/register/", FACTS | {"another": "yes"})
    assert open_edition.organisations.filter(name__en__icontains="weavers").count() == 2


@pytest.mark.parametrize("phase", ["published", "running", "closed"])
def test_nobody_registers_once_the_timetable_is_out(client, open_edition, eve, phase):
    open_edition.phase = phase
    open_edition.save()
    client.force_login(eve)

    page = client.post(f"/en/{open_edition.slug}/register/", FACTS)

    assert "Registration is closed" in page.content.decode()
    with pytest.raises(Refused, match="registration_closed"):
        register(open_edition, {}, by=eve, language="en")


def test_check_digits_are_checked_where_they_are_typed(client, open_edition, eve):
    client.force_login(eve)
    page = client.post(f"/en/{open_edition.slug}/register/", FACTS | {"lei": "5493001KJTIIGC8Y1R13"})

    assert "The check digits of “5493001KJTIIGC8Y1R13” are wrong" in page.content.decode()
    assert not open_edition.organisations.filter(lei__gt="").exists()


def test_codes_are_proposed_for_an_unknown_product_and_confirmed(client, silk):
    client.post(at(silk, "profile/offer/new/trade/"), OFFER | {"codes": ""})
    offer = silk.listings.get()
    page = client.get(at(silk, f"profile/offer/{offer.code}/")).content.decode()
    assert offer.codes == []
    assert "Is it one of these?" in page
    assert 'name="proposed" value="6214"' in page  # shawls and scarves

    client.post(at(silk, f"profile/offer/{offer.code}/"), OFFER | {"codes": "", "proposed": ["6214"]})

    assert silk.listings.get().codes == ["6214"]


def test_from_a_draft_to_suggestions(client, silk, ada, eve):
    client.post(at(silk, "profile/offer/new/trade/"), OFFER)
    client.post(at(silk, "profile/"), {"do": "submit"})
    silk.refresh_from_db()
    assert {silk.status, *silk.listings.values_list("status", flat=True)} == {"submitted"}

    client.force_login(ada)
    queue = f"/en/{silk.edition.slug}/queue/"
    assert silk.code in client.get(queue).content.decode()
    client.post(f"{queue}{silk.code}/", {"about": "organisation", "verdict": "validated"})
    listing = f"listing-{silk.listings.get().pk}"
    client.post(f"{queue}{silk.code}/", {"about": listing, "verdict": "validated"})
    assert silk.listings.get().status == "submitted"  # no scores, no acceptance
    client.post(
        f"{queue}{silk.code}/",
        {"about": listing, "verdict": "validated"}
        | {f"score-{name}": points for name, points in GOOD.items()},
    )

    client.logout()
    page = client.get(at(silk)).content.decode()
    assert "Handwoven silk scarves" in page
    assert silk.code in client.get(f"/en/{silk.edition.slug}/organisations/?q=silk").content.decode()
    assert list(silk.reviews.values_list("verdict", flat=True)) == ["validated", "validated"]
    assert Notice.objects.filter(person=eve, kind="validated").count() == 2
    assert Letter.objects.filter(to=eve.email).count() == 2
    # Lists are told already, so whoever comes in late is matched at once, in the background, beside them.
    assert [job.kind for job in silk.edition.jobs.filter(state="waiting")] == ["welcome"]


def test_a_change_of_what_is_judged_goes_back_into_the_queue_and_another_does_not(client, silk, ada):
    client.post(at(silk, "profile/offer/new/trade/"), OFFER)
    offer = silk.listings.get()
    Organisation.objects.filter(pk=silk.pk).update(status="validated")
    Listing.objects.filter(pk=offer.pk).update(status="validated")

    client.post(at(silk, f"profile/offer/{offer.code}/"), OFFER | {"quantity": "300 a month"})
    assert silk.listings.get().status == "validated"
    client.post(at(silk, f"profile/offer/{offer.code}/"), OFFER | {"title__en": "Machine-made scarves"})
    assert silk.listings.get().status == "submitted"
    client.post(at(silk, "profile/edit/"), FACTS | {"delegates": "2", "city": "Vientiane"})
    silk.refresh_from_db()
    assert (silk.city, silk.delegates, silk.status) == ("Vientiane", 2, "validated")
    client.post(at(silk, "profile/edit/"), FACTS | {"delegates": "2", "name__en": "Somebody else"})
    silk.refresh_from_db()
    assert silk.status == "submitted"


def test_nobody_overwrites_in_silence_what_another_window_saved(client, silk):
    client.post(at(silk, "profile/offer/new/trade/"), OFFER)
    page = at(silk, f"profile/offer/{silk.listings.get().code}/")
    opened = client.get(page).context["seen"]
    client.post(page, OFFER | {"seen": opened, "quantity": "one window"})

    answer = client.post(page, OFFER | {"seen": opened, "quantity": "the other"})

    assert "Somebody has changed this since you opened it" in answer.content.decode()
    assert "the other" in answer.content.decode()
    assert silk.listings.get().quantity == "one window"
    client.post(page, OFFER | {"seen": answer.context["seen"], "quantity": "the other"})
    assert silk.listings.get().quantity == "the other"


def test_what_was_written_survives_the_end_of_a_session(client, silk, eve):
    page = at(silk, "profile/offer/new/trade/")
    client.logout()
    answer = client.post(page, OFFER | {"quantity": "300 a month"})
    assert answer.url.startswith("/account/login/") or "/account/login/" in answer.url
    assert not silk.listings.exists()

    client.force_login(eve)
    again = client.get(page).content.decode()

    assert "not saved yet" in again
    assert 'value="300 a month"' in again
    assert not silk.listings.exists()
    assert "300 a month" not in client.get(page).content.decode()


def test_a_form_from_before_signing_in_shows_what_was_written(silk, eve):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(eve)
    answer = strict.post(at(silk, "profile/offer/new/trade/"), OFFER | {"password": "secret words here"})

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This form is out of date" in page
    assert "Handwoven silk scarves" in page
    assert "secret words here" not in page


def test_a_certificate_is_changed_in_its_place_and_never_emptied_by_another(client, silk):
    page = at(silk, "profile/certificates/")
    given = {"do": "keep", "name": "ISO 22000", "issuer": "AFNOR", "number": "X-1", "expires": "2031-01-01"}
    client.post(page, given)
    one = silk.certificates.get()

    twice = client.post(page, {"do": "keep", "name": "iso 22000"}).content.decode()
    assert "is here already: change it in its place" in twice
    form = client.get(f"{page}?change={one.pk}").content.decode()
    assert 'value="AFNOR"' in form
    client.post(page, given | {"certificate": str(one.pk), "number": "X-2"})

    one = silk.certificates.get()
    assert (one.issuer, one.number, str(one.expires)) == ("AFNOR", "X-2", "2031-01-01")


def test_who_registers_the_same_name_at_the_same_time_is_told(open_edition, eve, silk):
    with pytest.raises(Refused, match="known_name"):
        register(open_edition, _record(silk), by=eve, language="en", another=False)


def test_none_of_the_proposed_codes_is_none_of_them(client, silk):
    client.post(at(silk, "profile/offer/new/trade/"), OFFER | {"codes": ""})
    page = at(silk, f"profile/offer/{silk.listings.get().code}/")

    client.post(page, OFFER | {"codes": "", "proposed": ["6214"], "do": "without"})

    assert silk.listings.get().codes == []


def test_a_form_that_is_sent_twice_makes_one_entry(client, silk):
    for _ in range(2):
        client.post(at(silk, "profile/need/new/trade/"), OFFER)
    client.post(at(silk, "profile/need/new/trade/"), OFFER | {"quantity": "300 a month"})

    assert sorted(silk.listings.values_list("quantity", flat=True)) == ["", "300 a month"]


def test_an_entry_is_removed_on_a_second_thought_only(client, silk):
    client.post(at(silk, "profile/offer/new/trade/"), OFFER)
    page = at(silk, f"profile/offer/{silk.listings.get().code}/")

    form = client.get(page).content.decode()
    before, _, folded = form.partition("<details><summary>Remove</summary>")
    assert 'value="remove"' not in before
    assert 'value="remove"' in folded

    client.post(page, {"do": "remove"})
    assert not silk.listings.exists()


def test_the_preview_shows_what_will_be_seen_drafts_included(client, silk):
    client.post(at(silk, "profile/offer/new/trade/"), OFFER)

    preview = client.get(at(silk, "?as=partner")).content.decode()

    assert "This is how partners see this page." in preview
    assert "Handwoven silk scarves" in preview
    assert "Only this organisation and the organisers see whom it should meet." in preview
    Organisation.objects.filter(pk=silk.pk).update(status="validated")
    client.logout()
    others = client.get(at(silk, "?as=partner")).content.decode()
    assert "Handwoven silk scarves" not in others
    assert "This is how partners see this page." not in others


def test_what_has_run_out_by_the_opening_day_is_seen_and_matched_by_nobody(client, silk):
    def matched():
        return {row["id"] for row in snapshot.read(silk.edition)["offers"]}

    start = silk.edition.start
    page = client.post(
        at(silk, "profile/offer/new/trade/"), OFFER | {"valid_until": str(start - timedelta(days=1))}
    )
    assert "is before the edition opens" in page.content.decode()
    client.post(at(silk, "profile/offer/new/trade/"), OFFER | {"valid_until": str(start)})
    Organisation.objects.filter(pk=silk.pk).update(status="validated")
    silk.listings.update(status="validated")
    code = silk.listings.get().code
    client.logout()
    assert "Handwoven silk scarves" in client.get(at(silk)).content.decode()
    assert code in matched()

    silk.listings.update(valid_until=start - timedelta(days=1))

    assert "Handwoven silk scarves" not in client.get(at(silk)).content.decode()
    assert code not in matched()


def test_a_verdict_that_is_not_taken_keeps_what_was_typed(client, silk, ada, eve):
    offer = _offer(silk, eve)
    submit(silk, by=eve)
    client.force_login(ada)
    typed = {"about": f"listing-{offer.pk}", "verdict": "validated", "reason": "Which dye?"}

    page = client.post(
        f"/en/{silk.edition.slug}/queue/{silk.code}/", typed | {f"score-{name}": "1" for name in GOOD}
    ).content.decode()

    assert 'value="Which dye?"' in page
    assert page.count("<option selected>1</option>") == len(GOOD)
    assert offer.reviews.count() == 0


def test_a_verdict_says_why_and_stays_in_the_history(silk, ada, eve):
    submit(silk, by=eve)
    for verdict in ("changes", "refused"):
        with pytest.raises(Refused, match="reason_missing"):
            review(silk, verdict, by=ada)
    review(silk, "changes", reason="Which silk?", by=ada)
    silk.refresh_from_db()
    assert silk.status == "changes"
    submit(silk, by=eve)
    review(silk, "validated", by=ada)

    assert list(silk.reviews.values_list("verdict", "reason")) == [
        ("validated", ""),
        ("changes", "Which silk?"),
    ]
    assert [one.history_user for one in silk.history.all()[:2]] == [ada, eve]


def test_somebody_says_when_they_are_not_there_and_how_many_meetings_they_want(client, silk):
    slot = silk.edition.slots.first()

    client.post(
        at(silk, "profile/edit/"), FACTS | {"delegates": "2", "closed": [slot.code], "meeting_cap": "5"}
    )

    silk.refresh_from_db()
    assert (silk.closed, silk.meeting_cap) == ([slot.code], 5)


@pytest.mark.parametrize(
    ("scores", "code"),
    [
        ({}, "scores_missing"),
        (GOOD | {"clarity": 0}, "score_too_low"),
        (dict.fromkeys(GOOD, 2), "score_too_low"),
    ],
)
def test_a_listing_is_accepted_with_enough_points_only(silk, ada, eve, scores, code):
    offer = _offer(silk, eve)
    submit(silk, by=eve)

    with pytest.raises(Refused, match=code):
        review(offer, "validated", scores=scores, by=ada)

    offer.refresh_from_db()
    assert offer.status == "submitted"


def _offer(organisation, by):
    from fairlink import cells
    from fairlink.tables import OFFERS

    record = cells.blank(OFFERS) | {"function": "trade", "title": {"en": "Scarves"}}
    return save_listing(organisation, "offer", record, by=by)


def test_what_was_never_sent_in_is_not_judged(silk, ada):
    with pytest.raises(Refused, match="not_submitted"):
        review(silk, "validated", by=ada)


def test_a_list_that_was_validated_elsewhere_is_accepted_at_once(open_edition, ada):
    some = list(open_edition.organisations.all()[:7])
    Organisation.objects.filter(pk__in=[one.pk for one in some]).update(status="submitted")

    assert validate_all(open_edition, [some[0].code], by=ada) == 1
    assert validate_all(open_edition, None, by=ada) == 6
    assert not open_edition.organisations.exclude(status="validated").exists()
    assert Review.objects.count() == 7


def test_a_person_is_shown_as_contact_with_their_consent_and_no_longer_than_that(client, silk, eve):
    Organisation.objects.filter(pk=silk.pk).update(status="validated")
    page = at(silk)
    client.post(at(silk, "profile/"), {"do": "contact", "shown": "yes"})
    client.logout()
    assert "eve@example.org" in client.get(page).content.decode()

    client.force_login(eve)
    client.post(at(silk, "profile/"), {"do": "contact"})
    client.logout()
    assert "eve@example.org" not in client.get(page).content.decode()
    assert Consent.objects.get(kind="contact").withdrawn


def test_a_certificate_is_stated_until_somebody_has_seen_it(client, silk, ada, eve):
    form = {"do": "keep", "name": "ISO 9001", "issuer": "TÜV", "number": "12", "expires": "2031-01-01"}
    client.post(at(silk, "profile/certificates/"), form)
    certificate = silk.certificates.get()
    submit(silk, by=eve)
    client.force_login(ada)
    client.post(
        f"/en/{silk.edition.slug}/queue/{silk.code}/",
        {"about": f"certificate-{certificate.pk}", "evidence": "verified"},
    )
    certificate.refresh_from_db()
    assert certificate.evidence == "verified"

    client.force_login(eve)
    client.post(
        at(silk, "profile/certificates/"), form | {"number": "13", "certificate": str(certificate.pk)}
    )
    certificate.refresh_from_db()
    assert certificate.evidence == "stated"  # another paper than the one that was seen


def test_a_certificate_that_has_run_out_is_none_and_says_so(client, silk):
    silk.certificates.create(name="ISO 9001", expires="2001-01-01")
    silk.certificates.create(name="CE")

    assert _record(silk)["certificates"] == ("CE",)
    assert "ran out on Jan. 1, 2001" in client.get(at(silk, "profile/certificates/")).content.decode()


def test_how_well_somebody_can_be_matched_counts_drafts(client, silk):
    before = client.get(at(silk, "profile/prospects/")).content.decode()
    assert "nobody can buy from you" in before
    need = silk.edition.listings.filter(side="need", function="trade").exclude(codes=[]).first()
    client.post(at(silk, "profile/offer/new/trade/"), OFFER | {"codes": ", ".join(need.codes)})

    after = client.get(at(silk, "profile/prospects/")).content.decode()

    assert need.organisation.code in after
    assert "nobody can buy from you" not in after


NASTY = (
    "\x00",
    "x" * 5000,
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "{{ 7*7 }}",
    "=1+1",
    "\u202e\ufffe",
    "-1",
    "99999999999999999999",
    "zz",
)


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_form_of_an_entry_breaks(client, silk, text, language):
    before = Organisation.objects.count()
    fields = dict.fromkeys(
        (*FACTS, "lei", "registration", "delegates", "nodes", "main", "expires", "codes"), text
    )
    fields |= {
        "title__en": text,
        "partnerships": text,
        "valid_until": text,
        "keywords": f"{text}, " * 9,
        "do": text,
    }
    paths = ("", "edit/", "certificates/", "offer/new/innovation/", "need/new/learning/")
    pages = [at(silk, f"profile/{path}").replace("/en/", f"/{language}/") for path in paths]
    pages.append(f"/{language}/{silk.edition.slug}/register/")
    for page in pages:
        for form in (fields, dict.fromkeys(fields, ""), fields | {"do": "keep", "name": text}):
            answer = client.post(page, form)
            assert answer.status_code in (200, 302, 404), (page, form)
            assert b"<script>alert(1)" not in answer.content

    assert Organisation.objects.count() == before
    assert mail.outbox == []


def test_a_button_for_what_is_chosen_says_so_when_nothing_is(client, open_edition, silk, eve, ada):
    Organisation.objects.filter(pk=silk.pk).update(status="submitted")
    client.post(at(silk, "profile/offer/new/trade/"), OFFER | {"codes": ""})
    offer = silk.listings.get()
    changed = OFFER | {"codes": "", "title__en": "Something else", "do": "ticked"}
    client.get(at(silk))  # reads what was said so far

    unticked = client.post(at(silk, f"profile/offer/{offer.code}/"), changed)
    client.force_login(ada)
    queue = client.post(f"/en/{open_edition.slug}/queue/", {"do": "some"}, follow=True)

    for page in (unticked, queue):
        assert "Nothing was chosen, so nothing has changed." in page.content.decode()
        assert "0 organisations" not in page.content.decode()
        assert "Saved." not in page.content.decode()
    offer.refresh_from_db()
    assert offer.title["en"] != "Something else"
    silk.refresh_from_db()
    assert silk.status == "submitted"
    assert not Review.objects.exists()


@pytest.mark.parametrize("words", ["ຜ້າໄໝທີ່ທໍດ້ວຍມື", "กาแฟคั่ว"])
def test_words_for_which_no_code_is_found_are_told_with_what_helps(client, silk, words):
    offer = OFFER | {"title__en": words, "summary__en": "", "keywords": "", "codes": ""}
    client.post(at(silk, "profile/offer/new/trade/"), offer)
    page = f"/{{}}{at(silk, f'profile/offer/{silk.listings.get().code}/')[3:]}"

    english, french = (client.get(page.format(tag)).content.decode() for tag in ("en", "fr"))

    assert "We found no code for these words." in english
    assert "in these languages: English, Chinese (Simplified), French" in english
    assert "Nous n’avons trouvé aucun code pour ces mots." in french
    client.post(page.format("en"), offer | {"codes": "5007"})
    assert "We found no code" not in client.get(page.format("en")).content.decode()


def test_codes_are_proposed_or_what_helps_is_told_before_anything_is_saved(client, silk):
    page = at(silk, "profile/offer/new/trade/")
    asked = OFFER | {"codes": "", "do": "suggest"}

    proposed = client.post(page, asked).content.decode()
    unknown = client.post(page, asked | {"title__en": "ຜ້າໄໝ", "summary__en": ""}).content.decode()

    assert 'name="proposed" value="6214"' in proposed
    assert "We found no code for these words." in unknown
    assert not silk.listings.exists()


def test_an_empty_form_is_not_told_that_no_code_was_found(client, silk):
    assert "We found no code" not in client.get(at(silk, "profile/offer/new/trade/")).content.decode()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("www.example.org", "https://www.example.org"),
        ("example.org/en?a=1", "https://example.org/en?a=1"),
        ("HTTP://example.org:8000", "http://example.org:8000"),
        ("http://example.org", "http://example.org"),
    ],
)
def test_a_web_address_is_written_as_people_do_and_mended_as_in_a_list(
    client, open_edition, eve, written, kept
):
    client.force_login(eve)
    page = f"/en/{open_edition.slug}/register/"
    client.post(page, FACTS | {"website": written})

    field = re.search(r"<(\w+)[^>]*name=\"website\"[^>]*>", client.get(page).content.decode())

    assert open_edition.organisations.get(code="vientiane-silk-weavers").website == kept
    assert handwriting.understood(written, ORGANISATIONS.column("website")) == kept
    assert field[1] == "input"
    assert 'inputmode="url"' in field[0]


def test_what_is_no_web_address_is_told_so(client, open_edition, eve):
    client.force_login(eve)

    page = client.post(f"/en/{open_edition.slug}/register/", FACTS | {"website": "ask at the booth"})

    assert page.context["form"].errors["website"] == [
        "“ask at the booth” is not a web address. Write it as in the browser’s address bar, such as www.example.org."
    ]
