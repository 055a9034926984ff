"""People: what I belong to, an invitation taken up, and the organiser's list of people and roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from fairlink_site import permissions, wording
from fairlink_site.actions.people import dismiss, invite, join, let_sign, token_hash
from fairlink_site.models import Edition, Invitation, Organisation
from fairlink_site.models.people import ROLES
from fairlink_site.pages.tenancy import demand, show
from fairlink_site.refusals import Refused


@require_safe
@login_required
def me(request: HttpRequest) -> HttpResponse:
    memberships = request.user.memberships.select_related("edition", "organisation")  # type: ignore[union-attr]
    open_ = Edition.objects.filter(phase__in=("registration", "matching"))
    return render(request, "fairlink/me.html", {"memberships": memberships, "open": open_})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody is invited to; taken up by a button, since programs open the links of letters too."""
    found = get_object_or_404(
        Invitation.objects.select_related("edition", "organisation"), token_hash=token_hash(token)
    )
    context: dict[str, Any] = {"edition": found.edition, "invitation": found}
    if request.method == "POST":
        try:
            join(request.user, found)  # type: ignore[arg-type]
        except Refused as no:
            return render(request, "fairlink/invitation.html", context | {"refused": no.words}, status=409)
        return redirect("me")
    return render(request, "fairlink/invitation.html", context)


class InvitationForm(forms.Form):
    """Whom to invite as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"))
    organisation = forms.CharField(
        label=_("Organisation (its id)"),
        required=False,
        max_length=64,
        help_text=_(
            "For exhibitors and visitors; organisers, reviewers and analysts belong to the whole edition."
        ),
    )

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101  tells the type
        role.choices = [(one, wording.say("roles", one)) for one in ROLES]

    def clean_organisation(self) -> Organisation | None:
        code = self.cleaned_data["organisation"].strip()
        if not code:
            return None
        found: Organisation | None = self.edition.organisations.filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_("There is no organisation with this id."))
        return found


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, edition: str) -> HttpResponse:
    found = get_object_or_404(Edition, slug=edition)
    denied = demand(request, permissions.manage_people, found)
    if denied:
        return denied
    form = InvitationForm(found, request.POST if request.POST.get("do") == "invite" else None)
    if request.method == "POST" and (form.is_valid() if form.is_bound else True):
        try:
            _change(request, found, form)
        except Refused as no:
            messages.error(request, str(no.words))
        else:
            return redirect("people", edition=found.slug)
    return show(
        request,
        "people",
        found,
        form=form,
        members=found.memberships.select_related("person", "organisation"),
        invitations=found.invitations.filter(accepted=None, expires__gt=timezone.now()).select_related(
            "organisation"
        ),
    )


def _change(request: HttpRequest, edition: Edition, form: InvitationForm) -> None:
    if form.is_bound:
        invite(
            edition,
            form.cleaned_data["email"],
            role=form.cleaned_data["role"],
            organisation=form.cleaned_data["organisation"],
            by=request.user,  # type: ignore[arg-type]
            address=request.build_absolute_uri(reverse("invitation", args=["token"]))[: -len("token/")],
        )
        messages.success(request, _("The invitation is on its way."))
        return
    key, wanted = request.POST.get("membership", ""), request.POST.get("do")
    if wanted not in ("dismiss", "sign", "not_sign") or not key.isdecimal():
        raise Http404
    membership = get_object_or_404(edition.memberships, pk=int(key[:18]))
    if wanted == "dismiss":
        dismiss(membership)
        messages.success(request, _("Removed."))
    else:
        let_sign(membership, signatory=wanted == "sign", by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Saved."))
