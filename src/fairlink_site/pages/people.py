"""People: what I belong to, an invitation taken up, and the organiser's list of people and roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from fairlink_site import letters, permissions, wording
from fairlink_site.actions.people import demand_open, dismiss, invite, join, let_sign, token_hash
from fairlink_site.models import Edition, Invitation, Membership, Organisation, Person, Wish
from fairlink_site.models.people import ROLES
from fairlink_site.models.wishes import WISHING
from fairlink_site.pages.tenancy import demand, show
from fairlink_site.refusals import Refused


@require_safe
@login_required
def me(request: HttpRequest) -> HttpResponse:
    memberships = list(request.user.memberships.select_related("edition", "organisation"))  # type: ignore[union-attr]
    waiting = _waiting([one.organisation_id for one in memberships if one.organisation_id])
    for one in memberships:
        one.wishing = one.edition.phase in WISHING
        one.waiting = waiting.get(one.organisation_id, 0)
    open_ = Edition.objects.filter(phase__in=("registration", "matching"))
    return render(request, "fairlink/me.html", {"memberships": memberships, "open": open_})


def _waiting(organisations: list[int]) -> dict[int, int]:
    """How many wishes wait for the answer of each."""
    asked = Wish.objects.waiting(timezone.now()).heard().filter(partner__in=organisations)
    return dict(asked.order_by().values_list("partner").annotate(n=Count("pk")))


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody is invited to; taken up by a button, since programs open the links of letters too.

    Whoever has no account yet reads it first: the letter is the proof, and they learn why they should sign up.
    """
    found = get_object_or_404(
        Invitation.objects.select_related("edition", "organisation"), token_hash=token_hash(token)
    )
    person = request.user if isinstance(request.user, Person) else None
    context: dict[str, Any] = {"invitation": found}
    if permissions.see_edition.test(request.user, found.edition):
        context["edition"] = found.edition  # else its rooms are closed, and not offered
    if request.method == "POST" and person is None:
        return redirect_to_login(request.get_full_path())
    try:
        demand_open(found)
        if request.method == "POST" and person:
            return _arrive(request, join(person, found))
    except Refused as no:
        return render(request, "fairlink/invitation.html", context | {"refused": no.words}, status=409)
    return render(
        request,
        "fairlink/invitation.html",
        context
        | {
            "known": Person.objects.filter(email__iexact=found.email).exists(),
            "other": person is not None and person.email.casefold() != found.email.casefold(),
            "then": urlencode({REDIRECT_FIELD_NAME: request.path}),
            "fill": urlencode({"email": found.email}),
        },
    )


def _arrive(request: HttpRequest, made: Membership) -> HttpResponse:
    """Where a new member goes on: to their organisation, or to what their role is there to do."""
    messages.success(request, _("Welcome. You belong to it now."))
    if made.organisation:
        return redirect("profile", edition=made.edition.slug, organisation=made.organisation.code)
    return redirect(
        {"organiser": "organise", "reviewer": "queue", "hall": "board"}.get(made.role, "home"),
        edition=made.edition.slug,
    )


class InvitationForm(forms.Form):
    """Whom to invite as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"))
    organisation = forms.CharField(
        label=_("Organisation (its id)"),
        required=False,
        max_length=64,
        help_text=_("For exhibitors and visitors; every other role is for the whole edition."),
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
            address=letters.invitation_address(request.build_absolute_uri("/")),
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
