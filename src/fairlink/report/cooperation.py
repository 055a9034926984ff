"""What matching and timetable did: lists, chances, meetings, and how near the bound they came."""

from __future__ import annotations

import numpy as np

from fairlink.report.figure import Counted, Sources, figure
from fairlink.report.participation import is_small


@figure()
def suggestions(sources: Sources) -> Counted | None:
    found = sources.suggestions
    return (len(found.organisation), ()) if found else None


@figure("points")
def expected_matches(sources: Sources) -> Counted | None:
    found = sources.suggestions
    return (round(found.measures.expected_matches, 1), ()) if found else None


@figure("share")
def without_chance(sources: Sources) -> Counted | None:
    found = sources.suggestions
    return (found.measures.without_chance, ()) if found else None


@figure()
def meetings(sources: Sources) -> Counted | None:
    timetable = sources.timetable
    return (int(timetable.held.sum()), ()) if timetable else None


@figure("points")
def meetings_gain(sources: Sources) -> Counted | None:
    timetable = sources.timetable
    return (timetable.worth, ()) if timetable else None


@figure("points")
def meetings_bound(sources: Sources) -> Counted | None:
    timetable = sources.timetable
    return (timetable.upper_bound, ()) if timetable else None


@figure()
def organisations_meeting(sources: Sources) -> Counted | None:
    timetable = sources.timetable
    if timetable is None:
        return None
    rows = np.union1d(timetable.host[timetable.held], timetable.guest[timetable.held])
    return len(rows), [sources.expo.ids[row] for row in rows]


@figure()
def small_meetings(sources: Sources) -> Counted | None:
    timetable = sources.timetable
    if timetable is None:
        return None
    small = np.array([is_small(sources.expo, row) for row in range(len(sources.expo.ids))], dtype=bool)
    held = timetable.held
    return int((small[timetable.host[held]] | small[timetable.guest[held]]).sum()), ()
