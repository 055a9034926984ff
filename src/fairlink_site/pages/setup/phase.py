"""The phases of an edition, what each opens and closes, and the buttons that move it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from fairlink.expo import PHASES
from fairlink_site.actions.editions import WITH_TIMETABLE, move_phase
from fairlink_site.models import Edition
from fairlink_site.pages.setup.doors import attempted, organiser_form, person
from fairlink_site.pages.setup.missing import lacks_for
from fairlink_site.pages.tenancy import show

MEANING = {
    "draft": _("Only organisers see the edition; for everybody else it is not there."),
    "registration": _("Everybody sees the edition; newcomers register and write what they offer and need."),
    "matching": _("Participants see whom they should meet. Late ones may still register."),
    "published": _("Participants see their timetable. Profiles are fixed; nobody registers any more."),
    "running": _("The expo is open: as published, day by day."),
    "closed": _(
        "The expo is over: everything stays to be read. Nothing is matched, placed or brought in any more; organisers "
        "can still correct entries, and the audit trail says so."
    ),
}


@organiser_form
def phase(request: HttpRequest, edition: Edition) -> HttpResponse:
    if request.method == "POST":
        wanted = request.POST.get("phase", "")
        attempted(request, lambda: move_phase(edition, wanted, by=person(request)))
        return redirect("setup_phase", edition=edition.slug)
    at = PHASES.index(edition.phase)
    phases = []
    for number, code in enumerate(PHASES):
        missing = lacks_for(edition, code) if code != edition.phase else []
        phases.append(
            {
                "code": code,
                "meaning": MEANING[code],
                "here": number == at,
                "next": number == at + 1,
                "lacks": missing,
                "shut": code in WITH_TIMETABLE and bool(missing),
            }
        )
    return show(request, "setup_phase", edition, phases=phases)
