"""Letters: one template for each, in every language; every language of the site in one letter."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import override

from fairlink_site.models import Invitation


def invite(invitation: Invitation, address: str) -> None:
    _send(
        "invitation",
        invitation.email,
        {"invitation": invitation, "edition": invitation.edition, "address": address},
    )


def _send(name: str, to: str, context: dict[str, Any]) -> None:
    """The letter in every language of the site, one below the other: nobody's language need be known."""
    told = []
    for language, _ in settings.LANGUAGES:
        with override(language):
            told.append(render_to_string(f"fairlink/letters/{name}.txt", context).strip())
    subjects = [text.splitlines()[0] for text in told]
    bodies = ["\n".join(text.splitlines()[1:]).strip() for text in told]
    EmailMessage(" · ".join(subjects), "\n\n———\n\n".join(bodies), to=[to]).send()
