"""What people see when a page is not there, or broke."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

_SHORT = 12  # characters; choices and switches of a form are not worth copying


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "fairlink/404.html", status=404)


def old_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was opened before signing in or out, elsewhere. What was written in it is shown, to be copied."""
    secret = ("csrfmiddlewaretoken", "password", "code", "seen")
    written = [
        text
        for name, texts in request.POST.lists()
        for text in texts
        if text.strip() and not any(one in name for one in secret) and len(text) > _SHORT
    ]
    return render(request, "fairlink/403_csrf.html", {"written": written}, status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """Somebody asks faster than people do."""
    return render(request, "fairlink/429.html", status=429)


def broken(request: HttpRequest) -> HttpResponse:
    """Says so without asking the database, which may be what broke."""
    return HttpResponseServerError(render_to_string("fairlink/500.html"))
