"""Passwords known from breaches, looked up in a list on this machine: no password or part of one leaves it."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

DIGITS = 40  # of a SHA-1 in hexadecimal
LONGEST = 256  # bytes of a line; more are no line of such a list
logger = logging.getLogger(__name__)


class BreachedPasswordValidator:
    """Refuses a password that stands in a list of `SHA1:count` lines ordered by hash.

    Without a list it refuses nothing; Django's CommonPasswordValidator, 20,000 passwords taken from breaches,
    stays on in any case. A list that cannot be read is told in the log and by `fairlink-site check --deploy`; it
    keeps nobody from signing up.
    """

    def __init__(self, path: str = "") -> None:
        self.path = path

    def validate(self, password: str, user: Any = None) -> None:
        if self.path and self._known(password):
            raise ValidationError(
                _("This password is known from a breach elsewhere. Please choose another one."),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return _("Your password must not be known from a breach elsewhere.")

    def _known(self, password: str) -> bool:
        wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest()
        try:
            with Path(self.path).open("rb") as file:
                return stands_in(file, wanted)
        except OSError as error:
            logger.warning("Breached passwords are not looked up: %s", error)
            return False


def stands_in(file: BinaryIO, wanted: str) -> bool:
    """Whether a hash begins a line of a file of lines ordered by hash; reads some 40 lines of 40 gigabytes."""
    sought = wanted.upper().encode()
    low, high = 0, file.seek(0, 2)
    while low < high:  # the line begins at low or later, before high
        middle = (low + high) // 2
        start = _next_line(file, middle)
        if start >= high:
            high = middle
            continue
        line = file.readline(LONGEST)
        found = line[:DIGITS].upper()
        if found == sought:
            return True
        if found < sought:
            low = start + len(line)
        else:
            high = middle
    return False


def is_list(path: str) -> bool:
    """Whether a file can be read and begins as such a list does."""
    try:
        with Path(path).open("rb") as file:
            digits, colon, _count = file.readline(LONGEST).partition(b":")
    except OSError:
        return False
    return bool(colon) and len(digits) == DIGITS and not digits.strip(b"0123456789ABCDEFabcdef")


def _next_line(file: BinaryIO, place: int) -> int:
    """Go to the first beginning of a line at a place or after it."""
    if place == 0:
        return file.seek(0)
    file.seek(place - 1)
    file.readline(LONGEST)
    return file.tell()
