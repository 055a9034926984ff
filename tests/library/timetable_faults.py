"""A second, slower statement of every meeting rule, from the nouns alone: it shares no code with the library."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from fairlink.expo import PLACE_KINDS, WISH_KINDS, Expo
from fairlink.meetings import Timetable


def faults(expo: Expo, timetable: Timetable) -> list[str]:
    """What is wrong with a timetable, [] where nothing is."""
    held = [row for row in range(len(timetable.slot)) if timetable.slot[row] >= 0]
    found = [fault for row in range(len(timetable.slot)) for fault in _of_meeting(expo, timetable, row)]
    seats = [seat for row in held for seat in _seats(timetable, row)]
    found += [f"in two places: {seat}" for seat, times in Counter(seats).items() if times > 1]
    found += _of_organisations(expo, seats)
    found += _of_runs(expo, seats)
    rooms = Counter((int(timetable.place[row]), int(timetable.slot[row])) for row in held)
    taken = expo.places.taken
    found += [f"crowded: {r}" for r, times in rooms.items() if times + taken[r] > _room(expo, r[0])]
    found += _of_languages(expo, timetable, held)
    found += _of_groups(expo, timetable, held)
    away = expo.engagements
    found += [
        f"engaged: {one}"
        for one in zip(away.organisation.tolist(), away.delegate.tolist(), away.slot.tolist(), strict=True)
        if one in set(seats)
    ]
    return found


def _seats(timetable: Timetable, row: int) -> Iterator[tuple[int, int, int]]:
    slot = int(timetable.slot[row])
    yield int(timetable.host[row]), int(timetable.host_delegate[row]), slot
    yield int(timetable.guest[row]), int(timetable.guest_delegate[row]), slot


def _of_meeting(expo: Expo, timetable: Timetable, row: int) -> Iterator[str]:
    wanted, people = timetable.wanted, expo.organisations
    pair = {int(wanted.first[row]), int(wanted.second[row])}
    host, guest = int(timetable.host[row]), int(timetable.guest[row])
    if {host, guest} != pair:
        yield f"{row}: other parties"
    if timetable.slot[row] < 0:
        if {timetable.place[row], timetable.host_delegate[row], timetable.guest_delegate[row]} != {-1}:
            yield f"{row}: not held and yet somewhere"
        return
    slot = int(timetable.slot[row])
    if wanted.gain_first[row] * wanted.gain_second[row] == 0:
        yield f"{row}: no gain"
    for one, partner, kind in zip(
        expo.wishes.organisation, expo.wishes.partner, expo.wishes.kind, strict=True
    ):
        if {int(one), int(partner)} == pair and WISH_KINDS[kind] == "never":
            yield f"{row}: never"
    for party, delegate in ((host, timetable.host_delegate[row]), (guest, timetable.guest_delegate[row])):
        if not people.available[party, slot]:
            yield f"{row}: {party} is away"
        if not 0 <= delegate < people.delegates[party]:
            yield f"{row}: {party} has no delegate {delegate}"
    yield from _of_place(expo, timetable, row, host, guest)


def _of_place(expo: Expo, timetable: Timetable, row: int, host: int, guest: int) -> Iterator[str]:
    places, people, place = expo.places, expo.organisations, int(timetable.place[row])
    if place < 0:
        yield f"{row}: nowhere"
        return
    if not places.open[place, timetable.slot[row]]:
        yield f"{row}: closed"
    kind, owner = PLACE_KINDS[places.kind[place]], int(places.organisation[place])
    booths = {
        int(o) for o, k in zip(places.organisation, places.kind, strict=True) if PLACE_KINDS[k] == "booth"
    }
    if people.online[host] or people.online[guest]:
        if kind != "online":
            yield f"{row}: {kind} instead of online"
    elif booths & {host, guest}:
        if kind != "booth" or owner != host:
            yield f"{row}: not at the booth of the host"
    elif kind not in ("table", "room"):
        yield f"{row}: {kind} instead of a table"


def _of_organisations(expo: Expo, seats: list[tuple[int, int, int]]) -> Iterator[str]:
    rules, people = expo.edition.rules, expo.organisations
    for party, times in Counter(party for party, _, _ in seats).items():
        cap = people.meeting_cap[party] if people.meeting_cap[party] >= 0 else rules.meeting_cap
        if times > cap:
            yield f"{party}: {times} meetings"
    for (party, day), times in Counter(
        (party, int(expo.slots.day[slot])) for party, _, slot in seats
    ).items():
        if rules.daily_cap and times > rules.daily_cap:
            yield f"{party}: {times} meetings on day {day}"


def _of_runs(expo: Expo, seats: list[tuple[int, int, int]]) -> Iterator[str]:
    longest = expo.edition.rules.longest_run
    times = defaultdict(set)
    for party, delegate, slot in seats:
        times[party, delegate, int(expo.slots.day[slot])].add(int(expo.slots.number[slot]))
    for who, numbers in times.items():
        if longest and any(set(range(one, one + longest + 1)) <= numbers for one in numbers):
            yield f"{who}: no break"


def _of_groups(expo: Expo, timetable: Timetable, held: list[int]) -> Iterator[str]:
    """Of a group of wishes no more are held than were to be chosen."""
    wanted = timetable.wanted
    pairs = {(int(wanted.first[row]), int(wanted.second[row])) for row in held}
    count, most = Counter[int](), dict[int, int]()
    for one, partner, group, choose in zip(
        *(expo.wishes.organisation, expo.wishes.partner, expo.wishes.group, expo.wishes.choose), strict=True
    ):
        if group >= 0:
            most[int(group)] = int(choose)
            count[int(group)] += (min(one, partner), max(one, partner)) in pairs
    yield from (f"group {group}: {times} held" for group, times in count.items() if times > most[group])


def _of_languages(expo: Expo, timetable: Timetable, held: list[int]) -> Iterator[str]:
    """Whoever shares no language has an interpreter who speaks one of each, and none of them sits twice."""
    helpers = expo.interpreters
    if not helpers.ids:
        return
    sits: Counter[tuple[int, int]] = Counter()
    for row in held:
        first, second = (
            {one.split("-")[0] for one in expo.organisations.languages[party[row]]}
            for party in (timetable.wanted.first, timetable.wanted.second)
        )
        who, slot = int(timetable.interpreter[row]), int(timetable.slot[row])
        if not first or not second or first & second:
            if who != -1:
                yield f"{row}: an interpreter for nothing"
            continue
        if who < 0:
            yield f"{row}: no interpreter"
            continue
        speaks = {one.split("-")[0] for one in helpers.languages[who]}
        if not (speaks & first and speaks & second):
            yield f"{row}: interpreter {who} does not speak their languages"
        if not helpers.available[who, slot]:
            yield f"{row}: interpreter {who} is not there"
        sits[who, slot] += 1
    yield from (f"interpreter twice: {one}" for one, n in sits.items() if n > helpers.number[one[0]])


def _room(expo: Expo, place: int) -> int:
    capacity, owner = int(expo.places.capacity[place]), int(expo.places.organisation[place])
    at_booth = PLACE_KINDS[expo.places.kind[place]] == "booth"
    return max(capacity, int(expo.organisations.delegates[owner])) if at_booth else capacity
