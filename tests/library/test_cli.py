"""The command line: what it prints, writes and refuses, in either language, without a traceback."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from folders import edit, edition, organisation, record, small, write_small

from fairlink import VERSION, files, meetings, partners, words
from fairlink.cli import main
from fairlink.provenance import fingerprint

HEADS = ["meeting", "day", "slot", "start", "end", "place", "host", "guest"]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in an environment that speaks English; returns exit code, output and errors."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")

    def run(*arguments: Any) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            code = main([str(one) for one in arguments])
        except SystemExit as leaving:
            code = leaving.code
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small(tmp_path / "expo")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pairs(path: Path, one: str, other: str) -> list[tuple[str, ...]]:
    return sorted(tuple(sorted((row[one], row[other]))) for row in table(path))


def test_a_good_folder_is_called_good(run: Run, folder: Path) -> None:
    code, out, err = run("check", folder)

    assert (code, out, err) == (
        0,
        "Small expo: 4 organisations, 2 offers, 3 needs. Nothing is wrong.\n",
        "",
    )


def test_a_wrong_folder_is_told_line_by_line(run: Run, folder: Path) -> None:
    edit(folder / "offers.csv", "282520", "999999")

    code, out, err = run("check", folder)

    assert (code, out) == (1, "")
    first, last = err.splitlines()
    assert first.startswith(
        "offers.csv, line 2, column codes: 999999 is no HS 2022 or CPC 2.1 code. Write 2, 4 or"
    )
    assert last == "Problems: 1. Nothing was written."


@pytest.mark.parametrize(
    "arguments",
    [[], ["dance"], ["plan"], ["plan", "x", "--seed", "much"], ["check", "x", "--language", "fr"]],
)
def test_a_call_that_makes_no_sense_is_a_usage_error(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)

    assert (code, out) == (2, "")
    assert err.startswith("usage: fairlink")


@pytest.mark.parametrize("command", ["check", "partners", "meetings", "plan"])
def test_no_folder_is_a_usage_error(run: Run, tmp_path: Path, command: str) -> None:
    assert run(command, tmp_path / "none") == (2, "", f"{tmp_path / 'none'} is not a folder.\n")


@pytest.mark.parametrize("command", ["check", "partners", "meetings", "plan"])
def test_nothing_is_written_when_the_folder_is_wrong(
    run: Run, folder: Path, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (folder / "slots.csv").unlink()

    code, out, _ = run(command, folder, "--json")

    assert code == 1
    assert [(one["code"], one["file"], one["line"]) for one in json.loads(out)["problems"]] == [
        ("missing_file", "slots.csv", None)
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["expo"]


@pytest.mark.parametrize(
    ("command", "written"),
    [
        ("partners", {"suggestions.csv"}),
        ("meetings", {"timetable.csv", "unplaced.csv"}),
        ("plan", {"suggestions.csv", "timetable.csv", "unplaced.csv", "figures.json"}),
    ],
)
def test_each_command_writes_its_files(run: Run, folder: Path, command: str, written: set[str]) -> None:
    code, out, err = run(command, folder, "--out", folder / "made" / "here")

    assert code == 0
    assert {path.name for path in (folder / "made" / "here").iterdir()} == written
    assert out.startswith("Small expo\n4 organisations, 2 offers, 3 needs\n6 suggestions;")
    assert all(line.startswith("… ") for line in err.splitlines())


def test_without_out_a_folder_with_the_name_of_the_edition_is_made(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    run("partners", folder)

    assert [path.name for path in (tmp_path / "plan-small").iterdir()] == ["suggestions.csv"]


def test_json_is_one_object_and_nothing_else(run: Run, folder: Path) -> None:
    code, out, _ = run("plan", folder, "--json", "--seed", "7", "--out", folder / "out")

    facts = json.loads(out)
    assert code == 0
    assert out.count("\n") == 1
    assert facts.pop("seconds") >= 0
    assert {
        name: facts[name] for name in ("organisations", "suggestions", "meetings", "gain", "upper_bound")
    } == {"organisations": 4, "suggestions": 6, "meetings": 3, "gain": 2466, "upper_bound": 2466}
    assert {name: facts[name] for name in ("gap", "unplaced", "seed", "version")} == {
        "gap": 0.0,
        "unplaced": 0,
        "seed": 7,
        "version": VERSION,
    }
    assert facts["fingerprint"] == fingerprint(files.read(folder))


def test_the_timetable_says_when_and_where_in_the_time_of_the_expo(run: Run, folder: Path) -> None:
    run("meetings", folder, "--out", folder / "out")

    rows = table(folder / "out" / "timetable.csv")
    assert list(rows[0])[:8] == HEADS
    assert [row["meeting"] for row in rows] == ["m00001", "m00002", "m00003"]
    assert {row["host"] for row in rows} == {"battery"}
    assert {row["place"] for row in rows} == {"b1"}
    assert (rows[0]["day"], rows[0]["slot"], rows[0]["start"]) == (
        *("2026-09-01", "1", "2026-09-01T09:00:00+08:00"),
    )
    assert len({row["start"] for row in rows}) == 3  # the one delegate is never in two places


def test_the_same_call_writes_the_same_files(run: Run, folder: Path) -> None:
    for out in ("one", "two"):
        run("plan", folder, "--out", folder / out, "--seed", 3)

    one, two = ({path.name: path.read_bytes() for path in (folder / out).iterdir()} for out in ("one", "two"))
    assert one == two


def test_figures_say_money_as_text_so_that_no_cent_is_lost(run: Run, folder: Path) -> None:
    run("plan", folder, "--out", folder / "out")

    figures = json.loads((folder / "out" / "figures.json").read_text(encoding="utf-8"))
    assert figures["agreements_value"] == {
        "label": "Value of agreements and intended deals",
        "definition": words.say("figures", "agreements_value.definition", "en"),
        "value": "17.75",
        "unit": "CNY",
        "rows": ["ag1"],
    }


CROWDED: dict[str, dict[str, Any]] = {
    "one slot": {"slots": small()["slots"][:1]},
    "no slots": {"slots": []},
    "a cap of one": {"edition": [edition(meeting_cap=1)]},
    "one meeting a day": {"edition": [edition(daily_cap=1)], "slots": small()["slots"][:2]},
    "no two in a row": {"edition": [edition(longest_run=1)]},
    "no places": {"places": []},
    "a closed booth": {
        "places": [
            record(
                "places", id="b", kind="booth", organisation="battery", closed=("s19", "s110", "s29", "s210")
            )
        ]
    },
    "one who is away": {
        "organisations": [
            *[one for one in small()["organisations"] if one["id"] != "truck"],
            organisation("truck", "LA", closed=("s19", "s110", "s29", "s210")),
        ]
    },
    "a wish against a never": {
        "wishes": [
            record("wishes", organisation="car", partner="battery", kind="must"),
            record("wishes", organisation="battery", partner="car", kind="never"),
            record("wishes", organisation="mine", partner="battery", kind="want"),
        ]
    },
    "a wish that gains nobody": {
        "edition": [edition(win_win=0)],
        "wishes": [record("wishes", organisation="car", partner="mine", kind="must")],
    },
    "everybody online": {
        "organisations": [organisation(one["id"], "CN", online=True) for one in small()["organisations"]]
    },
}


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("name", CROWDED)
def test_every_wanted_meeting_is_held_or_told_why_not(
    run: Run, tmp_path: Path, name: str, language: str
) -> None:
    folder = write_small(tmp_path / "expo", **CROWDED[name])

    code, out, _ = run("plan", folder, "--out", tmp_path, "--language", language)

    expo = files.read(folder)
    wanted = partners.wanted(expo, partners.recommend(expo))
    held, left = pairs(tmp_path / "timetable.csv", "host", "guest"), table(tmp_path / "unplaced.csv")
    assert code == 0
    assert left
    assert sorted([*held, *pairs(tmp_path / "unplaced.csv", "first", "second")]) == sorted(
        tuple(sorted((expo.ids[a], expo.ids[b]))) for a, b in zip(wanted.first, wanted.second, strict=True)
    )
    assert {row["reason"] for row in left} <= {*meetings.OF_BOTH, *meetings.OBJECTIONS}
    assert {row["remedy"] for row in left} <= set(meetings.REMEDIES)
    assert all(row["why"] and row["what_would_help"] for row in left)
    assert "{" not in out + "".join(row["why"] + row["what_would_help"] for row in left)


@pytest.mark.parametrize("impossible", ["file", "file/below", "/proc/nowhere"])
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_where_nothing_can_be_written_a_sentence_says_so(
    run: Run, folder: Path, impossible: str, language: str
) -> None:
    (folder / "file").write_text("mine")

    code, out, err = run("partners", folder, "--out", folder / impossible, "--language", language)

    assert (code, out) == (1, "")
    assert err.splitlines()[-1].startswith({"en": "Cannot write to ", "zh-Hans": "无法写入 "}[language])
    assert "Traceback" not in err
    assert (folder / "file").read_text() == "mine"


def test_when_one_file_cannot_be_written_the_others_stay_as_they_were(run: Run, folder: Path) -> None:
    out = folder / "out"
    (out / "timetable.csv").mkdir(parents=True)
    (out / "suggestions.csv").write_text("older")

    code, _, _ = run("plan", folder, "--out", out)

    assert code == 1
    assert (out / "suggestions.csv").read_text() == "older"


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["--language", "zh-Hans"], {}),
        (["--language=zh-Hans"], {"LANG": "en_GB.UTF-8"}),
        ([], {"LANG": "zh_CN.UTF-8"}),
        ([], {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_GB.UTF-8"}),
        ([], {"LC_MESSAGES": "zh_CN", "LANG": "en_GB.UTF-8"}),
    ],
)
def test_it_speaks_chinese_when_asked_or_where_the_machine_does(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], environment: dict[str, str]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    code, out, _ = run("check", folder, *arguments)

    assert (code, out) == (0, "小型博览会：4 家机构，2 项供给，3 项需求。没有问题。\n")


def test_a_machine_that_speaks_neither_language_is_answered_in_english(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "de_DE.UTF-8")

    assert run("check", folder)[1].endswith("Nothing is wrong.\n")


def test_reasons_and_problems_are_written_in_chinese_too(run: Run, folder: Path) -> None:
    run("partners", folder, "--out", folder / "out", "--language", "zh-Hans")
    edit(folder / "offers.csv", "282520", "999999")
    _, _, err = run("check", folder, "--language", "zh-Hans")

    why = [row["why"] for row in table(folder / "out" / "suggestions.csv")]
    assert (
        why[0]
        == "对方在找“货物”；您提供“货物”；双方同属 蓄电池与电芯（850760）；您也在对方的推荐名单中；双方有共同语言"
    )
    assert err.startswith("offers.csv 第 2 行 codes 列：999999 不是 HS 2022 或 CPC 2.1 编码。")
    assert err.endswith("共 1 个问题；没有写出任何文件。\n")


def test_help_and_version_are_told(run: Run) -> None:
    assert run("--version") == (0, f"fairlink {VERSION}\n", "")
    code, out, _ = run("plan", "--help", "--language", "zh-Hans")
    assert code == 0
    assert words.say("cli", "out", "zh-Hans")[:4] in out


@pytest.mark.parametrize("seed", [-1, 2**63, 10**30])
def test_any_whole_number_is_a_seed_or_a_usage_error(run: Run, folder: Path, seed: int) -> None:
    code, _, err = run("plan", folder, "--out", folder / "out", "--seed", seed)

    assert code in (0, 2)
    assert "Traceback" not in err


def test_codes_are_proposed_for_a_text_in_any_of_our_languages(capsys: pytest.CaptureFixture[str]) -> None:
    for text, code in (("café torréfié", "0901"), ("замороженная рыба", "0303"), ("棉纱", "5205")):
        assert main(["codes", text, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert code in [one["code"] for one in found[:3]]
        assert set(found[0]) == {"code", "confidence", "label"}

    assert main(["codes", "roasted coffee", "--language", "zh-Hans"]) == 0
    assert capsys.readouterr().out.startswith("0901")


def scarce(folder: Path) -> Path:
    """The folder with one slot, so that its maker of batteries, at the only booth, cannot meet everybody."""
    lines = (folder / "slots.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "slots.csv").write_text("".join(lines[:2]), encoding="utf-8")
    return folder


def test_what_more_would_be_worth_is_told_and_nothing_is_written(run: Run, folder: Path) -> None:
    out = scarce(folder).parent / "plan"

    code, told, _ = run("meetings", folder, "--out", out, "--what-if", "slots+1", "--what-if", "tables+1")

    assert code == 0
    first, slots, then, most, tables, *_, last = told.splitlines()
    assert first.startswith("Now: meetings 1, gain ")
    assert slots == "One more slot at the end of each day would add one meeting."
    assert then.startswith("  then: meetings 2, gain ")
    assert most.startswith("  by the prices of the bound ")
    assert tables == "One more table would add no meeting."
    assert last == "Nothing was changed or written."
    assert not out.exists()


def test_a_question_and_its_answer_are_said_in_chinese(run: Run, folder: Path) -> None:
    asked = ["--what-if", "slots+2@2026-09-01", "--what-if", "tables+3@2026-09-01-morning"]

    code, told, _ = run("meetings", scarce(folder), "--language", "zh-Hans", *asked)

    assert code == 0
    assert "9月1日星期二最后再增加 2 个时段，可多安排 2 场会谈。" in told.splitlines()
    assert "9月1日星期二上午再增加 3 张洽谈桌，不会增加会谈。" in told.splitlines()


def test_answers_are_one_json_object(run: Run, folder: Path) -> None:
    code, told, _ = run("meetings", scarce(folder), "--json", "--what-if", "slots+1")

    (answer,) = json.loads(told)["answers"]
    assert code == 0
    assert answer["question"] == "slots+1"
    assert (answer["before"]["meetings"], answer["after"]["meetings"]) == (1, 2)
    assert answer["points"] >= answer["after"]["upper_bound"] - answer["before"]["upper_bound"] > 0


def test_a_bad_question_says_what_to_ask_instead(run: Run, folder: Path) -> None:
    code, out, err = run("meetings", folder, "--what-if", "tables+1@2027-01-01", "--what-if", "cap+1@nobody")

    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "“tables+1@2027-01-01” names a time without slots. The days are: 2026-09-01, 2026-09-02.",
        "“cap+1@nobody” names an organisation that is not in organisations.csv. Write its id as it stands there.",
    ]


def test_brokerage_holds_every_wanted_meeting_and_proves_how_few_breaks_there_are(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    pytest.importorskip("pysat")

    code, out, _ = run("meetings", folder, "--brokerage", "--fairness", 1, "--out", tmp_path / "plan")

    assert code == 0
    assert out.startswith("All 3 wanted meetings are held, with 0 breaks; no timetable has fewer.")
    assert len(table(tmp_path / "plan" / "timetable.csv")) == 3


def test_brokerage_that_cannot_hold_all_says_who_is_in_too_many(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    code, out, err = run("meetings", scarce(folder), "--brokerage", "--out", tmp_path / "plan")

    assert (code, out) == (1, "")
    assert err.splitlines()[-2:] == [
        "Not all 3 wanted meetings can be held. Nothing was written.",
        "  battery Ltd is in 3 wanted meetings and can hold 1: give it more delegates or time, or raise its cap.",
    ]
    assert not (tmp_path / "plan").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--fairness", "1"), "--fairness goes only with --brokerage. Add it or leave --fairness out.\n"),
        (
            ("--brokerage", "--what-if", "cap+1"),
            "--what-if does not go with --brokerage. Ask for one of them at a time.\n",
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused(run: Run, folder: Path, options: Any, told: str) -> None:
    assert run("meetings", folder, *options) == (2, "", told)
