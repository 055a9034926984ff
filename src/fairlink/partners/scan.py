"""The best offer of every seller for each need: what both have in common, weighed by the facts.

Whatever can change nothing any more is not looked at: what is wide, such as a chapter, comes last.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.partners.facts import Asked, most_worth, weigh
from fairlink.partners.nearness import Lists, with_room

LEVELS = 3  # of codes: chapter, heading, subheading


class Side(NamedTuple):
    """What needs ask by, or how offers are found: by text, by codes of three levels, widest first, and by node.

    For needs `texts` int32 (needs,) is the text of each and `codes` the codes of each; for offers `texts` lists the
    offers of each text and `codes` those of each code. Nodes likewise.
    """

    texts: Lists
    codes: tuple[Lists, Lists, Lists]
    nodes: Lists


class People(NamedTuple):
    """Whose the listings are, and places in order of ids, by which ties fall."""

    buyers: Array  # int32 (needs,)
    sellers: Array  # int32 (offers,)
    organisations: Array  # int64: the place of each organisation
    needs: Array
    offers: Array


class Found(NamedTuple):
    """What is best of each organisation so far; 0.0 is nothing."""

    value: Array
    need: Array
    offer: Array


@compiled
def best_offers(
    needs: Array,
    asks: Side,
    found_by: Side,
    near: Lists,
    people: People,
    asked: Asked,
    worths: tuple[float, float, float, float],
    faintest: float,
    most: int,
) -> tuple[Array, Array, Array]:
    """For each buyer of `needs` (rows in order of buyers) and each seller the need met best, and by which offer.

    A need keeps its `most` best sellers; of equals those who follow the buyer in order of ids, so that nobody is
    always first. `worths` are what a chapter, a heading, a subheading and a node in common are worth. Returns rows of
    needs and offers, and values.
    """
    n = len(people.organisations)
    # An offer is met once by what is narrow, and once more where a wider code raises it.
    value, met = np.zeros(len(people.sellers)), np.empty((LEVELS + 1) * len(people.sellers), dtype=np.int32)
    one_need = Found(np.zeros(n), np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32))
    sellers, partners, have = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32), 0
    all_needs = Found(np.zeros(n), np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32))
    out_needs, out_offers = np.empty(1024, dtype=np.int32), np.empty(1024, dtype=np.int32)
    out_values, at = np.empty(1024), 0
    for place, need in enumerate(needs):
        seen = _touch(need, asks, found_by, near, worths[LEVELS], value, met)
        some = _of_each_seller(need, met[:seen], value, people, asked, faintest, one_need, sellers, 0)
        for level in range(LEVELS - 1, -1, -1):
            codes, worth = asks.codes[level], worths[level]
            if _settled(one_need.value, sellers[:some], most, most_worth(worth, asked.odds[need])):
                break
            before = seen
            for entry in range(codes.start[need], codes.start[need + 1]):
                seen = _raise(found_by.codes[level], codes.members[entry], worth, value, met, seen)
            raised = met[before:seen]
            some = _of_each_seller(need, raised, value, people, asked, faintest, one_need, sellers, some)
        value[met[:seen]] = 0.0
        buyer = people.buyers[need]
        for seller in _foremost(sellers[:some], one_need.value, buyer, people.organisations, most):
            if all_needs.value[seller] == 0.0:
                partners[have] = seller
                have += 1
            worth, offer = one_need.value[seller], one_need.offer[seller]
            _keep_better(all_needs, seller, worth, need, offer, people)
        one_need.value[sellers[:some]] = 0.0
        if place + 1 < len(needs) and people.buyers[needs[place + 1]] == buyer:
            continue
        out_needs, out_offers = with_room(out_needs, at + have), with_room(out_offers, at + have)
        out_values = with_room(out_values, at + have)
        out_needs[at : at + have] = all_needs.need[partners[:have]]
        out_offers[at : at + have] = all_needs.offer[partners[:have]]
        out_values[at : at + have] = all_needs.value[partners[:have]]
        all_needs.value[partners[:have]] = 0.0
        at, have = at + have, 0
    return out_needs[:at].copy(), out_offers[:at].copy(), out_values[:at].copy()


@compiled
def _of_each_seller(
    need: int,
    met: Array,
    value: Array,
    people: People,
    asked: Asked,
    faintest: float,
    found: Found,
    sellers: Array,
    some: int,
) -> int:
    """The best of each seller among the offers that were met, with the facts weighed; how many sellers there are."""
    for offer in met:
        worth = value[offer]
        seller = people.sellers[offer]
        if seller == people.buyers[need] or worth < faintest:
            continue
        worth = weigh(asked, need, offer, worth)
        if worth < faintest:
            continue
        if found.value[seller] == 0.0:
            sellers[some] = seller
            some += 1
        _keep_better(found, seller, worth, need, offer, people)
    return some


@compiled
def _keep_better(found: Found, seller: int, worth: float, need: int, offer: int, people: People) -> None:
    """Of a seller keep what is worth most; of equals the first need, then the first offer in order of ids."""
    if worth < found.value[seller]:
        return
    if worth == found.value[seller]:
        ours, theirs = people.needs[need], people.needs[found.need[seller]]
        if ours > theirs or (ours == theirs and people.offers[offer] > people.offers[found.offer[seller]]):
            return
    found.value[seller], found.need[seller], found.offer[seller] = worth, need, offer


@compiled
def _settled(best: Array, sellers: Array, most: int, worth: float) -> bool:
    """Whether so many sellers are above a worth that nothing of that worth can be among the foremost."""
    if len(sellers) < most:
        return False
    above = 0
    for seller in sellers:
        above += best[seller] > worth
    return above >= most


@compiled
def _touch(
    need: int, asks: Side, found_by: Side, near: Lists, same_node: float, value: Array, met: Array
) -> int:
    """Raise the value of every offer near in its words or at the same link of the chain; how many there are."""
    touched = 0
    for entry in range(asks.texts.start[need], asks.texts.start[need + 1]):
        text = asks.texts.members[entry]
        for other in range(near.start[text], near.start[text + 1]):
            touched = _raise(found_by.texts, near.members[other], near.values[other], value, met, touched)
    for entry in range(asks.nodes.start[need], asks.nodes.start[need + 1]):
        touched = _raise(found_by.nodes, asks.nodes.members[entry], same_node, value, met, touched)
    return touched


@compiled
def _raise(lists: Lists, row: int, worth: float, value: Array, met: Array, touched: int) -> int:
    """Raise the offers of a row to a worth; each that had less is met, once more if it was before."""
    for entry in range(lists.start[row], lists.start[row + 1]):
        offer = lists.members[entry]
        if value[offer] < worth:
            value[offer] = worth
            met[touched] = offer
            touched += 1
    return touched


@compiled
def _foremost(sellers: Array, best: Array, buyer: int, places: Array, most: int) -> Array:
    """The `most` sellers with the greatest value; of equals those who come soonest after the buyer."""
    if len(sellers) <= most:
        return sellers
    values = best[sellers]
    edge = np.partition(values, len(values) - most)[len(values) - most]
    above = sellers[values > edge]
    level = sellers[values == edge]
    later = (places[level] - places[buyer]) % len(places)
    return np.concatenate((above, level[np.argsort(later)[: most - len(above)]]))
