"""`fairlink meetings FOLDER --what-if tables+10`: what more would be worth, in sentences. Nothing is written."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from babel.dates import format_date

from fairlink import words
from fairlink.cli import sentences
from fairlink.cli.encoder import encoder
from fairlink.cli.progress import Progress
from fairlink.expo import Expo
from fairlink.meetings import Answer, BadQuestion, Question, Tally, answer, ask, schedule
from fairlink.partners import recommend, wanted

OK, USAGE = 0, 2  # exit codes


def read(expo: Expo, texts: Sequence[str], language: str) -> tuple[list[Question], list[dict[str, str]]]:
    """The questions, and what is wrong with those that cannot be answered: said on standard error, and as data."""
    asked, problems = [], []
    for text in texts:
        try:
            asked.append(ask(expo, text))
        except BadQuestion as bad:
            takes = f".{bad.data['takes']}" if "takes" in bad.data else ""
            sentence = words.say("cli", f"question.{bad.code}{takes}", language, bad.data)
            print(sentence, file=sys.stderr)
            problems.append({"code": bad.code, "question": text, "sentence": sentence})
    return asked, problems


def run(call: argparse.Namespace, expo: Expo, language: str) -> int:
    """Make the timetable, and one for each question; print how they compare. Returns the exit code."""
    asked, problems = read(expo, call.what_if, language)
    if problems:
        if call.json:
            print(json.dumps({"problems": problems}, ensure_ascii=False))
        return USAGE
    progress = Progress(language)
    suggestions = recommend(expo, seed=call.seed, encoder=encoder(), progress=progress)
    timetable = schedule(expo, wanted(expo, suggestions), seed=call.seed, progress=progress)
    found = [answer(expo, timetable, one, progress=progress) for one in asked]
    progress.end()
    if call.json:
        told = [
            {
                "question": str(one.question),
                "before": asdict(one.before),
                "after": asdict(one.after),
                "points": one.points,
                "sentence": sentence(expo, one, language),
            }
            for one in found
        ]
        print(json.dumps({"edition": expo.edition.id, "answers": told}, ensure_ascii=False))
        return OK
    print(words.say("cli", "answer.now", language, _told(found[0].before, language)))
    for one in found:
        print(sentence(expo, one, language))
        print("  " + words.say("cli", "answer.then", language, _told(one.after, language)))
        data = {"points": sentences.number(one.points, language)}
        print("  " + words.say("cli", "answer.prices", language, data))
    print(words.say("cli", "answer.unchanged", language))
    return OK


def sentence(expo: Expo, found: Answer, language: str) -> str:
    """“10 more tables on Tuesday 1 September in the morning would add 34 meetings.”"""
    more = found.after.meetings - found.before.meetings
    code = (
        "adds"
        if more > 0
        else "takes"
        if found.after.worth > found.before.worth and more < 0
        else "adds.none"
    )
    data = {"more": said(expo, found.question, language), "meetings": sentences.number(abs(more), language)}
    return words.say("worth", "adds.one" if more == 1 else code, language, data)


def said(expo: Expo, question: Question, language: str) -> str:
    """What a question adds, where and for whom."""
    time = ""
    if question.day:
        day = format_date(
            question.day,
            "M月d日EEEE" if language.startswith("zh") else "EEEE d MMMM",
            language.replace("-", "_"),
        )
        time = words.say("worth", f"day.{question.half}", language, {"day": day}) if question.half else day
    data: dict[str, Any] = {"number": sentences.number(question.number, language), "time": time}
    if question.organisation:
        name = expo.organisations.names[expo.ids.index(question.organisation)]
        data["organisation"] = sentences.pick(name, language, expo.edition.languages)
    whose = "one" if question.organisation or (time and question.resource == "slots") else "more"
    code = f"{whose}.{question.resource}" + (".one" if question.number == 1 else "")
    more = words.say("worth", code, language, data)
    if not time or whose == "one":
        return more
    return words.say("worth", "at", language, {"more": more, "time": time})


def _told(tally: Tally, language: str) -> dict[str, str]:
    counts = {
        "meetings": tally.meetings,
        "gain": tally.worth,
        "bound": tally.upper_bound,
        "unplaced": tally.unplaced,
    }
    return {name: sentences.number(count, language) for name, count in counts.items()}
