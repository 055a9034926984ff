"""The set-up at a glance: its pages, what each says so far, and what is still missing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from fairlink_site.models import Edition
from fairlink_site.pages.setup.doors import organiser_form
from fairlink_site.pages.setup.missing import lacks
from fairlink_site.pages.tenancy import show

# name of the page → its title, and what is done there
SECTIONS = (
    ("setup_facts", _("Facts"), _("Name, city, dates, languages, a note to readers")),
    (
        "setup_rules",
        _("Rules"),
        _("How lists and the timetable are made, and how many meetings one can have"),
    ),
    ("setup_money", _("Money"), _("Reporting currency, second currency, dated rates")),
    ("setup_groups", _("Country groups"), _("Groups of the United Nations, and developing countries")),
    ("setup_chains", _("Chains"), _("Chains, their links, and what feeds what, drawn as a map")),
    ("setup_times", _("Times"), _("When meetings can be held")),
    ("setup_places", _("Places"), _("Tables, rooms and places online")),
    ("setup_interpreters", _("Interpreters"), _("Who interprets where two share no language")),
    ("setup_activities", _("Activities"), _("Forums, launches and trainings, and who signs up for them")),
    (
        "setup_purchases",
        _("What is usually bought"),
        _("What makers of goods buy: our table, or one of your own"),
    ),
    ("setup_exclusions", _("Kept apart"), _("Organisations that are not brought together")),
    ("people", _("People and roles"), _("Invite organisers, reviewers and exhibitors")),
    ("setup_phase", _("Phase"), _("Open registration, show suggestions, publish, close")),
)


@organiser_form
def setup(request: HttpRequest, edition: Edition) -> HttpResponse:
    return show(request, "setup", edition, sections=SECTIONS, lacks=lacks(edition))
