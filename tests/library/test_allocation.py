"""Lists for everybody at once: weights, copies of one another, a cap on being seen, and a place for everybody."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlink.expo import Array
from fairlink.partners import allocation, lists, markets
from fairlink.partners.rows import mend, packed, ranks, starts


def drawn(n: int, seed: int, crowding: float = 0.6, share: float = 1.0) -> markets.Market:
    """A market of one side by lot, in which low numbers are sought by all; a share of the pairs is in question."""
    chance = np.random.default_rng(seed)
    first, second = np.triu_indices(n, 1)
    kept = chance.random(len(first)) < share
    first, second = first[kept], second[kept]
    fame = np.linspace(1, 0.2, n)
    p = [(1 - crowding) * chance.random(len(first)) + crowding * fame[other] for other in (second, first)]
    return markets.market(n, first, second, *p)


def seen(found: markets.Market, rank: Array) -> Array:
    """How much each is looked at in all lists, rank r counted 1/r."""
    looks = np.where(rank == lists.NOWHERE, 0.0, 1.0 / rank)
    return np.bincount(found.partner, looks, minlength=found.size)


def places(found: markets.Market, rank: Array, owner: int) -> list[int]:
    return sorted(rank[(found.owner == owner) & (rank != lists.NOWHERE)])


def test_a_row_and_its_mirror_are_one_pair() -> None:
    found = drawn(40, 0, share=0.5)

    assert (found.owner[found.mirror] == found.partner).all()
    assert (found.partner[found.mirror] == found.owner).all()
    assert (np.diff(found.owner) >= 0).all()


@settings(deadline=None, max_examples=60)
@given(n=st.integers(2, 30), seed=st.integers(0, 99), widest=st.integers(1, 8), copies=st.booleans())
def test_pairs_are_kept_that_either_side_would_keep(n: int, seed: int, widest: int, copies: bool) -> None:
    chance = np.random.default_rng(seed)
    first, second = np.triu_indices(n, 1)
    mixed = chance.permutation(len(first))[: len(first) * 3 // 4]
    turned = chance.random(len(mixed)) < 0.5
    first, second = (
        np.where(turned, second[mixed], first[mixed]),
        np.where(turned, first[mixed], second[mixed]),
    )
    p = np.round(chance.random((2, len(first))), 1)  # with equals
    alike = chance.integers(0, n // 2 + 1, n) if copies else None

    found = markets.market(n, first, second, *p, widest=widest, fullest=widest + 3, alike=alike)

    gain = np.full((n, n), -np.inf)
    gain[first, second], gain[second, first] = p
    worth = gain * gain.T
    for row in range(n):
        partners = np.flatnonzero(gain[row] >= 0)
        if alike is not None:
            worth[row, partners] -= [
                (alike[partners[:place]] == alike[one]).sum() for place, one in enumerate(partners)
            ]
    wanted = _foremost(worth, gain >= 0, widest)
    wanted |= wanted.T
    kept = wanted & _foremost(worth, wanted, widest + 3)
    kept &= kept.T
    assert set(zip(found.owner.tolist(), found.partner.tolist(), strict=True)) == set(
        zip(*map(list, kept.nonzero()), strict=True)
    )
    assert (found.p == gain[found.owner, found.partner]).all()
    assert (found.partner[found.mirror] == found.owner).all()
    assert (found.owner[found.mirror] == found.partner).all()


def _foremost(worth: Array, among: Array, most: int) -> Array:
    """bool (n, n): the `most` partners of each row that are worth most, of equals the first."""
    value = np.where(among, worth, -np.inf).astype(np.float32)
    place = np.argsort(np.argsort(-value, axis=1, kind="stable"), axis=1)
    chosen: Array = (place < most) & among
    return chosen


def test_of_equals_nobody_comes_first_in_every_list() -> None:
    first, second = np.triu_indices(60, 1)
    found = markets.market(60, first, second, np.ones(len(first)), np.ones(len(first)))

    rank = ranks(found.owner, found.both)

    assert np.bincount(found.partner[rank == 1], minlength=60).max() < 6


def test_ranks_of_noughts_infinities_and_equals_by_hand() -> None:
    owner = np.array([0, 0, 0, 0, 2, 2, 2])
    value = np.array([-0.0, 1.5, 0.0, -np.inf, -2.0, -1.0, -1.0 - 1e-12])

    assert ranks(owner, value).tolist() == [2, 1, 3, 4, 3, 1, 2]


@settings(deadline=None, max_examples=60)
@given(n=st.integers(1, 80), seed=st.integers(0, 99), equals=st.integers(1, 9))
def test_rows_are_ordered_as_a_stable_sort_would(n: int, seed: int, equals: int) -> None:
    chance = np.random.default_rng(seed)
    owner = np.sort(chance.integers(0, 4, n))
    value = np.round(chance.normal(size=n), equals - 1)
    order = np.lexsort((np.arange(n), -value.astype(np.float32), owner))
    wanted = np.empty(n, dtype=np.int64)
    wanted[order] = np.arange(n) - np.searchsorted(owner, owner) + 1
    start = starts(owner, 4)

    assert ranks(owner, value).tolist() == wanted.tolist()
    for row in range(4):
        mine = slice(start[row], start[row + 1])
        order = np.arange(start[row + 1] - start[row], dtype=np.int32)[::-1].copy()
        mend(packed(value[mine]), order)
        assert (wanted[mine][order] == np.arange(1, len(order) + 1)).all()


@pytest.mark.parametrize("objective", ["fair", "efficient"])
def test_a_weight_shifts_expected_matches_to_those_who_have_it(objective: str) -> None:
    found = drawn(80, 1)
    weights = np.where(np.arange(80) >= 60, 3.0, 1.0)  # for the least known

    even = allocation.utilities(found, allocation.allocate(found, objective=objective))
    given = allocation.utilities(found, allocation.allocate(found, objective=objective, weights=weights))

    assert given[60:].sum() > 1.05 * even[60:].sum()


def test_copies_of_the_best_known_push_nobody_down() -> None:
    n, copies = 150, 20
    chance = np.random.default_rng(2)
    p = 0.5 * chance.random((n, n)) + 0.5 * np.linspace(1, 0.2, n)
    np.fill_diagonal(p, 0)
    original = np.concatenate([np.arange(n), np.zeros(copies, dtype=int)])
    cloned = p[np.ix_(original, original)]

    def looked_at(p: Array, alike: Array | None) -> Array:
        first, second = np.triu_indices(len(p), 1)
        apart = p[first, second] > 0
        first, second = first[apart], second[apart]
        found = markets.market(len(p), first, second, p[first, second], p[second, first], alike=alike)
        rank = lists.cut(found, allocation.allocate(found, alike=alike), 20)
        rank[found.owner >= n] = lists.NOWHERE  # what the copies look at is not in question
        return seen(found, rank)

    before, after = looked_at(p, None), looked_at(cloned, original)
    as_it_would_be = looked_at(cloned, None)

    assert after[1:n].sum() > 0.99 * before[1:n].sum()
    assert as_it_would_be[1:n].sum() < 0.9 * before[1:n].sum()


@settings(deadline=None, max_examples=40)
@given(n=st.integers(0, 25), seed=st.integers(0, 99), length=st.integers(1, 8), cap=st.floats(1.0, 4.0))
def test_nobody_is_seen_above_the_cap_and_lists_have_no_holes(
    n: int, seed: int, length: int, cap: float
) -> None:
    found = drawn(n, seed, share=0.7)

    rank = lists.cut(found, allocation.allocate(found), length, cap=cap)

    assert (seen(found, rank) <= cap + 1e-6).all()
    for owner in range(n):
        ranks = places(found, rank, owner)
        assert ranks == list(range(1, len(ranks) + 1))
        assert len(ranks) <= length


@settings(deadline=None, max_examples=40)
@given(n=st.integers(0, 30), seed=st.integers(0, 99), length=st.integers(2, 6))
def test_whoever_can_be_met_stands_in_a_list(n: int, seed: int, length: int) -> None:
    found = drawn(n, seed, crowding=0.95, share=0.8)

    rank = lists.cut(found, 1.0 / ranks(found.owner, found.p), length, floor=True)

    possible = np.bincount(found.partner, minlength=n) > 0
    assert ((seen(found, rank) > 0) == possible).all()
    for owner in range(n):
        partners = int((found.owner == owner).sum())
        assert places(found, rank, owner) == list(range(1, min(length, partners) + 1))


@pytest.mark.parametrize("size", [0, 1, 2])
def test_markets_of_hardly_anybody(size: int) -> None:
    found = drawn(size, 0)

    for objective in ("fair", "efficient"):
        exposure = allocation.allocate(found, objective=objective, alike=np.zeros(size, dtype=np.int64))
        assert lists.cut(found, exposure, 3, cap=1.0, floor=True).tolist() == [1] * len(found.owner)
