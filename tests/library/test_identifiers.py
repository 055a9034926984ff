"""Check digits: published numbers pass, and every single mistyped character is found."""

import pytest

from fairlink.identifiers import lei, registration

LEIS = ("5493001KJTIIGC8Y1R12", "213800WSGIIZCXF1P572")
NUMBERS = {
    "AU": "51 824 753 556",
    "BR": "11.222.333/0001-81",
    "CN": "91330100799655058B",
    "FR": "732 829 320",
    "NO": "974 760 673",
}


@pytest.mark.parametrize("number", LEIS)
def test_a_published_lei_passes_and_no_mistyped_one_does(number):
    assert lei(number)
    assert not lei(number[:-1])
    assert not any(lei(wrong) for wrong in _mistyped(number))


@pytest.mark.parametrize("country", NUMBERS)
def test_a_published_registration_number_passes_and_no_mistyped_one_does(country):
    number = NUMBERS[country]

    assert registration(number, country)
    assert not registration(number[:-1], country)
    assert not any(registration(wrong, country) for wrong in _mistyped(number))


def test_numbers_of_countries_whose_digits_are_not_known_pass():
    assert registration("anything 12", "LA")


def _mistyped(number):
    """Each digit replaced by its neighbours."""
    for place, character in enumerate(number):
        if character.isdigit():
            for other in {"0123456789"[int(character) - 1], "1234567890"[int(character)]}:
                yield number[:place] + other + number[place + 1 :]
