"""The forms of an objection: what is wrong in one's own file, and the answer to it."""

from __future__ import annotations

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.forms.people import PersonForm
from agencies.models import Objection


class Part(TextChoices):
    """The parts of a file that an employee can say are wrong; some only BKPSDM keeps (`access.KEPT_BY_BKPSDM`)."""

    NAME = "name", _("Name")
    NUMBER = "nip", _("NIP or NI PPPK")
    RESIDENCE = "residence", _("Residence")
    EMPLOYMENT = "employment", _("Kind of employee, golongan or kedudukan hukum")
    POSTING = "posting", _("Posting")
    ABSENCE = "absence", _("Leave or official travel")
    TASKS = "tasks", _("Additional tasks or tasks of holders")
    PREDICATE = "predicate", _("Performance predicate")
    DISCIPLINE = "discipline", _("Discipline")
    CIRCUMSTANCE = "circumstance", _("Keadaan khusus")


def part_name(code: str) -> str:
    """What a part is called."""
    return str(Part(code).label) if code in Part.values else code


class ObjectionForm(PersonForm):
    """Which part is wrong and what it should be."""

    about = forms.ChoiceField(label=_("Which part is wrong?"), choices=[("", _("Choose one")), *Part.choices])
    statement = forms.CharField(
        label=_("What should it be, and how do you know?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Name the document that shows it. Write no more about yourself than is needed."),
    )


class AnswerForm(PersonForm):
    """Right and corrected, or not and why."""

    state = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            (Objection.State.ACCEPTED, _("The employee is right; the file is corrected")),
            (Objection.State.REFUSED, _("The file stays as it is")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Words to the employee"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed where the file stays as it is: say why."),
    )
