"""The flat tables that the engine works on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from fairlink.expo import Array

POOLS = ("table", "online")  # places that every meeting of their sort can take
TABLE, ONLINE = range(len(POOLS))
NO_END = 1 << 40  # of room, where nothing limits it
BOOTH = -1  # instead of a pool: the meeting takes place at the booth of its host

NOT_FIXED = -1
NO_GROUP = -1  # instead of a row of `choose`
NO_NEED = -1  # instead of a row of `speaks`: the two understand each other

# Bits of `barred`; those of the other rules are in `rules`. A pair is barred by either side, or by the organiser.
NEVER_PAIR, NO_GAIN, NO_PLACE = 1, 2, 4

# Tables of records rather than one array a column: fewer arguments compile faster. One integer type: no
# function is compiled twice.
MEETING = np.dtype(
    [
        ("weight", "i8"),  # gain of holding it
        ("host", "i8"),  # party that receives
        ("guest", "i8"),  # party that visits
        ("barred", "i8"),  # bits of the rules that close every slot
        ("venue", "i8"),  # row of `open`
        ("pool", "i8"),  # row of `capacity`, or BOOTH
        ("need", "i8"),  # row of `speaks`, or NO_NEED
        ("fixed", "i8"),  # slot in which it is held and stays, or NOT_FIXED
        ("host_group", "i8"),  # row of `choose`: of what the host wishes only some are held; or NO_GROUP
        ("guest_group", "i8"),  # the same of the guest
    ]
)
PARTY = np.dtype([("cap", "i8"), ("first", "i8"), ("last", "i8")])  # its calendars are first … last − 1
SLOT = np.dtype([("day", "i8"), ("follows", "i8")])  # 1 where directly after the slot before it


class Problem(NamedTuple):
    """A party is an organisation, a calendar one delegate's or, after these, an interpreter's. Tables are locked."""

    meetings: Array  # MEETING (meetings,)
    parties: Array  # PARTY (parties,)
    slots: Array  # SLOT (slots,)
    open: Array  # bool (venues, slots): venue 0 always, the others are booths
    room: Array  # int64 (venues, slots): meetings at a time; venue 0 has no end of it
    capacity: Array  # int64 (pools, slots): meetings at a time
    available: Array  # bool (parties, slots): some delegate can attend
    engaged: (
        Array  # int64 (engagements, 2): calendar and slot in which it is closed though its party is there
    )
    speaks: Array  # bool (needs, interpreters): who can interpret where this is needed
    choose: Array  # int64 (groups,): meetings of a group that are held at most
    daily_cap: int  # meetings of a party a day; 0: no limit
    longest_run: int  # meetings of a delegate without a break; 0: no limit
    bonus: int  # weight by which the first meeting of a party counts for more; see `floor`


def assemble(  # noqa: PLR0913  all that a problem is
    *,
    meetings: Mapping[str, Array],
    slots: Mapping[str, Array],
    cap: Array,
    delegates: Array,
    available: Array,
    opened: Array,
    capacity: Array,
    room: Array | None = None,
    engaged: Array | None = None,
    speaks: Array | None = None,
    on_duty: Array | None = None,
    choose: Array | None = None,
    daily_cap: int = 0,
    longest_run: int = 0,
    bonus: int = 0,
) -> Problem:
    """A Problem from its columns and the number of delegates: calendars laid out, types set, tables locked.

    `engaged` has a row (party, delegate, slot) for each time at which one delegate cannot attend; `on_duty` is bool
    (interpreters, slots).
    """
    delegates = np.maximum(delegates, 0).astype(np.int64)
    last = np.cumsum(delegates)
    if room is None:
        room = np.full(opened.shape, NO_END, dtype=np.int64)
    some = np.zeros((0, 3), dtype=np.int64) if engaged is None else np.unique(engaged, axis=0)
    away = np.zeros(available.shape, dtype=np.int64)
    np.add.at(away, (some[:, 0], some[:, 2]), 1)
    # A meeting takes two calendars: a place more than half of them is never needed.
    capacity = np.minimum(capacity, delegates.sum() // 2 + 1)
    if speaks is None or on_duty is None:
        speaks, on_duty = np.zeros((0, 0), dtype=bool), np.zeros((0, available.shape[1]), dtype=bool)
    resting, at = np.nonzero(~on_duty)
    away_at = np.concatenate(
        (
            np.stack(((last - delegates)[some[:, 0]] + some[:, 1], some[:, 2]), axis=1),
            np.stack((delegates.sum() + resting, at), axis=1),
        )
    )
    return Problem(
        meetings=_table(MEETING, {**_usual(len(meetings["weight"])), **meetings}),
        parties=_table(PARTY, {"cap": cap, "first": last - delegates, "last": last}),
        slots=_table(SLOT, slots),
        open=_locked(opened, np.bool_),
        room=_locked(room, np.int64),
        capacity=_locked(capacity, np.int64),
        available=_locked(available & (delegates[:, None] > away), np.bool_),
        engaged=_locked(away_at, np.int64),
        speaks=_locked(speaks, np.bool_),
        choose=_locked(np.zeros(0) if choose is None else choose, np.int64),
        daily_cap=daily_cap,
        longest_run=longest_run,
        bonus=bonus,
    )


def _usual(meetings: int) -> dict[str, Array]:
    none = {"need": NO_NEED, "host_group": NO_GROUP, "guest_group": NO_GROUP, "fixed": NOT_FIXED}
    return {name: np.full(meetings, value) for name, value in none.items()}


def _table(row: np.dtype[Any], columns: Mapping[str, Array]) -> Array:
    table = np.empty(len(next(iter(columns.values()))), dtype=row)
    for name, column in columns.items():
        table[name] = column
    table.flags.writeable = False
    return table


def _locked(given: Array, kind: type) -> Array:
    array: Array = np.array(given, dtype=kind, order="C")
    array.flags.writeable = False
    return array
