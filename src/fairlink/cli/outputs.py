"""What the commands write: suggestions, timetable, unplaced wishes and figures, all of it or nothing."""

from __future__ import annotations

import csv
import errno
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from fairlink import words
from fairlink.cli import sentences
from fairlink.expo import Expo
from fairlink.meetings import Timetable, Unplaced
from fairlink.partners import Suggestions, reasons
from fairlink.report import Figure

SUGGESTIONS = (
    *("organisation", "rank", "partner", "gain", "partner_gain", "mutual"),
    *("need", "offer", "partner_need", "own_offer", "reasons", "points", "why"),
)
TIMETABLE = (
    *("meeting", "day", "slot", "start", "end", "place", "host", "guest"),
    *("host_delegate", "guest_delegate", "host_gain", "guest_gain", "weight", "interpreter"),
)
UNPLACED = ("first", "second", "weight", "reason", "remedy", "why", "what_would_help")


def suggestion_rows(expo: Expo, found: Suggestions, language: str) -> Iterable[Sequence[Any]]:
    needs, offers = expo.needs.ids, expo.offers.ids

    def one(ids: Sequence[str], row: int) -> str:
        return ids[row] if row >= 0 else ""

    for row, why in enumerate(reasons(expo, found)):
        yield (
            expo.ids[found.organisation[row]],
            found.rank[row],
            expo.ids[found.partner[row]],
            found.gain[row],
            found.partner_gain[row],
            "yes" if found.mutual[row] else "no",
            one(needs, found.need[row]),
            one(offers, found.offer[row]),
            one(needs, found.partner_need[row]),
            one(offers, found.own_offer[row]),
            "|".join(reason.code for reason in why),
            "|".join(str(reason.points[0]) for reason in why),
            sentences.joined([sentences.reason(expo, reason, language) for reason in why], language),
        )


def timetable_rows(expo: Expo, timetable: Timetable) -> Iterable[Sequence[Any]]:
    slots, wanted = expo.slots, timetable.wanted
    rows = [int(row) for row in timetable.held.nonzero()[0]]
    rows.sort(
        key=lambda row: (timetable.slot[row], expo.ids[timetable.host[row]], expo.ids[timetable.guest[row]])
    )
    for number, row in enumerate(rows, start=1):
        slot, host, guest = timetable.slot[row], timetable.host[row], timetable.guest[row]
        host_first = host == wanted.first[row]
        gains = (wanted.gain_first[row], wanted.gain_second[row])
        yield (
            f"m{number:05d}",
            slots.start[slot].date().isoformat(),
            slots.number[slot],
            slots.start[slot].isoformat(),
            slots.end[slot].isoformat(),
            expo.places.ids[timetable.place[row]],
            expo.ids[host],
            expo.ids[guest],
            timetable.host_delegate[row] + 1,
            timetable.guest_delegate[row] + 1,
            *(gains if host_first else gains[::-1]),
            wanted.weight[row],
            expo.interpreters.ids[timetable.interpreter[row]] if timetable.interpreter[row] >= 0 else "",
        )


def unplaced_rows(
    expo: Expo, timetable: Timetable, left: Sequence[Unplaced], language: str
) -> Iterable[Sequence[Any]]:
    weight = timetable.wanted.weight
    for one in sorted(left, key=lambda one: (-weight[one.row], one.row)):
        yield (
            expo.ids[timetable.wanted.first[one.row]],
            expo.ids[timetable.wanted.second[one.row]],
            weight[one.row],
            one.code,
            one.remedy.code,
            sentences.objection(expo, one.code, one.data, language),
            sentences.objection(expo, f"remedy.{one.remedy.code}", one.remedy.data, language),
        )


def figures_json(figures: Mapping[str, Figure], language: str) -> str:
    """Each figure with label, definition and the ids it counts; money as text, so that no cent is lost."""
    told = {
        code: {
            "label": words.say("figures", code, language),
            "definition": words.say("figures", f"{code}.definition", language),
            "value": str(figure.value) if isinstance(figure.value, Decimal) else figure.value,
            "unit": figure.unit,
            "rows": list(figure.rows),
        }
        for code, figure in figures.items()
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


class Writer:
    """Collects files and puts them into a folder together, at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.texts: dict[str, str] = {}

    def table(self, name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(heads)
            writer.writerows(rows)
            file.seek(0)
            self.texts[f"{name}.csv"] = file.read()

    def text(self, name: str, text: str) -> None:
        self.texts[name] = text

    def write(self) -> list[str]:
        """Write everything; raises OSError, and leaves older files as they were, when it cannot."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in self.texts:
            if (self.folder / name).is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), name)
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=".writing-") as aside:
            for name, text in self.texts.items():
                (Path(aside) / name).write_text(text, encoding="utf-8", newline="")
            for name in self.texts:
                (Path(aside) / name).replace(self.folder / name)
        return list(self.texts)
