"""Codes, numbers and texts of the edition as the reader's language says them. Doors use it; nothing below does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_interval, format_skeleton
from babel.numbers import (
    format_compact_currency,
    format_currency,
    format_decimal,
    format_percent,
)
from django.conf import settings
from django.urls import translate_url
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_from_path, override

from fairlink import vocabulary, words
from fairlink.cells import MOST_DECIMAL

# Django's language code → ours; both are tags for the same language.
_TAGS = {"zh-hans": "zh-Hans"}
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)  # of the site, as Django codes them
_YUAN = "元"  # the currency's name, 人民币, is not what amounts are counted in


def tag(code: str) -> str:
    """A language code of Django as the tag that the library and HTML use: zh-hans → zh-Hans."""
    return _TAGS.get(code, code)


def language() -> str:
    """The reader's language as a tag of the library: en, zh-Hans."""
    return tag(get_language() or "en")


def same_page(address: str, code: str) -> str:
    """An address of this site, in whatever language it is, as Django's language `code` has it."""
    with override(get_language_from_path(address) or get_language()):
        return translate_url(address, code)


@cache
def locale(tag: str) -> Locale:
    return Locale.parse(tag, sep="-")


def pick(text: Mapping[str, str] | None, fallback: Sequence[str] = ()) -> tuple[str, str]:
    """The words and their language: the reader's, else the first of the fallbacks, else whatever there is."""
    if not text:
        return "", ""
    for tag in (language(), *fallback, "en", *text):
        if text.get(tag):
            return text[tag], tag
    return "", ""


def say(family: str, code: str, data: Mapping[str, Any] | None = None) -> str:
    return words.say(family, code, language(), data)


def mistake(code: str, data: Mapping[str, Any], door: Literal["form", "list"] = "form") -> str:
    """What is wrong with what somebody wrote, and what to do: into a form, or into a list that is brought in.

    A sentence stands once where it does for both; `list.` before the code is for lists only.
    """
    told = {name: _as_said(value) for name, value in data.items()}
    if "choices" in data:
        told["choices"] = words.joined([say("choices", one) for one in data["choices"]], language())
    if "refers" in data:
        told["table"] = say("tables", data["refers"])
    if "function" in data:
        told |= {name: say("choices", data[name]) for name in ("value", "function")}
    of_lists = f"{door}.{code}"
    return say("mistakes", of_lists if of_lists in words.catalogue("mistakes") else code, told)


def _as_said(value: Any) -> str:
    if isinstance(value, date):
        return format_date(value, "medium", locale=locale(language()))
    if isinstance(value, (int, Decimal)):
        return number(value) if -MOST_DECIMAL <= value <= MOST_DECIMAL else words.plain(value)
    return words.plain(value)


def country(code: str) -> str:
    return vocabulary.country(code, language()) if code else ""


def code_label(code: str) -> str:
    return vocabulary.label(code, language())


def in_language(label: object, tag: str) -> str:
    """A label with the language of its text behind, where it has one: Name (French), 名称（法语）."""
    if not tag:
        return str(label)
    name = vocabulary.language(tag, language())
    return f"{label}（{name}）" if language().startswith("zh") else f"{label} ({name})"


def number(value: float | Decimal) -> str:
    """Every digit of a Decimal, since somebody chose it; three of a float."""

    if isinstance(value, Decimal):
        return format_decimal(value.normalize(), decimal_quantization=False, locale=locale(language()))
    return format_decimal(value, locale=locale(language()))


def percent(value: float | Decimal, digits: int = 1) -> str:
    return format_percent(value, format=f"0.{'#' * digits}%", locale=locale(language()))


def money(value: Decimal, currency: str) -> str:
    """Short, for a headline: 150.3 bn CNY, 1,503.1 亿元."""
    if language() == "zh-Hans" and value >= 10**4:
        unit = _YUAN if currency == "CNY" else vocabulary.currency(currency, "zh-Hans")
        size, name = (10**8, "亿") if value >= 10**8 else (10**4, "万")
        return f"{number(round(value / size, 1))} {name}{unit}"
    if language() == "en" and value >= 10**8:
        return f"{number(round(value / 10**9, 1))} bn {currency}"
    return format_compact_currency(value, currency, fraction_digits=1, locale=locale(language()))


def exact_money(value: Decimal, currency: str) -> str:
    return format_currency(value, currency, locale=locale(language()))


def moment(value: datetime, zone: str) -> str:
    """A day and a time of day, as the reader's language writes them, in the edition's time zone."""
    return format_datetime(value, "short", tzinfo=ZoneInfo(zone), locale=locale(language()))


def weekday(day: date) -> str:
    """Tuesday, November 28; 11月28日星期二."""
    return format_skeleton("MMMMEEEEd", day, locale=locale(language()))


def period(start: date, end: date) -> str:
    """28 November – 2 December 2023, as the reader's language writes it."""
    return format_interval(start, end, skeleton="yMMMd", locale=locale(language()))


def figure(value: Decimal, unit: str) -> str:
    """A figure's value in the way its unit is written, short."""
    if unit == "share":
        return percent(value)
    if unit in ("count", "points"):
        return number(value.quantize(Decimal(1)) if value == value.to_integral() else round(value, 1))
    return money(value, unit)


def exact_figure(value: Decimal, unit: str) -> str:
    return figure(value, unit) if unit in ("share", "count", "points") else exact_money(value, unit)


def slot(one: Any) -> str:
    """The day and the time of a slot."""
    return f"{date_format(one.day, 'MONTH_DAY_FORMAT')} {one.start:%H:%M}"
