"""The expo of a question: the same one, with more of what is asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np

from fairlink.expo import PLACE_KINDS, Array, Expo, Interpreters, Places, Slots
from fairlink.meetings.questions import OF_ORGANISATIONS, Question, at

NO_SLOT = -1


def grow(expo: Expo, question: Question) -> Expo:
    """The expo with more of the resource; nothing else is another, but rows of slots move where slots are added.

    Tables stand where no hall is named. Added slots follow the last of their day, are as long, and find open and
    present what is so in that one.
    """
    if question.resource in ("tables", "online"):
        return replace(expo, places=_with_places(expo, question))
    if question.resource == "slots":
        return _with_slots(expo, kept_slots(expo, question))
    if question.resource in OF_ORGANISATIONS:
        return _with_more_of(expo, question)
    rules = expo.edition.rules
    rule = {"daily": "daily_cap", "run": "longest_run"}[question.resource]
    more = replace(rules, **{rule: getattr(rules, rule) + question.number})
    return replace(expo, edition=replace(expo.edition, rules=more))


def kept_slots(expo: Expo, question: Question) -> Array:
    """int64 (slots of the grown expo,): the row that each slot has in this one, NO_SLOT for one that is added."""
    rows = np.arange(len(expo.slots.ids))
    if question.resource != "slots":
        return rows
    asked, days = at(expo, question), expo.slots.day
    parts = []
    for day in np.unique(days):
        mine = rows[days == day]
        parts += [mine, np.full(question.number if asked[mine].any() else 0, NO_SLOT)]
    return np.concatenate([rows[:0], *parts])


def _with_places(expo: Expo, question: Question) -> Places:
    """One place more that holds so many meetings at a time."""
    places, kind = expo.places, "table" if question.resource == "tables" else "online"
    closed = np.zeros(len(expo.slots.ids), dtype=places.taken.dtype)
    return Places(
        ids=(*places.ids, _unused(places.ids)),
        names=(*places.names, {}),
        kind=np.append(places.kind, PLACE_KINDS.index(kind)).astype(places.kind.dtype),
        hall=(*places.hall, ""),
        organisation=np.append(places.organisation, -1).astype(places.organisation.dtype),
        capacity=np.append(places.capacity, question.number).astype(places.capacity.dtype),
        open=np.vstack((places.open, at(expo, question))),
        taken=np.vstack((places.taken, closed)),
    )


def _with_more_of(expo: Expo, question: Question) -> Expo:
    """More delegates, or a higher cap, for one organisation or for everybody."""
    people, rules = expo.organisations, expo.edition.rules
    mine = np.array([question.organisation in ("", one) for one in expo.ids], dtype=bool)
    more = question.number * mine
    if question.resource == "delegates":
        delegates = (people.delegates + more).astype(people.delegates.dtype)
        return replace(expo, organisations=replace(people, delegates=delegates))
    cap = np.where(people.meeting_cap < 0, rules.meeting_cap, people.meeting_cap) + more
    return replace(expo, organisations=replace(people, meeting_cap=cap.astype(people.meeting_cap.dtype)))


def _with_slots(expo: Expo, kept: Array) -> Expo:
    old, added = _last_before(kept), kept == NO_SLOT
    moved = np.flatnonzero(~added)
    places, people, engaged = expo.places, expo.organisations, expo.engagements
    return replace(
        expo,
        slots=_longer_days(expo.slots, kept),
        places=replace(places, open=places.open[:, old], taken=np.where(added, 0, places.taken[:, old])),
        organisations=replace(people, available=people.available[:, old]),
        interpreters=_on_duty_longer(expo.interpreters, old, added),
        engagements=replace(engaged, slot=moved[engaged.slot].astype(engaged.slot.dtype)),
    )


def _longer_days(slots: Slots, kept: Array) -> Slots:
    ids: list[str] = []
    start: list[datetime] = []
    end: list[datetime] = []
    number: list[int] = []
    for row in kept.tolist():
        if row != NO_SLOT:
            last = row
            ids.append(slots.ids[row])
            start.append(slots.start[row])
            end.append(slots.end[row])
            number.append(int(slots.number[row]))
            continue
        ids.append(_unused((*slots.ids, *ids)))
        start.append(end[-1])
        end.append(end[-1] + (slots.end[last] - slots.start[last]))
        number.append(number[-1] + 1)
    day = slots.day[_last_before(kept)]
    return Slots(tuple(ids), tuple(start), tuple(end), day, np.array(number, dtype=slots.number.dtype))


def _on_duty_longer(interpreters: Interpreters, old: Array, added: Array) -> Interpreters:
    return replace(
        interpreters,
        available=interpreters.available[:, old],
        taken=np.where(added, 0, interpreters.taken[:, old]),
    )


def _last_before(kept: Array) -> Array:
    """int64 (slots,): the row itself, and for one that is added the last row before it."""
    last: Array = np.maximum.accumulate(kept)
    return last


def _unused(ids: tuple[str, ...]) -> str:
    number, taken = 1, set(ids)
    while f"more-{number}" in taken:
        number += 1
    return f"more-{number}"
