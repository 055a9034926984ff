"""`fairlink meetings FOLDER --brokerage`: all wanted meetings held with the fewest breaks, or why they cannot be."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from fairlink import words
from fairlink.cli import sentences
from fairlink.expo import Expo, Wanted
from fairlink.meetings import Brokerage, broker

BAD = 1  # exit code: not all can be held
SECONDS = 60.0  # after which the best timetable so far is taken


def unfit(call: argparse.Namespace) -> tuple[str, dict[str, str]] | None:
    """Code and data of options that do not go together; None where they do."""
    if call.what_if and call.brokerage:
        return "not_with", {"option": "--what-if", "other": "--brokerage"}
    for option in ("fairness", "seconds"):
        if getattr(call, option) is not None and not call.brokerage:
            return "only_with", {"option": f"--{option}", "other": "--brokerage"}
    return None


def brokered(call: argparse.Namespace, expo: Expo, wanted: Wanted, clock: Callable[[], float]) -> Brokerage:
    """The search, ended after as many seconds of the clock as were asked for."""
    end = clock() + _seconds(call)
    return broker(expo, wanted, fairness=call.fairness, stop=lambda: clock() >= end)


def facts(found: Brokerage) -> dict[str, Any]:
    """The outcome as data."""
    return {"status": found.status, "breaks": found.breaks, "fewest_breaks": found.fewest}


def outcome(call: argparse.Namespace, found: Brokerage, wanted: int, language: str) -> str:
    """What came of it, in a sentence."""
    data = {
        "meetings": sentences.number(wanted, language),
        "wanted": sentences.number(wanted, language),
        "breaks": sentences.number(found.breaks, language),
        "fewest": sentences.number(found.fewest, language),
        "seconds": sentences.number(_seconds(call), language),
    }
    return words.say("cli", f"brokered.{found.status}", language, data)


def refused(call: argparse.Namespace, expo: Expo, found: Brokerage, wanted: Wanted, language: str) -> int:
    """Say that there is no timetable with all meetings, and why; the exit code."""
    told = outcome(call, found, len(wanted.first), language)
    why = list(causes(expo, found, wanted, language)) if found.status == "infeasible" else []
    for one in (told, *(f"  {sentence}" for _, sentence in why)):
        print(one, file=sys.stderr)
    if call.json:
        problems = [{"code": code, "sentence": sentence} for code, sentence in why]
        told_as_data = {"problems": problems or [{"code": found.status, "sentence": told}]}
        print(json.dumps(facts(found) | told_as_data, ensure_ascii=False))
    return BAD


def causes(expo: Expo, found: Brokerage, wanted: Wanted, language: str) -> Iterator[tuple[str, str]]:
    """Code and sentence of everything that keeps all meetings from being held, as far as counting shows it."""

    def name(row: int) -> str:
        return sentences.pick(expo.organisations.names[row], language, expo.edition.languages)

    def say(code: str, **data: Any) -> tuple[str, str]:
        told = {
            key: sentences.number(value, language) if isinstance(value, int) else value
            for key, value in data.items()
        }
        return code, words.say("cli", f"brokered.{code}", language, told)

    for row, held, can in found.crowded:
        yield say("crowded", organisation=name(row), wanted=held, possible=can)
    for pool, held, can in found.lacking:
        yield say(f"lacking.{pool}", wanted=held, possible=can)
    for row in found.never_open:
        yield say("never_open", first=name(wanted.first[row]), second=name(wanted.second[row]))
    if not (found.crowded or found.lacking or found.never_open):
        yield say("search")


def _seconds(call: argparse.Namespace) -> float:
    return SECONDS if call.seconds is None else float(call.seconds)
