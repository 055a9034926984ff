"""Organisations that the organiser keeps apart: in no list, no timetable and no wish, and nobody else learns of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from fairlink.errors import BadExpo
from fairlink.tables import Records
from fairlink_site import snapshot
from fairlink_site.actions import wishes
from fairlink_site.actions.editions import open_edition
from fairlink_site.actions.exclusions import keep_apart, let_meet
from fairlink_site.actions.meetings.making import make_timetable
from fairlink_site.actions.meetings.publishing import publish
from fairlink_site.actions.partners import recommend_partners
from fairlink_site.actions.people import appoint
from fairlink_site.actions.records import index
from fairlink_site.actions.setup import copy_edition
from fairlink_site.models import Edition, Exclusion, Meeting, Person, Suggestion, UnplacedMeeting, Wish
from fairlink_site.refusals import Refused

REASON = "Both belong to the Sabai group"


@pytest.fixture
def real(edition):
    edition.sample, edition.phase = False, "matching"
    edition.save()
    return edition


@pytest.fixture
def pair(real):
    """Two who stand in each other's lists and meet in the timetable."""
    for meeting in Meeting.objects.filter(run__edition=real, run__current=True):
        one, other = (seat.organisation for seat in meeting.seats.select_related("organisation"))
        lists = Suggestion.objects.filter(run__edition=real, run__current=True)
        if lists.filter(organisation=one, partner=other) and lists.filter(organisation=other, partner=one):
            return one, other
    pytest.fail("nobody in the sample is suggested to the other and meets it")


@pytest.fixture
def dan(real):
    made = Person.objects.create_user("dan@example.org", name="Dan")
    appoint(made, real, role="organiser")
    return made


@pytest.fixture
def organiser(client, dan):
    client.force_login(dan)
    return client


def member(organisation, name):
    made = Person.objects.create_user(f"{name}@example.org", name=name)
    appoint(made, organisation.edition, role="exhibitor", organisation=organisation)
    return made


def text(answer):
    return answer.content.decode()


def page(edition):
    return f"/en/{edition.slug}/setup/exclusions/"


# The organiser's page


def test_two_are_kept_apart_by_name_and_short_name_and_brought_together_again(organiser, real, pair, dan):
    one, other = pair

    organiser.post(page(real), {"organisation": one.name["en"], "partner": other.code, "reason": REASON})

    (found,) = real.exclusions.all()
    assert (found.organisation, found.partner, found.reason) == (one, other, REASON)
    assert found.history.get().history_user == dan
    shown = text(organiser.get(page(real)))
    assert REASON in shown
    assert "They meet in the current timetable." in shown
    assert f"{one.code} – {other.code}" in shown

    asked = f"{page(real)}{found.pk}/"
    assert "Keep these two apart no longer?" in text(organiser.get(asked))
    assert real.exclusions.exists()
    organiser.post(asked)

    assert not real.exclusions.exists()
    trail = text(organiser.get(f"/en/{real.slug}/trail/", {"table": "Exclusion", "code": other.code}))
    assert trail.count(f"({one.code}) – ") == 2
    assert [done for done in ("made", "removed") if f"<small>{done}</small>" not in trail] == []


def test_of_several_that_fit_the_organiser_chooses_one(organiser, real, pair):
    for code, name in (("s1", "Sabai Cells"), ("s2", "Sabai Cars"), ("s3", "Seller of Sabia")):
        real.organisations.create(
            code=code, name={"en": name}, kind="enterprise", role="exhibitor", tokens=f"{name.lower()} sabai"
        )
    index(list(real.organisations.filter(code__in=("s1", "s2", "s3"))))
    asked = {"organisation": pair[0].code, "partner": "Sabai"}

    answer = text(organiser.post(page(real), asked))

    assert "Choose which one is meant, or write more of its name; then save again." in answer
    assert "Sabai Cells · s1" in answer
    assert "Seller of Sabia" not in answer
    assert not real.exclusions.exists()
    organiser.post(page(real), asked | {"partner_is": "s2"})
    assert [one.partner.code for one in real.exclusions.all()] == ["s2"]


@pytest.mark.parametrize(
    ("partner", "sentence"),
    [
        ("{one}", "An organisation cannot be kept apart from itself."),
        ("{other}", "These two are kept apart already."),
        ("Nobody of that name", "Nobody here is called that."),
        ("", "This field is required."),
    ],
)
def test_a_pair_is_of_two_and_stands_once_in_either_order(organiser, real, pair, partner, sentence):
    one, other = pair
    keep_apart(other, one)

    answer = organiser.post(
        page(real),
        {"organisation": one.code, "partner": partner.format(one=one.code, other=other.code)},
    )

    assert sentence in text(answer)
    assert real.exclusions.count() == 1


def test_the_database_holds_a_pair_once_in_either_order(real, pair):
    one, other = pair
    keep_apart(one, other)

    with pytest.raises(IntegrityError), transaction.atomic():
        Exclusion.objects.create(edition=real, organisation=other, partner=one)


# What comes of it


def test_kept_apart_they_leave_the_lists_at_once_and_the_timetable_with_the_next(client, real, pair):
    one, other = pair
    fay = member(one, "fay")
    client.force_login(fay)
    mine = f"/en/{real.slug}/organisations/{one.code}/"
    assert f"/organisations/{other.code}/" in text(client.get(mine))

    keep_apart(one, other, reason=REASON)

    assert f"/organisations/{other.code}/" not in text(client.get(mine))
    recommend_partners(real)
    run = publish(make_timetable(real))
    both = {one.pk, other.pk}
    assert not Suggestion.objects.filter(run__current=True, organisation__in=both, partner__in=both).exists()
    for meeting in Meeting.objects.filter(run=run, seats__organisation=one):
        assert other.pk not in meeting.seats.values_list("organisation", flat=True)


def test_a_wish_between_them_is_refused_with_words_that_tell_nothing(client, real, pair):
    one, other = pair
    fay = member(one, "fay")
    keep_apart(other, one, reason=REASON)
    client.force_login(fay)
    address = f"/en/{real.slug}/organisations/{one.code}/wishes/"

    answer = text(client.post(address, {"do": "want", "partner": other.code}, follow=True))

    assert "They cannot be met at the moment." in answer
    assert REASON not in answer
    assert not Wish.objects.exists()


def test_what_waits_cannot_be_accepted_and_comes_back_when_they_are_apart_no_longer(real, pair):
    one, other = pair
    fay, lin = member(one, "fay"), member(other, "lin")
    wish = wishes.send(one, other, "want", by=fay)
    found = keep_apart(one, other)

    with pytest.raises(Refused) as no:
        wishes.answer(wish, "accepted", by=lin)
    assert no.value.code == "not_to_be_met"

    let_meet(found)
    assert wishes.answer(wish, "accepted", by=lin).answer == "accepted"


def test_agreed_meetings_of_two_kept_apart_are_told_to_organisers_alone(client, organiser, real, pair, dan):
    one, other = pair
    fay = member(one, "fay")
    Wish.objects.create(edition=real, organisation=one, partner=other, kind="must", answer="accepted")
    keep_apart(one, other, reason=REASON, by=dan)
    run = publish(make_timetable(real))
    real.phase = "published"
    real.save()
    calendar = f"/en/{real.slug}/organisations/{one.code}/calendar/"

    assert UnplacedMeeting.objects.get(run=run, reason__0="excluded_pair").remedy[0] == "lift_exclusion"
    assert "They have agreed to meet. No timetable will hold it" in text(organiser.get(page(real)))
    assert "The organiser keeps the two apart" in text(organiser.get(calendar))
    client.force_login(fay)
    for address in (
        calendar,
        f"/en/{real.slug}/organisations/{one.code}/",
        f"/en/{real.slug}/organisations/{one.code}/wishes/",
        f"/en/{real.slug}/organisations/{other.code}/",
    ):
        seen = text(client.get(address))
        assert "apart" not in seen, address
        assert REASON not in seen, address


def test_no_table_that_participants_take_away_names_the_pair(client, organiser, real, pair):
    one, other = pair
    fay = member(one, "fay")
    keep_apart(one, other, reason=REASON)
    whole = b"".join(organiser.get(f"/en/{real.slug}/exports/whole/exclusions.csv")).decode("utf-8-sig")

    assert whole.splitlines()[1:] == [f"{one.code},{other.code},{REASON}"]
    client.force_login(fay)
    for scope in ("public", "own", "whole"):
        assert client.get(f"/en/{real.slug}/exports/{scope}/exclusions.csv").status_code == 404
    assert REASON.encode() not in client.get(f"/en/{real.slug}/exports/own/everything.xlsx").content


# Folders, copies


def test_a_folder_brings_pairs_and_the_site_gives_them_back(db, few_records):
    one, other = (row["id"] for row in few_records["organisations"][:2])
    rows = [{"organisation": other, "partner": one, "reason": REASON}]
    first = {**few_records["edition"][0], "id": "with-pairs"}
    made = open_edition(Records({**few_records.tables, "edition": [first], "exclusions": rows}))

    assert snapshot.read(made)["exclusions"] == rows
    assert len(snapshot.snapshot(made).exclusions.first) == 1
    assert len(snapshot.with_drafts(made, made.organisations.get(code=one)).exclusions.first) == 1
    made.organisations.filter(code=one).update(status="draft")
    assert snapshot.read(made)["exclusions"] == []
    assert len(snapshot.with_drafts(made, made.organisations.get(code=one)).exclusions.first) == 1


def test_a_pair_comes_along_in_a_copy_where_both_do(real, pair, dan):
    one, other = pair
    keep_apart(one, other, reason=REASON)
    hidden = real.organisations.visible().exclude(pk__in=(one.pk, other.pk)).first()
    keep_apart(hidden, one)
    real.organisations.filter(pk=hidden.pk).update(status="submitted")
    later = {"start": real.start + timedelta(days=700), "end": real.end + timedelta(days=700)}
    facts = {"name": {"en": "Next"}, "city": {}, **later}

    alone = copy_edition(real, facts | {"id": "alone"}, by=dan)
    both = copy_edition(real, facts | {"id": "both"}, organisations=True, by=dan)

    assert list(alone.exclusions.all()) == []
    pairs = both.exclusions.values_list("organisation__code", "partner__code", "reason")
    assert list(pairs) == [(one.code, other.code, REASON)]
    assert Edition.objects.get(pk=both.pk).exclusions.get().organisation.edition == both


def test_pairs_are_of_one_edition(real, pair, few_records):
    tables = dict(few_records.tables) | {"edition": [{**few_records["edition"][0], "id": "neighbour"}]}
    elsewhere = open_edition(Records(tables)).organisations.first()

    with pytest.raises(Refused):
        keep_apart(pair[0], elsewhere)
    with pytest.raises(BadExpo):
        keep_apart(pair[0], pair[0])
