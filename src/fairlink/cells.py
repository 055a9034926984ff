"""One cell of a table: from its text to a value and back, kind by kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fairlink import identifiers, vocabulary
from fairlink.tables import Column, Table

SEPARATOR = "|"  # between the values of a list inside one cell
BETWEEN_WORDS = r"[;,，；、\n]+"  # by which people part words of a list, where no separator stands
MOST_WHOLE = 10**9  # fits every array and every database column
FINEST = -10  # digits behind the point, as the database keeps them too
MOST_DECIMAL = 10**15  # sums of such amounts are exact in the digits that money is counted in


class BadCell(Exception):
    """A text that is no value of its column: a code and the data a sentence needs."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


class Kind(NamedTuple):
    """How a kind of cell is read and written, and the value of an empty one."""

    read: Callable[[str, Column], Any]
    write: Callable[[Any], str]
    empty: Any = None


def read(text: str, column: Column) -> Any:
    """The value of a cell; the column's default where the cell is empty. Raises BadCell."""
    text = text.strip()
    if "\x00" in text:
        raise BadCell("unreadable_character", character="NUL")
    if len(text) > column.longest:
        raise BadCell("too_long", length=len(text), longest=column.longest)
    if not text:
        return empty(column)
    return KINDS[column.kind].read(text, column)


def write(value: Any, column: Column) -> str:
    """The text of a cell that `read` turns into this value again."""
    return "" if value is None else KINDS[column.kind].write(value)


def empty(column: Column) -> Any:
    """What stands for a cell without text."""
    return KINDS[column.kind].empty if column.default is None else column.default


def blank(table: Table) -> dict[str, Any]:
    """A record of which nothing is said yet: every column as an empty cell leaves it."""
    return {column.name: {} if column.kind == "texts" else empty(column) for column in table.columns}


def _text(text: str, column: Column) -> str:
    return _newlines(text)


def _newlines(text: str) -> str:
    """Lines end in one way, whatever machine they were written on; a lone return would end a row of CSV."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _id(text: str, column: Column) -> str:
    if not re.fullmatch(r"[\w.\-]+", text):
        raise BadCell("not_an_id", value=text)
    return text


def _address(text: str, column: Column) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"']+", text):
        raise BadCell("not_an_address", value=text)
    return text


def _whole(text: str, column: Column) -> int:
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise BadCell("not_a_whole_number", value=text)
    number: int = _within(int(text), MOST_WHOLE, column)
    return number


def _decimal(text: str, column: Column) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < FINEST:  # no number, or one of more digits than money has
        raise BadCell("not_a_number", value=text)
    exact: Decimal = _within(number, MOST_DECIMAL, column)
    return exact


def _within(number: Any, most: int, column: Column) -> Any:
    """The number, if it can be counted with. Raises BadCell."""
    if column.least is not None and number < column.least:
        raise BadCell("too_small", value=number, least=column.least)
    most = most if column.most is None else column.most
    if number > most:
        raise BadCell("too_large", value=number, most=most)
    return number


def _yes(text: str, column: Column) -> bool:
    if text.lower() not in ("yes", "no"):
        raise BadCell("not_yes_or_no", value=text)
    return text.lower() == "yes"


def _date(text: str, column: Column) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadCell("not_a_date", value=text) from None


def _time(text: str, column: Column) -> time:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise BadCell("not_a_time", value=text)
    return time.fromisoformat(text)


def _zone(text: str, column: Column) -> str:
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadCell("unknown_time_zone", value=text) from None


def _choice(text: str, column: Column) -> str:
    if text not in column.choices:
        raise BadCell("unknown_choice", value=text, choices=column.choices)
    return text


def _lei(text: str, column: Column) -> str:
    if not identifiers.lei(text.upper()):
        raise BadCell("wrong_check_digits", value=text)
    return text.upper()


def _known(test: Callable[[str], bool], code: str) -> Callable[[str, Column], str]:
    def one(text: str, column: Column) -> str:
        if not test(text):
            raise BadCell(code, value=text)
        return text

    return one


def _list(one: Callable[[str, Column], str]) -> Callable[[str, Column], tuple[str, ...]]:
    def many(text: str, column: Column) -> tuple[str, ...]:
        values = [value.strip() for value in text.split(SEPARATOR)]
        found = tuple(dict.fromkeys(one(value, column) for value in values if value))
        if column.most is not None and len(found) > column.most:
            raise BadCell("too_many", value=len(found), most=column.most)
        return found

    return many


def _words(values: tuple[str, ...]) -> str:
    """Words of a list; a separator behind a single one says that it is one, whatever stands in it."""
    alone = len(values) == 1 and re.search(BETWEEN_WORDS, values[0])
    return values[0] + SEPARATOR if alone else SEPARATOR.join(values)


_country = _known(vocabulary.is_country, "unknown_country")
_language = _known(vocabulary.is_language, "unknown_language")
_currency = _known(vocabulary.is_currency, "unknown_currency")
_code = _known(vocabulary.is_code, "unknown_code")

KINDS = {
    "text": Kind(_text, _newlines, ""),
    "texts": Kind(_text, _newlines, ""),
    "id": Kind(_id, str, ""),
    "ref": Kind(_id, str, ""),
    "refs": Kind(_list(_id), SEPARATOR.join, ()),
    "words": Kind(_list(_text), _words, ()),
    "address": Kind(_address, str, ""),
    "whole": Kind(_whole, str),
    "decimal": Kind(_decimal, lambda number: format(number, "f")),
    "yes": Kind(_yes, lambda yes: "yes" if yes else "no", False),
    "date": Kind(_date, date.isoformat),
    "time": Kind(_time, lambda moment: moment.strftime("%H:%M")),
    "zone": Kind(_zone, str, ""),
    "choice": Kind(_choice, str, ""),
    "choices": Kind(_list(_choice), SEPARATOR.join, ()),
    "country": Kind(_country, str, ""),
    "countries": Kind(_list(_country), SEPARATOR.join, ()),
    "language": Kind(_language, str, ""),
    "languages": Kind(_list(_language), SEPARATOR.join, ()),
    "currency": Kind(_currency, str, ""),
    "code": Kind(_code, str, ""),
    "codes": Kind(_list(_code), SEPARATOR.join, ()),
    "lei": Kind(_lei, str, ""),
}
