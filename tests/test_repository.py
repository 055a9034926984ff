"""What stands in the repository: no foreign hosts, no paths of a machine, no third-party code, a complete house."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Host → why it may be named. Anything else is a mistake: pages load nothing from elsewhere.
HOSTS = {
    "www.w3.org": "namespace of SVG",
    "schema.org": "vocabulary of public pages",
    "www.apache.org": "the licence",
    "localhost": "the demo",
    "example.org": "addresses in tests, set aside for that",
    "www.example.org": "the same",
    "127.0.0.1": "the demo",
}
TEXT = {".py", ".md", ".toml", ".html", ".css", ".csv", ".po", ".svg", ".lock", ".txt", ".yml", ".js", ""}
LARGEST = 1_000_000  # bytes; more belongs outside


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],  # noqa: S607  the git that is there
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def texts():
    return {
        path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in tracked() if path.suffix in TEXT
    }


def test_only_listed_hosts_are_named(texts):
    found = {
        (str(path), host)
        for path, text in texts.items()
        for host in re.findall(r"https?://([\w.\-]+\w)", text)
        if host not in HOSTS and path != Path("tests/test_repository.py")
    }

    assert found == set()


def test_no_lock_file_names_an_address(texts):
    assert [str(path) for path, text in texts.items() if path.suffix == ".lock" and "://" in text] == []


def test_no_path_of_a_machine_stands_anywhere(texts):
    private = re.compile(r"(?<![\w.])/(?:home|root|Users|tmp|work|private|mnt)/[\w.]+")
    found = [(str(path), match[0]) for path, text in texts.items() for match in private.finditer(text)]

    assert found == []


def test_everything_here_was_written_here():
    strangers = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix in {".woff", ".woff2", ".ttf", ".otf", ".min.js", ".min.css", ".mo", ".so", ".whl"}
        or path.name.endswith((".min.js", ".min.css"))
    ]

    assert strangers == []


def test_no_file_is_large():
    assert [str(path) for path in tracked() if path.stat().st_size > LARGEST] == []


def test_the_front_page_of_the_repository_shows_both_commands_and_a_picture():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first_screen = "\n".join(readme.splitlines()[:20])

    assert "./run demo" in first_screen
    assert "./run test" in first_screen
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", first_screen)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def test_the_example_of_the_front_page_runs(monkeypatch, capsys):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```", readme, re.DOTALL)[1]
    monkeypatch.chdir(ROOT)

    exec(compile(example, "README.md", "exec"), {})  # noqa: S102  the example itself

    assert "meetings are held" in capsys.readouterr().out


def test_every_file_of_code_says_in_its_first_line_what_it_is():
    silent = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix == ".py"
        and path.stat().st_size
        and "migrations/0001" not in str(path)
        and not re.match(r'(#!.*\n)?"""', path.read_text(encoding="utf-8"))
    ]

    assert silent == []


def test_there_is_no_junk_drawer():
    drawers = {"utils", "util", "helpers", "common", "misc", "core"}

    assert [
        str(path) for path in tracked() if drawers & {part.split(".")[0] for part in path.parts[-2:]}
    ] == []
