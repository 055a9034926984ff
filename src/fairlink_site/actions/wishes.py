"""Wishes to meet: sent, answered, taken back, left to expire. One that waits takes nobody's time.

Each direction of a pair has one row, the last word said. A `never` is nobody's business but its own: whoever asks
somebody who never wants to meet them is answered as by anybody who declines, some hours later.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from fairlink_site.actions.messages import tell
from fairlink_site.actions.records import signed
from fairlink_site.models import Exclusion, Organisation, Person, Wish, WishMessage
from fairlink_site.models.organisations import VALIDATED
from fairlink_site.models.people import OF_ORGANISATIONS
from fairlink_site.models.wishes import (
    ACCEPTED,
    AGREED,
    DECLINED,
    EXPIRED,
    NEVER,
    PENDING,
    WISHING,
    WITHDRAWN,
)
from fairlink_site.refusals import Refused

ASKED = ("must", "want")  # kinds of wish that are sent
REMINDED = timedelta(days=2)  # before a wish expires
AGAIN = timedelta(days=1)  # before somebody is asked once more
_SOONEST, _LATEST = 3600, 24 * 3600  # seconds until somebody who is not asked seems to decline


@transaction.atomic
def send(
    organisation: Organisation,
    partner: Organisation,
    kind: str,
    *,
    message: str = "",
    by: Person,
    now: datetime | None = None,
) -> Wish:
    """Ask somebody to meet; whose own wish waits for us is thereby accepted, and returned.

    Raises Refused: unknown_wish, message_too_long, wish_for_itself, wishes_closed, not_to_be_met, wish_agreed,
    wished_already, wish_declined, wish_too_soon, too_many_wishes.
    """
    now = now or timezone.now()
    if kind not in ASKED:
        raise Refused("unknown_wish")
    text = _text(message)
    organisation, partner = _both(organisation, partner, visible=True)
    mine, theirs = _said(organisation, partner), _said(partner, organisation)
    if theirs and theirs.kind != NEVER and theirs.standing(now) == PENDING:
        if mine and mine.kind == NEVER:
            _forget(mine, by)
        return _answer(theirs, ACCEPTED, text, by, now)
    if theirs and theirs.kind != NEVER and theirs.answer in AGREED:
        raise Refused("wish_agreed")
    _ask_again(mine, now)
    cap = organisation.edition.wish_cap
    if cap and organisation.wishes_out.waiting(now).count() >= cap:
        raise Refused("too_many_wishes", most=cap)
    mine = mine or Wish(edition=organisation.edition, organisation=organisation, partner=partner)
    mine.kind, mine.answer, mine.sent, mine.answered, mine.warned = kind, PENDING, now, None, None
    mine.due = now + timedelta(days=organisation.edition.wish_days)
    signed(mine, by).save()
    mine.messages.all().delete()
    _write(mine, text, by, now)
    if not (theirs and theirs.kind == NEVER):
        _tell(partner, "wish_received", mine, organisation, now)
    return mine


@transaction.atomic
def answer(wish: Wish, said: str, *, words: str = "", by: Person, now: datetime | None = None) -> Wish:
    """Accept or decline a wish, with words if one likes; what was agreed can still be declined.

    Raises Refused: unknown_wish, message_too_long, wishes_closed, not_to_be_met, wish_over.
    """
    now = now or timezone.now()
    if said not in (ACCEPTED, DECLINED):
        raise Refused("unknown_wish")
    text = _text(words)
    organisation, partner = _both(wish.organisation, wish.partner, visible=said == ACCEPTED)
    found = _said(organisation, partner)
    back = _said(partner, organisation)
    if found is None or found.kind == NEVER or (back and back.kind == NEVER):
        raise Refused("wish_over")
    open_ = (PENDING,) if said == ACCEPTED else (PENDING, *AGREED)
    if found.standing(now) not in open_:
        raise Refused("wish_over")
    return _answer(found, said, text, by, now)


@transaction.atomic
def withdraw(wish: Wish, *, by: Person, now: datetime | None = None) -> Wish:
    """Take back a wish that waits, or that was agreed; of the latter the other is told.

    Raises Refused: wishes_closed, wish_over.
    """
    now = now or timezone.now()
    organisation, partner = _both(wish.organisation, wish.partner)
    found = _said(organisation, partner)
    if found is None or found.kind == NEVER or found.standing(now) not in (PENDING, *AGREED):
        raise Refused("wish_over")
    if found.answer in AGREED:
        _tell(partner, "wish_withdrawn", found, organisation, now)
    found.answer, found.answered = WITHDRAWN, now
    signed(found, by).save()
    return found


@transaction.atomic
def never(
    organisation: Organisation, partner: Organisation, *, by: Person, now: datetime | None = None
) -> Wish:
    """Never meet somebody, who is not told; what they asked, or what was agreed, is declined as by anybody.

    Raises Refused: wish_for_itself, wishes_closed.
    """
    now = now or timezone.now()
    organisation, partner = _both(organisation, partner)
    mine, theirs = _said(organisation, partner), _said(partner, organisation)
    if mine and mine.kind == NEVER:
        return mine
    if mine and mine.answer in AGREED:
        _tell(partner, "wish_withdrawn", mine, organisation, now)
    if theirs and theirs.kind != NEVER and theirs.standing(now) in (PENDING, *AGREED):
        _answer(theirs, DECLINED, "", by, now)
    mine = mine or Wish(edition=organisation.edition, organisation=organisation, partner=partner)
    mine.kind, mine.answer, mine.due, mine.answered, mine.warned = NEVER, "", None, None, None
    signed(mine, by).save()
    mine.messages.all().delete()
    return mine


@transaction.atomic
def take_back(organisation: Organisation, partner: Organisation, *, by: Person) -> None:
    """Say a never no longer. Raises Refused: wish_for_itself, wishes_closed, wish_over."""
    organisation, partner = _both(organisation, partner)
    mine = _said(organisation, partner)
    if mine is None or mine.kind != NEVER:
        raise Refused("wish_over")
    _forget(mine, by)


def expire(now: datetime | None = None) -> dict[str, int]:
    """What time does to wishes: some expire, some are soon going to, some seem declined. Returns how many of each.

    Asked for every minute. Each wish is settled for itself, so any number of workers may do this.
    """
    now = now or timezone.now()
    waiting = Wish.objects.filter(answer=PENDING)
    return {
        "expired": sum(_expire(key, now) for key in _keys(waiting.filter(due__lte=now))),
        "declined": sum(_seem_to_decline(key, now) for key in _keys(waiting.unheard())),
        "reminded": sum(
            _remind(key, now) for key in _keys(waiting.heard().filter(due__lte=now + REMINDED, warned=None))
        ),
    }


def _keys(rows: object) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))  # type: ignore[attr-defined]


@transaction.atomic
def _expire(key: int, now: datetime) -> bool:
    wish = _waiting(key)
    if wish is None or wish.standing(now) != EXPIRED:
        return False
    wish.answer, wish.answered = EXPIRED, wish.due
    signed(wish, None).save()
    _tell(wish.organisation, "wish_expired", wish, wish.partner, now)
    return True


@transaction.atomic
def _seem_to_decline(key: int, now: datetime) -> bool:
    wish = _waiting(key)
    if wish is None or wish.sent is None or now < wish.sent + _hesitation(wish):
        return False
    wish.answer, wish.answered = DECLINED, now
    signed(wish, None).save()
    _tell(wish.organisation, "wish_declined", wish, wish.partner, now)
    return True


def _hesitation(wish: Wish) -> timedelta:
    """Another one for each wish, which nobody can foresee."""
    drawn = int(salted_hmac("fairlink.wishes", f"{wish.pk} {wish.sent}").hexdigest()[:8], 16)
    return timedelta(seconds=_SOONEST + drawn % (_LATEST - _SOONEST))


@transaction.atomic
def _remind(key: int, now: datetime) -> bool:
    wish = _waiting(key)
    if wish is None or wish.warned or wish.standing(now) != PENDING:
        return False
    Wish.objects.filter(pk=key).update(warned=now)
    if wish.sent and wish.due and wish.due - wish.sent <= REMINDED:  # nobody has had time to forget it
        return False
    _tell(wish.partner, "wish_expiring", wish, wish.organisation, now)
    return True


def _waiting(key: int) -> Wish | None:
    rows = Wish.objects.select_for_update(of=("self",)).filter(pk=key, answer=PENDING)
    found: Wish | None = rows.select_related("edition", "organisation", "partner").first()
    return found


def _both(
    organisation: Organisation, partner: Organisation, *, visible: bool = False
) -> tuple[Organisation, Organisation]:
    """The two as they are now. Locked, in one order: both may be speaking at the same moment."""
    if organisation.pk == partner.pk:
        raise Refused("wish_for_itself")
    rows = Organisation.objects.select_for_update(of=("self",)).select_related("edition").order_by("pk")
    both = {one.pk: one for one in rows.filter(pk__in=(organisation.pk, partner.pk))}
    organisation, partner = both[organisation.pk], both[partner.pk]
    if organisation.edition.phase not in WISHING:
        raise Refused("wishes_closed")
    same = organisation.edition_id == partner.edition_id
    if not same or (visible and {organisation.status, partner.status} != {VALIDATED}):
        raise Refused("not_to_be_met")
    # The same words as for anybody who is not to be seen: nobody learns that the organiser keeps them apart.
    if visible and Exclusion.objects.between(organisation, partner).exists():
        raise Refused("not_to_be_met")
    return organisation, partner


def _said(organisation: Organisation, partner: Organisation) -> Wish | None:
    rows = Wish.objects.select_for_update().filter(organisation=organisation, partner=partner)
    found: Wish | None = rows.first()
    return found


def _ask_again(mine: Wish | None, now: datetime) -> None:
    """Whether somebody may ask, for all they have said before."""
    if mine is None:
        return
    standing = mine.standing(now)
    if mine.kind != NEVER and standing in (PENDING, *AGREED):
        raise Refused("wished_already")
    if mine.kind != NEVER and standing == DECLINED:
        raise Refused("wish_declined")
    if mine.sent and now < mine.sent + AGAIN:
        raise Refused("wish_too_soon")


def _answer(wish: Wish, said: str, text: str, by: Person, now: datetime) -> Wish:
    wish.answer, wish.answered = said, now
    signed(wish, by).save()
    wish.messages.filter(reply=True).delete()
    _write(wish, text, by, now, reply=True)
    _tell(wish.organisation, f"wish_{said}", wish, wish.partner, now)
    return wish


def _forget(never: Wish, by: Person) -> None:
    """A never is taken back; when somebody was asked before it is remembered, so that they are not asked too soon."""
    if never.sent is None:
        signed(never, by).delete()
        return
    never.kind, never.answer = ASKED[-1], WITHDRAWN
    signed(never, by).save()


def _text(message: str) -> str:
    """What somebody wrote, as far as it can be kept."""
    text = message.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > WishMessage.LONGEST:
        raise Refused("message_too_long", most=WishMessage.LONGEST)
    return text


def _write(wish: Wish, text: str, by: Person, now: datetime, *, reply: bool = False) -> None:
    if text:
        WishMessage.objects.create(wish=wish, person=by, reply=reply, text=text, made=now)


def _tell(organisation: Organisation, kind: str, wish: Wish, other: Organisation, now: datetime) -> None:
    """Let everybody who takes part for an organisation know; what was written is read on the site only.

    Nobody is told of what time does to wishes once it is too late to wish.
    """
    edition = wish.edition
    if edition.phase not in WISHING:
        return
    last = wish.last_day(edition)
    members = organisation.memberships.filter(role__in=OF_ORGANISATIONS, person__is_active=True)
    people = {one.person_id: one.person for one in members.select_related("person__preference")}
    for person in people.values():
        tell(
            person,
            kind,
            edition=edition,
            data={
                "organisation": organisation.name,
                "partner": other.name,
                "country": other.country,
                "wish": wish.kind,
                "until": last.isoformat() if last else "",
            },
            path=f"/{edition.slug}/organisations/{organisation.code}/wishes/",
            now=now,
        )
