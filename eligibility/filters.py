"""What a list of positions can be narrowed by; all of it stands in the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Position
from agencies.querysets import PositionQuerySet
from eligibility.explanations import MODE_LABELS, OUTCOME_LABELS
from eligibility.pages.paging import ORDERS
from eligibility.rulebook import Bounds, Mode, Outcome

ORDER_LABELS = {
    "jabatan": _("Position, A to Z"),
    "-jabatan": _("Position, Z to A"),
    "unit": _("Organisational unit, A to Z"),
}


DETERMINED_LABELS = [
    ("ditetapkan", _("Determined")),
    ("berubah", _("Determined, no longer fits")),
    ("belum", _("Not determined")),
]


class PositionFilter(django_filters.FilterSet):
    """Narrows positions by title or code and by their own agency; mode and outcome are asked of the engine."""

    cari = django_filters.CharFilter(label=_("Search by title or code"), method="by_words", max_length=100)
    cara = django_filters.ChoiceFilter(label=_("Form of flexible work"), method="leave", empty_label=_("All forms"))
    hasil = django_filters.ChoiceFilter(label=_("Outcome"), method="leave", empty_label=_("All outcomes"))
    sendiri = django_filters.BooleanFilter(
        label=_("Only positions of the agency itself"), method="own", widget=forms.CheckboxInput
    )
    penetapan = django_filters.ChoiceFilter(
        label=_("Determination"), method="leave", empty_label=_("Determined or not"), choices=DETERMINED_LABELS
    )
    urut = django_filters.ChoiceFilter(label=_("Sort by"), method="leave", empty_label=None)

    class Meta:
        model = Position
        fields: list[str] = []

    def __init__(self, *args: Any, agency_key: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency_key = agency_key
        self.form.fields["cara"].choices = [("", _("All forms")), *_labelled(MODE_LABELS)]
        self.form.fields["hasil"].choices = [("", _("All outcomes")), *_labelled(OUTCOME_LABELS)]
        self.form.fields["urut"].choices = list(ORDER_LABELS.items())

    def by_words(self, rows: PositionQuerySet, _name: str, value: str) -> PositionQuerySet:
        """Every word occurs in the title or is the code."""
        for word in value.split()[:8]:
            rows = rows.filter(Q(title__icontains=word) | Q(jenjang__icontains=word) | Q(code__iexact=value.strip()))
        return rows

    def own(self, rows: PositionQuerySet, _name: str, value: bool) -> PositionQuerySet:
        """Leave out the agencies below."""
        return rows.filter(agency=self.agency_key) if value else rows

    def leave(self, rows: PositionQuerySet, _name: str, _value: str) -> PositionQuerySet:
        """What the database cannot decide is applied to the page's keys."""
        return rows

    @property
    def mode(self) -> Mode | None:
        """The mode asked for."""
        chosen = self.form.cleaned_data.get("cara") if self.form.is_valid() else None
        return Mode(chosen) if chosen else None

    @property
    def outcome(self) -> Outcome | None:
        """The outcome asked for."""
        chosen = self.form.cleaned_data.get("hasil") if self.form.is_valid() else None
        return Outcome(chosen) if chosen else None

    @property
    def determined(self) -> str:
        """What is asked for about determinations; empty where nothing is."""
        return self.form.cleaned_data.get("penetapan", "") if self.form.is_valid() else ""

    @property
    def order(self) -> str:
        """How the rows are sorted; by title where nothing or nothing known is asked for."""
        chosen = self.form.data.get("urut", "")
        return chosen if chosen in ORDERS else next(iter(ORDERS))

    def keeps(self, bounds: dict[Mode, Bounds]) -> bool:
        """Whether a position with these bounds has the outcome asked for: in the mode, or in any."""
        modes = (self.mode,) if self.mode else tuple(Mode)
        return any(bounds[mode].outcome is self.outcome for mode in modes)


def _labelled(labels: dict[Any, str]) -> list[tuple[str, Any]]:
    return [(key.value, _(label)) for key, label in labels.items()]
