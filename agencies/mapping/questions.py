"""What is asked of a task: the facts of tasks in their groups, with the institution's words for its own criteria."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agencies.fact_values import from_text
from agencies.facts import FACTS, Fact, FactValue, Kind
from agencies.local_criteria import local_criteria_of
from agencies.models import Institution
from agencies.task_pages import GROUPS, text_in_words

LEGAL_WORDING: Final = {
    "task.outside_office": "Pasal 23 ayat (1) PermenPANRB 4/2025",
    "task.special_workspace": "Pasal 23 ayat (2) PermenPANRB 4/2025",
    "task.with_tik": "Pasal 23 ayat (3) PermenPANRB 4/2025",
    "task.face_to_face": "Pasal 23 ayat (4) PermenPANRB 4/2025",
    "task.continuous_supervision": "Pasal 23 ayat (5) PermenPANRB 4/2025",
    "task.local_1": "Pasal 23 ayat (6) PermenPANRB 4/2025",
    "task.local_2": "Pasal 23 ayat (6) PermenPANRB 4/2025",
    "task.local_3": "Pasal 23 ayat (6) PermenPANRB 4/2025",
    "task.local_4": "Pasal 23 ayat (6) PermenPANRB 4/2025",
    "task.work_place": "Pasal 13 ayat (1) PermenPANRB 4/2025",
    "task.hours_per_day": "Pasal 24 PermenPANRB 4/2025",
    "task.days_per_week": "Pasal 24 PermenPANRB 4/2025",
    "task.hours_per_week": "Pasal 24 PermenPANRB 4/2025",
    "task.agency_hours": "Pasal 24 PermenPANRB 4/2025",
}
"""The provision for whose sake a question is asked; the numbers of Pasal 23 and 24 are inferred from summaries."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the sheet: the fact it asks for, in words, and under which heading it stands.

    `choices` are the answers to choose from, but for "not known yet"; none where a number is asked for. `unit` is
    what a number counts; empty for other questions.
    """

    fact: Fact
    group: str
    label: str
    text: str
    provision: str
    choices: tuple[tuple[str, str], ...]
    unit: str

    @property
    def column(self) -> str:
        """The name under which it is answered."""
        return self.fact.column

    @property
    def is_short(self) -> bool:
        """Whether all answers can be shown at once."""
        return 0 < len(self.choices) <= 4

    def said(self, typed: str) -> str:
        """What was typed or chosen as people read it, also where it is no answer; empty where nothing was."""
        known = dict(self.choices) | {"": ""}
        return self.in_words(None) if typed == "unknown" else known.get(typed, typed)

    def in_words(self, value: str | None) -> str:
        """An answer as people read it."""
        return text_in_words(self.fact, value)


def questions_of(institution: Institution) -> tuple[Question, ...]:
    """Every question of a sheet, in the order of its headings; an own criterion nobody has named is not asked."""
    own = tuple((f"local_{one.number}", one.label, one.question) for one in local_criteria_of(institution.pk))
    return _questions(own, get_language())


@lru_cache(maxsize=100)
def _questions(own: tuple[tuple[str, str, str], ...], _language: str | None) -> tuple[Question, ...]:
    """Worded once for each language and for what institutions call their own criteria."""
    named = {column: (label, text) for column, label, text in own}
    asked = [
        (title, column)
        for title, columns in GROUPS.items()
        for column in columns
        if column in named or not column.startswith("local_")
    ]
    return tuple(_question(title, FACTS[f"task.{column}"], named.get(column)) for title, column in asked)


def _question(title: str, fact: Fact, named: tuple[str, str] | None) -> Question:
    label, text = named or (_(fact.label), _(fact.question))
    unit = _(fact.unit) if fact.unit else ""
    return Question(fact, _(title), label, text, LEGAL_WORDING.get(fact.name, ""), _choices(fact), unit)


def _choices(fact: Fact) -> tuple[tuple[str, str], ...]:
    if fact.kind is Kind.YES_NO:
        return (("yes", _("Yes")), ("no", _("No")))
    return tuple((choice.code, _(choice.label)) for choice in fact.choices)


def value_of(fact: str, text: str | None) -> FactValue | None:
    """The value of a stored answer; None is not known."""
    return None if text is None else from_text(FACTS[fact], text)
