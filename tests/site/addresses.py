"""Every address of an edition, and who gets an answer there. A test fails for a route that is missing here."""

import re

from fairlink_site.urls import edition_pages

# everybody: no account needed in a sample; belongs: those of the organisation and organisers; members: only the
# former; the rest are roles.
WHO = {
    **dict.fromkeys(
        (
            *("home", "about", "chains", "chain", "directory", "directory_csv", "organisation", "calendar"),
            *(
                "calendar_ics",
                "calendar_pdf",
                "meetings",
                "day",
                "activities",
                "activity",
                "figures",
                "figures_json",
                "figure",
                "method",
                "exports",
                "export",
            ),
        ),
        "everybody",
    ),
    "register": "signed in",
    "wishes": "members",
    **dict.fromkeys(
        ("sign_up", "meet", "feed_address", "meeting_time", "meeting_cancel", "meeting_delegate"), "members"
    ),
    "delegates": "belongs",
    **dict.fromkeys(
        ("profile", "profile_edit", "certificates", "prospects", "listing_new", "listing", "meeting"),
        "belongs",
    ),
    **dict.fromkeys(("queue", "review"), "reviewer"),
    **dict.fromkeys(
        (
            "board",
            "check_in",
            "check_in_one",
            "badge",
            "badges",
            "badges_pdf",
            "board_log",
            "board_log_file",
            "repair",
        ),
        "hall",
    ),
    **dict.fromkeys(
        (
            *(
                "organise",
                *("setup", "setup_facts", "setup_rules", "setup_money", "setup_groups", "setup_phase"),
                *("setup_times", "setup_places", "setup_place", "setup_chains", "setup_chain"),
                *("setup_purchases", "setup_purchases_ours", "setup_exclusions", "setup_exclusion"),
                *("setup_interpreters", "setup_interpreter"),
                *("setup_activities", "setup_activity"),
                *("setup_new_node", "setup_node", "setup_remove"),
                *("timetables", "timetable", "timetable_file", "timetable_publish"),
                *("timetable_compare", "timetable_compare_file"),
                "outbox",
                "remind",
                "letter",
                "people",
                "duplicates",
                "imports",
                "import",
                "import_problems",
                "trail",
                "trail_file",
            ),
        ),
        "organiser",
    ),
}


def routes():
    """(name, pattern) of every address of an edition."""
    return [(one.name, str(one.pattern)) for one in edition_pages]


def filled(pattern, values):
    """A pattern with its parts filled in: {name: value}."""
    return re.sub(r"<\w+:(\w+)>", lambda match: str(values[match[1]]), pattern)
