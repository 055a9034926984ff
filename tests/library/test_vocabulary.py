"""Words for codes: the vocabularies are whole, and every code has a name in either language."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from fairlink import vocabulary
from fairlink.vocabulary import (
    GROUPS,
    NAMED_IN,
    also,
    chatter,
    codes,
    group,
    is_code,
    is_named,
    label,
    parent,
)

OPENING = date(2023, 11, 28)
GOODS = [code for code in codes() if not code.startswith("CPC")]
SERVICES = [code for code in codes() if code.startswith("CPC")]


def test_a_code_has_a_name_a_wider_code_and_both_languages() -> None:
    assert is_code("850760")
    assert [parent("850760"), parent("8507"), parent("85")] == ["8507", "85", ""]
    assert [parent("CPC81112"), parent("CPC8111"), parent("CPC811"), parent("CPC81")] == [
        *("CPC8111", "CPC811", "CPC81", "")
    ]
    assert label("8507", "en") == "Rechargeable batteries and cells"
    assert label("8507", "zh-Hans") == "蓄电池与电芯"


def test_the_harmonised_system_of_2022_is_whole() -> None:
    assert Counter(map(len, GOODS)) == {2: 96, 4: 1228, 6: 5612}
    assert "77" not in GOODS  # reserved
    assert len(set(codes())) == len(codes())


def test_services_are_the_numbers_of_cpc_sections_5_to_9() -> None:
    assert {code[3] for code in SERVICES} == set("56789")
    assert all(5 <= len(code) <= 8 and code[3:].isdigit() for code in SERVICES)


def test_every_wider_code_is_a_code() -> None:
    orphans = [code for code in codes() if parent(code) and not is_code(parent(code))]

    assert orphans == []


@pytest.mark.parametrize("language", NAMED_IN)
def test_every_chapter_heading_and_division_has_a_name_of_its_own(language: str) -> None:
    named = [code for code in GOODS if len(code) <= 4] + [code for code in SERVICES if len(code) == 5]
    names = Counter(label(code, language) for code in named)

    assert [name for name, times in names.items() if times > 1 or not name.strip()] == []
    assert not set(names) & set(codes())


@pytest.mark.parametrize("language", ["fr", "es", "ar", "ru"])
def test_a_code_that_has_a_name_has_it_in_every_language(language: str) -> None:
    named = [code for code in codes() if is_named(code)]
    same = [code for code in named if label(code, language) == label(code, "en")]

    assert len(named) == 1650
    assert len(same) < 8  # true loanwords


def test_no_name_in_chinese_is_its_english_name() -> None:
    same = [code for code in codes() if label(code, "zh-Hans") == label(code, "en")]

    assert same == []


def test_every_heading_has_other_names_and_nothing_else_has():
    rows = vocabulary.rows("also")
    headings = [code for code in GOODS if len(code) == 4]

    assert list(rows[0]) == ["code", *NAMED_IN]
    assert [row["code"] for row in rows] == headings
    assert [code for code in headings if not any(also(code, language) for language in NAMED_IN)] == []
    assert also("0101", "de") == also("850760", "en") == ()


def test_other_names_are_written_once_and_are_not_the_shown_one():
    names = {
        code: [(language, name) for language in NAMED_IN for name in also(code, language)] for code in GOODS
    }
    shown = [
        (code, name)
        for code, several in names.items()
        for language, name in several
        if name.casefold() == label(code, language).casefold()
    ]
    twice = [
        (code, name)
        for code, several in names.items()
        for name, times in Counter(name.casefold() for _, name in several).items()
        if times > 1
    ]

    assert shown == []
    assert twice == []


def test_no_other_name_is_empty_or_stands_for_very_many_headings():
    cells = [(row["code"], cell) for row in vocabulary.rows("also") for cell in list(row.values())[1:]]
    blank = [code for code, cell in cells if cell and not all(map(str.strip, cell.split(";")))]
    spread = Counter(
        name
        for code in GOODS
        for name in {one.casefold() for language in NAMED_IN for one in also(code, language)}
    )

    assert blank == []
    assert [name for name, times in spread.items() if times > 3] == []


def test_what_any_firm_says_is_no_name_of_a_heading():
    names = {
        name.casefold()
        for code in GOODS
        for language in NAMED_IN
        for name in (label(code, language), *also(code, language))
    }

    assert [row["language"] for row in vocabulary.rows("chatter")] == list(NAMED_IN)
    assert len(chatter()) == len(set(chatter())) > 300
    assert sorted(names & set(chatter())) == []


@pytest.mark.parametrize(
    ("code", "language", "expected"),
    [
        ("850760", "en", "Rechargeable batteries and cells"),  # the heading's
        ("850760", "zh-Hans", "蓄电池与电芯"),
        ("8507", "de", "Rechargeable batteries and cells"),  # the first language's
        ("77", "en", "77"),  # nothing has a name
        ("nonsense", "en", "nonsense"),
        ("", "en", ""),
    ],
)
def test_a_name_falls_back_to_the_wider_code_then_to_the_first_language(
    code: str, language: str, expected: str
) -> None:
    assert label(code, language) == expected


@pytest.mark.parametrize("code", ["", "8", "85076", "850799", "99", "CPC", "CPC8", "cpc81", "CPC00", " 85"])
def test_what_is_no_code_is_known(code: str) -> None:
    assert not is_code(code)


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Laos", "Chinese Yuan", "Lao"]),
        ("zh-Hans", ["老挝", "人民币", "老挝语"]),
        ("fr", ["Laos", "yuan renminbi chinois", "lao"]),
        ("ar", ["لاوس", "يوان صيني", "اللاوية"]),
        ("ru", ["Лаос", "китайский юань", "лаосский"]),
    ],
)
def test_countries_currencies_and_languages_are_named_in_the_reader_s_language(
    language: str, names: list[str]
) -> None:
    told = [
        vocabulary.country("LA", language),
        vocabulary.currency("CNY", language),
        vocabulary.language("lo", language),
    ]

    assert told == names


def test_an_unknown_code_is_its_own_name_and_an_unknown_reader_reads_english() -> None:
    assert vocabulary.country("XX", "en") == "XX"
    assert vocabulary.currency("XXY", "zh-Hans") == "XXY"
    assert vocabulary.language("klingon", "en") == "klingon"
    assert vocabulary.country("LA", "klingon") == "Laos"


@pytest.mark.parametrize("code", ["CN", "LA", "HK", "TW", "PS", "XK"])
def test_countries_and_regions_are_known(code: str) -> None:
    assert vocabulary.is_country(code)


@pytest.mark.parametrize(
    "code", ["", "cn", "CHN", "001", "EU", "EZ", "UN", "QO", "XA", "XB", "XX", "ZZ", "C1"]
)
def test_what_is_no_country_is_known(code: str) -> None:
    assert not vocabulary.is_country(code)


@pytest.mark.parametrize(
    ("on", "least_developed"),
    [
        (date(1970, 1, 1), 0),
        (date(2020, 12, 3), 47),  # Vanuatu left the day after
        (date(2020, 12, 4), 46),
        (OPENING, 46),
        (date(2023, 12, 12), 46),
        (date(2023, 12, 13), 45),  # Bhutan
        (date(2025, 1, 1), 44),  # São Tomé and Príncipe
    ],
)
def test_the_least_developed_countries_are_those_of_the_day(on: date, least_developed: int) -> None:
    assert len(group("LDC", on)) == least_developed


def test_landlocked_and_island_countries_are_counted() -> None:
    assert [len(group(name, OPENING)) for name in GROUPS] == [46, 32, 39]
    assert "LA" in group("LDC", OPENING) & group("LLDC", OPENING)
    assert not group("LLDC", OPENING) & group("SIDS", OPENING)
    assert group("OECD", OPENING) == frozenset()


@pytest.mark.parametrize("name", GROUPS)
def test_every_country_of_a_group_is_a_country(name: str) -> None:
    days = [date(year, 1, 1) for year in range(1975, 2028)]

    assert {code for on in days for code in group(name, on) if not vocabulary.is_country(code)} == set()
