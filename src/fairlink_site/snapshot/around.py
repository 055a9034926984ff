"""A corner of a living timetable as the library sees it: some organisations, all they do, and what is left for them.

What a change touches is small, however large the expo: whoever it concerns, those who wait for a time with them, and
the meetings of all these. Everybody else counts only by the places they take.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Q

from fairlink import Expo, Provenance, cells, records, tables
from fairlink.expo import AHEAD, Array, Wanted
from fairlink.meetings import Prices, Timetable, hosts
from fairlink_site import snapshot
from fairlink_site.models import Edition, Meeting, Organisation, Run, Seat, Wish
from fairlink_site.models.wishes import NEVER
from fairlink_site.snapshot.engagements import engagements


@dataclass(frozen=True, eq=False)
class Around:
    """Rows of `expo` and `timetable`, and the keys of what they were made from; 0 where there is nothing yet."""

    expo: Expo
    timetable: Timetable
    organisations: tuple[int, ...]
    slots: tuple[int, ...]
    places: tuple[int, ...]
    interpreters: tuple[int, ...]
    meetings: tuple[int, ...]  # of each wanted row, where it is held
    standby: tuple[int, ...]  # of each wanted row, the one without a time that it is


class Sitting(NamedTuple):
    """A seat, and what its meeting is."""

    meeting: int
    organisation: int
    delegate: int
    gain: int
    slot: int
    host: bool
    place: int
    interpreter: int | None
    weight: int


def around(
    run: Run,
    concerned: Collection[int],
    *,
    standby: bool = False,
    pair: tuple[Organisation, Organisation, int, int] | None = None,
) -> Around:
    """What concerns some organisations, by key; `standby`: with those who wait for a time with them.

    A `pair` with the gains of both is wanted, too, whether or not it is yet. The number of queries does not hang on
    how many they are.
    """
    edition = run.edition
    waiting = list(_waiting(run, concerned)) if standby else []
    whole = {*concerned, *(key for row in waiting for key in row[1:3])}
    held = _held(run, whole)
    keys = {*whole, *(seat.organisation for both in held.values() for seat in both)}
    if pair:
        keys |= {pair[0].pk, pair[1].pk}
    expo, codes = _expo(edition, keys, whole)
    place_keys = dict(edition.places.filter(code__in=expo.places.ids).values_list("code", "pk"))
    speaker_keys = dict(edition.interpreters.values_list("code", "pk"))
    slot_keys = dict(edition.slots.values_list("code", "pk"))
    rows = {codes[code]: row for row, code in enumerate(expo.ids)}
    places = tuple(place_keys[code] for code in expo.places.ids)
    speakers = tuple(speaker_keys[code] for code in expo.interpreters.ids)
    slots = tuple(slot_keys[code] for code in expo.slots.ids)
    expo = replace(
        expo,
        places=replace(expo.places, taken=_taken(run, held, "place", places, slots)),
        interpreters=replace(expo.interpreters, taken=_taken(run, held, "interpreter", speakers, slots)),
        engagements=engagements(edition, expo, keys),
    )
    timetable, meetings, found = _timetable(run, expo, rows, slots, places, speakers, held, waiting, pair)
    organisations = tuple(codes[code] for code in expo.ids)
    return Around(expo, timetable, organisations, slots, places, speakers, meetings, found)


def _waiting(run: Run, concerned: Collection[int]) -> Iterable[tuple[int, int, int, int, int, int]]:
    """Key, parties, gains and weight of the wanted meetings without a time that one of these is in."""
    theirs = Q(first__in=concerned) | Q(second__in=concerned)
    return run.unplaced.filter(theirs).values_list(
        "pk", "first", "second", "gain_first", "gain_second", "weight"
    )


def _held(run: Run, organisations: Collection[int]) -> dict[int, list[Sitting]]:
    """Both seats of every standing meeting that one of these sits in, by the key of the meeting."""
    theirs = Seat.objects.standing().filter(run=run, organisation__in=organisations).values("meeting")
    seats = (
        Seat.objects.standing()
        .filter(meeting__in=theirs)
        .order_by("meeting_id", "organisation_id")
        .values_list(*Sitting._fields[:6], "meeting__place", "meeting__interpreter", "meeting__weight")
    )
    found: dict[int, list[Sitting]] = {}
    for seat in map(Sitting._make, seats):
        found.setdefault(seat.meeting, []).append(seat)
    return {key: both for key, both in found.items() if len(both) == 2}


def _expo(edition: Edition, keys: Collection[int], whole: Collection[int]) -> tuple[Expo, dict[str, int]]:
    """Only what the rules of a timetable look at; and the key of each organisation by its code."""
    blank = cells.blank(tables.ORGANISATIONS)
    fields = ("code", "languages", "delegates", "meeting_cap", "online", "closed", "kind", "country")
    codes: dict[str, int] = {}
    organisations = []
    for row in edition.organisations.filter(pk__in=keys).values("pk", *fields):
        codes[row["code"]] = row["pk"]
        facts = {name: tuple(v) if isinstance(v := row[name], list) else v for name in fields[1:]}
        organisations.append(
            {**blank, "id": row["code"], "name": {"en": row["code"]}, **facts, "role": "exhibitor"}
        )
    shared = edition.places.filter(Q(organisation=None) | Q(organisation__in=keys))
    apart = edition.exclusions.filter(organisation__in=whole, partner__in=whole)
    binding = Q(kind=NEVER) | ~Q(group="")
    binds = Wish.objects.filter(binding, edition=edition, organisation__in=keys, partner__in=keys)
    expo = records.build(
        tables.Records(
            {
                "edition": [snapshot.edition_record(edition)],
                "organisations": organisations,
                "slots": list(snapshot.slot_records(edition)),
                "places": list(snapshot.place_records(shared)),
                "interpreters": list(snapshot.interpreter_records(edition.interpreters.all())),
                "exclusions": list(snapshot.exclusion_records(apart)),
                "wishes": list(snapshot.wish_records(binds)),
            }
        )
    )
    return expo, codes


def _taken(
    run: Run, held: Mapping[int, list[Sitting]], what: str, keys: tuple[int, ...], slots: tuple[int, ...]
) -> Array:
    """int32 (places or interpreters, slots): meetings of everybody else, which are all but those that are `held`."""
    taken = np.zeros((len(keys), len(slots)), dtype=np.int32)
    if not keys:
        return taken
    row, column = ({key: number for number, key in enumerate(some)} for some in (keys, slots))
    every = Meeting.objects.standing().filter(run=run).order_by().values_list(what, "slot")
    for (one, slot), number in Counter(every).items():
        if one in row:
            taken[row[one], column[slot]] = number
    for first, *_ in held.values():
        one = getattr(first, what)
        if one in row:
            taken[row[one], column[first.slot]] -= 1
    return taken


def _timetable(
    run: Run,
    expo: Expo,
    rows: Mapping[int, int],
    slots: tuple[int, ...],
    places: tuple[int, ...],
    speakers: tuple[int, ...],
    held: Mapping[int, list[Sitting]],
    waiting: Iterable[tuple[int, int, int, int, int, int]],
    pair: tuple[Organisation, Organisation, int, int] | None,
) -> tuple[Timetable, tuple[int, ...], tuple[int, ...]]:
    slot_row, place_row, speaker_row = (
        {key: number for number, key in enumerate(keys)} for keys in (slots, places, speakers)
    )
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for key, seats in held.items():
        first, second = sorted(seats, key=lambda seat: rows[seat.organisation])
        found[rows[first.organisation], rows[second.organisation]] = {
            "meeting": key,
            "gains": (first.gain, second.gain),
            "weight": first.weight,
            "slot": slot_row[first.slot],
            "place": place_row.get(first.place, -1),
            "interpreter": speaker_row.get(first.interpreter or 0, -1),
            "delegates": {rows[seat.organisation]: seat.delegate for seat in seats},
        }
    for key, one, other, gain_one, gain_other, weight in waiting:
        both, gains = _in_order((rows[one], gain_one), (rows[other], gain_other))
        found.setdefault(both, {"standby": key, "gains": gains, "weight": weight})
    if pair:
        both, gains = _in_order((rows[pair[0].pk], pair[2]), (rows[pair[1].pk], pair[3]))
        found.setdefault(both, {"gains": gains, "weight": 0})
    ordered = sorted(found.items())

    def column(pick: Any) -> Array:
        return np.array([pick(facts) for _, facts in ordered], dtype=np.int32)

    wanted = Wanted(
        first=np.array([both[0] for both, _ in ordered], dtype=np.int32),
        second=np.array([both[1] for both, _ in ordered], dtype=np.int32),
        gain_first=column(lambda facts: facts["gains"][0]),
        gain_second=column(lambda facts: facts["gains"][1]),
        ahead=np.array([facts["weight"] >= AHEAD for _, facts in ordered], dtype=bool),
    )
    # Who is host follows from what is wanted and from booths as they are now, held or not.
    host, guest = (party.astype(np.int32) for party in hosts(expo, wanted))

    def sent(parties: Array) -> Array:
        """int32 (wanted,): the delegate of each party, −1 where the meeting is not held."""
        pairs = zip(ordered, parties.tolist(), strict=True)
        return np.array(
            [facts.get("delegates", {}).get(party, -1) for (_, facts), party in pairs], dtype=np.int32
        )

    timetable = Timetable(
        wanted=wanted,
        slot=column(lambda facts: facts.get("slot", -1)),
        place=column(lambda facts: facts.get("place", -1)),
        host=host,
        guest=guest,
        host_delegate=sent(host),
        guest_delegate=sent(guest),
        interpreter=column(lambda facts: facts.get("interpreter", -1)),
        bonus=0,
        upper_bound=int(run.measures.get("upper_bound", 0)),
        prices=Prices(
            np.zeros(len(rows)), np.zeros((2, len(slots))), np.zeros(len(ordered)), np.zeros(len(ordered))
        ),
        provenance=Provenance(run.version, run.seed, run.parameters, run.fingerprint),
    )
    return (
        timetable,
        tuple(facts.get("meeting", 0) for _, facts in ordered),
        tuple(facts.get("standby", 0) for _, facts in ordered),
    )


def _in_order(one: tuple[int, int], other: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Rows and gains of two organisations, the lower row first."""
    (first, gain_first), (second, gain_second) = sorted((one, other))
    return (first, second), (gain_first, gain_second)
