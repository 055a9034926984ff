"""Why a meeting cannot be held: obstacles as codes with their data, and the check of a whole timetable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from fairlink.expo import Expo
from fairlink.meetings.construction import look
from fairlink.meetings.interpreters import spoken
from fairlink.meetings.places import holds, suits
from fairlink.meetings.problem import BOOTH, NEVER_PAIR, NO_GAIN, NO_NEED, NO_PLACE, POOLS
from fairlink.meetings.replay import Replay, replay
from fairlink.meetings.rules import (
    AWAY,
    BUSY,
    CAP,
    CHOSEN,
    DAILY_CAP,
    DELEGATE,
    NO_INTERPRETER,
    NO_TABLE,
    OBSTACLES,
    PLACE_CLOSED,
    RUN,
    TO_GUEST,
)
from fairlink.meetings.timetable import Timetable
from fairlink.meetings.translation import booth_rows, pool_rows

OBJECTIONS = (
    *("excluded_pair", "never_pair", "no_gain", "no_place", "place_closed", "no_table", "no_interpreter"),
    *("group_satisfied", "outside_availability", "cap_reached", "run_too_long", "host_busy", "guest_busy"),
)
SIDES = ("host", "guest")


@dataclass(frozen=True, slots=True)
class Objection:
    """One rule in the way. `data` names `meeting` (row of wanted), `slot`, and what the rule is about."""

    code: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A meeting in a slot: the obstacles there, and the calendars of host and guest that were asked."""

    played: Replay
    meeting: int
    slot: int
    obstacles: int
    calendars: tuple[int, int]


def check(expo: Expo, timetable: Timetable) -> tuple[Objection, ...]:
    """Every rule that a meeting held goes against; () when the timetable obeys them all."""
    played = replay(expo, timetable)
    found = [*_misplaced(played), *_misunderstood(played)]
    for meeting in np.flatnonzero(played.against).tolist():
        entry = played.book.entries[meeting]
        slot = int(timetable.slot[played.row_of(meeting)])
        calendars = int(entry["host"]), int(entry["guest"])
        found += explain(Case(played, meeting, slot, int(played.against[meeting]), calendars))
    return tuple(found)


def ask(played: Replay, meeting: int, slot: int) -> Case:
    """What stands in the way of a meeting that is not held, whichever delegates attend."""
    seen = look(played.problem, played.book, meeting)[:, slot].tolist()
    return Case(played, meeting, slot, seen[OBSTACLES], (seen[DELEGATE], seen[DELEGATE + 1]))


def explain(case: Case) -> Iterator[Objection]:
    """The obstacles as objections, the lasting ones first."""
    fixed = {"meeting": case.played.row_of(case.meeting), "slot": case.slot}
    for code, data in (*_of_meeting(case), *_of_party(case, 0), *_of_party(case, 1)):
        yield Objection(code, fixed | data)


def excluded(case: Case) -> bool:
    """Whether the organiser keeps host and guest apart."""
    apart, pair = case.played.expo.exclusions, [case.played.party(case.meeting, side) for side in SIDES]
    return bool(np.any((apart.first == min(pair)) & (apart.second == max(pair))))


def kind_of_place(case: Case) -> str:
    """What the meeting needs, one of PLACE_KINDS."""
    pool = case.played.problem.meetings["pool"][case.meeting]
    return "booth" if pool == BOOTH else POOLS[pool]


def chosen(case: Case) -> dict[str, Any]:
    """Whose group of wishes is full, and one of the meetings that are held of it."""
    problem, book = case.played.problem, case.played.book
    meetings, held = problem.meetings, book.entries["slot"] >= 0
    for side in SIDES:
        group = meetings[f"{side}_group"][case.meeting]
        if group >= 0 and book.chosen[group] >= problem.choose[group]:
            of_it = (meetings["host_group"] == group) | (meetings["guest_group"] == group)
            other = int(np.argmax(of_it & held))
            party = case.played.party(case.meeting, side)
            return {
                "organisation": party,
                "other": case.played.row_of(other),
                "most": int(problem.choose[group]),
            }
    return {}


def languages(case: Case) -> tuple[str, ...]:
    """One language of the host and one of the guest, between which an interpreter is needed: the first each named."""
    people = case.played.expo.organisations
    spoken = (people.languages[case.played.party(case.meeting, side)] for side in SIDES)
    return tuple(one[0].partition("-")[0] for one in spoken)


def _there(case: Case) -> int:
    """Places of the sort that are open in the slot, taken or not."""
    expo, pool = case.played.expo, int(case.played.problem.meetings["pool"][case.meeting])
    rows = pool_rows(expo.places, pool)
    if pool == BOOTH:
        rows = booth_rows(expo.places)
        rows = rows[expo.places.organisation[rows] == case.played.party(case.meeting, "host")]
    return int((holds(expo) * expo.places.open[:, case.slot])[rows].sum())


def _of_meeting(case: Case) -> Iterator[tuple[str, dict[str, Any]]]:
    if case.obstacles & NEVER_PAIR:
        yield "excluded_pair" if excluded(case) else "never_pair", {}
    if case.obstacles & NO_GAIN:
        yield "no_gain", {}
    if case.obstacles & NO_PLACE:
        yield "no_place", {"kind": kind_of_place(case)}
    if case.obstacles & PLACE_CLOSED:
        yield "place_closed", {"place": int(case.played.booth[case.played.party(case.meeting, "host")])}
    if case.obstacles & NO_TABLE:
        yield "no_table", {"kind": kind_of_place(case), "capacity": _there(case)}
    if case.obstacles & CHOSEN:
        yield "group_satisfied", chosen(case)
    if case.obstacles & NO_INTERPRETER:
        yield "no_interpreter", {"languages": languages(case)}


def _of_party(case: Case, side: int) -> Iterator[tuple[str, dict[str, Any]]]:
    problem, obstacles = case.played.problem, case.obstacles >> TO_GUEST * side
    who = {"organisation": case.played.party(case.meeting, SIDES[side])}
    if obstacles & AWAY:
        yield "outside_availability", who
    if obstacles & CAP:
        cap = problem.parties["cap"][problem.meetings[SIDES[side]][case.meeting]]
        yield "cap_reached", who | {"cap": int(cap), "per": "edition"}
    if obstacles & DAILY_CAP:
        yield "cap_reached", who | {"cap": problem.daily_cap, "per": "day"}
    if obstacles & RUN:
        yield "run_too_long", who | {"longest": problem.longest_run}
    if obstacles & BUSY:
        calendar = case.calendars[side]
        other = int(case.played.book.diary[calendar, case.slot]) if calendar >= 0 else -1
        yield f"{SIDES[side]}_busy", who | {"other": case.played.row_of(other)}


def _misplaced(played: Replay) -> Iterator[Objection]:
    """Meetings held nowhere, at a place of the wrong kind, at a closed one, or at a full one."""
    expo, timetable = played.expo, played.timetable
    for row in np.flatnonzero(timetable.held & (timetable.place < 0)).tolist():
        yield _misplacement(played, "no_place", row)
    rows = np.flatnonzero(timetable.held & (timetable.place >= 0))
    slots, places = timetable.slot[rows], timetable.place[rows]
    suited = suits(expo, played.translation, played.translation.by_row[rows], places)
    sits = np.zeros(expo.places.open.shape, dtype=np.int64)
    np.add.at(sits, (places[suited], slots[suited]), 1)
    crowded = sits[places, slots] > (holds(expo)[:, None] - expo.places.taken)[places, slots]
    for row in rows[~suited]:
        yield _misplacement(played, "no_place", row)
    for row in rows[suited & ~expo.places.open[places, slots]]:
        yield _misplacement(played, "place_closed", row)
    for row in rows[suited & crowded]:
        yield _misplacement(played, "no_table", row)


def _misunderstood(played: Replay) -> Iterator[Objection]:
    """Meetings with nobody who speaks the languages of both, or with somebody who is not there or sits elsewhere."""
    expo, timetable, translation = played.expo, played.timetable, played.translation
    interpreters = expo.interpreters
    if not len(interpreters.ids):
        return
    needs = translation.by_wanted(played.problem.meetings["need"]) != NO_NEED
    rows = np.flatnonzero(timetable.held & (needs | (timetable.interpreter >= 0)))
    slot, who = timetable.slot[rows], timetable.interpreter[rows]
    sits = interpreters.taken.astype(np.int64)
    np.add.at(sits, (who[who >= 0], slot[who >= 0]), 1)
    for row, at, one in zip(rows.tolist(), slot.tolist(), who.tolist(), strict=True):
        first, second = (
            spoken(expo.organisations.languages[side[row]])
            for side in (timetable.wanted.first, timetable.wanted.second)
        )
        knows = spoken(interpreters.languages[one]) if one >= 0 else frozenset()
        helps = bool(knows & first and knows & second) if needs[row] else one == -1
        there = one < 0 or (interpreters.available[one, at] and sits[one, at] <= interpreters.number[one])
        if not helps or not there:
            case = Case(played, int(translation.by_row[row]), at, 0, (-1, -1))
            data = {"meeting": row, "slot": at, "languages": languages(case)}
            yield Objection("no_interpreter", data)


def _misplacement(played: Replay, code: str, row: int) -> Objection:
    slot, place = int(played.timetable.slot[row]), int(played.timetable.place[row])
    pool = played.problem.meetings["pool"][played.translation.by_row[row]]
    data: dict[str, Any] = {"kind": "booth" if pool == BOOTH else POOLS[pool]}
    if code == "place_closed":
        data = {"place": place}
    if code == "no_table":
        data["capacity"] = int(holds(played.expo)[place])
    return Objection(code, {"meeting": int(row), "slot": slot, **data})
