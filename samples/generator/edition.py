"""The frame of the expo: its edition, chain map, slots, places and rates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from samples.generator.organisations import Organisation
from samples.generator.sources import nodes, rows, text
from samples.generator.writing import Row

START = date(2023, 11, 28)
DAYS = tuple(START + timedelta(days=day) for day in range(5))
# 150 bn yuan were reported as 21.19 bn dollars.
RATES = {"USD": Decimal("7.0788"), "EUR": Decimal("7.7246")}
MORNING = (time(9, 30), 5)  # first slot, number of slots
AFTERNOON = (time(13, 30), 7)
SLOT = timedelta(minutes=30)
TABLES, ROOMS, ONLINE = 48, 2, 60
MEETING_HALL = "E2"
NOTE = {
    "en": (
        "A sample. All organisations, people, products and agreements are invented and were drawn with a "
        "fixed seed from real code lists and real who-buys-what proportions, in the size and shape of the "
        "first expo of 2023. Any likeness to a real firm is chance."
    ),
    "zh-Hans": (
        "本届为示例。所有机构、人员、产品与协议均为虚构，按固定随机种子，依据真实的商品与服务编码和真实的"
        "采购比例生成，规模与结构参照2023年首届博览会。如与真实企业雷同，纯属巧合。"
    ),
}


def edition() -> Row:
    return {
        "id": "first-expo",
        "name": {"en": "First Supply Chain Expo (sample)", "zh-Hans": "首届供应链博览会（示例）"},
        "host_country": "CN",
        "city": {"en": "Beijing", "zh-Hans": "北京"},
        "time_zone": "Asia/Shanghai",
        "start": DAYS[0],
        "end": DAYS[-1],
        "languages": ("en", "zh-Hans"),
        "currency": "CNY",
        "second_currency": "USD",
        "rate": RATES["USD"],
        "rate_date": DAYS[-1],
        "sample": True,
        "note": NOTE,
        "list_length": 20,
        "win_win": 5,
        "meeting_cap": 12,
        "daily_cap": 0,
        "longest_run": 4,
        "objective": "fair",
        "phase": "matching",
        "groups": ("LDC", "LLDC", "SIDS"),
    }


def rates() -> list[Row]:
    return [{"currency": currency, "rate": rate, "date": DAYS[-1]} for currency, rate in RATES.items()]


def chain() -> list[Row]:
    chain_names = {row["chain"]: text(row, "name") for row in rows("chains")}
    return [
        {
            "chain": node.chain,
            "chain_name": chain_names[node.chain],
            "node": node.id,
            "name": node.name,
            "stage": node.stage,
            "codes": node.codes,
            "essential": node.essential,
            "feeds": node.feeds,
        }
        for node in nodes().values()
    ]


def slots() -> list[Row]:
    """Mornings and afternoons; the last day has a morning only."""
    found = []
    for number, day in enumerate(DAYS, start=1):
        halves = (MORNING,) if day == DAYS[-1] else (MORNING, AFTERNOON)
        starts = [start for first, count in halves for start in _starts(day, first, count)]
        found += [
            {"id": f"d{number}-{k:02}", "day": day, "start": f"{start:%H:%M}", "end": f"{start + SLOT:%H:%M}"}
            for k, start in enumerate(starts, start=1)
        ]
    return found


def _starts(day: date, first: time, count: int) -> Iterator[datetime]:
    return (datetime.combine(day, first) + k * SLOT for k in range(count))


def places(organisations: Sequence[Organisation]) -> list[Row]:
    """A booth for each exhibitor in the hall of its chain; tables, rooms and one online place for all."""
    return [
        *_booths(organisations),
        *(_shared("table", k, {"en": f"Table {k}", "zh-Hans": f"{k}号桌"}) for k in range(1, TABLES + 1)),
        *(_shared("room", k, {"en": f"Room {k}", "zh-Hans": f"{k}号洽谈室"}) for k in range(1, ROOMS + 1)),
        _shared("online", 1, {"en": "Online", "zh-Hans": "线上"}) | {"hall": "", "capacity": ONLINE},
    ]


def _booths(organisations: Sequence[Organisation]) -> list[Row]:
    halls = {row["chain"]: row["hall"] for row in rows("chains")}
    built = dict.fromkeys(halls.values(), 0)
    booths = []
    for organisation in organisations:
        if organisation.role != "exhibitor":
            continue
        hall = halls[nodes()[organisation.nodes[0]].chain]
        built[hall] += 1
        booths.append(
            {
                "id": f"{hall.lower()}-{built[hall]:03}",
                "kind": "booth",
                "hall": hall,
                "name": {},
                "organisation": organisation.id,
                "capacity": organisation.delegates,
            }
        )
    return booths


def _shared(kind: str, number: int, name: dict[str, str]) -> Row:
    return {"id": f"{kind}-{number:02}", "kind": kind, "hall": MEETING_HALL, "name": name, "capacity": 1}
