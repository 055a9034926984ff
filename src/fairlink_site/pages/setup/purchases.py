"""What is usually bought: the table that counts, row by row, with the edition's own in the place of ours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairlink import cells, vocabulary
from fairlink.errors import BadExpo, Problem
from fairlink.partners.facts import FACTS
from fairlink.tables import PURCHASES
from fairlink_site import snapshot, spreadsheets, wording
from fairlink_site.actions.purchases import (
    back_to_ours,
    bring_purchases,
    remove_purchase,
    set_purchase,
    start_from_ours,
)
from fairlink_site.labels import LABELS
from fairlink_site.models import Edition
from fairlink_site.pages.setup.doors import accepted, attempted, organiser_form, person
from fairlink_site.pages.tenancy import show
from fairlink_site.record_forms import RecordForm
from fairlink_site.refusals import Refused

A_PAGE = 25
# What forms do not have, or say of short names.
_OF_FILES = ("unknown_column", "duplicate_column", "missing_column", "ragged_row", "duplicate_id")


class FileForm(forms.Form):
    """A list to be brought in."""

    file = forms.FileField(label=gettext_lazy("File (CSV or XLSX, at most 20 MB)"), max_length=200)


@organiser_form
def purchases(request: HttpRequest, edition: Edition) -> HttpResponse:
    do = request.POST.get("do", "")
    if request.method == "POST" and do not in ("row", "remove", "start", "file"):
        raise Http404
    by = person(request)
    if do in ("remove", "start"):
        makes = request.POST.get("makes", "")
        act = (
            (lambda: remove_purchase(edition, makes, by=by))
            if do == "remove"
            else (lambda: start_from_ours(edition, by=by))
        )
        attempted(request, act)
        return redirect(request.get_full_path())
    own = [dict(row) for row in snapshot.purchase_records(edition)]
    chosen = next((row for row in own if row["makes"] == request.GET.get("makes")), None)
    form = _row_form(request.POST if do == "row" else None, chosen)
    was = chosen["makes"] if chosen else ""
    if do == "row" and accepted(
        request, form, lambda: set_purchase(edition, form.record, instead_of=was, by=by)
    ):
        return redirect("setup_purchases", edition=edition.slug)
    file = FileForm(*((request.POST, request.FILES) if do == "file" else ()))
    wrong: list[str] = []
    if do == "file" and file.is_valid():
        wrong = _brought(request, edition, file)
        if not wrong and not file.errors:
            return redirect("setup_purchases", edition=edition.slug)
    ours = [{"makes": makes, "buys": sorted(buys)} for makes, buys in sorted(vocabulary.purchases().items())]
    return show(
        request,
        "setup_purchases",
        edition,
        own=len(own),
        ours=len(ours),
        page=Paginator(own or ours, A_PAGE).get_page(request.GET.get("page")),
        chosen=was,
        form=form,
        file=file,
        wrong=wrong,
        factor=next(fact.met for fact in FACTS if fact.code == "purchase"),
    )


def _row_form(data: Any, chosen: dict[str, Any] | None) -> RecordForm:
    """Empty, or with the row that shall be changed."""
    columns = [column.name for column in PURCHASES.columns]
    form = RecordForm(PURCHASES, columns, data, record=chosen or cells.blank(PURCHASES))
    room = PURCHASES.column("buys").longest
    form.fields["buys"].widget = forms.Textarea(attrs={"rows": 3, "maxlength": room})
    return form


def _brought(request: HttpRequest, edition: Edition, form: FileForm) -> list[str]:
    """Bring the file in; what is wrong with it, line by line, where it could not be."""
    file = form.cleaned_data["file"]
    content, name = file.read(spreadsheets.LARGEST + 1), file.name.replace("\x00", "")
    try:
        number = bring_purchases(edition, content, name, by=person(request))
    except Refused as no:
        form.add_error("file", str(no.words))
        return []
    except BadExpo as error:
        return [_told(one) for one in error.problems]
    messages.success(request, _("Rows brought in: %(number)s.") % {"number": wording.number(number)})
    return []


def _told(problem: Problem) -> str:
    """One thing wrong with a file: where it stands, and what it is."""
    of_file = problem.code in _OF_FILES
    words = (
        wording.say("problems", problem.code, problem.data)
        if of_file
        else wording.mistake(problem.code, problem.data, "list")
    )
    where = _("Line %(line)s") % {"line": problem.line}
    column = str(LABELS.get(problem.column or "", problem.column or ""))
    return " · ".join(filter(None, (where, column, words)))


@organiser_form
def ours_again(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Asked before every row of the edition's own goes."""
    if request.method == "POST":
        attempted(request, lambda: back_to_ours(edition, by=person(request)))
        return redirect("setup_purchases", edition=edition.slug)
    return show(request, "setup_purchases_ours", edition, own=len(edition.purchases))
