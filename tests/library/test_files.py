"""An expo as a folder of CSV files: it is read as it was written, and every fault is named with its place."""

from __future__ import annotations

import contextlib
import csv
import shutil
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from folders import (
    ALONE,
    TEN,
    Change,
    Place,
    agreement,
    put,
    replace,
    truck,
    write_small,
)

from fairlink import BadExpo, Problem, files, report, words
from fairlink.cli import sentences
from fairlink.provenance import fingerprint
from fairlink.record_rules import MOST

FAULTS = [*TEN, *ALONE]


def problems(folder: Path) -> list[Problem]:
    with pytest.raises(BadExpo) as caught:
        files.read(folder)
    return list(caught.value.problems)


def places(folder: Path) -> list[Place]:
    return [(one.table, one.line, one.column, one.code) for one in problems(folder)]


def broken(folder: Path, *changes: Change) -> Path:
    write_small(folder)
    for change in changes:
        change(folder)
    return folder


def rewrite(folder: Path, form: Callable[[bytes], bytes]) -> None:
    for path in folder.glob("*.csv"):
        path.write_bytes(form(path.read_bytes()))


def with_semicolons(content: bytes) -> bytes:
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(csv.reader(content.decode().splitlines()))
        file.seek(0)
        return file.read().encode()


def test_the_small_folder_is_an_expo(tmp_path: Path) -> None:
    expo = files.read(write_small(tmp_path))

    assert expo.ids == ("battery", "car", "mine", "truck")
    assert expo.offers.organisation.tolist() == [0, 2]  # of-cell, of-ore
    assert expo.needs.ids == ("ne-cell", "ne-ore", "ne-truck")
    assert expo.slots.ids == ("s19", "s110", "s29", "s210")
    assert expo.slots.day.tolist() == [0, 0, 1, 1]
    assert expo.slots.start[0].isoformat() == "2026-09-01T09:00:00+08:00"
    assert expo.places.organisation.tolist() == [0, -1]  # b1, t1
    assert expo.chain.flows.tolist() == [[0, 1], [1, 2]]
    assert expo.agreements[0].parties == (0, 2)
    assert expo.rates == {"USD": Decimal("7.1")}


def test_what_is_read_can_be_written_and_read_again(sample: Path, tmp_path: Path) -> None:
    before = files.read(sample)

    files.write(tmp_path, files.read_records(sample).tables)

    assert len(before.ids) == 1000
    assert fingerprint(files.read(tmp_path)) == fingerprint(before)


def test_an_empty_optional_table_can_be_written_and_read_again(tmp_path: Path) -> None:
    write_small(tmp_path)
    before = fingerprint(files.read(tmp_path))

    files.write(tmp_path, files.read_records(tmp_path).tables)

    assert fingerprint(files.read(tmp_path)) == before


def test_an_expo_without_needs_can_be_written_and_read_again(tmp_path: Path) -> None:
    expo = files.read(write_small(tmp_path, needs=[]))

    assert expo.needs.ids == ()


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(lambda content: b"\xef\xbb\xbf" + content, id="byte order mark"),
        pytest.param(lambda content: content.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(lambda content: content.replace(b"\n", b"\r"), id="CR"),
        pytest.param(lambda content: content.rstrip(b"\n"), id="no line end at the end"),
        pytest.param(lambda content: content.replace(b"\n", b"\n\n"), id="empty lines"),
        pytest.param(with_semicolons, id="semicolons"),
        pytest.param(lambda content: b"\xef\xbb\xbf" + with_semicolons(content), id="as Excel saves it"),
    ],
)
def test_the_form_of_the_file_does_not_matter(tmp_path: Path, form: Callable[[bytes], bytes]) -> None:
    write_small(tmp_path)
    before = fingerprint(files.read(tmp_path))

    rewrite(tmp_path, form)

    assert fingerprint(files.read(tmp_path)) == before


def test_optional_tables_may_be_missing(tmp_path: Path) -> None:
    write_small(tmp_path)
    for name in ("rates", "agreements"):
        (tmp_path / f"{name}.csv").unlink()

    expo = files.read(tmp_path)

    assert (expo.agreements, expo.rates, expo.activities, len(expo.wishes.kind)) == ((), {}, (), 0)


def test_ten_faults_at_once_are_all_named_with_file_line_and_column(tmp_path: Path) -> None:
    broken(tmp_path, *(change for _, change in TEN))

    assert places(tmp_path) == [place for place, _ in TEN]


@pytest.mark.parametrize(("place", "change"), FAULTS, ids=[f"{one[3]} {one[0]}" for one, _ in FAULTS])
def test_one_fault_alone_is_one_problem(tmp_path: Path, place: Place, change: Change) -> None:
    assert places(broken(tmp_path, change)) == [place]


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_problem_is_told_with_its_place_and_a_remedy(tmp_path: Path, language: str) -> None:
    for number, (place, change) in enumerate(FAULTS):
        (found,) = problems(broken(tmp_path / str(number), change))
        data = {**found.data, "file": f"{place[0]}.csv"}

        told = sentences.problem(found, language)

        assert told.startswith(f"{place[0]}.csv")
        assert all(str(part) in told for part in place[1:3] if part is not None)
        assert told.endswith(words.say("problems", f"{found.code}.remedy", language, data))
        assert "{" not in told


@pytest.mark.parametrize("table", ["edition", "organisations", "wishes"])
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(Random(1).randbytes(5000), id="random bytes"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 99, id="a picture"),
        pytest.param("id,name:en\n1,Ä\n".encode("utf-16"), id="UTF-16"),
        pytest.param(b"x" * 100_000, id="one long word"),
        pytest.param(b"," * 50, id="commas"),
    ],
)
def test_a_file_that_is_no_table_is_the_only_one_complained_of(
    tmp_path: Path, table: str, content: bytes
) -> None:
    found = problems(broken(tmp_path, put(table, content)))

    assert {one.table for one in found} == {table}
    assert "missing_column" in {one.code for one in found}
    assert len(found) <= MOST


def test_who_takes_part_is_unknown_when_only_the_heading_is_there(tmp_path: Path) -> None:
    broken(tmp_path, put("organisations", b"id,name:en,kind,role\n"))

    found = problems(tmp_path)

    assert {one.code for one in found} == {"unknown_reference"}
    assert {one.data["refers"] for one in found} == {"organisations"}


def test_words_in_no_language_are_one_problem(tmp_path: Path) -> None:
    broken(tmp_path, replace("organisations", "name:en", "name"))

    assert places(tmp_path) == [("organisations", 1, "name", "language_missing")]


def test_a_missing_column_is_one_problem_however_many_rows(tmp_path: Path) -> None:
    broken(tmp_path, put("slots", b"id,day,start\ns1,2026-09-01,09:00\ns2,2026-09-01,10:00\n"))

    assert places(tmp_path) == [("slots", 1, "end", "missing_column")]


def test_a_misspelt_column_is_told_its_right_name(tmp_path: Path) -> None:
    broken(tmp_path, replace("places", "capacity", "capacty"))

    (found,) = problems(tmp_path)

    assert (found.code, found.column, found.data["nearest"]) == ("unknown_column", "capacty", "capacity")


def test_a_long_name_of_a_column_is_told_in_short(tmp_path: Path) -> None:
    broken(tmp_path, replace("organisations", "website", "x" * 100_000))

    (found,) = problems(tmp_path)

    assert len(sentences.problem(found, "en")) < 1000


def test_a_quote_that_is_never_closed_swallows_no_row_in_silence(tmp_path: Path) -> None:
    broken(tmp_path, put("places", b'id,kind,hall\nt1,table,"E1\nt2,table,E2\n'))

    assert places(tmp_path) == [("places", 2, None, "not_csv")]


def test_a_file_that_could_not_be_read_to_its_end_is_one_problem(tmp_path: Path) -> None:
    broken(tmp_path, replace("organisations", "truck,truck", 'truck,"truck'))

    assert places(tmp_path) == [("organisations", 5, None, "not_csv")]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (truck(delegates=3_000_000_000), ("organisations", 5, "delegates")),
        (truck(meeting_cap=3_000_000_000), ("organisations", 5, "meeting_cap")),
        (replace("places", "battery,1,", "battery,3000000000,"), ("places", 3, "capacity")),
    ],
)
def test_a_number_too_large_to_count_with_is_a_problem(
    tmp_path: Path, change: Change, place: tuple[str, int, str]
) -> None:
    assert [found[:3] for found in places(broken(tmp_path, change))] == [place]


def test_an_amount_is_either_counted_with_or_refused(tmp_path: Path) -> None:
    broken(tmp_path, replace("agreements", "2.50", "1e30"))

    with contextlib.suppress(BadExpo):
        assert report.figures(files.read(tmp_path))["agreements"].value == 1


@pytest.mark.parametrize(("currency", "code"), [("", "currency_missing"), ("LAK", "rate_missing")])
def test_what_is_realised_needs_a_rate_as_well(tmp_path: Path, currency: str, code: str) -> None:
    realised = agreement("ag1", "battery", "mine", realised=Decimal(3), currency=currency)

    write_small(tmp_path, agreements=[realised])

    assert places(tmp_path) == [("agreements", 2, "currency", code)]


def copy_of_the_sample(sample: Path, folder: Path, table: str, change: Callable[[str], bytes]) -> Path:
    shutil.copytree(sample, folder)
    path = folder / f"{table}.csv"
    path.write_bytes(change(path.read_text(encoding="utf-8")))
    return folder


def test_a_column_wrong_throughout_is_told_ten_times_and_how_often_more(sample: Path, tmp_path: Path) -> None:
    folder = copy_of_the_sample(
        sample, tmp_path / "expo", "slots", lambda text: text.replace("2023-11-", "28/11/").encode()
    )

    found = problems(folder)

    assert [(one.code, one.line) for one in found] == [("not_a_date", line) for line in range(2, 12)]
    assert found[-1].data["more"] == 36 - 10
    assert "26" in sentences.problem(found[-1], "en")


def test_a_file_in_another_encoding_is_one_problem(sample: Path, tmp_path: Path) -> None:
    folder = copy_of_the_sample(
        sample, tmp_path / "expo", "organisations", lambda text: text.encode("gb18030")
    )

    assert [(one.code, one.line) for one in problems(folder)] == [("wrong_encoding", 2)]


def test_no_more_is_realised_than_agreed_unless_year_by_year(tmp_path: Path) -> None:
    sums = {"amount": Decimal(2), "realised": Decimal(3), "currency": "CNY"}
    once = agreement("ag1", "battery", "mine", **sums, basis="one_off")
    yearly = agreement("ag2", "battery", "mine", **sums, basis="annual")

    write_small(tmp_path, agreements=[once, yearly])

    assert places(tmp_path) == [("agreements", 2, "realised", "more_than_agreed")]


def test_no_more_enter_an_activity_than_fit(sample: Path, tmp_path: Path) -> None:
    lines = (sample / "activities.csv").read_text(encoding="utf-8").splitlines()
    heads = lines[0].split(",")
    at = heads.index("attended") - len(heads)  # from the end: names may hold commas
    cells = lines[1].split(",")
    cells[at] = "99999"
    changed = "\n".join([lines[0], ",".join(cells), *lines[2:]]).encode()
    folder = copy_of_the_sample(sample, tmp_path / "expo", "activities", lambda _: changed)

    assert [(one.code, one.line) for one in problems(folder)] == [("more_than_fit", 2)]
