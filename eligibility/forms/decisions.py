"""What lists of arrangements can be narrowed by, and the forms of those who decide; all speak in the acts' fields."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from agencies.forms.employee_filter import ListFilter
from agencies.forms.frame import ActForm, DayField, RowsField
from agencies.models import Agency
from eligibility.arrangements.stands import Stands
from eligibility.arrangements.suspending import SuspensionGround
from eligibility.explanations import MODE_LABELS
from eligibility.models import Arrangement, RefusalGround
from eligibility.rulebook import Mode

LONGEST_TEXT: Final = 2000

STATES: Final = [(one.value, one.label) for one in Stands if one is not Stands.DRAFT]
MODES: Final = [(mode.value, _(MODE_LABELS[mode])) for mode in Mode]


class ArrangementFilter(ListFilter):
    """Narrows arrangements by name, agency with what lies below, where they stand, form and a month they touch."""

    cari = forms.CharField(label=_("Search by name"), required=False, max_length=100)
    opd = forms.ChoiceField(label=_("Agency"), required=False)
    keadaan = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *STATES])
    cara = forms.ChoiceField(label=_("Form"), required=False, choices=[("", _("All forms")), *MODES])
    bulan = forms.ChoiceField(label=_("Month"), required=False)

    def __init__(self, data: Any, *, agencies: QuerySet[Agency], on: date) -> None:
        super().__init__(data)
        self.agencies: dict[str, Agency] = {one.code: one for one in agencies}
        named = [(code, one.name) for code, one in self.agencies.items()]
        _offer(self, "opd", [("", _("All agencies")), *named])
        _offer(self, "bulan", [("", _("All months")), *_months(on)])


def _offer(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _months(on: date) -> list[tuple[str, str]]:
    """The months of the year before and after the day, the latest first, as "2025-10" with their names."""
    first = [date(on.year + (on.month - 1 + step) // 12, (on.month - 1 + step) % 12 + 1, 1) for step in range(-12, 13)]
    return [(f"{day:%Y-%m}", date_format(day, "F Y")) for day in reversed(first)]


def month_ends(text: str) -> tuple[date, date]:
    """The first and the last day of a month written as "2025-10"."""
    first = date.fromisoformat(f"{text}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


class NoFieldsForm(ActForm):
    """Nothing is asked: the button itself is the answer."""


class RemarkForm(ActForm):
    """A word to the stations that follow."""

    text = forms.CharField(
        label=_("Remark (optional)"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The employee reads it too."),
    )


class ReturnForm(ActForm):
    """What is to be mended."""

    text = forms.CharField(
        label=_("What is to be mended"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Say it so that the employee can mend it at once."),
    )


class ConsultForm(ActForm):
    """A talk with the employee before a refusal."""

    held_on = DayField(label=_("Held on"))
    text = forms.CharField(
        label=_("What was discussed"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The employee reads it too."),
    )


class RefuseForm(ActForm):
    """Why a request is refused: a ground of the list, and words."""

    ground = forms.ChoiceField(label=_("Ground"), choices=[("", _("Choose a ground")), *RefusalGround.choices])
    text = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Name what stands in the way, and what would make it possible."),
    )


class FromDayForm(ActForm):
    """From which day something counts: today or later, and within the period."""

    on = DayField(label=_("From which day"))

    def __init__(self, *args: Any, today: date, ends_on: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": today})
        super().__init__(*args, **kwargs)
        self._today, self._ends_on = today, ends_on

    def clean_on(self) -> date:
        """What is past is not undone: a day that has begun is the earliest."""
        day: date = self.cleaned_data["on"]
        if not self._today <= day <= self._ends_on:
            days = {"first": date_format(self._today), "last": date_format(self._ends_on)}
            raise ValidationError(_("Choose a day from %(first)s to %(last)s."), params=days)
        return day


class SuspendForm(FromDayForm):
    """From which day it no longer holds for the time being, and why."""

    ground = forms.ChoiceField(label=_("Ground"), choices=[("", _("Choose a ground")), *SuspensionGround.choices])
    text = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The employee reads it. Do not write about health or discipline."),
    )
    field_order = ("on", "ground", "text")


class EndForm(FromDayForm):
    """From which day it no longer holds, and why."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4}))


class SeveralForm(ActForm):
    """The requests that are ticked to be decided on together."""

    requests = RowsField(
        label=_("Requests"),
        queryset=Arrangement.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one request.")},
    )

    def __init__(self, *args: Any, waiting: QuerySet[Arrangement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["previewed"]  # nothing is shown first: each that is ticked gets its own answer
        chosen = self.fields["requests"]
        assert isinstance(chosen, RowsField)
        chosen.queryset = waiting


class AnswerForm(ActForm):
    """The one answer to an objection."""

    granted = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            ("", _("Choose an answer")),
            ("yes", _("Granted: the request is decided on anew")),
            ("no", _("Dismissed: the refusal stands")),
        ],
    )
    answer = forms.CharField(label=_("Reason"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4}))
