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
    assigned = np.full(len(slots), -1, dtype=np.int64)
    for pool in range(len(POOLS)):
        rows = pool_rows(expo.places, pool)
        for slot in range(len(problem.slots)):
            seated = np.sort(book.seated[pool, slot, : book.used[pool, slot]])
            room = np.minimum(expo.places.capacity[rows], len(seated)) * expo.places.open[rows, slot]
            assigned[seated] = np.repeat(rows, room)[: len(seated)]
    at_booth = np.flatnonzero((problem.meetings["pool"] == BOOTH) & (slots >= 0))
    hosts = translation.organisations[problem.meetings["host"][at_booth]]
    assigned[at_booth] = _first_open_booth(expo)[hosts, slots[at_booth]]
    return assigned


def holds(expo: Expo) -> Array:
    """int64 (places,): meetings at a time; at a booth, as many as its owner has delegates if that is more."""
    places, delegates = expo.places, expo.organisations.delegates
    booths = booth_rows(places)
    room = places.capacity.astype(np.int64)
    room[booths] = np.maximum(room[booths], delegates[places.organisation[booths]])
    return room


def suits(expo: Expo, translation: Translation, meetings: Array, rows: Array) -> Array:
    """bool (meetings,): the places are of the sort that the meetings need."""
    pool = translation.problem.meetings["pool"][meetings]
    host = translation.organisations[translation.problem.meetings["host"][meetings]]
    kind, owner = expo.places.kind[rows], expo.places.organisation[rows]
    suited: Array = (pool == BOOTH) & (kind == PLACE_KINDS.index("booth")) & (owner == host)
    for one in range(len(POOLS)):
        suited |= (pool == one) & np.isin(rows, pool_rows(expo.places, one))
    return suited


def _first_open_booth(expo: Expo) -> Array:
    """int64 (organisations, slots): −1 where no booth of the organisation is open.

    One is enough: it holds as many meetings as its owner has delegates.
    """
    first = np.full(expo.organisations.available.shape, -1, dtype=np.int64)
    for row in booth_rows(expo.places)[::-1]:
        first[expo.places.organisation[row], expo.places.open[row]] = row
    return first
