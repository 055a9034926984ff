"""An offer or a need: written, with fields by what it is for, and with codes that are proposed and confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from fairlink import cells, classification, vocabulary, words
from fairlink.expo import PARTNERSHIPS
from fairlink.tables import NEEDS, OFFERS
from fairlink_site import permissions, snapshot, wording
from fairlink_site.actions import profiles
from fairlink_site.encoder import encoder
from fairlink_site.models import Edition, Listing
from fairlink_site.pages.profiles import mine, newest, nodes_by_chain, person_of, unchanged_since
from fairlink_site.pages.tenancy import demand, edition_form, show, signed_in
from fairlink_site.record_forms import RecordForm
from fairlink_site.refusals import Refused

LISTING = (
    *("title", "summary", "description", "codes", "node", "quantity", "price", "markets", "certificates"),
    *("kinds", "sizes", "incoterms", "partnerships", "keywords", "valid_until"),
)
# Fields that go with a side and a function only: (side, function) → further columns.
FURTHER = {"offer": ("advantages",), "need": ("expertise",)}
OF_TECHNOLOGY = ("development", "rights")
OF_GOODS = ("incoterms", "quantity", "price")


@signed_in
@edition_form
def listing(
    request: HttpRequest, edition: Edition, organisation: str, side: str, function: str = "", code: str = ""
) -> HttpResponse:
    """Write an offer or a need: fields by what it is for; codes are proposed and confirmed."""
    found = mine(request, edition, organisation)
    denied = demand(request, permissions.edit_organisation, found)
    if denied:
        return denied
    table = OFFERS if side == "offer" else NEEDS
    there = get_object_or_404(found.listings.filter(side=side), code=code) if code else None
    if there:
        (record,) = snapshot.listing_records(Listing.objects.filter(pk=there.pk), side)
        function = record["function"]
    else:
        record = cells.blank(table) | {"function": function, "organisation": found.code}
    form = RecordForm(
        table,
        _fields(side, function),
        _with_ticked(request.POST) if request.POST else None,
        record=record,
        languages=edition.languages,
        options={"node": nodes_by_chain(edition)},
        optional=("id",),
        first=("title", "summary", "codes", "node", "partnerships"),
    )
    _narrow(form, function)
    if request.method == "POST" and request.POST.get("do") == "remove" and there:
        profiles.remove_listing(there, by=person_of(request))
        messages.success(request, _("Removed."))
        return redirect("profile", edition=edition.slug, organisation=found.code)
    seen = newest(there) if there else ""
    do = request.POST.get("do")
    readable = form.is_valid()  # asked here, since codes are proposed for what is written, saved or not
    saving = request.method == "POST" and do != "suggest"
    if do == "ticked" and readable and not request.POST.getlist("proposed"):
        form.add_error(None, str(Refused("nothing_chosen").words))
        saving = False
    if saving and form.check(snapshot.edition_record(edition)) and unchanged_since(request, form, seen):
        try:
            saved = profiles.save_listing(found, side, form.record, by=person_of(request))
        except Refused as no:
            form.add_error(None, str(no.words))
        else:
            messages.success(request, _("Saved."))
            if saved.codes or do == "without":
                return redirect("profile", edition=edition.slug, organisation=found.code)
            return redirect(
                "listing", edition=edition.slug, organisation=found.code, side=side, code=saved.code
            )
    chosen = form.record.get("codes") or record["codes"]
    said = _said(form, record)
    proposed = list(_proposed(said, chosen))
    return show(
        request,
        "listing_form",
        edition,
        organisation=found,
        form=form,
        there=there,
        seen=seen,
        side=side,
        function=function,
        chosen=chosen,
        proposed=proposed,
        unknown=bool(said) and not proposed and not chosen,
        named_in=_languages(),
    )


def _fields(side: str, function: str) -> list[str]:
    names = [
        *LISTING,
        *FURTHER[side],
        *(OF_TECHNOLOGY if (side, function) == ("offer", "innovation") else ()),
    ]
    return names if function == "trade" else [name for name in names if name not in OF_GOODS]


def _narrow(form: RecordForm, function: str) -> None:
    """Offer only the agreements that can come of this function."""
    field = form.fields["partnerships"]
    assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  tells the type
    field.choices = [(one, wording.say("choices", one)) for one in PARTNERSHIPS[function]]


def _with_ticked(data: Any) -> Any:
    """What was written, with the proposed codes that were ticked."""
    ticked = [one for one in data.getlist("proposed") if vocabulary.is_code(one)]
    if data.get("do") == "without":
        return data
    if ticked:
        data = data.copy()
        data["codes"] = ", ".join([*filter(None, [data.get("codes", "").strip()]), *ticked])
    return data


def _said(form: RecordForm, record: Mapping[str, Any]) -> str:
    """The texts that tell what it is about, as they are written now."""
    texts = {**record, **form.record} if form.is_bound else record
    return " ".join([*texts["title"].values(), *texts["summary"].values(), *texts["keywords"]]).strip()


def _proposed(said: str, chosen: Any) -> Iterator[tuple[str, str]]:
    """Codes that the texts seem to be about, for somebody to confirm."""
    if said:
        reader = encoder()
        if reader is not None and not classification.is_warm(reader):
            reader = None  # nobody waits for the names of all codes: the worker will have read them soon
        for code, _sure in classification.suggest(said, encoder=reader):
            if code not in chosen:
                yield code, wording.code_label(code)


def _languages() -> str:
    """The languages in which goods and services have names, so that words in them find codes."""
    reader = wording.language()
    return words.joined([vocabulary.language(tag, reader) for tag in vocabulary.NAMED_IN], reader)
