"""The tables an expo is written in: every column, its kind, and what it refers to.

Files, the site's rows and the reference pages read the columns here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from fairlink import expo, vocabulary


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `kind` names an entry of `cells.KINDS`; `refers` the table whose key stands here."""

    name: str
    kind: str = "text"
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    refers: str = ""
    least: int | None = None
    most: int | None = None
    longest: int = 4000


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `key` is the column that names a row; `one` says there is exactly one row."""

    name: str
    columns: tuple[Column, ...]
    key: str = "id"
    optional: bool = False
    one: bool = False

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _id() -> Column:
    return Column("id", "id", required=True, longest=64)


def _name(name: str = "name", *, required: bool = True) -> Column:
    return Column(name, "texts", required=required, longest=256)


def _choice(name: str, choices: tuple[str, ...], default: str | None = None) -> Column:
    return Column(name, "choice", required=default is None, default=default, choices=choices)


_RULES = expo.Rules()

EDITION = Table(
    "edition",
    (
        _id(),
        _name(),
        Column("host_country", "country", required=True),
        _name("city"),
        Column("time_zone", "zone", required=True),
        Column("start", "date", required=True),
        Column("end", "date", required=True),
        Column("languages", "languages", required=True),
        Column("currency", "currency", required=True),
        Column("second_currency", "currency"),
        Column("rate", "decimal", least=0),
        Column("rate_date", "date"),
        Column("sample", "yes", default=False),
        Column("note", "texts"),
        Column("list_length", "whole", default=_RULES.list_length, least=1, most=1000),
        Column("win_win", "whole", default=_RULES.win_win, least=0, most=100),
        Column("meeting_cap", "whole", default=_RULES.meeting_cap, least=0, most=10_000),
        Column("daily_cap", "whole", default=_RULES.daily_cap, least=0, most=10_000),
        Column("longest_run", "whole", default=_RULES.longest_run, least=0, most=10_000),
        Column("first_meetings_bonus", "whole", default=_RULES.first_meetings_bonus, least=0, most=100),
        _choice("objective", expo.OBJECTIVES, _RULES.objective),
        Column("weight_small", "whole", default=_RULES.weight_small, least=10, most=1000),
        Column("weight_least_developed", "whole", default=_RULES.weight_least_developed, least=10, most=1000),
        Column("exposure_cap", "whole", default=_RULES.exposure_cap, least=0, most=10_000),
        Column("floor", "yes", default=_RULES.floor),
        Column("copies_as_one", "yes", default=_RULES.copies_as_one),
        _choice("meet", expo.MEET, _RULES.meet),
        Column("wish_days", "whole", default=_RULES.wish_days, least=1, most=365),
        Column("wish_cap", "whole", default=_RULES.wish_cap, least=0, most=10_000),
        _choice("phase", expo.PHASES, "published"),
        Column("groups", "choices", choices=vocabulary.GROUPS, default=("LDC",)),
        Column("developing", "countries"),
    ),
    one=True,
)

CHAIN = Table(
    "chain",
    (
        Column("chain", "id", required=True, longest=64),
        _name("chain_name"),
        Column("node", "id", required=True, longest=64),
        _name(),
        _choice("stage", expo.STAGES),
        Column("codes", "codes"),
        Column("essential", "yes", default=True),
        Column("feeds", "refs", refers="chain"),
    ),
    key="node",
)

ORGANISATIONS = Table(
    "organisations",
    (
        _id(),
        _name(),
        _choice("kind", expo.KINDS),
        Column("size", "choice", choices=expo.SIZES),
        Column("country", "country"),
        Column("city", longest=120),
        _choice("role", expo.ROLES),
        Column("main", "ref", refers="organisations"),
        Column("nodes", "refs", refers="chain"),
        Column("languages", "languages"),
        Column("markets", "countries"),
        Column("certificates", "words"),
        Column("delegates", "whole", default=1, least=1, most=1000),
        Column("meeting_cap", "whole", least=0, most=10_000),
        Column("online", "yes", default=False),
        Column("closed", "refs", refers="slots"),
        Column("website", "address", longest=300),
        Column("description", "texts"),
        Column("lei", "lei", longest=20),
        Column("registration", longest=40),
        Column("delegation", longest=120),
    ),
)

_PARTNERSHIPS = tuple(dict.fromkeys(one for each in expo.PARTNERSHIPS.values() for one in each))
_LISTING = (
    _id(),
    Column("organisation", "ref", required=True, refers="organisations"),
    _choice("function", expo.FUNCTIONS),
    _name("title"),
    Column("summary", "texts", longest=500),
    Column("codes", "codes"),
    Column("node", "ref", refers="chain"),
    Column("quantity", longest=120),
    Column("markets", "countries"),
    Column("certificates", "words"),
    Column("kinds", "choices", choices=expo.KINDS),
    Column("sizes", "choices", choices=expo.SIZES),
    Column("incoterms", "choices", choices=vocabulary.INCOTERMS),
    Column("description", "texts"),
    Column("partnerships", "choices", choices=_PARTNERSHIPS),
    Column("keywords", "words", most=5),
    Column("price", longest=120),
    Column("valid_until", "date"),
)
OFFERS = Table(
    "offers",
    (
        *_LISTING,
        Column("advantages", "texts", longest=2000),
        Column("development", "choice", choices=expo.DEVELOPMENT),
        Column("rights", "choice", choices=expo.RIGHTS),
    ),
)
NEEDS = Table("needs", (*_LISTING, Column("expertise", "texts", longest=2000)))

SLOTS = Table(
    "slots",
    (
        _id(),
        Column("day", "date", required=True),
        Column("start", "time", required=True),
        Column("end", "time", required=True),
    ),
)

PLACES = Table(
    "places",
    (
        _id(),
        _choice("kind", expo.PLACE_KINDS),
        Column("hall", longest=64),
        _name(required=False),
        Column("organisation", "ref", refers="organisations"),
        Column("capacity", "whole", default=1, least=1, most=10_000),
        Column("closed", "refs", refers="slots"),
    ),
)

INTERPRETERS = Table(
    "interpreters",
    (
        _id(),
        _name(required=False),
        Column("languages", "languages", required=True),
        Column("number", "whole", default=1, least=1, most=1000),
        Column("closed", "refs", refers="slots"),
    ),
    optional=True,
)

WISHES = Table(
    "wishes",
    (
        Column("organisation", "ref", required=True, refers="organisations"),
        Column("partner", "ref", required=True, refers="organisations"),
        _choice("kind", expo.WISH_KINDS),
        Column("answer", "choice", choices=expo.ANSWERS),
        Column("group", longest=64),
        Column("choose", "whole", default=1, least=1, most=1000),
    ),
    key="",
    optional=True,
)

EXCLUSIONS = Table(
    "exclusions",
    (
        Column("organisation", "ref", required=True, refers="organisations"),
        Column("partner", "ref", required=True, refers="organisations"),
        Column("reason", longest=500),
    ),
    key="",
    optional=True,
)

RATES = Table(
    "rates",
    (
        Column("currency", "currency", required=True),
        Column("rate", "decimal", required=True, least=0),
        Column("date", "date", required=True),
    ),
    key="currency",
    optional=True,
)

PURCHASES = Table(
    "purchases",
    (
        Column("makes", "code", required=True, longest=16),
        Column("buys", "codes", required=True),
    ),
    key="makes",
    optional=True,
)

ACTIVITIES = Table(
    "activities",
    (
        _id(),
        _choice("kind", expo.ACTIVITY_KINDS),
        _name(),
        Column("day", "date", required=True),
        Column("start", "time", required=True),
        Column("end", "time", required=True),
        Column("hall", longest=64),
        Column("chain", longest=64),
        Column("capacity", "whole", default=0, least=0),
        Column("attended", "whole", default=0, least=0),
    ),
    optional=True,
)

DEBUTS = Table(
    "debuts",
    (
        _id(),
        Column("organisation", "ref", required=True, refers="organisations"),
        _choice("kind", expo.DEBUT_KINDS),
        _name(),
        _choice("scope", expo.DEBUT_SCOPES),
        Column("node", "ref", refers="chain"),
        Column("day", "date", required=True),
        _choice("evidence", expo.EVIDENCE, "stated"),
    ),
    optional=True,
)

PUBLICATIONS = Table(
    "publications",
    (
        _id(),
        _choice("kind", expo.PUBLICATION_KINDS),
        _name(),
        Column("issuers", "words", required=True),
        Column("languages", "languages"),
        Column("day", "date", required=True),
    ),
    optional=True,
)

AGREEMENTS = Table(
    "agreements",
    (
        _id(),
        Column("type", required=True, longest=64),
        _choice("stage", expo.AGREEMENT_STAGES),
        _name(),
        Column("parties", "refs", required=True, refers="organisations", least=2),
        Column("confirmed", "refs", refers="organisations"),
        Column("day", "date", required=True),
        Column("amount", "decimal", least=0),
        Column("currency", "currency"),
        _choice("basis", expo.BASES, "one_off"),
        Column("realised", "decimal", least=0),
        Column("node", "ref", refers="chain"),
        _choice("evidence", expo.EVIDENCE, "stated"),
    ),
    optional=True,
)

TABLES = {
    table.name: table
    for table in (
        *(EDITION, CHAIN, ORGANISATIONS, OFFERS, NEEDS, SLOTS, PLACES),
        *(INTERPRETERS, WISHES, EXCLUSIONS, RATES, PURCHASES, ACTIVITIES, DEBUTS, PUBLICATIONS, AGREEMENTS),
    )
}


Record: TypeAlias = Mapping[str, Any]  # column → value, as `cells` reads it


@dataclass(frozen=True)
class Records:
    """The rows of an expo's tables as plain values, and what is known of where they came from.

    `lines` has the line of each row where rows have lines; `broken` the rows with a cell that could not be
    read; `missing` the tables that are not there though they should be. Rules keep silent about both.
    """

    tables: Mapping[str, Sequence[Record]]
    lines: Mapping[str, Sequence[int]] = field(default_factory=dict)
    broken: Mapping[str, frozenset[int]] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()

    def __getitem__(self, table: str) -> Sequence[Record]:
        return self.tables.get(table, ())
