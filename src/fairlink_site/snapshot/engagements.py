"""Delegates who are at an activity they signed up for, and cannot meet anybody meanwhile."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import numpy as np

from fairlink import Expo
from fairlink.expo import Engagements
from fairlink_site.models import Edition, SignUp


def engagements(edition: Edition, expo: Expo, organisations: Collection[int] | None = None) -> Engagements:
    """When delegates are at an activity they signed up for."""
    signed = SignUp.objects.filter(activity__edition=edition)
    if organisations is not None:
        signed = signed.filter(organisation__in=organisations)
    party = {code: row for row, code in enumerate(expo.ids)}
    slots = [(row, start, expo.slots.end[row]) for row, start in enumerate(expo.slots.start)]
    zone = slots[0][1].tzinfo if slots else None
    found = set()
    for code, delegate, day, start, end in signed.values_list(
        "organisation__code", "delegate", "activity__day", "activity__start", "activity__end"
    ):
        row = party.get(code, -1)
        if row < 0 or delegate >= expo.organisations.delegates[row]:
            continue
        begins, ends = (datetime.combine(day, at, zone) for at in (start, end))
        found |= {(row, delegate, slot) for slot, opens, closes in slots if opens < ends and begins < closes}
    columns = np.array(sorted(found), dtype=np.int32).reshape(-1, 3)
    return Engagements(columns[:, 0].copy(), columns[:, 1].copy(), columns[:, 2].copy())
