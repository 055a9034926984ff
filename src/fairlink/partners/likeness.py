"""How alike needs and offers are in their words: by letters that they share, and by what they mean."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import sparse

from fairlink import calibration, encoding, text, vocabulary
from fairlink.calibration import Calibration
from fairlink.encoding import Cached, Encoder, Progress
from fairlink.errors import BadArray
from fairlink.expo import Array, Expo, Listings


class Words(NamedTuple):
    """What needs and offers say, each different saying once, and how near two sayings are to one another.

    Arrays over sayings: `ngrams` float32 (sayings, n-grams); `dense` float32 (sayings, d), rows of length 1, noughts
    where nothing can be read, None without an encoder; `unread` bool, in no language that the encoder understands;
    `letters` bool, whether it has any: two that say the same, but in signs alone, say nothing. `needs` and `offers`,
    int (listings,), name the saying of each listing.
    """

    ngrams: sparse.csr_array
    dense: Array | None
    unread: Array
    letters: Array
    needs: Array
    offers: Array
    read_ngrams: Calibration
    read_dense: Calibration | None
    encoder: str  # its id; "" without one

    @property
    def unread_listings(self) -> int:
        """How many needs and offers are in no language that the encoder understands."""
        return int(self.unread[self.needs].sum() + self.unread[self.offers].sum())


Saying = tuple[
    tuple[tuple[str, str], ...], tuple[tuple[str, str], ...], tuple[str, ...]
]  # title, summary, codes


class Reading(NamedTuple):
    """The words of an expo, and what it takes to read those of one who comes later as if they had been there."""

    words: Words
    vectors: text.Vectors
    number: dict[Saying, int]  # which row a saying is

    def with_newcomer(self, newcomer: Expo, encoder: Encoder | None = None) -> Words:
        """The words of all, those of the newcomer last; rare words weigh as they did before it came.

        Raises BadArray where the encoder is not the one that read the others.
        """
        mine, old = read(newcomer, encoder), self.words
        if mine.words.encoder != old.encoder:
            raise BadArray(
                f"words: read by {old.encoder or 'no encoder'}, not by {mine.words.encoder or 'none'}"
            )
        sayings, before = list(mine.number), len(self.number)
        place = np.array(
            [self.number.get(one, before + row) for row, one in enumerate(sayings)], dtype=np.int64
        )
        ngrams = self.vectors.rows([_text(one) for one in sayings])
        return old._replace(
            ngrams=sparse.vstack([old.ngrams, ngrams], format="csr"),
            dense=old.dense if mine.words.dense is None else np.concatenate([old.dense, mine.words.dense]),
            unread=np.concatenate([old.unread, mine.words.unread]),
            letters=np.concatenate([old.letters, mine.words.letters]),
            needs=np.concatenate([old.needs, place[mine.words.needs]]),
            offers=np.concatenate([old.offers, place[mine.words.offers]]),
        )


def listing_words(expo: Expo, encoder: Encoder | None = None, progress: Progress | None = None) -> Words:
    """The words of an expo. With a `Cached` encoder, only texts are encoded that it has not met before."""
    return read(expo, encoder, progress).words


def read(expo: Expo, encoder: Encoder | None = None, progress: Progress | None = None) -> Reading:
    """The same, with what it takes to read more."""
    said = [*_sayings(expo.needs), *_sayings(expo.offers)]
    different = sorted(set(said))
    number = {one: row for row, one in enumerate(different)}
    place = np.array([number[one] for one in said], dtype=np.int64)
    needs, offers = place[: len(expo.needs.ids)], place[len(expo.needs.ids) :]
    texts = [_text(one) for one in different]
    vectors = text.vectors(texts)
    letters = np.array([any(map(str.isalnum, one)) for one in texts], dtype=bool)
    if encoder is None:
        unread = np.zeros(len(different), dtype=bool)
        words = Words(vectors.matrix, None, unread, letters, needs, offers, calibration.of_ngrams(), None, "")
        return Reading(words, vectors, number)
    found = calibration.space(encoder)
    dense, unread = _meanings(encoder, found, [_phrases(one) for one in different], progress)
    curves = calibration.of_ngrams(), found.calibration
    words = Words(vectors.matrix, dense, unread, letters, needs, offers, *curves, encoder.id)
    return Reading(words, vectors, number)


def _sayings(listings: Listings) -> list[Saying]:
    texts = zip(listings.titles, listings.summaries, listings.codes, strict=True)
    return [
        (tuple(sorted(title.items())), tuple(sorted(summary.items())), codes)
        for title, summary, codes in texts
    ]


def _meanings(
    encoder: Encoder,
    found: calibration.Space,
    phrases: list[list[tuple[str, str]]],
    progress: Progress | None,
) -> tuple[Array, Array]:
    """Mean directions of what each listing says in languages that the encoder reads, and which it cannot read."""
    different = list(dict.fromkeys(phrase for several in phrases for phrase in several))
    readable = [phrase for phrase in different if encoding.reads(encoder, phrase[1])]
    understood = {phrase for phrase in readable if encoding.understands(encoder, phrase[1], phrase[0])}
    said = [words for _, words in readable]
    vectors = encoder.encode(said, progress) if isinstance(encoder, Cached) else encoder.encode(said)
    total = np.zeros((len(phrases), found.axes.shape[1]))
    if said:
        place = {phrase: i for i, phrase in enumerate(readable)}
        at = [(row, place[one]) for row, several in enumerate(phrases) for one in several if one in place]
        row, column = np.array(at, dtype=np.int64).T
        np.add.at(total, row, found.project(vectors)[column])
    return calibration.unit(total), np.array(
        [not understood.intersection(one) for one in phrases], dtype=bool
    )


def _phrases(saying: Saying) -> list[tuple[str, str]]:
    """What a listing says, language by language, and the everyday names of its codes."""
    titles, summaries, codes = dict(saying[0]), dict(saying[1]), saying[2]
    several = [
        (language, ". ".join(filter(None, (titles.get(language), summaries.get(language)))))
        for language in sorted({*titles, *summaries})
    ]
    spoken = vocabulary.LANGUAGES[0]
    names = ", ".join(dict.fromkeys(vocabulary.label(code, spoken) for code in codes))
    return [*several, *([(spoken, names)] if names else [])]


def _text(saying: Saying) -> str:
    """What a listing says in every language it has, with the everyday names of its codes in ours."""
    titles, summaries, codes = saying
    names = (vocabulary.label(code, language) for code in codes for language in vocabulary.LANGUAGES)
    return " ".join([*(words for _, words in titles), *(words for _, words in summaries), *names])
