"""The interpreters of an edition: who speaks what, when they are not there; added, changed and removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from fairlink import cells, vocabulary
from fairlink.tables import INTERPRETERS
from fairlink_site import snapshot, wording
from fairlink_site.actions.interpreters import add_interpreter, change_interpreter, remove_interpreters
from fairlink_site.models import Edition, Meeting
from fairlink_site.pages.setup.doors import accepted, attempted, organiser_form, person
from fairlink_site.pages.setup.places import slots_of
from fairlink_site.pages.tenancy import show
from fairlink_site.record_forms import RecordForm

A_PAGE = 50
ADDED = ("name", "languages", "number")
CHANGED = (*ADDED, "closed")


@organiser_form
def interpreters(request: HttpRequest, edition: Edition) -> HttpResponse:
    if "remove" in request.POST:
        codes = request.POST.getlist("remove")
        attempted(request, lambda: remove_interpreters(edition, codes, by=person(request)))
        return redirect("setup_interpreters", edition=edition.slug)
    form = _form(edition, ADDED, request.POST if request.method == "POST" else None)
    if form.is_bound and accepted(request, form, lambda: _add(request, edition, form)):
        return redirect("setup_interpreters", edition=edition.slug)
    return show(
        request,
        "setup_interpreters",
        edition,
        form=form,
        page=Paginator(edition.interpreters.all(), A_PAGE).get_page(request.GET.get("page")),
        slots=edition.slots.count(),
    )


def _add(request: HttpRequest, edition: Edition, form: RecordForm) -> None:
    add_interpreter(edition, {name: form.record[name] for name in ADDED}, by=person(request))


@organiser_form
def interpreter(request: HttpRequest, edition: Edition, interpreter: str) -> HttpResponse:
    found = get_object_or_404(edition.interpreters, code=interpreter)
    (record,) = snapshot.interpreter_records(edition.interpreters.filter(pk=found.pk))
    form = _form(edition, CHANGED, request.POST if request.method == "POST" else None, record)

    def save() -> None:
        changes = {name: form.record[name] for name in CHANGED}
        change_interpreter(edition, found.code, changes, by=person(request))

    if form.is_bound and accepted(request, form, save):
        if Meeting.objects.standing().filter(run__current=True, interpreter=found).exists():
            messages.info(
                request, _("Meetings of the timetable count on them; they stay until the next timetable.")
            )
        return redirect("setup_interpreters", edition=edition.slug)
    return show(
        request,
        "setup_form",
        edition,
        form=form,
        title=wording.pick(found.name, edition.languages)[0] or found.code,
        back="setup_interpreters",
        back_title=_("Interpreters"),
    )


def _form(
    edition: Edition, columns: tuple[str, ...], data: Any, record: Mapping[str, Any] | None = None
) -> RecordForm:
    start = cells.blank(INTERPRETERS) if record is None else record
    form = RecordForm(
        INTERPRETERS,
        columns,
        data,
        record=start,
        languages=edition.languages,
        options={"closed": slots_of(edition)},
    )
    languages = form.fields["languages"]
    languages.help_text = f"{languages.help_text} {_('To choose several with a mouse, hold Ctrl or Cmd.')}"
    offered = dict(languages.choices)  # type: ignore[attr-defined]
    more = {one: vocabulary.language(one, wording.language()) for one in start["languages"]}
    languages.choices = list((offered | more).items())  # type: ignore[attr-defined]
    form.fields["number"].label = _("How many they are")
    return form
