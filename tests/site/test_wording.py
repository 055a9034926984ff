"""Money in a headline, step by step, in both languages."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from fairlink_site import wording


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (150_149_875_620, "150.1 bn CNY", "1,501.5 亿元"),
        (300_000_000, "0.3 bn CNY", "3 亿元"),
        (4_000_000, "CN¥4M", "400 万元"),
        (12_000, "CN¥12K", "1.2 万元"),
        (900, "CN¥900", "¥900"),
    ],
)
def test_money_is_short_and_never_nothing(value, english, chinese):
    with override("en"):
        assert wording.money(Decimal(value), "CNY") == english
    with override("zh-hans"):
        assert wording.money(Decimal(value), "CNY") == chinese
