"""The sample expo: the article's figures, sound references, and the same bytes when drawn again."""

from __future__ import annotations

import csv
import subprocess
import sys
from decimal import Decimal
from graphlib import TopologicalSorter
from itertools import combinations
from pathlib import Path

import pytest

from fairlink.tables import TABLES

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "samples" / "first-expo"
LISTS = {"refs", "words", "choices", "codes", "countries", "languages"}

Rows = list[dict[str, str]]


def read(folder: Path) -> dict[str, Rows]:
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


def draw(folder: Path, *options: str) -> dict[str, Rows]:
    command = [sys.executable, "-m", "samples.generator", "--out", str(folder), *options]
    subprocess.run(command, check=True, cwd=ROOT)
    return read(folder)


WRITTEN = [
    name for name in TABLES if name not in ("wishes", "purchases", "exclusions", "interpreters")
]  # which the sample has


@pytest.fixture(scope="module")
def sample() -> dict[str, Rows]:
    return read(FOLDER)


def exhibitors(sample: dict[str, Rows]) -> Rows:
    return [row for row in sample["organisations"] if row["role"] == "exhibitor"]


def figures(sample: dict[str, Rows]) -> dict[str, int]:
    shown = exhibitors(sample)
    return {
        "organisations": len(sample["organisations"]),
        "exhibitors": len(shown),
        "countries": len({row["country"] for row in shown if row["country"]}),
        "international organisations": sum(row["kind"] == "international" for row in shown),
        "from abroad": sum(row["country"] != "CN" for row in shown),
        "activities": len(sample["activities"]),
        "participations": sum(int(row["attended"]) for row in sample["activities"]),
        "debuts": len(sample["debuts"]),
        "publications": len(sample["publications"]),
        "agreements": len(sample["agreements"]),
    }


ARTICLE = {
    "organisations": 1000,
    "exhibitors": 515,
    "countries": 52,
    "international organisations": 3,
    "from abroad": 134,  # 26 %
    "activities": 365,
    "participations": 15_200,
    "debuts": 62,
    "publications": 23,
    "agreements": 208,
}


def test_the_sample_has_the_figures_of_the_first_expo(sample: dict[str, Rows]) -> None:
    assert figures(sample) == ARTICLE


def test_the_agreements_come_to_a_little_more_than_150_billion_yuan(sample: dict[str, Rows]) -> None:
    rates = {"CNY": Decimal(1)} | {row["currency"]: Decimal(row["rate"]) for row in sample["rates"]}

    total = sum(
        Decimal(row["amount"]) * rates[row["currency"]] for row in sample["agreements"] if row["amount"]
    )

    assert Decimal("150.1e9") < total < Decimal("151e9")


def test_less_is_realised_than_was_agreed(sample: dict[str, Rows]) -> None:
    realised = [row for row in sample["agreements"] if row["realised"]]

    assert realised
    assert all(Decimal(row["realised"]) < Decimal(row["amount"]) for row in realised)
    assert {row["stage"] for row in realised} == {"contract", "delivered"}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_cell_that_names_something_names_something_that_is_there(
    sample: dict[str, Rows], name: str
) -> None:
    keys = {
        table.name: {row[table.key] for row in sample.get(table.name, [])}
        for table in TABLES.values()
        if table.key
    }
    wrong = []
    for column in TABLES[name].columns:
        known = keys[column.refers] if column.refers else set(column.choices)
        for row in sample[name] if known else []:
            cell = row.get(column.name, "")
            named = cell.split("|") if column.kind in LISTS else [cell]
            wrong += [(column.name, one) for one in named if one and one not in known]

    assert wrong == []


@pytest.mark.parametrize("name", WRITTEN)
def test_a_table_has_its_required_cells_and_no_others_than_its_columns(
    sample: dict[str, Rows], name: str
) -> None:
    columns = {column.name: column for column in TABLES[name].columns}
    headers = list(sample[name][0])
    missing = [
        (row[headers[0]], column.name)
        for column in columns.values()
        for row in sample[name]
        if column.required and not any(row[head] for head in headers if head.split(":")[0] == column.name)
    ]

    assert [head for head in headers if head.split(":")[0] not in columns] == []
    assert missing == []


def test_nothing_in_the_chain_feeds_itself(sample: dict[str, Rows]) -> None:
    feeds = {row["node"]: row["feeds"].split("|") if row["feeds"] else [] for row in sample["chain"]}

    assert set(TopologicalSorter(feeds).static_order()) == set(feeds)


def test_every_organisation_offers_or_needs_something(sample: dict[str, Rows]) -> None:
    listed = {row["organisation"] for name in ("offers", "needs") for row in sample[name]}

    assert listed == {row["id"] for row in sample["organisations"]}


def test_titles_stay_short(sample: dict[str, Rows]) -> None:
    titles = [
        cell
        for name in ("offers", "needs")
        for row in sample[name]
        for head, cell in row.items()
        if head.startswith("title:")
    ]

    assert max(map(len, titles)) <= 90


def test_parties_of_an_agreement_had_an_offer_and_a_need_at_its_node(sample: dict[str, Rows]) -> None:
    offered, needed = (
        {(row["organisation"], row["node"]) for row in sample[name]} for name in ("offers", "needs")
    )
    strangers = [
        row["id"]
        for row in sample["agreements"]
        for seller, *buyers in [row["parties"].split("|")]
        if (seller, row["node"]) not in offered or any((buyer, row["node"]) not in needed for buyer in buyers)
    ]

    assert strangers == []


def test_every_exhibitor_has_one_booth(sample: dict[str, Rows]) -> None:
    booths = [row["organisation"] for row in sample["places"] if row["kind"] == "booth"]

    assert booths == [row["id"] for row in exhibitors(sample)]


def test_no_hall_is_given_twice_at_once_or_overfilled(sample: dict[str, Rows]) -> None:
    overlapping = [
        (one["id"], other["id"])
        for one, other in combinations(sample["activities"], 2)
        if (one["hall"], one["day"]) == (other["hall"], other["day"])
        and one["start"] < other["end"]
        and other["start"] < one["end"]
    ]

    assert overlapping == []
    assert all(int(row["attended"]) <= int(row["capacity"]) for row in sample["activities"])


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    draw(tmp_path)

    drawn = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert drawn == {path.name: path.read_bytes() for path in FOLDER.glob("*.csv")}


def test_another_seed_gives_another_expo_of_the_same_figures(sample: dict[str, Rows], tmp_path: Path) -> None:
    other = draw(tmp_path, "--seed", "7")

    assert figures(other) == ARTICLE
    assert other["offers"] != sample["offers"]
