"""What templates say: texts of the edition, words for codes, numbers, money, and the parts of a page that recur."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, QueryDict
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fairlink import vocabulary
from fairlink_site import wording
from fairlink_site.labels import LABELS
from fairlink_site.refusals import WORDS

register = template.Library()

register.filter("country", wording.country)
register.filter("code_label", wording.code_label)
register.filter("number", wording.number)
register.filter("percent", wording.percent)
register.filter("slot", wording.slot)


@register.filter
def text(value: Mapping[str, str] | None) -> str | SafeString:
    """Words in the reader's language; those of another are marked as such, so that they are read aloud right."""
    words, tag = wording.pick(value)
    if tag in ("", wording.language()):
        return words
    return format_html('<span lang="{}" dir="auto">{}</span>', tag, words)


@register.filter
def plain(value: Mapping[str, str] | None) -> str:
    """The same without a mark, where there is no room for one: titles, attributes."""
    return wording.pick(value)[0]


_SHAPES = {
    "upstream": '<path d="M0 9 5 1l5 8Z"/>',
    "midstream": '<path d="M5 0l5 5-5 5-5-5Z"/>',
    "downstream": '<circle cx="5" cy="5" r="4.5"/>',
    "service": '<path d="M1 1h8v8H1Z"/>',
}


@register.simple_tag
def shape(stage: str) -> SafeString:
    """The form that goes with a position's colour, so that neither is needed to tell it."""
    return mark_safe(  # noqa: S308  our own constants
        '<svg class="shape" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" focusable="false">'
        f"{_SHAPES[stage]}</svg>"
    )


@register.simple_tag
def chip(stage: str, words: str, address: str = "") -> SafeString:
    """Something with its position in the chain: colour, form and words."""
    if address:
        return format_html('<a class="chip {}" href="{}">{}{}</a>', stage, address, shape(stage), words)
    return format_html('<span class="chip {}">{}{}</span>', stage, shape(stage), words)


@register.filter
def choice(code: str) -> str:
    return wording.say("choices", code) if code else ""


JOBS = {
    "partners": _("Find partners for everybody"),
    "meetings": _("Make the timetable"),
    "figures": _("Count the figures"),
    "import": _("Bring the file in"),
    "repeat": _("Repeat the matching and compare"),
    "welcome": _("Find partners for a newcomer"),
    "announce": _("Tell everybody of the timetable"),
}
OUTCOMES = {
    "met": _("Met"),
    "absent": _("They did not come"),
    "follow_up": _("Met, to be followed up"),
    "agreement": _("Met, an agreement is intended"),
}
STATES = {
    "planned": _("planned"),
    "held": _("held"),
    "missed": _("not held"),
    "cancelled": _("cancelled"),
}
REASONS = {
    "gave_up": _("Its worker was stopped three times. Look at the log of the worker, then ask again."),
    "asked_again": _("It had been asked for again."),
}


@register.filter
def percent(value: float) -> str:
    return wording.percent(value)


@register.filter
def of_most(value: float) -> str:
    """A share of what can be had at most: never said to be all of it where something is missing."""
    return wording.percent(math.floor(round(value * 10_000, 6)) / 10_000, digits=2)


@register.filter
def gap(value: float) -> str:
    """What is missing of that: never said to be nothing where it is something."""
    return wording.percent(math.ceil(round(value * 10_000, 6)) / 10_000, digits=2)


@register.filter
def points(value: int) -> str:
    """Points with their sign."""
    return f"{value:+d}".replace("-", "−")


@register.filter
def get(values: Mapping[str, Any], key: str) -> Any:
    return values.get(key, "")


@register.filter
def job_name(kind: str) -> str:
    return str(JOBS[kind])


@register.filter
def outcome_name(code: str) -> str | Promise:
    """What one side says of a meeting."""
    return OUTCOMES.get(code, "")


@register.filter
def state_name(code: str) -> str | Promise:
    """How it stands with a meeting."""
    return STATES[code]


@register.filter
def stage_name(stage: str) -> str:
    return wording.say("cli", f"stage.{stage}")


@register.filter
def job_reason(code: str) -> str | Promise:
    """Why a job failed: a refusal's words, or what kind of error it was, for whoever reads the log."""
    return WORDS.get(code) or REASONS.get(code) or code


@register.filter
def status_name(code: str) -> str:
    return wording.say("statuses", code)


@register.filter
def table_name(table: str) -> str:
    return wording.say("tables", table)


@register.filter
def table_meaning(table: str) -> str:
    return wording.say("columns", table)


@register.filter
def column_label(column: str) -> str:
    return str(LABELS[column])


@register.filter
def day(value: str | date) -> str:
    """A day as the reader's language writes it; notices keep days as texts."""
    return date_format(date.fromisoformat(value) if isinstance(value, str) else value, "DATE_FORMAT")


@register.filter
def moment(value: datetime | None, edition: Any) -> str:
    return wording.moment(value, edition.time_zone) if value else ""


@register.filter
def role(code: str) -> str:
    return wording.say("roles", code)


@register.simple_tag
def figure_value(figure: Any) -> str:
    return wording.figure(figure.value, figure.unit)


@register.simple_tag
def exact_value(figure: Any) -> str:
    return wording.exact_figure(figure.value, figure.unit)


@register.filter
def figure_name(code: str) -> str:
    return wording.say("figures", code)


@register.filter
def figure_definition(code: str) -> str:
    return wording.say("figures", f"{code}.definition")


@register.simple_tag
def exact_money(value: Decimal, currency: str) -> str:
    return wording.exact_money(value, currency)


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, Any], **changes: Any) -> str:
    """The address's query with some parts changed; an empty part is left out."""
    parts: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        if value in ("", None):
            parts.pop(name, None)
        else:
            parts[name] = value
    return "?" + parts.urlencode()


@register.filter
def language_name(tag: str) -> str:
    return vocabulary.language(tag, wording.language())


@register.simple_tag
def period(start: date, end: date) -> str:
    return wording.period(start, end)


@register.simple_tag(takes_context=True)
def languages(context: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Where the language switch leads: the same page in every other language; the one it is in first."""
    request = context["request"]
    here = get_language()
    # The query is repeated only where it is a filter: elsewhere it may be anything, beside things that are private.
    match = request.resolver_match
    filtered = match is not None and match.url_name in ("directory", "day", "activities")
    path = request.get_full_path() if filtered else request.path
    goal = "" if filtered else _goal(request)
    found = []
    for code, name in settings.LANGUAGES:
        address = wording.same_page(path, code)
        if goal:
            address += "?" + urlencode({REDIRECT_FIELD_NAME: wording.same_page(goal, code)})
        found.append({"tag": wording.tag(code), "name": name, "address": address, "here": code == here})
    return sorted(found, key=lambda one: not one["here"])


def _goal(request: HttpRequest) -> str:
    """The page of ours that somebody was on the way to when they were asked to sign in, or nothing."""
    goal = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    return goal if goal.startswith("/") and url_has_allowed_host_and_scheme(goal, allowed_hosts=None) else ""
