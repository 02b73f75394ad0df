"""The forms of sheets: one answer, a document for it, settling, returning, opening and assigning, cancelling."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from agencies.actions.assessments import Settled
from agencies.actions.sheets import Assignment
from agencies.forms.alike import ALL, AlikeField, FormOfAlike
from agencies.forms.frame import ActForm, DayField
from agencies.forms.splitting import position_words
from agencies.forms.structure_tasks import UNKNOWN
from agencies.mapping.drafts import Written
from agencies.mapping.questions import Question
from agencies.models import Answer, Assessment, Sheet, Task, User

Side = Assessment.Side


class AnswerForm(ActForm):
    """The answer to one question; all answers of a sheet stand in one page, told apart by the column's name."""

    value = forms.CharField(required=False, max_length=300)
    note = forms.CharField(required=False, max_length=300)
    seen = forms.IntegerField(required=False, min_value=0)

    def __init__(self, data: QueryDict, *, question: Question) -> None:
        name = f"{question.column}-value"
        self.is_sent = name in data
        given = [value for value in data.getlist(name) if value.strip()]
        # A number and "not known yet" stand beside each other, and without script nothing keeps both from being sent.
        self.is_contrary = UNKNOWN in given and any(value != UNKNOWN for value in given)
        plain = data.copy()
        plain[name] = next((value for value in given if value != UNKNOWN), UNKNOWN if given else "")
        super().__init__(plain, prefix=question.column)
        self.question = question

    def clean_value(self) -> str:
        """One answer, never two."""
        value = str(self.cleaned_data["value"])
        if self.is_contrary:
            message = _("You wrote “%(value)s” and ticked “Not known yet”; both cannot be. Clear one of them.")
            raise ValidationError(message % {"value": value[:40]})
        return value

    @property
    def is_answered(self) -> bool:
        """Whether anything was chosen or typed."""
        return bool(self.data.get(self.add_prefix("value")))

    def typed(self, name: str) -> str:
        """What was sent for one of its fields; empty where nothing was."""
        return str(self.data.get(self.add_prefix(name), ""))

    def lacking(self, saved: Answer | None) -> str:
        """What is to be said of a form without an answer: nothing where it was left alone."""
        if self.typed("note").strip() and saved is None:
            return gettext("Choose an answer too, if only “Not known yet”; the note is saved with it.")
        if self.is_sent and saved is not None and saved.value is not None:
            words = self.question.in_words(saved.value)
            return gettext("“%(answer)s” is saved here. Write another answer, or choose “Not known yet”.") % {
                "answer": words
            }
        return ""

    def written(self) -> Written:
        """What was chosen; "not known yet" is an answer without a value."""
        value = str(self.cleaned_data["value"])
        return Written(None if value == UNKNOWN else value, str(self.cleaned_data["note"]))

    def seen_version(self) -> int:
        """The version that stood there when the page was opened; 0 for none."""
        return int(self.cleaned_data["seen"] or 0)

    def sentences(self) -> list[str]:
        """Why the answer was not saved."""
        return [str(sentence) for of_field in self.errors.values() for sentence in of_field]


class EvidenceForm(ActForm):
    """A document for an answer."""

    name = forms.CharField(label=_("Name of the document"), max_length=200)
    file = forms.FileField(label=_("File"), help_text=_("A PDF of at most 10 MB."))


class ReturnForm(ActForm):
    """Which part of a sheet goes back, and why."""

    side = forms.ChoiceField(label=_("Whose answers"), choices=Side.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("What is to be mended"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


def sheet_words(sheet: Any) -> str:
    """A sheet by what tells it from those alike: its position."""
    return position_words(sheet.task.position)


class SettleForm(FormOfAlike):
    """The answer to each question on which the reviewers differ, and why; further sheets that differ alike."""

    also = AlikeField(
        label=_("Settle these sheets in the same way"),
        at_first=ALL,
        words=sheet_words,
        subject="task__position__",
        help_text=_("Their tasks are alike and the same answers differ. Tick the exceptions."),
    )

    def __init__(
        self, data: QueryDict | None, *, differing: Sequence[Question], alike: QuerySet[Sheet], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.differing = differing
        self.offer("also", alike)
        for question in differing:
            self.fields[question.fact.name] = answer_field(question)
            self.fields[f"{question.fact.name}:reason"] = forms.CharField(
                label=_("Why"), max_length=300, error_messages={"required": _("Write why; both reviewers read it.")}
            )
        self.order_fields([*(name for name in self.fields if name != "also"), "also"])

    def settled(self) -> dict[str, Settled]:
        """The chosen answers with their reasons, by fact."""
        names = [question.fact.name for question in self.differing]
        return {name: Settled(self._value(name), self.cleaned_data[f"{name}:reason"]) for name in names}

    def _value(self, name: str) -> str | None:
        value = str(self.cleaned_data[name]).strip().replace(",", ".")
        return None if value in ("", UNKNOWN) else value

    def sheets(self) -> list[Any]:
        """The further sheets."""
        return self.chosen("also")


def answer_field(question: Question) -> forms.Field:
    """One question as a field of a form."""
    if not question.choices:
        return forms.CharField(
            label=question.text,
            required=False,
            max_length=10,
            help_text=_("A number, in %(unit)s. Leave it empty where it is not known yet.") % {"unit": question.unit},
        )
    known = (UNKNOWN, pgettext_lazy("answer", "Not known yet"))
    widget = forms.RadioSelect if len(question.choices) <= 4 else forms.Select
    return forms.ChoiceField(label=question.text, choices=[*question.choices, known], widget=widget)


class _ReviewerField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Accounts by the names of their people."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.get_full_name() or obj.get_username())


class AssignForm(ActForm):
    """Who answers for the agency and for BKPSDM, and by when; nothing chosen changes nothing."""

    agency = _ReviewerField(label=_("Reviewer of the agency"), queryset=User.objects.none(), required=False)
    bkpsdm = _ReviewerField(label=_("Reviewer of BKPSDM"), queryset=User.objects.none(), required=False)
    due_on = DayField(label=_("To be answered by"), required=False)

    def __init__(self, *args: Any, reviewers: Mapping[str, QuerySet[User]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for side, accounts in reviewers.items():
            field = self.fields[side]
            assert isinstance(field, _ReviewerField)
            field.queryset = accounts
            field.empty_label = str(_("Not named yet"))
            field.error_messages["invalid_choice"] = _("This account may not answer here; choose one of the list.")

    def assignment(self) -> Assignment:
        """What was chosen."""
        chosen = {side: self.cleaned_data[side] for side in Side.values if self.cleaned_data.get(side)}
        return Assignment(chosen, self.cleaned_data["due_on"])


_SCOPES: Final = (
    ("unknown", _("Those of which facts are not known yet")),
    ("never", _("Those that were never agreed on")),
    ("all", _("All")),
)


class OpenForm(AssignForm):
    """The tasks that get a sheet, with their reviewers."""

    scope = forms.ChoiceField(
        label=_("Which tasks"),
        choices=_SCOPES,
        widget=forms.RadioSelect,
        initial="never",
    )

    field_order = ("scope", "agency", "bkpsdm", "due_on")

    def __init__(self, *args: Any, tasks: Mapping[str, Collection[Task]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tasks = tasks
        field = self.fields["scope"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, f"{label} ({len(tasks[code])})") for code, label in _SCOPES]

    def clean_scope(self) -> str:
        """A choice that has any task."""
        scope = str(self.cleaned_data["scope"])
        if not self.tasks[scope]:
            raise ValidationError(_("No task of this agency is like that and without a sheet; choose another."))
        return scope

    def chosen(self) -> Collection[Task]:
        """The tasks of the chosen kind."""
        return self.tasks[self.cleaned_data["scope"]]


class CancelForm(ActForm):
    """Why sheets are cancelled."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class AlikeForm(FormOfAlike):
    """The further sheets of alike tasks that take the same answers; the exceptions are answered on their own."""

    sheets = AlikeField(label=_("Sheets of alike tasks"), at_first=ALL, words=sheet_words, subject="task__position__")
    send = forms.BooleanField(label=_("Submit this sheet and the chosen ones now"), required=False, initial=True)

    def __init__(self, data: QueryDict | None, *, alike: QuerySet[Sheet], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.offer("sheets", alike)
