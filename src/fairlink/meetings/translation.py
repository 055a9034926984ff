"""The only translation between the nouns and the flat problem.

Canonical order: parties by the ids of organisations, meetings by the ids of their parties. The engine sees
nothing else, so its answer cannot depend on the order of anybody's rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fairlink.errors import BadArray
from fairlink.expo import PLACE_KINDS, WISH_KINDS, Array, Expo, Places, Slots, Wanted, check
from fairlink.meetings.floor import POINT
from fairlink.meetings.interpreters import needs, units
from fairlink.meetings.problem import (
    BOOTH,
    NEVER_PAIR,
    NO_END,
    NO_GAIN,
    NO_GROUP,
    NO_PLACE,
    NOT_FIXED,
    ONLINE,
    POOLS,
    TABLE,
    Problem,
    assemble,
)


@dataclass(frozen=True, eq=False)
class Translation:
    """A problem, and where its rows stand in the expo and among the wanted meetings."""

    problem: Problem
    organisations: Array  # int64 (parties,): row of expo.organisations
    meetings: Array  # int64 (meetings,): row of wanted
    interpreters: Array  # int64 (interpreters,): row of expo.interpreters; one for several stands so often

    @cached_property
    def by_row(self) -> Array:
        """int64 (wanted,): the meeting in each row of wanted."""
        return np.argsort(self.meetings)

    def by_organisation(self, column: Array) -> Array:
        """A column over parties, as one over expo.organisations."""
        return _scattered(column, self.organisations)

    def by_wanted(self, column: Array) -> Array:
        """A column over meetings, as one over wanted."""
        return _scattered(column, self.meetings)


def translate(expo: Expo, wanted: Wanted, fixed: Array | None = None) -> Translation:
    """The flat problem of an expo and its wanted meetings. Raises BadArray where `wanted` does not fit.

    `fixed` is int (wanted,): the slot in which a meeting is held and stays, −1 where it is free.
    """
    _check_wanted(wanted, len(expo.ids))
    if fixed is None:
        fixed = np.full(len(wanted.first), NOT_FIXED)
    check_column("fixed", fixed, len(wanted.first), len(expo.slots.ids))
    organisations = np.array(sorted(range(len(expo.ids)), key=expo.ids.__getitem__), dtype=np.int64)
    rank = _scattered(np.arange(len(organisations)), organisations)
    first, second = rank[wanted.first], rank[wanted.second]
    meetings = np.lexsort((np.maximum(first, second), np.minimum(first, second)))
    people, rules = expo.organisations, expo.edition.rules
    venues = _venues(expo)
    need, speaks = needs(expo, wanted)
    of_first, of_second, choose = _groups(expo, wanted)
    columns = _meetings(expo, wanted, rank) | {"fixed": fixed, "need": need}
    turned = columns["host"] != rank[wanted.first]
    columns["host_group"] = np.where(turned, of_second, of_first)
    columns["guest_group"] = np.where(turned, of_first, of_second)
    interpreters, there = units(expo)
    problem = assemble(
        meetings={name: column[meetings] for name, column in columns.items()},
        slots={"day": expo.slots.day, "follows": _follows(expo.slots)},
        cap=np.where(people.meeting_cap < 0, rules.meeting_cap, people.meeting_cap)[organisations],
        delegates=people.delegates[organisations],
        available=people.available[organisations],
        opened=_opened(expo.places, venues),
        room=_room(expo, venues),
        capacity=_capacity(expo.places),
        engaged=_engaged(expo, rank),
        speaks=speaks[:, interpreters],
        on_duty=there,
        choose=choose,
        daily_cap=rules.daily_cap,
        longest_run=rules.longest_run,
        bonus=POINT * rules.first_meetings_bonus,
    )
    return Translation(problem, organisations, meetings, interpreters)


def hosts(expo: Expo, wanted: Wanted) -> tuple[Array, Array]:
    """int64 (wanted,), twice: who receives and who visits in each wanted meeting, as rows of expo.organisations."""
    found = translate(expo, wanted)
    host, guest = (
        found.by_wanted(found.organisations[found.problem.meetings[side]]) for side in ("host", "guest")
    )
    return host, guest


def pool_rows(places: Places, pool: int) -> Array:
    """int64 (rows,): the places of a pool, by id. A room is a table with walls."""
    kinds = ("online",) if pool == ONLINE else ("table", "room")
    rows = np.flatnonzero(np.isin(places.kind, [PLACE_KINDS.index(kind) for kind in kinds]))
    return np.array(sorted(rows, key=lambda row: places.ids[row]), dtype=np.int64)


def booth_rows(places: Places) -> Array:
    """int64 (rows,): the booths that belong to somebody, by id."""
    rows = np.flatnonzero((places.kind == PLACE_KINDS.index("booth")) & (places.organisation >= 0))
    return np.array(sorted(rows, key=lambda row: places.ids[row]), dtype=np.int64)


def check_column(name: str, column: Array, wanted: int, rows: int | None = None) -> None:
    """Raises BadArray where a column has not one row for each wanted meeting, or points at what is not there."""
    if column.shape != (wanted,):
        raise BadArray(f"{name}: one row for each wanted meeting, got shape {column.shape}")
    wrong = (column < -1) | (column >= rows) if rows is not None else column < -1
    if wrong.any():
        row = int(np.argmax(wrong))
        raise BadArray(f"{name}: row {row} points at {column[row]}; there are {rows} rows")


def _scattered(column: Array, rows: Array) -> Array:
    scattered = np.empty_like(column)
    scattered[rows] = column
    return scattered


def _check_wanted(wanted: Wanted, organisations: int) -> None:
    check("wanted", wanted, {"organisations": organisations})
    for name in ("first", "second"):
        _refuse(name, getattr(wanted, name) < 0, "names no organisation")
    for name in ("gain_first", "gain_second"):
        gain = getattr(wanted, name)
        _refuse(name, (gain < 0) | (gain > 100), "is no gain from 0 to 100 points")
    _refuse("second", wanted.second <= wanted.first, "is not after wanted.first")
    again = np.ones(len(wanted.first), dtype=bool)
    again[np.unique(_pair(wanted.first, wanted.second, organisations), return_index=True)[1]] = False
    _refuse("second", again, "closes a pair that stands in a row before")


def _refuse(name: str, wrong: Array, reason: str) -> None:
    if wrong.any():
        raise BadArray(f"wanted.{name}: row {int(np.argmax(wrong))} {reason}")


def _pair(one: Array, other: Array, organisations: int) -> Array:
    """One number for two rows in either order."""
    pair: Array = np.minimum(one, other).astype(np.int64) * organisations + np.maximum(one, other)
    return pair


def _meetings(expo: Expo, wanted: Wanted, rank: Array) -> dict[str, Array]:
    """The columns of MEETING over the rows of wanted; parties are ranks of ids."""
    online, venues = expo.organisations.online, _venues(expo)
    remote = online[wanted.first] | online[wanted.second]
    booth_first, booth_second = (~remote & (venues[party] > 0) for party in (wanted.first, wanted.second))
    # A lone booth receives. Otherwise the side with more to gain visits; of equals, the later id.
    gain_less = wanted.gain_second < wanted.gain_first
    equal = wanted.gain_second == wanted.gain_first
    less = gain_less | (equal & (rank[wanted.second] < rank[wanted.first]))
    turned = np.where(booth_first == booth_second, less, booth_second)
    host = np.where(turned, wanted.second, wanted.first)
    guest = np.where(turned, wanted.first, wanted.second)
    pool = np.where(remote, ONLINE, np.where(booth_first | booth_second, BOOTH, TABLE))
    exists = np.array([len(pool_rows(expo.places, pool)) > 0 for pool in range(len(POOLS))])
    barred = NEVER_PAIR * _never(expo, wanted) + NO_GAIN * (wanted.weight == 0)
    return {
        "weight": wanted.weight,
        "host": rank[host],
        "guest": rank[guest],
        "barred": barred + NO_PLACE * ((pool != BOOTH) & ~exists[pool]),
        "venue": np.where(pool == BOOTH, venues[host], 0),
        "pool": pool,
    }


def _groups(expo: Expo, wanted: Wanted) -> tuple[Array, Array, Array]:
    """int64 (wanted,), twice: the group of the wish of `first`, and of `second`; and int64 (groups,): how many of it.

    Groups are numbered by the ids of whose they are, and of those for whom the wishes in them are.
    """
    wishes, ids = expo.wishes, expo.ids
    rows = np.flatnonzero(wishes.group >= 0).tolist()
    rows.sort(key=lambda row: (ids[wishes.organisation[row]], ids[wishes.partner[row]]))
    number: dict[int, int] = {}
    most: list[int] = []
    found: dict[tuple[int, int], int] = {}
    for row in rows:
        group = int(wishes.group[row])
        if group not in number:
            number[group] = len(number)
            most.append(int(wishes.choose[row]))
        found[int(wishes.organisation[row]), int(wishes.partner[row])] = number[group]
    sides = (wanted.first, wanted.second), (wanted.second, wanted.first)
    of_first, of_second = (np.full(len(wanted.first), NO_GROUP) for _ in sides)
    if found:
        of_first, of_second = (
            np.array([found.get(pair, NO_GROUP) for pair in zip(one.tolist(), other.tolist(), strict=True)])
            for one, other in sides
        )
    return of_first, of_second, np.array(most, dtype=np.int64)


def _never(expo: Expo, wanted: Wanted) -> Array:
    """bool (wanted,): either side said never, or the organiser keeps the two apart."""
    wishes, apart, organisations = expo.wishes, expo.exclusions, len(expo.ids)
    said = wishes.kind == WISH_KINDS.index("never")
    refused = _pair(wishes.organisation[said], wishes.partner[said], organisations)
    excluded = _pair(apart.first, apart.second, organisations)
    return np.isin(_pair(wanted.first, wanted.second, organisations), np.concatenate((refused, excluded)))


def _venues(expo: Expo) -> Array:
    """int64 (organisations,): the row of `open` of an organisation with booths, 0 for one without."""
    venues = np.zeros(len(expo.ids), dtype=np.int64)
    owners = np.unique(expo.places.organisation[booth_rows(expo.places)])
    venues[owners] = np.arange(1, len(owners) + 1)
    return venues


def _opened(places: Places, venues: Array) -> Array:
    """bool (venues, slots): when any of the owner's booths is open; venue 0 always."""
    opened = np.zeros((venues.max(initial=0) + 1, places.open.shape[1]), dtype=bool)
    opened[0] = True
    for row in booth_rows(places):
        opened[venues[places.organisation[row]]] |= places.open[row]
    return opened


def _capacity(places: Places) -> Array:
    """int64 (pools, slots): meetings that the open places of each pool hold at a time, less those taken."""
    left = np.maximum(places.capacity[:, None] - places.taken, 0) * places.open
    return np.array([left[pool_rows(places, pool)].sum(axis=0) for pool in range(len(POOLS))])


def _room(expo: Expo, venues: Array) -> Array:
    """int64 (venues, slots): meetings that the open booths of an owner hold at a time, less those taken."""
    room = np.zeros((venues.max(initial=0) + 1, len(expo.slots.ids)), dtype=np.int64)
    room[0] = NO_END
    for row in booth_rows(expo.places):
        owner = expo.places.organisation[row]
        holds = max(expo.places.capacity[row], expo.organisations.delegates[owner])
        room[venues[owner]] += np.maximum(holds - expo.places.taken[row], 0) * expo.places.open[row]
    return room


def _engaged(expo: Expo, rank: Array) -> Array:
    """int64 (engagements, 3): party, delegate, slot."""
    engaged = expo.engagements
    return np.stack((rank[engaged.organisation], engaged.delegate, engaged.slot), axis=1).astype(np.int64)


def _follows(slots: Slots) -> Array:
    follows = np.zeros(len(slots.ids), dtype=bool)
    follows[1:] = (np.diff(slots.day) == 0) & (np.diff(slots.number) == 1)
    return follows
