"""Functions for workers: they lie in a file that a new process can import."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any, NamedTuple

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


class Interrupted:
    """An executor of whose workers one is killed over the first part of all."""

    def __init__(self, executor, folder):
        self.executor, self.folder = executor, folder

    def map_partitions(self, function, parts):
        return self.executor.map_partitions(DiesOnce(function, self.folder), parts)


class DiesOnce(NamedTuple):
    """A function over which the first process that has it is killed."""

    function: Any
    folder: Path

    def __call__(self, part):
        if not list(self.folder.iterdir()):
            (self.folder / "died").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.function(part)


def refuse(part):
    raise ValueError(part)
