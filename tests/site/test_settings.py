"""Settings for a real server are what Django itself and we call safe; what is missing is named, with its remedy."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import registry
from django.utils import translation

from fairlink_site import checks

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "FAIRLINK_SECRET_KEY": "k9" * 40 + "!?abcdefgh",
    "FAIRLINK_HOSTS": "expo.example.org",
    "FAIRLINK_HTTPS": "yes",
    "FAIRLINK_BEHIND_PROXY": "yes",
    "FAIRLINK_SMTP_HOST": "mail.example.org",
    "FAIRLINK_FROM": "Fairlink <fairlink@example.org>",
    "FAIRLINK_OIDC_SERVER": "https://example.org/realms/fair/",
    "FAIRLINK_OIDC_CLIENT": "fairlink",
    "FAIRLINK_OIDC_SECRET": "between-us",
}


def run(home, environment, *words):
    """A command of the site with nothing but this in its environment; a database of its own below home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FAIRLINK_")}
    command = [sys.executable, "-m", "fairlink_site.command", *words]
    return subprocess.run(
        command,
        env=kept | {"FAIRLINK_HOME": str(home)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def ids(text):
    return set(re.findall(r"\((\w+\.[WIE]\d+)\)", text))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A server's home after everything that the documentation asks for."""
    home = tmp_path_factory.mktemp("server")
    (home / "breached.txt").write_text(f"{'A' * 40}:3\n")
    for words in (("migrate",), ("createcachetable",), ("collectstatic", "--noinput")):
        assert run(home, {}, *words).returncode == 0
    return home


def test_the_settings_for_a_public_address_pass_every_check_of_deployment(prepared):
    complete = COMPLETE | {"FAIRLINK_BREACHED": str(prepared / "breached.txt")}

    found = run(prepared, complete, "check", "--deploy", "--fail-level", "WARNING")

    assert found.returncode == 0, found.stderr
    assert ids(found.stderr) == {"fairlink.I001"}  # a note: the database is SQLite


def test_a_form_may_lead_to_the_provider_named_and_nowhere_else(prepared):
    line = (
        "from django.conf import settings as s; print(s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])"
    )

    assert run(prepared, COMPLETE, "shell", "-c", line).stdout.splitlines()[-1:] == [
        "[\"'self'\", 'https://example.org']"
    ]
    assert run(prepared, {}, "shell", "-c", line).stdout.splitlines()[-1:] == ["[\"'self'\"]"]


def test_with_nothing_set_everything_missing_is_named(tmp_path):
    found = run(tmp_path, {}, "check", "--deploy", "--fail-level", "WARNING")

    assert found.returncode == 1
    ours = {f"fairlink.{code}" for code in ("W001", "W002", "W003", "W005", "W011", "W012", "I001")}
    assert {one for one in ids(found.stderr) if one.startswith("fairlink")} == ours
    assert found.stderr.count("HINT") >= len(ours)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"FAIRLINK_SECRET_KEY": ""}, "W001"),
        ({"FAIRLINK_HOSTS": "localhost,127.0.0.1"}, "W002"),
        ({"FAIRLINK_HTTPS": "no", "FAIRLINK_BEHIND_PROXY": "no"}, "W003"),
        ({"FAIRLINK_HTTPS": "no"}, "W003 W004"),
        ({"FAIRLINK_SMTP_HOST": ""}, "W005"),
        ({"FAIRLINK_FROM": ""}, "W006"),
        ({"FAIRLINK_BREACHED": "nowhere.txt"}, "W007"),
        ({"FAIRLINK_OIDC_SECRET": ""}, "W008"),
        ({"FAIRLINK_OIDC_SERVER": "", "FAIRLINK_OIDC_NAME": "Works"}, "W008"),
        ({"FAIRLINK_OIDC_SERVER": "http://example.org"}, "W009"),
        ({"FAIRLINK_DATABASE": "sqlite:////nowhere/at/all"}, "W010"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_thing_missing_is_named_alone(prepared, change, code):
    found = run(prepared, COMPLETE | change, "check", "--deploy", "--fail-level", "WARNING")

    named = {one for one in ids(found.stderr) if one.startswith("fairlink.W")}
    assert named == {f"fairlink.{one}" for one in code.split()}
    assert found.returncode == 1


def test_the_same_is_named_for_a_database_without_its_tables(tmp_path, prepared):
    database = {"FAIRLINK_DATABASE": f"sqlite:///{tmp_path / 'empty.sqlite3'}"}

    found = run(prepared, COMPLETE | database, "check", "--deploy")

    assert ids(found.stderr) == {"fairlink.I001", "fairlink.W011"}


def test_checks_ask_the_database_only_when_a_deployment_is_checked():
    ours = {checks.environment, checks.store}

    assert ours <= registry.registry.deployment_checks
    assert not ours & registry.registry.registered_checks


def test_every_finding_has_a_code_of_its_own_that_is_documented():
    code = (ROOT / "src" / "fairlink_site" / "checks.py").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "how-to" / "serve-the-site.md").read_text(encoding="utf-8")
    found = re.findall(r'id="(fairlink\.\w+)"', code)

    assert len(found) == len(set(found))
    assert set(found) == set(re.findall(r"fairlink\.[WI]\d+", page))


def test_findings_speak_every_language(settings):
    settings.SECRET_KEY_GIVEN = False
    with translation.override("zh-hans"):
        (found, *_) = checks.environment(None)

    assert "FAIRLINK_SECRET_KEY" in found.msg
    assert isinstance(found.msg, str)


def test_every_variable_that_is_read_is_documented():
    page = (ROOT / "docs" / "how-to" / "serve-the-site.md").read_text(encoding="utf-8")
    read = {
        name
        for path in (ROOT / "src" / "fairlink_site").rglob("*.py")
        for name in re.findall(r"\bFAIRLINK_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8"))
    }

    assert read
    assert {name for name in read if f"`{name}`" not in page} == set()
