"""`fairlink-site catalogue`: bring the translations up to date with what templates and code say."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from fairlink_site.catalogues import update_catalogues


class Command(BaseCommand):
    help = "Add new messages to every catalogue, drop those no longer said, and count what is untranslated."

    def handle(self, *args: Any, **options: Any) -> None:
        for language, missing in update_catalogues().items():
            self.stdout.write(f"{language}: {missing} messages without a translation")
