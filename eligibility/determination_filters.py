"""What lists of determined positions and of determinations can be narrowed by; all of it stands in the address."""

from __future__ import annotations

from typing import Any, Final

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from eligibility.explanations import MODE_LABELS, OUTCOME_LABELS
from eligibility.models import DeterminedPosition
from eligibility.rulebook import Mode, Outcome, Verdict

_BOUNDS: Final = {
    Outcome.ELIGIBLE: Q(worst=Verdict.ELIGIBLE, best=Verdict.ELIGIBLE),
    Outcome.CONDITIONAL: Q(worst=Verdict.CONDITIONAL, best=Verdict.CONDITIONAL),
    Outcome.NOT_ELIGIBLE: Q(worst=Verdict.NOT_ELIGIBLE, best=Verdict.NOT_ELIGIBLE),
    Outcome.NEEDS_INFORMATION: ~Q(worst=F("best")),
}
"""The bounds that each outcome is."""


class DeterminedFilter(django_filters.FilterSet):
    """Narrows stored rows by title or code, outcome in a form, and whether they would be decided otherwise today.

    Rows are those of one form, one for each position; the other forms are looked through beside them.
    """

    cari = django_filters.CharFilter(label=_("Search by title or code"), method="by_words", max_length=100)
    cara = django_filters.ChoiceFilter(label=_("Form of flexible work"), method="leave", empty_label=_("All forms"))
    hasil = django_filters.ChoiceFilter(label=_("Outcome"), method="by_outcome", empty_label=_("All outcomes"))
    berubah = django_filters.BooleanFilter(
        label=_("Only those that no longer fit"), method="only_stale", widget=forms.CheckboxInput
    )

    class Meta:
        model = DeterminedPosition
        fields: list[str] = []

    def __init__(
        self, *args: Any, every_form: QuerySet[DeterminedPosition], stale: frozenset[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.every_form, self.stale = every_form, stale
        self.form.fields["cara"].choices = [("", _("All forms")), *_labelled(MODE_LABELS)]
        self.form.fields["hasil"].choices = [("", _("All outcomes")), *_labelled(OUTCOME_LABELS)]

    def by_words(self, rows: Any, _name: str, value: str) -> Any:
        """Every word occurs in the title, or all of it is the code."""
        for word in value.split()[:8]:
            rows = rows.filter(Q(title__icontains=word) | Q(jenjang__icontains=word) | Q(code__iexact=value.strip()))
        return rows

    def by_outcome(self, rows: Any, _name: str, value: str) -> Any:
        """The outcome in the form asked for, or in any."""
        looked = self.every_form.filter(_BOUNDS[Outcome(value)])
        mode = self.form.cleaned_data.get("cara")
        if mode:
            looked = looked.filter(mode=Mode(mode).value)
        return rows.filter(position__in=looked.values("position"))

    def only_stale(self, rows: Any, _name: str, value: bool) -> Any:
        """Those whose results would differ today."""
        return rows.filter(position__in=self.stale) if value else rows

    def leave(self, rows: Any, _name: str, _value: str) -> Any:
        """The form alone narrows nothing: every position has a row in every form."""
        return rows


def _labelled(labels: dict[Any, str]) -> list[tuple[str, Any]]:
    return [(key.value, _(label)) for key, label in labels.items()]
