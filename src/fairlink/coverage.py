"""Who stands on each link of the chains, and where too few do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fairlink.expo import Array, Expo, Listings

THIN = 1  # organisations that offer at a link; so few, or none, make a gap


@dataclass(frozen=True, eq=False)
class Coverage:
    """Who stands on each link of the chain. Arrays over nodes."""

    organisations: Array  # that name the node as theirs
    offering: Array  # with an offer at the node
    seeking: Array  # with a need at the node
    gap: Array  # bool: essential, and at most THIN organisations offer there
    second: Array  # bool: essential, and one more offers there, who takes the place of another that fails


def coverage(expo: Expo) -> Coverage:
    """Count the organisations on each node of the chain, by what they say and what they offer and seek."""
    n = len(expo.chain.ids)
    standing = np.zeros((len(expo.ids), n), dtype=bool)
    for row, nodes in enumerate(expo.organisations.nodes):
        standing[row, list(nodes)] = True
    offering, seeking = (_present(expo, listings) for listings in (expo.offers, expo.needs))
    return Coverage(
        organisations=(standing | offering).sum(axis=0),
        offering=offering.sum(axis=0),
        seeking=seeking.sum(axis=0),
        gap=is_gap(essential=expo.chain.essential, offering=offering.sum(axis=0)),
        second=expo.chain.essential & (offering.sum(axis=0) == THIN + 1),
    )


def is_gap(*, essential: Array | bool, offering: Array | int) -> Array:
    """bool: whether a link that is needed hangs on at most THIN organisations that offer there."""
    return np.logical_and(essential, np.less_equal(offering, THIN))


def _present(expo: Expo, listings: Listings) -> Array:
    """bool (organisations, nodes): who has a listing where."""
    present = np.zeros((len(expo.ids), len(expo.chain.ids)), dtype=bool)
    placed = listings.node >= 0
    present[listings.organisation[placed], listings.node[placed]] = True
    return present
