"""What is printed is read again by a real decoder: badges and pocket schedules, as pages."""

import os
import re
import shutil
import subprocess
from urllib.parse import unquote

import numpy as np
import pytest

from fairlink_site.actions.people import appoint
from fairlink_site.models import Membership, Person
from fairlink_site.pages.meetings import badges

PDFTOPPM = shutil.which("pdftoppm")
if PDFTOPPM is None and not os.environ.get("CI"):
    pytest.skip("pdftoppm is not installed here: no test of what is printed", allow_module_level=True)
zxingcpp = pytest.importorskip("zxingcpp") if not os.environ.get("CI") else __import__("zxingcpp")
DOTS = 150  # to an inch: less than any printer has


@pytest.fixture
def staff(client, edition):
    hand = Person.objects.create_user("hand@example.org", name="Hand")
    appoint(hand, edition, role="hall")
    client.force_login(hand)
    return client


def pages(content, folder):
    """Each page of a PDF as grey values: uint8 (rows, columns)."""
    (folder / "made.pdf").write_bytes(content)
    command = [PDFTOPPM, "-r", str(DOTS), "-gray", folder / "made.pdf", folder / "page"]
    subprocess.run(command, check=True, capture_output=True)
    found = []
    for path in sorted(folder.glob("page*.pgm")):
        head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", path.read_bytes())
        width, height = map(int, head.groups())
        found.append(np.frombuffer(path.read_bytes()[head.end() :], np.uint8).reshape(height, width))
        path.unlink()
    return found


def codes(page):
    """What a phone reads on a page, in no order."""
    return [unquote(one.text) for one in zxingcpp.read_barcodes(page)]


def parts(client, edition, **asked):
    address = f"/en/{edition.slug}/board/badges.pdf"
    answer = client.get(address, {"part": 1, **asked})
    assert answer["Content-Type"] == "application/pdf"
    return answer.content


def test_each_badge_of_a_file_leads_a_phone_to_its_organisation(staff, edition, tmp_path, monkeypatch):
    monkeypatch.setattr(badges, "A_FILE", 12)
    listed = list(edition.organisations.visible().order_by("code")[:12])

    found = pages(parts(staff, edition), tmp_path)

    read = [code for page in found for code in codes(page)]
    number = sum(max(one.delegates, 1) for one in listed)
    assert len(read) == number
    assert len(found) == -(-number // 10)
    for one in listed:
        mine = [code for code in read if f"/board/check-in/{one.code}~" in code]
        assert len(mine) == max(one.delegates, 1)
    path = read[0].partition("://")[2].partition("/")[2]
    assert "/board/organisations/" in staff.get(f"/{path}")["Location"]


def test_the_codes_of_a_pocket_schedule_lead_to_the_calendar_and_to_each_meeting(
    client, edition, exhibitor, tmp_path
):
    seats = list(exhibitor.seats.current())
    address = f"/en/{edition.slug}/organisations/{exhibitor.code}/calendar"

    (page,) = pages(client.get(f"{address}.pdf", SERVER_NAME="localhost").content, tmp_path)

    paths = [f"{address}/", *(f"/en/{edition.slug}/meetings/{one.meeting_id}/" for one in seats)]
    assert sorted(codes(page)) == sorted(f"http://localhost{path}" for path in paths)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_a_badge_says_who_comes_for_whom_in_the_languages_of_the_edition(staff, edition, tmp_path):
    one = edition.organisations.visible().filter(name__has_key="zh-Hans", country="CN").first()
    one.delegates = 3
    one.save()
    ada = Person.objects.create_user("ada@example.org", "quay-lantern-9", name="Ada Ångström")
    appoint(ada, edition, role="exhibitor", organisation=one)
    Membership.objects.filter(person=ada).update(delegate=1)

    (tmp_path / "made.pdf").write_bytes(parts(staff, edition, q=one.code))

    command = ["pdftotext", "-layout", tmp_path / "made.pdf", "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert text.count("Ada Ångström") == 1
    for words in ("China · 中国", f"{one.code} · 2/3", one.name["zh-Hans"][:4]):
        assert words in text


def test_there_is_a_file_for_every_fifty_and_none_beyond(staff, edition, monkeypatch):
    monkeypatch.setattr(badges, "A_FILE", 25)
    number = edition.organisations.visible().count()
    last = -(-number // 25)

    page = staff.get(f"/en/{edition.slug}/board/badges/").content.decode()

    assert f'badges.pdf?part={last}"' in page
    assert f"{25 * (last - 1) + 1}–{number}" in page
    for beyond in (last + 1, 0, "x", 10**30, -1):
        assert staff.get(f"/en/{edition.slug}/board/badges.pdf", {"part": beyond}).status_code == 404
