"""Parts of a computation: one answer wherever they are done, and whoever dies over them."""

from __future__ import annotations

import numpy as np
import pytest
from parts import Dies, Interrupted, Times, refuse

from fairlink import files, partners
from fairlink.errors import WorkersLost
from fairlink.executors import Cluster, Processes, Threads, sharing
from fairlink.partners import neighbourhoods

TABLE = np.arange(12.0).reshape(4, 3)


@pytest.fixture(scope="module")
def processes():
    pool = Processes(2)
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    quiet = {"dashboard_address": None, "memory_limit": 0, "silence_logs": 50}
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, **quiet) as workers,
        distributed.Client(workers) as client,
    ):
        yield Cluster(client)


@pytest.fixture(params=["processes", "cluster"])
def executor(request):
    return request.getfixturevalue(request.param)


def test_results_come_in_the_order_of_the_parts(executor):
    found = list(executor.map_partitions(Times(TABLE), iter([2, 0, 3, 1] * 5)))

    assert [one.tolist() for one in found] == (2 * TABLE[[2, 0, 3, 1] * 5]).tolist()


def test_what_goes_wrong_in_a_part_is_told(executor):
    with pytest.raises(ValueError, match="7"):
        list(executor.map_partitions(refuse, [7]))


def test_the_parts_of_a_worker_that_is_killed_are_done_again(executor, tmp_path):
    found = list(executor.map_partitions(Dies(tmp_path, 1), range(8)))

    assert [one.tolist() for one in found] == [list(range(part)) for part in range(8)]


def test_a_part_that_kills_every_worker_is_given_up(executor, tmp_path):
    with pytest.raises(WorkersLost):
        list(executor.map_partitions(Dies(tmp_path, 99), range(8)))


def test_partners_are_the_same_whoever_looks_for_them(executor, sample):
    expo = files.read(sample)
    found = partners.recommend(expo, executor=executor)

    assert same(found, partners.recommend(expo, executor=Threads(1)))


def test_neighbourhoods_are_the_same_whoever_looks_through_them_and_whoever_dies_over_it(
    executor, sample, monkeypatch, tmp_path
):
    monkeypatch.setattr(neighbourhoods, "EXACT", 0)
    monkeypatch.setattr(neighbourhoods, "TOGETHER", 256)
    expo = files.read(sample)

    found = partners.recommend(expo, executor=Interrupted(executor, tmp_path))

    assert list(tmp_path.iterdir())
    assert found.provenance.parameters["compared"] == "neighbourhoods"
    assert same(found, partners.recommend(expo, executor=Threads(1)))


def test_a_value_in_a_file_is_the_value(tmp_path):
    table = np.arange(6, dtype=np.int32).reshape(2, 3)

    kept, nothing = sharing.read(sharing.write((table, np.zeros(0)), tmp_path))

    assert kept.tolist() == table.tolist()
    assert kept.dtype == table.dtype
    assert nothing.shape == (0,)


def test_who_changes_an_array_of_a_file_changes_it_for_nobody_else(tmp_path):
    path = sharing.write(TABLE, tmp_path)

    sharing.read(path)[0, 0] = 99

    assert sharing.read(path)[0, 0] == 0


def same(one, other):
    arrays = ("organisation", "partner", "rank", "gain", "partner_gain", "need", "offer", "mutual")
    pairs = ("first", "second", "gain_first", "gain_second", "first_need", "second_offer")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays) and all(
        np.array_equal(getattr(one.pairs, name), getattr(other.pairs, name)) for name in pairs
    )
