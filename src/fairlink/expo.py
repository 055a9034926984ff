"""The nouns of an expo and the array conventions.

Row i of every array of a noun is the thing `ids[i]`. Arrays are checked once, then locked. A reference to
another noun is a row number; −1 says there is none. NaN raises. Nothing is aligned, filled or reordered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias, dataclass_transform

import numpy as np
import numpy.typing as npt

from fairlink.errors import BadArray

Array: TypeAlias = npt.NDArray[Any]
Text: TypeAlias = Mapping[str, str]  # language → words

KINDS = ("enterprise", "university", "institute", "association", "agency", "financier", "international")
SIZES = ("micro", "small", "medium", "large")
SMALL = ("micro", "small")
ROLES = ("exhibitor", "co_exhibitor", "buyer", "visitor")
EXHIBITING = ("exhibitor", "co_exhibitor")
STAGES = ("upstream", "midstream", "downstream", "service")
FUNCTIONS = ("trade", "investment", "innovation", "learning")
PLACE_KINDS = ("booth", "table", "room", "online")
WISH_KINDS = ("must", "want", "welcome", "never")
ANSWERS = ("pending", "accepted", "declined", "expired", "withdrawn")  # what became of a wish
PASSED_OVER = ("one_sided", "better_elsewhere", "crowded")  # why somebody who would fit is not on a list
ACTIVITY_KINDS = ("forum", "matchmaking", "roadshow", "signing", "launch", "training")
DEBUT_KINDS = ("product", "technology", "service")
DEBUT_SCOPES = ("world", "region", "expo")
PUBLICATION_KINDS = ("report", "declaration", "standard")
EVIDENCE = ("stated", "document", "verified")
AGREEMENT_STAGES = (
    "intended_deal",
    "letter_of_intent",
    "memorandum",
    "framework",
    "contract",
    "delivered",
)
BINDING = ("contract", "delivered")
BASES = ("one_off", "annual", "total")
OBJECTIVES = ("fair", "efficient")
MEET = ("wishes_first", "wishes_only")  # which meetings the timetable tries to hold
PHASES = ("draft", "registration", "matching", "published", "running", "closed")
# What may come of an offer or need, by its function (after the forms of the Enterprise Europe Network).
PARTNERSHIPS = {
    "trade": ("commercial", "supplier", "outsourcing", "investment"),
    "investment": ("investment",),
    "innovation": ("technical", "research", "investment"),
    "learning": ("training", "standard", "research"),
}
DEVELOPMENT = ("concept", "in_development", "lab_tested", "demonstrable", "on_market")
RIGHTS = ("none_applied", "secret", "applied", "granted")  # intellectual property


AHEAD = 1000  # what a meeting that goes ahead weighs more: as much as the best of the others


def _array(
    kind: str, *axes: str, refers: str = "", choices: tuple[str, ...] = (), default: Any = MISSING
) -> Any:
    """A field that holds an array of numpy kind `kind` over the named axes.

    Its values are row numbers of the axis `refers`, or places in `choices`, where one is given; else counts.
    """
    meta = {"kind": kind, "axes": axes, "refers": refers, "choices": choices}
    return field(default=default, metadata=meta)


def _column(axis: str) -> Any:
    """A field that holds one Python value a row."""
    return field(metadata={"axes": (axis,), "kind": ""})


@dataclass_transform(frozen_default=True, field_specifiers=(_array, _column))
def _noun(cls: type) -> type:
    return dataclass(frozen=True, eq=False)(cls)


@dataclass(frozen=True)
class Rules:
    """What the organiser decided for everyone; every knob of matching and timetable is edition data."""

    list_length: int = 20  # partners suggested to each organisation
    win_win: int = 5  # smallest gain, of 100, that both sides must reach
    meeting_cap: int = 12  # meetings an organisation can hold in all, unless it says otherwise
    daily_cap: int = 0  # the same a day; 0: no limit
    longest_run: int = 0  # meetings in a row without a break, for one delegate; 0: no limit
    first_meetings_bonus: int = (
        0  # points by which the first meeting of an organisation counts for more; 0: none
    )
    objective: str = "fair"
    weight_small: int = 100  # per cent that matches of micro and small enterprises count for
    weight_least_developed: int = 100  # the same for organisations of least developed countries
    exposure_cap: int = (
        0  # first places in lists that nobody is seen more than; a place at rank r is 1/r; 0: no limit
    )
    floor: bool = True  # whether everybody who can be met stands in at least one list
    copies_as_one: bool = True  # whether those who say the very same have one place in a list between them
    meet: str = "wishes_first"
    wish_days: int = 7  # after so many days without an answer a wish expires
    wish_cap: int = 20  # wishes of an organisation that wait for an answer at one time; 0: no limit


@dataclass(frozen=True)
class Edition:
    """One holding of the expo."""

    id: str
    name: Text
    host_country: str  # ISO 3166 alpha-2
    city: Text
    time_zone: str  # IANA
    start: date
    end: date
    languages: tuple[str, ...]  # the first is the fallback
    currency: str  # reporting currency, ISO 4217
    second_currency: str = ""
    rate: Decimal | None = None  # reporting currency for one unit of the second
    rate_date: date | None = None
    sample: bool = False
    note: Text = field(default_factory=dict)
    groups: tuple[str, ...] = ("LDC",)  # of the United Nations, counted among those who take part
    developing: tuple[str, ...] = ()  # countries that the organiser counts as developing
    rules: Rules = Rules()


@_noun
class Chain:
    """Nodes of the edition's chains in their stages, and which node feeds which (a directed acyclic graph)."""

    ids: tuple[str, ...] = _column("nodes")
    names: tuple[Text, ...] = _column("nodes")
    chains: tuple[str, ...] = _column("chains")
    chain_names: tuple[Text, ...] = _column("chains")
    chain: Array = _array("i", "nodes", refers="chains")
    stage: Array = _array("i", "nodes", choices=STAGES)
    essential: Array = _array("b", "nodes")
    codes: tuple[tuple[str, ...], ...] = _column("nodes")
    flows: Array = _array("i", "flows", "two", refers="nodes")  # (from, to)


@_noun
class Slots:
    """The times at which meetings can be held, in order of time."""

    ids: tuple[str, ...] = _column("slots")
    start: tuple[datetime, ...] = _column("slots")  # with the edition's time zone
    end: tuple[datetime, ...] = _column("slots")
    day: Array = _array("i", "slots")  # 0, 1, … in order of dates
    number: Array = _array("i", "slots")  # from 1 within its day


@_noun
class Places:
    """Where meetings can be held. A booth belongs to an organisation."""

    ids: tuple[str, ...] = _column("places")
    names: tuple[Text, ...] = _column("places")
    kind: Array = _array("i", "places", choices=PLACE_KINDS)
    hall: tuple[str, ...] = _column("places")
    organisation: Array = _array("i", "places", refers="organisations")
    capacity: Array = _array("i", "places")  # meetings at a time
    open: Array = _array("b", "places", "slots")
    taken: Array = _array("i", "places", "slots", default=None)  # by meetings not in this Expo; None: nothing

    def __post_init__(self) -> None:
        if self.taken is None:
            object.__setattr__(self, "taken", np.zeros(np.shape(self.open), dtype=np.int32))


@_noun
class Interpreters:
    """Who can interpret between whom, and when. Where there is nobody, it is not said that anybody is needed."""

    ids: tuple[str, ...] = _column("interpreters")
    names: tuple[Text, ...] = _column("interpreters")
    languages: tuple[tuple[str, ...], ...] = _column("interpreters")  # each with every other
    number: Array = _array(
        "i", "interpreters"
    )  # meetings at a time: more than one where a row stands for several
    available: Array = _array("b", "interpreters", "slots")
    taken: Array = _array("i", "interpreters", "slots", default=None)  # as of places

    def __post_init__(self) -> None:
        if self.taken is None:
            object.__setattr__(self, "taken", np.zeros(np.shape(self.available), dtype=np.int32))


@_noun
class Organisations:
    """Who takes part."""

    ids: tuple[str, ...] = _column("organisations")
    names: tuple[Text, ...] = _column("organisations")
    kind: Array = _array("i", "organisations", choices=KINDS)
    size: Array = _array("i", "organisations", choices=SIZES)  # −1 where size says nothing
    role: Array = _array("i", "organisations", choices=ROLES)
    country: tuple[str, ...] = _column("organisations")  # ISO 3166 alpha-2, "" for international bodies
    nodes: tuple[tuple[int, ...], ...] = _column("organisations")
    languages: tuple[tuple[str, ...], ...] = _column("organisations")
    markets: tuple[tuple[str, ...], ...] = _column("organisations")  # countries; empty: everywhere
    certificates: tuple[tuple[str, ...], ...] = _column("organisations")
    delegates: Array = _array("i", "organisations")  # meetings it can hold at one time
    meeting_cap: Array = _array("i", "organisations")  # −1: the edition's rule
    online: Array = _array("b", "organisations")  # not in the halls, meets online only
    available: Array = _array("b", "organisations", "slots")


@_noun
class Listings:
    """Offers, or needs: what an organisation gives, or looks for."""

    ids: tuple[str, ...] = _column("listings")
    organisation: Array = _array("i", "listings", refers="organisations")
    function: Array = _array("i", "listings", choices=FUNCTIONS)
    titles: tuple[Text, ...] = _column("listings")
    summaries: tuple[Text, ...] = _column("listings")
    codes: tuple[tuple[str, ...], ...] = _column("listings")  # HS digits, or CPC + digits
    node: Array = _array("i", "listings", refers="nodes")
    markets: tuple[tuple[str, ...], ...] = _column("listings")  # countries; empty: everywhere
    certificates: tuple[tuple[str, ...], ...] = _column("listings")  # offered with, or required
    kinds: tuple[tuple[str, ...], ...] = _column("listings")  # kinds of partner sought; empty: any
    sizes: tuple[tuple[str, ...], ...] = _column("listings")  # sizes of partner sought; empty: any
    incoterms: tuple[tuple[str, ...], ...] = _column("listings")  # empty: any


@_noun
class Wishes:
    """What organisations have said about meeting one another."""

    organisation: Array = _array("i", "wishes", refers="organisations")
    partner: Array = _array("i", "wishes", refers="organisations")
    kind: Array = _array("i", "wishes", choices=WISH_KINDS)
    answer: Array = _array("i", "wishes", choices=ANSWERS)  # −1 where nobody was asked: it holds as it stands
    group: Array = _array(
        "i", "wishes", default=None
    )  # of which only some are held, −1: none; None: no groups
    choose: Array = _array("i", "wishes", default=None)  # how many of its group are held at most

    def __post_init__(self) -> None:
        if self.group is None:
            object.__setattr__(self, "group", np.full(np.shape(self.kind), -1, dtype=np.int32))
        if self.choose is None:
            object.__setattr__(self, "choose", np.ones(np.shape(self.kind), dtype=np.int32))


@_noun
class Exclusions:
    """Pairs that the organiser keeps apart, each once."""

    first: Array = _array("i", "exclusions", refers="organisations")
    second: Array = _array("i", "exclusions", refers="organisations")  # first < second


def _nobody_apart() -> Exclusions:
    none = np.zeros(0, dtype=np.int32)
    return Exclusions(none, none)


@_noun
class Engagements:
    """Times at which a delegate cannot attend a meeting, having signed up for something else."""

    organisation: Array = _array("i", "engagements", refers="organisations")
    delegate: Array = _array("i", "engagements")  # from 0
    slot: Array = _array("i", "engagements", refers="slots")


def _nobody_engaged() -> Engagements:
    none = np.zeros(0, dtype=np.int32)
    return Engagements(none, none, none)


def _nobody_interprets(slots: int) -> Interpreters:
    return Interpreters((), (), (), np.zeros(0, dtype=np.int32), np.ones((0, slots), dtype=bool))


@_noun
class Wanted:
    """Meetings that would be good to hold, with the gain to each side in points of 100."""

    first: Array = _array("i", "wanted", refers="organisations")
    second: Array = _array("i", "wanted", refers="organisations")  # first < second
    gain_first: Array = _array("i", "wanted")
    gain_second: Array = _array("i", "wanted")
    ahead: Array = _array("b", "wanted")  # before every other: wished for, where suggestions fill up

    @property
    def weight(self) -> Array:
        """int64 (wanted,): round(10 · √(gain · gain)), and AHEAD more for those ahead; zero if either side refuses."""
        product = self.gain_first.astype(np.float64) * self.gain_second
        plain = np.rint(10.0 * np.sqrt(product)).astype(np.int64)
        weight: Array = plain + AHEAD * (self.ahead & (plain > 0))
        return weight


@dataclass(frozen=True)
class Activity:
    """A forum, matchmaking session, roadshow, signing, launch or training; `attended` counts entries."""

    id: str
    kind: str
    name: Text
    start: datetime
    end: datetime
    hall: str
    chain: int
    capacity: int
    attended: int


@dataclass(frozen=True)
class Debut:
    """A product, technology or service shown for the first time: in the world, its region, or this expo."""

    id: str
    organisation: int
    kind: str
    name: Text
    scope: str
    node: int
    day: date
    evidence: str


@dataclass(frozen=True)
class Publication:
    """A report, declaration or standard issued at the expo."""

    id: str
    kind: str
    name: Text
    issuers: tuple[str, ...]
    languages: tuple[str, ...]
    day: date


@dataclass(frozen=True)
class Agreement:
    """What parties agreed, as far as it has come. `confirmed` holds the parties that confirmed it."""

    id: str
    type: str
    stage: str
    name: Text
    parties: tuple[int, ...]
    confirmed: tuple[int, ...]
    day: date
    amount: Decimal | None
    currency: str
    basis: str
    realised: Decimal | None
    node: int
    evidence: str

    @property
    def binding(self) -> bool:
        return self.stage in BINDING


@dataclass(frozen=True, eq=False)
class Expo:
    """One edition, whole and unchanging: who comes, what they offer and need, when and where they can meet."""

    edition: Edition
    chain: Chain
    organisations: Organisations
    offers: Listings
    needs: Listings
    slots: Slots
    places: Places
    wishes: Wishes
    exclusions: Exclusions = field(default_factory=_nobody_apart)
    engagements: Engagements = field(default_factory=_nobody_engaged)
    interpreters: Interpreters = None  # type: ignore[assignment]  # nobody, over the slots of this expo
    rates: Mapping[str, Decimal] = field(default_factory=dict)  # reporting currency for one unit
    purchases: Mapping[str, frozenset[str]] = field(
        default_factory=dict
    )  # code → codes its makers buy; ours if empty
    activities: tuple[Activity, ...] = ()
    debuts: tuple[Debut, ...] = ()
    publications: tuple[Publication, ...] = ()
    agreements: tuple[Agreement, ...] = ()

    def __post_init__(self) -> None:
        if self.interpreters is None:
            object.__setattr__(self, "interpreters", _nobody_interprets(len(self.slots.ids)))
        sizes = {
            "chains": len(self.chain.chains),
            "nodes": len(self.chain.ids),
            "organisations": len(self.organisations.ids),
            "slots": len(self.slots.ids),
            "places": len(self.places.ids),
            "interpreters": len(self.interpreters.ids),
            "two": 2,
        }
        for name in (
            *("chain", "organisations", "slots", "places", "interpreters"),
            *("wishes", "exclusions", "engagements"),
        ):
            check(name, getattr(self, name), sizes)
        for name in ("offers", "needs"):
            listings: Listings = getattr(self, name)
            check(name, listings, sizes | {"listings": len(listings.ids)})
        _check_taken("places", self.places)
        _check_taken("interpreters", self.interpreters)
        _check_engagements(self.engagements, self.organisations.delegates)

    @property
    def ids(self) -> tuple[str, ...]:
        """The organisations' ids, in row order."""
        return self.organisations.ids


def check(name: str, noun: Any, sizes: Mapping[str, int]) -> None:
    """Hold a noun against the sizes of its axes, then lock its arrays.

    An axis that `sizes` does not know takes its length from the first field that has it.
    Raises BadArray naming noun, field, row and what would fit.
    """
    known = dict(sizes)
    for f in fields(noun):
        axes, kind = f.metadata["axes"], f.metadata["kind"]
        value, place = getattr(noun, f.name), f"{name}.{f.name}"
        shape = np.shape(value) if kind else (len(value),)
        if len(shape) != len(axes):
            raise BadArray(f"{place}: axes {axes}, got shape {shape}")
        expected = tuple(known.setdefault(axis, length) for axis, length in zip(axes, shape, strict=True))
        if shape != expected:
            raise BadArray(f"{place}: one row for each of {axes}, that is {expected}, got {shape}")
        if kind:
            choices = f.metadata["choices"]
            _check_array(place, value, kind, len(choices) if choices else known.get(f.metadata["refers"]))
            object.__setattr__(noun, f.name, _locked(value))
    ids = getattr(noun, "ids", ())
    if len(set(ids)) != len(ids):
        twice = next(one for i, one in enumerate(ids) if one in ids[:i])
        raise BadArray(f"{name}.ids: {twice!r} stands twice; ids must differ")


def _check_array(place: str, value: Any, kind: str, rows: int | None) -> None:
    if not isinstance(value, np.ndarray):
        raise BadArray(f"{place}: a numpy array, got {type(value).__name__}")
    if value.dtype.kind == "f" and np.isnan(value).any():
        raise BadArray(f"{place}: NaN in row {int(np.argwhere(np.isnan(value))[0][0])}; say −1 or use a mask")
    if value.dtype.kind != kind:
        raise BadArray(f"{place}: numpy kind {kind!r}, got {value.dtype}")
    if rows is not None and value.size and (value.min() < -1 or value.max() >= rows):
        row = int(np.argwhere((value < -1) | (value >= rows))[0][0])
        raise BadArray(f"{place}: row {row} points at {value[row]}; there are {rows} rows")


def _check_taken(name: str, noun: Places | Interpreters) -> None:
    if (noun.taken < 0).any():
        row, slot = np.argwhere(noun.taken < 0)[0].tolist()
        raise BadArray(f"{name}.taken: row {row}, slot {slot} says {noun.taken[row, slot]}; count from 0")


def _check_engagements(engagements: Engagements, delegates: Array) -> None:
    party, delegate = engagements.organisation, engagements.delegate
    for name, wrong in (
        ("organisation", party < 0),
        ("slot", engagements.slot < 0),
        ("delegate", (delegate < 0) | (delegate >= delegates[party]) if len(party) else party < 0),
    ):
        if wrong.any():
            row = int(np.argmax(wrong))
            raise BadArray(
                f"engagements.{name}: row {row} says {getattr(engagements, name)[row]}: there is none"
            )


def _locked(value: Array) -> Array:
    """A copy that nobody can write to, whoever else holds the array it was made from."""
    copy = value.copy()
    copy.flags.writeable = False
    return copy
