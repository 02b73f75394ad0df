"""An instrument as it stands in its text, with its periods, scope and places as rows; and further acts on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.errors import ValuesRefused
from agencies.facts import AGENCY_KINDS, INSTITUTION_KINDS
from agencies.forms.frame import DayField, WrittenForm
from agencies.models import Agency, Institution, Unit
from eligibility.forms.law.rows import BaseRows, RowForm, rows_of
from eligibility.forms.law.versions import NOT_OFFERED
from eligibility.law_power import NATIONAL, layers_of
from eligibility.models.instruments import Mark
from eligibility.texts import InstrumentText, PeriodText, ProvisionText, ScopeText

_BLANK: Final = ("", "---------")
LINK: Final = {"invalid": _("This is no link; write it like https://jdih.example.go.id/se-1.")}


def link_field(label: Any, **kwargs: Any) -> forms.URLField:
    """A link to a text that everybody can open."""
    return forms.URLField(
        label=label, required=False, max_length=200, assume_scheme="https", error_messages=LINK, **kwargs
    )


class InstrumentForm(WrittenForm):
    """What stands in an instrument once."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=80,
        help_text=_("Short and lasting, for example SE-MENPANRB-1-2024."),
        error_messages={"invalid": _("Use letters, digits and hyphens.")},
    )
    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("As it is cited, for example SE MenPANRB 1/2024.")
    )
    number = forms.CharField(label=_("Number"), max_length=100, required=False)
    issued_on = DayField(label=_("Issued on"), required=False)
    issuer = forms.CharField(label=_("Issuer"), max_length=200)
    subject = forms.CharField(label=_("Subject"), max_length=300)
    layer = forms.TypedChoiceField(label=_("Layer"), coerce=int, error_messages=NOT_OFFERED)
    implementing = forms.BooleanField(
        label=_("Implementing"),
        required=False,
        help_text=_("Opens the gate of approval for its scope while in force."),
    )
    known_from = DayField(label=_("Known from"), help_text=_("The day on which it was issued or promulgated."))
    url = link_field(_("Link"))
    open_note = forms.CharField(
        label=_("What is not known of it"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, owner: Institution, fixed_code: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        layers: list[Any] = [(str(layer.value), layer.label) for layer in layers_of(owner)]
        fields["layer"].choices = layers if len(layers) == 1 else [_BLANK, *layers]
        fields["code"].disabled = fixed_code


class PeriodForm(RowForm):
    """Days on which it is in force."""

    fault_field = "starts_on"
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), required=False, help_text=_("Left empty: until further notice."))
    basis = forms.CharField(label=_("Basis"), max_length=300, required=False, help_text=_("Left empty: the title."))
    open_note = forms.CharField(label=_("What is not known of it"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """A period ends on or after the day it starts."""
        typed = super().clean()
        first, last = typed.get("starts_on"), typed.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext("A period ends on or after the day it starts."))
        return typed


class ScopeForm(RowForm):
    """One line of whom it reaches; what is left empty does not narrow."""

    fault_field = "agency_code"
    institution_kind = forms.ChoiceField(
        label=_("Kind of institution"),
        required=False,
        choices=lambda: _kinds(INSTITUTION_KINDS),
        error_messages=NOT_OFFERED,
    )
    institution_code = forms.ChoiceField(label=_("Institution"), required=False, error_messages=NOT_OFFERED)
    agency_kind = forms.ChoiceField(
        label=_("Kind of agency"), required=False, choices=lambda: _kinds(AGENCY_KINDS), error_messages=NOT_OFFERED
    )
    agency_code = forms.CharField(label=_("Agency"), required=False, max_length=40)
    with_subtree = forms.BooleanField(label=_("With those below it"), required=False)
    unit_code = forms.CharField(label=_("Unit"), required=False, max_length=60)

    def __init__(self, *args: Any, offered: OfferedScope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if offered.own is None:
            fields["institution_code"].choices = offered.institutions
            return
        self.own = offered.own
        del fields["institution_kind"], fields["institution_code"]
        fields["agency_code"] = _choice(fields["agency_code"], offered.agencies)
        fields["unit_code"] = _choice(fields["unit_code"], offered.units)

    own = ""

    def clean(self) -> dict[str, Any]:
        """An agency or a kind of them; a unit with its agency, which a chosen unit brings along."""
        typed = super().clean()
        if self.own and typed.get("unit_code"):
            agency, _sign, unit = typed["unit_code"].partition("|")
            if typed.get("agency_code") not in ("", agency):
                self.add_error("unit_code", gettext("This unit is of another agency; choose one of the two."))
            typed |= {"agency_code": agency, "unit_code": unit}
        if typed.get("agency_kind") and typed.get("agency_code"):
            self.add_error(
                "agency_code", gettext("A line names a kind of agency or an agency; use two lines for both.")
            )
        return typed

    def text(self) -> ScopeText:
        """The row as a text."""
        typed = self.cleaned_data
        return ScopeText(
            institution_kind=typed.get("institution_kind", ""),
            institution_code=typed.get("institution_code") or self.own,
            agency_kind=typed["agency_kind"],
            agency_code=typed["agency_code"],
            with_subtree=typed["with_subtree"],
            unit_code=typed["unit_code"],
        )


def _kinds(choices: Any) -> list[Any]:
    return [_BLANK, *((one.code, gettext(one.label)) for one in choices)]


def _choice(field: forms.Field, choices: list[Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=field.label, required=False, choices=choices, error_messages=NOT_OFFERED)


@dataclass(frozen=True)
class OfferedScope:
    """What lines may name: every institution, or (`own`) the agencies and units of one."""

    own: str | None
    institutions: list[Any]
    agencies: list[Any]
    units: list[Any]


def offered_scope(owner: Institution) -> OfferedScope:
    """What the institution may choose from, read once for all rows."""
    if owner.kind == NATIONAL:
        rows = Institution.objects.exclude(kind=NATIONAL).order_by("name").values_list("code", "name")
        return OfferedScope(None, [_BLANK, *rows], [], [])
    agencies = Agency.objects.filter(institution=owner).order_by("name").values_list("code", "name")
    units = Unit.objects.filter(agency__institution=owner).select_related("agency").order_by("agency__name", "name")
    named = [(f"{unit.agency.code}|{unit.code}", f"{unit.agency.name}: {unit.name}") for unit in units]
    return OfferedScope(owner.code, [], [_BLANK, *agencies], [_BLANK, *named])


class ProvisionForm(RowForm):
    """A citable place."""

    fault_field = "reference"
    prefilled = ("mark",)
    reference = forms.CharField(
        label=_("Place"), max_length=100, required=False, help_text=_("For example Pasal 13 ayat (1).")
    )
    summary = forms.CharField(
        label=_("What it says"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In your own words, never a quote."),
    )
    mark = forms.ChoiceField(
        label=_("How well sourced"),
        choices=[(one.value, one.label) for one in Mark],
        initial="1",
        error_messages=NOT_OFFERED,
    )
    quote = forms.CharField(
        label=_("Quote"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Word for word, only with the link to its source."),
    )
    url = link_field(_("Link"))
    open_note = forms.CharField(label=_("What is not known of it"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """A quote stands with its source."""
        typed = super().clean()
        if typed.get("quote") and not typed.get("url") and "url" not in self.errors:
            self.add_error("url", gettext("A quote stands with the link to its source; give the link too."))
        return typed

    def text(self) -> ProvisionText:
        """The row as a text."""
        names = ("reference", "summary", "mark", "open_note", "quote", "url")
        return ProvisionText(**{name: self.cleaned_data[name] for name in names})


PeriodRows: Final = rows_of(PeriodForm)
ScopeRows: Final = rows_of(ScopeForm)
ProvisionRows: Final = rows_of(ProvisionForm)


@dataclass
class Circular:
    """The form of an instrument with its rows."""

    owner: Institution
    form: InstrumentForm
    rows: dict[str, BaseRows]

    def is_valid(self) -> bool:
        """Whether every field holds something that it takes; all are looked at."""
        return all([self.form.is_valid(), *(rows.is_valid() for rows in self.rows.values())])

    def text(self) -> InstrumentText:
        """What was written, as a text; only of a valid form. A city's own without a line reaches all of it."""
        typed = self.form.cleaned_data
        known_from = clock.start_of(typed["known_from"], self.owner)
        scopes = tuple(row.text() for row in self.rows["scopes"].written)
        if not scopes and self.owner.kind != NATIONAL:
            scopes = (ScopeText(institution_code=self.owner.code),)
        names = (
            "code",
            "title",
            "number",
            "issued_on",
            "issuer",
            "subject",
            "layer",
            "implementing",
            "url",
            "open_note",
        )
        return InstrumentText(
            source=typed["title"],
            owner=self.owner.code,
            known_from=known_from,
            periods=tuple(self._period(row.cleaned_data, known_from) for row in self.rows["periods"].written),
            scopes=scopes,
            provisions=tuple(row.text() for row in self.rows["provisions"].written),
            **{name: typed[name] for name in names},
        )

    def _period(self, typed: dict[str, Any], known_from: datetime) -> PeriodText:
        basis = typed["basis"] or self.form.cleaned_data["title"]
        return PeriodText("in_force", typed["starts_on"], typed["ends_on"], basis, typed["open_note"], known_from)

    def refuse(self, refusal: ValuesRefused) -> None:
        """Put each sentence of a refused act at the field or row it speaks of."""
        for part, sentences in refusal.faults.items():
            name, _dot, number = part.partition(".")
            for sentence in sentences:
                if name in self.rows:
                    self.rows[name].refuse(int(number) if number else len(self.rows[name].forms), sentence)
                else:
                    self.form.add_error(name if name in self.form.fields else None, sentence)


def circular(
    owner: Institution, data: QueryDict | None, *, text: InstrumentText | None = None, today: date
) -> Circular:
    """The form with what was sent, else with what a text says, else blank; the code of a stored one is fixed."""
    initial = _initial(owner, text) if text else {"known_from": today}
    form = InstrumentForm(data, owner=owner, fixed_code=text is not None, initial=initial)
    kinds: tuple[tuple[str, Any, Any, dict[str, Any]], ...] = (
        ("periods", PeriodRows, _("In force"), {}),
        ("scopes", ScopeRows, _("Whom it reaches"), {"offered": offered_scope(owner)}),
        ("provisions", ProvisionRows, _("Places that can be cited"), {}),
    )
    shown = _shown_rows(text, owner)
    rows: dict[str, BaseRows] = {}
    for name, kind, heading, given in kinds:
        rows[name] = kind(data, prefix=name, initial=shown.get(name, []), form_kwargs=given)
        rows[name].heading = heading
        rows[name].stacked = name == "provisions"
    return Circular(owner, form, rows)


def _initial(owner: Institution, text: InstrumentText) -> dict[str, Any]:
    names = ("code", "title", "number", "issued_on", "issuer", "subject", "layer", "implementing", "url", "open_note")
    known = text.known_from.astimezone(clock.zone(owner)).date()
    return {"known_from": known, **{name: getattr(text, name) for name in names}}


def _shown_rows(text: InstrumentText | None, owner: Institution) -> dict[str, list[dict[str, Any]]]:
    if text is None:
        return {}
    return {
        "periods": [
            {"starts_on": p.starts_on, "ends_on": p.ends_on, "basis": p.basis, "open_note": p.open_note}
            for p in text.periods
        ],
        "scopes": [_shown_scope(scope, owner) for scope in text.scopes],
        "provisions": [
            {name: getattr(one, name) for name in ("reference", "summary", "mark", "open_note", "quote", "url")}
            for one in text.provisions
        ],
    }


def _shown_scope(scope: ScopeText, owner: Institution) -> dict[str, Any]:
    names = ("institution_kind", "institution_code", "agency_kind", "agency_code", "with_subtree", "unit_code")
    shown = {name: getattr(scope, name) for name in names}
    if scope.unit_code and owner.kind != NATIONAL:
        shown["unit_code"] = f"{scope.agency_code}|{scope.unit_code}"
    return shown


class AmendmentForm(WrittenForm):
    """A further period, by a dated amendment."""

    first_day = DayField(label=_("In force from"))
    last_day = DayField(label=_("Last day in force"), required=False, help_text=_("Left empty: until further notice."))
    basis = forms.CharField(label=_("Basis of the extension"), max_length=300)
    known_from = DayField(label=_("Known from"), help_text=_("The day on which the amendment was issued."))


class EndForm(WrittenForm):
    """From which day an instrument, or a rule, holds no longer."""

    ends_from = DayField(label=_("No longer in force from"), help_text=_("Its last day is the day before."))
    basis = forms.CharField(label=_("Basis of the ending"), max_length=300)
    known_from = DayField(label=_("Known from"), help_text=_("The day on which this was issued."))


class TickForm(WrittenForm):
    """That a place was compared with the official text."""

    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, help_text=_("For example which text it was compared with.")
    )
