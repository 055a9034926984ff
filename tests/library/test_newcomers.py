"""Somebody who comes when the lists are made: a list at once, close to the one it would have had."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from encoders import Counting
from folders import listing, organisation, small

from fairlink import BadArray, Expo, files, records
from fairlink.partners import Standing, reasons, recommend, standing, welcome
from fairlink.tables import Records

NOTHING: dict[str, list[Any]] = {"offers": [], "needs": [], "places": [], "agreements": []}


def expo_of(*ids: str, **tables: Any) -> Expo:
    """The small expo with these organisations of China and what they list."""
    here = [organisation(one, "CN") for one in ids]
    return records.build(Records(small() | NOTHING | tables | {"organisations": here}))


def stand(expo: Expo, encoder: Any = None) -> Standing:
    found = recommend(expo, encoder=encoder)
    return standing(expo, found.organisation, found.gain * found.partner_gain, encoder=encoder)


def parted(folder: Path, one: str) -> tuple[Expo, Expo]:
    """The expo of a folder without one organisation, and that one alone."""
    tables = dict(files.read_records(folder).tables)
    shared = {name: tables[name] for name in ("edition", "chain", "slots")}
    whose = {"organisations": "id", "offers": "organisation", "needs": "organisation"}
    return tuple(
        records.build(
            Records(
                shared
                | {
                    name: [row | alone for row in tables[name] if (row[column] == one) == mine]
                    for name, column in whose.items()
                    for alone in [{"main": "", "role": "exhibitor"} if name == "organisations" else {}]
                }
            )
        )
        for mine in (False, True)
    )  # type: ignore[return-value]


@pytest.mark.parametrize("one", ["o0001", "o0100", "o0300"])
def test_a_newcomer_s_list_is_close_to_the_one_it_would_have_had(sample: Path, one: str) -> None:
    others, newcomer = parted(sample, one)
    whole = files.read(sample)
    full = recommend(whole)
    mine = full.of(whole.ids.index(one))

    expo, found = welcome(stand(others), newcomer)

    would = dict(zip((whole.ids[row] for row in full.partner[mine]), full.gain[mine].tolist(), strict=True))
    is_now = dict(zip((expo.ids[row] for row in found.partner), found.gain.tolist(), strict=True))
    common = would.keys() & is_now.keys()
    assert len(common) >= len(would) // 2
    assert max(abs(would[other] - is_now[other]) for other in common) <= 3
    assert len(found.rank) == min(whole.edition.rules.list_length, len(found.rank))
    assert found.organisation.tolist() == [len(others.ids)] * len(found.rank)
    for gain, why in zip(found.gain, reasons(expo, found), strict=True):
        assert sum(reason.points[0] for reason in why) == gain


def test_whoever_gains_most_from_the_newcomer_and_is_least_taken_stands_first() -> None:
    sellers = [listing("offers", f"o-{one}", one, "850760") for one in ("b", "c")]
    taken = [listing("needs", f"n-{one}", f"x{one}", "850760") for one in range(9)]
    others = expo_of("b", "c", *(f"x{one}" for one in range(9)), offers=sellers[:1], needs=taken)
    both = expo_of("b", "c", *(f"x{one}" for one in range(9)), offers=sellers, needs=taken)
    newcomer = expo_of("z", needs=[listing("needs", "nz", "z", "850760")])

    _, found = welcome(stand(both), newcomer)
    _, apart = welcome(stand(both), newcomer, apart={"b"})
    _, busy = welcome(stand(others), newcomer)

    assert [both.ids[row] for row in found.partner] == ["b", "c"]
    assert [both.ids[row] for row in apart.partner] == ["c"]
    assert busy.mutual.tolist() == [True] * len(busy.rank)


def test_the_very_same_words_meet_however_rare_they_are() -> None:
    title = {"en": "Solar drying tunnels for mangoes"}
    others = expo_of("b", offers=[listing("offers", "ob", "b", title=title)])
    newcomer = expo_of("z", needs=[listing("needs", "nz", "z", title=title)])

    _, found = welcome(stand(others), newcomer)

    assert found.partner.tolist() == [0]


def test_only_the_newcomer_s_texts_are_read_and_by_the_same_encoder() -> None:
    encoder = Counting()
    others = expo_of("b", offers=[listing("offers", "ob", "b", "080450", title={"en": "Mango purée"})])
    newcomer = expo_of("z", needs=[listing("needs", "nz", "z", "080450", title={"fr": "purée de mangue"})])
    stands = stand(others, encoder)
    encoder.asked.clear()

    _, found = welcome(stands, newcomer, encoder=encoder)

    assert "purée de mangue" in encoder.asked
    assert "Mango purée" not in encoder.asked
    assert found.partner.tolist() == [0]
    with pytest.raises(BadArray, match="glossary-1"):
        welcome(stands, newcomer)


def test_nobody_there_is_an_empty_list_and_a_wrong_newcomer_is_named() -> None:
    newcomer = expo_of("z", needs=[listing("needs", "nz", "z", "850760")])

    _, found = welcome(stand(expo_of()), newcomer)

    assert found.rank.tolist() == []
    with pytest.raises(BadArray, match="one at a time, got 2"):
        welcome(stand(expo_of()), expo_of("y", "z"))
    with pytest.raises(BadArray, match="'z' is here already"):
        welcome(stand(expo_of("z")), newcomer)
    lone = records.build(
        Records(small() | NOTHING | {"organisations": [organisation("z", "CN")], "chain": []})
    )
    with pytest.raises(BadArray, match="links of the expo"):
        welcome(stand(expo_of("b")), lone)
