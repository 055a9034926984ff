"""The two hot loops of scoring: which texts are near one another, and the best offer of every seller for each need.

Sums run in the order of the columns, never of the rows: neither who else takes part nor the number of threads shows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fairlink.compiled import compiled
from fairlink.expo import Array
from fairlink.partners.facts import Asked, weigh


class Lists(NamedTuple):
    """Rows of members: those of row i are `members[start[i]:start[i + 1]]`, each with a value where there are any."""

    start: Array  # int64 (rows + 1,)
    members: Array  # int32
    values: Array  # float64, or empty


class Curves(NamedTuple):
    """What a cosine is worth: worth / (1 + exp(−slope · (cosine − middle))), for n-grams and for dense vectors."""

    worth: float
    slopes: tuple[float, float]
    middles: tuple[float, float]


@compiled
def nearest(
    grams: Lists,
    having: Lists,
    texts: int,
    dots: Array,
    same: Array,
    curves: Curves,
    faintest: float,
    most: int,
) -> tuple[Array, Array, Array]:
    """For each text (rows of n-grams) the other texts that are worth at least `faintest`, at most `most` of them.

    `having` lists for each n-gram the other texts that have it. `dots` float32 (rows, texts) are cosines of dense
    vectors; no rows where there are none. `same` is the other text that says the very same, −1 where none does: its
    n-grams may be nobody else's, and are in no row then. Returns counts, texts and values.
    """
    least = -np.log(curves.worth / faintest - 1)  # the logit at which a text is worth the least that counts
    counts = np.zeros(len(grams.start) - 1, dtype=np.int64)
    found, values, at = np.empty(1024, dtype=np.int32), np.empty(1024), 0
    cosine, touched = np.zeros(texts), np.empty(texts, dtype=np.int32)
    some, logits = np.empty(texts, dtype=np.int32), np.empty(texts)
    for row in range(len(counts)):
        met = _meet(grams, having, row, cosine, touched)
        if same[row] >= 0:
            if cosine[same[row]] == 0.0:
                touched[met] = same[row]
                met += 1
            cosine[same[row]] = 1.0
        if len(dots):
            kept = _in_meaning(dots[row], cosine, curves, least, some, logits)
        else:
            kept = _in_words(touched[:met], cosine, curves, least, some, logits)
        cosine[touched[:met]] = 0.0
        order = np.argsort(some[:kept])  # by text, however they were met
        order = order[np.argsort(-logits[order], kind="mergesort")[:most]]
        counts[row] = len(order)
        found, values = _with_room(found, at + len(order)), _with_room(values, at + len(order))
        found[at : at + len(order)] = some[order]
        values[at : at + len(order)] = curves.worth / (1 + np.exp(-logits[order]))
        at += len(order)
    return counts, found[:at].copy(), values[:at].copy()


@compiled
def _meet(grams: Lists, having: Lists, row: int, cosine: Array, touched: Array) -> int:
    """Add up the cosines with every text that shares an n-gram; how many there are."""
    met = 0
    for entry in range(grams.start[row], grams.start[row + 1]):
        gram, weight = grams.members[entry], grams.values[entry]
        for other in range(having.start[gram], having.start[gram + 1]):
            text = having.members[other]
            if cosine[text] == 0.0:
                touched[met] = text
                met += 1
            cosine[text] += weight * having.values[other]
    return met


@compiled
def _in_words(touched: Array, cosine: Array, curves: Curves, least: float, some: Array, logits: Array) -> int:
    """Keep the texts whose n-grams are near enough; how many there are."""
    kept = 0
    for text in touched:
        logit = curves.slopes[0] * (cosine[text] - curves.middles[0])
        if logit >= least:
            some[kept], logits[kept] = text, logit
            kept += 1
    return kept


@compiled
def _in_meaning(dots: Array, cosine: Array, curves: Curves, least: float, some: Array, logits: Array) -> int:
    """Keep the texts whose n-grams or whose dense vectors are near enough; how many there are."""
    kept = 0
    for text in range(len(dots)):
        logit = curves.slopes[1] * (dots[text] - curves.middles[1])
        if cosine[text] > 0.0:
            logit = max(logit, curves.slopes[0] * (cosine[text] - curves.middles[0]))
        if logit >= least:
            some[kept], logits[kept] = text, logit
            kept += 1
    return kept


@compiled
def _with_room(values: Array, room: int) -> Array:
    """The same values in an array that holds at least so many."""
    while len(values) < room:
        values = np.concatenate((values, np.empty_like(values)))
    return values


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
    value, met = np.zeros(len(people.sellers)), np.empty(len(people.sellers), dtype=np.int32)
    one_need = Found(np.zeros(n), np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32))
    sellers, partners, have = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32), 0
    all_needs = Found(np.zeros(n), np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32))
    out_needs, out_offers = np.empty(1024, dtype=np.int32), np.empty(1024, dtype=np.int32)
    out_values, at = np.empty(1024), 0
    for place, need in enumerate(needs):
        touched = _touch(need, asks, found_by, near, worths, value, met)
        some = _of_each_seller(need, met[:touched], value, people, asked, faintest, one_need, sellers)
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
        out_needs, out_offers = _with_room(out_needs, at + have), _with_room(out_offers, at + have)
        out_values = _with_room(out_values, at + have)
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
) -> int:
    """The best of each seller among the offers that were met, with the facts weighed; how many sellers there are."""
    some = 0
    for offer in met:
        worth = value[offer]
        value[offer] = 0.0
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
def _touch(
    need: int,
    asks: Side,
    found_by: Side,
    near: Lists,
    worths: tuple[float, float, float, float],
    value: Array,
    met: Array,
) -> int:
    """Raise the value of every offer that has something in common with a need; how many there are."""
    touched = 0
    for entry in range(asks.texts.start[need], asks.texts.start[need + 1]):
        text = asks.texts.members[entry]
        for other in range(near.start[text], near.start[text + 1]):
            touched = _raise(found_by.texts, near.members[other], near.values[other], value, met, touched)
    for level in range(3):
        codes = asks.codes[level]
        for entry in range(codes.start[need], codes.start[need + 1]):
            touched = _raise(found_by.codes[level], codes.members[entry], worths[level], value, met, touched)
    for entry in range(asks.nodes.start[need], asks.nodes.start[need + 1]):
        touched = _raise(found_by.nodes, asks.nodes.members[entry], worths[3], value, met, touched)
    return touched


@compiled
def _raise(lists: Lists, row: int, worth: float, value: Array, met: Array, touched: int) -> int:
    for entry in range(lists.start[row], lists.start[row + 1]):
        offer = lists.members[entry]
        if value[offer] == 0.0:
            met[touched] = offer
            touched += 1
        value[offer] = max(value[offer], worth)
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
