"""`fairlink-site restore FILE`: what backup wrote, back in the database, all or nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fairlink_site.actions.backup import restore
from fairlink_site.refusals import Refused


class Command(BaseCommand):
    help = "Read a backup into an empty, migrated database; with --replace into one that is not empty."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="throw away what the database holds now")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = restore(options["file"], replace=options["replace"])
        except Refused as no:
            raise CommandError(str(no.words)) from None
        self.stdout.write(f"{sum(rows.values())} rows of {len(rows)} tables are back.")
