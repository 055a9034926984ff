"""Every address on one page."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, register_converter
from django.urls.converters import IntConverter, StringConverter

from fairlink.expo import FUNCTIONS
from fairlink_site.pages import (
    activities,
    chain,
    delegates,
    downloads,
    editions,
    imports,
    listings,
    meetings,
    messages,
    organisations,
    organise,
    partners,
    people,
    privacy,
    profiles,
    report,
    reviews,
    setup,
    trail,
    wishes,
)


class CodeConverter(StringConverter):
    """Ids as the library allows them; anything else is no page, whatever the database would say."""

    regex = r"[\w.\-]{1,64}"


class DayConverter(StringConverter):
    regex = r"\d{4}-\d{2}-\d{2}"


class SideConverter(StringConverter):
    regex = "offer|need"


class FunctionConverter(StringConverter):
    regex = "|".join(FUNCTIONS)


class FormConverter(StringConverter):
    regex = "csv|xlsx"


class ScopeConverter(StringConverter):
    regex = "public|own|whole"


class KeyConverter(IntConverter):
    """A row's number, as far as either database counts."""

    regex = "[0-9]{1,15}"


register_converter(SideConverter, "side")
register_converter(FunctionConverter, "function")
register_converter(FormConverter, "form")
register_converter(ScopeConverter, "scope")
register_converter(KeyConverter, "key")
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
    path("organisations/<code:organisation>/calendar/", meetings.calendar.calendar, name="calendar"),
    path("organisations/<code:organisation>/calendar.ics", meetings.files.ics, name="calendar_ics"),
    path("organisations/<code:organisation>/wishes/", wishes.wishes, name="wishes"),
    path("meetings/", meetings.days.days, name="meetings"),
    path("meetings/<day:day>/", meetings.days.day, name="day"),
    path("meetings/<key:meeting>/", meetings.one.meeting, name="meeting"),
    path("meetings/<key:meeting>/time/", meetings.changing.another_time, name="meeting_time"),
    path("meetings/<key:meeting>/cancel/", meetings.changing.cancel, name="meeting_cancel"),
    path("meetings/<key:meeting>/delegate/", meetings.changing.delegate, name="meeting_delegate"),
    path("organisations/<code:organisation>/meet/<code:partner>/", meetings.changing.meet, name="meet"),
    path("organisations/<code:organisation>/calendar.pdf", meetings.sheet.sheet, name="calendar_pdf"),
    path("organisations/<code:organisation>/calendar/feed/", meetings.files.address, name="feed_address"),
    path("organisations/<code:organisation>/people/", delegates.delegates, name="delegates"),
    path("timetables/", meetings.timetables.timetables, name="timetables"),
    path("timetables/<key:run>/", meetings.timetables.timetable, name="timetable"),
    path("timetables/<key:run>.<form:form>", meetings.timetables.timetable_file, name="timetable_file"),
    path("timetables/<key:run>/publish/", meetings.publish.publish, name="timetable_publish"),
    path("timetables/<key:run>/from/<key:before>/", meetings.comparing.compare, name="timetable_compare"),
    path(
        "timetables/<key:run>/from/<key:before>.<form:form>",
        meetings.comparing.compare_file,
        name="timetable_compare_file",
    ),
    path("activities/", activities.activities, name="activities"),
    path("activities/<code:activity>/", activities.activity, name="activity"),
    path("activities/<code:activity>/<code:organisation>/", activities.sign_up, name="sign_up"),
    path("board/", meetings.board.board, name="board"),
    path("board/check-in/", meetings.check_in.check_in, name="check_in"),
    path("board/check-in/<str:token>/", meetings.check_in.badge, name="badge"),
    path("board/organisations/<code:organisation>/", meetings.check_in.one, name="check_in_one"),
    path("board/badges/", meetings.badges.badges, name="badges"),
    path("board/badges.pdf", meetings.badges.badges_file, name="badges_pdf"),
    path("board/repair/", meetings.repair.repair, name="repair"),
    path("board/log/", meetings.log.log, name="board_log"),
    path("board/log.<form:form>", meetings.log.log_file, name="board_log_file"),
    path("figures/", report.figures, name="figures"),
    path("figures.json", report.figures_json, name="figures_json"),
    path("figures/<code:figure>/", report.figure, name="figure"),
    path("partners/", partners.method, name="method"),
    path("people/", people.people, name="people"),
    path("register/", profiles.register, name="register"),
    path("organisations/<code:organisation>/profile/", profiles.profile, name="profile"),
    path("organisations/<code:organisation>/profile/edit/", profiles.edit, name="profile_edit"),
    path(
        "organisations/<code:organisation>/profile/certificates/", profiles.certificates, name="certificates"
    ),
    path("organisations/<code:organisation>/profile/prospects/", profiles.prospects, name="prospects"),
    path(
        "organisations/<code:organisation>/profile/<side:side>/new/<function:function>/",
        listings.listing,
        name="listing_new",
    ),
    path(
        "organisations/<code:organisation>/profile/<side:side>/<code:code>/", listings.listing, name="listing"
    ),
    path("organise/", organise.organise, name="organise"),
    path("queue/", reviews.queue, name="queue"),
    path("queue/<code:organisation>/", reviews.review_one, name="review"),
    path("duplicates/", reviews.duplicates, name="duplicates"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<key:number>/", imports.one_import, name="import"),
    path("imports/<key:number>/problems.<form:form>", imports.import_problems, name="import_problems"),
    path("exports/", downloads.exports, name="exports"),
    path("exports/<scope:scope>/<slug:table>.<form:form>", downloads.export, name="export"),
    path("trail/", trail.trail, name="trail"),
    path("trail.<form:form>", trail.trail_file, name="trail_file"),
    path("messages/", messages.outbox, name="outbox"),
    path("messages/remind/", messages.reminders, name="remind"),
    path("messages/<key:letter>/", messages.letter, name="letter"),
    path("setup/", setup.overview.setup, name="setup"),
    path("setup/facts/", setup.facts.facts, name="setup_facts"),
    path("setup/rules/", setup.facts.rules, name="setup_rules"),
    path("setup/money/", setup.facts.money, name="setup_money"),
    path("setup/groups/", setup.facts.groups, name="setup_groups"),
    path("setup/purchases/", setup.purchases.purchases, name="setup_purchases"),
    path("setup/purchases/ours/", setup.purchases.ours_again, name="setup_purchases_ours"),
    path("setup/exclusions/", setup.exclusions.exclusions, name="setup_exclusions"),
    path("setup/exclusions/<key:exclusion>/", setup.exclusions.exclusion, name="setup_exclusion"),
    path("setup/phase/", setup.phase.phase, name="setup_phase"),
    path("setup/times/", setup.times.times, name="setup_times"),
    path("setup/interpreters/", setup.interpreters.interpreters, name="setup_interpreters"),
    path(
        "setup/interpreters/<code:interpreter>/",
        setup.interpreters.interpreter,
        name="setup_interpreter",
    ),
    path("setup/places/", setup.places.places, name="setup_places"),
    path("setup/places/<code:place>/", setup.places.place, name="setup_place"),
    path("setup/activities/", setup.activities.activities, name="setup_activities"),
    path("setup/activities/<code:activity>/", setup.activities.activity, name="setup_activity"),
    path("setup/chain/", setup.chain.chains, name="setup_chains"),
    path("setup/chain/<code:chain>/", setup.chain.chain, name="setup_chain"),
    path("setup/chain/<code:chain>/link/", setup.chain.new_node, name="setup_new_node"),
    path("setup/links/<code:node>/", setup.chain.node, name="setup_node"),
    path("setup/links/<code:node>/remove/", setup.chain.remove, name="setup_remove"),
]

urlpatterns = [
    path("", editions.front, name="front"),
    *i18n_patterns(
        path("", editions.front, name="front_in_language"),
        path("account/", include("allauth.urls")),
        path("me/", people.me, name="me"),
        path("editions/new/", setup.opening.new_edition, name="new_edition"),
        path("me/data/", privacy.my_data, name="my_data"),
        path("me/data.json", privacy.my_data_json, name="my_data_json"),
        path("me/erase/", privacy.erase_me, name="erase_me"),
        path("me/messages/", messages.inbox, name="inbox"),
        path("me/messages/preferences/", messages.preferences, name="preferences"),
        path("privacy/", privacy.policy, name="privacy"),
        path("unsubscribe/<str:token>/", messages.stop, name="unsubscribe"),
        path("calendars/<str:token>.ics", meetings.files.feed, name="feed"),
        path("invitations/<str:token>/", people.invitation, name="invitation"),
        path("<code:edition>/", include(edition_pages)),
    ),
]

handler404 = "fairlink_site.pages.errors.not_found"
handler429 = "fairlink_site.pages.errors.too_many"  # asked for by allauth
handler500 = "fairlink_site.pages.errors.broken"
