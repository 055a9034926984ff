"""The expo's own supply network: tiers, who stands on each link, gaps, and where everything is drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from folders import link, listing, organisation, small
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlink import Expo, files, records
from fairlink.chain import THIN, coverage, is_gap, layout, tiers
from fairlink.expo import STAGES, Chain
from fairlink.tables import Records

# ore → cell → car, ore → car; a service on which nothing hangs; tyres in the middle that feed the car.
FOUR = [
    link("ore", "upstream", "cell", "car"),
    link("cell", "midstream", "car"),
    link("car", "downstream"),
    link("bank", "service", essential=False),
]


def expo_of(**tables: Any) -> Expo:
    nothing = {"offers": [], "needs": [], "agreements": []}
    return records.build(Records(small() | nothing | tables))


def chain_of(*flows: tuple[int, int], stage: list[int], chain: list[int] | None = None) -> Chain:
    rows = len(stage)
    chain = chain or [0] * rows
    return Chain(
        ids=tuple(f"n{row}" for row in range(rows)),
        names=({},) * rows,
        chains=tuple(f"c{number}" for number in range(max(chain, default=-1) + 1)),
        chain_names=({},) * (max(chain, default=-1) + 1),
        chain=np.array(chain, dtype=np.int64),
        stage=np.array(stage, dtype=np.int64),
        essential=np.ones(rows, dtype=bool),
        codes=((),) * rows,
        flows=np.array(flows, dtype=np.int64).reshape(-1, 2),
    )


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    """Chains without a circle: flows run from a lower to a higher row, stages as they come."""
    rows = draw(st.integers(0, 9))
    pairs = [(a, b) for b in range(rows) for a in range(b)]
    flows = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    stage = draw(st.lists(st.integers(0, len(STAGES) - 1), min_size=rows, max_size=rows))
    return chain_of(
        *flows, stage=stage, chain=draw(st.lists(st.integers(0, 1), min_size=rows, max_size=rows))
    )


def test_the_tier_of_a_link_is_the_longest_way_to_it() -> None:
    assert tiers(expo_of(chain=FOUR).chain).tolist() == [0, 1, 2, 0]


def test_four_links_are_drawn_by_stage() -> None:
    drawn = layout(expo_of(chain=FOUR).chain, 0)

    assert drawn.nodes.tolist() == [0, 1, 2, 3]
    assert drawn.column.tolist() == [0, 1, 2, 3]
    assert drawn.place.tolist() == [0, 0, 0, 0]
    assert drawn.flows.tolist() == [[0, 1], [0, 2], [1, 2]]


def test_a_stage_that_feeds_itself_takes_a_column_for_each_step() -> None:
    drawn = layout(chain_of((0, 1), (1, 2), (2, 3), stage=[0, 1, 1, 2]), 0)

    assert drawn.column.tolist() == [0, 1, 2, 3]


def test_links_stand_in_the_order_of_what_they_are_tied_to() -> None:
    crossed = layout(chain_of((0, 3), (1, 2), stage=[0, 0, 1, 1]), 0)

    left, right = crossed.place[:2], crossed.place[2:]
    assert np.argsort(left).tolist() == np.argsort(right[::-1]).tolist()  # no two flows cross


def test_each_chain_is_drawn_by_itself() -> None:
    both = chain_of((0, 2), (1, 3), (0, 3), stage=[0, 0, 1, 1], chain=[0, 1, 0, 1])

    drawn = layout(both, 1)

    assert drawn.nodes.tolist() == [1, 3]
    assert drawn.flows.tolist() == [[0, 1]]  # what comes from another chain is left out


def test_no_links_are_drawn_as_nothing() -> None:
    empty = layout(chain_of(stage=[]), 0)

    assert (empty.nodes.size, empty.column.size, empty.place.size, empty.flows.shape) == (0, 0, 0, (0, 2))
    assert tiers(chain_of(stage=[])).size == 0


def test_who_stands_on_a_link_is_counted_once_however_often_it_is_listed() -> None:
    expo = expo_of(
        chain=FOUR,
        organisations=[
            organisation("battery", "CN", nodes=("cell",)),
            organisation("car", "DE"),
            organisation("mine", "CL", nodes=("cell", "bank")),
        ],
        offers=[
            listing("offers", "o1", "battery", "850760", node="cell"),
            listing("offers", "o2", "battery", "850760", node="cell"),
            listing("offers", "o3", "mine", "282520", node="ore"),
            listing("offers", "o4", "car", "850760", node="cell"),
            listing("offers", "o5", "car", "8703"),
        ],
        needs=[listing("needs", "n1", "car", "850760", node="cell")],
    )

    found = coverage(expo)

    assert expo.chain.ids == ("ore", "cell", "car", "bank")
    assert found.organisations.tolist() == [1, 3, 0, 1]
    assert found.offering.tolist() == [1, 2, 0, 0]
    assert found.seeking.tolist() == [0, 1, 0, 0]
    assert found.gap.tolist() == [True, False, True, False]  # ore has one, cars none, the bank is not needed


def test_an_essential_link_with_one_or_none_is_a_gap() -> None:
    assert THIN == 1
    assert is_gap(essential=np.array([True] * 3), offering=np.arange(3)).tolist() == [True, True, False]
    assert not is_gap(essential=False, offering=0)


@settings(deadline=None)
@given(chains())
def test_every_flow_leads_to_a_higher_tier(chain: Chain) -> None:
    tier = tiers(chain)

    assert all(tier[source] < tier[target] for source, target in chain.flows)
    fed = set(chain.flows[:, 1].tolist())
    assert [row in fed for row in range(len(tier))] == [bool(height) for height in tier]


@settings(deadline=None)
@given(chains(), st.integers(0, 1))
def test_a_drawing_keeps_the_order_of_stages_and_sets_no_two_links_on_one_point(
    chain: Chain, number: int
) -> None:
    drawn = layout(chain, number)
    stage = chain.stage[drawn.nodes]

    points = list(zip(drawn.column.tolist(), drawn.place.tolist(), strict=True))
    assert drawn.nodes.tolist() == np.flatnonzero(chain.chain == number).tolist()
    assert len(set(points)) == len(points)
    assert (drawn.place >= 0).all()
    assert set(drawn.column.tolist()) == set(range(drawn.column.max(initial=-1) + 1))
    for source, target in drawn.flows:
        if stage[source] == stage[target]:
            assert drawn.column[source] < drawn.column[target]
    for one, other in np.argwhere(np.less.outer(stage, stage)):
        assert drawn.column[one] < drawn.column[other]


def test_the_sample_s_chains_are_drawn_whole(sample: Path) -> None:
    chain = files.read(sample).chain

    drawn = [layout(chain, number) for number in range(len(chain.chains))]

    assert sorted(np.concatenate([one.nodes for one in drawn]).tolist()) == list(range(len(chain.ids)))
    for one in drawn:
        assert len({*zip(one.column.tolist(), one.place.tolist(), strict=True)}) == len(one.nodes)
        for source, target in one.flows:
            forward = chain.stage[one.nodes[source]] <= chain.stage[one.nodes[target]]
            assert (one.column[source] < one.column[target]) == forward


def test_the_sample_s_coverage_is_what_its_offers_say(sample: Path) -> None:
    expo = files.read(sample)

    found = coverage(expo)

    offers = expo.offers
    offering = {(int(o), int(n)) for o, n in zip(offers.organisation, offers.node, strict=True) if n >= 0}
    assert found.offering.tolist() == [
        sum(n == node for _, n in offering) for node in range(len(expo.chain.ids))
    ]
    assert (found.organisations >= found.offering).all()
    assert found.gap.tolist() == (expo.chain.essential & (found.offering <= 1)).tolist()
    nobody = replace(expo, offers=expo_of().offers)
    assert coverage(nobody).gap.tolist() == expo.chain.essential.tolist()
