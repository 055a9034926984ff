"""Rows of entries that follow one another, each ordered by itself: in machine code, and on every processor.

Whoever does which rows, and how many at a time, is not seen in what comes out.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array

_FEW = 1 << 17  # entries that are done sooner than they are shared out
_PARTS = 4  # a thread, so that none waits long for another
_MOVES = 8  # an entry, after which a row is sorted instead of mended


def starts(owner: Array, size: int) -> Array:
    """int64 (size + 1,): where the entries of each row begin; `owner`, the row of each entry, ascends."""
    found: Array = np.searchsorted(owner, np.arange(size + 1)).astype(np.int64)
    return found


def in_threads(start: Array, work: Callable[[int, int], object]) -> None:
    """Do `work` for rows from one up to another, about as many entries in each part."""
    rows, entries, threads = len(start) - 1, int(start[-1]), os.cpu_count() or 1
    if entries <= _FEW or threads == 1:
        work(0, rows)
        return
    parts = threads * _PARTS
    at = np.searchsorted(start, np.arange(1, parts) * entries // parts)
    bounds = np.unique(np.concatenate([[0], at, [rows]])).tolist()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, bounds[:-1], bounds[1:]))


def ranks(owner: Array, value: Array) -> Array:
    """int64 (entries,), from 1: the place of each entry among its owner's, greatest value first, equals in their order.

    `owner` must ascend. Values are equal that are so to the precision of a float32.
    """
    found = np.empty(len(owner), dtype=np.int64)
    if len(owner):
        start = starts(owner, int(owner[-1]) + 1)
        in_threads(start, partial(_rank, start, value, found))
    return found


@compiled
def _rank(start: Array, value: Array, found: Array, first: int, last: int) -> None:
    for row in range(first, last):
        begin, end = start[row], start[row + 1]
        keys = packed(value[begin:end])
        keys.sort()
        for place in range(end - begin):
            found[begin + unpacked(keys[place])] = place + 1


@compiled
def packed(value: Array) -> Array:
    """uint64 keys that ascend as values, to the precision of a float32, descend, and then as places ascend.

    Half a key is the value, half the place: sorting needs no second array, and no equals to be kept in order.
    """
    single = value.astype(np.float32) + np.float32(0)  # −0 is 0
    bits = single.view(np.uint32)
    keys = np.empty(len(value), dtype=np.uint64)
    for place in range(len(value)):
        bit = bits[place]
        # Bits of positive floats ascend with them, those of negative ones descend.
        down = bit if bit >> np.uint32(31) else np.uint32(0x7FFFFFFF) - bit
        keys[place] = np.uint64(down) << np.uint64(32) | np.uint64(place)
    return keys


@compiled
def unpacked(key: Any) -> Any:
    """The place in a key."""
    return np.int64(key & np.uint64(0xFFFFFFFF))


@compiled
def mend(keys: Array, order: Array) -> None:
    """Order keys of places, beginning from `order`, int32, in which they were before; it is theirs afterwards.

    What changes little is mended by insertion in a few steps; what changes much is sorted.
    """
    n = len(keys)
    kept, left = np.empty(n, dtype=np.uint64), _MOVES * n
    for place in range(n):
        key, at = keys[order[place]], place
        while at > 0 and kept[at - 1] > key:
            kept[at] = kept[at - 1]
            at -= 1
        kept[at] = key
        left -= place - at
        if left < 0:
            kept = np.sort(keys)
            break
    for place in range(n):
        order[place] = unpacked(kept[place])
