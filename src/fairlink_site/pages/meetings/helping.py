"""What more of something would be worth to a timetable, as sentences of those that are worth most."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from babel.dates import format_date

from fairlink_site import wording
from fairlink_site.models import Run

SHOWN = 4


def helps(run: Run) -> Iterator[str]:
    """The sentences of a run, the most valuable first; none for a run of before they were reckoned."""
    for one in run.measures.get("helps", ())[:SHOWN]:
        number = wording.number(one["number"])
        code = f"more.{one['resource']}" + (".one" if one["number"] == 1 else "")
        more = wording.say("worth", code, {"number": number})
        if one["day"]:
            more = wording.say("worth", "at", {"more": more, "time": _time(one["day"], one["half"])})
        yield wording.say("worth", "points", {"more": more, "points": wording.number(one["points"])})


def _time(day: str, half: str) -> str:
    tongue = wording.language()
    pattern = "M月d日EEEE" if tongue.startswith("zh") else "EEEE d MMMM"
    told = format_date(date.fromisoformat(day), pattern, wording.locale(tongue))
    return wording.say("worth", f"day.{half}", {"day": told}) if half else told
