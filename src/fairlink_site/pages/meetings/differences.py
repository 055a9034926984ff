"""What is another in one timetable than in another: meetings held in both, moved, new and dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

from django.db.models import FilteredRelation, Q

from fairlink_site.models import Meeting, Run

Pair: TypeAlias = tuple[int, int]  # keys of the two organisations, the smaller first
Held: TypeAlias = Mapping[
    Pair, tuple[int, int]
]  # where and when they meet: keys of the slot and of the place

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
    """From one timetable to another.

    Ten thousand meetings may be others, and a page shows fifty of them or only how many: a `Change` is made when
    somebody reads it.
    """

    kept: int
    pairs: Mapping[str, tuple[Pair, ...]]  # those of each kind
    then: Held
    now: Held

    def of(self, kind: str) -> list[Pair]:
        """The pairs of a kind, in order; `told` says more of those that are shown."""
        return sorted(self.pairs[kind])

    def told(self, kind: str, pairs: Iterable[Pair]) -> Iterator[Change]:
        for pair in pairs:
            before, after = self.then.get(pair), self.now.get(pair)
            yield Change(kind, pair, At(*before) if before else None, At(*after) if after else None)

    @property
    def changes(self) -> Iterator[Change]:
        """Every one, kind by kind."""
        return chain.from_iterable(self.told(kind, self.of(kind)) for kind in CHANGES)

    @property
    def number(self) -> dict[str, int]:
        return {kind: len(self.pairs[kind]) for kind in CHANGES}

    @property
    def concerned(self) -> set[int]:
        """Organisations whose calendar is another."""
        return set(chain.from_iterable(chain.from_iterable(self.pairs.values())))

    def meetings(self) -> dict[int, tuple[int, int]]:
        """Organisation → how many before and after, where that differs."""
        then, now = (Counter(chain.from_iterable(held)) for held in (self.then, self.now))
        return {
            one: (then[one], now[one]) for one in sorted(then.keys() | now.keys()) if then[one] != now[one]
        }


def difference(before: Run | None, after: Run) -> Difference:
    """One query for each timetable, however many meetings they hold."""
    then, now = _held(before) if before else {}, _held(after)
    other = [pair for pair in then.keys() & now.keys() if then[pair] != now[pair]]
    return Difference(
        kept=len(then.keys() & now.keys()) - len(other),
        pairs={
            MOVED: tuple(pair for pair in other if then[pair][0] != now[pair][0]),
            ELSEWHERE: tuple(pair for pair in other if then[pair][0] == now[pair][0]),
            NEW: tuple(now.keys() - then.keys()),
            DROPPED: tuple(then.keys() - now.keys()),
        },
        then=then,
        now=now,
    )


def _held(run: Run) -> dict[Pair, tuple[int, int]]:
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
    return {
        (host, guest) if host < guest else (guest, host): (slot, place) for host, guest, slot, place in rows
    }
