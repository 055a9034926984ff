"""What is different between two timetables of one expo, meetings told apart by who meets."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from fairlink.expo import Array
from fairlink.meetings.timetable import Timetable


@dataclass(frozen=True, eq=False)
class Changes:
    """Rows of wanted in the old timetable and in the new one, in order of the new, or else of the old.

    A meeting held in both stands in one of the first three.
    """

    same: Array  # int64 (same, 2): the old row and the new: the same slot, place and interpreter
    elsewhere: Array  # int64 (elsewhere, 2): in the same slot at another place, or with another interpreter
    moved: Array  # int64 (moved, 4): the old row and the new, the old slot and the new
    new: Array  # int64 (new,): rows of the new, not held in the old
    dropped: Array  # int64 (dropped,): rows of the old, not held in the new

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).flags.writeable = False

    @property
    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {field.name: len(getattr(self, field.name)) for field in fields(self)}


def changes(old: Timetable, new: Timetable) -> Changes:
    """Compare two timetables whose organisations, slots and places have the same rows; wanted meetings may differ."""
    of_old, of_new = (np.flatnonzero(timetable.held) for timetable in (old, new))
    size = 1 + max(int(timetable.wanted.second.max(initial=0)) for timetable in (old, new))
    pair_old, pair_new = (
        timetable.wanted.first[held].astype(np.int64) * size + timetable.wanted.second[held]
        for timetable, held in ((old, of_old), (new, of_new))
    )
    _, at_old, at_new = np.intersect1d(pair_old, pair_new, assume_unique=True, return_indices=True)
    both = np.stack((of_old[at_old], of_new[at_new]), axis=1)
    both = both[np.argsort(both[:, 1])]
    slots = np.stack((old.slot[both[:, 0]], new.slot[both[:, 1]]), axis=1).astype(np.int64)
    stays = slots[:, 0] == slots[:, 1]
    at_place = old.place[both[:, 0]] == new.place[both[:, 1]]
    at_place &= old.interpreter[both[:, 0]] == new.interpreter[both[:, 1]]
    return Changes(
        same=both[stays & at_place],
        elsewhere=both[stays & ~at_place],
        moved=np.concatenate((both, slots), axis=1)[~stays],
        new=np.delete(of_new, at_new),
        dropped=np.delete(of_old, at_old),
    )
