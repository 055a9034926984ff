"""What times, places and rules allow as they stand: how many meetings at most, against how many are wanted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from fairlink.expo import PLACE_KINDS
from fairlink_site.models import Edition, Run
from fairlink_site.pages.meetings.spread import lacks, told

SHOWN = 5  # reasons why meetings have no time


class Room(NamedTuple):
    """Places of a kind: how many, how many meetings they hold at a time, and over all times, less where closed.

    Stands are none of these: their owners' delegates meet there, as many as they are.
    """

    kind: str
    places: int
    at_a_time: int
    most: int


@dataclass(frozen=True, slots=True)
class Consequences:
    """Of a timetable that knows as many times: `most` meetings by the delegates' time and the caps alone."""

    slots: int
    days: int
    rooms: tuple[Room, ...]
    most: int
    organisations: int
    latest: Run | None
    lacks: tuple[tuple[int, str, str, str], ...]

    @property
    def wanted(self) -> int | None:
        """By the latest timetable."""
        return int(self.latest.measures["wanted"]) if self.latest else None

    @property
    def too_many(self) -> bool:
        """Whether more is wanted than people have time for, whatever places there are."""
        return self.wanted is not None and self.wanted > self.most


def consequences(edition: Edition, slots: Collection[tuple[Any, str]] | None = None) -> Consequences:
    """`slots`, as (day, code), are those that would be; the edition's own unless they are said. Constant queries."""
    times = list(edition.slots.values_list("day", "code")) if slots is None else list(slots)
    days = len({day for day, _code in times})
    latest = edition.runs.filter(kind="meetings").first()
    return Consequences(
        slots=len(times),
        days=days,
        rooms=tuple(_rooms(edition, {code for _day, code in times})),
        most=_most(edition, times, days),
        organisations=edition.organisations.visible().count(),
        latest=latest,
        lacks=tuple(told(one) for one in lacks(edition, latest)[:SHOWN]) if latest else (),
    )


def _rooms(edition: Edition, codes: set[str]) -> list[Room]:
    found = {kind: [0, 0, 0] for kind in PLACE_KINDS if kind != "booth"}
    for kind, capacity, closed in (
        edition.places.exclude(kind="booth").order_by().values_list("kind", "capacity", "closed")
    ):
        room = found[kind]
        room[0] += 1
        room[1] += capacity
        room[2] += capacity * (len(codes) - len(codes.intersection(closed)))
    return [Room(kind, *numbers) for kind, numbers in found.items() if numbers[0]]


def _most(edition: Edition, times: list[tuple[Any, str]], days: int) -> int:
    """Half the seats that everybody has time for: times that are open to them, delegates, caps in all and per day."""
    codes, seats = {code for _day, code in times}, 0
    rows = edition.organisations.visible().order_by().values_list("delegates", "closed", "meeting_cap")
    for delegates, closed, own in rows:
        free = delegates * (len(codes) - len(codes.intersection(closed)))
        free = min(free, edition.meeting_cap if own is None else own)
        seats += min(free, edition.daily_cap * days) if edition.daily_cap else free
    return seats // 2
