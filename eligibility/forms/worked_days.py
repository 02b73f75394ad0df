"""The forms of days worked under an arrangement."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.forms.frame import ActForm, DayField

MOST_DAYS = 62
"""So many lines are taken at once: two months."""


class DaysField(forms.CharField):
    """Days, one on a line; each line that is no day is named with its number."""

    widget = forms.Textarea

    def clean(self, value: Any) -> Any:
        """The days in the order of the lines."""
        lines = [line.strip() for line in str(super().clean(value)).splitlines()]
        if len(lines) > MOST_DAYS:
            raise ValidationError(_("At most %(most)d days at once; send the others afterwards.") % {"most": MOST_DAYS})
        faults: list[str] = []
        days = [_day(number, line, faults) for number, line in enumerate(lines, 1) if line]
        if faults:
            raise ValidationError(faults)
        return [day for day in days if day is not None]


def _day(number: int, line: str, faults: list[str]) -> date | None:
    field = DayField()
    try:
        return field.clean(line)  # type: ignore[no-any-return]
    except ValidationError:
        sentence = _("Line %(number)d, “%(line)s”, is not a date; write it like 2025-07-01.")
        faults.append(sentence % {"number": number, "line": line[:40]})
        return None


class WorkedDaysForm(ActForm):
    """Days and where they are known from."""

    days = DaysField(
        label=gettext_lazy("Days, one on a line"),
        help_text=gettext_lazy("Write them like 2025-07-01, also days on which the arrangement did not hold any more."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=200,
        help_text=gettext_lazy("E.g. the attendance record and its month. Do not name other employees."),
    )


class WithdrawWorkedDayForm(ActForm):
    """Nothing to fill in: the day stands in the address."""
