"""The forms for an open point of the law and for an implementing instrument with its periods."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from agencies.documents_apart import listed
from agencies.facts import AGENCY_KINDS, Kind
from agencies.forms.frame import ActForm, DayField, RowsField
from agencies.forms.places import NOT_IN_LIST, SOURCE_HELP
from agencies.models import Agency, Document, Institution, Unit
from agencies.models.choices import translated
from agencies.querysets import open_on
from eligibility.actions.instruments import InstrumentValues, Reach
from eligibility.local_settings import LocalSetting, SettingValue
from eligibility.periods import Span

PERIODS: Final = (1, 2, 3)
"""How many periods the form takes; further ones are added as extensions."""

_OTHER_INSTITUTION: Final = {
    "agencies": _("This agency is not of this institution; choose one of the list."),
    "units": _("This unit is not of this institution; choose one of the list."),
    "document": _("This document is not of this institution; choose one of the list."),
}


def _document_field() -> forms.ModelChoiceField[Document]:
    return forms.ModelChoiceField(
        label=_("Document (optional)"),
        queryset=Document.objects.none(),
        required=False,
        empty_label=pgettext_lazy("document", "none"),
        help_text=_("Upload it first under Documents; then it can be chosen here."),
        error_messages={"invalid_choice": _OTHER_INSTITUTION["document"]},
    )


class SettingForm(ActForm):
    """The value of one open point from a day on; the field follows the kind of the value."""

    valid_from = DayField(label=_("Valid from"))
    source = forms.CharField(label=_("Source"), max_length=300, help_text=SOURCE_HELP)
    document = _document_field()

    def __init__(
        self, *args: Any, setting: LocalSetting, now: SettingValue, institution: Institution, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {"value": _shown(setting, now)})
        super().__init__(*args, **kwargs)
        self.setting = setting
        field = _value_field(setting)
        field.error_messages["required"] = _("This is needed.")
        self.fields = {"value": field, **self.fields}
        documents: Any = self.fields["document"]
        documents.queryset = listed(Document.objects.filter(institution=institution))

    @property
    def value(self) -> SettingValue:
        """What was chosen, as a value of the setting's kind."""
        typed = self.cleaned_data["value"]
        if self.setting.kind is Kind.NUMBER:
            return Decimal(typed)
        return frozenset(typed) if self.setting.kind is Kind.SET else typed


def _shown(setting: LocalSetting, now: SettingValue) -> object:
    """The value in force as the field shows it."""
    if isinstance(now, bool):
        return "yes" if now else "no"
    if isinstance(now, frozenset):
        return [code for code in setting.codes if code in now]
    return int(now) if isinstance(now, Decimal) else now


def _value_field(setting: LocalSetting) -> forms.Field:
    label = gettext("Value")
    if setting.kind is Kind.NUMBER:
        return _number_field(setting, label)
    if setting.kind is Kind.YES_NO:
        return forms.TypedChoiceField(
            label=label,
            choices=[("yes", _("Yes")), ("no", _("No"))],
            coerce=lambda code: code == "yes",
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": NOT_IN_LIST},
        )
    choices = translated(setting.choices)
    if setting.kind is Kind.SET:
        messages = {"invalid_choice": NOT_IN_LIST}
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(label=label, choices=choices, widget=widget, error_messages=messages)
    if setting.kind is Kind.CHOICE:
        return forms.ChoiceField(label=label, choices=choices, error_messages={"invalid_choice": NOT_IN_LIST})
    return forms.CharField(label=label, max_length=100)


def _number_field(setting: LocalSetting, label: str) -> forms.IntegerField:
    sentence = gettext("Write a whole number from %(least)s to %(most)s.")
    fault = sentence % {"least": setting.least, "most": setting.most}
    return forms.IntegerField(
        label=f"{label} ({gettext(setting.unit)})" if setting.unit else label,
        min_value=setting.least,
        max_value=setting.most,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), fault),
    )


class UnitsField(RowsField):
    """Units, each named with its agency."""

    def label_from_instance(self, obj: Any) -> str:
        """Agency and unit."""
        return f"{obj.agency.name}: {obj.name}"


class InstrumentForm(ActForm):
    """An implementing instrument as it stands in its text."""

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("As it is cited, for example Surat Edaran Wali Kota Malang Nomor 5 Tahun 2025."),
    )
    number = forms.CharField(label=_("Number"), max_length=100)
    issued_on = DayField(label=_("Issued on"))
    issuer = forms.CharField(label=_("Issuer"), max_length=200)
    subject = forms.CharField(label=_("Subject"), max_length=300, help_text=_("What it is about, as its heading says."))
    reach = forms.ChoiceField(
        label=_("Whom it reaches"),
        choices=[("whole", _("The whole institution")), ("part", _("Only what is chosen below"))],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NOT_IN_LIST},
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of agencies (optional)"),
        choices=translated(AGENCY_KINDS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("This kind of agency is not known; choose one of the list.")},
    )
    agencies = RowsField(
        label=_("Agencies (optional)"),
        queryset=Agency.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("invalid_choice", "invalid_pk_value"), _OTHER_INSTITUTION["agencies"]),
    )
    with_subtree = forms.BooleanField(label=_("With the agencies below the chosen ones"), required=False)
    units = UnitsField(
        label=_("Units (optional)"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("Hold Ctrl to choose several."),
        error_messages=dict.fromkeys(("invalid_choice", "invalid_pk_value"), _OTHER_INSTITUTION["units"]),
    )
    document = _document_field()

    field_order = (
        *("title", "number", "issued_on", "issuer", "subject"),
        *(f"{day}_{place}" for place in PERIODS for day in ("first_day", "last_day")),
    )

    def __init__(self, *args: Any, institution: Institution, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in PERIODS:
            self.fields |= _period_fields(place)
        self.order_fields(self.field_order)
        scope: Any = self.fields
        scope["agencies"].queryset = Agency.objects.filter(open_on(on), institution=institution)
        units = Unit.objects.filter(open_on(on), agency__institution=institution).select_related("agency")
        scope["units"].queryset = units.order_by("agency__name", "name")
        scope["document"].queryset = listed(Document.objects.filter(institution=institution))

    def clean(self) -> dict[str, Any]:
        """A period has a first day; a part of the institution is named, and only then."""
        typed = super().clean() or self.cleaned_data
        for place in PERIODS[1:]:
            if typed.get(f"last_day_{place}") and not typed.get(f"first_day_{place}") and not self._faulty(place):
                self.add_error(f"first_day_{place}", gettext("Say from which day it is in force."))
        chosen = any(typed.get(name) for name in ("kinds", "agencies", "units"))
        if typed.get("reach") == "whole" and (chosen or typed.get("with_subtree")):
            self.add_error("reach", gettext("A part is chosen below as well; choose one of the two or take that out."))
        if typed.get("reach") == "part" and not chosen and not {"kinds", "agencies", "units"} & set(self.errors):
            self.add_error("reach", gettext("Choose below which kinds, agencies or units it reaches."))
        return typed

    def _faulty(self, place: int) -> bool:
        return f"first_day_{place}" in self.errors

    def values(self) -> InstrumentValues:
        """What was typed, for the act."""
        typed = self.cleaned_data
        spans = (Span(typed[f"first_day_{n}"], typed[f"last_day_{n}"]) for n in PERIODS if typed[f"first_day_{n}"])
        reach = Reach(tuple(typed["kinds"]), tuple(typed["agencies"]), typed["with_subtree"], tuple(typed["units"]))
        texts = {name: typed[name] for name in ("title", "number", "issued_on", "issuer", "subject", "document")}
        return InstrumentValues(**texts, periods=tuple(spans), reach=reach)


def _period_fields(place: int) -> dict[str, forms.Field]:
    """First and last day of a period; only the first period is needed."""
    if place == 1:
        first: Any = _("In force from")
        last: Any = _("Last day in force (optional)")
    else:
        first = gettext("Period %(number)s: in force from (optional)") % {"number": place}
        last = gettext("Period %(number)s: last day (optional)") % {"number": place}
    until = _("Left empty: until further notice.") if place == 1 else ""
    return {
        f"first_day_{place}": DayField(
            label=first, required=place == 1, error_messages={"required": _("This is needed.")}
        ),
        f"last_day_{place}": DayField(label=last, required=False, help_text=until),
    }


class ExtensionForm(ActForm):
    """A further period of an instrument."""

    first_day = DayField(label=_("In force from"))
    last_day = DayField(
        label=_("Last day in force (optional)"), required=False, help_text=_("Left empty: until further notice.")
    )
    basis = forms.CharField(label=_("Basis of the extension"), max_length=300, help_text=SOURCE_HELP)


class EndingForm(ActForm):
    """From which day an instrument is no longer in force."""

    ends_from = DayField(label=_("No longer in force from"), help_text=_("Its last day is the day before."))
    basis = forms.CharField(label=_("Basis of the ending"), max_length=300, help_text=SOURCE_HELP)


class AnnulmentForm(ActForm):
    """Why an instrument was recorded in error."""

    reason = forms.CharField(label=_("What was wrong"), max_length=300)
