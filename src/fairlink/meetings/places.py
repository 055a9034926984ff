"""The place of each meeting: a booth of the host, or a table or online room of its pool."""

from __future__ import annotations

import numpy as np

from fairlink.expo import PLACE_KINDS, Array, Expo
from fairlink.meetings.book import Book
from fairlink.meetings.problem import BOOTH, POOLS
from fairlink.meetings.translation import Translation, booth_rows, pool_rows


def assign_places(expo: Expo, translation: Translation, book: Book) -> Array:
    """int64 (meetings,): row of expo.places, −1 where not held. In order of ids, in every slot anew."""
    problem, slots = translation.problem, book.entries["slot"]
    assigned, left = np.full(len(slots), -1, dtype=np.int64), room_left(expo)
    for pool in range(len(POOLS)):
        rows = pool_rows(expo.places, pool)
        for slot in range(len(problem.slots)):
            seated = np.sort(book.seated[pool, slot, : book.used[pool, slot]])
            room = np.minimum(left[rows, slot], len(seated))
            assigned[seated] = np.repeat(rows, room)[: len(seated)]
    at_booth = np.flatnonzero((problem.meetings["pool"] == BOOTH) & (slots >= 0))
    hosts = translation.organisations[problem.meetings["host"][at_booth]]
    assigned[at_booth] = _booths(expo, left, hosts, slots[at_booth])
    return assigned


def holds(expo: Expo) -> Array:
    """int64 (places,): meetings at a time; at a booth, as many as its owner has delegates if that is more."""
    places, delegates = expo.places, expo.organisations.delegates
    booths = booth_rows(places)
    room = places.capacity.astype(np.int64)
    room[booths] = np.maximum(room[booths], delegates[places.organisation[booths]])
    return room


def room_left(expo: Expo) -> Array:
    """int64 (places, slots): meetings that a place can still take, 0 where it is closed."""
    left: Array = np.maximum(holds(expo)[:, None] - expo.places.taken, 0) * expo.places.open
    return left


def suits(expo: Expo, translation: Translation, meetings: Array, rows: Array) -> Array:
    """bool (meetings,): the places are of the sort that the meetings need."""
    pool = translation.problem.meetings["pool"][meetings]
    host = translation.organisations[translation.problem.meetings["host"][meetings]]
    kind, owner = expo.places.kind[rows], expo.places.organisation[rows]
    suited: Array = (pool == BOOTH) & (kind == PLACE_KINDS.index("booth")) & (owner == host)
    for one in range(len(POOLS)):
        suited |= (pool == one) & np.isin(rows, pool_rows(expo.places, one))
    return suited


def _booths(expo: Expo, left: Array, hosts: Array, slots: Array) -> Array:
    """int64 (meetings,): the first booth of each host as long as it has room in the slot, then the next."""
    rows, owner = booth_rows(expo.places), expo.places.organisation
    first = np.full(expo.organisations.available.shape, -1, dtype=np.int64)
    for row in rows[::-1]:
        first[owner[row], left[row] > 0] = row
    booths, turn = first[hosts, slots], _turns(hosts, slots)
    for meeting in np.flatnonzero(turn >= left[booths, slots]):
        before = 0
        for row in rows[owner[rows] == hosts[meeting]]:
            before += left[row, slots[meeting]]
            if turn[meeting] < before:
                booths[meeting] = row
                break
    return booths


def _turns(hosts: Array, slots: Array) -> Array:
    """int64 (meetings,): how many meetings before it have the same host and slot."""
    order = np.lexsort((slots, hosts))
    fresh = np.append(True, (np.diff(hosts[order]) != 0) | (np.diff(slots[order]) != 0))[: len(order)]
    begins = np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))
    turn = np.empty(len(order), dtype=np.int64)
    turn[order] = np.arange(len(order)) - begins
    return turn
