"""`fairlink-site backup FILE`: everything the site keeps, in one file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fairlink_site.actions.backup import back_up


class Command(BaseCommand):
    help = "Write everything the site keeps to a file that restore reads, on either database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = back_up(options["file"])
        except OSError as error:
            raise CommandError(f"Cannot write {options['file']}: {error.strerror}.") from None
        self.stdout.write(f"{sum(rows.values())} rows of {len(rows)} tables are in {options['file']}.")
