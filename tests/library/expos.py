"""Small expos straight from the nouns: drawn by hand or by a seed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from fairlink.expo import (
    PLACE_KINDS,
    WISH_KINDS,
    Array,
    Chain,
    Edition,
    Expo,
    Interpreters,
    Listings,
    Organisations,
    Places,
    Rules,
    Slots,
    Wanted,
    Wishes,
)

START = datetime(2026, 9, 1, 9, tzinfo=UTC)
Place = tuple[str, int, int]  # kind, row of its organisation or −1, capacity
Speaker = tuple[tuple[str, ...], int]  # languages, for how many interpreters the row stands


def make_expo(  # noqa: PLR0913  every knob of a timetable
    ids: Sequence[str],
    *,
    days: int = 1,
    slots: int = 2,
    places: Sequence[Place] = (("table", -1, 9),),
    closed: Iterable[tuple[int, int]] = (),
    away: Iterable[tuple[int, int]] = (),
    delegates: Sequence[int] | int = 1,
    caps: Sequence[int] | int = -1,
    online: Iterable[int] = (),
    never: Iterable[tuple[int, int]] = (),
    languages: Sequence[tuple[str, ...]] | None = None,
    interpreters: Sequence[Speaker] = (),
    off_duty: Iterable[tuple[int, int]] = (),
    rules: Rules = Rules(),  # noqa: B008  frozen
) -> Expo:
    """An expo with `slots` a day. Pairs of `closed` are (place, slot), of `away` (organisation, slot).

    Those of `off_duty` are (interpreter, slot).
    """
    number = days * slots
    opened, available, duty = (
        np.ones((rows, number), dtype=bool) for rows in (len(places), len(ids), len(interpreters))
    )
    for shut, pairs in ((opened, closed), (available, away), (duty, off_duty)):
        for row, slot in pairs:
            shut[row, slot] = False
    return Expo(
        edition=_edition(days, rules),
        chain=_no_chain(),
        organisations=_organisations(ids, delegates, caps, set(online), available, languages),
        offers=_no_listings(),
        needs=_no_listings(),
        slots=_slots(days, slots),
        places=_places(places, opened),
        wishes=_wishes(list(never)),
        interpreters=Interpreters(
            ids=tuple(f"i{row:03d}" for row in range(len(interpreters))),
            names=({},) * len(interpreters),
            languages=tuple(one for one, _ in interpreters),
            number=np.array([many for _, many in interpreters], dtype=np.int64),
            available=duty,
        ),
    )


def draw_expo(
    organisations: int,
    *,
    days: int = 2,
    slots: int = 4,
    booths: int = 2,
    tables: int = 2,
    seed: int = 0,
    delegates: int = 2,
    rules: Rules = Rules(),  # noqa: B008  frozen
) -> Expo:
    """An expo by lot: some booths, tables, an online room; some away, online, capped, or never to meet."""
    chance = np.random.default_rng(seed)
    owners = chance.permutation(organisations)[:booths]
    places: list[Place] = [("booth", int(owner), int(chance.integers(1, 3))) for owner in owners]
    places += [(("table", "room")[i % 2], -1, int(chance.integers(1, 3))) for i in range(tables)]
    places += [("online", -1, 2)]
    never = chance.integers(0, max(organisations, 1), (organisations // 4, 2))
    return make_expo(
        [f"o{i:05d}" for i in chance.permutation(organisations)],
        days=days,
        slots=slots,
        places=places,
        closed=_some(chance, len(places), days * slots, 0.1),
        away=_some(chance, organisations, days * slots, 0.2),
        delegates=chance.integers(1, delegates + 1, organisations).tolist(),
        caps=chance.choice([-1, -1, 1, 2, 4], organisations).tolist(),
        online=np.flatnonzero(chance.random(organisations) < 0.15).tolist(),
        never=[(int(one), int(other)) for one, other in never if one != other],
        rules=rules,
    )


def draw_tongues(expo: Expo, *, seed: int = 0, share: float = 0.25) -> Expo:
    """The expo in which some speak no language in common, with a few interpreters, some of them off duty."""
    chance, slots = np.random.default_rng(seed), len(expo.slots.ids)
    tongues = np.array(["en", "zh-Hans", "lo", "fr"])
    languages = [
        tuple(tongues[chance.permutation(4)[: chance.choice([0, 1, 1, 1, 2])]].tolist()) for _ in expo.ids
    ]
    spoken = [("en", "zh"), ("lo", "zh"), ("fr", "en", "lo"), ("fr", "zh-Hant"), ("en", "lo")]
    rows = chance.permutation(len(spoken))
    return replace(
        expo,
        organisations=replace(expo.organisations, languages=tuple(languages)),
        interpreters=Interpreters(
            ids=tuple(f"i{row}" for row in rows),
            names=({},) * len(rows),
            languages=tuple(spoken[row] for row in rows),
            number=chance.choice([1, 1, 2], len(rows)),
            available=chance.random((len(rows), slots)) >= share,
        ),
    )


def draw_wanted(expo: Expo, meetings: int, *, seed: int = 0) -> Wanted:
    """At most that many different pairs by lot, with gains from 0 to 100 to each side."""
    chance, organisations = np.random.default_rng(seed), len(expo.ids)
    first, second = np.triu_indices(organisations, 1)
    some = np.sort(chance.permutation(len(first))[:meetings])
    gains = chance.integers(0, 101, (2, len(some)))
    return Wanted(first[some], second[some], gains[0], gains[1], np.zeros(len(some), dtype=bool))


def make_wanted(*meetings: tuple[int, int, int, int]) -> Wanted:
    """Wanted meetings from (first, second, gain_first, gain_second)."""
    columns = np.array(meetings, dtype=np.int64).reshape(-1, 4).T.copy()
    return Wanted(*columns, np.zeros(len(meetings), dtype=bool))


def reorder(expo: Expo, wanted: Wanted, *, seed: int) -> tuple[Expo, Wanted]:
    """The same expo and wanted meetings with organisations and meetings in other rows."""
    chance = np.random.default_rng(seed)
    order = chance.permutation(len(expo.ids))
    rank = np.argsort(order)
    nouns = {
        name: _reordered(getattr(expo, name), order, rank)
        for name in ("organisations", "places", "wishes", "engagements")
    }
    rows = chance.permutation(len(wanted.first))
    one, other = rank[wanted.first[rows]], rank[wanted.second[rows]]
    gains = np.stack((wanted.gain_first[rows], wanted.gain_second[rows]))
    gains = np.where(one < other, gains, gains[::-1])
    ahead = wanted.ahead[rows]
    return replace(expo, **nouns), Wanted(np.minimum(one, other), np.maximum(one, other), *gains, ahead)


def _reordered(noun: Any, order: Array, rank: Array) -> Any:
    changed = {}
    for field in fields(noun):
        value, meta = getattr(noun, field.name), field.metadata
        if meta["axes"][0] == "organisations":
            value = value[order] if isinstance(value, np.ndarray) else tuple(value[i] for i in order)
        if meta.get("refers") == "organisations":
            value = np.where(value < 0, -1, rank[value])
        changed[field.name] = value
    return replace(noun, **changed)


def _some(chance: np.random.Generator, rows: int, columns: int, share: float) -> list[tuple[int, int]]:
    return [(int(row), int(column)) for row, column in np.argwhere(chance.random((rows, columns)) < share)]


def _edition(days: int, rules: Rules) -> Edition:
    return Edition(
        id="small",
        name={"en": "Small expo"},
        host_country="CN",
        city={"en": "Beijing"},
        time_zone="UTC",
        start=date(2026, 9, 1),
        end=date(2026, 9, 1) + timedelta(days=max(days - 1, 0)),
        languages=("en",),
        currency="CNY",
        rules=rules,
    )


def _no_chain() -> Chain:
    none = np.zeros(0, dtype=np.int64)
    return Chain((), (), (), (), none, none, none.astype(bool), (), np.zeros((0, 2), dtype=np.int64))


def _no_listings() -> Listings:
    none = np.zeros(0, dtype=np.int64)
    return Listings((), none, none, (), (), (), none, (), (), (), (), ())


def _organisations(
    ids: Sequence[str],
    delegates: Sequence[int] | int,
    caps: Sequence[int] | int,
    online: set[int],
    available: Array,
    languages: Sequence[tuple[str, ...]] | None,
) -> Organisations:
    rows = len(ids)
    return Organisations(
        ids=tuple(ids),
        names=tuple({"en": one} for one in ids),
        kind=np.zeros(rows, dtype=np.int64),
        size=np.full(rows, -1),
        role=np.zeros(rows, dtype=np.int64),
        country=("CN",) * rows,
        nodes=((),) * rows,
        languages=(("en",),) * rows if languages is None else tuple(languages),
        markets=((),) * rows,
        certificates=((),) * rows,
        delegates=np.broadcast_to(np.array(delegates, dtype=np.int64), rows).copy(),
        meeting_cap=np.broadcast_to(np.array(caps, dtype=np.int64), rows).copy(),
        online=np.array([row in online for row in range(rows)], dtype=bool),
        available=available,
    )


def _slots(days: int, slots: int) -> Slots:
    day, number = np.divmod(np.arange(days * slots), max(slots, 1))
    start = [START + timedelta(days=int(d), minutes=30 * int(n)) for d, n in zip(day, number, strict=True)]
    return Slots(
        ids=tuple(f"d{d + 1}s{n + 1:02d}" for d, n in zip(day, number, strict=True)),
        start=tuple(start),
        end=tuple(one + timedelta(minutes=30) for one in start),
        day=day,
        number=number + 1,
    )


def _places(places: Sequence[Place], opened: Array) -> Places:
    kinds, owners, capacities = zip(*places, strict=True) if places else ((), (), ())
    return Places(
        ids=tuple(f"p{row:03d}" for row in range(len(places))),
        names=({},) * len(places),
        kind=np.array([PLACE_KINDS.index(kind) for kind in kinds], dtype=np.int64),
        hall=("A",) * len(places),
        organisation=np.array(owners, dtype=np.int64),
        capacity=np.array(capacities, dtype=np.int64),
        open=opened,
    )


def _wishes(never: Sequence[tuple[int, int]]) -> Wishes:
    pairs = np.array(never, dtype=np.int64).reshape(-1, 2)
    kind = np.full(len(pairs), WISH_KINDS.index("never"))
    return Wishes(pairs[:, 0].copy(), pairs[:, 1].copy(), kind, np.full(len(pairs), -1))
