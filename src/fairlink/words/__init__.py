"""The catalogue: words for codes, in every language of the product. Only doors read it; no room of the library does.

One file for each family of codes, one column for each language; `say` fills in the data that came with the code.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.lists import format_list

from fairlink import vocabulary

LANGUAGES = ("en", "zh-Hans")  # complete in every family; the first is the fallback
# Further languages have the families that participants and the public read, each in a file of its own beside.
FURTHER = ("fr", "es", "ar", "ru")
SPOKEN = (
    *("advice", "choices", "columns", "figures", "mistakes", "objections", "reasons", "repairs"),
    *("roles", "statuses", "tables"),
)


def say(family: str, code: str, language: str, data: Mapping[str, Any] | None = None) -> str:
    """The sentence of a code, with its data filled in. Raises KeyError for a code without words."""
    words = catalogue(family)[code]
    sentence = words.get(language) or words[LANGUAGES[0]]
    return sentence.format_map(data) if data else sentence


@cache
def catalogue(family: str) -> Mapping[str, Mapping[str, str]]:
    """code → language → words."""
    found = {
        row["code"]: {name: words for name, words in row.items() if name != "code"}
        for row in _rows(f"{family}.csv")
    }
    for language in FURTHER if family in SPOKEN else ():
        for row in _rows(f"{language}.csv"):
            if row["family"] == family and row["code"] in found:
                found[row["code"]][language] = row["words"]
    return found


@cache
def _rows(name: str) -> list[dict[str, str]]:
    path = files(__package__) / name
    if not path.is_file():
        return []
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def fill(data: Mapping[str, Any], language: str, **named: Callable[[Any], str]) -> dict[str, Any]:
    """The data of a reason or an objection as a sentence wants them.

    `named` says how a door names what an id or row number stands for: organisation, slot, need, offer, node.
    A list under the plural of such a name is told one after the other.
    """
    told: dict[str, Any] = dict(data)
    for key, name in named.items():
        if key in data:
            told[key] = name(data[key])
        if f"{key}s" in data:
            told[f"{key}s"] = joined([name(one) for one in data[f"{key}s"]], language)
    if "code" in data:
        told["label"] = vocabulary.label(data["code"], language)
    if "kind" in data:
        told["kind"] = say("choices", data["kind"], language)
    if "languages" in data:
        told["languages"] = "–".join(vocabulary.language(one, language) for one in data["languages"])
    if "per" in data:
        told["per"] = say("objections", f"per.{data['per']}", language)
    if "changes" in data:
        told["changes"] = joined(
            [say("objections", f"change.{one}", language) for one in data["changes"]], language
        )
    return told


def problem(code: str, table: str, language: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong with a file of a folder, and what to do about it; pages say it in the family `mistakes`."""
    told = {key: plain(value) for key, value in data.items()} | {"file": f"{table}.csv"}
    if code == "unknown_column":
        told["hint"] = say("cli", "nearest" if told["nearest"] else "no_nearest", language, told)
    return say("problems", code, language, told), say("problems", f"{code}.remedy", language, told)


def plain(value: Any) -> str:
    """A value as a sentence quotes it: lists with commas, dates as they are written, nothing longer than a line."""
    if isinstance(value, (tuple, list)):
        return ", ".join(map(str, value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


def joined(phrases: Sequence[str], language: str) -> str:
    """Phrases one after the other, as the language joins them: A, B, and C; A、B和C."""
    return format_list(phrases, locale=Locale.parse(language, sep="-"))


def nearest(language: str) -> str:
    """The catalogue's language for a tag such as zh-CN, zh_Hans or en-GB; the fallback where there is none."""
    wanted = language.partition(".")[0].replace("_", "-").casefold()
    for known in LANGUAGES:
        if wanted.split("-")[0] == known.split("-")[0]:
            return known
    return LANGUAGES[0]
