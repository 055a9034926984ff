"""The forms of the set-up, where a form made from the columns of a table does not say it all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairlink import vocabulary
from fairlink.expo import PLACE_KINDS
from fairlink.tables import EDITION, PLACES
from fairlink_site import wording
from fairlink_site.actions.programme import Hours
from fairlink_site.models import Edition
from fairlink_site.record_forms import RecordForm

MOST_PLACES = 300  # at once


class EditionForm(RecordForm):
    """Facts of an edition. Which of its languages stands in for the others is asked beside them.

    Texts are asked for in the languages that are chosen, and in those in which there is one already.
    """

    def __init__(
        self,
        columns: Sequence[str],
        data: Any = None,
        *,
        record: Mapping[str, Any],
        languages: Sequence[str],
        **kwargs: Any,
    ) -> None:
        asked = _asked(columns, data, record, languages)
        super().__init__(EDITION, columns, data, record=record, languages=asked, **kwargs)
        for name in ("languages", "time_zone", "currency", "second_currency"):
            self._keep(name)
        for field in self.fields.values():
            if isinstance(field.widget, forms.SelectMultiple):
                how = _("To choose several with a mouse, hold Ctrl or Cmd.")
                field.help_text = f"{field.help_text} {how}"
        if "languages" in self.fields:
            several = self.fields["languages"]
            assert isinstance(several, forms.MultipleChoiceField)  # noqa: S101  tells the type
            first = forms.ChoiceField(
                choices=several.choices,
                label=_("First language"),
                help_text=_("It stands in where a text has no other."),
                initial=next(iter(self.start.get("languages") or ()), self.languages[0]),
            )
            self.fields["first_language"] = first
            self.order_fields([name for one in columns for name in self._names(one)])

    def _names(self, column: str) -> list[str]:
        names = [column, *(f"{column}__{language}" for language in self.languages)]
        return [*names, "first_language"] if column == "languages" else names

    def _keep(self, name: str) -> None:
        """What is chosen already can stay chosen, though forms do not offer it to everybody."""
        field = self.fields.get(name)
        value = self.start.get(name)
        if not isinstance(field, forms.ChoiceField):
            return
        offered = list(field.choices)  # type: ignore[arg-type]
        for one in [value] if isinstance(value, str) else value or ():
            if one and one not in dict(offered):
                offered.append((one, vocabulary.language(one, wording.language())))
        field.choices = offered

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first = cleaned.get("first_language")
        if first:
            self.record["languages"] = tuple(dict.fromkeys((first, *self.record["languages"])))
        name = f"name__{self.languages[0]}"
        if name in self.fields and not self.record["name"].get(self.languages[0]) and name not in self.errors:
            language = vocabulary.language(self.languages[0], wording.language())
            said = _("Give the name in this language too: %(language)s stands in where a text has no other.")
            self.add_error(name, said % {"language": language})
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """What was asked, without what was only known."""
        return {column.name: self.record[column.name] for column in self.columns}


def _asked(
    columns: Sequence[str], data: Any, record: Mapping[str, Any], languages: Sequence[str]
) -> Sequence[str]:
    """The languages chosen, the first of them first, and those in which something is said or has just been typed."""
    texts = [name for name in columns if EDITION.column(name).kind == "texts"]
    there = [tag for name in texts for tag in record.get(name) or ()]
    known = dict.fromkeys((*languages, *there, *vocabulary.COMMON_LANGUAGES))
    chosen = list(languages)
    if data is not None and "languages" in columns:
        posted = (data.get("first_language", ""), *data.getlist("languages"))
        chosen = [tag for tag in posted if tag in known] or chosen
    typed = [tag for tag in known for name in texts if data and data.get(f"{name}__{tag}", "").strip()]
    return tuple(dict.fromkeys((*chosen, *there, *typed)))


class CopyForm(EditionForm):
    """Facts of a copy, and whether those who took part come along."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisations"] = forms.BooleanField(
            required=False,
            label=_("Take over the validated organisations as drafts"),
            help_text=_("Nobody sees them until they have been looked through and validated again."),
        )
        self.fields["listings"] = forms.BooleanField(
            required=False,
            label=_("Take over their validated offers and needs too, as drafts"),
            help_text=_("Only together with the organisations."),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("listings") and not cleaned.get("organisations"):
            self.add_error(
                "listings",
                _("Offers and needs come only with their organisations. Tick those too, or neither."),
            )
        return cleaned


class HoursForm(forms.Form):
    """The hours of some days, to be cut into slots."""

    first_day = forms.DateField(label=_("From day"))
    last_day = forms.DateField(label=_("To day"))
    first_start = forms.TimeField(label=_("The first meeting begins"))
    last_end = forms.TimeField(label=_("The last meeting ends"))
    minutes = forms.IntegerField(label=_("Minutes of a meeting"), min_value=5, max_value=480)
    pause = forms.IntegerField(
        label=_("Minutes between meetings"), min_value=0, max_value=240, required=False
    )
    lunch_from = forms.TimeField(label=_("Lunch from"), required=False)
    lunch_to = forms.TimeField(label=_("Lunch to"), required=False)

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        usual = {
            "first_day": edition.start,
            "last_day": edition.end,
            "first_start": "09:30",
            "last_end": "17:30",
            "minutes": 30,
            "pause": 0,
            "lunch_from": "12:00",
            "lunch_to": "13:30",
        }
        super().__init__(*args, **{"initial": usual, **kwargs})
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            elif isinstance(field, forms.TimeField):
                field.widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for first, last in (
            ("first_day", "last_day"),
            ("first_start", "last_end"),
            ("lunch_from", "lunch_to"),
        ):
            if found.get(first) and found.get(last) and found[last] < found[first]:
                self.add_error(last, _("The end lies before the beginning."))
        if bool(found.get("lunch_from")) != bool(found.get("lunch_to")):
            self.add_error("lunch_to", _("Give both times of lunch, or neither."))
        return found

    @property
    def hours(self) -> Hours:
        return Hours(**{**self.cleaned_data, "pause": self.cleaned_data["pause"] or 0})


class PlacesForm(RecordForm):
    """So many tables, rooms or places online in a hall."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(PLACES, ("kind", "hall", "capacity"), data, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101  tells the type
        kind.choices = [(one, wording.say("choices", one)) for one in PLACE_KINDS if one != "booth"]
        kind.initial = "table"
        kind.label = _("Kind of place")
        self.fields["number"] = forms.IntegerField(
            label=_("How many"), min_value=1, max_value=MOST_PLACES, initial=10
        )
        self.order_fields(("number", "kind", "hall", "capacity"))
