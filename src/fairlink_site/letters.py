"""Letters and notices in words: one template for each kind, in every language or in all of them at once.

To add a kind: a line in KINDS, and its template `letters/KIND.txt`; the first line of a template is the subject.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from fairlink import words
from fairlink_site import wording
from fairlink_site.models import Notice

MARK = "••••••••"  # stands for what is secret in a letter until it is sent
LONGEST = 200  # characters of a subject in one language
_BETWEEN = "\n\n———\n\n"
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")


class Kind(NamedTuple):
    """What a kind of letter is called, the values its words need, and whether people may do without it."""

    name: str | Promise
    needs: tuple[str, ...]
    optional: bool = True
    free: tuple[str, ...] = ()  # values in which somebody writes as many lines as they like


_VERDICT = ("organisation", "listing", "reason")
_WISH = ("organisation", "partner")  # who is told, and who else it is about
_WHEN = ("day", "clock", "place")
KINDS = {
    "invitation": Kind(
        _("Invitation"), ("organisation", "role", "address", "until"), optional=False, free=("address",)
    ),
    "validated": Kind(_("Validated"), _VERDICT, free=("reason",)),
    "changes": Kind(_("Changes asked for"), _VERDICT, free=("reason",)),
    "refused": Kind(_("Refused"), _VERDICT, free=("reason",)),
    # missing: invited, draft or changes; address: of the invitation, else empty.
    "reminder": Kind(
        _("Reminder"), ("missing", "organisations", "words", "address"), free=("words", "address")
    ),
    "unattended": Kind(_("Nobody answers for it"), ("organisation",)),
    "wish_received": Kind(
        _("Somebody wishes to meet"), ("organisation", "partner", "country", "wish", "until")
    ),
    "wish_accepted": Kind(_("Wish accepted"), _WISH),
    "wish_declined": Kind(_("Wish declined"), _WISH),
    "wish_withdrawn": Kind(_("Agreed meeting taken back"), _WISH),
    "wish_expiring": Kind(_("Wish about to expire"), (*_WISH, "until")),
    "wish_expired": Kind(_("Wish expired"), _WISH),
    "timetable_published": Kind(_("Timetable published"), ("organisation", "number")),
    "timetable_changed": Kind(_("Timetable changed"), ("organisation", "number")),
    "meeting_booked": Kind(_("Meeting booked"), (*_WISH, *_WHEN)),
    "meeting_moved": Kind(_("Meeting moved"), (*_WISH, *_WHEN, "day_before", "clock_before")),
    "meeting_cancelled": Kind(_("Meeting cancelled"), (*_WISH, *_WHEN, "reason"), free=("reason",)),
    # entries: `clock`, `name`, `place`, `person` of each
    "agenda": Kind(_("Tomorrow’s agenda"), ("organisation", "day", "number", "entries"), free=("entries",)),
    # said: moved, clash (moved to when its delegate has no time), removed
    "activity_changed": Kind(_("Activity changed"), ("organisation", "activity", "said", *_WHEN)),
    "digest": Kind(_("Letter of the day"), ("news",), free=("news",)),
}
# Django's code of each language of the site, by its tag.
_TO_ALL = [code for code, _name in settings.LANGUAGES if wording.tag(code) in words.LANGUAGES]
_CODES = {wording.tag(code): code for code, _name in settings.LANGUAGES}


class Said(NamedTuple):
    subject: str
    body: str


def in_one(kind: str, data: Mapping[str, Any], edition: Mapping[str, str] | None = None) -> Said:
    """The words of a kind in the language that is active; `edition` is its name."""
    said = KINDS[kind]
    context = {name: _plain(data[name], free=name in said.free) for name in said.needs}
    context |= {"edition": _plain(edition or {})}
    lines = render_to_string(f"fairlink/letters/{kind}.txt", context).strip().splitlines()
    return Said(_cut(lines[0], LONGEST), "\n".join(lines[1:]).strip())


def write(
    kind: str,
    data: Mapping[str, Any],
    *,
    edition: Mapping[str, str] | None = None,
    language: str = "",
    path: str = "",
    site: str = "",
    stoppable: bool = False,
) -> Said:
    """A letter in a language, or in every complete language of the site, one below the other.

    `path` is what it is about, on a site that is reached at `site`; `stoppable` says at the end how to get no more.
    """

    def one(code: str) -> Said:
        said = in_one(kind, data, edition)
        address = f"{site}/{code}{path}" if path else ""
        return Said(said.subject, "\n\n".join(filter(None, (said.body, address, _foot(site, stoppable)))))

    others = [text for name in KINDS[kind].free for text in _other_words(data[name])] if not language else []
    return _in_languages(language, one, others)


def digest(notices: Iterable[Notice], *, language: str, site: str) -> Said:
    """One letter for several notices: the subject of each, and where to read on."""
    listed = list(notices)

    def one(code: str) -> Said:
        news = [
            {"subject": subject_of(each), "address": f"{site}/{code}{each.path}" if each.path else ""}
            for each in listed
        ]
        said = in_one("digest", {"news": news})
        return Said(said.subject, f"{said.body}\n\n{_foot(site, stoppable=True)}")

    return _in_languages(language, one)


def words_of(notice: Notice) -> Said:
    """What a notice says, in the reader's language."""
    return in_one(notice.kind, notice.data, notice.edition.name if notice.edition else None)


def subject_of(notice: Notice) -> str:
    return words_of(notice).subject


def invitation_address(site: str) -> str:
    """Where invitations are taken up, a token to follow. It names no language: whoever opens it has one."""
    whole = reverse("invitation", args=["token"]).removesuffix("token/")
    return site.rstrip("/") + whole.removeprefix(f"/{get_language()}")


def stop_address(site: str, token: str) -> str:
    return f"{site}{reverse('unsubscribe', args=['token']).removesuffix('token/')}{token}/"


def _in_languages(language: str, one: Callable[[str], Said], others: Iterable[str] = ()) -> Said:
    told = []
    for code in [_CODES[language]] if language in _CODES else _TO_ALL:
        with override(code):
            told.append(one(code))
    subject = " · ".join(dict.fromkeys(said.subject for said in told))
    return Said(_cut(subject, 2 * LONGEST), _BETWEEN.join([*(said.body for said in told), *others]))


def _foot(site: str, stoppable: bool) -> str:  # noqa: FBT001  passed on
    if not stoppable:
        return ""
    context = {"preferences": site + reverse("preferences"), "stop": stop_address(site, MARK)}
    return "-- \n" + render_to_string("fairlink/letters/foot.txt", context).strip()


def _plain(value: Any, *, free: bool = False) -> Any:
    """A value as a template takes it: words in the reader's language, on one line unless they are free."""
    if isinstance(value, Mapping):
        value = wording.pick(value)[0]
    if isinstance(value, list) and not free:
        return [_plain(one) for one in value]
    if not isinstance(value, str):
        return value
    # A name with a line break in it would end the subject, and begin what is not ours to say.
    return _INVISIBLE.sub("", value.replace("\r\n", "\n")).strip() if free else " ".join(_one_line(value))


def _one_line(value: str) -> list[str]:
    return [_INVISIBLE.sub("", word) for word in value.split()]


def _other_words(value: Any) -> Iterator[str]:
    """Words in languages that the site does not speak: they are read nowhere else."""
    if isinstance(value, Mapping) and any(value.get(tag) for tag in _CODES):
        yield from (_plain(words, free=True) for tag, words in value.items() if tag not in _CODES and words)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
