"""The programme: forums, matchmaking sessions, roadshows, signings, launches and training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import count
from typing import TypeAlias

from samples.generator.chance import Chance
from samples.generator.edition import DAYS
from samples.generator.organisations import HOME
from samples.generator.sources import Text, countries, nodes, parts, rows, text
from samples.generator.writing import Row

PARTICIPATIONS = 15_200
OPENS, CLOSES, LAST_CLOSES = time(9, 30), time(17, 30), time(12, 30)
PAUSE = timedelta(minutes=30)

Subject: TypeAlias = tuple[str, dict[str, str]]  # chain, name


def draw_activities(seed: int) -> list[Row]:
    """In the numbers of programme.csv, in order of time; no hall is given twice at once."""
    chance = Chance(seed, "activities")
    drawn = [row for kind in rows("programme") for row in _of_kind(chance, kind)]
    drawn.sort(key=lambda row: (row["day"], row["start"], row["kind"], row["hall"]))
    attendance = fitted([row["attended"] for row in drawn], [row["capacity"] for row in drawn])
    return [
        {"id": f"ac{number:03}"} | row | {"attended": attended}
        for number, (row, attended) in enumerate(zip(drawn, attendance, strict=True), start=1)
    ]


def _of_kind(chance: Chance, kind: Mapping[str, str]) -> Iterator[Row]:
    minutes = timedelta(minutes=int(kind["minutes"]))
    seats = [(start, hall) for start in _starts(minutes) for hall in parts(kind["halls"])]
    subjects = _subjects(chance, kind["kind"])
    used: set[str] = set()
    # The first and the last seat are always taken: the programme opens and closes with a forum.
    between = chance.some(seats[1:-1], int(kind["count"]) - 2)
    for start, hall in sorted([seats[0], *between, seats[-1]]):
        chain, name = next(subject for subject in subjects if subject[1]["en"] not in used)
        used.add(name["en"])
        capacity = int(chance.one(parts(kind["capacities"])))
        filled = chance.between(int(kind["least_filled"]), int(kind["most_filled"]))
        yield {
            "kind": kind["kind"],
            "name": name,
            "day": start.date(),
            "start": f"{start:%H:%M}",
            "end": f"{start + minutes:%H:%M}",
            "hall": hall,
            "chain": chain,
            "capacity": capacity,
            "attended": capacity * filled // 100,
        }


def _starts(minutes: timedelta) -> Iterator[datetime]:
    for day in DAYS:
        start = datetime.combine(day, OPENS)
        closes = datetime.combine(day, LAST_CLOSES if day == DAYS[-1] else CLOSES)
        while start + minutes <= closes:
            yield start
            start += minutes + PAUSE


def _subjects(chance: Chance, kind: str) -> Iterator[Subject]:
    """Chain and name: forums as written, signings chain by chain, everything else drawn without end."""
    patterns = [row for row in rows("activities") if row["kind"] == kind]
    if kind == "forum":
        return ((row["chain"], text(row)) for row in patterns)
    if kind == "signing":
        return _signings(text(patterns[0]))
    return (_drawn(chance, kind, text(chance.one(patterns))) for _ in count())


def _signings(pattern: Text) -> Iterator[Subject]:
    for number in count(1):
        session = dict.fromkeys(pattern, str(number))
        for row in rows("chains"):
            yield row["chain"], _filled(pattern, chain=text(row, "name"), number=session)


def _drawn(chance: Chance, kind: str, pattern: Text) -> Subject:
    node = nodes()[chance.one(list(nodes()))]
    country = chance.one([country for country in countries().values() if country.code != HOME])
    province = text(chance.one(rows("cities")), "province")
    name = _filled(pattern, node=node.name, country=country.name, province=province)
    return "" if kind == "roadshow" else node.chain, name


def _filled(pattern: Text, **words: Text) -> dict[str, str]:
    return {
        language: said.format(**{word: names[language] for word, names in words.items()})
        for language, said in pattern.items()
    }


def fitted(attended: Sequence[int], capacity: Sequence[int]) -> list[int]:
    """The same attendance, brought to the participations of the edition without overfilling a hall."""
    total = sum(attended)
    scaled = [min(most, one * PARTICIPATIONS // total) for one, most in zip(attended, capacity, strict=True)]
    missing = PARTICIPATIONS - sum(scaled)
    while missing:
        free = [k for k, most in enumerate(capacity) if scaled[k] < most][:missing]
        for k in free:
            scaled[k] += 1
        missing -= len(free)
    return scaled
