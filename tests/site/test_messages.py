"""Messages: told on the site and by letter, when people want it, once, and to nobody else."""

import re
import smtplib
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection
from django.template import engines
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from fairlink.tables import Records
from fairlink_site import letters
from fairlink_site.actions import messages as acts
from fairlink_site.actions import reminders
from fairlink_site.actions.editions import open_edition, remove_edition
from fairlink_site.actions.people import appoint, invite, join, token_hash
from fairlink_site.actions.privacy import erase
from fairlink_site.models import Invitation, Letter, Notice, Person, Preference
from fairlink_site.refusals import Refused

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TEMPLATES = Path(letters.__file__).parent / "templates" / "fairlink" / "letters"
DATA = {
    "organisation": {"en": "Quay", "zh-Hans": "码头"},
    "organisations": [{"en": "Quay", "zh-Hans": "码头"}],
    "listing": {"en": "Cranes", "zh-Hans": "起重机"},
    "reason": "Well said.",
    "role": "analyst",
    "address": "https://example.org/en/invitations/t/",
    "until": NOW,
    "partner": {"en": "Mole", "zh-Hans": "防波堤"},
    "country": "LA",
    "wish": "must",
    "missing": "draft",
    "words": {"en": "Hurry", "zh-Hans": "请抓紧"},
    "number": 7,
    "day": "2027-03-01",
    "clock": "09:30",
    "place": "Hall 1, T07",
    "day_before": "2027-03-01",
    "clock_before": "09:00",
    "activity": {"en": "Cold chains", "zh-Hans": "冷链"},
    "said": "moved",
    "entries": [
        {"clock": "09:30", "name": {"en": "Mole", "zh-Hans": "防波堤"}, "place": "T07", "person": "Ada"}
    ],
    "news": [{"subject": "One", "address": ""}, {"subject": "Two", "address": "https://example.org/two/"}],
}


@pytest.fixture
def ada(edition):
    """Organiser."""
    made = Person.objects.create_user("ada@example.org")
    appoint(made, edition, role="organiser")
    return made


@pytest.fixture
def ben(exhibitor):
    """Exhibitor."""
    made = Person.objects.create_user("ben@example.org")
    appoint(made, exhibitor.edition, role="exhibitor", organisation=exhibitor)
    return made


@pytest.fixture
def neighbour(edition, few_records):
    """Organiser of another edition."""
    tables = dict(few_records.tables)
    tables["edition"] = [{**tables["edition"][0], "id": "neighbour"}]
    made = Person.objects.create_user("dan@example.org")
    appoint(made, open_edition(Records(tables)), role="organiser")
    return made


def told(person, edition, *, now=NOW, organisation="Quay", kind="validated", reason="Well said."):
    data = {"organisation": {"en": organisation}, "listing": "", "reason": reason}
    return acts.tell(person, kind, edition=edition, data=data, path="/me/", now=now)


class Down(EmailBackend):
    """A server that nobody reaches."""

    def open(self):
        raise ConnectionRefusedError("nobody there")


class Picky(EmailBackend):
    """A server that takes no letter to bad@example.org."""

    def send_messages(self, messages):
        if any("bad@example.org" in message.to for message in messages):
            raise smtplib.SMTPRecipientsRefused({"bad@example.org": (550, b"no\x00body")})
        return super().send_messages(messages)


@pytest.fixture
def server(monkeypatch):
    """Choose a server: each connection made from now on is to it."""

    def choose(backend):
        monkeypatch.setattr(acts, "get_connection", backend)

    return choose


# What a letter says


def test_every_template_is_of_a_kind_and_every_kind_has_one():
    assert {path.stem for path in TEMPLATES.glob("*.txt")} - {"foot"} == set(letters.KINDS)


@pytest.mark.parametrize("language", ["en", "zh-Hans", ""])
@pytest.mark.parametrize("kind", letters.KINDS)
def test_every_kind_is_written_in_every_language_and_nothing_in_it_stays_empty(kind, language, monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "UNFILLED %s")

    for change in (
        {},
        {"listing": "", "organisation": "", "missing": "invited"},
        {"missing": "changes"},
        {"said": "clash"},
        {"said": "removed"},
    ):
        said = letters.write(
            *(kind, DATA | change),
            edition={"en": "Expo", "zh-Hans": "展会"},
            language=language,
            path="/me/",
            site="https://example.org",
            stoppable=True,
        )

        assert said.subject
        assert said.body
        assert "UNFILLED" not in said.subject + said.body
        assert "&" not in said.subject + said.body
    assert ("/en/me/" in said.body) == (language != "zh-Hans")
    assert ("/zh-hans/me/" in said.body) == (language != "en")


def test_a_kind_without_its_values_is_refused_before_anything_is_written(ben, edition):
    with pytest.raises(KeyError, match="organisation"):
        acts.tell(ben, "validated", edition=edition, data={}, path="/me/")

    assert not Notice.objects.exists()


def test_words_in_a_language_that_the_site_does_not_speak_are_said_too():
    data = DATA | {"words": {"en": "Hurry", "lo": "ຟ້າວແດ່"}}

    assert "ຟ້າວແດ່" in letters.write("reminder", data).body
    assert "ຟ້າວແດ່" not in letters.write("reminder", data, language="en").body


@pytest.mark.parametrize("line", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_a_name_cannot_put_anything_into_the_head_of_a_letter(ben, edition, line):
    name = f"Quay{line}Bcc: all@example.org{line}{line}Body <b>&</b>\x00"

    told(ben, edition, organisation=name, now=NOW)
    acts.deliver(NOW)

    (sent,) = mail.outbox
    assert "Quay Bcc: all@example.org Body <b>&</b>" in sent.subject
    assert sent.recipients() == ["ben@example.org"]
    head = sent.message().as_bytes().partition(b"\n\n")[0]
    assert not re.search(rb"^Bcc", head, re.MULTILINE)
    assert "\x00" not in Letter.objects.get().body


def test_a_reason_keeps_its_lines_and_a_long_name_is_cut():
    said = letters.write(
        "refused", DATA | {"reason": "One.\r\nTwo.", "organisation": "x" * 2000, "listing": ""}
    )

    assert "One.\nTwo." in said.body
    assert len(said.subject) <= 2 * letters.LONGEST


# When it is sent


def kept(**facts):
    return Preference(**{"time_zone": "UTC", **facts})


@pytest.mark.parametrize(
    ("hours", "zone", "moment", "due"),
    [
        ((None, None), "UTC", (12, 0), (12, 0)),
        ((11, 13), "UTC", (12, 0), (13, 0)),
        ((11, 13), "UTC", (13, 0), (13, 0)),
        ((11, 13), "UTC", (10, 59), (10, 59)),
        ((22, 7), "UTC", (23, 0), (31, 0)),
        ((22, 7), "UTC", (3, 0), (7, 0)),
        ((22, 7), "UTC", (7, 0), (7, 0)),
        ((22, 7), "Asia/Shanghai", (15, 0), (23, 0)),  # 23:00 there, until 7:00
        ((22, 7), "Asia/Shanghai", (12, 0), (12, 0)),
        ((22, 7), "America/New_York", (4, 0), (12, 0)),  # 23:00 the day before
        ((9, 9), "UTC", (9, 0), (9, 0)),
    ],
)
def test_in_quiet_hours_a_letter_waits_for_their_end(hours, zone, moment, due):
    start, end = (hour if hour is None else time(hour) for hour in hours)
    midnight = datetime(2027, 1, 10, tzinfo=UTC)
    wanted = kept(quiet_from=start, quiet_until=end, time_zone=zone)

    found = wanted.after_quiet(midnight + timedelta(hours=moment[0], minutes=moment[1]))

    assert found == midnight + timedelta(hours=due[0], minutes=due[1])


def test_no_moment_is_quiet_after_the_quiet():
    for zone in ("UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Asia/Kathmandu"):
        for start in range(0, 24, 5):
            wanted = kept(quiet_from=time(start), quiet_until=time((start + 9) % 24, 30), time_zone=zone)
            for hour in range(0, 24 * 40, 7):  # over both changes of the clock
                for first in (datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 10, 15, tzinfo=UTC)):
                    moment = first + timedelta(hours=hour)
                    due = wanted.after_quiet(moment)
                    assert moment <= due <= moment + timedelta(hours=11)
                    assert wanted.after_quiet(due) == due


def test_the_letter_of_the_day_goes_out_at_eight_where_its_reader_is():
    shanghai = kept(time_zone="Asia/Shanghai")

    assert shanghai.next_morning(datetime(2027, 3, 1, 12, tzinfo=UTC)) == datetime(2027, 3, 2, 0, tzinfo=UTC)
    assert shanghai.next_morning(datetime(2027, 3, 1, 23, tzinfo=UTC)) == datetime(2027, 3, 2, 0, tzinfo=UTC)
    late = kept(quiet_from=time(22), quiet_until=time(9))
    assert late.next_morning(NOW) == datetime(2027, 3, 2, 9, tzinfo=UTC)


def test_a_letter_goes_out_at_once_to_whoever_never_said_otherwise(ben, edition):
    told(ben, edition)

    assert acts.deliver(NOW) == 1

    (sent,) = mail.outbox
    assert sent.to == ["ben@example.org"]
    assert "Validated: Quay" in sent.subject
    assert "http://localhost:8000/en/me/" in sent.body
    assert "http://localhost:8000/zh-hans/me/" in sent.body
    assert acts.deliver(NOW + DAY) == 0


def test_somebody_gets_letters_in_the_language_they_chose(ben, edition):
    acts.set_preference(ben, language="zh-Hans")

    with override("en"):
        told(ben, edition)
    acts.deliver(NOW)

    assert "/zh-hans/me/" in mail.outbox[0].body
    assert "/en/" not in mail.outbox[0].body


def test_whoever_wants_no_letters_is_told_on_the_site_all_the_same(ben, edition):
    acts.set_preference(ben, letters="never")

    told(ben, edition)

    assert (ben.notices.count(), Letter.objects.count()) == (1, 0)


def test_letters_of_one_day_become_one(ben, ada, edition):
    acts.set_preference(ben, letters="daily", time_zone="UTC")
    for name in ("Quay", "Mole", "Dock"):
        told(ben, edition, organisation=name)
    told(ada, edition)

    assert acts.deliver(NOW) == 1  # to Ada
    assert acts.deliver(datetime(2027, 3, 2, 7, 59, tzinfo=UTC)) == 0
    assert acts.deliver(datetime(2027, 3, 2, 8, 0, tzinfo=UTC)) == 1

    sent = mail.outbox[-1]
    assert sent.subject.startswith("3 messages from Fairlink")
    assert [name for name in ("Quay", "Mole", "Dock") if name in sent.body] == ["Quay", "Mole", "Dock"]
    assert sent.body.count("/en/me/\n") == 3
    assert set(edition.letters.values_list("state", flat=True)) == {"sent"}
    assert acts.deliver(NOW + 3 * DAY) == 0


def test_a_single_letter_of_the_day_goes_out_as_itself(ben, edition):
    acts.set_preference(ben, letters="daily")
    told(ben, edition)

    acts.deliver(NOW + DAY)

    assert mail.outbox[0].subject.startswith("Validated: Quay")
    assert Letter.objects.count() == 1


def test_whoever_wants_letters_at_once_again_does_not_wait_for_the_morning(ben, edition):
    acts.set_preference(ben, letters="daily")
    told(ben, edition, now=timezone.now())

    acts.set_preference(ben, letters="at_once")

    assert acts.deliver(timezone.now()) == 1


def test_a_letter_that_was_late_is_not_sent_at_night(ben, edition):
    told(ben, edition)
    acts.set_preference(ben, quiet_from=time(22), quiet_until=time(7), time_zone="UTC")

    assert acts.deliver(NOW.replace(hour=23)) == 0
    assert Letter.objects.get().due == datetime(2027, 3, 2, 7, tzinfo=UTC)
    assert acts.deliver(datetime(2027, 3, 2, 7, tzinfo=UTC)) == 1


# What goes wrong


def test_one_broken_letter_does_not_stop_the_others(ben, ada, edition, server):
    server(Picky)
    bad = Person.objects.create_user("bad@example.org")
    lines = Person.objects.create_user("lines@example.org")
    for one in (bad, lines, ben, ada):
        told(one, edition)
    Letter.objects.filter(person=lines).update(to="a@example.org\nBcc: all@example.org")

    assert acts.deliver(NOW) == 2

    assert {to for sent in mail.outbox for to in sent.recipients()} == {"ben@example.org", "ada@example.org"}
    failed = Letter.objects.get(person=bad)
    assert (failed.state, failed.attempts, failed.claimed) == ("waiting", 1, None)
    assert failed.due >= NOW + acts.PAUSES[0]
    assert failed.reason.startswith("SMTPRecipientsRefused")
    assert "\x00" not in failed.reason


def test_a_letter_is_tried_five_times_with_longer_and_longer_pauses(ben, edition, server):
    server(Down)
    told(ben, edition)
    tries, moment = [], NOW
    while Letter.objects.get().state == "waiting":
        acts.deliver(moment)
        found = Letter.objects.get()
        tries.append(found.due - moment)
        moment = found.due

    assert [round(pause.total_seconds()) for pause in tries] == [300, 3600, 21600, 86400, 0]
    assert found.reason == "ConnectionRefusedError: nobody there"
    assert acts.deliver(moment + 9 * DAY) == 0

    server(EmailBackend)
    acts.retry(found)
    assert acts.deliver(timezone.now()) == 1


def test_while_the_server_is_down_nothing_is_lost(ben, ada, edition, server):
    server(Down)
    for one in (ben, ada):
        told(one, edition)
    assert acts.deliver(NOW) == 0

    server(EmailBackend)
    assert acts.deliver(NOW + timedelta(minutes=6)) == 2


def test_only_what_failed_is_sent_again(ben, edition):
    told(ben, edition)

    with pytest.raises(Refused, match="not_failed"):
        acts.retry(Letter.objects.get())

    acts.unsubscribe(ben)
    with pytest.raises(Refused, match="no_letters"):
        acts.retry(Letter.objects.get())


def test_of_two_workers_one_sends_the_letter(ben, edition, monkeypatch):
    told(ben, edition)
    post, sent = acts._post, []

    def meanwhile(letter, connection):
        sent.append(acts.deliver(NOW + timedelta(minutes=1)))  # another worker, while this one is sending
        post(letter, connection)

    monkeypatch.setattr(acts, "_post", meanwhile)
    sent.append(acts.deliver(NOW))

    assert sent == [0, 1]
    assert len(mail.outbox) == 1


def test_two_who_saw_the_same_letter_do_not_both_claim_it(ben, edition):
    told(ben, edition)
    one, two = Letter.objects.get(), Letter.objects.get()

    assert [acts._claimed(one, NOW), acts._claimed(two, NOW)] == [True, False]


def test_a_letter_whose_worker_died_is_taken_up_after_ten_minutes_but_not_for_ever(ben, edition):
    told(ben, edition)
    Letter.objects.update(claimed=NOW, attempts=1)

    assert acts.deliver(NOW + timedelta(minutes=9)) == 0
    assert acts.deliver(NOW + timedelta(minutes=11)) == 1

    Letter.objects.update(state="waiting", claimed=NOW, attempts=acts.ATTEMPTS)
    assert acts.deliver(NOW + DAY) == 0
    assert Letter.objects.get().reason == acts.INTERRUPTED


def test_who_was_too_slow_does_not_overrule_who_took_the_letter_up(ben, edition):
    told(ben, edition)
    Letter.objects.update(claimed=NOW + DAY)

    acts._settle(Letter.objects.get(), NOW, state="failed")

    assert Letter.objects.get().state == "waiting"


def test_when_a_letter_of_the_day_fails_so_does_what_it_holds(ben, edition, server):
    server(Down)
    acts.set_preference(ben, letters="daily")
    told(ben, edition)
    told(ben, edition, organisation="Mole")
    moment = NOW + DAY
    for pause in (*acts.PAUSES, DAY):
        acts.deliver(moment)
        moment += pause + timedelta(minutes=1)

    assert list(Letter.objects.values_list("state", flat=True)) == ["failed"] * 3
    server(EmailBackend)
    acts.retry(edition.letters.first())
    assert acts.deliver(timezone.now()) == 1


# Invitations and secrets


def test_the_link_of_an_invitation_is_in_its_letter_and_nowhere_else_afterwards(
    client, edition, ada, server, django_capture_on_commit_callbacks
):
    server(Down)
    with django_capture_on_commit_callbacks(execute=True):
        invite(edition, "eve@example.org", role="analyst", address="https://example.org/en/invitations/")
    waiting = Letter.objects.get()
    assert (waiting.state, waiting.attempts) == ("waiting", 1)
    client.force_login(ada)
    assert waiting.secret not in client.get(f"/en/{edition.slug}/messages/{waiting.pk}/").content.decode()

    server(EmailBackend)
    assert acts.deliver(timezone.now() + timedelta(hours=1)) == 1

    token = re.search(r"/invitations/([^/\s]+)/", mail.outbox[0].body)[1]
    assert token_hash(token) == Invitation.objects.get().token_hash
    assert token not in str(Letter.objects.values())
    assert letters.MARK not in mail.outbox[0].body
    assert "List-Unsubscribe" not in mail.outbox[0].message()


def test_an_invitation_that_is_refused_writes_no_letter(edition, ada):
    with pytest.raises(Refused, match="member_already"):
        invite(edition, ada.email, role="organiser", address="")

    assert not Letter.objects.exists()


def test_a_secret_that_opens_nothing_any_more_is_forgotten(edition, db):
    invite(edition, "eve@example.org", role="analyst", address="")

    acts.deliver(timezone.now() + 15 * DAY)

    letter = Letter.objects.get()
    assert (letter.secret, letter.state, letter.reason, mail.outbox) == ("", "failed", acts.EXPIRED, [])
    with pytest.raises(Refused, match="no_letters"):
        acts.retry(letter)


def test_texts_and_notices_read_are_kept_for_180_days(ben, edition):
    told(ben, edition)
    old, new = told(ben, edition), told(ben, edition)
    acts.deliver(NOW)
    Notice.objects.filter(pk=old.pk).update(read=NOW)

    acts.deliver(NOW + 179 * DAY)
    assert ben.notices.count() == 3
    acts.deliver(NOW + 181 * DAY)

    assert ben.notices.filter(pk__in=(old.pk, new.pk)).get() == new
    assert set(Letter.objects.values_list("body", flat=True)) == {""}
    assert all(Letter.objects.values_list("subject", flat=True))


# No more letters


def test_a_letter_can_be_ended_by_one_click_of_the_mail_program(ben, edition, client):
    told(ben, edition)
    told(ben, edition, organisation="Mole", now=NOW + DAY)
    acts.deliver(NOW)
    head = mail.outbox[0].message()
    assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = head["List-Unsubscribe"].strip("<>").removeprefix(settings.SITE)
    assert address in mail.outbox[0].body

    strict = client.__class__(enforce_csrf_checks=True)
    assert strict.get(address).status_code == 200
    assert acts.preference(Person.objects.get(pk=ben.pk)).letters == "at_once"
    assert strict.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert strict.post(address).status_code == 200

    assert acts.preference(Person.objects.get(pk=ben.pk)).letters == "never"
    assert acts.deliver(NOW + 2 * DAY) == 0
    assert list(Letter.objects.filter(state="failed").values_list("reason", flat=True)) == [acts.UNSUBSCRIBED]
    assert not strict.cookies


@pytest.mark.parametrize("token", ["x", "MQ:1:x", "%00", "中", "a" * 3000])
def test_no_other_link_ends_letters(client, ben, token):
    assert client.post(f"/en/unsubscribe/{token}/").status_code == 404
    assert not Preference.objects.exists()


def test_the_link_of_somebody_who_is_gone_leads_nowhere(client, ben):
    token = acts.stop_token(ben)
    erase(ben)

    assert client.get(f"/en/unsubscribe/{token}/").status_code == 404


# On the site


def test_the_inbox_shows_what_i_was_told_in_my_language_and_what_is_new(client, ben, ada, edition):
    told(ben, edition, organisation="Quay")
    told(ben, edition, organisation="Mole <b>", kind="refused", reason="No.\nReally.")
    told(ada, edition, organisation="Hidden")
    client.force_login(ben)

    page = client.get("/en/me/messages/").content.decode()
    assert page.index("Not accepted: Mole &lt;b&gt;") < page.index("Validated: Quay")
    assert "Hidden" not in page
    assert "No.<br>Really." in page
    assert 'href="/en/me/"' in page
    assert "(2<span" in page
    chinese = client.get("/zh-hans/me/messages/").content.decode()
    assert chinese.count('<a href="/zh-hans/me/">') >= 2

    newest = ben.notices.first().pk
    late = told(ben, edition)
    assert client.post("/en/me/messages/", {"upto": newest}).status_code == 302
    assert list(ben.notices.filter(read=None)) == [late]
    assert ada.notices.filter(read=None).count() == 1


def test_what_is_unread_costs_one_small_query_and_visitors_none(client, ben, edition):
    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return [one["sql"] for one in captured if "fairlink_notice" in one["sql"]]

    assert queries(f"/en/{edition.slug}/about/") == []
    told(ben, edition)
    client.force_login(ben)
    (counted,) = queries("/en/me/")
    assert "COUNT" in counted


def test_a_long_inbox_has_pages(client, ben, edition):
    for _ in range(51):
        told(ben, edition)
    client.force_login(ben)

    with CaptureQueriesContext(connection) as captured:
        first = client.get("/en/me/messages/")
    assert len(first.context["told"]) == 50
    assert len(captured) < 12
    assert len(client.get("/en/me/messages/?page=2").context["told"]) == 1
    assert client.get("/en/me/messages/?page=%00").status_code == 200


GOOD = {
    "letters": "daily",
    "quiet_from": "22:00",
    "quiet_until": "07:00",
    "time_zone": "Asia/Shanghai",
    "language": "zh-Hans",
}


def test_somebody_says_how_they_want_letters(client, ben, edition):
    client.force_login(ben)
    assert (
        edition.time_zone in client.get("/en/me/messages/preferences/").context["form"]["time_zone"].value()
    )

    assert client.post("/en/me/messages/preferences/", GOOD).status_code == 302

    kept = Preference.objects.get(person=ben)
    assert (kept.letters, kept.quiet_from, kept.quiet_until) == ("daily", time(22), time(7))
    assert (kept.time_zone, kept.language) == ("Asia/Shanghai", "zh-Hans")
    assert "22:00" in client.get("/zh-hans/me/messages/preferences/").content.decode()


@pytest.mark.parametrize("prefix", ["/en", "/zh-hans"])
@pytest.mark.parametrize(
    "change",
    [
        {"letters": "hourly"},
        {"letters": ["daily\x00"]},
        {"quiet_until": ""},
        {"quiet_from": "25:00"},
        {"quiet_from": "\x00"},
        {"time_zone": "Atlantis/Poseidonis"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": "x" * 9999},
        {"language": "tlh"},
        {"language": "\x00"},
    ],
)
def test_no_form_breaks_the_preferences(client, ben, change, prefix):
    client.force_login(ben)

    assert client.post(f"{prefix}/me/messages/preferences/", GOOD | change).status_code == 400
    assert not Preference.objects.exists()


@pytest.mark.parametrize("upto", ["", "x", "-1", "²", "\x00", "9" * 5000, "1.5"])
def test_no_form_breaks_the_inbox(client, ben, upto):
    client.force_login(ben)

    assert client.post("/en/me/messages/", {"upto": upto}).status_code in (302, 404)


# For organisers


@pytest.fixture
def letter(ben, edition):
    told(ben, edition)
    return Letter.objects.get()


def test_the_outbox_shows_the_letters_of_the_own_edition_and_what_they_say(
    client, edition, ada, letter, neighbour
):
    told(neighbour, neighbour.memberships.get().edition, organisation="Hidden")
    client.force_login(ada)

    for prefix in ("/en", "/zh-hans"):
        page = client.get(f"{prefix}/{edition.slug}/messages/").content.decode()
        assert "ben@example.org" in page
        assert "Hidden" not in page
        shown = client.get(f"{prefix}/{edition.slug}/messages/{letter.pk}/").content.decode()
        assert "The organiser writes:" in shown
        assert acts.stop_token(letter.person) not in shown
    assert "ben@example.org" not in client.get(f"/en/{edition.slug}/messages/?state=sent").content.decode()
    assert "ben@example.org" in client.get(f"/en/{edition.slug}/messages/?state=%00").content.decode()


def test_an_organiser_sends_again_what_failed(client, edition, ada, letter):
    client.force_login(ada)
    page = f"/en/{edition.slug}/messages/{letter.pk}/"
    assert "Only a letter that failed" in client.post(page, follow=True).content.decode()
    Letter.objects.update(state="failed", reason="SMTPException: <no>", attempts=5)
    assert "SMTPException: &lt;no&gt;" in client.get(page).content.decode()

    assert "It is in the outbox again." in client.post(page, follow=True).content.decode()

    assert (Letter.objects.get().state, Letter.objects.get().attempts) == ("waiting", 0)


def test_nobody_else_sees_the_outbox(client, edition, ben, letter, neighbour):
    pages = [f"/en/{edition.slug}/messages/{rest}" for rest in ("", "remind/", f"{letter.pk}/")]
    assert [client.get(page).status_code for page in pages] == [302] * 3
    for one in (ben, neighbour):
        client.force_login(one)
        assert [client.get(page).status_code for page in pages] == [403] * 3
        assert [client.post(page).status_code for page in pages[1:]] == [403] * 2

    assert client.get(f"/en/neighbour/messages/{letter.pk}/").status_code == 404
    assert client.post(f"/en/neighbour/messages/{letter.pk}/").status_code == 404
    assert client.get(f"/en/neighbour/messages/{'9' * 400}/").status_code == 404


@pytest.fixture
def unfinished(edition, ben, exhibitor):
    """Ben's organisation, not sent in yet; and an invitation of long ago."""
    exhibitor.status = "draft"
    exhibitor.save(update_fields=["status"])
    invite(edition, "eve@example.org", role="analyst", address="")
    Letter.objects.all().delete()
    return edition


@pytest.fixture(params=["/en", "/zh-hans"])
def page(request, unfinished, client, ada):
    client.force_login(ada)
    return f"{request.param}/{unfinished.slug}/messages/remind/"


def test_an_organiser_looks_at_a_reminder_before_it_is_sent(client, page, ben, exhibitor):
    asked = {"group": "draft", "words-en": "Please hurry\nup.", "words-zh-Hans": "请抓紧。"}

    shown = client.post(page, asked | {"do": "preview"})

    assert shown.context["to"] == ["ben@example.org"]
    text = shown.context["said"].body
    assert "Please hurry\nup." in text
    assert "请抓紧。" in text
    assert not Letter.objects.exists()

    assert client.post(page, asked | {"do": "send"}).status_code == 302
    assert (Letter.objects.get().subject, Letter.objects.get().body) == tuple(shown.context["said"])
    assert Notice.objects.get().path.endswith(f"/organisations/{exhibitor.code}/")


def test_nobody_is_reminded_twice_a_day(client, page, ben):
    for _ in range(2):
        client.post(page, {"group": "draft", "do": "send"})
    assert Letter.objects.count() == 1
    shown = client.post(page, {"group": "draft", "do": "preview"})
    assert shown.context["to"] == []

    later = timezone.now() + DAY + timedelta(minutes=1)
    assert [one.to for one in reminders.recipients(ben.memberships.get().edition, "draft", later)] == [
        ben.email
    ]


def test_whoever_wants_no_letters_is_counted_but_not_written_to(client, page, ben):
    acts.unsubscribe(ben)

    shown = client.post(page, {"group": "draft", "do": "preview"})
    client.post(page, {"group": "draft", "do": "send"})

    assert (shown.context["to"], shown.context["on_site"]) == ([], 1)
    assert (ben.notices.count(), Letter.objects.count()) == (1, 0)


def test_somebody_in_two_organisations_is_reminded_once(unfinished, ben, exhibitor):
    other = unfinished.organisations.exclude(pk=exhibitor.pk).first()
    other.status = "draft"
    other.save(update_fields=["status"])
    appoint(ben, unfinished, role="visitor", organisation=other)
    appoint(ben, unfinished, role="visitor", organisation=exhibitor)

    (one,) = reminders.recipients(unfinished, "draft", NOW)

    assert {each.pk for each in one.organisations} == {exhibitor.pk, other.pk}
    assert reminders.recipients(unfinished, "changes", NOW) == []


def test_whoever_was_invited_is_reminded_with_a_new_link(unfinished, ben):
    old = Invitation.objects.get().token_hash
    now = timezone.now()

    assert reminders.remind(unfinished, "invited", {}, now=now, address="https://example.org/i/") == 1
    acts.deliver(timezone.now())

    token = re.search(r"/i/([^/\s]+)/", mail.outbox[0].body)[1]
    assert token_hash(token) == Invitation.objects.get().token_hash != old
    eve = Person.objects.create_user("eve@example.org")
    join(eve, Invitation.objects.get())
    assert reminders.recipients(unfinished, "invited", now + 2 * DAY) == []


@pytest.mark.parametrize(
    "change",
    [{"group": "all"}, {"group": ""}, {"group": "\x00"}, {"words-en": "x" * 2001}, {"words-zh-Hans": "\x00"}],
)
def test_no_form_breaks_the_reminders(client, page, change):
    for do in ("preview", "send", "\x00"):
        assert client.post(page, {"group": "draft", "do": do} | change).status_code == 400
    assert not Letter.objects.exists()


# Erased, removed, by command


def test_somebody_erased_leaves_no_letter_behind(edition, ben):
    told(ben, edition)
    acts.set_preference(ben, letters="daily")
    invite(edition, "BEN@example.org", role="analyst", address="")

    erase(ben)

    assert [model.objects.count() for model in (Notice, Letter, Preference)] == [0, 0, 0]


def test_the_letters_of_an_edition_go_with_it(edition, ben):
    told(ben, edition)

    remove_edition(edition)

    assert [model.objects.count() for model in (Notice, Letter)] == [0, 0]


def test_letters_are_sent_from_the_command_line(ben, edition, capsys):
    told(ben, edition, now=timezone.now())

    call_command("deliver")

    assert "Letters sent: 1" in capsys.readouterr().out
    assert len(mail.outbox) == 1


def test_an_edition_cannot_take_the_address_that_ends_letters(few_records, db):
    tables = dict(few_records.tables)
    tables["edition"] = [{**tables["edition"][0], "id": "unsubscribe"}]

    with pytest.raises(Refused, match="reserved_id"):
        open_edition(Records(tables))
