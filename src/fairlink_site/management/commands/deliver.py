"""`fairlink-site deliver`: send the letters that are due, once or again and again."""

from __future__ import annotations

import contextlib
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from fairlink_site.actions.messages import deliver


class Command(BaseCommand):
    help = "Send the letters that are due. Any number of these may run; no letter is sent twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="again and again, with such a pause")

    def handle(self, *args: Any, **options: Any) -> None:
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                self.stdout.write(f"Letters sent: {deliver(timezone.now())}")
                if not options["every"]:
                    return
                close_old_connections()
                time.sleep(max(1, options["every"]))
