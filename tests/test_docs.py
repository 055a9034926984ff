"""Documents that cannot lie: the reference is made from the code, links lead somewhere, the tutorial runs."""

import re
import shlex
from pathlib import Path

import pytest

from docs.reference.__main__ import HERE, pages
from fairlink import cli

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("name", pages())
def test_the_reference_says_what_the_code_does(name):
    """After a change of tables, words or commands run `python -m docs.reference`."""
    assert (HERE / name).read_text(encoding="utf-8") == pages()[name]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    text = path.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]

    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_document_can_be_reached_from_the_first():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop().resolve()
        if path in reached or not path.is_file():
            continue
        reached.add(path)
        links = re.findall(r"\]\(([^)#]+\.md)", path.read_text(encoding="utf-8"))
        waiting += [path.parent / link for link in links]

    assert [path for path in DOCUMENTS if path.resolve() not in reached] == []


def test_the_commands_of_the_tutorial_run_in_order(tmp_path, monkeypatch, capsys):
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:console|sh)\n(.*?)```", text, re.DOTALL)
    commands = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    monkeypatch.chdir(tmp_path)

    ran = 0
    for command in commands:
        words = shlex.split(command)
        if words[:1] == ["fairlink"]:
            assert cli.main(words[1:]) == cli.OK, command
            ran += 1
        elif words[:2] == ["cp", "-r"]:
            _copy(Path(words[2]), Path(words[3]))

    assert ran >= 3
    assert capsys.readouterr().err is not None


def _copy(source, target):
    target.mkdir()
    for path in source.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
