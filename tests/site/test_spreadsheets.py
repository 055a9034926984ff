"""Spreadsheets: whatever people send is read into texts or refused by name; nothing we write is a formula."""

import csv
import io
import re
import string
import struct
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from fairlink_site.refusals import WORDS
from fairlink_site.spreadsheets import (
    BadSheet,
    Sheet,
    csv_lines,
    header_row,
    read,
    signatures,
    workbooks,
    xlsx,
)
from fairlink_site.spreadsheets import reading as files
from fairlink_site.spreadsheets import sheets as measures

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
LAUGHS = (
    b'<!DOCTYPE lolz [<!ENTITY a "lol">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (sign, b"&%c;" % (sign - 1) * 10)
        for sign in string.ascii_lowercase[1:].encode()
    )
    + b"]>"
)


def workbook(*cells, merged=(), formats=None, change=None):
    """The bytes of a workbook of one sheet with these cells."""
    book = openpyxl.Workbook()
    sheet = book.active
    for place, value in cells:
        sheet[place] = value
    for place, form in (formats or {}).items():
        sheet[place].number_format = form
    for area in merged:
        sheet.merge_cells(area)
    if change:
        change(book)
    return saved(book)


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def altered(content, **changes):
    """The workbook with members replaced; names are given by their stem, None leaves the member out."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            change = changes.get(name.rsplit("/", 1)[-1].split(".")[0], lambda data: data)
            data = change(old.read(name)) if change else None
            if data is not None:
                new.writestr(name, data)
    return file.getvalue()


def shared(strings, rows, head=b"", tail=b""):
    """A workbook whose cells name strings of a list that is kept once, as Excel writes them."""
    kept = f'<sst xmlns="{SHEET_MAIN_NS}"><si>{"</si><si>".join(strings)}</si>'.encode()
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHARED_STRINGS}"/></Types>'.encode()
    cells = "".join(
        "<row>" + "".join(f'<c t="s"><v>{number}</v></c>' for number in row) + "</row>" for row in rows
    )
    changes = {
        "sheet1": lambda data: re.sub(rb"<row.*</row>", cells.encode(), data),
        "[Content_Types]": lambda data: data.replace(b"</Types>", part),
    }
    file = io.BytesIO(altered(workbook(("A1", "a")), **changes))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", head + kept + tail + b"</sst>")
    return file.getvalue()


def value(cell, form=None):
    """How one cell is read."""
    content = workbook(("A1", "x"), ("B1", cell), formats={"B1": form} if form else None)
    return (read(content, "")[0].rows[0] + [""])[1]


def csv_cell(text):
    """How a cell stands in a CSV file."""
    _, line = csv_lines([["x", text]])
    return next(csv.reader(io.StringIO(line, newline="")))[1]


def packed(*names, text="a"):
    """An archive of members with these names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, text)
    return file.getvalue()


def refusal(content):
    with pytest.raises(BadSheet) as refused:
        read(content, "list.xlsx")
    return refused.value.code


def rows(text, encoding="utf-8"):
    return read(text.encode(encoding), "list.csv")[0].rows


def test_a_csv_file_becomes_rows_of_texts_with_their_lines():
    content = b'id,name\r\n1," Ada\r\nLovelace "\r\n\r\n2\r\n,\r\n\r\n'

    assert read(content, "list.csv") == [
        Sheet("", [["id", "name"], ["1", "Ada\nLovelace"], ["", ""], ["2", ""]], [1, 2, 4, 5])
    ]


def test_empty_files_hold_no_sheet():
    assert [read(content, "") for content in (b"", b"\xef\xbb\xbf", b"\r\n,,\r\n", workbook())] == [[]] * 4


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_by_the_rows(delimiter):
    assert rows(f"Exhibitors\nid{delimiter}name\n1{delimiter}Ada\n") == [
        ["Exhibitors", ""],
        ["id", "name"],
        ["1", "Ada"],
    ]


def test_decimal_commas_are_no_delimiters():
    assert rows("a;b;c\n1,5;2,5;3,5\n1,5;2,5;3,5\n") == [["a", "b", "c"], *[["1,5", "2,5", "3,5"]] * 2]


def test_delimiters_in_quotes_do_not_count():
    assert rows('"a;b;c;d",e\n"f;g;h;i",j\n') == [["a;b;c;d", "e"], ["f;g;h;i", "j"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_is_read_in_the_encodings_it_comes_in(encoding):
    assert rows("编号,名称\n1,宁德时代\n", encoding) == [["编号", "名称"], ["1", "宁德时代"]]


def test_western_accents_are_not_taken_for_chinese():
    assert rows("id,name\n1,Société Générale\n2,Müller\n3,Créée\n", "cp1252") == [
        ["id", "name"],
        ["1", "Société Générale"],
        ["2", "Müller"],
        ["3", "Créée"],
    ]


def test_a_quote_that_nobody_closes_is_told_with_its_line():
    with pytest.raises(BadSheet) as refused:
        read(b'id,name\n1,Ada\n2,"Bob\n3,Cy\n', "")

    assert (refused.value.code, refused.value.data["line"]) == ("not_csv", 3)


def test_a_nul_is_told_with_its_line():
    with pytest.raises(BadSheet) as refused:
        read(b"id\n1\n\x00\n", "")

    assert (refused.value.code, refused.value.data) == (
        "unreadable_character",
        {"character": "U+0000", "line": 3},
    )


def test_a_file_is_what_its_content_says():
    assert read(b"a,b\n", "list.xlsx")[0].rows == [["a", "b"]]
    assert read(workbook(("A1", "a")), "list.csv")[0].rows == [["a"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (OLE + bytes(100), "old_excel"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "locked"),
        (OLE + "WordDocument".encode("utf-16-le"), "document"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web_page"),
        (b"%PDF-1.7\n\x01\x02", "pdf"),
        (b"%PDF-1.4\nall in letters, so that it would be a list\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "picture"),
        (b"{\\rtf1 a}", "document"),
        (packed("word/document.xml"), "document"),
        (packed("ppt/presentation.xml"), "document"),
        (packed("list.csv", "readme.txt"), "archive"),
        (b"Rar!\x1a\x07\x01\x00", "archive"),
        (b"\x1f\x8b\x08\x00", "archive"),
        (packed("xl/workbook.bin", "xl/styles.bin"), "other_table"),
        (
            packed("mimetype", "content.xml", text="application/vnd.oasis.opendocument.spreadsheet"),
            "other_table",
        ),
        (packed("mimetype", "content.xml", text="application/vnd.oasis.opendocument.text"), "document"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (workbook(("A1", "a"))[:-200], "damaged"),
        (b"\xff\xfea", "not_a_table"),
        (b"a,\x81,\x8d\n", "not_a_table"),
        (altered(workbook(("A1", "a")), workbook=None), "damaged"),
        (altered(workbook(("A1", "a")), sheet1=None), "damaged"),
        (altered(workbook(("A1", "a")), sheet1=lambda data: data[:-9]), "damaged"),
        (altered(workbook(("A1", "a")), sheet1=lambda data: data.decode().encode("utf-16")), "not_a_table"),
    ],
)
def test_what_is_no_table_is_refused(content, code):
    assert refusal(content) == code


def test_a_file_too_large_is_refused():
    assert refusal(b"a" * (files.LARGEST + 1)) == "file_too_large"


def test_60000_rows_are_refused():
    assert refusal(b"a,b\n" * 60_000) == "too_many_rows"
    assert refusal(workbook(("A60000", "a"))) == "too_many_rows"


def test_as_many_rows_as_may_be_are_read_whatever_blank_rows_follow():
    assert len(read(b"a\n" * measures.MOST_ROWS + b"\n" * 70_000, "")[0].rows) == measures.MOST_ROWS


def test_blank_rows_without_end_are_refused():
    assert refusal(b"a\n" + b"\n" * measures.FARTHEST_ROW) == "too_many_rows"


def test_a_row_wider_than_any_spreadsheet_is_refused_though_it_is_empty():
    wide = altered(
        workbook(("A1", "a")), sheet1=lambda data: data.replace(b"</row>", b"<c/>" * 20_000 + b"</row>")
    )

    assert refusal(wide) == "too_many_columns"


def test_201_columns_are_refused():
    assert refusal(b"a," * 200 + b"a") == "too_many_columns"
    assert refusal(workbook(("GS1", "a"))) == "too_many_columns"
    assert len(rows("a," * 199 + "a,,,")[0]) == 200


def test_a_cell_longer_than_excel_keeps_is_refused_with_its_place():
    with pytest.raises(BadSheet) as refused:
        read(b"a,b\nc," + b"x" * 32_768, "")

    assert refused.value.code == "cell_too_long"
    assert refused.value.data == {"most": 32_767, "sheet": "", "line": 2, "column": 2}


def test_many_cells_far_apart_are_refused_before_they_are_filled_up():
    assert refusal(b"a," * 199 + b"a\n" + b"a\n" * 49_999) == "too_many_cells"
    far = workbook(("A1", "a"), change=lambda book: [far_corner(book) for _ in range(3)])
    assert refusal(far) == "too_many_cells"


def far_corner(book):
    """A sheet of a million cells with one of them in use."""
    book.create_sheet().cell(10_000, 100, "x")


def test_a_zip_bomb_is_refused():
    bomb = altered(workbook(("A1", "a")), theme1=lambda data: b" " * (files.LARGEST + 2**20))

    assert len(bomb) < 50_000
    assert refusal(bomb) == "zip_bomb"


def test_more_than_200_megabytes_are_refused_even_when_the_ratio_is_small(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_TIMES", 10_000)

    assert refusal(altered(workbook(("A1", "a")), theme1=lambda data: bytes(201 * 2**20))) == "zip_bomb"


def test_a_zip_that_lies_about_its_size_is_refused():
    huge = 30 * 2**20
    bomb = altered(workbook(("A1", "a")), theme1=lambda data: b" " * huge)

    assert refusal(bomb.replace(struct.pack("<L", huge), struct.pack("<L", 10))) == "damaged"


def test_a_zip_of_very_many_members_is_refused():
    file = io.BytesIO(workbook(("A1", "a")))
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(workbooks.MOST_MEMBERS):
            archive.writestr(str(number), b"")

    assert refusal(file.getvalue()) == "zip_bomb"


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_cannot_be_measured_are_refused(packing):
    file = io.BytesIO(workbook(("A1", "a")))
    with zipfile.ZipFile(file, "a", packing) as archive:
        archive.writestr("xl/more.xml", b"<a/>")

    assert refusal(file.getvalue()) == "not_a_table"


def test_tags_without_end_are_refused(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_TAGS", 10_000)
    tags = altered(
        workbook(("A1", "a")), sheet1=lambda data: data.replace(b"</row>", b"<c/>" * 10_000 + b"</row>")
    )

    assert refusal(tags) == "too_many_cells"


@pytest.mark.parametrize("member", ["sheet1", "workbook", "styles", "[Content_Types]"])
def test_a_billion_laughs_are_refused(member):
    def laughing(data):
        head, body = re.match(rb"(<\?xml[^>]*\?>)?(.*)", data, re.DOTALL).groups(b"")
        return head + LAUGHS + re.sub(rb"(<[^>]*[^/]>)", rb"\1&z;", body, count=1)

    assert refusal(altered(workbook(("A1", "a")), **{member: laughing})) == "damaged"


def test_a_billion_laughs_among_the_shared_texts_are_refused():
    assert read(shared(["<t>a</t>"], [[0]]), "")[0].rows == [["a"]]
    assert refusal(shared(["<t>a</t>"], [[0]], head=LAUGHS, tail=b"<si><t>&z;</t></si>")) == "damaged"


def test_a_text_named_without_end_is_refused():
    assert refusal(shared([f"<t>{'x' * 30_000}</t>"], [[0]] * 4_000)) == "zip_bomb"


def test_shared_texts_are_read_without_their_looks_and_readings():
    strings = [
        "<r><t>Fair</t></r><r><rPr><b/></rPr><t>link </t></r>",
        '<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh>',
        "<t>a_x000D_\nb</t>",
    ]

    assert read(shared(strings, [[0, 1], [2, 0]]), "")[0].rows == [["Fairlink", "東京"], ["a\nb", "Fairlink"]]


def test_a_merged_cell_speaks_for_every_row_it_covers():
    content = workbook(("A1", "Ada"), ("B1", "1"), ("B2", "2"), ("B3", "3"), merged=["A1:A3"])

    assert read(content, "")[0].rows == [["Ada", "1"], ["Ada", "2"], ["Ada", "3"]]


def test_a_merged_cell_makes_no_rows_of_its_own():
    content = altered(
        workbook(("A1", "Ada"), ("B2", "2"), merged=["A1:A3"]),
        sheet1=lambda data: data.replace(b"A1:A3", b"A1:A1000000"),
    )

    assert read(content, "")[0].rows == [["Ada", ""], ["Ada", "2"]]


def test_a_title_over_several_columns_stands_once():
    content = workbook(("A1", "Exhibitors"), ("A3", "id"), ("B3", "name"), merged=["A1:B2"])

    assert read(content, "")[0].rows == [["Exhibitors", ""], ["", ""], ["id", "name"]]


def test_rows_and_columns_keep_their_places():
    assert read(workbook(("C2", "a"), ("A4", "b")), "") == [
        Sheet("Sheet", [["", "", ""], ["", "", "a"], ["", "", ""], ["b", "", ""]], [1, 2, 3, 4])
    ]


@pytest.mark.parametrize(
    ("cell", "form", "text"),
    [
        (12, None, "12"),
        (12.0, None, "12"),
        (0.1, None, "0.1"),
        (0.1 + 0.2, None, "0.3"),
        (-12.5, "0.000", "-12.5"),
        (-0.0, None, "0"),
        (1e-7, None, "0.0000001"),
        (1.5e20, None, "150000000000000000000"),
        (123456789012345, None, "123456789012345"),
        (True, None, "yes"),
        (False, None, "no"),
        (date(2026, 11, 24), None, "2026-11-24"),
        (datetime(2026, 11, 24), None, "2026-11-24"),  # noqa: DTZ001  Excel knows no zones
        (datetime(2026, 11, 24, 9, 30), None, "2026-11-24 09:30"),  # noqa: DTZ001  likewise
        (time(9, 30), None, "09:30"),
        (timedelta(hours=26, minutes=5), None, "26:05"),
        (46350, "yyyy-mm-dd", "2026-11-24"),
        (1e12, "yyyy-mm-dd", ""),
        ("#REF!", None, ""),
        ("  Ada \u3000", None, "Ada"),
        ("a\nb", None, "a\nb"),
        ("_x000D_\n_x0007_a", None, "a"),
        (CellRichText("Fair", TextBlock(InlineFont(b=True), "link")), None, "Fairlink"),
    ],
)
def test_a_cell_is_read_as_a_person_would_type_it(cell, form, text):
    assert value(cell, form) == text


def test_a_formula_is_read_as_its_value():
    content = altered(
        workbook(("A1", "x"), ("B1", "=1+1")), sheet1=lambda data: re.sub(rb"<v ?/>", b"<v>2</v>", data)
    )

    assert read(content, "")[0].rows == [["x", "2"]]


def test_days_count_from_1904_where_the_file_says_so():
    def old_macintosh(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    content = workbook(("A1", date(2026, 11, 24)), change=old_macintosh)

    assert read(content, "")[0].rows == [["2026-11-24"]]


def test_hidden_and_empty_sheets_and_charts_are_passed_over():
    def more(book):
        for state in ("hidden", "veryHidden"):
            sheet = book.create_sheet(state)
            sheet["A1"], sheet.sheet_state = "secret", state
        book.create_sheet("empty")
        book.create_chartsheet("chart")
        book.create_sheet("last")["A1"] = "b"

    found = read(workbook(("A1", "a"), change=more), "")

    assert [(sheet.name, sheet.rows) for sheet in found] == [("Sheet", [["a"]]), ("last", [["b"]])]


def test_more_sheets_than_anyone_fills_are_refused():
    assert refusal(xlsx({str(number): [["a"]] for number in range(101)})) == "too_many_sheets"


def test_what_openpyxl_warns_of_does_not_stop_the_reading():
    rule = b'<extLst><ext uri="{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    content = altered(workbook(("A1", "a")), sheet1=lambda data: data.replace(b"</worksheet>", rule))

    assert read(content, "")[0].rows == [["a"]]


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ([], 0),
        ([["Exhibitors", ""], ["id", "name"], ["1", "Ada"]], 1),
        ([["id", "", ""], ["a", "b", "c"], ["id", "name", "x"]], 2),
        ([["a", "a", "a"], ["b", "c", ""], ["d", "e", ""]], 1),
        ([["x", ""]] * 20 + [["id", "name"]], 0),
    ],
)
def test_the_header_is_the_row_with_the_most_known_names(table, found):
    assert header_row(table, {"id", "name"}.__contains__) == found


def test_a_csv_file_opens_in_a_spreadsheet():
    assert "".join(csv_lines([["id", "名称"], ["1", 'a "b", c']])) == '\ufeffid,名称\r\n1,"a ""b"", c"\r\n'


@pytest.mark.parametrize(
    "cell", ["=1", "＝1", " ＋x", "\ufeff=1", "\xa0@a", "\na", "\ra", "-1-1", "+1 2", "-1\n"]
)
def test_no_disguise_makes_a_formula(cell):
    assert csv_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-12.5", "+8610", "12", "a=b", "'=1"])
def test_plain_numbers_and_texts_stay_as_they_are(cell):
    assert csv_cell(cell) == cell


anything = st.text(st.characters(exclude_categories=["Cs"]))
risky = st.text(st.sampled_from("=+-@＝＋－＠\t\r\n \xa0\ufeff\u200b\"',;0.1a"), max_size=8)


@given(st.lists(st.lists(risky | anything, min_size=1), min_size=1))
@settings(deadline=None)
def test_whatever_is_written_no_cell_of_a_csv_file_is_a_formula(table):
    text = "".join(csv_lines(table)).removeprefix("\ufeff")

    for row in csv.reader(io.StringIO(text, newline=""), strict=True):
        for cell in row:
            bare = cell.lstrip("\ufeff\u200b" + "".join(map(chr, range(33))) + "\x7f\xa0\u3000")
            assert bare[:1] not in tuple("=+-@＝＋－＠") or re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", cell)
            assert cell[:1] not in ("\t", "\r", "\n")


legal = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1)
formulas = st.builds(
    str.__add__, st.sampled_from(["=", "=1+", "#N/A", "#REF!", "+", "-", "@", " ", "1"]), legal
)


@given(st.lists(st.lists(legal | formulas, min_size=1, max_size=4), min_size=1, max_size=4))
@settings(deadline=None, max_examples=50)
def test_whatever_is_written_to_a_workbook_is_read_back_as_the_same_text(table):
    book = openpyxl.load_workbook(io.BytesIO(xlsx({"a": table})))

    cells = [[cell for cell in row if cell.value is not None] for row in book.active.iter_rows()]
    assert [[cell.value for cell in row] for row in cells] == table
    assert {cell.data_type for row in cells for cell in row} == {"s"}


@pytest.mark.parametrize(
    "text", ["=1+1", "#N/A", "_x0041_", "_x000D_", "_x005F_", "1e5", "007", "真", "a\nb", "TRUE"]
)
def test_a_workbook_is_read_as_it_was_written(text):
    assert read(xlsx({"a": [["id"], [text]]}), "") == [Sheet("a", [["id"], [text]], [1, 2])]


def test_a_csv_file_is_read_as_it_was_written():
    table = [["id", "name"], ["1", 'Ada "A", Lady\nLovelace'], ["-2.5", "宁德"]]

    assert read("".join(csv_lines(table)).encode(), "")[0].rows == table


def test_what_xml_cannot_hold_is_left_out():
    assert read(xlsx({"a": [["x\x00\x0b\ufffe\ud800y\r\nz\r"]]}), "")[0].rows == [["xy\nz"]]


def test_a_text_longer_than_excel_keeps_is_cut():
    assert len(read(xlsx({"a": [["x" * 40_000]]}), "")[0].rows[0][0]) == 32_767


def test_the_header_is_bold_and_stays_and_columns_are_as_wide_as_their_texts():
    written = xlsx({"a": [["id", "名称", ""], ["1", "x" * 100, "ab\nabcd"]]})

    sheet = openpyxl.load_workbook(io.BytesIO(written)).active
    assert sheet.freeze_panes == "A2"
    assert [cell.font.bold for cell in (sheet["A1"], sheet["B1"], sheet["A2"])] == [True, True, False]
    assert [sheet.column_dimensions[letter].width for letter in "ABC"] == [4, 60, 6]


def test_names_of_sheets_are_made_legal_and_different():
    long = "n" * 40
    names = ["a[]:*?/\\b", "", "'", long, long + "x", "A", "a", "a\x00"]

    book = openpyxl.load_workbook(io.BytesIO(xlsx({name: [["x"]] for name in names})))

    assert book.sheetnames == ["ab", "2", "3", "n" * 31, "n" * 29 + " 2", "A", "a 2", "a 3"]


def test_a_workbook_of_nothing_opens():
    assert [read(xlsx(sheets), "") for sheets in ({}, {"a": []}, {"a": [[]]})] == [[], [], []]


def test_every_refusal_of_a_file_has_words():
    source = "".join(path.read_text(encoding="utf-8") for path in Path(files.__file__).parent.glob("*.py"))
    raised = {*re.findall(r'BadSheet\(\s*"(\w+)"', source)}
    signs = (*signatures._BEGINS, *signatures._STREAMS, *signatures._MEMBERS)
    kinds = {code for _sign, code in signs} | {*re.findall(r'return "(\w+)"', source)} - {"text"}
    told = {code.removeprefix("sheet_") for code in WORDS if code.startswith("sheet_")}

    assert {*raised, *kinds, "old_excel", "archive"} - {"workbook", "no", "yes", "0"} - told == set()
