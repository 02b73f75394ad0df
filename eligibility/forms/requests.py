"""The forms of whoever asks for flexible work; field names are those that refusals of the acts name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.facts import WEEKDAYS
from agencies.forms.frame import ActForm, DayField, RowsField
from agencies.models import Agency, Employee, Institution, Workplace
from agencies.models.choices import translated
from agencies.unseen_signs import unseen_sign
from eligibility.arrangements.declarations import FOR_HER
from eligibility.arrangements.planning import place_of
from eligibility.arrangements.plans import OutputLine, Plan
from eligibility.arrangements.requests import DAYS_OF_WEEK, Request
from eligibility.explanations import MODE_LABELS
from eligibility.models import Arrangement, Attestation
from eligibility.rulebook import Mode

LONGEST_TEXT: Final = 2000
MOST_OUTPUTS: Final = 10
ROWS_FIRST: Final = 2
"""Rows for outputs that a new form shows; a button adds one more."""

NEEDED: Final = frozenset({"mode", "weekdays", "starts_on", "ends_on"})
"""Without these nothing can be judged."""

PARTS: Final = ("output", "target", "skp")
"""The names of the three boxes of a row; each name stands once for every row."""

LONGEST: Final = {"output": 300, "target": 100, "skp": 300}
"""Signs that the columns of these names hold."""

NO_PLACE: Final = _("This place is not in the register for these days; choose one of the list.")


class OutputsWidget(forms.Widget):
    """Rows of three boxes; the page draws them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[tuple[str, str, str]]:
        """Every row as it was typed, empty ones too."""
        if not isinstance(data, QueryDict):
            return list(data.get(name, ()))
        columns = [data.getlist(part) for part in PARTS]
        rows = range(min(MOST_OUTPUTS, max(map(len, columns), default=0)))
        return [_three(column[row] if row < len(column) else "" for column in columns) for row in rows]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether no row was sent."""
        return not any(part in data for part in PARTS)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The first box."""
        return "id_output_1"


def _three(found: Iterable[str]) -> tuple[str, str, str]:
    first, second, third = found
    return first, second, third


class OutputsField(forms.Field):
    """Outputs with target and result of work in the SKP; rows left empty do not count."""

    widget = OutputsWidget

    def clean(self, value: Any) -> tuple[OutputLine, ...]:
        """The rows with something in them. What a row lacks is told by the act."""
        lines = []
        faults = []
        for number, row in enumerate(value or (), 1):
            texts = [text.strip() for text in row]
            faults += [fault for part, text in zip(PARTS, texts, strict=True) if (fault := _fault(number, part, text))]
            if any(texts):
                lines.append(OutputLine(*texts))
        if faults:
            raise ValidationError(faults)
        return tuple(lines)


def _fault(number: int, part: str, text: str) -> str:
    longest = LONGEST[part]
    if len(text) > longest:
        words = {"number": number, "longest": longest}
        return gettext("A text in row %(number)d is longer than %(longest)d signs; shorten it.") % words
    if place := unseen_sign(text, lines=False):
        words = {"number": number, "place": place}
        return (
            gettext("Row %(number)d: sign %(place)d cannot be seen on screen or paper; write the words anew.") % words
        )
    return ""


@dataclass(frozen=True, slots=True)
class OutputRow:
    """A row as it is shown."""

    number: int
    output: str
    target: str
    skp: str


class PlanForm(ActForm):
    """Mode, place, weekdays, period, outputs and declarations; which of them are needed depends on the mode."""

    mode = forms.ChoiceField(
        label=_("Form of flexible work"),
        choices=[(mode.value, _(MODE_LABELS[mode])) for mode in Mode],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a form.")},
    )
    workplace = forms.ModelChoiceField(
        label=_("Office or place of the register"),
        queryset=Workplace.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("Needed for another office. For another place choose one, or say the purpose below."),
        error_messages={"invalid_choice": NO_PLACE},
    )
    purpose = forms.CharField(
        label=_("Purpose and place, where it is none of the register"),
        max_length=300,
        required=False,
        help_text=_("For another place: where the work needs to be done, and for what."),
    )
    residence_confirmed = forms.BooleanField(label=_("This is where I work when I work at home."), required=False)
    weekdays = forms.MultipleChoiceField(
        label=_("Weekdays"),
        choices=translated(WEEKDAYS),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one weekday.")},
    )
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    outputs = OutputsField(label=_("Outputs"), required=False)
    attestations = forms.MultipleChoiceField(
        label=_("Declarations"), choices=Attestation.choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, institution: Institution, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["previewed"]  # the answer beside the form is no consequence to be confirmed
        if not own:
            # In her name nobody confirms or declares anything.
            del self.fields["residence_confirmed"]
            declared = self.fields["attestations"]
            assert isinstance(declared, forms.MultipleChoiceField)
            declared.label = _("What you declare for the employee")
            declared.choices = [(code, FOR_HER[code]) for code in Attestation.values]
        places = Workplace.objects.filter(_open(self._day("starts_on"), self._day("ends_on")), institution=institution)
        field = self.fields["workplace"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = places.order_by("name", "pk")

    def _day(self, name: str) -> date | None:
        """The day that stands in a field at the moment, if any can be read."""
        try:
            found: date | None = self.fields[name].to_python(self[name].value())
        except ValidationError:
            return None
        return found

    @property
    def asks_herself(self) -> bool:
        """Whether the employee writes, and confirms her residence."""
        return "residence_confirmed" in self.fields

    @property
    def output_rows(self) -> list[OutputRow]:
        """The rows to be shown: those typed, and empty ones up to the first two."""
        typed = list(self["outputs"].value() or ())
        more = 1 if self.data.get("do") == "add_row" else 0
        shown = min(MOST_OUTPUTS, max(ROWS_FIRST, len(typed) + more))
        typed += [("", "", "")] * (shown - len(typed))
        return [OutputRow(number, *row) for number, row in enumerate(typed, 1)]

    @property
    def may_add_row(self) -> bool:
        """Whether one more row is offered."""
        return len(self.output_rows) < MOST_OUTPUTS

    def plan(self) -> Plan:
        """What was typed, as far as it could be read; form, days and period must be."""
        typed = self.cleaned_data
        return Plan(
            mode=Mode(typed["mode"]),
            weekdays=tuple(day for day in DAYS_OF_WEEK if day in typed["weekdays"]),
            starts_on=typed["starts_on"],
            ends_on=typed["ends_on"],
            outputs=typed.get("outputs", ()),
            attestations=tuple(typed.get("attestations", ())),
            workplace=typed.get("workplace"),
            purpose=typed.get("purpose", ""),
            residence_confirmed=typed.get("residence_confirmed", False),
        )

    def request(self, asked_on: date) -> Request | None:
        """The plan as the engine reads it; None as long as form, days or period cannot be read."""
        read = self._read()
        if read is None or read.ends_on < read.starts_on or not read.weekdays:
            return None
        return Request(
            read.mode, place_of(read) or None, frozenset(read.weekdays), read.starts_on, read.ends_on, asked_on
        )

    def _read(self) -> Plan | None:
        """The plan as far as it can be read, whatever else is still wrong with it."""
        if self.is_bound:
            self.is_valid()
            return self.plan() if set(self.cleaned_data) >= NEEDED else None
        return self._stored() if set(self.initial) >= NEEDED else None

    def _stored(self) -> Plan:
        """The plan that the form was opened with."""
        typed = self.initial
        place = Workplace.objects.filter(pk=typed.get("workplace") or 0).first()
        days = tuple(typed["weekdays"])
        return Plan(Mode(typed["mode"]), days, typed["starts_on"], typed["ends_on"], (), (), place)

    def with_request(self, found: Request) -> QueryDict:
        """What was typed, with the days and the period of the request in place of its own."""
        typed = cast("QueryDict", self.data).copy()
        typed.setlist("weekdays", [day for day in DAYS_OF_WEEK if day in found.weekdays])
        typed["starts_on"], typed["ends_on"] = found.starts_on.isoformat(), found.ends_on.isoformat()
        return typed


def _open(first: date | None, last: date | None) -> Q:
    """Places that are allowed on every day of the period; a null day of closing is none. Unread ends do not narrow."""
    begun = Q(valid_from__lte=first) if first else Q()
    return begun & (Q(closed_on__isnull=True) | Q(closed_on__gt=last) if last else Q(closed_on__isnull=True))


def typed_plan(arrangement: Arrangement, *, own: bool) -> dict[str, Any]:
    """The plan of an arrangement as the form first shows it; what somebody else declared is declared anew.

    `own`: the employee herself writes.
    """
    as_declared = arrangement.asked_by_head != own
    lines = arrangement.outputs.order_by("number")
    return {
        "mode": arrangement.mode,
        "workplace": arrangement.workplace_id,
        "purpose": arrangement.purpose,
        "residence_confirmed": arrangement.residence_confirmed and as_declared,
        "weekdays": list(arrangement.days),
        "starts_on": arrangement.starts_on,
        "ends_on": arrangement.ends_on,
        "outputs": [(line.output, line.target, line.skp) for line in lines],
        "attestations": list(arrangement.attested) if as_declared else [],
    }


class GroupForm(PlanForm):
    """One plan for many employees of an agency."""

    agency = forms.ModelChoiceField(
        label=_("Agency"),
        queryset=Agency.objects.none(),
        to_field_name="code",
        empty_label=None,
        error_messages={"invalid_choice": _("This agency is not within your reach; choose one of the list.")},
    )
    employees = RowsField(
        label=_("Employees"),
        queryset=Employee.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one employee."),
            "invalid_choice": _("Somebody chosen is not in this agency any more; look at the list again."),
        },
    )

    def __init__(self, *args: Any, agencies: Sequence[Agency], **kwargs: Any) -> None:
        super().__init__(*args, own=False, **kwargs)
        field = self.fields["agency"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Agency.objects.filter(pk__in=[one.pk for one in agencies]).order_by("name", "pk")
        self.agencies = {one.code: one for one in agencies}

    def chosen_agency(self) -> Agency:
        """The agency whose employees are listed: the one typed, else the first."""
        return self.agencies.get(str(self["agency"].value() or "")) or next(iter(self.agencies.values()))

    def chosen_mode(self) -> Mode | None:
        """The form of flexible work chosen by now."""
        found = str(self["mode"].value() or "")
        return Mode(found) if found in {mode.value for mode in Mode} else None

    def as_typed(self, sent: QueryDict) -> dict[str, Any]:
        """Everything that was sent, as another form first shows it."""
        several = {"weekdays", "attestations", "employees"}
        found: dict[str, Any] = {
            name: sent.getlist(name) if name in several else sent.get(name) for name in self.fields
        }
        rows = OutputsWidget().value_from_datadict(sent, {}, "outputs")
        more = sent.get("do") == "add_row" and len(rows) < MOST_OUTPUTS
        return {**found, "outputs": [*rows, ("", "", "")] if more else rows}

    def offer(self, employees: QuerySet[Employee]) -> None:
        """Let these be chosen."""
        field = self.fields["employees"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = employees


class SendForm(ActForm):
    """Nothing is asked: the button itself is the act."""


class TakeBackForm(ActForm):
    """What is to be mended, if that is to be said."""

    text = forms.CharField(
        label=_("What is to be mended (optional)"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever was to decide reads it."),
    )


class WithdrawForm(ActForm):
    """Why a request is taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever was to decide reads it."),
    )

    def __init__(self, *args: Any, is_draft: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_draft:
            self.fields["reason"].required = False
            self.fields["reason"].label = _("Reason (optional)")
            self.fields["reason"].help_text = ""


class KeberatanForm(ActForm):
    """Why a refusal is not right."""

    statement = forms.CharField(
        label=_("Why the refusal is not right"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Answer the ground that was named. The next level reads it and answers once."),
    )
