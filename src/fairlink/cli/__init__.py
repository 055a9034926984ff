"""The command line: `fairlink check | partners | meetings | plan FOLDER`, `fairlink codes TEXT`. A door, too."""

from __future__ import annotations

import argparse
import json
import locale
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fairlink import classification, files, vocabulary, words
from fairlink.cli import brokerage, outputs, questions, sentences
from fairlink.cli.encoder import encoder
from fairlink.cli.progress import Progress
from fairlink.errors import BadExpo, MissingPackage
from fairlink.expo import Expo
from fairlink.meetings import Brokerage, Timetable, Unplaced, schedule, unplaced
from fairlink.partners import Suggestions, recommend, wanted
from fairlink.provenance import VERSION
from fairlink.report import figures

CODES = 10  # that are proposed for a text
OK, BAD, USAGE = 0, 1, 2  # exit codes; 2 is argparse's own


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 when done, 1 when the folder is wrong, 2 when the call is."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    language = _language(arguments)
    call = parser(language).parse_args(arguments)
    if call.command == "codes":
        return _codes(call, language)
    unfit = brokerage.unfit(call) if call.command == "meetings" else None
    if unfit:
        return _fail(call, unfit[0], language, unfit[1], USAGE)
    if not call.folder.is_dir():
        return _fail(call, "no_folder", language, {"folder": call.folder}, USAGE)
    try:
        return _done(call, files.read(call.folder), language)
    except BadExpo as error:
        return _bad(error, language, as_json=call.json)
    except MissingPackage as missing:
        data = {"module": missing.module, "extra": missing.extra}
        return _fail(call, "missing_package", language, data, BAD)


def _done(call: argparse.Namespace, expo: Expo, language: str) -> int:
    if call.command == "check":
        return _good(expo, language, as_json=call.json)
    if getattr(call, "what_if", None):
        return questions.run(call, expo, language)
    return _run(call, expo, language)


def parser(language: str) -> argparse.ArgumentParser:
    def say(code: str) -> str:
        return words.say("cli", code, language)

    root = argparse.ArgumentParser(prog="fairlink", description=say("about"))
    root.add_argument("--version", action="version", version=f"fairlink {VERSION}", help=say("version"))
    commands = root.add_subparsers(dest="command", required=True)
    for name in ("check", "partners", "meetings", "plan"):
        command = commands.add_parser(name, help=say(name), description=say(name))
        command.add_argument("folder", type=Path, help=say("folder"))
        command.add_argument("--json", action="store_true", help=say("json"))
        command.add_argument("--language", choices=words.LANGUAGES, default=language, help=say("language"))
        if name != "check":
            command.add_argument("--out", type=Path, help=say("out"))
            command.add_argument("--seed", type=_seed, default=0, help=say("seed"))
        if name == "meetings":
            command.add_argument("--what-if", action="append", metavar="QUESTION", help=say("what_if"))
            command.add_argument("--brokerage", action="store_true", help=say("brokerage"))
            command.add_argument("--fairness", type=_seed, help=say("fairness"))
            command.add_argument("--seconds", type=_seed, help=say("brokerage_seconds"))
    command = commands.add_parser("codes", help=say("codes"), description=say("codes"))
    command.add_argument("text", help=say("text"))
    command.add_argument("--json", action="store_true", help=say("codes_json"))
    command.add_argument("--language", choices=words.LANGUAGES, default=language, help=say("language"))
    return root


def _codes(call: argparse.Namespace, language: str) -> int:
    """Codes of goods and services that a text seems to be about, surest first."""
    progress, reader = Progress(language), encoder()
    if reader is not None and not classification.is_warm(reader):
        classification.warm(reader, progress)
    progress.end()
    found = [
        {"code": code, "confidence": sure, "label": vocabulary.label(code, language)}
        for code, sure in classification.suggest(call.text, CODES, encoder=reader)
    ]
    if call.json:
        print(json.dumps(found, ensure_ascii=False))
        return OK
    for one in found:
        print(f"{one['code']:<8} {one['confidence']:.2f}  {one['label']}")
    return OK


def _seed(text: str) -> int:
    """A seed as numpy takes it; argparse makes a usage error of the ValueError."""
    seed = int(text)
    if seed < 0:
        raise ValueError
    return seed


def _language(arguments: Sequence[str]) -> str:
    """The language asked for, else that of the environment; needed before the help can be said."""
    for position, word in enumerate(arguments):
        if word == "--language" and position + 1 < len(arguments):
            return words.nearest(arguments[position + 1])
        if word.startswith("--language="):
            return words.nearest(word.partition("=")[2])
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return words.nearest(spoken or locale.getlocale()[0] or "")


def _run(call: argparse.Namespace, expo: Expo, language: str) -> int:
    started = time.monotonic()
    progress = Progress(language)
    suggestions = recommend(expo, seed=call.seed, encoder=encoder(), progress=progress)
    timetable: Timetable | None = None
    left: tuple[Unplaced, ...] = ()
    promised: Brokerage | None = None
    if getattr(call, "brokerage", False):
        progress.end()
        wished = wanted(expo, suggestions)
        promised = brokerage.brokered(call, expo, wished, time.monotonic)
        if promised.timetable is None:
            return brokerage.refused(call, expo, promised, wished, language)
        timetable = promised.timetable
    elif call.command in ("meetings", "plan"):
        timetable = schedule(expo, wanted(expo, suggestions), seed=call.seed, progress=progress)
    if timetable is not None:
        left = unplaced(expo, timetable)
    progress.end()
    folder = call.out or Path(f"plan-{expo.edition.id}")
    try:
        written = _write(call.command, folder, expo, suggestions, timetable, left, language)
    except OSError as error:
        return _fail(call, "cannot_write", language, {"folder": folder, "reason": error.strerror}, BAD)
    facts = _facts(expo, suggestions, timetable, left) | {
        "seconds": round(time.monotonic() - started, 3),
        "seed": call.seed,
        "version": VERSION,
    }
    if promised is not None:
        facts |= brokerage.facts(promised)
    if call.json:
        print(json.dumps(facts, ensure_ascii=False))
        return OK
    if promised is not None:
        print(brokerage.outcome(call, promised, facts["wanted"], language))
    _summary(expo, facts, left, folder, written, language)
    return OK


def _write(
    command: str,
    folder: Path,
    expo: Expo,
    suggestions: Suggestions,
    timetable: Timetable | None,
    left: Sequence[Unplaced],
    language: str,
) -> list[str]:
    writer = outputs.Writer(folder)
    if command != "meetings":
        rows = outputs.suggestion_rows(expo, suggestions, language)
        writer.table("suggestions", outputs.SUGGESTIONS, rows)
    if timetable is not None:
        writer.table("timetable", outputs.TIMETABLE, outputs.timetable_rows(expo, timetable))
        writer.table("unplaced", outputs.UNPLACED, outputs.unplaced_rows(expo, timetable, left, language))
    if command == "plan":
        told = outputs.figures_json(figures(expo, suggestions, timetable), language)
        writer.text("figures.json", told)
    return writer.write()


def _facts(
    expo: Expo, suggestions: Suggestions, timetable: Timetable | None, left: Sequence[Unplaced]
) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "edition": expo.edition.id,
        "organisations": len(expo.ids),
        "offers": len(expo.offers.ids),
        "needs": len(expo.needs.ids),
        "suggestions": len(suggestions.organisation),
        "expected_matches": round(suggestions.measures.expected_matches, 3),
        "without_chance": round(suggestions.measures.without_chance, 6),
        "exposure_gini": round(suggestions.measures.exposure_gini, 6),
        "encoder": suggestions.provenance.parameters["encoder"],
        "unread": suggestions.measures.unread,
        "fingerprint": suggestions.provenance.fingerprint,
    }
    if timetable is not None:
        facts |= {
            "wanted": len(timetable.slot),
            "meetings": int(timetable.held.sum()),
            "gain": timetable.gain,
            "bonus": timetable.bonus,
            "upper_bound": timetable.upper_bound,
            "gap": timetable.gap,
            "unplaced": len(left),
        }
    return facts


def _summary(
    expo: Expo,
    facts: dict[str, Any],
    left: Sequence[Unplaced],
    folder: Path,
    written: list[str],
    language: str,
) -> None:
    def say(code: str, **data: Any) -> None:
        print(words.say("cli", code, language, data))

    def count(name: str) -> str:
        return sentences.number(facts[name], language)

    say("title", name=sentences.pick(expo.edition.name, language, expo.edition.languages))
    say("size", organisations=count("organisations"), offers=count("offers"), needs=count("needs"))
    say(
        "suggested",
        suggestions=count("suggestions"),
        matches=sentences.number(round(facts["expected_matches"]), language),
        share=sentences.percent(facts["without_chance"], language),
    )
    if "meetings" in facts:
        say(
            "scheduled",
            meetings=count("meetings"),
            wanted=count("wanted"),
            gain=sentences.number(facts["gain"] + facts["bonus"], language),
            bound=count("upper_bound"),
            gap=sentences.percent(facts["gap"], language, digits=2),
        )
        if left:
            say("left", count=count("unplaced"))
        for code, times in Counter(one.code for one in left).most_common():
            reason = words.say("objections", f"short.{code}", language)
            told = {"count": _counted(times, language), "reason": reason}
            print("  " + words.say("cli", "left.line", language, told))
    say("written", folder=folder, files=", ".join(written))
    say("seconds", seconds=sentences.number(round(facts["seconds"], 1), language))


def _good(expo: Expo, language: str, *, as_json: bool) -> int:
    facts: dict[str, Any] = {
        "name": sentences.pick(expo.edition.name, language, expo.edition.languages),
        "organisations": len(expo.ids),
        "offers": len(expo.offers.ids),
        "needs": len(expo.needs.ids),
    }
    print(
        json.dumps(facts | {"problems": []}, ensure_ascii=False)
        if as_json
        else words.say(
            "cli", "good", language, {key: _counted(value, language) for key, value in facts.items()}
        )
    )
    return OK


def _counted(value: Any, language: str) -> str:
    return sentences.number(value, language) if isinstance(value, int) else str(value)


def _bad(error: BadExpo, language: str, *, as_json: bool) -> int:
    """Say every problem: to people on standard error, to programs as JSON on standard output."""
    told = [sentences.problem(problem, language) for problem in error.problems]
    count = sum(1 + problem.data.get("more", 0) for problem in error.problems)
    for sentence in told:
        print(sentence, file=sys.stderr)
    print(words.say("cli", "problems", language, {"count": _counted(count, language)}), file=sys.stderr)
    if as_json:
        problems = [
            {
                "code": problem.code,
                "file": f"{problem.table}.csv",
                "line": problem.line,
                "column": problem.column,
                "sentence": sentence,
            }
            for problem, sentence in zip(error.problems, told, strict=True)
        ]
        print(json.dumps({"problems": problems}, ensure_ascii=False))
    return BAD


def _fail(call: argparse.Namespace, code: str, language: str, data: dict[str, Any], exit_code: int) -> int:
    sentence = words.say("cli", code, language, data)
    print(sentence, file=sys.stderr)
    if call.json:
        print(json.dumps({"problems": [{"code": code, "sentence": sentence}]}, ensure_ascii=False))
    return exit_code
