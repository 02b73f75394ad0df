"""The forms about one agency, unit, position or service: to add it, to correct it, to close it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, cast

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Model
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies import facts
from agencies.corrections import unseen_change
from agencies.forms.frame import ActForm, DayField
from agencies.models import Agency, Unit
from agencies.models.choices import translated
from agencies.structure import AgencyValues, PositionValues, RowValues, ServiceValues, UnitValues

_LAST = ("source", "valid_from")


class CodeField(forms.CharField):
    """A code: it stands in addresses, rules and import files, so it is plain and given once."""

    def __init__(self, **kwargs: Any) -> None:
        plain = RegexValidator(
            r"^[A-Za-z0-9][A-Za-z0-9 ._-]*$", _("A code is written with letters, digits, spaces, points and hyphens.")
        )
        kwargs.setdefault("help_text", _("It cannot be changed later: rules and import files name it."))
        super().__init__(label=_("Code"), validators=[plain], **kwargs)


class PickField(forms.TypedChoiceField):
    """One of the choices of a fact, or nothing where it is not known."""

    def __init__(self, label: Any, choices: Iterable[facts.Choice], *, required: bool = False, **kwargs: Any) -> None:
        none = _("Choose one") if required else pgettext_lazy("answer", "Not known yet")
        told = [("", none), *translated(choices)]
        super().__init__(label=label, choices=told, coerce=str, empty_value=None, required=required, **kwargs)


class SaidForm(ActForm):
    """A form that says from which source something is known, and which fields may stay empty."""

    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("The document it stands in, with number and date.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [name for name in self.fields if name not in _LAST]
        self.order_fields([*own, *_LAST])
        for field in self.fields.values():
            if not field.required and not isinstance(field.widget, forms.HiddenInput):
                field.label = format_lazy("{} {}", field.label, _("(optional)"))


def renew_seen(form: ActForm, digest: str) -> None:
    """Have a form that is shown again carry what its reader sees now."""
    data = cast("QueryDict", form.data).copy()
    data["seen"] = digest
    form.data = data


class RowForm(SaidForm):
    """A form about a row, or a new one; it notices when somebody changed the row since it was opened."""

    said: ClassVar[type[RowValues]]
    valid_from = DayField(label=_("Valid from"), help_text=_("Since when it is so in fact."))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Model | None, day: date, **kwargs: Any) -> None:
        self.row = row
        initial: dict[str, object] = {"valid_from": day}
        if row is not None:
            recorded = self.said.of(row)
            initial |= {**self.shown(recorded), "seen": recorded.digest}
        super().__init__(*args, initial=initial, **kwargs)
        if row is not None:
            self.fields.pop("code", None)

    def shown(self, recorded: RowValues) -> dict[str, object]:
        """What is recorded, by the fields that show it."""
        return recorded.by_name()

    def values(self) -> Any:
        """What the form says of the row; only of a valid form."""
        return self.said(**self.told())

    def told(self) -> dict[str, Any]:
        """What was typed, by the columns it is for."""
        return {name: self.cleaned_data[name] for name in self.said.__dataclass_fields__ if name in self.fields}

    def clean(self) -> dict[str, Any]:
        """Also checks whether the row still is what was seen; if not, each field tells what it is now."""
        cleaned = super().clean() or self.cleaned_data
        if self.row is None or self.said.of(self.row).digest == cleaned.get("seen"):
            return cleaned
        recorded = self.said.of(self.row)
        self.add_error(None, unseen_change())
        for name, value in self.shown(recorded).items():
            if name in self.fields and name in self.cleaned_data and self.cleaned_data[name] != value:
                self.add_error(name, _("Recorded now: “%(value)s”.") % {"value": value or "–"})
        renew_seen(self, recorded.digest)
        return self.cleaned_data


class AgencyForm(RowForm):
    """An agency. The parents offered are those in sight that do not lie below it."""

    said = AgencyValues
    code = CodeField(max_length=40)
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = PickField(_("Kind of agency"), facts.AGENCY_KINDS, required=True)
    sector = PickField(_("Sector of the agency"), facts.SECTORS)
    parent = forms.ModelChoiceField(
        label=_("Belongs to"), queryset=Agency.objects.none(), empty_label=_("No other agency"), required=False
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(
        self, *args: Any, parents: Any, below: Agency | None = None, fixed: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fixed = below if below or self.row is None else cast("Agency", self.row).parent
        if below is not None or fixed:
            del self.fields["parent"]
        else:
            cast("forms.ModelChoiceField[Agency]", self.fields["parent"]).queryset = parents

    def values(self) -> AgencyValues:
        """What the form says; without a field for it the parent is the given one."""
        return AgencyValues(**({"parent": self.fixed} | self.told()))


class UnitForm(RowForm):
    """A unit of an agency."""

    said = UnitValues
    code = CodeField(max_length=60)
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = PickField(_("Kind of unit"), facts.UNIT_KINDS)
    sector = PickField(_("Sector of the unit"), facts.SECTORS)


class PositionForm(RowForm):
    """A position; agency and unit are chosen together, so that they cannot contradict one another."""

    said = PositionValues
    code = CodeField(max_length=80)
    title = forms.CharField(label=_("Title of the position"), max_length=200)
    jenjang = forms.CharField(label=_("Jenjang"), max_length=40, required=False)
    place = forms.ChoiceField(label=_("Agency and unit"))
    category = PickField(_("Category of position"), facts.CATEGORIES)
    echelon = PickField(_("Echelon"), facts.ECHELONS)
    job_family = PickField(_("Job family"), facts.JOB_FAMILIES)
    leads = PickField(_("Leads"), facts.LEADS)
    needed = forms.IntegerField(label=_("Needed (ABK)"), min_value=0, max_value=100_000, required=False)
    filled = forms.IntegerField(label=_("Filled (bezetting)"), min_value=0, max_value=100_000, required=False)

    def __init__(self, *args: Any, places: Places, **kwargs: Any) -> None:
        self.places = places
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["place"]).choices = places.choices()

    def shown(self, recorded: RowValues) -> dict[str, object]:
        """The place in one."""
        values = recorded.by_name()
        return {**values, "place": _key(values["agency"], values["unit"])}

    def values(self) -> PositionValues:
        """What the form says."""
        agency, unit = self.places.chosen(self.cleaned_data["place"])
        return PositionValues(agency=agency, unit=unit, **self.told())


class Places:
    """The agencies, and their units, in which a position may stand."""

    def __init__(self, agencies: Iterable[Agency], units: Iterable[Unit]) -> None:
        self.agencies = {agency.pk: agency for agency in agencies}
        self.units = {unit.pk: unit for unit in units}

    def choices(self) -> list[Any]:
        """One group for each agency: directly below it, or in one of its units."""
        groups: dict[int, list[tuple[str, Any]]] = {
            pk: [(_key(agency, None), format_lazy(_("{agency}, in no unit"), agency=agency.name))]
            for pk, agency in self.agencies.items()
        }
        for unit in self.units.values():
            agency = self.agencies[unit.agency_id]
            groups[agency.pk].append((_key(agency, unit), f"{agency.name}: {unit.name}"))
        if len(groups) == 1:
            return next(iter(groups.values()))
        return [(self.agencies[pk].name, options) for pk, options in groups.items()]

    def chosen(self, key: str) -> tuple[Agency, Unit | None]:
        """What a choice stands for."""
        agency, _dash, unit = key.partition("-")
        return self.agencies[int(agency)], self.units[int(unit)] if unit else None


def _key(agency: Any, unit: Any) -> str:
    return f"{agency.pk}-{unit.pk}" if unit else str(agency.pk)


class ServiceForm(RowForm):
    """A public service of an agency."""

    said = ServiceValues
    code = CodeField(max_length=60)
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = PickField(_("Kind of service"), [one for one in facts.SERVICE_KINDS if one.code != "none"], required=True)
    unit = forms.ModelChoiceField(
        label=_("Unit"), queryset=Unit.objects.none(), empty_label=_("No single unit"), required=False
    )
    hours = forms.CharField(
        label=_("Hours"), max_length=100, required=False, help_text=_("For example: Senin-Jumat 08.00-15.00.")
    )
    staff_on_site = forms.IntegerField(
        label=_("Staff needed on site"),
        min_value=0,
        max_value=10_000,
        required=False,
        help_text=_("Leave it empty where it is not known."),
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Unit]", self.fields["unit"]).queryset = units


class ClosingForm(SaidForm):
    """The first day on which something no longer counts; empty, where it is closed already, to open it again."""

    closed_on = DayField(
        label=_("Closed from"), help_text=_("The first day on which it no longer counts."), required=True
    )

    def __init__(self, *args: Any, closed_on: date | None, day: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"closed_on": closed_on or day}, **kwargs)
        if closed_on is not None:
            field = self.fields["closed_on"]
            field.required = False
            field.help_text = _("The first day on which it no longer counts. Leave it empty to open it again.")


class StaffCountForm(SaidForm):
    """How many people who are no civil servants work in an agency or one of its units."""

    unit = forms.ModelChoiceField(
        label=_("Unit"), queryset=Unit.objects.none(), empty_label=_("The agency as a whole"), required=False
    )
    count = forms.IntegerField(label=_("Number of people"), min_value=0, max_value=100_000)
    counted_on = DayField(label=_("Counted on"))

    def __init__(self, *args: Any, units: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"counted_on": day}, **kwargs)
        cast("forms.ModelChoiceField[Unit]", self.fields["unit"]).queryset = units
