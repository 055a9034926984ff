"""Files brought in: what their columns mean, what is wrong with them, and mending it in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _

from fairlink.errors import Problem
from fairlink.tables import TABLES, Column
from fairlink_site import permissions, spreadsheets, wording
from fairlink_site.actions.dry_run import Checked, alike_in_all, check
from fairlink_site.actions.imports import OFFERED, mend, settle, take_all, upload
from fairlink_site.actions.work import start
from fairlink_site.labels import LABELS
from fairlink_site.models import Edition, Import
from fairlink_site.pages.downloads import file_of
from fairlink_site.pages.tenancy import edition_form, edition_page, for_those, show
from fairlink_site.record_forms import choices_of
from fairlink_site.refusals import WORDS, Refused

SHOWN = 40  # kinds of problem on one page
EXAMPLES = 3


class UploadForm(forms.Form):
    """Which table a file holds, and the file."""

    table = forms.ChoiceField(
        label=_("What is in the file"),
        choices=lambda: [(one, wording.say("tables", one)) for one in OFFERED],
    )
    file = forms.FileField(label=_("File (CSV or XLSX, at most 20 MB)"), max_length=200)


@dataclass(frozen=True)
class Meaning:
    """One column of the file: its heading, some of its texts, what it means."""

    position: int
    heading: str
    examples: list[str]
    meaning: str


@dataclass(frozen=True)
class Group:
    """Rows with the same thing wrong in the same text of the same column."""

    key: str  # what it is about, whatever else is wrong
    label: str
    text: str
    position: int  # of the column in the sheet; −1 where the file has none
    once: bool  # whether one choice may do for every row
    sentence: str
    lines: list[int]
    rows: list[int]


@edition_form
@for_those(permissions.manage_edition)
def imports(request: HttpRequest, edition: Edition) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = upload(
                edition,
                form.cleaned_data["table"],
                file.read(spreadsheets.LARGEST + 1),
                file.name.replace("\x00", ""),
                by=request.user,  # type: ignore[arg-type]
            )
        except Refused as no:
            form.add_error("file", str(no.words))
        else:
            return redirect("import", edition=edition.slug, number=found.pk)
    rows = edition.imports.defer("rows", "lines").select_related("by")[:50]
    return show(
        request,
        "imports",
        edition,
        form=form,
        imports=[(one, wording.say("tables", one.table)) for one in rows],
    )


@edition_form
@for_those(permissions.manage_edition)
def one_import(request: HttpRequest, edition: Edition, number: int) -> HttpResponse:
    found = get_object_or_404(edition.imports, pk=number)
    if request.method == "POST":
        try:
            _change(request, found)
        except Refused as no:
            messages.error(request, _told(found, no))
        return redirect("import", edition=edition.slug, number=found.pk)
    checked = check(found) if found.state == "checked" else None
    groups = _groups(found, checked) if checked else []
    job = edition.jobs.filter(kind="import", subject=found.pk).first()
    return show(
        request,
        "import",
        edition,
        found=found,
        table=wording.say("tables", found.table),
        columns=list(_columns(found)),
        choices=_meanings_offered(found, edition),
        constants=list(_constants(found)),
        heads=_heads(found),
        checked=checked,
        groups=groups[:SHOWN],
        more=len(groups) - SHOWN,
        wrong=len({one.row for one in checked.problems}) if checked else 0,
        job=job,
        busy=job is not None and job.state in job.OPEN,
    )


def _change(request: HttpRequest, found: Import) -> None:
    if found.state == "done":
        raise Refused("import_done")
    if request.POST.get("do") == "map":
        head = request.POST.get("head", "")
        settle(
            found,
            mapping=_mapping(request, found),
            constants={
                column.name: request.POST.get(f"constant-{column.name}", "")
                for column, options, _value in _constants(found)
                if request.POST.get(f"constant-{column.name}", "") in dict(options)
            },
            status="submitted" if request.POST.get("status") == "submitted" else "validated",
            head=int(head) if head in {str(row) for row, _text in _heads(found)} else None,
        )
    elif request.POST.get("do") == "mend":
        _mend(request, found)
    elif request.POST.get("do") == "take_all":
        take_all(found)
    elif request.POST.get("do") == "import":
        start(found.edition, "import", by=request.user, subject=found.pk)  # type: ignore[arg-type]
    else:
        raise Http404


def _told(found: Import, no: Refused) -> str:
    """Why not, with a column called as people read it."""
    if "column" in no.data:
        no = Refused(no.code, **no.data | {"column": _where(found, str(no.data["column"]))})
    return str(no.words)


def _mapping(request: HttpRequest, found: Import) -> list[str]:
    known = {value for value, _label in _meanings_offered(found, found.edition)}
    asked = [request.POST.get(f"column-{position}", "") for position in range(len(found.rows[found.head]))]
    return [one if one in known else "" for one in asked]


def _mend(request: HttpRequest, found: Import) -> None:
    changes: dict[tuple[int, int], str] = {}
    left_out: list[int] = []
    asked = {name.partition("-")[2] for name in request.POST if name.startswith(("text-", "leave-"))}
    groups = {group.key: group for group in _groups(found, check(found))}
    if asked - groups.keys():
        messages.info(
            request, _("Some of this had been mended meanwhile by somebody else. Look at what is left.")
        )
    for key in asked & groups.keys():
        group = groups[key]
        if request.POST.get(f"leave-{key}"):
            left_out += group.rows
        elif group.position >= 0:
            text = (
                request.POST.get(f"text-{key}", group.text)[: spreadsheets.LONGEST]
                .replace("\x00", "")
                .strip()
            )
            if text != group.text:
                changes |= {(row, group.position): text for row in group.rows}
    if asked <= groups.keys() and not changes and not left_out:
        raise Refused("nothing_mended")
    mend(found, changes, left_out)


def _columns(found: Import) -> Iterator[Meaning]:
    if not found.rows:
        return
    for position, heading in enumerate(found.rows[found.head]):
        texts = [row[position] for row in found.rows[found.head + 1 :] if row[position]]
        yield Meaning(position, heading, list(dict.fromkeys(texts))[:EXAMPLES], found.mapping[position])


def _meanings_offered(found: Import, edition: Edition) -> list[tuple[str, str]]:
    offered = [
        (f"{column.name}:{language}" if language else column.name, _label(column, language))
        for column in TABLES[found.table].columns
        for language in (edition.languages if column.kind == "texts" else [""])
    ]
    for meaning in found.mapping:  # in a language that is none of the edition's
        if meaning and meaning not in dict(offered):
            name, _colon, language = meaning.partition(":")
            offered.append((meaning, _label(TABLES[found.table].column(name), language)))
    return offered


def _label(column: Column, language: str) -> str:
    return wording.in_language(LABELS[column.name], language)


def _constants(found: Import) -> Iterator[tuple[Column, list[tuple[str, str]], str]]:
    """What may be chosen once for every row, with the choices as the reader's language has them."""
    for column in alike_in_all(TABLES[found.table], found.mapping):
        yield column, choices_of(column), found.constants.get(column.name, "")


def _heads(found: Import) -> list[tuple[int, str]]:
    """The rows that may hold the headings, as they begin."""
    first = found.rows[: spreadsheets.HEADERS]
    return [(row, " · ".join(text for text in texts if text)[:80]) for row, texts in enumerate(first)]


def _groups(found: Import, checked: Checked) -> list[Group]:
    position = {meaning: place for place, meaning in enumerate(found.mapping) if meaning}
    gathered: dict[tuple[str, str, int, str], list[Problem]] = {}
    for one in checked.problems:
        at = _position(position, one.column or "")
        text = found.rows[one.row][at] if at >= 0 and one.row is not None else ""
        gathered.setdefault((one.column or "", one.code, at, text), []).append(one)
    once = {column.name for column in alike_in_all(TABLES[found.table], found.mapping)}
    groups = []
    for (column, code, at, text), members in gathered.items():
        rows = sorted({one.row for one in members if one.row is not None})
        lines = [found.lines[row] for row in rows]
        key = f"{column}.{code}.{rows[0]}"
        sentence = _sentence(found, members[0])
        groups.append(Group(key, _where(found, column), text, at, column in once, sentence, lines, rows))
    return sorted(groups, key=lambda group: -len(group.rows))


def _position(position: Mapping[str, int], column: str) -> int:
    """Where a column stands in the sheet; of a text the first language that is there."""
    if column in position:
        return position[column]
    return next((place for name, place in position.items() if name.partition(":")[0] == column), -1)


def _where(found: Import, column: str) -> str:
    name, _colon, language = column.partition(":")
    return _label(TABLES[found.table].column(name), language) if name else ""


def _sentence(found: Import, problem: Problem) -> str:
    if problem.code in WORDS:
        data = dict(problem.data)
        if "first" in data:
            data["first"] = found.lines[data["first"]]
        return str(WORDS[problem.code]).format_map(data)
    return wording.mistake(problem.code, problem.data, "list")


@edition_page
@for_those(permissions.manage_edition)
def import_problems(request: HttpRequest, edition: Edition, number: int, form: str) -> HttpResponseBase:
    """The rows with something wrong, as they are, with a column that says what: to be mended elsewhere."""
    found = get_object_or_404(edition.imports.filter(state="checked"), pk=number)
    reasons: dict[int, list[str]] = {}
    for one in check(found).problems:
        if one.row is not None:
            where = _where(found, one.column or "")
            reasons.setdefault(one.row, []).append(
                f"{where}: {_sentence(found, one)}" if where else _sentence(found, one)
            )
    rows = [[*found.rows[found.head], str(_("Reason"))]]
    rows += [[*found.rows[row], " ".join(reasons[row])] for row in sorted(reasons)]
    return file_of(rows, f"{edition.slug}-{found.table}-problems", form)
