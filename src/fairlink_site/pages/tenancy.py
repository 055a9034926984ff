"""Which edition an address speaks of. Every page of an edition is wrapped in it, and reaches rows only through it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe
from rules.predicates import Predicate

from fairlink_site import permissions
from fairlink_site.models import Edition

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


def demand(request: HttpRequest, allowed: Predicate, thing: Any) -> HttpResponse | None:
    """None where the person may; else the answer: sign in first, or no."""
    if allowed.test(request.user, thing):
        return None
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    return render(request, "fairlink/403.html", status=403)


def show(request: HttpRequest, template: str, edition: Edition, **context: Any) -> HttpResponse:
    return render(request, f"fairlink/{template}.html", {"edition": edition, **context})
