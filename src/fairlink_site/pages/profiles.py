"""My organisation: registered, written, sent in; how partners see it, and how well it can be matched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fairlink import cells, partners
from fairlink.expo import EXHIBITING
from fairlink.tables import ORGANISATIONS
from fairlink_site import letters, permissions, snapshot, wording
from fairlink_site.actions import profiles
from fairlink_site.actions.people import invite
from fairlink_site.encoder import encoder
from fairlink_site.models import Certificate, Edition, Organisation, Person
from fairlink_site.models.organisations import VALIDATED
from fairlink_site.pages.tenancy import demand, edition_form, edition_page, show, signed_in
from fairlink_site.record_forms import RecordForm
from fairlink_site.refusals import Refused

FACTS = (
    *("name", "kind", "size", "country", "city", "role", "main", "nodes", "languages", "markets"),
    *("delegation", "delegates", "meeting_cap", "online", "closed", "website", "description"),
    *("lei", "registration"),
)
FIRST = (
    *("name", "kind", "size", "country", "city", "role", "main", "website"),
    *("lei", "registration", "languages"),
)
PROSPECTS = 20


class TermsForm(forms.Form):
    """What somebody who registers agrees to."""

    terms = forms.BooleanField(
        label=gettext_lazy(
            "I may speak for this organisation, and I agree that what I enter here about it is shown publicly "
            "once the organiser has validated it."
        )
    )


@signed_in
@edition_form
def register(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Enter an organisation; the first step of taking part."""
    person = person_of(request)
    if not permissions.register.test(person, edition):
        return show(request, "closed", edition)
    data = request.POST or None
    form = RecordForm(
        ORGANISATIONS,
        FIRST,
        data,
        record=cells.blank(ORGANISATIONS) | {"kind": "enterprise", "role": "exhibitor"},
        languages=edition.languages,
        options={"main": _mains(edition)},
        optional=("id",),
        first=("name", "kind", "size", "country", "city", "role"),
    )
    terms = TermsForm(data)
    same: list[Organisation] = []
    if request.method == "POST" and form.check() & terms.is_valid():
        same = profiles.likely_same(edition, form.record["name"])
        if not same or request.POST.get("another"):
            try:
                another = bool(request.POST.get("another"))
                made = profiles.register(
                    edition, form.record, by=person, language=wording.language(), another=another
                )
            except Refused as no:
                form.add_error(None, str(no.words))
                same = profiles.likely_same(edition, form.record["name"])
            else:
                return redirect("profile", edition=edition.slug, organisation=made.code)
    return show(request, "register", edition, form=form, terms=terms, same=same)


def _mains(edition: Edition) -> Iterator[tuple[str, str]]:
    """Whose stand a co-exhibitor may be on."""
    for one in edition.organisations.visible().filter(role="exhibitor").only("edition", "code", "name"):
        yield one.code, wording.pick(one.name, edition.languages)[0]


def mine(request: HttpRequest, edition: Edition, code: str) -> Organisation:
    """The organisation, for those who belong to it and organisers; nobody else learns whether it is there."""
    found: Organisation = get_object_or_404(
        edition.organisations.select_related("edition", "main"), code=code
    )
    if not (permissions.organises | permissions.belongs).test(request.user, found):
        raise Http404
    return found


@login_required
@edition_form
def profile(request: HttpRequest, edition: Edition, organisation: str) -> HttpResponse:
    """What there is of my organisation, what is missing, and what to do next."""
    found = mine(request, edition, organisation)
    may = permissions.edit_organisation.test(request.user, found)
    if request.method == "POST":
        denied = demand(request, permissions.edit_organisation, found)
        if denied:
            return denied
        _act(request, found)
        return redirect("profile", edition=edition.slug, organisation=found.code)
    listings = list(found.listings.order_by("side", "pk"))
    latest: dict[int | None, Any] = {}
    for one in found.reviews.all():
        latest.setdefault(one.listing_id, one)
    return show(
        request,
        "profile",
        edition,
        organisation=found,
        offers=[(one, latest.get(one.pk)) for one in listings if one.side == "offer"],
        needs=[(one, latest.get(one.pk)) for one in listings if one.side == "need"],
        review=latest.get(None),
        certificates=found.certificates.all(),
        may=may,
        sees_wishes=permissions.see_wishes.test(request.user, found),
        unsent=sum(one.status in ("draft", "changes") for one in (found, *listings)),
        membership=found.memberships.filter(person=request.user).first(),  # type: ignore[misc]
        colleagues=found.memberships.select_related("person"),
        colleague=ColleagueForm(),
    )


def _act(request: HttpRequest, organisation: Organisation) -> None:
    person = person_of(request)
    if request.POST.get("do") == "submit":
        try:
            number = profiles.submit(organisation, by=person)
        except Refused as no:
            messages.error(request, str(no.words))
        else:
            words = ngettext(
                "%(number)d entry has been sent in. The organiser looks at it next.",
                "%(number)d entries have been sent in. The organiser looks at them next.",
                number,
            )
            messages.success(request, words % {"number": number})
    elif request.POST.get("do") == "invite":
        _invite(request, organisation, person)
    elif request.POST.get("do") == "contact":
        membership = organisation.memberships.filter(person=person).first()
        if membership is None:
            raise Http404
        profiles.show_contact(
            membership, shown=request.POST.get("shown") == "yes", language=wording.language()
        )
    else:
        raise Http404


class ColleagueForm(forms.Form):
    """Somebody else who takes part for the organisation."""

    email = forms.EmailField(label=gettext_lazy("E-mail address of a colleague"), max_length=254)


def _invite(request: HttpRequest, organisation: Organisation, person: Person) -> None:
    form = ColleagueForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["email"])))
        return
    role = "exhibitor" if organisation.role in EXHIBITING else "visitor"
    try:
        invite(
            organisation.edition,
            form.cleaned_data["email"],
            role=role,
            organisation=organisation,
            by=person,
            address=letters.invitation_address(request.build_absolute_uri("/")),
        )
    except Refused as no:
        messages.error(request, str(no.words))
    else:
        messages.success(request, _("The invitation is on its way."))


@signed_in
@edition_form
def edit(request: HttpRequest, edition: Edition, organisation: str) -> HttpResponse:
    found = mine(request, edition, organisation)
    denied = demand(request, permissions.edit_organisation, found)
    if denied:
        return denied
    (record,) = snapshot.organisation_records(edition.organisations.filter(pk=found.pk))
    form = RecordForm(
        ORGANISATIONS,
        FACTS,
        request.POST or None,
        record=record,
        languages=edition.languages,
        options={
            "main": _mains(edition),
            "nodes": nodes_by_chain(edition),
            "closed": _times_by_day(edition),
        },
        first=("name", "kind", "size", "country", "city", "role", "description", "languages"),
    )
    seen = newest(found)
    if request.method == "POST" and form.check() and unchanged_since(request, form, seen):
        profiles.change_organisation(found, form.record, by=person_of(request))
        messages.success(request, _("Saved."))
        return redirect("profile", edition=edition.slug, organisation=found.code)
    return show(
        request,
        "profile_form",
        edition,
        organisation=found,
        form=form,
        seen=seen,
        heading=_("About the organisation"),
    )


def nodes_by_chain(edition: Edition) -> list[tuple[str, list[tuple[str, str]]]]:
    """The links of each chain under its name, as a choice shows them."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for node in edition.nodes.select_related("chain").order_by("chain__position", "position"):
        chain = wording.pick(node.chain.name, edition.languages)[0]
        name = wording.pick(node.name, edition.languages)[0]
        groups.setdefault(chain, []).append((node.code, f"{name} · {wording.say('choices', node.stage)}"))
    return list(groups.items())


def newest(row: Any) -> str:
    """How old a row is: the last entry of its history."""
    return str(row.history.values_list("history_id", flat=True).first() or "")


def unchanged_since(request: HttpRequest, form: RecordForm, seen: str) -> bool:
    """Whether nobody has changed the row since the form was opened; else says so, and keeps what was written."""
    if request.POST.get("seen", seen) == seen:
        return True
    form.add_error(
        None,
        _(
            "Somebody has changed this since you opened it, perhaps in another window. What you wrote is still "
            "here: save again to put it in the other's place."
        ),
    )
    return False


def _times_by_day(edition: Edition) -> list[tuple[str, list[tuple[str, str]]]]:
    """The times of each day under its date, as a choice shows them."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for slot in edition.slots.all():
        groups.setdefault(date_format(slot.day), []).append(
            (slot.code, f"{slot.start:%H:%M}–{slot.end:%H:%M}")
        )
    return list(groups.items())


class CertificateForm(forms.Form):
    """A certificate as it is stated."""

    name = forms.CharField(label=gettext_lazy("Certificate"), max_length=120)
    issuer = forms.CharField(label=gettext_lazy("Issued by"), max_length=120, required=False)
    number = forms.CharField(label=gettext_lazy("Number"), max_length=64, required=False)
    expires = forms.DateField(
        label=gettext_lazy("Valid until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@signed_in
@edition_form
def certificates(request: HttpRequest, edition: Edition, organisation: str) -> HttpResponse:
    found = mine(request, edition, organisation)
    denied = demand(request, permissions.edit_organisation, found)
    if denied:
        return denied
    there = _certificate(found, request.POST.get("certificate") or request.GET.get("change", ""))
    start = {one: getattr(there, one) for one in CertificateForm.base_fields} if there else None
    form = CertificateForm(request.POST if request.POST.get("do") == "keep" else None, initial=start)
    again = redirect("certificates", edition=edition.slug, organisation=found.code)
    if request.method == "POST" and request.POST.get("do") == "remove" and there:
        profiles.remove_certificate(there, by=person_of(request))
        messages.success(request, _("Removed."))
        return again
    if request.method == "POST" and form.is_bound and form.is_valid():
        try:
            profiles.keep_certificate(found, **form.cleaned_data, by=person_of(request), there=there)
        except Refused as no:
            form.add_error("name", str(no.words))
        else:
            messages.success(request, _("Saved."))
            return again
    return show(
        request,
        "certificates",
        edition,
        organisation=found,
        form=form,
        there=there,
        certificates=found.certificates.all(),
    )


def _certificate(organisation: Organisation, key: str) -> Certificate | None:
    """The one that is to be changed or removed; None for a new one."""
    return get_object_or_404(organisation.certificates, pk=int(key[:18])) if key.isdecimal() else None


@login_required
@edition_page
def prospects(request: HttpRequest, edition: Edition, organisation: str) -> HttpResponse:
    """How well my organisation can be matched as it stands, drafts included, and what would help most."""
    found = mine(request, edition, organisation)
    expo = snapshot.with_drafts(edition, found)
    seen = partners.prospects(expo, expo.ids.index(found.code), encoder=encoder())
    best = [expo.ids[row] for row in seen.partner[:PROSPECTS]]
    rows = {one.code: one for one in edition.organisations.visible().filter(code__in=best)}
    told = zip(best, seen.gain[:PROSPECTS], seen.partner_gain[:PROSPECTS], strict=True)
    return show(
        request,
        "prospects",
        edition,
        organisation=found,
        number=len(seen.partner),
        best=[(rows[code], int(gain), int(theirs)) for code, gain, theirs in told if code in rows],
        advice=[wording.say("advice", code, {"number": number}) for code, number in seen.advice],
        validated=found.status == VALIDATED,
    )


def person_of(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # noqa: S101  login is required
    return request.user
