"""What time it is in the hall: the slot that goes on or comes next; of an expo that is over, the one that is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from fairlink_site.models import Edition, Slot


@dataclass(frozen=True, slots=True)
class Clock:
    """`slot` goes on or comes next, `then` follows it on the same day. `live`: the expo has such a slot today."""

    now: datetime
    slots: Sequence[Slot]
    slot: Slot | None
    then: Slot | None
    live: bool

    @property
    def rest(self) -> list[Slot]:
        """The slots of the day from this one on."""
        return [one for one in self.ahead if self.slot and one.day == self.slot.day]

    @property
    def ahead(self) -> list[Slot]:
        """All slots from this one on."""
        return [
            one
            for one in self.slots
            if self.slot and (one.day, one.start) >= (self.slot.day, self.slot.start)
        ]


def clock(edition: Edition, asked: str = "") -> Clock:
    """The time in the hall, or as it is at the slot whose code is asked for.

    Once an expo is over, whatever is done is done as of the slot that is looked at: so a sample can be played through.
    """
    zone, now, slots = ZoneInfo(edition.time_zone), timezone.now(), list(edition.slots.all())
    ahead = [one for one in slots if datetime.combine(one.day, one.end, zone) > now]
    chosen = next((one for one in slots if one.code == asked), None)
    slot = chosen or next(iter(ahead), None) or next(iter(slots), None)
    if slot is None:
        return Clock(now, slots, None, None, live=False)
    later = slots[slots.index(slot) + 1 :]
    return Clock(
        now if ahead else datetime.combine(slot.day, slot.start, zone),
        slots,
        slot,
        next((one for one in later if one.day == slot.day), None),
        live=bool(ahead) and ahead[0].day == now.astimezone(zone).date(),
    )
