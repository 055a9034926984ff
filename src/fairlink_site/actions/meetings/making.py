"""Make a timetable of an edition: a proposal, until somebody publishes it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import transaction

import fairlink
from fairlink.meetings import Standing, Timetable, Unplaced
from fairlink_site.actions.meetings.naming import by_ids
from fairlink_site.actions.report import measured
from fairlink_site.actions.runs import store_run
from fairlink_site.encoder import encoder
from fairlink_site.models import Edition, Meeting, Person, Run, Seat, UnplacedMeeting
from fairlink_site.snapshot import snapshot

_BATCH = 500
ROUNDS_A_SECOND = 2  # more than there is time for


def make_timetable(
    edition: Edition,
    *,
    seed: int = 0,
    by: Person | None = None,
    seconds: int | None = None,
    stop: Callable[[], bool] | None = None,
    watch: Callable[[Standing], None] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Run:
    """Place the wanted meetings and keep this timetable as a proposal; every wish ends as held or explained.

    It may search for some `seconds`, without the matching before; without them it ends after the same rounds on every
    machine. `stop` is asked whether somebody wants it to end with what it has, `watch` told how it stands.
    """
    started = time.perf_counter()
    expo = snapshot(edition)
    suggestions = fairlink.partners.recommend(expo, seed=seed, encoder=encoder(), progress=progress)
    wanted = fairlink.partners.wanted(expo, suggestions)
    course = _Course(seconds, stop, watch)
    timetable = fairlink.meetings.schedule(
        expo,
        wanted,
        seed=seed,
        balls=ROUNDS_A_SECOND * seconds if seconds else None,
        stop=course.over,
        watch=course.look,
        progress=progress,
    )
    left = fairlink.meetings.unplaced(expo, timetable)
    figures = measured(fairlink.report.figures(expo, timetable=timetable))
    helps = _helps(expo, timetable)
    with transaction.atomic():
        run = store_run(
            edition,
            "meetings",
            timetable.provenance,
            seconds=time.perf_counter() - started,
            measures={
                "wanted": len(timetable.slot),
                "unplaced": len(left),
                "held": int(timetable.held.sum()),
                "gain": timetable.worth,
                "bonus": timetable.bonus,
                "upper_bound": timetable.upper_bound,
                "figures": figures,
                "by": by.pk if by else None,
                "stopped": course.asked,
                "helps": helps,
                **({"idle": course.last.idle, "alone": course.last.alone} if course.last else {}),
            },
            current=False,
        )
        _store_meetings(edition, expo, timetable, run)
        UnplacedMeeting.objects.bulk_create(_unplaced(edition, expo, timetable, left, run), batch_size=_BATCH)
    return run


def _helps(expo: fairlink.Expo, timetable: Timetable) -> list[dict[str, Any]]:
    """What more of something can add to the gain at most, where it can add anything; the most first."""
    asked = fairlink.meetings.usual(expo)
    found = fairlink.meetings.estimate(expo, timetable.wanted, asked)
    return [
        {
            "resource": one.question.resource,
            "number": one.question.number,
            "day": str(one.question.day or ""),
            "half": one.question.half,
            "points": one.points,
        }
        for one in sorted(found, key=lambda one: -one.points)
        if one.points
    ]


class _Course:
    """How long a search goes on, and how it stood last."""

    def __init__(
        self,
        seconds: int | None,
        stop: Callable[[], bool] | None,
        watch: Callable[[Standing], None] | None,
    ) -> None:
        self.end = time.monotonic() + seconds if seconds else None
        self.stop, self.watch = stop, watch
        self.asked = False  # somebody wanted it to end
        self.last: Standing | None = None

    def over(self) -> bool:
        self.asked = self.asked or bool(self.stop and self.stop())
        return self.asked or bool(self.end and time.monotonic() > self.end)

    def look(self, standing: Standing) -> None:
        self.last = standing
        if self.watch:
            self.watch(standing)


def _store_meetings(edition: Edition, expo: fairlink.Expo, timetable: Timetable, run: Run) -> None:
    slots = dict(edition.slots.values_list("code", "pk"))
    places = dict(edition.places.values_list("code", "pk"))
    rows = [int(row) for row in timetable.held.nonzero()[0]]
    weight = timetable.wanted.weight
    speakers = {"": None} | dict(edition.interpreters.values_list("code", "pk"))
    codes = (*expo.interpreters.ids, "")  # the last one's, too, where there is none: −1
    chairs: Counter[tuple[int, int]] = Counter()  # taken so far at a place in a slot
    voices: Counter[tuple[int, int]] = Counter()
    meetings = Meeting.objects.bulk_create(
        (
            Meeting(
                run=run,
                slot_id=slots[expo.slots.ids[timetable.slot[row]]],
                place_id=places[expo.places.ids[timetable.place[row]]],
                chair=_next(chairs, (int(timetable.slot[row]), int(timetable.place[row]))),
                interpreter_id=speakers[codes[timetable.interpreter[row]]],
                voice=_next(voices, (int(timetable.slot[row]), int(timetable.interpreter[row])))
                if timetable.interpreter[row] >= 0
                else 0,
                weight=int(weight[row]),
            )
            for row in rows
        ),
        batch_size=_BATCH,
    )
    seats = _seats(edition, expo, timetable, run, zip(rows, meetings, strict=True))
    while batch := list(islice(seats, _BATCH)):
        Seat.objects.bulk_create(batch)


def _next(counted: Counter[tuple[int, int]], key: tuple[int, int]) -> int:
    counted[key] += 1
    return counted[key] - 1


def _seats(
    edition: Edition, expo: fairlink.Expo, timetable: Timetable, run: Run, held: Any
) -> Iterator[Seat]:
    organisations = dict(edition.organisations.values_list("code", "pk"))
    wanted = timetable.wanted
    for row, meeting in held:
        gains = {
            int(wanted.first[row]): int(wanted.gain_first[row]),
            int(wanted.second[row]): int(wanted.gain_second[row]),
        }
        for host, party, delegate in (
            (True, int(timetable.host[row]), int(timetable.host_delegate[row])),
            (False, int(timetable.guest[row]), int(timetable.guest_delegate[row])),
        ):
            yield Seat(
                meeting=meeting,
                run=run,
                slot_id=meeting.slot_id,
                organisation_id=organisations[expo.ids[party]],
                delegate=delegate,
                host=host,
                gain=gains[party],
            )


def _unplaced(
    edition: Edition, expo: fairlink.Expo, timetable: Timetable, left: Sequence[Unplaced], run: Run
) -> Iterator[UnplacedMeeting]:
    organisations = dict(edition.organisations.values_list("code", "pk"))
    weight = timetable.wanted.weight
    for one in left:
        yield UnplacedMeeting(
            run=run,
            first_id=organisations[expo.ids[timetable.wanted.first[one.row]]],
            second_id=organisations[expo.ids[timetable.wanted.second[one.row]]],
            weight=int(weight[one.row]),
            gain_first=int(timetable.wanted.gain_first[one.row]),
            gain_second=int(timetable.wanted.gain_second[one.row]),
            reason=[one.code, by_ids(expo, timetable, one.data)],
            remedy=[one.remedy.code, by_ids(expo, timetable, one.remedy.data)],
        )
