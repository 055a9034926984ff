"""The programme: activities added, changed and taken out, with how many have signed up for each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _

from fairlink import cells
from fairlink.tables import ACTIVITIES
from fairlink_site import snapshot, wording
from fairlink_site.actions.activities import keep_activity, remove_activity
from fairlink_site.models import Activity, Edition
from fairlink_site.pages.setup.doors import accepted, attempted, organiser_form, person
from fairlink_site.pages.tenancy import show
from fairlink_site.record_forms import RecordForm

A_PAGE = 100
ASKED = ("kind", "name", "day", "start", "end", "hall", "chain", "capacity")


@organiser_form
def activities(request: HttpRequest, edition: Edition) -> HttpResponse:
    form = _form(request, edition, cells.blank(ACTIVITIES) | {"day": edition.start})
    if form.is_bound and accepted(
        request, form, lambda: keep_activity(edition, form.record, by=person(request))
    ):
        return redirect("setup_activities", edition=edition.slug)
    rows = edition.activities.annotate(signed_up=Count("sign_ups")).order_by("day", "start", "code")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return show(request, "setup_activities", edition, form=form, page=page)


@organiser_form
def activity(request: HttpRequest, edition: Edition, activity: str) -> HttpResponse:
    found: Activity = get_object_or_404(edition.activities, code=activity)
    if request.POST.get("do") == "remove":
        attempted(request, lambda: remove_activity(found, by=person(request)))
        return redirect("setup_activities", edition=edition.slug)
    (record,) = snapshot.activity_records(edition.activities.filter(pk=found.pk))
    form = _form(request, edition, record)
    if form.is_bound and accepted(
        request, form, lambda: keep_activity(edition, form.record, code=found.code, by=person(request))
    ):
        return redirect("setup_activities", edition=edition.slug)
    return show(
        request, "setup_activity", edition, form=form, activity=found, signed_up=found.sign_ups.count()
    )


def _form(request: HttpRequest, edition: Edition, record: Any) -> RecordForm:
    form = RecordForm(
        ACTIVITIES,
        ASKED,
        request.POST if request.method == "POST" else None,
        record=record,
        languages=edition.languages,
    )
    chains = [(one.code, wording.pick(one.name, edition.languages)[0]) for one in edition.chains.all()]
    form.fields["chain"] = forms.ChoiceField(
        choices=[("", "–"), *chains],
        required=False,
        label=form.fields["chain"].label,
        initial=record["chain"],
    )
    form.fields["capacity"].label = _("Seats")
    form.fields["capacity"].help_text = _("People who fit in; 0 where there is no limit.")
    return form
