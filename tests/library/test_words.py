"""The catalogue: every code that the library can produce has words in every language, with the same data in each."""

from __future__ import annotations

import ast
import csv
import re
import string
from collections import Counter
from pathlib import Path

import pytest
from encoders import Glossary
from folders import small

from fairlink import expo, meetings, partners, records, report, vocabulary, words
from fairlink.cells import KINDS
from fairlink.encoding import Cached
from fairlink.meetings.problem import POOLS
from fairlink.meetings.remedies import LIFTS
from fairlink.meetings.standby import BINDING
from fairlink.tables import TABLES, Records

SOURCE = Path(words.__file__).parents[1]
FILES = {path.stem for path in Path(words.__file__).parent.glob("*.csv")}
FAMILIES = sorted(FILES - {*words.FURTHER})
SPOKEN = (*meetings.OF_BOTH, *meetings.OBJECTIONS)


def rows(family: str) -> list[dict[str, str]]:
    with (SOURCE / "words" / f"{family}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def calls(module: str) -> list[tuple[str, list[str]]]:
    """Every call in the module: the name that is called, and the texts among its arguments."""
    found = []
    for node in ast.walk(ast.parse((SOURCE / f"{module}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            texts = [
                one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            found.append((name, texts))
    return found


def texts(module: str) -> set[str]:
    """Every text that stands in the module."""
    tree = ast.parse((SOURCE / f"{module}.py").read_text(encoding="utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def problem_codes(*modules: str) -> set[str]:
    first = {"Problem", "BadCell", "_complain", "_known"}
    made = {told[0] for module in modules for name, told in calls(module) if name in first and told}
    heads = {"unknown_column", "duplicate_column", "language_missing", "unknown_language"}
    assert heads <= texts("files")
    return made | heads if "files" in modules else made


def choices() -> set[str]:
    tuples = [
        value
        for name, value in vars(expo).items()
        if name.isupper() and isinstance(value, tuple) and all(isinstance(one, str) for one in value)
        if name != "PASSED_OVER"  # reasons, not choices
    ]
    columns = [column.choices for table in TABLES.values() for column in table.columns]
    return {choice for value in (*tuples, *columns) for choice in value}


def stages() -> set[str]:
    """Every stage that a run tells of."""
    told: set[str] = set()
    found = records.build(Records(small()))
    suggestions = partners.recommend(
        found, encoder=Cached(Glossary()), progress=lambda stage, done, total: told.add(stage)
    )
    wanted = partners.wanted(found, suggestions)
    meetings.schedule(found, wanted, progress=lambda stage, done, total: told.add(stage))
    return told


def test_a_sentence_is_filled_with_the_data_of_its_code() -> None:
    data = {"value": "o9", "refers": "organisations"}

    told = [
        words.say("problems", "unknown_reference", language, data) for language in ("en", "zh-Hans", "de")
    ]

    assert told == [
        "There is no o9 in organisations.csv.",
        "organisations.csv 中没有 o9。",
        "There is no o9 in organisations.csv.",
    ]


def test_a_code_without_words_is_an_error() -> None:
    with pytest.raises(KeyError):
        words.say("problems", "no_such_code", "en")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_catalogue_has_every_code_once_and_every_language_in_full(family: str) -> None:
    found = rows(family)

    assert [code for code, times in Counter(row["code"] for row in found).items() if times > 1] == []
    assert {tuple(row) for row in found} == {("code", *words.LANGUAGES)}
    assert [row["code"] for row in found if not all((cell or "").strip() for cell in row.values())] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_each_language_says_the_same_data(family: str) -> None:
    differing = [
        row["code"]
        for row in rows(family)
        if len({frozenset(placeholders(row[language])) for language in words.LANGUAGES}) > 1
    ]

    assert differing == []


@pytest.mark.parametrize("family", FAMILIES)
def test_no_sentence_in_chinese_was_left_in_english(family: str) -> None:
    data_only = ("title", "place.file", "left.line", "unknown_column.remedy")
    same = [row["code"] for row in rows(family) if row["en"] == row["zh-Hans"]]

    assert [code for code in same if code not in data_only] == []


@pytest.mark.parametrize("language", words.FURTHER)
def test_a_further_language_says_all_that_participants_read_with_the_same_data(language: str) -> None:
    told = {(row["family"], row["code"]): row["words"] for row in rows(language)}
    wanted = {
        (family, code): said["en"]
        for family in words.SPOKEN
        for code, said in words.catalogue(family).items()
        if not code.startswith("kind.")
    }

    assert set(told) == set(wanted)
    assert [key for key in wanted if placeholders(told[key]) != placeholders(wanted[key])] == []
    assert all(text.strip() for text in told.values())


def test_every_problem_has_a_sentence_and_a_remedy_and_no_other_has() -> None:
    made = problem_codes("cells", "files", "record_rules")

    assert len(made) > 30
    assert set(words.catalogue("problems")) == made | {f"{code}.remedy" for code in made}


def test_every_table_has_a_name_and_nothing_else_has() -> None:
    assert list(words.catalogue("tables")) == list(TABLES)


def test_every_problem_of_a_record_has_a_sentence_for_forms_and_lists() -> None:
    lists = {code.removeprefix("list.") for code in words.catalogue("mistakes")}

    assert lists == {"empty_cell", *problem_codes("cells", "record_rules")} - {"not_one_row"}
    assert lists <= set(words.catalogue("mistakes"))


@pytest.mark.parametrize("language", [*words.LANGUAGES, *words.FURTHER])
def test_forms_and_lists_speak_of_no_cells_files_of_ours_or_separators(language: str) -> None:
    strange = ("csv", "|", "cell", "cellule", "celda", "单元格", "ячейк", "خلية", "feeds", "exhibitor,")
    told = {code: said[language].casefold() for code, said in words.catalogue("mistakes").items()}

    assert [code for code, text in told.items() if any(one in text for one in strange)] == []


@pytest.mark.parametrize("language", [*words.LANGUAGES[:1], *words.FURTHER])
@pytest.mark.parametrize("family", ["advice", "objections"])
def test_no_noun_follows_a_number_that_may_be_one(family: str, language: str) -> None:
    counted = re.compile(r"\{(number|cap|longest|capacity)\} (?!\{)\w")
    told = {code: said[language] for code, said in words.catalogue(family).items()}

    assert [code for code, text in told.items() if counted.search(text)] == []


def test_every_kind_of_cell_can_be_named_in_a_problem() -> None:
    assert {column.kind for table in TABLES.values() for column in table.columns} <= set(KINDS)


def test_every_choice_has_a_name_and_no_other_has() -> None:
    assert len(choices()) > 50
    assert set(words.catalogue("choices")) == choices()


def test_every_reason_has_words_and_no_other_has() -> None:
    assert set(words.catalogue("reasons")) == {*partners.REASONS, *expo.PASSED_OVER}


def test_every_figure_has_words_and_no_other_has() -> None:
    wanted = {f"{code}{end}" for code in report.codes() for end in ("", ".definition")}

    assert set(words.catalogue("figures")) == wanted


def test_every_objection_and_remedy_has_words_and_no_other_has() -> None:
    wanted = {
        *SPOKEN,
        *(f"short.{code}" for code in SPOKEN),
        *(f"remedy.{code}" for code in meetings.REMEDIES),
        *(f"change.{code}" for code in (*LIFTS, "swap")),
        *("per.day", "per.edition"),
    }

    assert set(words.catalogue("objections")) == wanted
    assert set(BINDING) == set(meetings.OBJECTIONS)


def test_every_cause_of_a_repair_has_words_and_no_other_has() -> None:
    assert set(words.catalogue("repairs")) == set(meetings.REPAIRS)


def test_every_stage_of_a_run_has_words() -> None:
    told = stages()

    assert told == {"encoding", "scoring", *meetings.STAGES}
    assert {f"stage.{stage}" for stage in told} <= set(words.catalogue("cli"))


def test_every_sentence_of_the_command_line_is_said_somewhere() -> None:
    spoken = {
        text
        for module in (
            *("cli/__init__", "cli/brokerage", "cli/outputs", "cli/progress", "cli/questions"),
            *("cli/sentences", "words/__init__"),
        )
        for text in texts(module)
    }
    faults = {*meetings.FAULTS} - {"wrong_scope"}
    composed = (
        {f"stage.{stage}" for stage in stages()}
        | {f"place.{place}" for place in ("file", "line", "column", "line_column")}
        | {f"question.{fault}" for fault in faults}
        | {f"question.wrong_scope.{takes}" for takes in ("time", "day", "none")}
        | {f"brokered.{status}" for status in meetings.BROKERAGE}
        | {f"brokered.lacking.{pool}" for pool in POOLS}
        | {f"brokered.{cause}" for cause in ("crowded", "never_open", "search")}
    )

    assert set(words.catalogue("cli")) - spoken - composed == set()


def test_every_resource_that_can_be_asked_about_has_words_and_no_other_has() -> None:
    more = {f"more.{one}" for one in meetings.RESOURCES}
    one = {f"one.{of}" for of in ("slots", "cap", "delegates")}
    others = {"at", "day.morning", "day.afternoon", "adds", "adds.one", "adds.none", "takes", "points"}

    assert (
        set(words.catalogue("worth"))
        == {f"{code}{end}" for code in more | one for end in ("", ".one")} | others
    )


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        *[(tag, "zh-Hans") for tag in ("zh", "zh-CN", "zh_CN.UTF-8", "zh_Hans_CN", "ZH")],
        *[(tag, "en") for tag in ("en", "en_GB", "fr", "C", "C.UTF-8", "POSIX", "", "zha")],
        ("zh.UTF-8", "zh-Hans"),
    ],
)
def test_the_nearest_language_of_the_catalogue_is_found(tag: str, expected: str) -> None:
    assert words.nearest(tag) == expected


def test_lists_are_joined_as_the_language_joins_them() -> None:
    assert words.joined(["A", "B", "C"], "en") == "A, B, and C"
    assert words.joined(["A", "B", "C"], "zh-Hans") == "A、B和C"
    assert words.joined([], "en") == ""


def test_the_data_of_a_code_become_words() -> None:
    data = {"organisation": 1, "organisations": (0, 1), "code": "8507", "kind": "table", "per": "day",
            "changes": ("add_table", "swap"), "by": 1}  # fmt: skip

    told = words.fill(data, "zh-Hans", organisation=lambda row: "甲乙"[row], slot=str)

    assert told == {
        "organisation": "乙",
        "organisations": "甲和乙",
        "code": "8507",
        "label": vocabulary.label("8507", "zh-Hans"),
        "kind": "洽谈桌",
        "per": "每天",
        "changes": "增设洽谈桌和其他会谈让位",
        "by": 1,
    }


def test_every_table_column_and_kind_of_cell_has_a_meaning_and_no_other_has() -> None:
    columns = {f"{name}.{column.name}" for name, table in TABLES.items() for column in table.columns}
    kinds = {f"kind.{kind}" for kind in KINDS}

    assert set(words.catalogue("columns")) == {*TABLES, *columns, *kinds}
    assert all(said[language] for said in words.catalogue("columns").values() for language in words.LANGUAGES)
