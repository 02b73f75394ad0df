"""The forms of the import wizard: which file, what its headings mean, why an import is undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.forms.frame import ActForm, DayField
from agencies.importing.kinds import Kind, column_label, valid_values
from agencies.importing.missing import A_PART, Register
from agencies.importing.refusals import LARGEST, FileRefused
from agencies.importing.workbooks import column_name
from agencies.models import Agency, DataImport

_COLUMN: Final = "column_"
_FOR_NEW: Final = "new_"


class ImportFileForm(ActForm):
    """The file to be imported."""

    file = forms.FileField(
        label=_("File (XLSX or CSV)"),
        help_text=_(
            "At most 20 MB, 100,000 rows and 2,000,000 cells (rows times columns, such as 20,000 rows of 100 columns)."
            " Nothing is changed yet: first you see what would be done."
        ),
        error_messages={"empty": _("The file is empty; choose another.")},
    )

    def content(self) -> bytes:
        """The bytes of the file. Raises FileRefused for more than is read."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise FileRefused(
                str(_("The file is larger than 20 MB; split it, or leave out columns that are not needed."))
            )
        content: bytes = file.read()
        return content


class ColumnsForm(ActForm):
    """Which column each heading means, what holds for everything new, and from which day the rows hold."""

    def __init__(
        self,
        *args: Any,
        kind: Kind,
        headings: Sequence[str],
        columns: Sequence[str],
        day: date | None,
        for_new: Mapping[str, str],
        said: Register = A_PART,
        agencies: QuerySet[Agency] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if day is not None:
            help_text = _("The first day on which what the file says holds.")
            self.fields["valid_from"] = DayField(label=_("Holds from"), help_text=help_text, initial=day)
        choices = [("", str(_("Leave this column out")))]
        choices += [(name, f"{column_label(column)} ({name})") for name, column in kind.columns.items()]
        for place, heading in enumerate(headings):
            label = heading or str(_("Column %(letters)s, without a heading") % {"letters": column_name(place)})
            self.fields[f"{_COLUMN}{place}"] = forms.ChoiceField(
                label=label,
                choices=choices,
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
                initial=columns[place] if place < len(columns) else "",
                error_messages={"invalid_choice": _("Choose one of the columns of the list.")},
            )

        self._ask_for_new(kind, for_new)
        if agencies is not None:
            self._ask_register(said, agencies)

    def _ask_register(self, said: Register, agencies: QuerySet[Agency]) -> None:
        """How much of the staff the file tells of; asked where agencies are offered."""
        help_text = _("Of a full register you see who is posted by the record and not in the file; nobody is ended.")
        self.fields["register"] = forms.ChoiceField(
            label=_("Who is in this file"),
            choices=DataImport.Register.choices,
            initial=said.scope.value,
            help_text=help_text,
            widget=forms.Select(attrs={"class": "form-select"}),
            error_messages={"invalid_choice": _("Choose one of the values of the list.")},
        )
        self.fields["register_agency"] = forms.ModelChoiceField(
            label=_("Agency, where the register is of one"),
            queryset=agencies,
            to_field_name="code",
            required=False,
            initial=said.agency.code if said.agency else None,
            empty_label=_("None"),
            help_text=_("The agencies below it are included."),
            error_messages={"invalid_choice": _("There is no such agency here; choose one of the list.")},
        )
        self.fields["register_on"] = DayField(
            label=_("Day of the register"),
            required=False,
            initial=said.on,
            help_text=_("The day of which the full register is; of a part it says nothing."),
        )

    def register_fields(self) -> list[forms.BoundField]:
        """The fields on how much of the staff the file tells of; none where that is not asked."""
        return [self[name] for name in self.fields if name.startswith("register")]

    def register(self) -> Register:
        """What was said; of a part neither agency nor day counts."""
        scope = DataImport.Register(self.cleaned_data.get("register") or DataImport.Register.PART)
        if scope is DataImport.Register.PART:
            return A_PART
        agency = self.cleaned_data["register_agency"] if scope is DataImport.Register.AGENCY else None
        return Register(scope, agency, self.cleaned_data["register_on"])

    def _ask_for_new(self, kind: Kind, for_new: Mapping[str, str]) -> None:
        for name in kind.for_new:
            column = kind.columns[name]
            self.fields[f"{_FOR_NEW}{name}"] = forms.ChoiceField(
                label=f"{column_label(column)} ({name})",
                choices=[("", str(_("Say nothing"))), *valid_values(column)],
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
                initial=for_new.get(name, ""),
                error_messages={"invalid_choice": _("Choose one of the values of the list.")},
            )

    def for_new(self) -> dict[str, str]:
        """The value for everything new, by the column; where a heading means that column, the file says it."""
        asked = {name.removeprefix(_FOR_NEW): name for name in self.fields if name.startswith(_FOR_NEW)}
        said = {column: self.cleaned_data[name] for column, name in asked.items()}
        return {column: value for column, value in said.items() if value and column not in self.columns()}

    def for_new_fields(self) -> list[forms.BoundField]:
        """The fields of the values for everything new."""
        return [self[name] for name in self.fields if name.startswith(_FOR_NEW)]

    def columns(self) -> list[str]:
        """The column of each heading; empty for one that is left out."""
        return [self.cleaned_data[name] for name in self.fields if name.startswith(_COLUMN)]

    def heading_fields(self) -> list[forms.BoundField]:
        """The fields of the headings, in their order."""
        return [self[name] for name in self.fields if name.startswith(_COLUMN)]


class UndoForm(ActForm):
    """Why an import is undone."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It stands with the import. Name nobody in it.")
    )
