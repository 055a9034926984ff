"""Check digits of the numbers that name a firm: mistyped ones are found without asking anybody."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015 leaves out I, O, S, V and Z


def lei(text: str) -> bool:
    """Whether a Legal Entity Identifier is one: ISO 17442, 20 characters, check digits by ISO 7064 MOD 97-10."""
    if not re.fullmatch(r"[A-Z0-9]{18}[0-9]{2}", text):
        return False
    return int("".join(str(int(one, 36)) for one in text)) % 97 == 1


def registration(text: str, country: str) -> bool:
    """Whether a registration number fits its country; always true where its check digits are not known here."""
    plain = re.sub(r"[\s./-]", "", text).upper()
    return country not in _REGISTERS or _REGISTERS[country](plain)


def _uscc(text: str) -> bool:
    """China: Unified Social Credit Identifier, GB 32100-2015, ISO 7064 MOD 31-3 with weights 3^i."""
    if not re.fullmatch(rf"[{_USCC}]{{2}}[0-9]{{6}}[{_USCC}]{{10}}", text):
        return False
    total = sum(_USCC.index(one) * pow(3, i, 31) for i, one in enumerate(text[:17]))
    return _USCC.index(text[17]) == -total % 31


def _siren(text: str) -> bool:
    """France: SIREN of 9 or SIRET of 14 digits, by Luhn (ISO/IEC 7812-1)."""
    if not re.fullmatch(r"[0-9]{9}|[0-9]{14}", text):
        return False
    doubled = (int(one) * (1 + i % 2) for i, one in enumerate(reversed(text)))
    return sum(sum(divmod(one, 10)) for one in doubled) % 10 == 0


def _cnpj(text: str) -> bool:
    """Brazil: CNPJ of 14 digits, two of them weighted sums modulo 11."""
    if not re.fullmatch(r"[0-9]{14}", text):
        return False
    weights = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    for place in (12, 13):
        rest = _weighted(text[:place], weights[-place:]) % 11
        if int(text[place]) != (0 if rest < 2 else 11 - rest):
            return False
    return True


def _orgnr(text: str) -> bool:
    """Norway: organisation number of 9 digits, the last a weighted sum modulo 11."""
    if not re.fullmatch(r"[0-9]{9}", text):
        return False
    return -_weighted(text[:8], (3, 2, 7, 6, 5, 4, 3, 2)) % 11 == int(text[8])


def _abn(text: str) -> bool:
    """Australia: business number of 11 digits, a weighted sum modulo 89."""
    if not re.fullmatch(r"[1-9][0-9]{10}", text):
        return False
    digits = f"{int(text[0]) - 1}{text[1:]}"
    return _weighted(digits, (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)) % 89 == 0


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


_REGISTERS: dict[str, Callable[[str], bool]] = {
    "AU": _abn,
    "BR": _cnpj,
    "CN": _uscc,
    "FR": _siren,
    "NO": _orgnr,
}
