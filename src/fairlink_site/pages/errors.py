"""What people see when a page is not there, or broke."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "fairlink/404.html", status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """Somebody asks faster than people do."""
    return render(request, "fairlink/429.html", status=429)


def broken(request: HttpRequest) -> HttpResponse:
    """Says so without asking the database, which may be what broke."""
    return HttpResponseServerError(render_to_string("fairlink/500.html"))
