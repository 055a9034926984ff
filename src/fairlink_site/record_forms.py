"""Forms made from the columns of a table: what a cell of a file may say, a field may say, by the same rules.

A form's `record` is what a row of a file would have become; `complain` puts what `record_rules` found at its field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from fairlink import cells, record_rules, vocabulary, words
from fairlink.cells import SEPARATOR, BadCell
from fairlink.errors import Problem
from fairlink.tables import TABLES, Column, Records, Table
from fairlink_site import handwriting, wording
from fairlink_site.labels import LABELS

_LIST = 256  # characters of a list in one line
_AREA = 200  # characters; longer texts get room
_CHOSEN = ("choice", "country", "currency", "zone")  # one of many
# Of the type url browsers would refuse an address without https://, which is mended here.
_LINES = {
    "date": {"type": "date"},
    "time": {"type": "time"},
    "whole": {"inputmode": "numeric"},
    "decimal": {"inputmode": "decimal"},
    "address": {"inputmode": "url", "autocomplete": "url"},
}
_SEVERAL = ("choices", "countries", "languages", "refs")  # some of many


class RecordForm(forms.Form):
    """One record of a table.

    `languages` are those in which its texts can be written, `options` what refs may name, `optional` columns that
    may be empty here, `first` those that everybody sees; the others stand folded.
    """

    def __init__(
        self,
        table: Table,
        columns: Sequence[str],
        data: Any = None,
        *,
        record: Mapping[str, Any] | None = None,
        languages: Sequence[str] = vocabulary.LANGUAGES,
        options: Mapping[str, Iterable[tuple[str, Any]]] | None = None,
        optional: Sequence[str] = (),
        first: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.table = table
        self.languages = tuple(languages)
        self.columns = [table.column(name) for name in columns]
        self.optional = optional
        self.start = dict(record or {})
        self.first = tuple(first)
        self.record: dict[str, Any] = {}
        for column in self.columns:
            if column.kind == "texts":
                for language in self.languages:
                    self._add(column, f"{column.name}__{language}", language)
            else:
                self._add(column, column.name, "", (options or {}).get(column.name, ()))

    def _add(self, column: Column, name: str, language: str, options: Iterable[tuple[str, Any]] = ()) -> None:
        label: Any = LABELS[column.name]
        if language and len(self.languages) > 1:
            label = wording.in_language(label, language)
        help_text = words.say("columns", f"{self.table.name}.{column.name}", wording.language())
        needed = column.required and column.name not in self.optional and column.kind != "texts"
        field = _field(column, options, required=needed)
        field.label, field.required = label, needed
        field.help_text = help_text if language in ("", self.languages[0]) else ""
        field.initial = self._initial(column, language)
        if language:
            field.widget.attrs["lang"] = language
            field.widget.attrs["dir"] = "auto"
        self.fields[name] = field

    def _initial(self, column: Column, language: str) -> Any:
        value = self.start.get(column.name, cells.empty(column) if column.kind != "texts" else {})
        if language:
            return (value or {}).get(language, "")
        if column.kind in _SEVERAL:
            return list(value or ())
        if column.kind == "yes":
            return bool(value)
        if column.kind in ("words", "codes"):
            return ", ".join(value or ())
        return cells.write(value, column)

    def at_once(self) -> list[forms.BoundField]:
        """The fields that everybody sees; all where none were chosen."""
        return [field for field in self if not self.first or self._column(field) in self.first]

    def folded(self) -> list[forms.BoundField]:
        """The others, which stand folded."""
        return [field for field in self if self.first and self._column(field) not in self.first]

    def folded_has_errors(self) -> bool:
        return any(field.errors for field in self.folded())

    @staticmethod
    def _column(field: forms.BoundField) -> str:
        return field.name.partition("__")[0]

    def clean(self) -> dict[str, Any]:
        """Read every field as a cell; what cannot be read is told where it stands."""
        cleaned = super().clean() or {}
        self.record = dict(self.start)
        for column in self.columns:
            if column.kind == "texts":
                self._read_texts(column, cleaned)
            else:
                self.record[column.name] = self._read(column, column.name, cleaned.get(column.name))
        return cleaned

    def _read_texts(self, column: Column, cleaned: Mapping[str, Any]) -> None:
        texts = {
            tag: text for tag, text in self.start.get(column.name, {}).items() if tag not in self.languages
        }
        for language in self.languages:
            text = self._read(column, f"{column.name}__{language}", cleaned.get(f"{column.name}__{language}"))
            if text:
                texts[language] = text
        first = f"{column.name}__{self.languages[0]}"
        if column.required and column.name not in self.optional and not texts and first not in self.errors:
            self._tell(first, "empty_cell", {})
        self.record[column.name] = texts

    def _read(self, column: Column, name: str, value: Any) -> Any:
        if isinstance(value, list):
            value = SEPARATOR.join(value)
        if column.kind == "yes":
            return bool(value)
        text = str(value or "")
        if column.kind != "id":  # a short name stands in addresses: nobody's is mended unasked
            text = handwriting.understood(text, column)
        try:
            return cells.read(text, column)
        except BadCell as error:
            self._tell(name, error.code, error.data)
            return cells.empty(column)

    def _tell(self, name: str, code: str, data: Mapping[str, Any]) -> None:
        self.add_error(name if name in self.fields else None, wording.mistake(code, data))

    def complain(self, problems: Iterable[Problem]) -> bool:
        """Put problems of this record beside their fields; whether there are none."""
        fine = True
        for one in problems:
            fine = False
            names = (one.column or "", f"{one.column}__{self.languages[0]}")
            self._tell(next((name for name in names if name in self.fields), ""), one.code, one.data)
        return fine

    def check(self, edition: Mapping[str, Any] | None = None) -> bool:
        """Whether the form can be read and its record keeps the rules of its table; the others are not asked."""
        if not self.is_valid():
            return False
        tables = {self.table.name: [self.record]} | ({"edition": [edition]} if edition else {})
        known = Records(tables, missing=frozenset(set(TABLES) - set(tables)))
        return self.complain(one for one in record_rules.problems(known) if one.table == self.table.name)


def _field(column: Column, options: Iterable[tuple[str, Any]], *, required: bool) -> forms.Field:
    if column.kind == "yes":
        return forms.BooleanField()
    if column.kind in _CHOSEN or column.kind == "ref":
        return forms.ChoiceField(choices=[("", "–"), *_options(column, options)])
    if column.kind in _SEVERAL:
        chosen = _options(column, options)
        several = forms.MultipleChoiceField(choices=chosen)
        if column.kind in ("choices", "refs"):
            several.widget = forms.CheckboxSelectMultiple(choices=chosen)
        else:
            several.widget.attrs["size"] = 6
        return several
    if column.kind in _LINES:
        return forms.CharField(widget=forms.TextInput(attrs=_LINES[column.kind]))
    limit = column.longest if column.kind not in ("words", "codes") else _LIST
    field = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}) if limit > 256 else None, strip=True)
    field.widget.attrs["maxlength"] = limit
    if limit > _AREA and column.kind == "texts":
        field.widget.attrs["data-count"] = ""
    return field


def _options(column: Column, options: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return list(options) if column.kind in ("ref", "refs") else choices_of(column)


def choices_of(column: Column) -> list[tuple[str, Any]]:
    """What may be chosen in a column that refers to no other table, as the reader's language calls it."""
    reader = wording.language()
    if column.kind in ("choice", "choices"):
        return [(one, words.say("choices", one, reader)) for one in column.choices]
    if column.kind in ("country", "countries"):
        return _by_name((one, vocabulary.country(one, reader)) for one in vocabulary.countries())
    if column.kind in ("language", "languages"):
        return _by_name((one, vocabulary.language(one, reader)) for one in vocabulary.COMMON_LANGUAGES)
    if column.kind == "currency":
        return [(one, f"{one} {vocabulary.currency(one, reader)}") for one in vocabulary.currencies()]
    return [(one, one.replace("_", " ")) for one in vocabulary.time_zones()]


def _by_name(options: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """In the order in which the reader's language looks names up, as far as their letters tell."""
    return sorted(options, key=lambda option: option[1].casefold())
