"""Every address on one page."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from fairlink_site.pages import chain, editions, meetings, organisations, partners, people, privacy, report


class CodeConverter(StringConverter):
    """Ids as the library allows them; anything else is no page, whatever the database would say."""

    regex = r"[\w.\-]{1,64}"


class DayConverter(StringConverter):
    regex = r"\d{4}-\d{2}-\d{2}"


register_converter(CodeConverter, "code")
register_converter(DayConverter, "day")

edition_pages = [
    path("", editions.home, name="home"),
    path("about/", editions.about, name="about"),
    path("chain/", chain.chains, name="chains"),
    path("chain/<code:chain>/", chain.chain, name="chain"),
    path("organisations/", organisations.directory, name="directory"),
    path("organisations.csv", organisations.directory_csv, name="directory_csv"),
    path("organisations/<code:organisation>/", organisations.organisation, name="organisation"),
    path("organisations/<code:organisation>/calendar/", meetings.calendar, name="calendar"),
    path("organisations/<code:organisation>/calendar.ics", meetings.calendar_ics, name="calendar_ics"),
    path("meetings/", meetings.days, name="meetings"),
    path("meetings/<day:day>/", meetings.day, name="day"),
    path("figures/", report.figures, name="figures"),
    path("figures.json", report.figures_json, name="figures_json"),
    path("figures/<code:figure>/", report.figure, name="figure"),
    path("partners/", partners.method, name="method"),
    path("people/", people.people, name="people"),
]

urlpatterns = [
    path("", editions.front, name="front"),
    *i18n_patterns(
        path("", editions.front, name="front_in_language"),
        path("account/", include("allauth.urls")),
        path("me/", people.me, name="me"),
        path("me/data/", privacy.my_data, name="my_data"),
        path("me/data.json", privacy.my_data_json, name="my_data_json"),
        path("me/erase/", privacy.erase_me, name="erase_me"),
        path("invitations/<str:token>/", people.invitation, name="invitation"),
        path("<code:edition>/", include(edition_pages)),
    ),
]

handler404 = "fairlink_site.pages.errors.not_found"
handler500 = "fairlink_site.pages.errors.broken"
