"""Backups, rehearsed: what is restored is what was there, to the byte, on either database."""

import hashlib
import zipfile

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.management import CommandError, call_command

from fairlink_site import search
from fairlink_site.actions.backup import _lines, _models, back_up, restore
from fairlink_site.actions.editions import remove_edition
from fairlink_site.models import Organisation, Person
from fairlink_site.refusals import Refused


def state():
    """Count and hash of every table."""
    found = {}
    for model in _models():
        lines = list(_lines(model))
        found[model._meta.label_lower] = len(lines), hashlib.sha256(b"".join(lines)).hexdigest()
    return found


@pytest.fixture
def kept(edition, tmp_path):
    """A backup of the small expo and somebody with an account."""
    ada = Person.objects.create_user("ada@example.org", "quay-lantern-orchard-9", name="Ada 阿达")
    SocialAccount.objects.create(user=ada, provider="example.org", uid="a1", extra_data={"name": "阿达"})
    path = tmp_path / "fairlink.zip"
    back_up(path)
    return path


def test_what_is_restored_is_what_was_there(edition, kept):
    before = state()
    remove_edition(edition)
    Person.objects.all().delete()

    restore(kept, replace=True)

    assert state() == before
    assert sum(rows for rows, _ in before.values()) > 1000


def test_after_a_restore_searches_find_and_new_rows_get_new_keys(edition, kept):
    restore(kept, replace=True)

    code = edition.organisations.first().code
    assert search.matching(edition.organisations.all(), code).count() == 1
    last = Organisation.objects.order_by("-pk").first()
    assert Person.objects.create_user("ben@example.org").pk
    fresh = Organisation.objects.create(
        edition=edition, code="fresh", name={}, kind="enterprise", role="buyer"
    )
    assert fresh.pk > last.pk


def test_a_database_that_is_not_empty_is_not_overwritten_by_accident(kept):
    before = state()

    with pytest.raises(Refused, match="not_empty"):
        restore(kept)

    assert state() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("阿达".encode(), b"Eve"),
        lambda text: text.replace(b"[", b"{", 1),
        lambda text: text[:-9] + b"\xff" * 9,
        lambda text: b"",
        lambda text: None,
    ],
    ids=["another name", "no JSON", "no UTF-8", "empty", "gone"],
)
def test_a_damaged_backup_changes_nothing(kept, tmp_path, change):
    before, damaged = state(), tmp_path / "damaged.zip"
    with zipfile.ZipFile(kept) as good, zipfile.ZipFile(damaged, "w") as bad:
        for name in good.namelist():
            text = good.read(name)
            if "person" in name:
                text = change(text)
            if text is not None:
                bad.writestr(name, text)

    with pytest.raises(Refused, match="damaged_backup"):
        restore(damaged, replace=True)

    assert state() == before


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_backup_is_told_so(db, tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)

    with pytest.raises(CommandError, match="no backup"):
        call_command("restore", str(path))


def test_both_are_commands(kept, tmp_path, capsys):
    call_command("backup", str(tmp_path / "second.zip"))
    call_command("restore", str(tmp_path / "second.zip"), "--replace")

    assert capsys.readouterr().out.count("rows of") == 2
