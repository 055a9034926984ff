"""What is another in one timetable than in another: meetings held in both, moved, new and dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from django.db.models import FilteredRelation, Q

from fairlink_site.models import Meeting, Run

Pair: TypeAlias = tuple[int, int]  # keys of the two organisations, the smaller first

MOVED, ELSEWHERE, NEW, DROPPED = CHANGES = ("moved", "elsewhere", "new", "dropped")


class At(NamedTuple):
    """Keys of the slot and of the place where two meet."""

    slot: int
    place: int


class Change(NamedTuple):
    """A meeting that is another: moved to another time, elsewhere at the same time, new, or dropped."""

    kind: str
    pair: Pair
    before: At | None
    after: At | None


@dataclass(frozen=True, slots=True)
class Difference:
    """From one timetable to another. `meetings`: organisation → how many before and after, where that differs."""

    kept: int
    changes: tuple[Change, ...]
    meetings: Mapping[int, tuple[int, int]]

    def of(self, kind: str) -> list[Change]:
        return [one for one in self.changes if one.kind == kind]

    @property
    def number(self) -> dict[str, int]:
        counted = Counter(one.kind for one in self.changes)
        return {kind: counted[kind] for kind in CHANGES}

    @property
    def concerned(self) -> set[int]:
        """Organisations whose calendar is another."""
        return {one for change in self.changes for one in change.pair}


def difference(before: Run | None, after: Run) -> Difference:
    """One query for each timetable, however many meetings they hold."""
    then, now = _held(before) if before else {}, _held(after)
    changes = tuple(sorted(_changes(then, now), key=lambda one: (CHANGES.index(one.kind), one.pair)))
    counted = [Counter(one for pair in held for one in pair) for held in (then, now)]
    return Difference(
        kept=sum(1 for pair, at in now.items() if then.get(pair) == at),
        changes=changes,
        meetings={
            one: (counted[0][one], counted[1][one])
            for one in sorted(counted[0].keys() | counted[1].keys())
            if counted[0][one] != counted[1][one]
        },
    )


def _held(run: Run) -> dict[Pair, At]:
    """Who meets whom, and where."""
    rows: Iterable[Any] = (
        Meeting.objects.standing()
        .filter(run=run)
        .annotate(
            host=FilteredRelation("seats", condition=Q(seats__host=True)),
            guest=FilteredRelation("seats", condition=Q(seats__host=False)),
        )
        .order_by()
        .values_list("host__organisation", "guest__organisation", "slot", "place")
    )
    return {(min(host, guest), max(host, guest)): At(slot, place) for host, guest, slot, place in rows}


def _changes(then: Mapping[Pair, At], now: Mapping[Pair, At]) -> Iterator[Change]:
    for pair, at in now.items():
        before = then.get(pair)
        if before is None:
            yield Change(NEW, pair, None, at)
        elif before != at:
            yield Change(MOVED if before.slot != at.slot else ELSEWHERE, pair, before, at)
    for pair, at in then.items():
        if pair not in now:
            yield Change(DROPPED, pair, at, None)
