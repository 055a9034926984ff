"""Words for codes: goods, services, countries, country groups, languages and currencies, in any language we have."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from babel.numbers import get_territory_currencies

LANGUAGES = ("en", "zh-Hans")  # in which listings are compared; the first is the fallback of labels
NAMED_IN = (*LANGUAGES, "fr", "es", "ar", "ru")  # languages in which every named code has a label of ours
INCOTERMS = ("EXW", "FCA", "CPT", "CIP", "DAP", "DPU", "DDP", "FAS", "FOB", "CFR", "CIF")  # 2020
# Languages that forms offer, most spoken in trade first; any tag can be imported.
COMMON_LANGUAGES = (
    *("en", "zh-Hans", "zh-Hant", "fr", "es", "ar", "ru", "pt", "de", "ja", "ko", "hi", "id"),
    *("ms", "vi", "th", "lo", "km", "my", "fil", "bn", "ur", "ta", "ne", "si", "fa"),
    *("tr", "kk", "uz", "mn", "it", "nl", "pl", "cs", "hu", "ro", "sr", "el", "sv"),
    *("da", "nb", "fi", "uk", "he", "sw", "am", "ha", "so", "rw", "mg"),
)
_REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
GROUPS = ("LDC", "LLDC", "SIDS")
_NO_COUNTRY = ("EU", "EZ", "QO", "UN", "XA", "XB", "ZZ")  # territories of CLDR that are none


def is_code(code: str) -> bool:
    """Whether the code is an HS 2022 chapter, heading or subheading, or CPC and a CPC 2.1 number."""
    return code in _labels()


def parent(code: str) -> str:
    """The next wider code, "" above a chapter or division: 850760 → 8507 → 85."""
    if code.startswith("CPC"):
        return code[:-1] if len(code) > 5 else ""
    return code[:-2] if len(code) > 2 else ""


def ancestry(code: str) -> list[str]:
    """A code and its wider codes, widest first: 850760 → 85, 8507, 850760."""
    chain = [code]
    while wider := parent(chain[-1]):
        chain.append(wider)
    return chain[::-1]


def label(code: str, language: str) -> str:
    """The code's short everyday name; the nearest wider code's where it has none; the code where nothing has."""
    wider = code
    while wider:
        words = _labels().get(wider, {})
        found = words.get(language) or words.get(LANGUAGES[0])
        if found:
            return found
        wider = parent(wider)
    return code


def also(code: str, language: str) -> tuple[str, ...]:
    """Other everyday names of a code in a language, by which it is found; never shown."""
    return _also().get(code, {}).get(language, ())


@cache
def _also() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    return {
        row.pop("code"): {language: _listed(names) for language, names in row.items()} for row in rows("also")
    }


@cache
def chatter() -> tuple[str, ...]:
    """What firms of any trade say of themselves, in all languages: it tells no code from another."""
    return tuple(dict.fromkeys(word for row in rows("chatter") for word in _listed(row["words"])))


def _listed(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(";")) if names.strip() else ()


def is_named(code: str) -> bool:
    """Whether the code has a name of its own, not only that of a wider one."""
    return bool(_labels().get(code))


def codes() -> tuple[str, ...]:
    """Every code, in order: goods, then services."""
    return tuple(_labels())


@cache
def _labels() -> Mapping[str, Mapping[str, str]]:
    table = {}
    for name in ("goods", "services"):
        for row in rows(name):
            code = row.pop("code")
            table[code] = {language: words for language, words in row.items() if words}
    return table


def is_country(code: str) -> bool:
    return len(code) == 2 and code.isalpha() and code in _locale("en").territories and code not in _NO_COUNTRY


def countries() -> tuple[str, ...]:
    """Every country and region that has a name in each of our languages, in order of its code."""
    known = set.intersection(*(set(_locale(tag).territories) for tag in NAMED_IN))
    return tuple(sorted(filter(is_country, known)))


def country(code: str, language: str) -> str:
    """The country's or region's name; the code where the language has none."""
    name: str = _locale(language).territories.get(code, code)
    return name


def is_language(tag: str) -> bool:
    return _parse(tag) is not None


def language(tag: str, reader: str) -> str:
    """The name of a language, as the reader's language says it."""
    locale = _parse(tag)
    name = locale.get_display_name(_locale(reader)) if locale else None
    return name or tag


def is_currency(code: str) -> bool:
    return code in _locale("en").currencies


def currencies() -> tuple[str, ...]:
    """Every currency in use somewhere today, in order of its code."""
    return tuple(sorted({str(code) for place in countries() for code in get_territory_currencies(place)}))


def currency(code: str, language: str) -> str:
    name: str = _locale(language).currencies.get(code, code)
    return name


@cache
def time_zones() -> tuple[str, ...]:
    """Time zones named by a place, in order."""
    return tuple(
        sorted(name for name in available_timezones() if "/" in name and name.split("/")[0] in _REGIONS)
    )


def group(name: str, on: date) -> frozenset[str]:
    """The countries of a United Nations group (LDC, LLDC or SIDS) on a day."""
    return frozenset(
        row["country"]
        for row in rows("country_groups")
        if row["group"] == name
        and (not row["since"] or date.fromisoformat(row["since"]) <= on)
        and (not row["until"] or on < date.fromisoformat(row["until"]))
    )


@cache
def purchases() -> Mapping[str, frozenset[str]]:
    """What makers of the goods of an HS chapter usually buy, as chapters: United States 2017, nobody else's custom.

    From the Use table of the Bureau of Economic Analysis: at least 2 % of the goods they buy, and half as much again
    as makers of anything do.
    """
    bought: dict[str, set[str]] = {}
    for row in rows("purchases"):
        bought.setdefault(row["makes"], set()).add(row["buys"])
    return {makes: frozenset(buys) for makes, buys in bought.items()}


def rows(name: str) -> list[dict[str, str]]:
    path = files("fairlink") / "vocabularies" / f"{name}.csv"
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def _parse(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-") if tag and tag.isascii() else None
    except (UnknownLocaleError, ValueError):
        return None


def _locale(language: str) -> Locale:
    return _parse(language) or Locale("en")
