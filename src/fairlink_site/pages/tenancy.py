"""Which edition an address speaks of. Every page of an edition is wrapped in it, and reaches rows only through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from rules.predicates import Predicate

from fairlink_site import permissions, wording
from fairlink_site.models import Edition, Membership, Organisation, Person
from fairlink_site.models.meetings import TOLD
from fairlink_site.models.wishes import WISHING

P = ParamSpec("P")


def edition_page(
    page: Callable[Concatenate[HttpRequest, Edition, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """A page that only reads, given the edition that its address names; a draft is there for its makers only."""
    return require_safe(edition_form(page))


def edition_form(
    page: Callable[Concatenate[HttpRequest, Edition, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """The same for a page that may change something."""

    @wraps(page)
    @require_http_methods(["GET", "HEAD", "POST"])
    def wrapped(request: HttpRequest, edition: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        found = get_object_or_404(Edition, slug=edition)
        if not permissions.see_edition.test(request.user, found):
            raise Http404
        return page(request, found, *args, **kwargs)

    return wrapped


def for_those(allowed: Predicate) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A page of an edition for those who are allowed that; others are asked to sign in, or told no."""

    def wrap(page: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(page)
        def wrapped(request: HttpRequest, edition: Edition, *args: Any, **kwargs: Any) -> Any:
            return demand(request, allowed, edition) or page(request, edition, *args, **kwargs)

        return wrapped

    return wrap


_WRITTEN, _MOST = "written", 50_000  # in the session; characters


def signed_in(page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page with a form for people who are signed in.

    What somebody sent whose session had ended is kept, and stands in the form again once they have signed in.
    """

    @wraps(page)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if request.method == "POST":
                request.session[_WRITTEN] = {"path": request.path, "data": request.POST.urlencode()[:_MOST]}
            return redirect_to_login(request.get_full_path())
        kept = request.session.get(_WRITTEN)
        if request.method == "GET" and kept and kept["path"] == request.path:
            del request.session[_WRITTEN]
            request.POST = QueryDict(kept["data"])
            messages.warning(
                request, _("You had been signed out. What you wrote is still here, and not saved yet.")
            )
        return page(request, *args, **kwargs)

    return wrapped


def demand(request: HttpRequest, allowed: Predicate, thing: Any) -> HttpResponse | None:
    """None where the person may; else the answer: sign in first, or no."""
    if allowed.test(request.user, thing):
        return None
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    return render(request, "fairlink/403.html", status=403)


def show(request: HttpRequest, template: str, edition: Edition, **context: Any) -> HttpResponse:
    mine = _mine(request, edition)
    waiting = _waiting(edition, mine)
    desk = list(_desk(request, edition, mine, waiting))
    common = {"edition": edition, "desk": desk, "waiting": [one for one in waiting if one[1]]}
    return render(request, f"fairlink/{template}.html", {**common, **context})


# Rooms beyond those of everybody: name of the address, words, and who finds it there.
ROOMS = {
    "organise": (_("Organise"), "organiser"),
    "setup": (_("Set-up"), "organiser"),
    "timetables": (_("Timetables"), "organiser"),
    "board": (_("Hall board"), "organiser hall"),
    "queue": (_("Validation queue"), "organiser reviewer"),
    "imports": (_("Import"), "organiser"),
    "duplicates": (_("Duplicates"), "organiser"),
    "people": (_("People and roles"), "organiser"),
    "outbox": (_("Letters"), "organiser"),
    "trail": (_("Audit trail"), "organiser"),
}


def _mine(request: HttpRequest, edition: Edition) -> list[Membership]:
    """What the reader is in the edition."""
    if not isinstance(request.user, Person):
        return []
    return list(edition.memberships.filter(person=request.user).select_related("organisation"))


def _waiting(edition: Edition, mine: list[Membership]) -> list[tuple[Organisation, int]]:
    """The reader's organisations, and how many wishes wait for the answer of each; none while none can be sent."""
    found = {one.organisation.pk: one.organisation for one in mine if one.organisation}
    if not found or edition.phase not in WISHING:
        return []
    asked = edition.wishes.waiting(timezone.now()).heard().filter(partner__in=found)
    number = dict(asked.order_by().values_list("partner").annotate(n=Count("pk")))
    return [(one, number.get(key, 0)) for key, one in found.items()]


def _desk(
    request: HttpRequest, edition: Edition, mine: list[Membership], waiting: list[tuple[Organisation, int]]
) -> Iterator[tuple[str, Any, bool]]:
    """Address, name, and whether it is this page, of each room that is the person's own."""
    here = request.resolver_match
    roles = {one.role for one in mine}
    asked = {one.code: number for one, number in waiting}
    organisations = {one.organisation.code: one.organisation for one in mine if one.organisation}
    for code, one in organisations.items():
        address = reverse("profile", args=[edition.slug, code])
        name = wording.pick(one.name, edition.languages)[0]
        yield address, name, request.path == address
        if edition.phase in TOLD:
            address = reverse("calendar", args=[edition.slug, code])
            calendar: Any = _("My calendar") if len(organisations) == 1 else f"{_('My calendar')} · {name}"
            yield address, calendar, request.path == address
        if code in asked:
            address = reverse("wishes", args=[edition.slug, code])
            said = _("Wishes ({number})").format(number=asked[code]) if asked[code] else _("Wishes")
            told = said if len(organisations) == 1 else f"{said} · {name}"
            yield address, told, request.path == address
    for name, (words, whose) in ROOMS.items():
        if roles & {*whose.split()}:
            yield reverse(name, args=[edition.slug]), words, here is not None and here.url_name == name
