"""Why a time cannot be had, in the words of the rules that stand in its way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from fairlink_site import wording
from fairlink_site.models import Edition
from fairlink_site.reasons import objection
from fairlink_site.refusals import Refused

NOT_TOLD = ("never_pair", "excluded_pair")  # nobody's business but that of those who said so


def told(edition: Edition, no: Refused) -> str:
    """A refusal in the reader's words: rule by rule where rules are in the way, and what is free instead."""
    against = cast("list[tuple[str, Mapping[str, Any]]]", no.data.get("against", []))
    codes = {code for _, data in against for code in organisations(data)}
    named = {one.code: one for one in edition.organisations.filter(code__in=codes)}
    slots = {one.code: wording.slot(one) for one in edition.slots.all()} if against else {}
    why = [objection(edition, one, named, slots) for one in against if one[0] not in NOT_TOLD]
    return " ".join([*why, str(no.words)])


def organisations(data: Mapping[str, Any]) -> list[str]:
    """Codes of the organisations that an objection or a remedy names."""
    return [*data.get("organisations", ()), *([data["organisation"]] if "organisation" in data else [])]
