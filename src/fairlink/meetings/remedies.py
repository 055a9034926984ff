"""The cheapest change that would admit a meeting which is not held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from fairlink.expo import WISH_KINDS, Array
from fairlink.meetings.displacement import NEVER
from fairlink.meetings.problem import BOOTH, NEVER_PAIR, NO_GAIN, NO_PLACE
from fairlink.meetings.refusals import SIDES, Case, chosen, excluded, kind_of_place, languages
from fairlink.meetings.rules import (
    AWAY,
    BUSY,
    CAP,
    CHOSEN,
    DAILY_CAP,
    NO_INTERPRETER,
    NO_TABLE,
    PLACE_CLOSED,
    RUN,
    TO_GUEST,
)

# Which obstacle each change lifts, the cheapest change first: numbers on paper, places, interpreters, then people.
LIFTS = {
    "choose_more": CHOSEN,
    "raise_cap": CAP,
    "raise_daily_cap": DAILY_CAP,
    "lengthen_run": RUN,
    "add_table": NO_TABLE,
    "add_interpreter": NO_INTERPRETER,
    "open_place": PLACE_CLOSED,
    "open_slot": AWAY,
}
BARRED = {"withdraw_never": NEVER_PAIR, "raise_gain": NO_GAIN, "add_place": NO_PLACE}
REMEDIES = (*BARRED, *LIFTS, "swap", "several", "add_slot", "lift_exclusion")
MEETINGS, LOSS = slice(2, 7), 1  # of a displacement: the meetings that give way, and their weight


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change after which the meeting could be held; `data` says in which `slot`, unless in any."""

    code: str
    data: Mapping[str, Any]


def choose_remedies(obstacles: Array, displacements: Array, weight: Array) -> tuple[Array, Array]:
    """For each meeting the number of a remedy in REMEDIES and the slot where it helps (−1: any).

    `obstacles` is int (meetings, slots), `displacements` what `cheapest_displacement` says, int64 (meetings, 7).
    """
    meetings, slots = obstacles.shape
    if not slots:
        return np.full(meetings, REMEDIES.index("add_slot")), np.full(meetings, -1)
    choice = np.full(meetings, REMEDIES.index("several"))
    slot = np.bitwise_count(obstacles).argmin(axis=1)

    def prefer(code: str, helps: Array, where: Array) -> None:
        choice[helps], slot[helps] = REMEDIES.index(code), where[helps]

    prefer("swap", displacements[:, LOSS] < NEVER, displacements[:, 0])
    for code, lifts in reversed(LIFTS.items()):
        lifted = (obstacles & ~_either(lifts)) == 0
        prefer(code, lifted.any(axis=1), lifted.argmax(axis=1))
    # Where lighter meetings give way, nothing is lost on balance.
    prefer("swap", displacements[:, LOSS] < weight, displacements[:, 0])
    for code, bit in reversed(BARRED.items()):
        prefer(code, (obstacles[:, 0] & bit) != 0, np.zeros(meetings, dtype=np.int64))
    return choice, slot


def make_remedy(code: str, case: Case, displacement: list[int]) -> Remedy:
    """The remedy with its data; `displacement` is this meeting's row of those chosen from."""
    if code == "withdraw_never":
        return _of_never(case)
    if code == "raise_gain":
        return Remedy(code, {"organisations": _who_gains_nothing(case)})
    if code in ("add_place", "add_slot"):
        return Remedy(code, {"kind": kind_of_place(case)} if code == "add_place" else {})
    if code == "swap":
        giving = tuple(case.played.row_of(meeting) for meeting in displacement[MEETINGS] if meeting >= 0)
        return Remedy(code, {"slot": case.slot, "meetings": giving, "weight": displacement[LOSS]})
    if code == "several":
        changes = tuple(change for change, lifts in LIFTS.items() if case.obstacles & _either(lifts))
        swap = ("swap",) if case.obstacles & _either(BUSY) else ()
        return Remedy(code, {"slot": case.slot, "changes": changes + swap})
    return Remedy(code, {"slot": case.slot} | _subject(code, case))


def _subject(code: str, case: Case) -> dict[str, Any]:
    """What is to be changed, and what one more would be worth where a price tells."""
    prices = case.played.timetable.prices
    if code == "add_table":
        pool = case.played.problem.meetings["pool"][case.meeting]
        price = 0.0 if pool == BOOTH else float(prices.pool[pool, case.slot])
        return {"kind": kind_of_place(case), "by": 1, "price": price}
    if code == "choose_more":
        return {"price": float(prices.group[case.played.row_of(case.meeting)]), **chosen(case)}
    if code == "add_interpreter":
        row = case.played.row_of(case.meeting)
        return {"languages": languages(case), "by": 1, "price": float(prices.interpreter[row])}
    if code == "open_place":
        return {"place": int(case.played.booth[case.played.party(case.meeting, "host")])}
    organisations = tuple(
        case.played.party(case.meeting, side)
        for number, side in enumerate(SIDES)
        if case.obstacles >> TO_GUEST * number & LIFTS[code]
    )
    if code != "raise_cap":
        return {"organisations": organisations}
    price = float(np.maximum(prices.organisation[list(organisations)], 0.0).sum())
    return {"organisations": organisations, "by": 1, "price": price}


def _either(bit: int) -> int:
    """An obstacle of a place, or the same of host and guest."""
    return bit if bit < AWAY else bit | bit << TO_GUEST


def _of_never(case: Case) -> Remedy:
    """Whoever keeps the two apart lets them meet: the organiser, or else those who said never."""
    if excluded(case):
        return Remedy("lift_exclusion", {})
    return Remedy("withdraw_never", {"organisations": _who_said_never(case)})


def _who_said_never(case: Case) -> tuple[int, ...]:
    wishes = case.played.expo.wishes
    said = wishes.kind == WISH_KINDS.index("never")
    pair = [case.played.party(case.meeting, side) for side in SIDES]
    spoke = said & np.isin(wishes.organisation, pair) & np.isin(wishes.partner, pair)
    return tuple(np.unique(wishes.organisation[spoke]).tolist())


def _who_gains_nothing(case: Case) -> tuple[int, ...]:
    wanted, row = case.played.timetable.wanted, case.played.row_of(case.meeting)
    sides = ((wanted.first, wanted.gain_first), (wanted.second, wanted.gain_second))
    return tuple(int(party[row]) for party, gain in sides if gain[row] == 0)
