"""Who sits where in the hall while things happen: a meeting keeps its place as long as it can."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from fairlink.expo import Array, Expo
from fairlink.meetings.places import holds, room_left, suits
from fairlink.meetings.problem import BOOTH
from fairlink.meetings.translation import Translation, booth_rows, pool_rows

NOWHERE = -1


class Hall:
    """`place` is int64 (meetings,): a row of expo.places, or NOWHERE; `room` int64 (places, slots): what it holds."""

    def __init__(self, expo: Expo, translation: Translation, place: Array) -> None:
        self._expo, self._problem = expo, translation.problem
        self._hosts = translation.organisations[translation.problem.meetings["host"]]
        given = np.flatnonzero(place != NOWHERE)
        suited = given[suits(expo, translation, given, place[given])]
        self._given = np.full(len(place), NOWHERE)
        self._given[suited] = place[suited]
        self.place = np.full(len(place), NOWHERE)
        self.room = room_left(expo)
        self.opens = np.maximum(holds(expo)[:, None] - expo.places.taken, 0)
        self._sits = np.zeros(self.room.shape, dtype=np.int64)
        self._rows: dict[int, Array] = {}

    def rows(self, meeting: int) -> Array:
        """int64 (rows,): the places of the sort that a meeting needs."""
        pool, host = int(self._problem.meetings["pool"][meeting]), int(self._hosts[meeting])
        key = pool if pool != BOOTH else -2 - host
        if key not in self._rows:
            self._rows[key] = pool_rows(self._expo.places, pool) if pool != BOOTH else self.booths(host)
        return self._rows[key]

    def booths(self, organisation: int) -> Array:
        """int64 (rows,): the booths of an organisation."""
        rows = booth_rows(self._expo.places)
        own: Array = rows[self._expo.places.organisation[rows] == organisation]
        return own

    def at(self, place: int, slot: int, slots: Array) -> list[int]:
        """The meetings at a place in a slot; `slots` is where each is held."""
        return np.flatnonzero((self.place == place) & (slots == slot)).tolist()

    def leave(self, meeting: int, slot: int) -> None:
        """A meeting gives up its place in a slot, and would have it again where it can."""
        place = self.place[meeting]
        if place == NOWHERE:
            return
        self._sits[place, slot] -= 1
        self._given[meeting], self.place[meeting] = place, NOWHERE

    def sit(self, meetings: Iterable[tuple[int, int]]) -> None:
        """Give each (meeting, slot) a place: first to those that can have the one they had, then the first free."""
        without = []
        for meeting, slot in meetings:
            place = self._given[meeting]
            if place == NOWHERE or not self._take(meeting, slot, place):
                without.append((meeting, slot))
        for meeting, slot in without:
            for place in self.rows(meeting).tolist():
                if self._take(meeting, slot, place):
                    break

    def keep(self, meeting: int, slot: int) -> None:
        """A fixed meeting stays at its place, whether there is room or not."""
        place = self._given[meeting]
        self.place[meeting] = place
        if place != NOWHERE:
            self._sits[place, slot] += 1

    def _take(self, meeting: int, slot: int, place: int) -> bool:
        if self._sits[place, slot] >= self.room[place, slot]:
            return False
        self._sits[place, slot] += 1
        self.place[meeting] = place
        return True
