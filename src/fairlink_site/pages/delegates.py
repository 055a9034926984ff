"""The people of an organisation as its delegates: which seat at its meetings is whose, and who speaks what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _

from fairlink import vocabulary
from fairlink_site import permissions, wording
from fairlink_site.actions.people import introduce
from fairlink_site.models import Edition, Membership, Organisation
from fairlink_site.pages.profiles import mine, person_of
from fairlink_site.pages.tenancy import demand, edition_form, show
from fairlink_site.refusals import Refused

NEAR = ("en", "zh-Hans", "fr", "es", "ar", "ru")  # offered to everybody, beside what the organisation says


class DelegateForm(forms.Form):
    """One person's seat and languages; the most likely languages first, the others folded."""

    delegate = forms.TypedChoiceField(
        label=_("Seat at meetings"), required=False, coerce=int, empty_value=None
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.MultipleChoiceField(label=_("Other languages"), required=False)

    def __init__(self, organisation: Organisation, member: Membership, data: Any = None) -> None:
        near = list(dict.fromkeys((*organisation.languages, *member.languages, *NEAR)))
        start = {"delegate": member.delegate, "languages": member.languages}
        super().__init__(data, initial=start, prefix=str(member.pk))
        self.member = member
        seats = [
            (number, _("Delegate {number}").format(number=number + 1))
            for number in range(organisation.delegates)
        ]
        said = {tag: vocabulary.language(tag, wording.language()) for tag in vocabulary.COMMON_LANGUAGES}
        self.fields["delegate"].choices = [("", _("none")), *seats]  # type: ignore[attr-defined]
        self.fields["languages"].choices = [  # type: ignore[attr-defined]
            (tag, said.get(tag) or vocabulary.language(tag, wording.language())) for tag in near
        ]
        self.fields["others"].choices = sorted(  # type: ignore[attr-defined]
            ((tag, name) for tag, name in said.items() if tag not in near), key=lambda one: one[1].casefold()
        )


@login_required
@edition_form
def delegates(request: HttpRequest, edition: Edition, organisation: str) -> HttpResponse:
    found = mine(request, edition, organisation)
    denied = demand(request, permissions.keep_people, found)
    if denied:
        return denied
    members = list(found.memberships.select_related("person"))
    asked = request.POST.get("membership", "")
    formed = {
        one.pk: DelegateForm(found, one, request.POST if str(one.pk) == asked else None) for one in members
    }
    if request.method == "POST":
        form = next((one for key, one in formed.items() if str(key) == asked), None)
        if form is None:
            raise Http404
        if form.is_valid() and _kept(request, form):
            return redirect("delegates", edition=edition.slug, organisation=found.code)
    return show(request, "delegates", edition, organisation=found, forms=list(formed.values()))


def _kept(request: HttpRequest, form: DelegateForm) -> bool:
    told = form.cleaned_data
    member = get_object_or_404(Membership, pk=form.member.pk)
    try:
        introduce(
            member,
            delegate=told["delegate"],
            languages=[*told["languages"], *told["others"]],
            by=person_of(request),
        )
    except Refused as no:
        form.add_error("delegate", str(no.words))
        return False
    messages.success(request, _("Saved."))
    return True
