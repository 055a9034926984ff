"""When a slot begins, where the expo is; and until when a meeting can be given its time."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from fairlink_site.models import Edition, Slot


def starts(slot: Slot, edition: Edition) -> datetime:
    """When a slot begins, where the expo is."""
    return datetime.combine(slot.day, slot.start, ZoneInfo(edition.time_zone))


def takes(slot: Slot, edition: Edition, now: datetime, *, begun: bool = False) -> bool:
    """Whether a meeting can be given a slot now: before it begins, or on the spot while half of it is left."""
    start = starts(slot, edition)
    if not begun:
        return start > now
    return start + (datetime.combine(slot.day, slot.end, start.tzinfo) - start) / 2 >= now
