"""Who takes part: organisations, exhibitors, where they come from, what they offer and need."""

from __future__ import annotations

from collections.abc import Callable

from fairlink import vocabulary
from fairlink.expo import EXHIBITING, KINDS, ROLES, SIZES, SMALL, Expo
from fairlink.report.figure import Counted, Sources, figure


def _where(expo: Expo, holds: Callable[[int], bool]) -> list[str]:
    return [one for row, one in enumerate(expo.ids) if holds(row)]


def _exhibits(expo: Expo, row: int) -> bool:
    return ROLES[expo.organisations.role[row]] in EXHIBITING


def is_small(expo: Expo, row: int) -> bool:
    return bool(expo.organisations.size[row] >= 0) and SIZES[expo.organisations.size[row]] in SMALL


def _share(part: list[str], whole: list[str]) -> Counted | None:
    return (len(part) / len(whole), part) if whole else None


@figure()
def organisations(sources: Sources) -> Counted:
    return len(sources.expo.ids), sources.expo.ids


@figure()
def exhibitors(sources: Sources) -> Counted:
    found = _where(sources.expo, lambda row: _exhibits(sources.expo, row))
    return len(found), found


@figure()
def countries(sources: Sources) -> Counted:
    expo = sources.expo
    exhibiting = [row for row in range(len(expo.ids)) if _exhibits(expo, row)]
    places = sorted({expo.organisations.country[row] for row in exhibiting} - {""})
    bodies = [
        expo.ids[row]
        for row in exhibiting
        if KINDS[expo.organisations.kind[row]] == "international" and not expo.organisations.country[row]
    ]
    return len(places) + len(bodies), [*places, *bodies]


@figure("share")
def foreign_share(sources: Sources) -> Counted | None:
    expo, home = sources.expo, sources.expo.edition.host_country
    exhibiting = _where(expo, lambda row: _exhibits(expo, row))
    abroad = _where(expo, lambda row: _exhibits(expo, row) and expo.organisations.country[row] != home)
    return _share(abroad, exhibiting)


@figure("share")
def small_share(sources: Sources) -> Counted | None:
    expo = sources.expo

    def firm(row: int) -> bool:
        return _exhibits(expo, row) and KINDS[expo.organisations.kind[row]] == "enterprise"

    return _share(_where(expo, lambda row: firm(row) and is_small(expo, row)), _where(expo, firm))


@figure()
def least_developed(sources: Sources) -> Counted | None:
    return _of_group(sources.expo, "LDC")


@figure()
def landlocked(sources: Sources) -> Counted | None:
    return _of_group(sources.expo, "LLDC")


@figure()
def small_islands(sources: Sources) -> Counted | None:
    return _of_group(sources.expo, "SIDS")


@figure()
def developing(sources: Sources) -> Counted | None:
    listed = sources.expo.edition.developing
    return _from(sources.expo, frozenset(listed)) if listed else None


def _of_group(expo: Expo, group: str) -> Counted | None:
    """Organisations of a group of the United Nations, as it was on the opening day, where the edition counts it."""
    return _from(expo, vocabulary.group(group, expo.edition.start)) if group in expo.edition.groups else None


def _from(expo: Expo, countries: frozenset[str]) -> Counted:
    found = _where(expo, lambda row: expo.organisations.country[row] in countries)
    return len(found), found


@figure()
def offers(sources: Sources) -> Counted:
    return len(sources.expo.offers.ids), sources.expo.offers.ids


@figure()
def needs(sources: Sources) -> Counted:
    return len(sources.expo.needs.ids), sources.expo.needs.ids
