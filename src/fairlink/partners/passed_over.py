"""Who would have fitted as well as those on a list, and why somebody else stands there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fairlink.expo import PASSED_OVER, Array, Expo
from fairlink.partners.suggestions import Suggestions, points

ONE_SIDED, BETTER_ELSEWHERE, CROWDED = range(len(PASSED_OVER))


@dataclass(frozen=True, eq=False)
class PassedOver:
    """Arrays over pairs of an organisation and somebody who is not on its list, the best for it first.

    Gains are points of 100. `reason` is a place in PASSED_OVER: the other would gain too little; it gains more from
    everybody on its own list; it stands in so many lists already, `lists` of them.
    """

    organisation: Array
    partner: Array
    gain: Array
    partner_gain: Array
    reason: Array
    lists: Array


def passed_over(expo: Expo, suggestions: Suggestions, *, most: int = 2) -> PassedOver:
    """For every list at most `most` others who would bring at least as much as those on it do on average."""
    n = max(len(expo.ids), 1)
    lists, least, fair = _of_lists(suggestions, n)
    pairs = suggestions.pairs
    owner, partner = np.concatenate([pairs.first, pairs.second]), np.concatenate([pairs.second, pairs.first])
    gains = points(pairs.gain_first), points(pairs.gain_second)
    gain, partner_gain = np.concatenate(gains), np.concatenate(gains[::-1])
    told = np.flatnonzero(gain >= fair[owner])
    listed = suggestions.organisation.astype(np.int64) * n + suggestions.partner
    told = told[~np.isin(owner[told].astype(np.int64) * n + partner[told], listed)]
    ids = np.array(expo.ids, dtype=object)
    told = told[np.lexsort((ids[partner[told]], -partner_gain[told], -gain[told], owner[told]))]
    first = np.searchsorted(owner[told], owner[told])
    told = told[np.arange(len(told)) - first < most]
    theirs, other = partner_gain[told], partner[told]
    one_sided, elsewhere = theirs < expo.edition.rules.win_win, theirs < least[other]
    reason = np.select([one_sided, elsewhere], [ONE_SIDED, BETTER_ELSEWHERE], CROWDED)
    return PassedOver(owner[told], other, gain[told], theirs, reason, lists[other])


def _of_lists(suggestions: Suggestions, n: int) -> tuple[Array, Array, Array]:
    """In how many lists each stands; the least that each gains from its own, and what it gains on average.

    Without a list nobody could do better.
    """
    owner = suggestions.organisation
    number, total = np.bincount(owner, minlength=n), np.bincount(owner, suggestions.gain, minlength=n)
    average = np.full(n, np.inf)
    np.divide(total, number, out=average, where=number > 0)
    least = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(least, owner, suggestions.gain)
    return np.bincount(suggestions.partner, minlength=n), np.where(number > 0, least, 0), average
