"""`fairlink-site organiser EMAIL [EDITION]`: invite an edition's first organiser, or let somebody open editions."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fairlink_site import letters
from fairlink_site.actions.people import invite, let_open
from fairlink_site.models import Edition
from fairlink_site.refusals import Refused


class Command(BaseCommand):
    help = (
        "Invite somebody as organiser of an edition by a letter; without an edition, let them open editions."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("edition", nargs="?", help="the edition's id, as it stands in addresses")
        parser.add_argument("--site", default=settings.SITE, help="where the site is reached")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["edition"] is None:
            self._let_open(options["email"])
            return
        edition = Edition.objects.filter(slug=options["edition"]).first()
        if edition is None:
            known = ", ".join(Edition.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no edition {options['edition']}. There is: {known}.")
        address = letters.invitation_address(options["site"])
        try:
            invite(edition, options["email"], role="organiser", address=address)
        except Refused as no:
            raise CommandError(str(no.words)) from None
        self.stdout.write(f"A letter to {options['email']} is on its way.")

    def _let_open(self, email: str) -> None:
        try:
            let_open(email)
        except Refused as no:
            raise CommandError(str(no.words)) from None
        self.stdout.write(f"{email} may open editions now, under “My account”.")
