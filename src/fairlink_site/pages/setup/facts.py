"""What an edition says of itself: facts, rules, country groups; and its money with dated rates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fairlink import cells
from fairlink.tables import RATES
from fairlink_site import snapshot
from fairlink_site.actions.editions import change_edition, remove_rate, set_rate
from fairlink_site.models import Edition
from fairlink_site.pages.setup.consequences import consequences
from fairlink_site.pages.setup.doors import accepted, attempted, organiser_form, person
from fairlink_site.pages.setup.forms import EditionForm
from fairlink_site.pages.tenancy import show
from fairlink_site.record_forms import RecordForm

FACTS = ("name", "city", "host_country", "time_zone", "start", "end", "languages", "note")
RULES = (
    *("list_length", "win_win", "objective", "weight_small", "weight_least_developed"),
    *("exposure_cap", "floor", "copies_as_one"),
    *("meeting_cap", "daily_cap", "longest_run", "first_meetings_bonus", "meet", "wish_days", "wish_cap"),
)
GROUPS = ("groups", "developing")
MONEY = ("currency", "second_currency", "rate", "rate_date")


def _form(edition: Edition, columns: Sequence[str], data: Any = None) -> EditionForm:
    record = snapshot.edition_record(edition)
    if record["rate"] is not None:
        record["rate"] = record["rate"].normalize()  # without the zeros that the database fills up with
    return EditionForm(columns, data, record=record, languages=edition.languages)


def _save(request: HttpRequest, edition: Edition, form: EditionForm) -> bool:
    return accepted(request, form, lambda: change_edition(edition, form.facts, by=person(request)))


def _page(
    columns: Sequence[str], title: str | Promise, lead: str | Promise, *, allows: bool = False
) -> Callable[..., HttpResponseBase]:
    """A page that asks for some columns of the edition; `allows`: it says how many meetings they allow."""

    @organiser_form
    def page(request: HttpRequest, edition: Edition) -> HttpResponse:
        form = _form(edition, columns, request.POST if request.method == "POST" else None)
        if form.is_bound and _save(request, edition, form):
            return redirect("setup", edition=edition.slug)
        told = consequences(edition) if allows else None
        return show(request, "setup_form", edition, form=form, title=title, lead=lead, consequences=told)

    return page


facts = _page(FACTS, _("Facts"), _("What everybody reads of the edition first."))
rules = _page(
    RULES,
    _("Rules"),
    _("They hold for everybody alike, from the next lists and the next timetable on."),
    allows=True,
)
groups = _page(
    GROUPS,
    _("Country groups"),
    _("The figures count those who take part from the groups chosen here."),
)


@organiser_form
def money(request: HttpRequest, edition: Edition) -> HttpResponse:
    do = request.POST.get("do", "")
    if request.method == "POST" and do not in ("money", "rate", "remove"):
        raise Http404
    if do == "remove":
        attempted(request, lambda: remove_rate(edition, request.POST.get("currency", ""), by=person(request)))
        return redirect("setup_money", edition=edition.slug)
    rates = [{**row} for row in snapshot.rate_records(edition)]
    form = _form(edition, MONEY, request.POST if do == "money" else None)
    rate = _rate_form(request, rates, request.POST if do == "rate" else None)
    if (do == "money" and _save(request, edition, form)) or (
        do == "rate" and accepted(request, rate, lambda: set_rate(edition, rate.record, by=person(request)))
    ):
        return redirect("setup_money", edition=edition.slug)
    return show(request, "setup_money", edition, form=form, rate=rate, rates=rates)


def _rate_form(request: HttpRequest, rates: Sequence[dict[str, Any]], data: Any) -> RecordForm:
    """Empty, or with the rate that shall be changed."""
    chosen = next((row for row in rates if row["currency"] == request.GET.get("currency")), None)
    columns = [column.name for column in RATES.columns]
    return RecordForm(RATES, columns, data, record=chosen or cells.blank(RATES), auto_id="id_of_%s")
