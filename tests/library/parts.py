"""Functions for workers: they lie in a file that a new process can import."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import NamedTuple

import numpy as np


class Times:
    """Multiplies a row of a table that is large by a number."""

    def __init__(self, table):
        self.table = table

    def __call__(self, row):
        return self.table[row] * 2


class Dies(NamedTuple):
    """The process that has part 3 is killed, `times` in all; each death leaves a file in a folder."""

    folder: Path
    times: int

    def __call__(self, part):
        deaths = len(list(self.folder.iterdir()))
        if part == 3 and deaths < self.times:
            (self.folder / str(deaths)).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return np.arange(part)


def refuse(part):
    raise ValueError(part)
