"""What the pages of the set-up share: for organisers only, a form that an action may refuse, and the way back."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fairlink.errors import BadExpo
from fairlink_site import permissions, wording
from fairlink_site.models import Person
from fairlink_site.pages.tenancy import edition_form, for_those
from fairlink_site.record_forms import RecordForm
from fairlink_site.refusals import Refused


def organiser_form(page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page that changes an edition; others are asked to sign in, or told no."""
    return edition_form(for_those(permissions.manage_edition)(page))


def person(request: HttpRequest) -> Person:
    """Whoever is signed in; the pages here are for nobody else."""
    return request.user  # type: ignore[return-value]


def accepted(request: HttpRequest, form: RecordForm, act: Callable[[], object]) -> bool:
    """Whether the form could be read and the action did what it says; else the form tells why not."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refused as no:
        form.add_error(None, str(no.words))
        return False
    except BadExpo as error:
        complain(form, error)
        return False
    messages.success(request, _("Saved."))
    return True


def complain(form: RecordForm, error: BadExpo) -> None:
    """Tell problems of the form's own table at their fields, and of the others the first."""
    own = [one for one in error.problems if one.table == form.table.name]
    form.complain(own)
    others = [one for one in error.problems if one.table != form.table.name]
    outside = sorted(
        one.data["value"] for one in others if (one.table, one.code) == ("slots", "outside_edition")
    )
    if outside:
        said = _(
            "Times for meetings stand in the way: those of %(day)s would lie outside the edition. Change them under "
            "“Times” first."
        )
        form.add_error(None, said % {"day": date_format(outside[0], "DATE_FORMAT")})
    elif others:
        first = others[0]
        sentence = wording.mistake(first.code, first.data)
        form.add_error(
            None,
            _("This would contradict what the edition holds already. %(problem)s") % {"problem": sentence},
        )


def attempted(request: HttpRequest, act: Callable[[], object], done: str | None = None) -> bool:
    """The same for a button without a form: what happened, or why not, is told on the next page."""
    try:
        act()
    except Refused as no:
        messages.error(request, str(no.words))
        return False
    except BadExpo as error:
        first = error.problems[0]
        messages.error(request, wording.mistake(first.code, first.data))
        return False
    if done is None or done:  # an empty one: the page itself shows what happened
        messages.success(request, done or _("Saved."))
    return True
