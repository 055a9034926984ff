"""One cell of a table: what it takes, what it refuses and why, and that what is written is read again."""

from __future__ import annotations

import tempfile
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from folders import agreement, organisation, truck, write_small
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlink import Problem, cells, files, words
from fairlink.cells import BadCell
from fairlink.cli import sentences
from fairlink.tables import TABLES, Column

CHOICE = {"choices": ("forum", "launch")}
GOOD: list[tuple[str, dict[str, Any], str, Any]] = [
    ("text", {}, "  steel ", "steel"),
    ("text", {}, "", ""),
    ("texts", {}, "钢", "钢"),
    ("id", {}, "o-1_a.b", "o-1_a.b"),
    ("id", {}, "机构1", "机构1"),
    ("refs", {}, "b| a||b", ("b", "a")),
    ("words", {}, "ISO 9001|CE", ("ISO 9001", "CE")),
    ("address", {}, "https://example.org/a?b=c", "https://example.org/a?b=c"),
    ("whole", {}, "+07", 7),
    ("whole", {}, "", None),
    ("whole", {"default": 3}, "", 3),
    ("decimal", {}, "1.50", Decimal("1.50")),
    ("yes", {}, "YES", True),
    ("yes", {"default": True}, "", True),
    ("date", {}, "2023-11-28", date(2023, 11, 28)),
    ("time", {}, "09:30", time(9, 30)),
    ("zone", {}, "Asia/Shanghai", "Asia/Shanghai"),
    ("choice", CHOICE, "forum", "forum"),
    ("choices", CHOICE, "launch|forum", ("launch", "forum")),
    ("country", {}, "LA", "LA"),
    ("countries", {}, "LA|CN", ("LA", "CN")),
    ("language", {}, "zh-Hans", "zh-Hans"),
    ("languages", {}, "en|lo", ("en", "lo")),
    ("lei", {}, "5493001kjtiigc8y1r12", "5493001KJTIIGC8Y1R12"),
    ("currency", {}, "CNY", "CNY"),
    ("code", {}, "850760", "850760"),
    ("codes", {}, "85|8507|850760|CPC8111", ("85", "8507", "850760", "CPC8111")),
]
BAD: list[tuple[str, dict[str, Any], str, str]] = [
    ("text", {}, "a\0b", "unreadable_character"),
    ("text", {"longest": 3}, "four", "too_long"),
    ("id", {}, "two words", "not_an_id"),
    ("id", {}, "a|b", "not_an_id"),
    ("refs", {}, "a|b c", "not_an_id"),
    ("address", {}, "javascript:alert(1)", "not_an_address"),
    ("address", {}, "https://a b", "not_an_address"),
    ("whole", {}, "1.0", "not_a_whole_number"),
    ("whole", {}, "NaN", "not_a_whole_number"),
    ("whole", {}, "9" * 5000, "too_long"),
    ("lei", {}, "5493001KJTIIGC8Y1R13", "wrong_check_digits"),
    ("words", {"most": 2}, "a|b|c", "too_many"),
    ("whole", {"least": 1}, "0", "too_small"),
    ("decimal", {}, "nan", "not_a_number"),
    ("decimal", {}, "sNaN", "not_a_number"),
    ("decimal", {}, "-inf", "not_a_number"),
    ("decimal", {}, "1,5", "not_a_number"),
    ("decimal", {"least": 0}, "-0.01", "too_small"),
    ("yes", {}, "true", "not_yes_or_no"),
    ("date", {}, "28.11.2023", "not_a_date"),
    ("date", {}, "2023-02-29", "not_a_date"),
    ("time", {}, "24:00", "not_a_time"),
    ("time", {}, "9:30", "not_a_time"),
    ("zone", {}, "Mars/Olympus", "unknown_time_zone"),
    ("zone", {}, "../../etc/passwd", "unknown_time_zone"),
    ("choice", CHOICE, "Forum", "unknown_choice"),
    ("choices", CHOICE, "forum|ball", "unknown_choice"),
    ("country", {}, "XX", "unknown_country"),
    ("country", {}, "la", "unknown_country"),
    ("language", {}, "klingon", "unknown_language"),
    ("currency", {}, "yuan", "unknown_currency"),
    ("code", {}, "9999", "unknown_code"),
    ("codes", {}, "8507|9999", "unknown_code"),
    ("codes", {}, "CPC8", "unknown_code"),
]


def column(kind: str, more: dict[str, Any]) -> Column:
    return Column("cell", kind, **more)


@pytest.mark.parametrize(("kind", "more", "text", "value"), GOOD)
def test_a_good_cell_is_read_and_read_again_when_written(
    kind: str, more: dict[str, Any], text: str, value: Any
) -> None:
    read = cells.read(text, column(kind, more))

    assert (type(read), read) == (type(value), value)
    assert cells.read(cells.write(read, column(kind, more)), column(kind, more)) == value


@pytest.mark.parametrize(("kind", "more", "text", "code"), BAD)
def test_a_bad_cell_is_refused_with_its_code(kind: str, more: dict[str, Any], text: str, code: str) -> None:
    with pytest.raises(BadCell) as caught:
        cells.read(text, column(kind, more))

    assert caught.value.code == code
    problem = Problem(code, "offers", line=2, column="cell", data=caught.value.data)
    assert all("{" not in sentences.problem(problem, language) for language in words.LANGUAGES)


def test_zeros_in_front_of_a_whole_number_do_not_matter() -> None:
    assert cells.read("0" * 25 + "7", column("whole", {})) == 7


def test_every_kind_of_cell_is_tried_here() -> None:
    assert {kind for kind, *_ in GOOD} == set(cells.KINDS) - {"ref"}
    assert {one.kind for table in TABLES.values() for one in table.columns} <= set(cells.KINDS)


def test_an_empty_cell_of_any_column_is_a_value_that_can_be_written() -> None:
    for table in TABLES.values():
        for one in table.columns:
            assert cells.read(cells.write(cells.empty(one), one), one) == cells.empty(one)


WORDS = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffd"),
        st.sampled_from(",;\"|\n'="),
    ),
    max_size=60,
)


@settings(deadline=None)
@given(WORDS, WORDS, WORDS)
def test_any_words_can_be_written_and_read_again(city: str, english: str, chinese: str) -> None:
    texts = {"en": english, "zh-Hans": chinese}
    with tempfile.TemporaryDirectory() as folder:
        write_small(Path(folder), organisations=[organisation("battery", "CN", city=city, description=texts)])

        (row,) = files.read_records(folder)["organisations"]

    assert row["city"] == city.strip()
    assert row["description"] == {one: words.strip() for one, words in texts.items() if words.strip()}


@settings(deadline=None)
@given(st.lists(WORDS.filter(lambda word: "|" not in word), max_size=5))
def test_any_list_of_words_can_be_written_and_read_again(issuers: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_small(Path(folder), organisations=[organisation("battery", "CN", certificates=issuers)])

        (row,) = files.read_records(folder)["organisations"]

    assert row["certificates"] == tuple(dict.fromkeys(one.strip() for one in issuers if one.strip()))


@settings(deadline=None)
@given(st.decimals(min_value=0, max_value=10**15, allow_nan=False, allow_infinity=False, places=10))
def test_any_amount_can_be_written_and_read_again_to_the_last_digit(amount: Decimal) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_small(Path(folder), agreements=[agreement("ag1", "battery", "mine", amount=amount)])

        (row,) = files.read_records(folder)["agreements"]

    assert row["amount"] == amount


def test_a_lone_carriage_return_in_a_text_does_not_end_the_row(tmp_path: Path) -> None:
    truck(description={"en": "first\rsecond\r\nthird"})(tmp_path)

    rows = files.read_records(tmp_path)["organisations"]

    assert rows[-1]["description"] == {"en": "first\nsecond\nthird"}
