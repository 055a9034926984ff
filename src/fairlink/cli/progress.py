"""Progress on standard error: a bar on a terminal, one line for each stage elsewhere."""

from __future__ import annotations

import sys
from typing import TextIO

from fairlink import words

WIDTH = 24


class Progress:
    """Called by the library as progress(stage, done, total)."""

    def __init__(self, language: str, stream: TextIO | None = None) -> None:
        self.language = language
        self.stream = stream or sys.stderr
        self.stage = ""
        self.shown = -1

    def __call__(self, stage: str, done: int, total: int) -> None:
        part = min(done / total, 1.0) if total else 1.0
        name = words.say("cli", f"stage.{stage}", self.language)
        if self.stream.isatty():
            percent = int(100 * part)
            if (stage, percent) != (self.stage, self.shown):
                full = int(WIDTH * part)
                bar = "█" * full + "░" * (WIDTH - full)
                self.stream.write(f"\r\033[K{bar} {percent:3d} %  {name}")
                self.stream.flush()
            self.shown = percent
        elif stage != self.stage:
            print(f"… {name}", file=self.stream, flush=True)
        self.stage = stage

    def end(self) -> None:
        """Leave the line clean for what is said next."""
        if self.stream.isatty() and self.stage:
            self.stream.write("\r\033[K")
            self.stream.flush()
