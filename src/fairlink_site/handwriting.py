"""Tables as people write them: what a heading means, and the cell that a text was meant to be.

Nothing is guessed that could mean two things: what cannot be understood stays as it was, and is told.
"""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from django.conf import settings
from django.utils import translation

from fairlink import cells, vocabulary, words
from fairlink.cells import BETWEEN_WORDS, SEPARATOR, BadCell
from fairlink.tables import TABLES, Column, Table
from fairlink_site.labels import LABELS

LANGUAGES = (
    "en",
    "zh-Hans",
    "fr",
    "es",
    "ar",
    "ru",
)  # in which names of countries and the like are understood
_NAMED_BY = (*LANGUAGES, "de")
_CALLED = {
    "ch": "zh-Hans", "chs": "zh-Hans", "简体": "zh-Hans", "中": "zh-Hans", "繁体": "zh-Hant", "eng": "en", "英": "en",
}  # fmt: skip
_OTHERWISE = {
    "id",
    "my",
    "ms",
    "hi",
    "no",
    "is",
    "it",
    "am",
    "si",
}  # codes of languages, and words of headings
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
# A language in brackets; behind a dash, colon or stroke, or as the last word; or before them, or as the first.
_IN_BRACKETS = r"(?P<heading>.*\S)\s*[(\[【](?:in |en |auf )?(?P<language>[^)\]】]+)[)\]】]"
_BEHIND = r"(?P<heading>.*\S)(?:\s*[-–—:/|_]\s*|\s+(?:in |en |auf )?)(?P<language>\w[\w-]+)"
_BEFORE = r"(?P<language>\w[\w-]+)(?:\s*[-–—:/|_]\s*|\s+)(?P<heading>\S.*)"
ALIKE = 0.88  # how alike a heading must be to a known one
_ADDRESS = r"(?:(https?):)?(?://)?((?:[\w-]+\.)+[^\W\d_][\w-]+(?::\d+)?(?:[/?#]\S*)?)"
_YES = {"yes", "y", "true", "1", "x", "✓", "是", "有", "oui", "sí", "si", "да", "نعم"}
_NO = {"no", "n", "false", "0", "-", "否", "无", "non", "нет", "لا"}
# Names in wide use that are not those of the Unicode tables.
_ALSO = {
    "country": {
        "uk": "GB", "u.k.": "GB", "great britain": "GB", "england": "GB", "usa": "US", "u.s.a.": "US",
        "us": "US", "united states of america": "US", "america": "US", "p.r. china": "CN", "pr china": "CN",
        "p.r.china": "CN", "prc": "CN", "people's republic of china": "CN", "中华人民共和国": "CN",
        "lao pdr": "LA", "lao people's democratic republic": "LA", "korea": "KR", "south korea": "KR",
        "republic of korea": "KR", "viet nam": "VN", "russian federation": "RU", "uae": "AE",
        "czech republic": "CZ", "turkey": "TR", "burma": "MM", "ivory coast": "CI", "hong kong": "HK",
        "macau": "MO", "taiwan": "TW", "holland": "NL", "the netherlands": "NL", "iran": "IR", "syria": "SY",
        "tanzania": "TZ", "bolivia": "BO", "venezuela": "VE", "moldova": "MD", "drc": "CD", "brunei": "BN",
    },
    "language": {"chinese": "zh-Hans", "mandarin": "zh-Hans", "中文": "zh-Hans", "汉语": "zh-Hans",
                 "zh": "zh-Hans", "cn": "zh-Hans", "traditional chinese": "zh-Hant", "繁体中文": "zh-Hant"},
    "currency": {"rmb": "CNY", "人民币": "CNY", "yuan": "CNY", "$": "USD", "us$": "USD", "€": "EUR", "美元": "USD"},
    "choice": {
        "company": "enterprise", "firm": "enterprise", "corporation": "enterprise", "manufacturer": "enterprise",
        "公司": "enterprise", "民营企业": "enterprise", "国有企业": "enterprise", "外资企业": "enterprise",
        "college": "university", "大学": "university", "高等院校": "university", "research": "institute",
        "institute": "institute", "研究所": "institute", "研究院": "institute", "科研机构": "institute",
        "chamber": "association", "chamber of commerce": "association", "商会": "association",
        "行业协会": "association",
        "bank": "financier", "investor": "financier", "银行": "financier", "government": "agency", "政府": "agency",
        "sme": "small", "小企业": "small", "中": "medium", "中型企业": "medium", "大": "large", "大型企业": "large",
        "小": "small", "小型企业": "small", "微": "micro", "微型企业": "micro", "s": "small", "m": "medium",
        "l": "large",
        "展商": "exhibitor", "参展": "exhibitor", "采购": "buyer", "买家": "buyer", "观众": "visitor",
    },
}  # fmt: skip


def meaning(heading: str, table: Table, *, nearly: bool = True) -> str:
    """What a heading means: a column's name, with its language behind a colon where it says one; "" when unknown.

    `nearly`, also one that is written with a slip.
    """
    known = _headings(table.name)
    if _plain(heading) in known:
        return known[_plain(heading)]
    for bare, tag in _apart(heading):
        found = _known(_plain(bare), known, nearly=nearly)
        if found:
            name = found.partition(":")[0]
            return f"{name}:{tag}" if tag and table.column(name).kind == "texts" else found
    return _known(_plain(heading), known, nearly=nearly)


def _known(plain: str, known: Mapping[str, str], *, nearly: bool) -> str:
    """What this heading means, or the one that is nearly this."""
    if plain in known:
        return known[plain]
    near = difflib.get_close_matches(plain, known, 1, ALIKE) if nearly and len(plain) > 4 else []
    return known[near[0]] if near else ""


def _apart(heading: str) -> Iterator[tuple[str, str]]:
    """The heading without the language it names, and that language; without a note in brackets, and none."""
    languages = _languages()
    text = unicodedata.normalize("NFKC", heading).strip(" *")
    for pattern in (_IN_BRACKETS, _BEHIND, _BEFORE):
        if (found := re.fullmatch(pattern, text)) and found["language"].casefold() in languages:
            yield found["heading"], languages[found["language"].casefold()]
    for name, tag in languages.items():
        if _HAN.fullmatch(name):  # Chinese puts nothing between: 英文名称
            yield from (
                (rest, tag) for rest in (text.removeprefix(name), text.removesuffix(name)) if rest != text
            )
    if bare := re.sub(r"[(\[【].*?[)\]】]", " ", text).strip():
        yield bare, ""


@cache
def _languages() -> Mapping[str, str]:
    """What headings call languages: by their own names, those of other languages, and codes."""
    found: dict[str, str] = {}
    for tag in vocabulary.COMMON_LANGUAGES:
        names = {tag, vocabulary.language(tag, tag), *(vocabulary.language(tag, one) for one in _NAMED_BY)}
        for name in names:
            plain = re.sub(r"\s*[(（].*", "", name).casefold()
            found.setdefault(plain, tag)
            if plain.endswith("语"):
                found.setdefault(f"{plain[:-1]}文", tag)
    found |= _ALSO["language"] | _CALLED
    return {name: tag for name, tag in found.items() if name not in _OTHERWISE}


@cache
def _headings(table: str) -> Mapping[str, str]:
    columns = {column.name: column for column in TABLES[table].columns}
    known: dict[str, str] = {}
    for name, column in columns.items():
        known[_plain(name)] = name
        if column.kind == "texts":
            known |= {_plain(f"{name}:{tag}"): f"{name}:{tag}" for tag in vocabulary.COMMON_LANGUAGES}
    with (files("fairlink") / "vocabularies" / "headings.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            base = row["meaning"].partition(":")[0]
            if base in columns:
                for heading in row["headings"].split("|"):
                    known.setdefault(_plain(heading), row["meaning"])
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for name in columns:
                known.setdefault(_plain(str(LABELS[name])), name)
    return known


def language_of(texts: Sequence[str], default: str) -> str:
    """The language that texts of a column seem to be in: Chinese where most have a Chinese character."""
    written = [text for text in texts if text]
    chinese = sum(any("\u4e00" <= one <= "\u9fff" for one in text) for text in written)
    return "zh-Hans" if chinese * 2 > len(written) else default


def _plain(heading: str) -> str:
    text = unicodedata.normalize("NFKC", heading).casefold()
    text = " ".join(re.sub(r"[^\w]+|_", " ", text.replace("(必填)", "").replace("required", "")).split())
    return re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", text)  # 国家/地区


def understood(text: str, column: Column, named: Callable[[str], str] | None = None) -> str:
    """The text of a cell as the column wants it, where it is clear what was meant; else the text as it is.

    `named` gives the id for a name, in columns that refer to others.
    """
    text = unicodedata.normalize("NFC", text).strip()
    if column.kind == "words":
        return _listed(text)
    try:
        cells.read(text, column)
    except BadCell:
        return _mended(text, column, named)
    return text if column.kind not in ("ref", "refs") or named is None else _mended(text, column, named)


def _listed(text: str) -> str:
    """A list of words as people write one; where our own separator stands, it alone separates."""
    parts = [text] if SEPARATOR in text else re.split(BETWEEN_WORDS, text)
    return SEPARATOR.join(part.strip() for part in parts if part.strip())


def _mended(text: str, column: Column, named: Callable[[str], str] | None) -> str:
    kind = _ONE_OF.get(column.kind, column.kind)
    if column.kind in _ONE_OF:
        parts = re.split(r"[|;,，；、/\n]+", text)
        return SEPARATOR.join(_one(part.strip(), kind, column, named) for part in parts if part.strip())
    return _one(text, kind, column, named)


_ONE_OF = {
    "choices": "choice", "countries": "country", "languages": "language", "codes": "code", "refs": "ref",
}  # fmt: skip


def _one(text: str, kind: str, column: Column, named: Callable[[str], str] | None) -> str:
    if kind in _LABELLED:
        code = _by_label(kind).get(text.casefold(), text)
        return code if kind != "choice" or code in column.choices else text
    if kind == "ref":
        return named(text) if named else text
    return _AS_MEANT.get(kind, str)(text)


def _yes(text: str) -> str:
    low = text.casefold()
    return "yes" if low in _YES else "no" if low in _NO else text


def _goods(text: str) -> str:
    """An HS or CPC code without its dots, and with the zero in front that spreadsheets take away."""
    plain = re.sub(r"^(HS|H\.S\.)\s*", "", text.upper()).replace(".", "").replace(" ", "")
    if plain.isdecimal():
        plain = plain.zfill(len(plain) + len(plain) % 2)[:6]
    return plain if vocabulary.is_code(plain) else text


def _date(text: str) -> str:
    """Year first, or day.month.year with dots; with slashes day and month could be either."""
    for pattern, order in (
        (r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", "ymd"),
        (r"(\d{1,2})\.(\d{1,2})\.(\d{4})", "dmy"),
    ):
        if found := re.fullmatch(pattern, text):
            parts = dict(zip(order, found.groups(), strict=True))
            return f"{parts['y']}-{parts['m']:0>2}-{parts['d']:0>2}"
    return text


def _number(text: str) -> str:
    return re.sub(r"(?<=\d)[, '](?=\d{3}\b)", "", text).removesuffix(".0")


def _time(text: str) -> str:
    return re.sub(r"^(\d):", r"0\1:", text)[:5]


def _address(text: str) -> str:
    """A web address as people write it, with the scheme in front that browsers put there."""
    found = re.fullmatch(_ADDRESS, text, re.IGNORECASE)
    return f"{(found[1] or 'https').lower()}://{found[2]}" if found else text


def _id(text: str) -> str:
    return re.sub(r"[^\w.\-]+", "-", text).strip("-")


_LABELLED = ("choice", "country", "language", "currency")
_AS_MEANT: dict[str, Callable[[str], str]] = {
    "yes": _yes,
    "code": _goods,
    "whole": _number,
    "decimal": _number,
    "date": _date,
    "time": _time,
    "address": _address,
    "id": _id,
}


@cache
def _by_label(kind: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for language in LANGUAGES:
        for code in _codes(kind):
            found.setdefault(_label(kind, code, language).casefold(), code)
    found |= {code.casefold(): code for code in _codes(kind)}
    return found | _ALSO.get(kind, {})


def _codes(kind: str) -> tuple[str, ...]:
    if kind == "country":
        return vocabulary.countries()
    if kind == "language":
        return vocabulary.COMMON_LANGUAGES
    if kind == "currency":
        return vocabulary.currencies()
    return tuple(words.catalogue("choices"))


def _label(kind: str, code: str, language: str) -> str:
    if kind == "country":
        return vocabulary.country(code, language)
    if kind == "language":
        return vocabulary.language(code, language)
    if kind == "currency":
        return vocabulary.currency(code, language)
    return words.say("choices", code, language)
