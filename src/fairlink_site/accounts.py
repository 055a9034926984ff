"""Accounts as allauth runs them, in our words: its letters, what it says of codes, and when it asks who is there.

To add a letter of an account: a line in LETTERS, and its template `letters/account/NAME.txt`, or in CHANGES a line.
"""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fairlink_site import wording
from fairlink_site.models import Person

# allauth's name of a letter → our template of it.
LETTERS = {
    "email_confirmation": "code",
    "email_confirmation_signup": "code",
    "account_already_exists": "exists",
    "unknown_account": "unknown",
    "password_reset_key": "reset",
}
# allauth's name of a letter that tells of a change → the change; all of them have one template.
CHANGES: dict[str, str | Promise] = {
    "email_changed": _("Your e-mail address was changed from {from_email} to {to_email}."),
    "email_confirm": _("Your e-mail address was confirmed."),
    "email_deleted": _("The e-mail address {deleted_email} was removed from your account."),
    "password_changed": _("Your password was changed."),
    "password_reset": _("A new password was set for your account."),
    "password_set": _("A password was set for your account."),
    "recovery_codes_generated": _("New recovery codes were made for your account."),
    "totp_activated": _("An authenticator app was set up for your account."),
    "totp_deactivated": _("The authenticator app was removed from your account."),
    "webauthn_added": _("A passkey was added to your account."),
    "webauthn_removed": _("A passkey was removed from your account."),
    "account_connected": _("An account at {provider} can sign in to yours now."),
    "account_disconnected": _("An account at {provider} can no longer sign in to yours."),
}
TOO_OFTEN = _("Too many attempts. Wait a few minutes, then try again.")
CODE_SPENT = _(
    "The code was wrong too often and is no longer valid. Sign in with your e-mail address and password: "
    "a new one is sent to you."
)
CODE_SPENT_INSIDE = _(
    "The code was wrong too often and is no longer valid. Ask for a new one under “E-mail”."
)
# Proof given at the door, of which no old session of a provider can be the whole.
PROOFS = ("password", "mfa", "code")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Letters in our words and from our address; whoever has just signed in is not asked again."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _(
            "This code is wrong. Type the one in the newest letter, or ask for a new code with the button below."
        ),
        "too_many_login_attempts": TOO_OFTEN,
    }

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | Promise | None = None,
    ) -> None:
        # As a message, and not beside a field, allauth says this of codes only.
        if message == TOO_OFTEN:
            message = CODE_SPENT_INSIDE if request.user.is_authenticated else CODE_SPENT
        super().add_message(request, level, message_template, message_context, extra_tags, message)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """A letter in the language of whoever's step it answers; the first line of a template is its subject."""
        name = template_prefix.rpartition("/")[2]
        data = context | {
            "site": settings.SITE,
            "minutes": app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT // 60,
        }
        data |= {key: _at_home(value) for key, value in context.items() if key.endswith("_url")}
        data |= {"days": settings.PASSWORD_RESET_TIMEOUT // 86400}
        data |= {"home": settings.SITE + reverse("front_in_language")}
        data |= {"sign_in": settings.SITE + reverse("account_login")}
        if name in CHANGES:
            data |= {"change": str(CHANGES[name]).format_map(context)}
            data |= {"reset": settings.SITE + reverse("account_reset_password")}
        kind = "change" if name in CHANGES else LETTERS[name]
        subject, _line, body = (
            render_to_string(f"fairlink/letters/account/{kind}.txt", data).strip().partition("\n")
        )
        return EmailMessage(
            self.format_email_subject(subject),
            body.strip(),
            self.get_from_email(),
            [email] if isinstance(email, str) else email,
            headers={"Auto-Submitted": "auto-generated"} | (headers or {}),
        )

    def is_reauthentication_required(self, *, app: str, **facts: Any) -> bool:
        """Whether somebody must prove again who they are; allauth does not count the door they came in by."""
        return super().is_reauthentication_required(app=app, **facts) and not _fresh(context.request)

    def post_login(
        self, request: HttpRequest, user: Person, *, signup: bool, redirect_url: str | None, **facts: Any
    ) -> HttpResponse:
        """Lead on in the language that the person chose on the way."""
        if signup and user.has_usable_password():
            record_authentication(request, user, method="password")
        there = wording.same_page(redirect_url, get_language() or "en") if redirect_url else None
        answer: HttpResponse = super().post_login(request, user, signup=signup, redirect_url=there, **facts)
        return answer


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The same for authenticator apps, recovery codes and passkeys."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is wrong. Type the one that the app shows now, or a recovery code."),
    }


def _fresh(request: HttpRequest) -> bool:
    """Whether somebody has come in by a password, passkey or code lately, here and not elsewhere."""
    proofs = [one for one in get_authentication_records(request, request.user) if one["method"] in PROOFS]
    return bool(proofs) and time.time() - proofs[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def _at_home(address: str) -> str:
    """An address on the site as letters name it, whatever name it was asked by."""
    parts = urlsplit(address)
    return f"{settings.SITE}{parts.path}{'?' if parts.query else ''}{parts.query}"
