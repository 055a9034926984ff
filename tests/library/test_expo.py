"""The nouns of an expo: arrays are checked, named when they do not fit, locked, and summed up in a fingerprint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from expos import make_expo
from folders import write_small
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlink import BadArray, BadExpo, Expo, FairlinkError, Problem, files
from fairlink.expo import Rules, Wanted, check
from fairlink.provenance import fingerprint

NOUNS = ("chain", "organisations", "offers", "needs", "slots", "places", "wishes")


@pytest.fixture
def expo(tmp_path: Path) -> Expo:
    return files.read(write_small(tmp_path))


def with_field(expo: Expo, noun: str, field: str, value: Any) -> Expo:
    return replace(expo, **{noun: replace(getattr(expo, noun), **{field: value})})


def arrays(expo: Expo) -> Iterator[tuple[str, str, np.ndarray]]:
    for noun in NOUNS:
        for field in fields(getattr(expo, noun)):
            value = getattr(getattr(expo, noun), field.name)
            if isinstance(value, np.ndarray):
                yield noun, field.name, value


def test_row_i_of_every_array_is_organisation_i() -> None:
    expo = make_expo(["b", "a"], slots=3, delegates=[1, 2], away=[(1, 0)])

    assert expo.ids == ("b", "a")
    assert expo.organisations.delegates.tolist() == [1, 2]
    assert expo.organisations.available.tolist() == [[True, True, True], [False, True, True]]


@pytest.mark.parametrize("size", [0, 1, 2])
def test_an_expo_can_be_empty_or_tiny(size: int) -> None:
    expo = make_expo([f"o{i}" for i in range(size)], slots=0, places=())

    assert expo.organisations.available.shape == (size, 0)


def test_every_array_is_locked(expo: Expo) -> None:
    found = list(arrays(expo))

    assert len(found) == 30
    for noun, field, array in found:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
        assert not array.flags.writeable, (noun, field)


@pytest.mark.parametrize(
    ("noun", "field", "value", "said"),
    [
        (
            "organisations",
            "kind",
            np.zeros(3, int),
            "organisations.kind: one row for each of ('organisations',)",
        ),
        ("organisations", "available", np.ones((4, 3), bool), "organisations.available: one row for each of"),
        ("organisations", "available", np.ones(4, bool), "organisations.available: axes"),
        ("organisations", "names", (), "organisations.names: one row for each of"),
        ("offers", "function", np.zeros(1, int), "offers.function: one row for each of ('listings',)"),
        ("needs", "titles", ({},), "needs.titles: one row for each of"),
        ("chain", "flows", np.zeros((2, 3), int), "chain.flows: one row for each of ('flows', 'two')"),
        ("wishes", "partner", np.zeros(1, int), "wishes.partner: one row for each of ('wishes',)"),
        ("slots", "start", (), "slots.start: one row for each of"),
        ("organisations", "delegates", [1, 1, 1, 1], "organisations.delegates: a numpy array, got list"),
        ("organisations", "delegates", np.ones(4), "organisations.delegates: numpy kind 'i', got float64"),
        ("organisations", "online", np.zeros(4, int), "organisations.online: numpy kind 'b', got int64"),
        ("organisations", "role", np.array(["buyer"] * 4), "organisations.role: numpy kind 'i', got <U5"),
        (
            "places",
            "organisation",
            np.array([0, 4]),
            "places.organisation: row 1 points at 4; there are 4 rows",
        ),
        ("places", "organisation", np.array([-2, 0]), "places.organisation: row 0 points at -2"),
        ("offers", "node", np.array([0, 3]), "offers.node: row 1 points at 3; there are 3 rows"),
        ("chain", "chain", np.array([0, 0, 1]), "chain.chain: row 2 points at 1; there are 1 rows"),
        ("chain", "flows", np.array([[0, 1], [1, 3]]), "chain.flows: row 1 points at [1 3]"),
        ("organisations", "ids", ("a", "b", "c", "a"), "organisations.ids: 'a' stands twice"),
        ("slots", "ids", ("s", "t", "u", "s"), "slots.ids: 's' stands twice"),
    ],
)
def test_what_does_not_fit_is_named(expo: Expo, noun: str, field: str, value: Any, said: str) -> None:
    with pytest.raises(BadArray) as caught:
        with_field(expo, noun, field, value)

    assert str(caught.value).startswith(said)


def test_nan_is_named_with_its_row(expo: Expo) -> None:
    with pytest.raises(BadArray, match=r"organisations\.delegates: NaN in row 2; say −1 or use a mask"):
        with_field(expo, "organisations", "delegates", np.array([1, 1, np.nan, 1]))


@settings(deadline=None)
@given(st.data())
def test_a_row_number_fits_exactly_when_the_row_is_there(data: st.DataObject) -> None:
    rows = data.draw(st.integers(1, 4))
    pointers = np.array(data.draw(st.lists(st.integers(-4, 6), min_size=1, max_size=5)))
    wishes = make_expo([]).wishes
    noun = replace(
        wishes,
        organisation=pointers,
        **dict.fromkeys(("partner", "kind", "answer", "group", "choose"), pointers * 0),
    )
    fits = all(-1 <= pointer < rows for pointer in pointers.tolist())

    if fits:
        check("wishes", noun, {"organisations": rows})
        return

    with pytest.raises(BadArray, match=r"wishes\.organisation: row \d+ points at"):
        check("wishes", noun, {"organisations": rows})


def test_errors_have_one_root() -> None:
    problem = Problem("unknown_code", "offers", row=3, column="codes", line=5, data={"value": "99"})

    error = BadExpo([problem])

    assert isinstance(error, FairlinkError)
    assert issubclass(BadArray, FairlinkError)
    assert error.problems == (problem,)
    assert str(error) == "offers, line 5, codes: unknown_code (value='99')"
    assert str(Problem("circle", "chain", row=0)) == "chain, row 0: circle"


def test_a_copy_has_the_same_fingerprint(expo: Expo) -> None:
    copies = {
        noun: replace(
            getattr(expo, noun),
            **{field: array.copy() for one, field, array in arrays(expo) if one == noun},
        )
        for noun in NOUNS
    }

    assert fingerprint(replace(expo, **copies)) == fingerprint(expo)


def test_the_width_of_the_integers_and_the_order_of_languages_do_not_show(expo: Expo) -> None:
    names = tuple(dict(reversed(name.items())) for name in expo.chain.names)
    wide = with_field(expo, "chain", "stage", expo.chain.stage.astype(np.int64))

    assert expo.chain.stage.dtype == np.int32
    assert fingerprint(with_field(wide, "chain", "names", names)) == fingerprint(expo)


def test_a_sum_written_with_more_zeros_is_the_same_sum(expo: Expo) -> None:
    agreement = replace(expo.agreements[0], amount=Decimal("2.5"))

    assert expo.agreements[0].amount == Decimal("2.50")
    assert fingerprint(replace(expo, agreements=(agreement,))) == fingerprint(expo)


def test_any_change_of_an_array_changes_the_fingerprint(expo: Expo) -> None:
    before, seen = fingerprint(expo), set()
    changeable = [one for one in arrays(expo) if one[2].size and one[0] != "wishes"]

    for noun, field, array in changeable:
        changed, last = array.copy(), array.flat[-1]
        changed.flat[-1] = (
            not last if array.dtype == bool else last - 1 if last >= 0 and field != "taken" else last + 1
        )
        seen.add(fingerprint(with_field(expo, noun, field, changed)))

    assert len(changeable) == 24
    assert before not in seen
    assert len(seen) == len(changeable)


@pytest.mark.parametrize(
    "change",
    [
        lambda expo: replace(expo, edition=replace(expo.edition, name={"en": "Other"})),
        lambda expo: replace(expo, edition=replace(expo.edition, rules=Rules(meeting_cap=11))),
        lambda expo: replace(expo, rates={"USD": Decimal("7.11")}),
        lambda expo: replace(expo, agreements=()),
        lambda expo: replace(expo, agreements=(replace(expo.agreements[0], amount=None),)),
        lambda expo: with_field(expo, "organisations", "names", ({"en": "x"},) * 4),
        lambda expo: with_field(expo, "organisations", "nodes", ((0,), (1,), (), ())),
        lambda expo: with_field(expo, "offers", "codes", (("85",), ("28",))),
        lambda expo: with_field(expo, "slots", "end", expo.slots.start),
        lambda expo: replace(expo, offers=expo.needs, needs=expo.offers),
    ],
)
def test_any_other_change_changes_the_fingerprint(expo: Expo, change: Any) -> None:
    assert fingerprint(change(expo)) != fingerprint(expo)


def test_the_weight_of_a_meeting_is_zero_when_either_side_refuses() -> None:
    gains = np.array([[100, 100, 0, 50, 1], [100, 81, 100, 50, 2]])
    side = np.arange(5)

    wanted = Wanted(side, side + 1, gains[0], gains[1], np.zeros(5, dtype=bool))
    ahead = replace(wanted, ahead=np.ones(5, dtype=bool))

    assert wanted.weight.tolist() == [1000, 900, 0, 500, 14]
    assert ahead.weight.tolist() == [2000, 1900, 0, 1500, 1014]
