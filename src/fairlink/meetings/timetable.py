"""The timetable: which wanted meetings are held, when, where and by whom, and how close that is to the best."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from fairlink.expo import Array, Wanted
from fairlink.meetings.bound import Prices
from fairlink.provenance import Provenance


@dataclass(frozen=True, eq=False)
class Timetable:
    """Row i of every array is row i of `wanted`; −1 where the meeting is not held."""

    wanted: Wanted
    slot: Array  # int32 (wanted,): row of expo.slots
    place: Array  # int32 (wanted,): row of expo.places
    host: Array  # int32 (wanted,): row of expo.organisations, held or not
    guest: Array  # int32 (wanted,): the same
    host_delegate: Array  # int32 (wanted,): which of the host's delegates attends, from 0
    guest_delegate: Array  # int32 (wanted,)
    interpreter: Array  # int32 (wanted,): row of expo.interpreters, −1 too where none is needed
    bonus: int  # weight that first meetings of organisations bring beside the gain
    upper_bound: int  # gain that no timetable can exceed
    prices: Prices
    provenance: Provenance

    def __post_init__(self) -> None:
        for column in (getattr(self, field.name) for field in fields(self)):
            if isinstance(column, np.ndarray):
                column.flags.writeable = False

    @property
    def held(self) -> Array:
        """bool (wanted,)"""
        held: Array = self.slot >= 0
        return held

    @property
    def gain(self) -> int:
        """Weight of the meetings held."""
        return int(self.wanted.weight[self.held].sum())

    @property
    def gap(self) -> float:
        """Share of the upper bound that is not held."""
        return 1.0 - self.worth / self.upper_bound if self.upper_bound else 0.0

    @property
    def worth(self) -> int:
        """Gain and bonus: what the timetable was made for, and the upper bound is one of."""
        return self.gain + self.bonus
