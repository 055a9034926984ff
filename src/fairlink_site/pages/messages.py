"""Messages: what I am told and how I want it; for organisers the outbox, and reminders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from fairlink import vocabulary
from fairlink_site import letters, permissions, wording
from fairlink_site.actions import reminders as acts
from fairlink_site.actions.messages import (
    EXPIRED,
    INTERRUPTED,
    UNSUBSCRIBED,
    mark_read,
    person_of,
    preference,
    retry,
    set_preference,
    unsubscribe,
)
from fairlink_site.models import Edition, Letter, Person, Preference
from fairlink_site.pages.tenancy import edition_form, edition_page, for_those, show
from fairlink_site.refusals import Refused

A_PAGE = 50
STATES = {
    Letter.WAITING: _("Waiting"),
    Letter.HELD: _("For the letter of the day"),
    Letter.SENT: _("Sent"),
    Letter.FAILED: _("Failed"),
}
REASONS = {
    UNSUBSCRIBED: _("The person wants no letters."),
    INTERRUPTED: _("Sending was interrupted each time."),
    EXPIRED: _("It waited too long; its link no longer works."),
}
WANTED = {
    Preference.AT_ONCE: _("Each at once"),
    Preference.DAILY: _("One letter a day, at eight in the morning"),
    Preference.NEVER: _("None; I read messages on the site"),
}
GROUPS = {
    acts.INVITED: _("Invited and not here yet"),
    acts.DRAFT: _("Organisations that have not been sent in"),
    acts.CHANGES: _("Organisations that have been asked for changes"),
}


def unread(request: HttpRequest) -> dict[str, Any]:
    """How many notices somebody has not read, for every page; asked only where it is said."""

    def count() -> int:
        person = getattr(request, "user", None)
        return person.notices.filter(read=None).count() if person and person.is_authenticated else 0

    return {"unread": SimpleLazyObject(count)}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What I am told, the newest first."""
    person = _person(request)
    if request.method == "POST":
        mark_read(person, upto=_key(request.POST.get("upto", "")))
        return redirect("inbox")
    rows = person.notices.select_related("edition")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    told = [(notice, letters.words_of(notice), f"/{get_language()}{notice.path}") for notice in page]
    newest = rows.order_by("-pk").values_list("pk", flat=True).first()
    return render(request, "fairlink/inbox.html", {"page": page, "told": told, "newest": newest})


def _key(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise Http404
    return int(text[:18])


class PreferenceForm(forms.Form):
    """Which letters I get, and when."""

    letters = forms.ChoiceField(label=_("Letters"), choices=list(WANTED.items()))
    quiet_from = forms.TimeField(label=_("No letters from"), required=False)
    quiet_until = forms.TimeField(label=_("until"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"))
    language = forms.ChoiceField(label=_("Language of letters"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("quiet_from", "quiet_until"):
            self.fields[name].widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        zones = ("UTC", *vocabulary.time_zones())
        _choose(self.fields["time_zone"], [(zone, zone.replace("_", " ")) for zone in zones])
        spoken = [(wording.tag(code), name) for code, name in settings.LANGUAGES]
        _choose(self.fields["language"], [("", _("All languages")), *spoken])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (cleaned.get("quiet_from") is None) != (cleaned.get("quiet_until") is None):
            self.add_error("quiet_until", _("Say both when the quiet begins and when it ends, or neither."))
        return cleaned


def _choose(field: forms.Field, choices: list[Any]) -> None:
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  tells the type
    field.choices = choices


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    kept = preference(person)
    initial = {name: getattr(kept, name) for name in PreferenceForm.base_fields}
    if kept.pk is None:
        initial["time_zone"] = _zone(person)
    form = PreferenceForm(request.POST if request.method == "POST" else None, initial=initial)
    if not (form.is_bound and form.is_valid()):
        return render(
            request, "fairlink/preferences.html", {"form": form}, status=400 if form.is_bound else 200
        )
    set_preference(person, **form.cleaned_data)
    messages.success(request, _("Kept."))
    return redirect("preferences")


def _zone(person: Person) -> str:
    """Where the person's newest edition is held: a guess to begin with."""
    newest = Edition.objects.filter(memberships__person=person).first()
    return newest.time_zone if newest else "UTC"


@csrf_exempt  # RFC 8058: the reader's mail program sends the form, knowing nothing but the address
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more letters; by a button, since programs open the links of letters too."""
    person = person_of(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        unsubscribe(person)
    return render(request, "fairlink/unsubscribe.html", {"done": request.method == "POST"})


@edition_page
@for_those(permissions.manage_people)
def outbox(request: HttpRequest, edition: Edition) -> HttpResponse:
    """The letters of an edition, the newest first."""
    state = request.GET.get("state")
    rows = edition.letters.defer("body", "secret")
    if state in STATES:
        rows = rows.filter(state=state)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "outbox",
        edition,
        page=page,
        state=state,
        states=STATES.items(),
        rows=[(one, letters.KINDS[one.kind].name, STATES[one.state]) for one in page],
    )


@edition_form
@for_those(permissions.manage_people)
def letter(request: HttpRequest, edition: Edition, letter: int) -> HttpResponse:
    """One letter as it is sent, but for what is secret in it."""
    found = get_object_or_404(edition.letters.select_related("within"), pk=letter)
    if request.method == "POST":
        try:
            retry(found)
        except Refused as no:
            messages.error(request, str(no.words))
        else:
            messages.success(request, _("It is in the outbox again."))
        return redirect("letter", edition=edition.slug, letter=found.pk)
    reason = REASONS.get(found.reason, found.reason)
    return show(request, "letter", edition, letter=found, state=STATES[found.state], reason=reason)


class ReminderForm(forms.Form):
    """Whom to remind, and in what words."""

    group = forms.ChoiceField(label=_("Whom to remind"), choices=list(GROUPS.items()))

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = list(edition.languages)
        for tag in self.languages:
            self.fields[f"words-{tag}"] = forms.CharField(
                label=_("Your words (%(language)s), if you like")
                % {"language": vocabulary.language(tag, wording.language())},
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 4, "lang": tag, "dir": "auto"}),
            )

    @property
    def words(self) -> dict[str, str]:
        return {tag: self.cleaned_data[f"words-{tag}"] for tag in self.languages}


@edition_form
@for_those(permissions.manage_people)
def reminders(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Choose a group, look at the letter and at who gets it, then send it."""
    form = ReminderForm(edition, request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return show(request, "remind", edition, form=form)
    if not form.is_valid():
        return render(request, "fairlink/remind.html", {"edition": edition, "form": form}, status=400)
    now, where = timezone.now(), _where(request)
    if request.POST.get("do") == "send":
        reached = acts.remind(edition, form.cleaned_data["group"], form.words, now=now, **where)
        said = ngettext("%(counter)s person is reminded.", "%(counter)s people are reminded.", reached)
        messages.success(request, said % {"counter": reached})
        return redirect("outbox", edition=edition.slug)
    return show(request, "remind", edition, form=form, **_preview(edition, form, now, where))


def _preview(edition: Edition, form: ReminderForm, now: datetime, where: dict[str, str]) -> dict[str, Any]:
    group = form.cleaned_data["group"]
    reached = acts.recipients(edition, group, now)
    by_letter = [one for one in reached if one.by_letter]
    first = acts.preview(edition, group, form.words, by_letter[0], **where) if by_letter else None
    return {
        "checked": True,
        "said": first,
        "to": [one.to for one in by_letter],
        "on_site": len(reached) - len(by_letter),
    }


def _where(request: HttpRequest) -> dict[str, str]:
    """Where the site is reached, and its invitations."""
    base = request.build_absolute_uri("/").rstrip("/")
    return {"base": base, "address": letters.invitation_address(base)}


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # noqa: S101  login is required
    return request.user
