"""Write the reference pages from the code they describe: `python -m docs.reference`. A test holds them against it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

import django

from fairlink import cli, report, words
from fairlink.cells import KINDS, write
from fairlink.cli import outputs
from fairlink.tables import TABLES, Column

HERE = Path(__file__).parent
ADDRESSES = {
    "front": "leads to the newest edition in the reader's language",
    "home": "an edition: headline figures with definitions, how far agreements have come, the chains",
    "about": "what Fairlink is, accessibility, privacy",
    "chains": "leads to the first chain",
    "chain": "the map of one chain, and the same as a table",
    "directory": "organisations, with search (`q`), filters (`chain`, `stage`, `node`, `country`, `kind`, `size`, "
    "`role`) and `page`",
    "directory_csv": "the same as CSV, under the same filters, whole",
    "organisation": "what an organisation offers and needs, whom it should meet, and why",
    "calendar": "its meetings and activities, and good meetings that found no time",
    "calendar_ics": "the same as an iCalendar file",
    "calendar_pdf": "the same on one sheet of paper",
    "feed_address": "the secret address at which another calendar reads it, for its own people; make a new one",
    "delegates": "which seat at its meetings is whose, and who speaks what",
    "meet": "times at which it could meet another (`slot`), for its own people; book one",
    "wishes": "who asks it to meet and what it would gain, whom it has asked, what was agreed; for its own people only",
    "meetings": "leads to the first day",
    "day": "the timetable of a day, slot by slot (`slot`, `page`)",
    "meeting": "one meeting, for those who hold it: who, where, why, notes of one's own, what came of it",
    "meeting_time": "times that work instead (`slot`), for those who hold it; move it",
    "meeting_cancel": "asks before a meeting is cancelled, with a reason",
    "meeting_delegate": "sends another delegate, and leads back to the meeting",
    "activities": "the programme of a day (`day`, `kind`, `hall`, `page`)",
    "activity": "one activity: when, where, how many seats are left",
    "sign_up": "which delegates of an organisation attend it, for its own people; book a seat, sign off",
    "timetables": "the timetables that were made, for organisers; make one, see how far it is, stop it",
    "timetable": "one timetable: figures, how meetings are spread, why others have no time; lock it",
    "timetable_file": "every meeting of a timetable with and without a time, as a file",
    "timetable_publish": "what publishing would change and whom it would tell; publish, or go back",
    "timetable_compare": "from one timetable to another: moved, new, dropped (`show`, `page`)",
    "timetable_compare_file": "the same as a file, whole (`show=organisations`: meetings of each organisation)",
    "board": "the hall, for hall staff: who meets now and next, who sits there (`slot`, `hall`, `page`, `wall`)",
    "check_in": "find an organisation by name, code or badge (`q`)",
    "badge": "where the QR code of a badge leads",
    "check_in_one": "one organisation in the hall: has it come, its meetings of the day (`slot`)",
    "badges": "sheets of badges to print (`q`, `page`)",
    "badges_pdf": "badges of fifty organisations as PDF (`q`, `part`)",
    "repair": "no-show, late, a place closed or open: what would be done; do it (`kind`, `organisation`, `place`, "
    "`scope`, `until`, `slot`)",
    "board_log": "what happened to the timetable (`kind`, `page`)",
    "board_log_file": "the same as a file",
    "figures": "every figure with its definition",
    "figures_json": "the same as JSON, with the ids that each figure counts",
    "figure": "the rows that one figure counts",
    "people": "people and roles, for organisers: invite, remove",
    "register": "enter an organisation, for whoever is signed in, while registration is open",
    "profile": "my organisation: what there is, what is missing, what to do next; send it in",
    "profile_edit": "the facts about my organisation",
    "certificates": "its certificates, as stated, with expiry",
    "prospects": "how well it can be matched, drafts included, and what would help most",
    "listing_new": "write an offer or a need for a function",
    "listing": "the same again, with proposed codes to confirm",
    "organise": "the organiser's desk: work in the background with its progress, entries by state",
    "queue": "what waits for validation, for organisers and reviewers",
    "review": "one entry with scores, verdict, reason and history",
    "duplicates": "organisations that may be one, to be merged",
    "imports": "bring a spreadsheet: CSV or XLSX",
    "import": "what its columns mean, what it would bring, what is wrong, mending it in place",
    "import_problems": "the rows with something wrong, with a column that says what",
    "exports": "tables to take away, as much as the reader may see",
    "export": "one table, or `everything.xlsx`, of a scope: `public`, `own`, `whole`",
    "trail": "who changed what (`table`, `who`, `code`, `page`), for organisers",
    "trail_file": "the same as a file",
    "outbox": "letters of the edition, for organisers (`state`, `page`)",
    "remind": "remind whoever has not joined or not sent in, for organisers: preview, then send",
    "letter": "one letter as it is sent, for organisers; send it again if it failed",
    "setup": "the set-up, for organisers: its pages, and what is still missing",
    "setup_facts": "name, city, dates, languages, a note",
    "setup_rules": "length of lists, smallest gain, caps, what lists are chosen for",
    "setup_money": "reporting currency, second currency, dated rates",
    "setup_groups": "country groups that figures count",
    "setup_purchases": "what makers of goods usually buy: our table or the edition's own, row by row or from a file "
    "(`makes`, `page`)",
    "setup_purchases_ours": "asks before the edition's own table goes and ours counts again",
    "setup_interpreters": "interpreters: list, add, remove (`page`)",
    "setup_interpreter": "one of them: name, languages, how many, when not there",
    "setup_exclusions": "pairs of organisations that are kept apart: list, add (`page`)",
    "setup_exclusion": "one of them, before it is removed",
    "setup_activities": "activities: list, add (`page`)",
    "setup_activity": "one activity: change it, take it out",
    "setup_phase": "the phases, what each opens and closes; move the edition",
    "setup_times": "hours cut into times for meetings, shown before they are saved",
    "setup_places": "tables, rooms and places online: add, change, close, remove (`kind`, `page`)",
    "setup_place": "one place: name, hall, capacity, when it is closed",
    "setup_chains": "the chains: add, order, remove",
    "setup_chain": "one chain as a map to edit: its links in order, its name",
    "setup_new_node": "a new link of a chain",
    "setup_node": "one link: names, position, goods and services, what it feeds",
    "setup_remove": "what hangs on a link, before it is removed",
    "method": "how we match: method, parameters, results, provenance",
}


def pages() -> dict[str, str]:
    """File name → text of every page made here."""
    return {
        "tables.md": _text(_tables()),
        "problems.md": _text(_problems()),
        "figures.md": _text(_figures()),
        "command-line.md": _text(_command_line()),
        "addresses.md": _text(_addresses()),
    }


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


def _say(code: str) -> str:
    return words.say("columns", code, "en")


def _tables() -> Iterator[str]:
    yield "# Tables and columns\n"
    yield "An expo is a folder of CSV files: UTF-8 with or without a mark at the beginning, commas or semicolons"
    yield "between cells. The first line names the columns, in any order. A column with words has its language behind"
    yield "a colon (`name:en`, `name:zh-Hans`), one column for each language.\n"
    yield "## Kinds of cell\n"
    yield "| kind | how it is written |\n|---|---|"
    for kind in KINDS:
        yield f"| {kind} | {_escaped(_say(f'kind.{kind}'))} |"
    for table in TABLES.values():
        optional = ", optional" if table.optional else ""
        yield f"\n## {table.name}.csv{optional}\n"
        yield f"{_say(table.name)}\n"
        yield "| column | kind | needed | meaning |\n|---|---|---|---|"
        for column in table.columns:
            meaning = _escaped(_say(f"{table.name}.{column.name}"))
            yield f"| `{column.name}` | {column.kind} | {_needed(column)} | {meaning}{_limits(column)} |"


def _needed(column: Column) -> str:
    if column.required:
        return "yes"
    return "no" if column.default is None else f"no; else {write(column.default, column)}"


def _limits(column: Column) -> str:
    said = []
    if column.choices:
        said.append("One of " + ", ".join(f"`{choice}`" for choice in column.choices) + ".")
    if column.refers:
        said.append(f"Stands in {column.refers}.csv.")
    if column.least is not None:
        said.append(f"At least {column.least}.")
    if column.most is not None:
        said.append(f"At most {column.most}.")
    return "".join(f" {one}" for one in said)


def _problems() -> Iterator[str]:
    yield "# Problems and remedies\n"
    yield "What `fairlink check` can say of a folder, by the code that `--json` gives. Nothing is written while a"
    yield "problem stands. At most 200 are told at once, and ten of what is wrong alike in one column.\n"
    yield "| code | what is wrong | what to do |\n|---|---|---|"
    for code, said in sorted(words.catalogue("problems").items()):
        if not code.endswith(".remedy"):
            remedy = words.catalogue("problems")[f"{code}.remedy"]["en"]
            yield f"| `{code}` | {_escaped(said['en'])} | {_escaped(remedy)} |"


def _figures() -> Iterator[str]:
    yield "# Figures\n"
    yield "Every number that Fairlink publishes, in the order in which they are told.\n"
    yield "| code | name | definition |\n|---|---|---|"
    for code in report.codes():
        name, definition = (words.say("figures", one, "en") for one in (code, f"{code}.definition"))
        yield f"| `{code}` | {_escaped(name)} | {_escaped(definition)} |"


def _command_line() -> Iterator[str]:
    parser = cli.parser("en")
    yield "# Command line\n"
    yield f"`fairlink COMMAND FOLDER`, and `fairlink codes TEXT`. {parser.description}\n"
    yield "| command | what it does | options |\n|---|---|---|"
    (commands,) = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    for name, command in commands.choices.items():
        options = ", ".join(f"`{one.option_strings[-1]}`" for one in command._actions if one.option_strings)
        yield f"| `{name}` | {command.description} | {options} |"
    yield "\n| option | meaning |\n|---|---|"
    for option in commands.choices["plan"]._actions:
        if option.option_strings:
            yield f"| `{option.option_strings[-1]}` | {option.help} |"
    yield "| `--version` | print the version |\n"
    yield f"Exit codes: {cli.OK} done; {cli.BAD} the folder is wrong or the output cannot be written;"
    yield f"{cli.USAGE} the call is wrong."
    yield "Progress and problems go to standard error, results to standard output.\n"
    yield "## What is written\n"
    for file, columns in (
        ("suggestions.csv", outputs.SUGGESTIONS),
        ("timetable.csv", outputs.TIMETABLE),
        ("unplaced.csv", outputs.UNPLACED),
    ):
        yield f"- `{file}`: {', '.join(f'`{column}`' for column in columns)}"
    yield "- `figures.json`: code → label, definition, value, unit, and the ids of the rows that are counted\n"
    yield "## What `--json` prints\n"
    yield "One object. `check`: `name`, `organisations`, `offers`, `needs`, `problems`. The others: `edition`,"
    yield "`organisations`, `offers`, `needs`, `suggestions`, `expected_matches`, `without_chance`, `exposure_gini`,"
    yield "`fingerprint`, `seconds`, `seed`, `version`; `meetings` and `plan` also `wanted`, `meetings`, `gain`,"
    yield "`upper_bound`, `gap` (1 − gain ÷ upper bound) and `unplaced`. Wrong folders: `problems`, each with `code`,"
    yield "`file`, `line`, `column` and `sentence`."


def _addresses() -> Iterator[str]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairlink_site.settings")
    django.setup()
    from fairlink_site.urls import edition_pages

    yield "# Addresses\n"
    yield "Every address begins with a language (`/en/`, `/zh-hans/`) and an edition. `/` alone leads to the newest"
    yield "edition. None needs scripts but passkeys. Accounts lie under `/LANGUAGE/account/`, what you belong to under"
    yield "`/LANGUAGE/me/`, your messages under `/LANGUAGE/me/messages/`, invitations under `/LANGUAGE/invitations/`;"
    yield "the links that end letters lie under `/LANGUAGE/unsubscribe/`."
    yield "`/LANGUAGE/editions/new/` opens a new edition.\n"
    yield "| address | name | what it shows |\n|---|---|---|"
    for page in edition_pages:
        yield f"| `/LANGUAGE/EDITION/{page.pattern}` | {page.name} | {_escaped(ADDRESSES[str(page.name)])} |"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    for name, text in pages().items():
        (HERE / name).write_text(text, encoding="utf-8")
