"""Codes and data of the library as sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from babel.numbers import format_decimal, format_percent

from fairlink import words
from fairlink.errors import Problem
from fairlink.expo import Expo, Text
from fairlink.partners import Reason


def pick(text: Text, language: str, fallback: Sequence[str] = ("en",)) -> str:
    """The text in the reader's language; else in the first language it has of the fallbacks, else of any."""
    for one in (language, *fallback, *text):
        if text.get(one):
            return text[one]
    return ""


def number(value: float, language: str) -> str:
    return format_decimal(value, locale=language.replace("-", "_"))


def percent(share: float, language: str, digits: int = 1) -> str:
    return format_percent(share, format=f"0.{'0' * digits}%", locale=language.replace("-", "_"))


def joined(sentences: Sequence[str], language: str) -> str:
    return ("；" if language.startswith("zh") else "; ").join(sentences)


def problem(found: Problem, language: str) -> str:
    """Where, what, and what to do about it."""
    sentence, remedy = words.problem(found.code, found.table, language, found.data)
    data = {"more": found.data.get("more")}
    more = words.say("cli", "more", language, data) if "more" in found.data else ""
    place = _place(found, language)
    return words.say(
        "cli", "problem", language, {"place": place, "sentence": sentence, "remedy": remedy + more}
    )


def _place(found: Problem, language: str) -> str:
    known = [name for name in ("line", "column") if getattr(found, name) is not None]
    data = {"file": f"{found.table}.csv", "line": found.line, "column": words.plain(found.column)}
    return words.say("cli", f"place.{'_'.join(known) or 'file'}", language, data)


def reason(expo: Expo, found: Reason, language: str) -> str:
    """Why somebody is suggested."""
    return words.say("reasons", found.code, language, _filled(expo, found.data, language))


def objection(expo: Expo, code: str, data: Mapping[str, Any], language: str) -> str:
    """Why a meeting cannot be held, or is not; with "remedy." before the code, what would admit it."""
    return words.say("objections", code, language, _filled(expo, data, language))


def _filled(expo: Expo, data: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Row numbers as names and times."""

    def name(texts: Sequence[Text]) -> Callable[[int], str]:
        return lambda row: pick(texts[row], language, expo.edition.languages)

    return words.fill(
        data,
        language,
        organisation=name(expo.organisations.names),
        need=name(expo.needs.titles),
        offer=name(expo.offers.titles),
        node=name(expo.chain.names),
        slot=lambda row: f"{expo.slots.start[row]:%Y-%m-%d %H:%M}",
    )
