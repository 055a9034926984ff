"""What the library says of rows, said of ids: row numbers mean nothing outside a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import fairlink
from fairlink.meetings import Timetable


def by_ids(expo: fairlink.Expo, timetable: Timetable, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of an objection or a remedy, with ids of organisations, slots and places, and pairs for meetings."""

    def pair(row: int) -> list[str]:
        return [expo.ids[timetable.wanted.first[row]], expo.ids[timetable.wanted.second[row]]]

    kept: dict[str, Any] = dict(data)
    for key, name in (
        ("organisation", expo.ids.__getitem__),
        ("slot", expo.slots.ids.__getitem__),
        ("place", expo.places.ids.__getitem__),
        ("meeting", pair),
        ("other", pair),
    ):
        if key in kept:
            kept[key] = name(kept[key])
        if f"{key}s" in kept:
            kept[f"{key}s"] = [name(row) for row in kept[f"{key}s"]]
    return kept
