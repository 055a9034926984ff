"""Breached passwords: found in a list of any size by bisection, and nothing breaks where there is no list."""

import hashlib
import io

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from fairlink_site.passwords import BreachedPasswordValidator, is_list, stands_in

PASSWORD = "quay-lantern-orchard-9"
HASHES = st.sets(st.binary(min_size=20, max_size=20).map(lambda one: one.hex().upper()), max_size=40)
COUNTS = st.integers(1, 10**12)
ENDS = st.sampled_from(["\n", "\r\n"])


def sha1(password):
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def written(hashes, counts, end="\n", last=True):
    lines = [f"{one}:{count}" for one, count in zip(sorted(hashes), counts, strict=True)]
    return io.BytesIO((end.join(lines) + (end if lines and last else "")).encode())


@pytest.fixture
def breached(tmp_path):
    """A list with one password in it."""
    path = tmp_path / "breached.txt"
    path.write_bytes(written({sha1(PASSWORD), "0" * 40, "F" * 40}, [3, 12, 1]).getvalue())
    return str(path)


def test_three_lines_by_hand():
    file = written({"1" * 40, "5" * 40, "9" * 40}, [7, 123456, 1])

    assert [digit for digit in "0123456789" if stands_in(file, digit * 40)] == ["1", "5", "9"]


@given(st.data(), HASHES, HASHES, ENDS, st.booleans())
def test_every_line_is_found_and_nothing_else(data, hashes, others, end, last):
    counts = data.draw(st.lists(COUNTS, min_size=len(hashes), max_size=len(hashes)))
    file = written(hashes, counts, end, last)

    assert {one for one in hashes | others if stands_in(file, one.lower())} == hashes


@given(st.binary(max_size=2000))
def test_what_is_no_list_is_answered_all_the_same(rubbish):
    assert stands_in(io.BytesIO(rubbish), "A" * 40) in (True, False)


def test_few_bytes_of_a_large_list_are_read():
    class Counted(io.BytesIO):
        read_bytes = 0

        def readline(self, size=-1):
            line = super().readline(size)
            self.read_bytes += len(line)
            return line

    hashes = sorted(sha1(str(number)) for number in range(50_000))
    file = Counted(written(hashes, range(50_000)).getvalue())

    assert stands_in(file, hashes[-1])
    assert not stands_in(file, "F" * 40)
    assert file.read_bytes < 5_000


def test_a_breached_password_is_refused_and_another_is_not(breached):
    validator = BreachedPasswordValidator(breached)

    with pytest.raises(ValidationError) as no:
        validator.validate(PASSWORD)

    assert no.value.code == "password_breached"
    validator.validate("another-lantern-9")
    assert "breach" in validator.get_help_text()


@pytest.mark.parametrize("path", ["", "nowhere/breached.txt", "."])
def test_without_a_list_nothing_is_refused_and_nothing_breaks(path):
    BreachedPasswordValidator(path).validate(PASSWORD)


def test_passwords_that_everybody_uses_are_refused_with_a_list_and_without(breached, settings):
    for validators in (
        settings.AUTH_PASSWORD_VALIDATORS,
        [
            *settings.AUTH_PASSWORD_VALIDATORS,
            {
                "NAME": "fairlink_site.passwords.BreachedPasswordValidator",
                "OPTIONS": {"path": breached},
            },
        ],
    ):
        settings.AUTH_PASSWORD_VALIDATORS = validators
        with pytest.raises(ValidationError, match="too common"):
            validate_password("password1234")
    with pytest.raises(ValidationError, match="breach"):
        validate_password(PASSWORD)


def test_a_missing_list_keeps_nobody_from_signing_up(client, db, settings):
    settings.AUTH_PASSWORD_VALIDATORS = [
        {
            "NAME": "fairlink_site.passwords.BreachedPasswordValidator",
            "OPTIONS": {"path": "nowhere/breached.txt"},
        }
    ]

    answer = client.post(
        "/en/account/signup/", {"email": "eve@example.org", "password1": PASSWORD, "password2": PASSWORD}
    )

    assert answer.status_code == 302


def test_a_list_is_known_by_its_first_line(breached, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("password\n123456\n")

    assert is_list(breached)
    assert not is_list(str(other))
    assert not is_list(str(tmp_path / "nowhere"))
