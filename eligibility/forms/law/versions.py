"""A version of a rule as the sentence it is: its form, its rows, and both as a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.facts import WEEKDAYS, Kind
from agencies.forms.frame import DayField, WrittenForm
from agencies.models import Institution
from eligibility.explanations import LIMIT_SENTENCES, MODE_LABELS
from eligibility.facts import FACTS
from eligibility.forms.law.criteria import setting_choices
from eligibility.forms.law.rows import RowForm
from eligibility.law_power import NATIONAL
from eligibility.models import LimitTerm, Provision, Rule
from eligibility.texts import LiftText
from eligibility.version_differences import APPROVER_LABELS, CONDITION_LABELS, EFFECT_LABELS, SUBJECT_LABELS

NOT_OFFERED: Final = {"invalid_choice": _("This is none of the choices; choose one of the list.")}
_BLANK: Final = ("", "---------")


def _labels(labels: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(str(code), gettext(label)) for code, label in labels.items()]


def _limits() -> list[tuple[str, str]]:
    """Every limit there is, as the sentence it becomes, without its value."""
    return [_BLANK, *((f"{q}:{d}", gettext(words) % {"value": "…"}) for (q, d), words in LIMIT_SENTENCES.items())]


class VersionForm(WrittenForm):
    """What stands in a version once; its criteria and lifts are rows."""

    code = forms.SlugField(
        label=_("Code of the rule"),
        max_length=80,
        help_text=_("Short and lasting, for example SE1-2024-HALF."),
        error_messages={"invalid": _("Use letters, digits and hyphens.")},
    )
    provision = forms.ChoiceField(label=_("Provision"), error_messages=NOT_OFFERED)
    title = forms.CharField(label=_("In one sentence"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    effective_from = DayField(label=_("Effective from"))
    known_from = DayField(label=_("Known from"), help_text=_("The day on which it was issued or promulgated."))
    subject = forms.ChoiceField(
        label=_("About"), choices=lambda: _labels(SUBJECT_LABELS), initial="task", error_messages=NOT_OFFERED
    )
    modes = forms.MultipleChoiceField(
        label=_("Forms of flexible work"),
        choices=lambda: _labels(MODE_LABELS),
        widget=forms.CheckboxSelectMultiple,
        error_messages=NOT_OFFERED,
    )
    effect = forms.ChoiceField(
        label=_("Then the rule"), choices=lambda: [_BLANK, *_labels(EFFECT_LABELS)], error_messages=NOT_OFFERED
    )
    required_count = forms.IntegerField(
        label=_("How many must hold"),
        required=False,
        min_value=1,
        max_value=60,
        help_text=_("Empty: all of the required criteria."),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Write a whole number from 1 to 60.")),
    )
    required_count_setting = forms.ChoiceField(
        label=_("Or as many as a setting says"), required=False, error_messages=NOT_OFFERED
    )
    condition_kind = forms.ChoiceField(
        label=_("Kind of condition"),
        required=False,
        choices=lambda: [_BLANK, *_labels(CONDITION_LABELS)],
        error_messages=NOT_OFFERED,
    )
    condition_approver = forms.ChoiceField(
        label=_("Whose approval"),
        required=False,
        choices=lambda: [_BLANK, *_labels(APPROVER_LABELS)],
        error_messages=NOT_OFFERED,
    )
    condition_text = forms.CharField(label=_("Condition in words"), required=False, max_length=400)
    limit = forms.ChoiceField(label=_("Limit"), required=False, choices=_limits, error_messages=NOT_OFFERED)
    limit_value = forms.DecimalField(
        label=_("Number of the limit"),
        required=False,
        min_value=0,
        max_digits=7,
        decimal_places=2,
        localize=True,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            _("Write a number that is not negative, such as 50 or 7,5."),
        ),
    )
    limit_weekdays = forms.MultipleChoiceField(
        label=_("Allowed weekdays"),
        required=False,
        choices=lambda: [(one.code, gettext(one.label)) for one in WEEKDAYS],
        widget=forms.CheckboxSelectMultiple,
        error_messages=NOT_OFFERED,
    )
    limit_places = forms.MultipleChoiceField(
        label=_("Allowed places"),
        required=False,
        choices=lambda: [(one.code, gettext(one.label)) for one in FACTS["arrangement.place"].choices],
        widget=forms.CheckboxSelectMultiple,
        error_messages=NOT_OFFERED,
    )
    limit_together = forms.MultipleChoiceField(
        label=_("Forms counted together"),
        required=False,
        choices=lambda: _labels(MODE_LABELS),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: the forms chosen above."),
        error_messages=NOT_OFFERED,
    )
    limit_population = forms.ChoiceField(label=_("Staff counted"), required=False, error_messages=NOT_OFFERED)
    limit_per = forms.ChoiceField(label=_("Counted per"), required=False, error_messages=NOT_OFFERED)
    limit_counting = forms.ChoiceField(label=_("Way of counting"), required=False, error_messages=NOT_OFFERED)

    def __init__(self, *args: Any, owner: Institution, fixed_code: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["provision"].choices = _provisions(owner)
        fields["required_count_setting"].choices = setting_choices(Kind.NUMBER)
        for name in ("population", "per", "counting"):
            fields[f"limit_{name}"].choices = _column(name)
        if fixed_code:
            fields["code"].disabled = True


def _column(name: str) -> list[tuple[str, str]]:
    column: Any = LimitTerm._meta.get_field(name)
    return [(str(code), str(label)) for code, label in column.flatchoices]


def _provisions(owner: Institution) -> list[Any]:
    """The places that a rule of the institution may rest on, under their instruments."""
    rows = Provision.objects.filter(instrument__owner=owner).select_related("instrument")
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows.order_by("instrument__layer", "instrument__title", "pk"):
        found.setdefault(row.instrument.title, []).append((str(row.pk), row.reference or gettext("the whole")))
    return [_BLANK, *found.items()]


class LiftForm(RowForm):
    """A rule that is set aside, and the place that allows a lower norm to do so."""

    fault_field = "rule"
    rule = forms.ChoiceField(label=_("Rule set aside"), error_messages=NOT_OFFERED)
    enabling = forms.ChoiceField(
        label=_("Enabling provision"),
        required=False,
        help_text=_("Needed where the rule stands in a higher norm."),
        error_messages=NOT_OFFERED,
    )

    def __init__(self, *args: Any, offered: Offered, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["rule"].choices = offered.rules
        fields["enabling"].choices = offered.enabling

    def text(self) -> LiftText:
        """The row as a text."""
        instrument, _sign, reference = self.cleaned_data["enabling"].partition("|")
        return LiftText(self.cleaned_data["rule"], instrument, reference)


@dataclass(frozen=True)
class Offered:
    """What lifts may name: the rules, and the places that allow it, national ones and the institution's own."""

    rules: list[tuple[str, str]]
    enabling: list[Any]


def offered_to(owner: Institution) -> Offered:
    """What the institution may choose from, read once for all rows."""
    owners = [*Institution.objects.filter(kind=NATIONAL).values_list("pk", flat=True), owner.pk]
    rules = Rule.objects.filter(owner__in=owners).prefetch_related("versions").order_by("code")
    last = {rule.code: max(rule.versions.all(), key=lambda v: v.number, default=None) for rule in rules}
    places = Provision.objects.filter(instrument__owner__in=owners).select_related("instrument")
    found: dict[str, list[tuple[str, str]]] = {}
    for row in places.exclude(reference="").order_by("instrument__layer", "instrument__title", "pk"):
        key = f"{row.instrument.code}|{row.reference}"
        found.setdefault(row.instrument.title, []).append((key, str(row)))
    named = [(code, f"{code}: {version.title}" if version else code) for code, version in last.items()]
    return Offered([_BLANK, *named], [_BLANK, *found.items()])
