"""Time and memory of lists by the number of organisations: `python -m benchmarks.partners.scale MARKET.jsonl.gz`.

15,000 are those of the market, more are made after them. Reading texts is counted apart from what comes after it. With
`--million`, or `--sizes N … --cluster`, on two local Dask workers, one of which is killed on the way.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.partners import generate, lists
from fairlink import partners
from fairlink.executors import Cluster, Executor, Threads
from fairlink.partners import likeness, suggestions

SIZES = (15_000, 100_000)
MILLION = 1_000_000
KILLED_AFTER = 3  # parts


class Killing:
    """The workers of a cluster, of which one is killed when some parts of the first computation are done."""

    def __init__(self, client: Any) -> None:
        self.client, self.killed = client, False

    def map_partitions(self, function: Callable[[Any], Any], parts: Iterable[Any]) -> Iterator[Any]:
        for number, result in enumerate(Cluster(self.client).map_partitions(function, parts), 1):
            if number == KILLED_AFTER and not self.killed:
                self.killed = True
                os.kill(min(self.client.run(os.getpid).values()), signal.SIGKILL)
            yield result


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("market", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--cluster", action="store_true")
    parser.add_argument("--alone", action="store_true", help="one size in this process, as JSON")
    call = parser.parse_args(arguments)
    if call.alone:
        print(json.dumps(measure(call.market, call.sizes[0], cluster=call.cluster)))
        return 0
    print(
        f"{'size':>9} {'read s':>7} {'lists s':>8} {'CPU s':>7} {'MiB':>7} {'matches':>9} {'no chance':>9} {'Gini':>5}"
    )
    for size in (MILLION,) if call.million else call.sizes:
        cluster = ["--cluster"] if call.million or call.cluster else []
        # A process for each: the memory of one must not be counted to the next.
        told = subprocess.run(  # noqa: S603  ourselves
            [
                *(sys.executable, "-m", "benchmarks.partners.scale", str(call.market), "--alone", *cluster),
                *("--sizes", str(size)),
            ],
            check=True,
            stdout=subprocess.PIPE,
        )
        print(
            "{size:9} {read:7.0f} {lists:8.1f} {cpu:7.1f} {mebibytes:7.0f} {matches:9.0f} {no_chance:9.3f} "
            "{gini:5.2f}".format(**json.loads(told.stdout.splitlines()[-1])),
            flush=True,
        )
    return 0


def measure(path: Path, size: int, *, cluster: bool) -> dict[str, float]:
    """Seconds, mebibytes of this process and of the largest worker, and what the lists are worth by our own gains."""
    market = lists.read(path)
    rows = market if size == len(market) else list(generate.drawn(market, size))
    expo, reader = lists.expo_of(rows, 20), lists.encoder()
    del rows, market
    at = time.perf_counter()
    words = likeness.listing_words(expo, reader)
    read = time.perf_counter() - at
    partners.recommend(lists.expo_of([], 20))  # machine code is made at the first call, and kept
    suggestions.listing_words = lambda *_: words  # read once: what comes after is what is measured
    with ExitStack() as stack:
        executor: Executor = Threads()
        if cluster:
            executor = Killing(stack.enter_context(_two_workers(stack)))
        at, spent = time.perf_counter(), time.process_time()
        found = partners.recommend(expo, executor=executor)
        took, spent = time.perf_counter() - at, time.process_time() - spent
        if isinstance(executor, Killing) and not executor.killed:
            print("No worker was killed: too few parts.", file=sys.stderr)
    peak = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    measures = found.measures
    return {
        "size": size,
        "read": read,
        "lists": took,
        "cpu": spent,
        "mebibytes": (peak[0] + (peak[1] if cluster else 0)) / 1024,
        "matches": measures.expected_matches,
        "no_chance": measures.without_chance,
        "gini": measures.exposure_gini,
    }


def _two_workers(stack: ExitStack) -> Any:
    import distributed

    quiet = {"dashboard_address": None, "memory_limit": 0, "silence_logs": 50}
    workers = stack.enter_context(distributed.LocalCluster(n_workers=2, threads_per_worker=1, **quiet))
    return distributed.Client(workers)


if __name__ == "__main__":
    sys.exit(main())
