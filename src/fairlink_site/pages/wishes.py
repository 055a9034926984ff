"""Wishes of an organisation: who asks us and what we would gain, whom we have asked, and what was agreed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fairlink_site import permissions
from fairlink_site.actions import wishes as acts
from fairlink_site.models import Edition, Organisation, Seat, UnplacedMeeting, Wish, WishMessage
from fairlink_site.models.organisations import VALIDATED
from fairlink_site.models.wishes import ACCEPTED, AGREED, DECLINED, NEVER
from fairlink_site.pages.profiles import person_of
from fairlink_site.pages.tenancy import demand, edition_form, show
from fairlink_site.pages.wishing import Why, seats, whys
from fairlink_site.refusals import Refused

A_PAGE = 20  # wishes that wait for us
SHOWN = 50  # of each other sort, newest first
ANSWERS = {"accept": ACCEPTED, "decline": DECLINED}
DONE = {
    "sent": _("Your wish has been sent. It takes nobody’s time until they accept."),
    "met": _("They had asked you already: you have agreed to meet."),
    "accept": _("You have agreed to meet. The next timetable tries to give the meeting a time."),
    "decline": _("You have declined. They have been told."),
    "withdraw": _("Your wish has been withdrawn."),
    "never": _("They will not be suggested to you again. They do not learn why."),
    "back": _("Taken back. They can be suggested to you again."),
}


@dataclass(frozen=True)
class Row:
    """A wish as one side sees it: the other, what was written, what both would gain, and how it stands."""

    wish: Wish
    other: Organisation
    ours: bool  # we sent it
    state: str
    days: int  # left to answer
    message: str
    reply: str
    why: Why | None
    seat: Seat | None
    unplaced: bool


@login_required
@edition_form
def wishes(request: HttpRequest, edition: Edition, organisation: str) -> HttpResponse:
    found: Organisation = get_object_or_404(
        edition.organisations.select_related("edition"), code=organisation
    )
    if not permissions.belongs.test(request.user, found):
        raise Http404
    denied = demand(request, permissions.see_wishes, found)
    if denied:
        return denied
    if request.method == "POST":
        return _act(request, edition, found)
    return _page(request, edition, found)


def _act(request: HttpRequest, edition: Edition, organisation: Organisation) -> HttpResponse:
    denied = demand(request, permissions.wish, organisation)
    if denied:
        return denied
    do = request.POST.get("do", "")
    partner = _other(edition, organisation, request.POST.get("partner", ""))
    message = request.POST.get("message", "")
    try:
        said = _done(request, organisation, partner, do, message)
    except Refused as no:
        messages.error(request, str(no.words))
        if do in acts.ASKED and message.strip():
            return _page(request, edition, organisation, draft=(partner, message), status=409)
    else:
        messages.success(request, said)
    if request.POST.get("from") == "list":
        return redirect(
            reverse("organisation", args=[edition.slug, organisation.code]) + f"#with-{partner.code}"
        )
    if request.POST.get("from") == "partner":
        return redirect("organisation", edition=edition.slug, organisation=partner.code)
    return redirect("wishes", edition=edition.slug, organisation=organisation.code)


def _other(edition: Edition, organisation: Organisation, code: str) -> Organisation:
    """Whom it is about: somebody who is to be seen, or with whom something has been said before."""
    found: Organisation = get_object_or_404(edition.organisations, code=code.replace("\x00", "")[:64])
    known = found.status == VALIDATED or organisation.wishes_out.filter(partner=found).exists()
    if not (known or organisation.wishes_in.heard().filter(organisation=found).exists()):
        raise Http404
    return found


def _done(
    request: HttpRequest, organisation: Organisation, partner: Organisation, do: str, message: str
) -> str:
    """Do it, and say so."""
    by = person_of(request)
    if do in acts.ASKED:
        made = acts.send(organisation, partner, do, message=message, by=by)
        return str(DONE["met" if made.answer == ACCEPTED else "sent"])
    if do == NEVER:
        acts.never(organisation, partner, by=by)
    elif do == "back":
        acts.take_back(organisation, partner, by=by)
    elif do in ANSWERS:
        asked = get_object_or_404(organisation.wishes_in.heard(), organisation=partner)
        acts.answer(asked, ANSWERS[do], words=message, by=by)
    elif do == "withdraw":
        acts.withdraw(get_object_or_404(organisation.wishes_out, partner=partner), by=by)
    else:
        raise Http404
    return str(DONE[do])


def _page(
    request: HttpRequest,
    edition: Edition,
    organisation: Organisation,
    *,
    draft: tuple[Organisation, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    asked_us = organisation.wishes_in.heard()
    seen = organisation.wishes_out.filter(Q(partner__status=VALIDATED) | Q(answer=ACCEPTED))
    asked = seen.exclude(kind=NEVER)
    page = Paginator(_with_others(asked_us.waiting(now).order_by("due", "pk")), A_PAGE).get_page(
        request.GET.get("page")
    )
    waiting = list(_with_others(asked.waiting(now))[:SHOWN])
    agreed = [
        *_with_others(asked_us.filter(answer__in=AGREED))[:SHOWN],
        *_with_others(asked.filter(answer__in=AGREED))[:SHOWN],
    ]
    over = sorted(
        (
            *_with_others(asked_us.exclude(answer__in=AGREED).exclude(pk__in=asked_us.waiting(now)))[:SHOWN],
            *_with_others(asked.exclude(answer__in=AGREED).exclude(pk__in=asked.waiting(now)))[:SHOWN],
        ),
        key=lambda one: one.answered or one.due or now,
        reverse=True,
    )[:SHOWN]
    tell = _teller(
        edition,
        organisation,
        [*page, *waiting],
        sees=permissions.see_calendar.test(request.user, organisation),
    )
    answer = show(
        request,
        "wishes",
        edition,
        organisation=organisation,
        page=page,
        asking_us=[tell(one) for one in page],
        asked=[tell(one) for one in waiting],
        agreed=[tell(one) for one in agreed],
        over=[tell(one) for one in over],
        nevers=seen.filter(kind=NEVER).select_related("partner"),
        may=permissions.wish.test(request.user, organisation),
        validated=organisation.status == VALIDATED,
        draft=draft,
        longest=WishMessage.LONGEST,
    )
    answer.status_code = status
    return answer


def _with_others(rows: Any) -> Any:
    return rows.select_related("organisation", "partner").prefetch_related("messages")


def _teller(edition: Edition, organisation: Organisation, rows: Iterable[Wish], *, sees: bool) -> Any:
    """What makes a Row of a wish; what it needs is fetched here, once. Of `rows` it is told what both would gain."""
    others = {
        one.pk: one for row in rows for one in (row.organisation, row.partner) if one.pk != organisation.pk
    }
    why = whys(edition, organisation, list(others.values())) if others else {}
    held = seats(edition, organisation) if sees else {}
    run = edition.runs.filter(kind="meetings", current=True).first() if sees else None
    unplaced = UnplacedMeeting.objects.filter(run=run)
    left = {
        *unplaced.filter(first=organisation).values_list("second", flat=True),
        *unplaced.filter(second=organisation).values_list("first", flat=True),
    }
    now = timezone.now()
    today = now.astimezone(ZoneInfo(edition.time_zone)).date()

    def tell(wish: Wish) -> Row:
        ours = wish.organisation_id == organisation.pk
        other = wish.partner if ours else wish.organisation
        said = {one.reply: one.text for one in wish.messages.all()}
        last = wish.last_day(edition)
        days = (last - today).days if last else 0
        return Row(
            wish,
            other,
            ours,
            wish.standing(now),
            days,
            said.get(False, ""),
            said.get(True, ""),
            why.get(other.pk),
            held.get(other.pk),
            other.pk in left,
        )

    return tell
