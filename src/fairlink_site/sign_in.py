"""Signing in with the account of an organisation: what we ask of its provider, and what we believe of the answer."""

from __future__ import annotations

import logging
from typing import Any

import requests
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers import registry
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from fairlink_site.models import Person

PROTOCOL = "openid_connect"
LINKS = "socialaccount_connections"  # the page of what an account is linked with
PATIENCE = 5  # seconds that a page waits for the provider
logger = logging.getLogger(__name__)


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Providers come from the settings alone; addresses count only where both sides have confirmed them."""

    def list_apps(self, request: HttpRequest | None, *args: Any, **wanted: Any) -> list[Any]:
        # A row would name a server that the site then calls; only the operator's environment may.
        return [app for app in super().list_apps(request, *args, **wanted) if app.pk is None]

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        try:
            return super().get_provider(request, provider, client_id)
        except SocialApp.DoesNotExist:
            if request.resolver_match is None or request.resolver_match.url_name != LINKS:
                raise
        # Links with a provider of former days must still have a name, and be let go.
        former = SocialApp(provider=PROTOCOL, provider_id=provider, name=provider)
        return registry.get_class(PROTOCOL)(request, app=former)

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Person:
        """A person as the provider describes them. Raises PermissionDenied where it speaks of two."""
        told = sociallogin.account.extra_data
        subjects = {told[part].get("sub") for part in ("userinfo", "id_token") if told.get(part)}
        if len(subjects) > 1:  # OpenID Connect Core 5.3.2
            raise PermissionDenied
        for address in sociallogin.email_addresses:
            address.verified = address.verified is True  # "false", as some providers write it, is true
        person: Person = super().populate_user(request, sociallogin, data)
        person.name = str(data.get("name") or "")[:120]
        return person

    def authenticate_by_email(self, sociallogin: Any) -> tuple[Person, str] | None:
        """The account that has confirmed an address which the provider says is confirmed."""
        found: tuple[Person, str] | None = super().authenticate_by_email(sociallogin)
        if found is None:
            return None
        person, email = found
        # Somebody may have opened an account for an address that is not theirs, to wait there for its owner.
        ours = EmailAddress.objects.filter(user=person, email__iexact=email, verified=True)
        return found if ours.exists() else None

    def get_requests_session(self) -> requests.Session:
        return ProviderSession()


class ProviderSession(requests.Session):
    """Calls the provider; where it does not answer as it should, a page says so instead of breaking."""

    def request(self, method: str, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        options |= {"timeout": PATIENCE, "allow_redirects": False}
        try:
            answer = super().request(method, url, *args, **options)
            answer.raise_for_status()
            answer.json()
        except requests.RequestException as error:
            logger.warning("The provider of accounts does not answer as it should: %s", error)
            page = render_authentication_error(context.request, None, exception=error)
            raise ImmediateHttpResponse(page) from error
        return answer
