"""Texts as vectors: what is said alike is near, in any script, whatever the order, and nothing breaks them."""

from __future__ import annotations

import unicodedata
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlink.text import LONGEST, index, runs, vectors

# Of each language: a text, one that is near to it, and others that are not.
TEXTS = {
    "English": [
        "Lithium batteries for electric cars",
        "Battery cells of lithium for an electric vehicle",
        "Fresh mangoes and dried fruit",
        "Harbour cranes for containers",
        "Cold storage for fresh fruit and containers",
    ],
    "French": [
        "Batteries au lithium pour voitures électriques",
        "Cellules de batterie lithium, véhicule électrique",
        "Mangues fraîches et fruits secs",
        "Grues portuaires pour conteneurs",
        "Entrepôt frigorifique, fruits et conteneurs",
    ],
    "Chinese": [
        "电动汽车用锂电池",
        "锂离子电池电芯，供电动车使用",
        "新鲜芒果与果干",
        "港口集装箱起重机",
        "水果冷库与冷链运输",
    ],
    "Arabic": [
        "بطاريات الليثيوم للسيارات الكهربائية",
        "خلايا بطارية ليثيوم لسيارة كهربائية",
        "مانجو طازج وفواكه مجففة",
        "رافعات الموانئ للحاويات",
        "تخزين بارد للفواكه الطازجة والحاويات",
    ],
    "Russian": [
        "Литиевые батареи для электромобилей",
        "Аккумуляторные ячейки: литиевая батарея электромобиля",
        "Свежие манго и сухофрукты",
        "Портовые краны для контейнеров",
        "Холодильные склады для свежих фруктов, контейнеры",
    ],
    "Thai": [
        "แบตเตอรี่ลิเธียมสำหรับรถยนต์ไฟฟ้า",
        "เซลล์แบตเตอรี่ลิเธียมของรถไฟฟ้า",
        "มะม่วงสดและผลไม้แห้ง",
        "ปั้นจั่นท่าเรือสำหรับตู้สินค้า",
        "ห้องเย็นเก็บผลไม้สดและตู้สินค้า",
    ],
    "Lao": [
        "ແບດເຕີຣີລິທຽມສຳລັບລົດໄຟຟ້າ",
        "ແຜ່ນແບດເຕີຣີລິທຽມຂອງລົດໄຟຟ້າ",
        "ໝາກມ່ວງສົດ ແລະ ໝາກໄມ້ແຫ້ງ",
        "ປັ້ນຈັ່ນທ່າເຮືອສຳລັບຕູ້ສິນຄ້າ",
        "ຫ້ອງເຢັນເກັບໝາກໄມ້ສົດ ແລະ ຕູ້ສິນຄ້າ",
    ],
}
ALL = [text for texts in TEXTS.values() for text in texts]
MESSY = st.lists(st.text(max_size=30), max_size=8)


def ngrams(text: str) -> list[str]:
    """What n-grams are, said anew."""
    grams = []
    for run, spaceless in runs(unicodedata.normalize("NFKC", text[:LONGEST]).casefold()):
        padded, sizes = (
            (run, (1, 2) if run >= "\u2e80" else (2, 3, 4)) if spaceless else (f" {run} ", (3, 4, 5))
        )
        grams += [padded[i : i + n] for n in sizes for i in range(len(padded) - n + 1)]
    return grams


def nearness(texts: list[str]) -> np.ndarray:
    matrix = vectors(texts).matrix
    return (matrix @ matrix.T).toarray()


def test_a_word_becomes_its_runs_of_letters() -> None:
    assert ngrams("Iron") == [
        *(" ir", "iro", "ron", "on "),
        *(" iro", "iron", "ron "),
        *(" iron", "iron "),
    ]
    assert ngrams("钢铁ok") == ["钢", "铁", "钢铁", " ok", "ok ", " ok "]


@settings(deadline=None, max_examples=300)
@given(MESSY)
def test_machine_code_finds_the_n_grams_that_are_meant(texts: list[str]) -> None:
    found = index(texts, np.arange(len(texts)))

    grams = [Counter(ngrams(text)) for text in texts]
    having = Counter(gram for some in grams for gram in some)
    assert len(found.grams.known) == len(having)
    assert vectors(texts).matrix.shape[1] == sum(n > 1 for n in having.values())
    weights = [
        {
            gram: (1 + np.log(n)) * (np.log((1 + len(texts)) / (1 + having[gram])) + 1)
            for gram, n in some.items()
        }
        for some in grams
    ]
    lengths = [np.sqrt(sum(weight**2 for weight in some.values())) or 1 for some in weights]
    cosines = [
        [
            sum(weight * two[gram] for gram, weight in one.items() if gram in two and having[gram] > 1)
            / (a * b)
            for two, b in zip(weights, lengths, strict=True)
        ]
        for one, a in zip(weights, lengths, strict=True)
    ]
    assert np.allclose(nearness(texts) if texts else [], cosines, atol=1e-5)
    again = vectors(texts).rows(texts)
    assert np.allclose(again.toarray(), vectors(texts).matrix.toarray(), atol=1e-6)


def test_a_text_that_comes_later_is_weighed_as_if_it_had_been_there() -> None:
    known = vectors(["wool socks", "wool hats", "felt socks", "steel"])

    socks, unknown = known.rows(["wool socks of mine", "quay"]).toarray()

    assert np.argmax(known.matrix @ socks) == 0
    assert 0 < np.sqrt(socks @ socks) < 1
    assert not unknown.any()


def test_the_texts_of_a_thing_tell_for_it_together_each_n_gram_once() -> None:
    things = index(["wool socks", "wool hats", "wool socks and hats of all the world"], np.array([0, 2]))

    together, mixed = things.shares("socks hats")
    first, second, _ = index(["wool socks", "wool hats", "steel"], np.arange(3)).shares("socks hats")

    assert together > max(first, second)
    assert together > mixed > 0
    assert things.shares("steel").tolist() == [0, 0]
    assert things.shares("").tolist() == [0, 0]


def test_what_only_one_text_says_does_not_count() -> None:
    matrix = vectors(["steel", "steel", "fruit"]).matrix

    assert matrix.shape == (3, len(ngrams("steel")))
    assert np.allclose(nearness(["steel", "steel", "fruit"]), [[1, 1, 0], [1, 1, 0], [0, 0, 0]])


@pytest.mark.parametrize("language", TEXTS)
def test_what_is_said_alike_is_nearer_than_anything_else(language: str) -> None:
    first = ALL.index(TEXTS[language][0])

    itself, alike, *others = nearness(ALL)[first, first : first + 5]

    assert itself > alike > 0.1
    assert alike > 2 * max(others)


def test_capitals_width_and_punctuation_do_not_matter() -> None:
    near = nearness(
        ["Solar panels!", "SOLAR, PANELS", "ｓｏｌａｒ－ｐａｎｅｌｓ", "café noir", "CAFE\u0301 NOIR"]
    )

    assert np.allclose(near[:3, :3], 1)
    assert np.allclose(near[3:, 3:], 1)
    assert np.allclose(near[:3, 3:], 0)


@settings(deadline=None)
@given(MESSY, st.randoms())
def test_the_order_of_the_texts_does_not_matter(texts: list[str], random: object) -> None:
    order = list(range(len(texts)))
    random.shuffle(order)

    shuffled = vectors([texts[row] for row in order]).matrix

    assert np.array_equal(shuffled.toarray(), vectors(texts).matrix.toarray()[order])


@settings(deadline=None)
@given(MESSY)
def test_no_text_is_longer_than_one(texts: list[str]) -> None:
    matrix = vectors([*texts, *texts]).matrix  # so that every run of letters is shared

    lengths = np.sqrt(matrix.multiply(matrix).sum(axis=1))
    assert matrix.dtype == np.float32
    assert [bool(length) for length in lengths] == [bool(ngrams(text)) for text in [*texts, *texts]]
    assert np.allclose(lengths[lengths > 0], 1)
    assert (np.sqrt(vectors(texts).matrix.power(2).sum(axis=1)) < 1 + 1e-5).all()


@pytest.mark.parametrize("text", ["", "   ", "!?…", "\n\t", "🚗🔋", "\ufeff", "\0"])
def test_a_text_without_letters_is_near_to_nothing(text: str) -> None:
    assert nearness([text, text, "steel", "steel"])[0].tolist() == [0, 0, 0, 0]


def test_no_texts_are_no_rows() -> None:
    assert vectors([]).matrix.shape == (0, 0)


def test_emoji_do_not_stand_in_the_way_of_words() -> None:
    assert np.isclose(nearness(["🚗 battery 🔋", "battery", "x"])[0, 1], 1)


def test_of_a_very_long_text_the_beginning_is_read() -> None:
    long = "battery " * 12_500

    assert len(long) == 100_000
    assert len(ngrams(long)) <= 5 * LONGEST
    assert ngrams("x" * LONGEST + "steel") == ngrams("x" * LONGEST)
    assert nearness([long, "battery"])[0, 1] > 0.9


@pytest.mark.parametrize(
    ("one", "other"), [("กิน", "กัน"), ("ກິນ", "ກັນ"), ("की", "का")], ids=["Thai", "Lao", "Hindi"]
)
def test_words_that_differ_in_a_vowel_sign_differ(one: str, other: str) -> None:
    assert ngrams(one) != ngrams(other)


def test_what_very_many_texts_say_tells_none_of_them_from_the_others() -> None:
    texts = [f"steel {chr(0x4E00 + i)}{chr(0x4E00 + i)}" for i in range(600)]

    near = nearness([*texts, "steel", "丁丁"])

    assert near[0, 1] == 0
    assert near[600].max() == 0
    assert near[601, 1] > 0.9


def test_two_texts_that_share_one_word_of_many_are_not_the_same() -> None:
    near = nearness(["steel pipe for bridges", "concert for organ pipe", "fresh fruit"])

    assert near[0, 1] < 0.9
