"""Wishes to meet: asked, answered, taken back, expired; told to whom they concern, and a never told to nobody."""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import fairlink
from fairlink_site import letters, privacy
from fairlink_site.actions import wishes as acts
from fairlink_site.actions.meetings.making import make_timetable
from fairlink_site.actions.meetings.publishing import publish
from fairlink_site.actions.messages import set_preference
from fairlink_site.actions.people import appoint
from fairlink_site.actions.privacy import erase
from fairlink_site.actions.retention import tidy
from fairlink_site.models import Letter, Notice, Person, UnplacedMeeting, Wish, WishMessage
from fairlink_site.models.organisations import VALIDATED
from fairlink_site.refusals import Refused
from fairlink_site.snapshot import read, snapshot

DAY = timedelta(days=1)
NOW = timezone.now()


@pytest.fixture
def real(edition):
    edition.sample, edition.phase = False, "matching"
    edition.save()
    return edition


@pytest.fixture
def pair(real, exhibitor):
    """Two who are on each other's list."""
    other = next(
        one
        for one in exhibitor.suggestions.select_related("partner")
        if any(reason[0] == "mutual" for reason in one.reasons)
    )
    return exhibitor, other.partner


@pytest.fixture
def ours(pair):
    return pair[0]


@pytest.fixture
def theirs(pair):
    return pair[1]


def member(organisation, name, language=""):
    made = Person.objects.create_user(f"{name}@example.org", "quay-lantern-9", name=name)
    appoint(made, organisation.edition, role="exhibitor", organisation=organisation)
    if language:
        set_preference(made, language=language)
    return made


@pytest.fixture
def fay(ours):
    """Of ours; reads French."""
    return member(ours, "fay", "fr")


@pytest.fixture
def lin(theirs):
    """Of theirs; reads Chinese."""
    return member(theirs, "lin", "zh-Hans")


def ahead(edition):
    """The pairs that the timetable would try first."""
    expo = snapshot(edition)
    found = fairlink.partners.wanted(expo, fairlink.partners.recommend(expo))
    return {
        frozenset((expo.ids[one], expo.ids[other]))
        for one, other, first in zip(found.first, found.second, found.ahead, strict=True)
        if first
    }


def told(person):
    """The kinds of notice that somebody has, oldest first."""
    return list(person.notices.order_by("pk").values_list("kind", flat=True))


def refused(code, act, *arguments, **more):
    with pytest.raises(Refused) as no:
        act(*arguments, **more)
    assert no.value.code == code
    assert str(no.value.words)


# Asking and answering


def test_a_wish_waits_takes_no_time_and_becomes_a_wanted_meeting_when_it_is_accepted(
    real, ours, theirs, fay, lin
):
    wish = acts.send(ours, theirs, "must", message="Bonjour !", by=fay)

    assert (wish.answer, wish.due - wish.sent) == ("pending", 7 * DAY)
    assert ahead(real) == set()
    assert (told(fay), told(lin)) == ([], ["wish_received"])

    acts.answer(wish, "accepted", words="好的", by=lin)

    assert ahead(real) == {frozenset((ours.code, theirs.code))}
    assert (told(fay), told(lin)) == (["wish_accepted"], ["wish_received"])
    assert [(one.reply, one.text) for one in wish.messages.all()] == [(False, "Bonjour !"), (True, "好的")]


def test_an_accepted_wish_of_strangers_gets_a_time_in_the_next_timetable_and_others_keep_theirs(
    real, ours, fay
):
    known = {*ours.suggestions.values_list("partner", flat=True), ours.pk}
    stranger = real.organisations.visible().exclude(pk__in=known).exclude(suggested_to__isnull=True).first()
    before = real.runs.get(kind="meetings", current=True).meetings.count()
    wish = acts.send(ours, stranger, "want", by=fay)
    acts.answer(wish, "accepted", by=member(stranger, "gil"))

    run = publish(make_timetable(real))

    held = run.meetings.filter(seats__organisation=ours) & run.meetings.filter(seats__organisation=stranger)
    assert run.seats.filter(organisation=ours, meeting__seats__organisation=stranger).count() == 1, held
    assert run.meetings.count() >= before - 5


def test_asking_somebody_who_asks_is_accepting(real, ours, theirs, fay, lin):
    acts.send(ours, theirs, "want", by=fay)

    wish = acts.send(theirs, ours, "must", message="Gladly", by=lin)

    assert (wish.organisation, wish.answer) == (ours, "accepted")
    assert Wish.objects.count() == 1
    assert told(fay) == ["wish_accepted"]
    refused("wish_agreed", acts.send, theirs, ours, "want", by=lin)
    refused("wished_already", acts.send, ours, theirs, "want", by=fay)


def test_who_was_declined_cannot_ask_again_but_can_be_asked(real, ours, theirs, fay, lin):
    wish = acts.send(ours, theirs, "want", by=fay)
    acts.answer(wish, "declined", words="No time", by=lin)

    assert told(fay) == ["wish_declined"]
    refused("wish_declined", acts.send, ours, theirs, "must", by=fay, now=NOW + 30 * DAY)
    refused("wish_over", acts.answer, wish, "accepted", by=lin)
    expo = snapshot(real)
    both = {expo.ids.index(ours.code), expo.ids.index(theirs.code)}
    found = fairlink.partners.wanted(expo, fairlink.partners.recommend(expo))
    assert both not in [{one, other} for one, other in zip(found.first, found.second, strict=True)]

    again = acts.send(theirs, ours, "want", by=lin)
    acts.answer(again, "accepted", by=fay)

    assert ahead(real) == {frozenset((ours.code, theirs.code))}


def test_what_was_agreed_can_be_taken_back_by_either_and_the_other_is_told(real, ours, theirs, fay, lin):
    wish = acts.send(ours, theirs, "want", by=fay)
    acts.answer(wish, "accepted", by=lin)
    acts.withdraw(wish, by=fay)

    assert told(lin) == ["wish_received", "wish_withdrawn"]
    assert ahead(real) == set()

    wish = acts.send(ours, theirs, "want", by=fay, now=NOW + 2 * DAY)
    acts.answer(wish, "accepted", by=lin, now=NOW + 2 * DAY)
    acts.answer(wish, "declined", by=lin, now=NOW + 2 * DAY)

    assert told(fay) == ["wish_accepted", "wish_accepted", "wish_declined"]
    assert ahead(real) == set()


def test_nobody_is_asked_twice_within_a_day(real, ours, theirs, fay, lin):
    wish = acts.send(ours, theirs, "want", by=fay, now=NOW)
    acts.withdraw(wish, by=fay, now=NOW)
    refused("wish_too_soon", acts.send, ours, theirs, "want", by=fay, now=NOW + DAY / 2)
    acts.never(ours, theirs, by=fay, now=NOW)
    acts.take_back(ours, theirs, by=fay)
    refused("wish_too_soon", acts.send, ours, theirs, "want", by=fay, now=NOW + DAY / 2)

    acts.send(ours, theirs, "want", message="Again", by=fay, now=NOW + 2 * DAY)

    assert told(lin) == ["wish_received", "wish_received"]
    assert Wish.objects.count() == 1


def test_what_cannot_be_asked_is_refused_with_its_reason(real, ours, theirs, fay, lin):
    refused("wish_for_itself", acts.send, ours, ours, "want", by=fay)
    refused("unknown_wish", acts.send, ours, theirs, "never", by=fay)
    refused("message_too_long", acts.send, ours, theirs, "want", message="x" * 601, by=fay)
    theirs.status = "submitted"
    theirs.save()
    refused("not_to_be_met", acts.send, ours, theirs, "want", by=fay)
    theirs.status = VALIDATED
    theirs.save()
    real.wish_cap = 1
    real.save()
    others = real.organisations.visible().exclude(pk__in=(ours.pk, theirs.pk))
    acts.send(ours, theirs, "want", message="x" * 600, by=fay)
    refused("too_many_wishes", acts.send, ours, others[0], "want", by=fay)
    for phase in ("registration", "closed"):
        real.phase = phase
        real.save()
        refused("wishes_closed", acts.send, ours, others[0], "want", by=fay)
        refused("wishes_closed", acts.answer, Wish.objects.get(), "accepted", by=lin)

    assert Wish.objects.count() == 1


# Never


def test_a_never_is_told_to_nobody_and_rules_the_pair_out(real, ours, theirs, fay, lin):
    acts.never(theirs, ours, by=lin)

    assert (told(fay), told(lin)) == ([], [])
    expo = snapshot(real)
    found = fairlink.partners.recommend(expo)
    a, b = (expo.ids.index(one.code) for one in (ours, theirs))
    assert b not in found.partner[found.of(a)]
    assert a not in found.partner[found.of(b)]


def test_who_asks_somebody_who_said_never_seems_to_be_declined_some_hours_later(
    client, real, ours, theirs, fay, lin
):
    acts.never(theirs, ours, by=lin)
    wish = acts.send(ours, theirs, "want", by=fay, now=NOW)

    assert (wish.answer, told(lin)) == ("pending", [])
    client.force_login(lin)
    assert fay.name not in client.get(f"/en/{real.slug}/organisations/{theirs.code}/wishes/").content.decode()
    refused("wish_over", acts.answer, wish, "accepted", by=lin)
    assert acts.expire(NOW + timedelta(minutes=59))["declined"] == 0

    acts.expire(NOW + DAY)

    wish.refresh_from_db()
    assert (wish.answer, told(fay), told(lin)) == ("declined", ["wish_declined"], [])


def test_a_never_declines_what_waits_and_drops_what_was_agreed(real, ours, theirs, fay, lin):
    acts.send(ours, theirs, "want", by=fay)
    acts.never(theirs, ours, by=lin)

    assert told(fay) == ["wish_declined"]
    assert Notice.objects.filter(kind="wish_declined").get().data.keys() == {"organisation", "partner"}

    acts.take_back(theirs, ours, by=lin)
    back = acts.send(theirs, ours, "want", message="After all", by=lin)
    acts.answer(back, "accepted", by=fay)
    acts.never(theirs, ours, by=lin)

    assert told(fay) == ["wish_declined", "wish_received", "wish_withdrawn"]
    assert ahead(real) == set()
    assert not WishMessage.objects.filter(wish=back).exists()


def test_no_calendar_tells_who_said_never(client, real, ours, theirs, fay, lin):
    """A wish that an organiser brought stands against a never that was said later."""
    Wish.objects.create(edition=real, organisation=ours, partner=theirs, kind="must")
    Wish.objects.create(edition=real, organisation=theirs, partner=ours, kind="never")
    run = publish(make_timetable(real))
    real.phase = "published"
    real.save()
    assert UnplacedMeeting.objects.filter(run=run, reason__0="never_pair").count() == 1

    client.force_login(fay)
    page = client.get(f"/en/{real.slug}/organisations/{ours.code}/calendar/").content.decode()

    assert "never" not in page


# Time


def test_a_wish_without_an_answer_expires_at_once_and_its_sender_is_told_once(real, ours, theirs, fay, lin):
    wish = acts.send(ours, theirs, "want", by=fay, now=NOW - 8 * DAY)

    assert wish.standing() == "expired"
    assert [row["answer"] for row in wishes_of(real)] == ["expired"]
    refused("wish_over", acts.answer, wish, "accepted", by=lin)

    assert acts.expire()["expired"] == 1
    assert acts.expire() == {"expired": 0, "declined": 0, "reminded": 0}

    wish.refresh_from_db()
    assert (wish.answer, wish.answered) == ("expired", wish.due)
    assert (told(fay), told(lin)) == (["wish_expired"], ["wish_received"])
    assert acts.send(ours, theirs, "must", by=fay).answer == "pending"


def wishes_of(edition):
    return read(edition)["wishes"]


def test_who_has_not_answered_is_reminded_two_days_before_once(real, ours, theirs, fay, lin):
    acts.send(ours, theirs, "want", by=fay, now=NOW)

    assert acts.expire(NOW + 4.9 * DAY)["reminded"] == 0
    assert acts.expire(NOW + 5 * DAY)["reminded"] == 1
    assert acts.expire(NOW + 6 * DAY)["reminded"] == 0

    assert (told(fay), told(lin)) == ([], ["wish_received", "wish_expiring"])


def test_who_has_had_no_time_to_forget_is_not_reminded(real, ours, theirs, fay, lin):
    real.wish_days = 1
    real.save()
    acts.send(ours, theirs, "want", by=fay, now=NOW)

    acts.expire(NOW + DAY / 2)

    assert told(lin) == ["wish_received"]


def test_after_the_expo_nobody_is_told_that_a_wish_expired(real, ours, theirs, fay, lin):
    acts.send(ours, theirs, "want", by=fay, now=NOW - 8 * DAY)
    real.phase = "closed"
    real.save()

    acts.expire()

    assert told(fay) == []
    assert Wish.objects.get().answer == "expired"


@pytest.mark.parametrize("seed", range(8))
def test_whatever_two_say_in_whatever_order_the_laws_of_wishes_hold(real, ours, theirs, fay, lin, seed):
    chance, now = random.Random(seed), NOW
    sides = [(ours, theirs, fay), (theirs, ours, lin)]
    for _ in range(60):
        now += chance.choice([timedelta(0), timedelta(hours=5), DAY, 3 * DAY])
        mine, other, by = chance.choice(sides)
        asked = Wish.objects.filter(organisation=other, partner=mine).exclude(kind="never").first()
        sent = Wish.objects.filter(organisation=mine, partner=other).exclude(kind="never").first()
        acts_now = {
            "send": lambda m=mine, o=other, b=by, n=now: acts.send(
                m, o, chance.choice(acts.ASKED), by=b, now=n
            ),
            "never": lambda m=mine, o=other, b=by, n=now: acts.never(m, o, by=b, now=n),
            "back": lambda m=mine, o=other, b=by: acts.take_back(m, o, by=b),
            "answer": lambda a=asked, b=by, n=now: (
                a and acts.answer(a, chance.choice(["accepted", "declined"]), by=b, now=n)
            ),
            "withdraw": lambda s=sent, b=by, n=now: s and acts.withdraw(s, by=b, now=n),
            "expire": lambda n=now: acts.expire(n),
        }
        before = list(Wish.objects.order_by("pk").values())
        try:
            acts_now[chance.choice(list(acts_now))]()
        except Refused:
            assert list(Wish.objects.order_by("pk").values()) == before  # a no changes nothing
        rows = {one.organisation_id: one for one in Wish.objects.all()}
        states = {key: "never" if one.kind == "never" else one.standing(now) for key, one in rows.items()}
        assert len(states) == Wish.objects.count() <= 2
        if "never" in states.values():
            assert "accepted" not in states.values()
        assert list(states.values()).count("accepted") <= 1
        if "accepted" in states.values():
            assert "pending" not in states.values()
        assert all(one.due for one in rows.values() if states[one.organisation_id] == "pending")


# Letters


def test_each_side_is_written_to_in_its_own_language(real, ours, theirs, fay, lin):
    wish = acts.send(ours, theirs, "must", message="Secret de famille", by=fay)
    acts.answer(wish, "accepted", by=lin)

    to_lin, to_fay = Letter.objects.order_by("pk")
    assert (to_lin.to, to_lin.language, to_fay.to, to_fay.language) == (lin.email, "zh-Hans", fay.email, "fr")
    assert f"/zh-hans/{real.slug}/organisations/{theirs.code}/wishes/" in to_lin.body
    assert f"/fr/{real.slug}/organisations/{ours.code}/wishes/" in to_fay.body
    assert "Secret" not in to_lin.body + to_fay.body  # what was written is read on the site


def test_the_day_until_which_a_wish_waits_is_written_as_the_language_writes_it(real, ours, theirs, fay, lin):
    acts.send(ours, theirs, "want", by=fay)

    notice = lin.notices.get()

    day = notice.data["until"]
    assert day not in letters.words_of(notice).body
    assert str(int(day[-2:])) in letters.words_of(notice).body


# Pages


def page_of(client, organisation, language="en"):
    return client.get(f"/{language}/{organisation.edition.slug}/organisations/{organisation.code}/wishes/")


def post(client, organisation, **form):
    return client.post(f"/en/{organisation.edition.slug}/organisations/{organisation.code}/wishes/", form)


def test_the_other_side_sees_what_it_would_gain_and_why(client, real, ours, theirs, fay, lin):
    suggestion = ours.suggestions.get(partner=theirs)
    acts.send(ours, theirs, "want", message="<b>Salut</b>\nà vous", by=fay)
    client.force_login(lin)

    answer = page_of(client, theirs)

    (row,) = answer.context["asking_us"]
    assert (row.why.gain, row.why.partner_gain) == (suggestion.partner_gain, suggestion.gain)
    assert row.why.sentences
    page = answer.content.decode()
    assert "&lt;b&gt;Salut&lt;/b&gt;<br>à vous" in page
    assert '<blockquote lang="" dir="auto">' in page
    assert "Wishes (1)" in page
    assert "1 wish to meet you waits for your answer" in client.get(f"/en/{real.slug}/").content.decode()
    assert "Wishes (1)" in client.get("/en/me/").content.decode()


def test_who_stands_only_on_the_others_list_reads_it_from_their_own_side(
    client, real, ours, theirs, fay, lin
):
    suggestion = ours.suggestions.get(partner=theirs)
    theirs.suggestions.filter(partner=ours).delete()
    acts.send(ours, theirs, "want", by=fay)
    client.force_login(lin)

    (row,) = page_of(client, theirs).context["asking_us"]

    assert (row.why.gain, row.why.partner_gain) == (suggestion.partner_gain, suggestion.gain)
    codes = {told.code for told in row.why.sentences}
    assert ("sells" in codes) == bool(suggestion.need)
    assert ("buys" in codes) == bool(suggestion.partner_need)
    assert sum(told.mine for told in row.why.sentences) == suggestion.partner_gain
    assert sum(told.theirs for told in row.why.sentences) == suggestion.gain
    page = page_of(client, theirs).content.decode()
    assert f"+{max(told.mine for told in row.why.sentences)} ·" in page


def test_who_is_on_no_list_is_shown_what_their_codes_say_without_points(client, real, ours, theirs, fay, lin):
    for one, other in ((ours, theirs), (theirs, ours)):
        one.suggestions.filter(partner=other).delete()
    acts.send(ours, theirs, "want", by=fay)
    client.force_login(lin)

    (row,) = page_of(client, theirs).context["asking_us"]

    assert row.why.gain is None
    assert {"same_code", "same_node"} & {told.code for told in row.why.sentences}


def test_a_page_of_wishes_takes_as_many_queries_for_many_as_for_few(client, real, ours, theirs, fay):
    client.force_login(fay)
    by = member(theirs, "max")
    others = list(real.organisations.visible().exclude(pk=ours.pk)[:40])

    def asked(some):
        for one in some:
            acts.send(one, ours, "want", message="Hello", by=by)
        with CaptureQueriesContext(connection) as captured:
            answer = page_of(client, ours)
        return len(captured), answer

    few, _ = asked(others[:10])
    many, answer = asked(others[10:])

    assert many == few
    assert len(answer.context["asking_us"]) == 20
    assert len(answer.content) < 100_000


def test_buttons_do_what_they_say(client, real, ours, theirs, fay, lin):
    client.force_login(fay)
    answer = post(client, ours, do="want", partner=theirs.code, message="Bonjour", **{"from": "list"})
    assert answer["Location"] == f"/en/{real.slug}/organisations/{ours.code}/#with-{theirs.code}"
    assert "You have asked" in client.get(answer["Location"]).content.decode()
    client.force_login(lin)
    assert (
        "They wish to meet you." in client.get(f"/en/{real.slug}/organisations/{ours.code}/").content.decode()
    )
    post(client, theirs, do="accept", partner=ours.code, message="欢迎")
    assert Wish.objects.get().answer == "accepted"
    assert "Not yet placed" in page_of(client, theirs).content.decode()
    client.force_login(fay)
    assert "欢迎" in page_of(client, ours).content.decode()
    post(client, ours, do="withdraw", partner=theirs.code)
    assert Wish.objects.get().answer == "withdrawn"
    post(client, ours, do="never", partner=theirs.code)
    assert (
        "You have said: not this one."
        in client.get(f"/en/{real.slug}/organisations/{theirs.code}/").content.decode()
    )
    post(client, ours, do="back", partner=theirs.code)
    assert not Wish.objects.filter(kind="never").exists()
    assert post(client, ours, do="sing", partner=theirs.code).status_code == 404
    assert post(client, ours, do="want", partner="nobody\x00").status_code == 404


def test_what_was_written_is_not_lost_when_it_cannot_be_sent(client, real, ours, theirs, fay):
    client.force_login(fay)
    real.wish_cap = 1
    real.save()
    other = real.organisations.visible().exclude(pk__in=(ours.pk, theirs.pk)).first()
    acts.send(ours, other, "want", by=fay)

    answer = post(client, ours, do="want", partner=theirs.code, message="Une longue lettre")

    assert answer.status_code == 409
    assert "Une longue lettre" in answer.content.decode()
    assert "At most 1 of your wishes" in answer.content.decode()


def test_a_meeting_that_was_agreed_shows_its_time_once_the_timetable_is_told(
    client, real, ours, theirs, fay, lin
):
    acts.answer(acts.send(ours, theirs, "must", by=fay), "accepted", by=lin)
    proposal = make_timetable(real)
    client.force_login(fay)
    assert "Not yet placed" in page_of(client, ours).content.decode()

    publish(proposal, by=fay)

    (row,) = page_of(client, ours).context["agreed"]

    assert row.seat
    assert row.seat.slot.start.strftime("%H:%M") in page_of(client, ours).content.decode()


def test_the_organiser_sees_numbers_and_a_list_but_not_what_was_written(client, real, ours, theirs, fay, lin):
    acts.send(ours, theirs, "want", message="Entre nous", by=fay)
    boss = Person.objects.create_user("boss@example.org")
    appoint(boss, real, role="organiser")
    client.force_login(boss)

    assert page_of(client, ours).status_code == 404
    desk = client.get(f"/en/{real.slug}/organise/")
    assert desk.context["wishes"] == [("pending", 1)]
    lines = b"".join(client.get(f"/en/{real.slug}/exports/whole/wishes.csv").streaming_content).decode(
        "utf-8-sig"
    )
    assert lines.splitlines() == [
        "organisation,partner,kind,answer,group,choose",
        f"{ours.code},{theirs.code},want,pending,,1",
    ]
    for path in ("messages/", "trail/", "organise/"):
        assert "Entre nous" not in client.get(f"/en/{real.slug}/{path}").content.decode()
    page = client.get(f"/en/{real.slug}/trail/?table=Wish").content.decode()
    assert f"({ours.code}) → " in page
    assert f"({theirs.code})" in page


def test_participants_take_their_own_wishes_along_and_nobody_elses_never(
    client, real, ours, theirs, fay, lin
):
    other = real.organisations.visible().exclude(pk__in=(ours.pk, theirs.pk)).first()
    acts.send(ours, theirs, "want", message="Bonjour", by=fay)
    acts.never(other, ours, by=lin)
    acts.send(other, theirs, "must", by=lin)
    acts.never(ours, other, by=fay)
    client.force_login(fay)

    answer = client.get(f"/en/{real.slug}/exports/own/wishes.csv")

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[1:]
    assert sorted(lines) == sorted(
        [f"{ours.code},{theirs.code},want,pending,,1", f"{ours.code},{other.code},never,,,1"]
    )


def test_what_was_agreed_stays_while_an_entry_is_looked_at_again(client, real, ours, theirs, fay, lin):
    acts.send(ours, theirs, "must", by=fay)
    acts.answer(theirs.wishes_in.get(organisation=ours), "accepted", by=lin)
    type(ours).objects.filter(pk=ours.pk).update(status="submitted")

    client.force_login(lin)
    page = client.get(f"/en/{real.slug}/organisations/{theirs.code}/wishes/").content.decode()
    assert ours.code in page.partition('aria-labelledby="agreed"')[2]
    client.force_login(fay)
    page = client.get(f"/en/{real.slug}/organisations/{ours.code}/wishes/").content.decode()
    assert "as soon as the organiser has validated your entry" in page


def test_who_is_no_longer_to_be_seen_is_seen_on_no_page_of_wishes(client, real, ours, theirs, fay, lin):
    other = real.organisations.visible().exclude(pk__in=(ours.pk, theirs.pk)).first()
    acts.send(theirs, ours, "want", by=lin)
    acts.send(ours, other, "want", by=fay)
    real.organisations.filter(pk__in=(theirs.pk, other.pk)).update(status="submitted")
    client.force_login(fay)

    page = page_of(client, ours).content.decode()

    assert theirs.code not in page
    assert other.code not in page
    assert "Wishes (1)" not in page


@pytest.mark.parametrize("language", ["zh-hans", "fr", "es", "ar", "ru"])
def test_the_page_is_whole_in_every_language(client, real, ours, theirs, fay, lin, language):
    acts.send(ours, theirs, "want", by=fay)
    client.force_login(lin)

    page = page_of(client, theirs, language).content.decode()

    for english in ("Accept<", "Decline<", "They wish", "You have asked", "left to answer"):
        assert english not in page


# Privacy


def test_what_somebody_wrote_goes_with_them_and_is_theirs_to_take(real, ours, theirs, fay, lin):
    wish = acts.send(ours, theirs, "want", message="Bonjour", by=fay)
    acts.answer(wish, "accepted", words="好的", by=lin)

    assert list(privacy.rows(fay, "fairlink.WishMessage").values_list("text", flat=True)) == ["Bonjour"]
    erase(fay)

    assert [one.text for one in wish.messages.all()] == ["好的"]
    assert Wish.objects.get().answer == "accepted"  # what an organisation agreed stays the organisation's


def test_messages_are_kept_for_a_while_after_the_expo(real, ours, theirs, fay):
    acts.send(ours, theirs, "want", message="Bonjour", by=fay)
    real.end = (NOW + 10 * DAY).date()
    real.save()

    assert tidy(NOW + 189 * DAY)["messages"] == 0
    assert tidy(NOW + 192 * DAY)["messages"] == 1


def test_who_would_fit_and_is_not_on_the_list_is_told_to_those_it_concerns(client, real, fay, ours):
    run = real.runs.get(kind="partners", current=True)
    known = ours.suggestions.values("partner")
    other = real.organisations.visible().exclude(pk__in=known).exclude(pk=ours.pk).first()
    run.passed_over.filter(organisation=ours).delete()
    run.passed_over.create(
        organisation=ours, partner=other, gain=71, partner_gain=44, reason="crowded", lists=1234
    )
    address = f"/en/{real.slug}/organisations/{ours.code}/"
    told = "stands in 1,234 lists already"

    assert told not in client.get(address).content.decode()
    client.force_login(fay)

    assert told in client.get(address).content.decode()
    assert "已在 1,234 份名单中" in client.get(address.replace("/en/", "/zh-hans/")).content.decode()
