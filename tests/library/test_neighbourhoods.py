"""Neighbourhoods of texts: nobody is left out of them, they hang on nothing but texts, and hardly a match is lost."""

from __future__ import annotations

import numpy as np
import pytest
from test_partners import draw, permuted, told

from fairlink import calibration, files
from fairlink.partners import neighbourhoods, recommend
from fairlink.partners.likeness import listing_words


@pytest.fixture
def small_cells(monkeypatch):
    """As among very many, in small."""
    monkeypatch.setattr(neighbourhoods, "EXACT", 0)
    monkeypatch.setattr(neighbourhoods, "CELL", 48)
    monkeypatch.setattr(neighbourhoods, "TOGETHER", 200)


def scattered(n, seed):
    return calibration.unit(np.random.default_rng(seed).standard_normal((n, 16)))


def test_every_text_is_in_one_cell_and_every_need_in_one_neighbourhood(small_cells):
    where = scattered(1000, 0)
    theirs, ours = np.arange(0, 1000, 2), np.arange(0, 1000, 3)

    found = neighbourhoods.cells(where, theirs)
    parts = list(neighbourhoods.parts(found, ours))

    assert sorted(found.texts.members) == list(range(500))
    assert len(parts) == 2
    assert sorted(np.concatenate(parts)) == ours.tolist()


def test_a_text_looks_into_the_cell_that_it_lies_in(small_cells):
    where = scattered(600, 1)

    found = neighbourhoods.cells(where, np.arange(600))

    probed = neighbourhoods.nearest_cells(found.centres, where, 3)
    for cell in range(len(found.centres)):
        members = found.texts.members[found.texts.start[cell] : found.texts.start[cell + 1]]
        assert (probed[members] == cell).any(axis=1).all()


def test_where_every_cell_is_looked_into_all_is_as_if_everybody_were_compared(sample, monkeypatch):
    expo = files.read(sample)
    everybody = recommend(expo)

    monkeypatch.setattr(neighbourhoods, "EXACT", 0)
    monkeypatch.setattr(neighbourhoods, "TOGETHER", 300)
    monkeypatch.setattr(neighbourhoods, "PROBED", 10_000)

    assert told(expo, recommend(expo)) == told(expo, everybody)


def test_hardly_a_match_is_lost_in_neighbourhoods(sample, small_cells, monkeypatch):
    expo = files.read(sample)
    monkeypatch.setattr(neighbourhoods, "EXACT", len(expo.ids))
    everybody = recommend(expo).measures
    monkeypatch.setattr(neighbourhoods, "EXACT", 0)

    found = recommend(expo).measures

    assert found.expected_matches > 0.97 * everybody.expected_matches


@pytest.mark.parametrize("seed", range(3))
def test_neighbourhoods_do_not_hang_on_the_order_of_rows(seed, small_cells, monkeypatch):
    monkeypatch.setattr(neighbourhoods, "CELL", 4)
    expo = draw(60, seed)

    assert told(permuted(expo, seed), recommend(permuted(expo, seed))) == told(expo, recommend(expo))


def test_whoever_says_what_nobody_can_read_is_compared_by_letters(small_cells):
    words = listing_words(draw(30))
    nowhere = words._replace(dense=np.zeros((len(words.letters), 8), dtype=np.float32))

    found = neighbourhoods.cells(neighbourhoods.vectors(nowhere), np.unique(words.offers))

    assert found.texts.start[-1] == len(np.unique(words.offers))
