"""The wanted meetings that are not held: the rule that binds each, and what would admit it. None is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array, Expo
from fairlink.meetings.book import NOBODY, Book
from fairlink.meetings.construction import look
from fairlink.meetings.displacement import cheapest_displacement
from fairlink.meetings.problem import Problem
from fairlink.meetings.refusals import SIDES, Case, explain
from fairlink.meetings.remedies import REMEDIES, Remedy, choose_remedies, make_remedy
from fairlink.meetings.replay import replay
from fairlink.meetings.rules import OBSTACLES
from fairlink.meetings.timetable import Timetable

# Of several obstacles, the one that is named: what lasts before what depends on other meetings.
BINDING = (
    *("excluded_pair", "never_pair", "no_gain", "no_place", "group_satisfied", "cap_reached", "run_too_long"),
    *("place_closed", "outside_availability", "host_busy", "guest_busy", "no_table", "no_interpreter"),
)

OF_BOTH = ("caps_reached", "no_common_slot")


@dataclass(frozen=True, slots=True)
class Unplaced:
    """`code` and `data` are those of an objection; or one of OF_BOTH, with the two `organisations`."""

    row: int  # of wanted
    code: str
    data: Mapping[str, Any]
    remedy: Remedy


def unplaced(expo: Expo, timetable: Timetable) -> tuple[Unplaced, ...]:
    """One for every wanted meeting that is not held, in the order of wanted."""
    played = replay(expo, timetable)
    problem = played.problem
    meetings = played.translation.by_row[~timetable.held]
    obstacles = np.zeros((len(meetings), len(problem.slots)), dtype=np.int32)
    displacements = np.zeros((len(meetings), 7), dtype=np.int64)
    _survey(problem, played.book, meetings, obstacles, displacements)
    choice, slots = choose_remedies(obstacles, displacements, problem.meetings["weight"][meetings])
    found = []
    for i, (meeting, number, slot) in enumerate(
        zip(meetings.tolist(), choice.tolist(), slots.tolist(), strict=True)
    ):
        bits = int(obstacles[i, slot]) if slot >= 0 else int(problem.meetings["barred"][meeting])
        case = Case(played, meeting, slot, bits, (NOBODY, NOBODY))
        code, data = _binding(case)
        remedy = make_remedy(REMEDIES[number], case, displacements[i].tolist())
        found.append(Unplaced(played.row_of(meeting), code, data, remedy))
    return tuple(found)


@compiled
def _survey(problem: Problem, book: Book, meetings: Array, obstacles: Array, displacements: Array) -> None:
    """Fill in what stands in the way of each meeting in each slot, and its cheapest displacement."""
    for place in range(len(meetings)):
        meeting = meetings[place]
        seen = look(problem, book, meeting)
        for slot in range(len(problem.slots)):
            obstacles[place, slot] = seen[OBSTACLES, slot]
        found = cheapest_displacement(problem, book, meeting)
        for column in range(len(found)):
            displacements[place, column] = found[column]


def _binding(case: Case) -> tuple[str, Mapping[str, Any]]:
    """The rule that binds; where it is one of both parties alike, under a code that names the two."""
    found = sorted(explain(case), key=lambda objection: BINDING.index(objection.code))
    parties = tuple(case.played.party(case.meeting, side) for side in SIDES)
    both = {"meeting": case.played.row_of(case.meeting), "organisations": parties}
    if not found or found[0].code in ("host_busy", "guest_busy"):
        return "no_common_slot", both
    if len({one.data["organisation"] for one in found if one.code == found[0].code == "cap_reached"}) > 1:
        return "caps_reached", both
    return found[0].code, found[0].data
