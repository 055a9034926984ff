"""What may happen to a timetable once it stands. Organisations, places, slots and wanted meetings by their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

EVERYBODY = -1  # instead of a delegate


@dataclass(frozen=True, slots=True)
class Cancelled:
    """An organisation does not come, or comes no more."""

    organisation: int
    code: ClassVar[str] = "cancelled"


@dataclass(frozen=True, slots=True)
class Away:
    """An organisation, or one of its delegates, cannot be there in some slots: it is late, or did not come."""

    organisation: int
    slots: Sequence[int]
    delegate: int = EVERYBODY
    code: ClassVar[str] = "away"


@dataclass(frozen=True, slots=True)
class Back:
    """An organisation, or one of its delegates, is there after all."""

    organisation: int
    slots: Sequence[int]
    delegate: int = EVERYBODY
    code: ClassVar[str] = "back"


@dataclass(frozen=True, slots=True)
class Refused:
    """A wanted meeting is not to be held any more."""

    row: int
    code: ClassVar[str] = "refused"


@dataclass(frozen=True, slots=True)
class Freed:
    """A meeting gives up its time, and looks for another."""

    row: int
    code: ClassVar[str] = "freed"


@dataclass(frozen=True, slots=True)
class Asked:
    """A wanted meeting is to be held now, before all that stand by."""

    row: int
    code: ClassVar[str] = "asked"


@dataclass(frozen=True, slots=True)
class Closed:
    """A table, room or booth cannot be used in some slots."""

    place: int
    slots: Sequence[int]
    code: ClassVar[str] = "closed"


@dataclass(frozen=True, slots=True)
class Opened:
    """A table, room or booth can be used in some slots after all."""

    place: int
    slots: Sequence[int]
    code: ClassVar[str] = "opened"


@dataclass(frozen=True, slots=True)
class Tables:
    """So many meetings can sit at the tables and in the rooms in some slots, and no more than there are."""

    slots: Sequence[int]
    tables: int
    code: ClassVar[str] = "tables"


Event: TypeAlias = Cancelled | Away | Back | Refused | Freed | Asked | Closed | Opened | Tables
EVENTS = (Cancelled, Away, Back, Refused, Freed, Asked, Closed, Opened, Tables)
CHANGED = "changed"  # the expo is no more what it was when the timetable was made
REPAIRS = (CHANGED, *(event.code for event in EVENTS))
