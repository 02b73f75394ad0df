"""One test of one fact as a row of a form: the comparison and the values follow the kind of the fact."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from agencies.facts import Fact, Kind
from agencies.models import Agency, Institution, Unit
from eligibility.facts import FACTS
from eligibility.forms.law.rows import RowForm
from eligibility.local_settings import SETTINGS
from eligibility.texts import CriterionText, Operand
from eligibility.version_checks import OPERATORS, is_measure
from eligibility.version_differences import OPERATOR_LABELS, SUBJECT_LABELS

NOTHING: Final = ("", "---------")
NOT_A_VALUE: Final = _("This is no value of this fact; press “Update the fields” and choose one.")


def fact_choices() -> tuple[Any, ...]:
    """Every fact that can be compared, under the level it belongs to, in the language of the page."""
    return _fact_choices(get_language())


@cache
def _fact_choices(_language: str | None) -> tuple[Any, ...]:
    levels: dict[str, list[tuple[str, str]]] = {}
    for fact in FACTS.values():
        if fact.kind is not Kind.SET:
            levels.setdefault(fact.level.value, []).append((fact.name, gettext(fact.label)))
    return NOTHING, *((gettext(SUBJECT_LABELS[level]), tuple(facts)) for level, facts in levels.items())


def operator_choices(fact: Fact | None) -> list[tuple[str, str]]:
    """The comparisons that fit a fact; all of them as long as none is chosen."""
    fitting = set(OPERATOR_LABELS) if fact is None else OPERATORS[fact.kind]
    return [NOTHING, *((o.value, gettext(label)) for o, label in OPERATOR_LABELS.items() if o in fitting)]


def setting_choices(kind: Kind | None) -> list[tuple[str, str]]:
    """The settings that a fact of that kind can be compared with; all of them as long as none is chosen."""
    found = [one for one in SETTINGS.values() if one.judges and one.default is not None]
    fitting = [one for one in found if kind is None or one.kind is kind]
    return [("", gettext("none")), *((one.name, gettext(one.label)) for one in fitting)]


class CriterionForm(RowForm):
    """A row of IF, of what is required, or of an exception."""

    fault_field = "fact"
    fact = forms.ChoiceField(
        label=_("Fact"),
        choices=fact_choices,
        error_messages={"invalid_choice": _("This fact is not known; choose one of the list.")},
    )
    operator = forms.ChoiceField(
        label=_("Comparison"),
        error_messages={"invalid_choice": _("This comparison does not fit the fact; choose one of the list.")},
    )
    setting = forms.ChoiceField(
        label=_("Or a setting"),
        required=False,
        error_messages={"invalid_choice": _("This setting does not fit the fact; choose one of the list.")},
    )

    field_order = ("group", "fact", "operator", "values", "setting")

    def __init__(self, *args: Any, owner: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen = FACTS.get(self._typed("fact"))
        fields: Any = self.fields
        fields["operator"].choices = operator_choices(self.chosen)
        fields["setting"].choices = setting_choices(self.chosen.kind if self.chosen else None)
        self.fields["values"] = values_field(self.chosen, owner, self.initial.get("values", ()))
        self.fields["values"].label = gettext("Values")
        self.order_fields(self.field_order)

    def _typed(self, name: str) -> str:
        """What stands in a field now: as it was sent, else as it was."""
        if self.is_bound:
            return str(self.data.get(self.add_prefix(name)) or "")
        return str(self.initial.get(name) or "")

    def clean(self) -> dict[str, Any]:
        """Values or a setting, not both and not neither."""
        typed = super().clean()
        given, setting = typed.get("values"), typed.get("setting")
        if "values" not in self.errors and "setting" not in self.errors:
            if given and setting:
                self.add_error("setting", gettext("Values are given as well; keep one of the two."))
            elif not given and not setting:
                self.add_error("values", gettext("Say which values, or choose a setting."))
        return typed

    def text(self) -> CriterionText:
        """The row as a text."""
        typed = self.cleaned_data
        return CriterionText(typed["fact"], typed["operator"], tuple(typed["values"] or ()), typed["setting"])


class ExceptionForm(CriterionForm):
    """A row of an exception; rows of one number hold together."""

    prefilled = ("group",)
    group = forms.IntegerField(
        label=_("Exception"),
        min_value=1,
        max_value=60,
        initial=1,
        widget=forms.NumberInput(attrs={"class": "law-number"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Write a whole number from 1 to 60.")),
    )


def initial_of(text: CriterionText, group: int | None = None) -> dict[str, Any]:
    """A stored criterion as the row shows it."""
    values = ["yes" if one is True else "no" if one is False else str(one) for one in text.operands]
    shown: dict[str, Any] = {"fact": text.fact, "operator": text.operator, "values": values, "setting": text.setting}
    return shown if group is None else {"group": group, **shown}


def values_field(fact: Fact | None, owner: Institution, now: Iterable[str]) -> forms.Field:
    """The field for the values of a fact."""
    if fact is None:
        return ListField(required=False, help_text="")
    if fact.kind is Kind.YES_NO:
        return YesNoField(required=False)
    if fact.kind is Kind.NUMBER:
        return NumberField(required=False, unit=gettext(fact.unit) if fact.unit else "")
    if fact.kind is Kind.CHOICE:
        return _several([(choice.code, gettext(choice.label)) for choice in fact.choices])
    known = _codes(fact.name, owner)
    if not known:
        return ListField(required=False)
    names = dict(known)
    return _several(known + [(code, code) for code in now if code not in names])


def _codes(fact: str, owner: Institution) -> list[tuple[str, str]]:
    """The codes that an institution has for an open code: its agencies, or its units."""
    if fact == "agency.code":
        rows = Agency.objects.filter(institution=owner).order_by("name").values_list("code", "name")
        return [(code, f"{name} ({code})") for code, name in rows]
    units = Unit.objects.filter(agency__institution=owner).order_by("name").values_list("code", "name", "agency__code")
    found: dict[str, str] = {}
    for code, name, agency in units:
        found.setdefault(code, f"{name} ({code}, {agency})")
    return list(found.items())


def _several(choices: list[tuple[str, str]]) -> forms.MultipleChoiceField:
    size: dict[str, Any] = {"size": min(max(len(choices), 2), 7)}
    messages = {"invalid_choice": NOT_A_VALUE}
    return forms.MultipleChoiceField(
        choices=choices, required=False, widget=forms.SelectMultiple(attrs=size), error_messages=messages
    )


class YesNoField(forms.ChoiceField):
    """Yes or no, as operands."""

    def __init__(self, **kwargs: Any) -> None:
        answers = [NOTHING, ("yes", gettext("yes")), ("no", gettext("no"))]
        super().__init__(choices=answers, error_messages={"invalid_choice": NOT_A_VALUE}, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The one value of the list that a stored criterion has."""
        return value[0] if isinstance(value, list) and value else value

    def clean(self, value: Any) -> list[Operand]:
        """One operand or none."""
        typed = super().clean(value)
        return [typed == "yes"] if typed else []

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared with the one value."""
        return super().has_changed(self.prepare_value(initial), data)


class NumberField(forms.CharField):
    """A number with its unit, as an operand: whole, or as decimal text."""

    def __init__(self, *, unit: str, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "law-number"})
        super().__init__(max_length=12, widget=widget, help_text=unit, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The one value of the list that a stored criterion has."""
        return value[0] if isinstance(value, list) and value else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared with the one value."""
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> list[Operand]:
        """One operand or none. Raises ValidationError for what is no number."""
        typed = super().clean(value).replace(",", ".")
        if not typed:
            return []
        try:
            number = Decimal(typed) if typed.isascii() else None
        except InvalidOperation:
            number = None
        if number is None or not is_measure(number):
            raise ValidationError(gettext("Write a number such as 8 or 8,5."))
        return [int(number) if number == number.to_integral_value() else format(number.normalize(), "f")]


class ListField(forms.CharField):
    """Codes separated by commas, where no list of them is known."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Codes, separated by commas."))
        super().__init__(max_length=2000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The codes as one text."""
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared with the codes as one text."""
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> list[Operand]:
        """The codes."""
        return [code.strip() for code in super().clean(value).split(",") if code.strip()]
