"""The forms about the tasks of a position: title, shares, one fact, services served, holders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.corrections import unseen_change
from agencies.fact_values import as_text, from_text
from agencies.facts import Fact, FactValue, Kind
from agencies.forms.frame import ActForm, DayField, RowsField
from agencies.forms.structure import RowForm, SaidForm, renew_seen
from agencies.masking import masked_nip
from agencies.models import Basis, Employee, PublicService, Task
from agencies.models.choices import translated
from agencies.structure import TaskValues

UNKNOWN = "unknown"


class TaskForm(RowForm):
    """The title of a task; of a new one its share too."""

    said = TaskValues
    title = forms.CharField(label=_("Task"), max_length=300)
    share = forms.IntegerField(
        label=_("Share of working time in percent"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("Leave it empty where it is not known."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.row is not None:
            del self.fields["share"]


class SharesForm(SaidForm):
    """The shares of all tasks of a position in one: together at most 100 percent."""

    valid_from = DayField(label=_("Valid from"), help_text=_("Since when it is so in fact."))

    def __init__(self, *args: Any, tasks: Sequence[Task], day: date, **kwargs: Any) -> None:
        self.tasks = tasks
        super().__init__(*args, initial={"valid_from": day}, **kwargs)
        shares = {_name(task): _share_field(task) for task in tasks}
        self.fields = {**shares, **self.fields}

    def shares(self) -> dict[int, int | None]:
        """What was typed, by the tasks' keys."""
        return {task.pk: self.cleaned_data[_name(task)] for task in self.tasks}

    @property
    def sum(self) -> int:
        """Of what stands in the fields, typed or recorded; what is no number counts nothing."""
        values = [str(self[_name(task)].value() or "") for task in self.tasks]
        return sum(int(value) for value in values if value.isdecimal() and len(value) < 4)


def _name(task: Task) -> str:
    return f"share_{task.pk}"


def _share_field(task: Task) -> forms.IntegerField:
    return forms.IntegerField(
        label=task.title,
        min_value=1,
        max_value=100,
        required=False,
        initial=task.share,
        help_text=_("Percent of working time; empty where it is not known."),
    )


class FactForm(SaidForm):
    """One fact of a task, with the question as it is asked; "not known yet" is always an answer."""

    value = forms.CharField()
    basis = forms.TypedChoiceField(label=_("Basis"), choices=Basis.choices, coerce=Basis, initial=Basis.AGREED)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Needed where the exposure differs from the one that the services served propose."),
    )
    valid_from = DayField(label=_("Valid from"), help_text=_("Since when it is so in fact."))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, fact: Fact, question: Any, now: FactValue | None, day: date, **kwargs: Any) -> None:
        self.fact, self.now = fact, now
        initial = {"value": _written(fact, now), "valid_from": day, "seen": as_text(now) or UNKNOWN}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["value"] = _value_field(fact, question)
        if fact.name != "task.exposure":
            del self.fields["reason"]

    def clean_value(self) -> FactValue | None:
        """The typed value; None is not known."""
        text = str(self.cleaned_data["value"] or "").strip()
        if text in ("", UNKNOWN):
            return None
        try:
            return from_text(self.fact, text)
        except ValueError as fault:
            raise forms.ValidationError(_number_wanted(self.fact)) from fault

    def clean(self) -> dict[str, Any]:
        """Also checks whether the fact still is what was seen."""
        cleaned = super().clean() or self.cleaned_data
        now = as_text(self.now) or UNKNOWN
        if cleaned.get("seen") != now:
            self.add_error(None, unseen_change())
            renew_seen(self, now)
        return self.cleaned_data

    def seen_value(self) -> str | None:
        """The value as text that stood there when the form was opened."""
        text = str(self.cleaned_data["seen"])
        return None if text == UNKNOWN else text


def _written(fact: Fact, value: FactValue | None) -> str:
    if fact.kind is Kind.NUMBER:
        return str(as_text(value) or "").replace(".", ",")
    return as_text(value) or UNKNOWN


def _value_field(fact: Fact, question: Any) -> forms.Field:
    if fact.kind is Kind.NUMBER:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        told = _("A number, in %(unit)s. Leave it empty where it is not known yet.") % {"unit": _(fact.unit)}
        return forms.CharField(label=question, required=False, max_length=10, widget=widget, help_text=told)
    known: list[tuple[str, Any]] = [("yes", _("Yes")), ("no", _("No"))]
    choices = known if fact.kind is Kind.YES_NO else translated(fact.choices)
    return forms.ChoiceField(
        label=question,
        choices=[*choices, (UNKNOWN, pgettext_lazy("answer", "Not known yet"))],
        widget=forms.RadioSelect,
    )


def _number_wanted(fact: Fact) -> Any:
    most = {"task.hours_per_day": 24, "task.days_per_week": 7, "task.hours_per_week": 168}.get(fact.name, 999)
    return _("Write a number from 0 to %(most)s with at most two decimals, for example 7,5.") % {"most": Decimal(most)}


class ServicesForm(ActForm):
    """Which public services a task serves."""

    services = RowsField(
        label=_("Services served"),
        queryset=PublicService.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, offered: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, initial={"services": task.services.all()}, **kwargs)
        cast("RowsField", self.fields["services"]).queryset = offered


class _HolderField(RowsField):
    """People by name, told apart by the masked number."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({masked_nip(obj.nip)})"


class HoldersForm(ActForm):
    """Whose task it is: all holders' of the position, or the named ones'."""

    holders = _HolderField(
        label=_("Holders who have this task"),
        queryset=Employee.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose nobody where it is the task of all holders."),
    )

    def __init__(self, *args: Any, offered: Any, named: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"holders": named}, **kwargs)
        cast("RowsField", self.fields["holders"]).queryset = offered
