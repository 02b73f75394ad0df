"""Rows of a form that may grow: blank ones are left out, all are kept as they were typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms.frame import WrittenForm

if TYPE_CHECKING:
    _Set = forms.BaseFormSet["RowForm"]
else:
    _Set = forms.BaseFormSet

MOST_ROWS: Final = 60


class RowForm(WrittenForm):
    """One row; it says itself whether anything stands in it, and which field a fault of the whole row stands at."""

    fault_field: str
    prefilled: tuple[str, ...] = ()

    def has_changed(self) -> bool:
        """Whether more differs than what a blank row is filled with from the beginning."""
        return any(name not in self.prefilled for name in self.changed_data)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into a blank row, or the row is to be taken out."""
        return (self.empty_permitted and not self.has_changed()) or bool(self.cleaned_data.get("DELETE"))


class BaseRows(_Set):
    """Rows of one kind under one heading."""

    heading: Any = ""
    stacked = False
    default_error_messages = {
        **forms.BaseFormSet.default_error_messages,
        "too_many_forms": _("There are more rows than the form takes; use a list of values instead of a row for each."),
    }

    @property
    def written(self) -> list[Any]:
        """The rows in which something stands, in their order."""
        return [form for form in self.forms if form.is_valid() and not form.is_blank]

    @property
    def columns(self) -> list[Any]:
        """The visible fields of a row, for the head of the table."""
        return [field for field in self.empty_form.visible_fields() if field.name != "DELETE"]

    def refuse(self, number: int, sentence: str) -> None:
        """Put a sentence at the row of that number among those written."""
        rows = self.written
        if number < len(rows):
            row = rows[number]
            row.add_error(row.fault_field, sentence)
        else:
            self.non_form_errors().append(sentence)


def rows_of(form: type[RowForm], *, extra: int = 1) -> type[BaseRows]:
    """A kind of rows with some blank ones at the end, each of which can be taken out."""
    found: Any = forms.formset_factory(
        form,
        formset=BaseRows,
        extra=extra,
        can_delete=True,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
        validate_max=True,
    )
    return found  # type: ignore[no-any-return]
