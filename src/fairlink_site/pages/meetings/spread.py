"""How the meetings of a timetable are spread: over organisations, small firms, halls; and why others have no time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairlink import vocabulary
from fairlink.expo import SMALL
from fairlink_site import wording
from fairlink_site.models import Edition, Meeting, Organisation, Run, Seat, Slot, UnplacedMeeting

BARS = 24  # of the histogram, at the most
NOON = 12
SPEAKER = "add_interpreter"  # a remedy that is told by the two languages
REMEDIES = {
    "add_table": gettext_lazy("more places of the kind {kind}"),
    "add_interpreter": gettext_lazy("one more interpreter for {languages}"),
    "choose_more": gettext_lazy("one more of a group of wishes"),
    "add_place": gettext_lazy("places of the kind {kind}"),
    "open_place": gettext_lazy("stands that are open at more times"),
    "open_slot": gettext_lazy("both being there at the same time"),
    "add_slot": gettext_lazy("times for meetings"),
    "raise_cap": gettext_lazy("one more meeting allowed to them"),
    "raise_daily_cap": gettext_lazy("one more meeting a day allowed to them"),
    "lengthen_run": gettext_lazy("one more meeting without a break"),
    "swap": gettext_lazy("other meetings of theirs giving way"),
    "several": gettext_lazy("several changes at once"),
    "withdraw_never": gettext_lazy("somebody taking back “never”"),
    "lift_exclusion": gettext_lazy("your no longer keeping them apart"),
    "raise_gain": gettext_lazy("offers and needs that fit each other better"),
}


class Bar(NamedTuple):
    """Organisations with `first` to `last` meetings; `share` of the longest bar, in percent."""

    first: int
    last: int
    organisations: int
    small: int
    share: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Over the organisations that meet somebody or wished to; `idle`: free times between two meetings of a day."""

    bars: tuple[Bar, ...]
    average: float
    of_small: float  # meetings per small firm
    small: int
    alone: tuple[int, ...]  # keys of those without a meeting
    idle: int
    days: int  # on which a delegate sits in meetings, over all delegates


def spread(edition: Edition, run: Run) -> Spread:
    """A constant number of queries, and of each organisation one row."""
    held, idle, days = _diaries(edition, run)
    waiting = UnplacedMeeting.objects.filter(run=run).order_by()
    wished = {one for side in ("first", "second") for (one,) in waiting.values_list(side).distinct()}
    sizes = dict(edition.organisations.order_by().values_list("pk", "size"))
    number = {one: held.get(one, 0) for one in sorted(held.keys() | wished)}
    few = [count for one, count in number.items() if sizes.get(one) in SMALL]
    return Spread(
        bars=tuple(_bars(number, sizes)),
        average=sum(number.values()) / max(len(number), 1),
        of_small=sum(few) / max(len(few), 1),
        small=len(few),
        alone=tuple(one for one, count in number.items() if not count),
        idle=idle,
        days=days,
    )


def _diaries(edition: Edition, run: Run) -> tuple[dict[int, int], int, int]:
    """Meetings of each organisation; free times between meetings; days with meetings, of every delegate.

    A delegate's diary is a number with a bit for each slot: tens of thousands of seats are read for one page.
    """
    bits: dict[int, int] = {}
    days: defaultdict[Any, int] = defaultdict(int)
    for order, (key, day) in enumerate(edition.slots.values_list("pk", "day")):
        bits[key] = 1 << order
        days[day] |= bits[key]
    diaries: defaultdict[tuple[int, int], int] = defaultdict(int)
    seats = Seat.objects.standing().filter(run=run).order_by()
    for organisation, delegate, slot in seats.values_list("organisation", "delegate", "slot"):
        diaries[organisation, delegate] |= bits[slot]
    held: Counter[int] = Counter()
    for (organisation, _delegate), diary in diaries.items():
        held[organisation] += diary.bit_count()
    daily = [times for diary in diaries.values() for day in days.values() if (times := diary & day)]
    idle = sum(times.bit_length() - _first(times) - times.bit_count() for times in daily)
    return held, idle, len(daily)


def _first(times: int) -> int:
    """The place of the lowest bit."""
    return (times & -times).bit_length() - 1


def _bars(number: Mapping[int, int], sizes: Mapping[int, str]) -> Iterator[Bar]:
    if not number:
        return
    width = max(number.values()) // BARS + 1
    every = Counter(_bar(count, width) for count in number.values())
    few = Counter(_bar(count, width) for one, count in number.items() if sizes.get(one) in SMALL)
    for bar in range(max(every) + 1):
        share = 100 * every[bar] / max(every.values())
        last = bar * width
        yield Bar(max(last - width + 1, 0), last, every[bar], few[bar], share)


def _bar(count: int, width: int) -> int:
    """None is a bar of its own."""
    return -(-count // width)


def halls(run: Run) -> list[tuple[str, int]]:
    """Meetings in each hall."""
    rows = Meeting.objects.standing().filter(run=run).order_by().values_list("place__hall")
    return sorted(rows.annotate(n=Count("pk")), key=lambda one: (-one[1], one[0]))


class Lack(NamedTuple):
    """So many wanted meetings without a time for one reason, which the same change would admit."""

    number: int
    reason: list[Any]  # code and what its words need
    remedy: list[Any]
    when: tuple[Any, bool] | None  # a day, and whether before noon


def lacks(edition: Edition, run: Run) -> list[Lack]:
    """Wanted meetings without a time, by rule, change and half day, the most first."""
    slots: dict[str, Slot] = {slot.code: slot for slot in edition.slots.all()}
    rows = UnplacedMeeting.objects.filter(run=run).order_by()
    found: Counter[tuple[str, str, str, tuple[Any, bool] | None]] = Counter()

    def count(reason: str, remedy: str, what: str, code: str | None, number: int) -> None:
        slot = slots.get(code or "")
        when = (slot.day, slot.start.hour < NOON) if slot and remedy in OF_TIMES else None
        found[reason, remedy, what, when] += number

    counted = rows.values_list("rule", "change", "kind", "at")
    for reason, remedy, kind, code, number in counted.annotate(n=Count("*")):
        if remedy != SPEAKER:
            count(reason, remedy, kind or "", code, number)
    for reason, languages, code in rows.filter(change=SPEAKER).values_list(
        "rule", "remedy__1__languages", "at"
    ):
        count(reason, SPEAKER, "|".join(sorted(languages)), code, 1)
    return [
        Lack(number, [reason, {}], [remedy, {"languages" if remedy == SPEAKER else "kind": what}], when)
        for (reason, remedy, what, when), number in found.most_common()
    ]


def told(lack: Lack) -> tuple[int, str, str, str]:
    """How many, why, what would help, and when."""
    kind, pair = lack.remedy[1].get("kind"), lack.remedy[1].get("languages", "").split("|")
    return (
        lack.number,
        wording.say("objections", f"short.{lack.reason[0]}"),
        str(REMEDIES[lack.remedy[0]]).format(
            kind=wording.say("choices", kind) if kind else "",
            languages="–".join(vocabulary.language(one, wording.language()) for one in pair if one),
        ),
        _half_day(*lack.when) if lack.when else "",
    )


def _half_day(day: Any, morning: bool) -> str:  # noqa: FBT001  it is half of the name
    said = _("{day}, before noon") if morning else _("{day}, after noon")
    return said.format(day=date_format(day, "MONTH_DAY_FORMAT"))


OF_TIMES = (
    "add_table",
    "add_interpreter",
    "open_place",
)  # changes that are made for some hours, for everybody


def alone(edition: Edition, run: Run, keys: tuple[int, ...]) -> list[tuple[Organisation, list[Any]]]:
    """Organisations without a meeting, each with the reason of the best one that it wanted."""
    organisations = edition.organisations.in_bulk(keys)
    best: dict[int, list[Any]] = {}
    rows = UnplacedMeeting.objects.filter(run=run)
    for side in ("first", "second"):
        for key, reason in rows.filter(**{f"{side}__in": keys}).values_list(side, "reason"):
            best.setdefault(key, reason)
    return [(organisations[key], best[key]) for key in keys if key in organisations and key in best]
