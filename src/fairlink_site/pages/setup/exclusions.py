"""Organisations kept apart: the pairs, with what is already arranged between them; one more, or one less."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _

from fairlink.tables import EXCLUSIONS
from fairlink_site import search, wording
from fairlink_site.actions.exclusions import keep_apart, let_meet
from fairlink_site.models import Edition, Exclusion, Organisation, Seat
from fairlink_site.models.wishes import AGREED, NEVER
from fairlink_site.pages.setup.doors import attempted, organiser_form, person
from fairlink_site.pages.tenancy import show
from fairlink_site.templatetags.fairlink import plain

A_PAGE = 50
OFFERED = 20  # organisations to choose from, where several fit
SIDES = ("organisation", "partner")


class PairForm(forms.Form):
    """Two organisations, each by its name or short name; where several fit, which of them is asked."""

    organisation = forms.CharField(
        label=_("Organisation"), max_length=200, help_text=_("Its name, a part of it, or its short name.")
    )
    partner = forms.CharField(label=_("The other organisation"), max_length=200)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=EXCLUSIONS.column("reason").longest,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For organisers only. Name no persons."),
    )

    def __init__(self, edition: Edition, data: Any = None) -> None:
        super().__init__(data)
        self.edition = edition
        self.meant: dict[str, Organisation] = {}
        self.offered: dict[str, list[Organisation]] = {}
        for side in SIDES if data is not None else ():
            self._look(side, str(data.get(side, "")))
        self.order_fields((*(name for side in SIDES for name in (side, f"{side}_is")), "reason"))

    def _look(self, side: str, text: str) -> None:
        """The one that is meant; else those to choose from."""
        text = text.replace("\x00", "").strip()
        rows = self.edition.organisations.order_by("code")
        known = rows.filter(code=text).first()
        found = _called(rows, text) if text and known is None else []
        named = [one for one in found if text.casefold() in map(str.casefold, one.name.values())]
        if known or len(named) == 1:
            self.meant[side] = known or named[0]
            return
        self.offered[side] = found[:OFFERED]
        if found:
            self.fields[f"{side}_is"] = forms.ChoiceField(
                label=_("Which one?"),
                choices=[(one.code, _described(one)) for one in self.offered[side]],
                widget=forms.RadioSelect,
                error_messages=dict.fromkeys(
                    ("required", "invalid_choice"),
                    _("Choose which one is meant, or write more of its name; then save again."),
                ),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for side, found in self.offered.items():
            if not found and side not in self.errors:
                self.add_error(side, _("Nobody here is called that. Write another part of the name."))
            for one in found:
                if one.code == cleaned.get(f"{side}_is"):
                    self.meant[side] = one
        return cleaned


def _called(rows: QuerySet[Organisation], text: str) -> list[Organisation]:
    """Those in whose names every word stands; a search finds them by what they offer, too."""
    words = text.casefold().split()
    found = search.matching(rows, text).only("code", "name", "country", "edition")
    return [one for one in found if all(word in " ".join(one.name.values()).casefold() for word in words)]


def _described(one: Organisation) -> str:
    return " · ".join(filter(None, (plain(one.name), one.code, wording.country(one.country))))


@dataclass(frozen=True)
class Row:
    """A pair, and what is arranged between the two already."""

    pair: Exclusion
    meets: bool  # in the current timetable
    agreed: bool  # by a wish


@organiser_form
def exclusions(request: HttpRequest, edition: Edition) -> HttpResponse:
    form = PairForm(edition, request.POST if request.method == "POST" else None)
    if form.is_valid() and attempted(
        request,
        lambda: keep_apart(
            *(form.meant[side] for side in SIDES), reason=form.cleaned_data["reason"], by=person(request)
        ),
    ):
        return redirect("setup_exclusions", edition=edition.slug)
    pairs = edition.exclusions.select_related("organisation", "partner")
    page = Paginator(pairs, A_PAGE).get_page(request.GET.get("page"))
    return show(request, "setup_exclusions", edition, form=form, page=page, rows=list(_rows(edition, page)))


def _rows(edition: Edition, pairs: Iterable[Exclusion]) -> Iterable[Row]:
    some = list(pairs)
    keys = {key for one in some for key in (one.organisation_id, one.partner_id)}
    seats = Seat.objects.current().filter(run__edition=edition, organisation__in=keys)
    tables: dict[int, set[int]] = {}
    for meeting, key in seats.values_list("meeting", "organisation"):
        tables.setdefault(meeting, set()).add(key)
    met = {frozenset(both) for both in tables.values()}
    wishes = edition.wishes.filter(answer__in=AGREED, organisation__in=keys, partner__in=keys).exclude(
        kind=NEVER
    )
    agreed = {frozenset(both) for both in wishes.values_list("organisation", "partner")}
    for one in some:
        both = frozenset((one.organisation_id, one.partner_id))
        yield Row(one, both in met, both in agreed)


@organiser_form
def exclusion(request: HttpRequest, edition: Edition, exclusion: int) -> HttpResponse:
    """Asked before two are kept apart no longer."""
    found = get_object_or_404(edition.exclusions.select_related("organisation", "partner"), pk=exclusion)
    if request.method == "POST":
        attempted(request, lambda: let_meet(found, by=person(request)))
        return redirect("setup_exclusions", edition=edition.slug)
    return show(request, "setup_exclusion", edition, pair=found)
