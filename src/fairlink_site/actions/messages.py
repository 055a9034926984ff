"""Tell people: a notice on the site, a letter in the outbox; send what is due, and know what each person wants.

A letter is a row, written in the transaction of what it tells of; `deliver` sends it afterwards, and again if it
fails. What was sent but not yet marked as sent when a worker dies is sent twice; nothing is lost.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from fairlink_site import letters
from fairlink_site.models import Edition, Letter, Notice, Person, Preference
from fairlink_site.refusals import Refused

PAUSES = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
ATTEMPTS = len(PAUSES) + 1
CLAIM = timedelta(minutes=10)  # as long as nobody else takes up what somebody is sending
KEPT = timedelta(days=180)
KEPT_SECRET = timedelta(days=14)  # as long as an invitation is valid
A_RUN = 500
UNSUBSCRIBED = "unsubscribed"
INTERRUPTED = "interrupted"
EXPIRED = "expired"
_OPTIONAL = [kind for kind, said in letters.KINDS.items() if said.optional]
_SALT = "fairlink.unsubscribe"
_log = logging.getLogger(__name__)


@transaction.atomic
def tell(
    person: Person,
    kind: str,
    *,
    edition: Edition | None,
    data: Mapping[str, Any],
    path: str,
    base: str = "",
    now: datetime | None = None,
) -> Notice:
    """A notice for a person, and a letter as they want it: at once, tomorrow morning with others, or none.

    `data` holds plain values, those that `letters.KINDS` says; `path` is the page it is about, without language;
    `base` is where the site is reached, else what the settings say.
    """
    now = now or timezone.now()
    needed = {name: _without_nul(data[name]) for name in letters.KINDS[kind].needs}
    notice = Notice.objects.create(
        person=person, edition=edition, kind=kind, data=needed, path=path, made=now
    )
    wanted = preference(person)
    if person.is_active and wanted.letters != Preference.NEVER:
        said = words_for(wanted, kind, needed, edition=edition, path=path, base=base)
        daily = wanted.letters == Preference.DAILY
        Letter.objects.create(
            edition=edition,
            person=person,
            notice=notice,
            to=person.email,
            kind=kind,
            language=wanted.language,
            subject=said.subject,
            body=said.body,
            state=Letter.HELD if daily else Letter.WAITING,
            due=wanted.next_morning(now) if daily else wanted.after_quiet(now),
            made=now,
        )
    return notice


def words_for(
    wanted: Preference,
    kind: str,
    data: Mapping[str, Any],
    *,
    edition: Edition | None,
    path: str,
    base: str = "",
) -> letters.Said:
    """The letter to somebody with an account, in the language they want."""
    return letters.write(
        kind,
        data,
        edition=edition.name if edition else None,
        language=wanted.language,
        path=path,
        site=base or settings.SITE,
        stoppable=True,
    )


def _without_nul(value: Any) -> Any:
    """A plain value without the one character that no database keeps in texts."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, Mapping):
        return {name: _without_nul(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nul(one) for one in value]
    return value


@transaction.atomic
def write(
    to: str,
    kind: str,
    context: Mapping[str, Any],
    *,
    edition: Edition | None,
    language: str = "",
    secret: str = "",
    at_once: bool = True,
) -> Letter:
    """A letter to an address, whoever reads it, sent at once or with the next run.

    `secret` takes the place of `letters.MARK` in what is sent; it is not kept longer than that.
    """
    said = letters.write(kind, context, edition=edition.name if edition else None, language=language)
    letter = Letter.objects.create(
        edition=edition,
        to=to,
        kind=kind,
        language=language,
        subject=said.subject,
        body=said.body,
        secret=secret,
        due=timezone.now(),
    )
    if at_once:
        transaction.on_commit(lambda: _deliver_one(letter), robust=True)
    return letter


def _deliver_one(letter: Letter) -> None:
    deliver(timezone.now(), only=letter)


def preference(person: Person) -> Preference:
    """What a person wants; what everybody gets who never said."""
    kept: Preference | None = getattr(person, "preference", None)
    return kept or Preference(person=person)


@transaction.atomic
def set_preference(person: Person, **wanted: Any) -> Preference:
    """Keep what a person wants: letters, quiet_from, quiet_until, time_zone, language. Holds for what waits, too."""
    kept, _made = Preference.objects.update_or_create(person=person, defaults=wanted)
    kept.person = person  # so that whoever holds the person sees what they want now
    waiting = person.letters.filter(state__in=(Letter.WAITING, Letter.HELD), kind__in=_OPTIONAL)
    if kept.letters == Preference.NEVER:
        waiting.update(state=Letter.FAILED, reason=UNSUBSCRIBED)
    if kept.letters == Preference.AT_ONCE:
        waiting.filter(state=Letter.HELD, within=None).update(state=Letter.WAITING, due=timezone.now())
    return kept


def unsubscribe(person: Person) -> None:
    """No more letters; notices go on, and letters that a person asked for, such as for a new password."""
    set_preference(person, letters=Preference.NEVER)


def stop_token(person: Person) -> str:
    """Stands in letters: whoever has it may end a person's letters, and nothing else."""
    return signing.dumps(person.pk, salt=_SALT)


def person_of(token: str) -> Person | None:
    """Whose letters a token ends; none for a token that we did not make, or somebody who is gone."""
    try:
        return Person.objects.filter(pk=signing.loads(token, salt=_SALT)).first()
    except (signing.BadSignature, ValueError, TypeError):
        return None


@transaction.atomic
def mark_read(person: Person, *, upto: int) -> int:
    """Mark as read what a person has seen: the notices up to a key; returns how many."""
    return person.notices.filter(read=None, pk__lte=upto).update(read=timezone.now())


@transaction.atomic
def retry(letter: Letter) -> None:
    """Put a letter that failed in the outbox again. Raises Refused: not_failed, no_letters."""
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    if letter.state != Letter.FAILED:
        raise Refused("not_failed")
    if letter.reason == UNSUBSCRIBED or not letter.body or (letters.MARK in letter.body and not _key(letter)):
        raise Refused("no_letters")
    Letter.objects.filter(pk=letter.pk).update(
        state=Letter.WAITING, due=timezone.now(), attempts=0, reason="", claimed=None, within=None
    )


def deliver(now: datetime, *, only: Letter | None = None) -> int:
    """Send the letters that are due, or one of them; returns how many were sent.

    Not one transaction: each letter is claimed, sent and settled for itself, so any number of workers may do this.
    """
    if only is None:
        _forget(now)
        _merge(now)
    started = time.monotonic()
    connection = get_connection()
    sent = 0
    for letter in list(_due(now, only)):
        moment = now + timedelta(seconds=time.monotonic() - started)
        if _postponed(letter, moment) or not _claimed(letter, moment):
            continue
        if not _tried(connection.open, letter, moment):
            break  # nobody there: it would be the same with the next
        if _tried(partial(_post, letter, connection), letter, moment):
            _settle(letter, moment, state=Letter.SENT, sent=moment, reason="", secret="")
            sent += 1
        else:
            _close(connection)
    _close(connection)
    return sent


def _due(now: datetime, only: Letter | None) -> QuerySet[Letter]:
    found = Letter.objects.filter(_free(now), state=Letter.WAITING, due__lte=now).order_by("due", "pk")
    if only is not None:
        found = found.filter(pk=only.pk)
    return found.select_related("person__preference")[:A_RUN]


def _free(moment: datetime) -> Q:
    return Q(claimed=None) | Q(claimed__lt=moment - CLAIM)


def _postponed(letter: Letter, moment: datetime) -> bool:
    """Whether it is night where the reader is; it goes out when that is over."""
    wanted = getattr(letter.person, "preference", None)
    due = wanted.after_quiet(moment) if wanted else moment
    if due > moment:
        Letter.objects.filter(_free(moment), pk=letter.pk, state=Letter.WAITING).update(due=due)
    return due > moment


def _claimed(letter: Letter, moment: datetime) -> bool:
    """Whether the letter is ours to send: of all who ask, one is told so."""
    open_ = Letter.objects.filter(_free(moment), pk=letter.pk, state=Letter.WAITING, due__lte=moment)
    if not open_.update(claimed=moment, attempts=F("attempts") + 1):
        return False
    letter.refresh_from_db(fields=["attempts", "secret"])
    if letter.attempts <= ATTEMPTS:
        return True
    # Whoever tried last did not live to say what happened.
    _settle(letter, moment, state=Letter.FAILED, reason=INTERRUPTED)
    return False


def _tried(step: Callable[[], Any], letter: Letter, moment: datetime) -> bool:
    """Whether a step of sending went well; if not, the letter is put back with the reason."""
    try:
        step()
    except Exception as error:  # noqa: BLE001  whatever is wrong with one letter, the others go on
        _log.warning("letter %s was not sent: %s", letter.pk, type(error).__name__)
        last = letter.attempts >= ATTEMPTS
        _settle(
            letter,
            moment,
            state=Letter.FAILED if last else Letter.WAITING,
            due=moment if last else moment + PAUSES[letter.attempts - 1],
            reason=f"{type(error).__name__}: {error}".replace("\x00", "")[:200],
        )
        return False
    return True


def _settle(letter: Letter, moment: datetime, **facts: Any) -> None:
    """Say what became of a letter, unless somebody else has taken it up; what it holds shares its fate."""
    with transaction.atomic():
        if not Letter.objects.filter(pk=letter.pk, claimed=moment).update(claimed=None, **facts):
            return
        if facts["state"] != Letter.WAITING:
            told = {name: facts[name] for name in ("state", "sent", "reason") if name in facts}
            letter.letters.filter(state=Letter.HELD).update(**told)


def _close(connection: Any) -> None:
    with contextlib.suppress(Exception):  # it may be broken already
        connection.close()


def _post(letter: Letter, connection: Any) -> None:
    headers = {"Auto-Submitted": "auto-generated"}
    if letter.person and letter.kind in _OPTIONAL:
        stop = letters.stop_address(settings.SITE, stop_token(letter.person))
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    body = letter.body.replace(letters.MARK, _key(letter))
    EmailMessage(letter.subject, body, to=[letter.to], headers=headers, connection=connection).send()


def _key(letter: Letter) -> str:
    """What stands in a letter that nobody but its reader may see."""
    return letter.secret or (stop_token(letter.person) if letter.person else "")


def _merge(now: datetime) -> None:
    """Each person's letters of the day become one."""
    held = Letter.objects.filter(state=Letter.HELD, within=None, due__lte=now)
    for person in held.order_by("person").values_list("person", flat=True).distinct():
        if person is not None:
            _merge_for(person, now)


@transaction.atomic
def _merge_for(key: int, now: datetime) -> None:
    # Lock the person first: another worker may be merging the same letters.
    person = Person.objects.select_for_update().filter(pk=key).first()
    held = Letter.objects.filter(person=person, state=Letter.HELD, within=None, due__lte=now)
    listed = [
        one.notice for one in held.select_related("notice__edition").order_by("made", "pk") if one.notice
    ]
    if person is None or len(listed) < 2:
        held.update(state=Letter.WAITING)
        return
    language = preference(person).language
    said = letters.digest(listed, language=language, site=settings.SITE)
    merged = Letter.objects.create(
        person=person,
        to=person.email,
        kind="digest",
        language=language,
        subject=said.subject,
        body=said.body,
        due=now,
        made=now,
    )
    held.update(within=merged)


@transaction.atomic
def _forget(now: datetime) -> None:
    """Remove what is no longer needed: texts sent and notices read long ago, secrets that open nothing any more."""
    Letter.objects.filter(state=Letter.SENT, sent__lt=now - KEPT).exclude(body="").update(body="")
    secrets = Letter.objects.filter(made__lt=now - KEPT_SECRET).exclude(secret="")
    secrets.filter(state=Letter.WAITING).update(state=Letter.FAILED, reason=EXPIRED)
    secrets.update(secret="")
    Notice.objects.filter(read__lt=now - KEPT).delete()
