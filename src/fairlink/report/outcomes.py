"""What came of it: activities, debuts, publications, and agreements as far as each has come.

Money is Decimal, converted at the edition's dated rates and rounded to cents once, after summing.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

from fairlink.expo import Agreement, Expo
from fairlink.report.figure import Counted, Sources, figure

CENT = Decimal("0.01")
EXACT = Context(prec=60)  # no sum of amounts loses a digit before it is rounded to cents


def converted(expo: Expo, amount: Decimal | None, currency: str) -> Decimal:
    """The amount in the reporting currency, unrounded; zero where none is stated."""
    if amount is None:
        return Decimal(0)
    return amount if currency == expo.edition.currency else amount * expo.rates[currency]


def _agreements(sources: Sources, holds: Callable[[Agreement], bool]) -> list[Agreement]:
    return [agreement for agreement in sources.expo.agreements if holds(agreement)]


def _count(found: list[Agreement]) -> Counted:
    return len(found), [agreement.id for agreement in found]


def _value(expo: Expo, found: list[Agreement]) -> Counted:
    stated = [one.id for one in found if one.amount is not None]
    return _summed(expo, [(one.amount, one.currency) for one in found]), stated


def _summed(expo: Expo, amounts: list[tuple[Decimal | None, str]]) -> Decimal:
    with localcontext(EXACT):
        total = sum((converted(expo, amount, currency) for amount, currency in amounts), Decimal(0))
        return total.quantize(CENT, ROUND_HALF_EVEN)


def _confirmed(agreement: Agreement) -> bool:
    return set(agreement.parties) == set(agreement.confirmed)


@figure()
def activities(sources: Sources) -> Counted:
    return len(sources.expo.activities), [one.id for one in sources.expo.activities]


@figure()
def participations(sources: Sources) -> Counted:
    counted = [one for one in sources.expo.activities if one.attended]
    return sum(one.attended for one in counted), [one.id for one in counted]


@figure()
def debuts(sources: Sources) -> Counted:
    return len(sources.expo.debuts), [one.id for one in sources.expo.debuts]


@figure()
def publications(sources: Sources) -> Counted:
    return len(sources.expo.publications), [one.id for one in sources.expo.publications]


@figure()
def agreements(sources: Sources) -> Counted:
    return _count(list(sources.expo.agreements))


@figure("reporting")
def agreements_value(sources: Sources) -> Counted:
    return _value(sources.expo, list(sources.expo.agreements))


@figure("second")
def agreements_value_second(sources: Sources) -> Counted | None:
    rate = sources.expo.edition.rate
    if not rate:
        return None
    value, rows = agreements_value(sources)
    with localcontext(EXACT):
        return (Decimal(value) / rate).quantize(CENT, ROUND_HALF_EVEN), rows


@figure()
def without_amount(sources: Sources) -> Counted:
    return _count(_agreements(sources, lambda one: one.amount is None))


@figure()
def binding(sources: Sources) -> Counted:
    return _count(_agreements(sources, lambda one: one.binding))


@figure("reporting")
def binding_value(sources: Sources) -> Counted:
    return _value(sources.expo, _agreements(sources, lambda one: one.binding))


@figure()
def confirmed(sources: Sources) -> Counted:
    return _count(_agreements(sources, _confirmed))


@figure("reporting")
def confirmed_value(sources: Sources) -> Counted:
    return _value(sources.expo, _agreements(sources, _confirmed))


@figure("reporting")
def realised_value(sources: Sources) -> Counted:
    expo = sources.expo
    found = _agreements(sources, lambda one: one.realised is not None)
    total = _summed(expo, [(one.realised, one.currency) for one in found])
    return total, [one.id for one in found]
