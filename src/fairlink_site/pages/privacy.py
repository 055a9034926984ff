"""My data: what is kept about me and what for, to take with me or to have erased."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fairlink_site import privacy
from fairlink_site.actions.privacy import erase
from fairlink_site.models import Person
from fairlink_site.refusals import Refused


class EraseForm(forms.Form):
    """Type the address, so that nobody is erased by a slip of the finger."""

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address, to confirm"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.casefold() != self.person.email.casefold():
            raise forms.ValidationError(_("This is not the address of your account."))
        return email


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """What is kept about people here, for everybody to read."""
    return render(request, "fairlink/privacy.html", {"things": privacy.THINGS, "deeds": True})


@require_safe
@login_required
@reauthentication_required
def my_data(request: HttpRequest) -> HttpResponse:
    return _show(request, EraseForm(_person(request)))


def _show(request: HttpRequest, form: EraseForm, status: int = 200) -> HttpResponse:
    person = _person(request)
    context = {
        "things": privacy.things(person),
        "deeds": any(number for _label, number in privacy.deeds(person)),
        "unattended": privacy.unattended(person),
        "form": form,
    }
    return render(request, "fairlink/my_data.html", context, status=status)


@require_safe
@login_required
@reauthentication_required
def my_data_json(request: HttpRequest) -> JsonResponse:
    """Everything kept about me, but for secrets that are of use to a thief only."""
    told: dict[str, Any] = {label: rows for label, _table, rows in privacy.collect(_person(request))}
    told["meetings"] = privacy.meeting_notes(_person(request))
    told["done"] = dict(privacy.deeds(_person(request)))
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="fairlink-my-data.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
def erase_me(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":  # loaded again, or come back to after the password was asked
        return redirect("my_data")
    person = _person(request)
    form = EraseForm(person, request.POST)
    if not form.is_valid():
        return _show(request, form, status=400)
    try:
        erase(person)
    except Refused as no:
        form.add_error(None, str(no.words))
        return _show(request, form, status=409)
    logout(request)
    messages.success(request, _("Your account and everything kept about you has been erased."))
    return redirect("front")


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # noqa: S101  login is required
    return request.user
