"""The forms about accounts and roles."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies import facts
from agencies.accounts import State
from agencies.forms.frame import ActForm, DayField
from agencies.models import Agency, Role
from agencies.models.choices import translated
from agencies.new_accounts import NO_USER_NAME

ANY_STATE: Final = "semua"


class AgencyField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """An agency within the administrator's reach, by its code; empty for the whole institution where she may say so."""

    def __init__(self, *, for_all: bool, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Agency.objects.none())
        kwargs.setdefault("to_field_name", "code")
        kwargs.setdefault("required", not for_all)
        kwargs.setdefault("empty_label", _("The whole institution") if for_all else _("Choose an agency"))
        messages = {"invalid_choice": _("This agency is not within your reach; choose one of the list.")}
        super().__init__(error_messages=messages, label=_("Agency"), **kwargs)


def _starts(today: date) -> DayField:
    return DayField(label=_("First day"), initial=today)


def _ends() -> DayField:
    return DayField(
        label=_("Last day (optional)"), required=False, help_text=_("The role ends after this day. Empty: without end.")
    )


class GrantForm(ActForm):
    """A role, where, from when and until when."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", _("Choose a role")), *Role.choices])

    def __init__(self, *args: Any, agencies: QuerySet[Agency], for_all: bool, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"] = AgencyField(for_all=for_all, queryset=agencies)
        self.fields["agency"].help_text = _("The agencies below it are included.")
        self.fields["valid_from"] = _starts(today)
        self.fields["valid_until"] = _ends()


class AccountForm(GrantForm):
    """A new account with its first role, linked to an employee or to nobody."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        validators=[UnicodeUsernameValidator(message=NO_USER_NAME)],
        help_text=_("Letters, digits and . - _ only; not the NIP, which tells the birth date."),
    )
    name = forms.CharField(
        label=_("Name (optional)"),
        max_length=150,
        required=False,
        help_text=_("Empty: the name of the employee."),
    )
    nip = forms.CharField(
        label=_("NIP or NI PPPK (optional)"),
        max_length=30,
        required=False,
        help_text=_("Links the account to the employee, who may then read her own file."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    field_order = ("username", "name", "nip", "role", "agency", "valid_from", "valid_until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)

    def clean_nip(self) -> str:
        """The digits alone: numbers are copied with spaces."""
        return "".join(self.cleaned_data["nip"].split())


class LastDayForm(ActForm):
    """The last day of a role."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_until"] = _ends()


class LinkForm(ActForm):
    """The employee whose own file an account opens; empty for none."""

    nip = forms.CharField(
        label=_("NIP or NI PPPK (optional)"),
        max_length=30,
        required=False,
        help_text=_("Empty: the account opens no employee's file."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_nip(self) -> str:
        """The digits alone: numbers are copied with spaces."""
        return "".join(self.cleaned_data["nip"].split())


class ConfirmForm(ActForm):
    """Nothing but the button."""


class LinesForm(ActForm):
    """One account a line."""

    lines = forms.CharField(
        label=_("Accounts, one a line"),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "font-monospace"}),
        help_text=_("user name;NIP;role;agency code. NIP may be empty. An empty agency means the whole institution."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"] = _starts(today)


class FromEmployeesForm(ActForm):
    """All employees of an agency who have no account yet."""

    def __init__(self, *args: Any, agencies: QuerySet[Agency], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"] = AgencyField(for_all=False, queryset=agencies)
        self.fields["below"] = forms.BooleanField(label=_("With the agencies below it"), required=False)
        kinds = translated(facts.FACTS["employee.kind"].choices)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind of employee"), choices=[("", _("All kinds")), *kinds], required=False
        )
        self.fields["role"] = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.EMPLOYEE)
        self.fields["valid_from"] = _starts(today)


class UsersFilter(forms.Form):
    """What the list of users is narrowed to."""

    cari = forms.CharField(label=_("Name or user name"), required=False, max_length=150)
    peran = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All roles")), *Role.choices])
    opd = AgencyField(for_all=True, empty_label=_("All agencies"))

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(state.value, state.label) for state in State]
        self.fields["keadaan"] = forms.ChoiceField(
            label=_("State of the role"), required=False, choices=[*states, (ANY_STATE, _("Whatever the state"))]
        )
        opd = self.fields["opd"]
        assert isinstance(opd, AgencyField)
        opd.queryset = agencies
        for field in self.fields.values():
            plain = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select form-select-sm" if plain else "form-control form-control-sm"
