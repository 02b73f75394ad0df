"""A case beside a rule as a form: what is expected, and a row for each fact that is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.errors import ValuesRefused
from agencies.fact_values import allowed, as_text, from_text
from agencies.facts import FactValue
from agencies.forms.frame import DayField, WrittenForm
from agencies.models import Institution, Position
from eligibility.casework import WrittenCase
from eligibility.facts import FACTS
from eligibility.forms.law.criteria import fact_choices
from eligibility.forms.law.rows import BaseRows, RowForm, rows_of
from eligibility.grounds import case_of, grounds, judged_tasks
from eligibility.models.cases import MODES, OUTCOMES
from eligibility.rulebook import Case, Mode, Outcome, Place

_NO_POSITION: Final = _("There is no such position that you may read; write the code as it stands on its page.")


class CaseForm(WrittenForm):
    """What a case is and what is expected of it; `readable` are the institutions whose positions may be read."""

    title = forms.CharField(label=_("title"), max_length=120)
    institution = forms.ChoiceField(label=_("institution"), help_text=_("By whose rules the case is judged"))
    on = DayField(label=_("day"), help_text=_("The rules of this day judge it"))
    mode = forms.ChoiceField(label=_("form of flexible work"), choices=MODES)
    position = forms.CharField(
        label=_("Code of a position"),
        max_length=80,
        required=False,
        help_text=_("Where the case stands; its agency counts. Leave it empty for none."),
    )
    task = forms.IntegerField(label=_("Number of its task"), min_value=1, max_value=999, initial=1, required=False)
    outcome = forms.ChoiceField(label=_("expected outcome"), choices=OUTCOMES)
    deciding = forms.CharField(
        label=_("rules expected to decide"),
        required=False,
        help_text=_("Codes, one a line"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: QueryDict | None,
        reached: Sequence[Institution],
        readable: Sequence[Institution],
        today: date,
        known_at: datetime,
    ) -> None:
        super().__init__(data, initial={"on": today})
        self.known_at = known_at
        self.reached = {one.code: one for one in reached}
        self.readable = set(readable)
        self.stands: Case | None = None
        fields: Any = self.fields
        fields["institution"].choices = [(one.code, one.name) for one in reached]

    def clean(self) -> dict[str, Any]:
        """The position, where one is named, is one that may be read, and has the task."""
        typed = super().clean()
        if typed.get("position") and "institution" in typed and "on" in typed:
            self._stand(self.reached[typed["institution"]], typed)
        return typed

    def _stand(self, institution: Institution, typed: Mapping[str, Any]) -> None:
        found = Position.objects.filter(institution=institution, code=typed["position"]).first()
        if found is None or institution not in self.readable:
            self.add_error("position", str(_NO_POSITION))
            return
        ground = grounds(institution, typed["on"], self.known_at).of(found.agency_id, found.unit_id)
        tasks = judged_tasks(found, ground)
        number = typed.get("task") or 1
        if tasks and number > len(tasks):
            sentence = gettext("It has no task of this number; it has %(count)d.") % {"count": len(tasks)}
            self.add_error("task", sentence)
            return
        self.stands = tasks[number - 1].case if tasks else case_of(None, ground)


class FactForm(RowForm):
    """One fact of the case; without a value it is named as unknown."""

    fault_field = "fact"
    fact = forms.ChoiceField(
        label=_("Fact"),
        choices=fact_choices,
        error_messages={"invalid_choice": _("This fact is not known; choose one of the list.")},
    )
    value = forms.CharField(label=_("Value"), max_length=120, required=False, help_text=_("Empty: unknown"))

    def clean(self) -> dict[str, Any]:
        """The value is one of the fact's."""
        typed = super().clean()
        text, fact = typed.get("value"), FACTS.get(typed.get("fact", ""))
        if text and fact is not None:
            try:
                typed["value"] = from_text(fact, text)
            except ValueError:
                sentence = gettext("This is no value of this fact; write one of: %(allowed)s.")
                self.add_error("value", sentence % {"allowed": allowed(fact)})
        return typed


@dataclass
class WritingCase:
    """The form with its rows of facts."""

    form: CaseForm
    rows: BaseRows

    def is_valid(self) -> bool:
        """Whether every field and row holds something that it takes, and each fact stands once."""
        good = self.form.is_valid() & self.rows.is_valid()
        seen: set[str] = set()
        for row in self.rows.written if good else ():
            fact = row.cleaned_data["fact"]
            if fact in seen:
                row.add_error("fact", gettext("This fact stands in an earlier row too; keep one."))
                good = False
            seen.add(fact)
        return good

    def refuse(self, refusal: ValuesRefused) -> None:
        """Put each sentence of a refused act at its field."""
        self.form.refuse(refusal)

    @property
    def institution(self) -> Institution:
        """By whose rules it is judged."""
        return self.form.reached[self.form.cleaned_data["institution"]]

    def case(self) -> WrittenCase:
        """What was typed."""
        typed = self.form.cleaned_data
        facts = {row.cleaned_data["fact"]: _known(row.cleaned_data["value"]) for row in self.rows.written}
        place = self.form.stands.place if self.form.stands else Place()
        deciding = frozenset(typed["deciding"].split())
        return WrittenCase(
            typed["title"], typed["on"], Mode(typed["mode"]), facts, Outcome(typed["outcome"]), deciding, place
        )


def _known(value: FactValue | None) -> FactValue | None:
    return None if value == "" else value


def writing_case(
    reached: Sequence[Institution],
    readable: Sequence[Institution],
    data: QueryDict | None,
    today: date,
    known_at: datetime,
) -> WritingCase:
    """The form, empty or as it was sent; asked for the facts of a position, with those in its rows."""
    form = CaseForm(data, reached, readable, today, known_at)
    kind = rows_of(FactForm)
    found = WritingCase(form, kind(data, prefix="facts"))
    if data is not None and "_take" in data and form.is_valid() and form.stands is not None:
        known = [(name, as_text(value)) for name, value in form.stands.values.items() if value is not None]
        found.rows = kind(initial=[{"fact": name, "value": text} for name, text in known], prefix="facts")
    rows: Any = found.rows
    rows.heading = gettext("Facts of the case; those not named are unknown")
    return found
