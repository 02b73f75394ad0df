"""The forms of this app: sign-in, change of password, and the day of judgement."""

from __future__ import annotations

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.http import HttpRequest
from django.utils import formats
from django.utils.translation import gettext_lazy as _


def _helper(button: Any) -> FormHelper:
    helper = FormHelper()
    helper.form_method = "post"
    helper.attrs = {"novalidate": ""}  # the portal's own sentences, also without JavaScript
    helper.form_show_errors = True
    helper.error_text_inline = True
    helper.add_input(Submit("submit", button))
    return helper


def least_password_length() -> int:
    """How long a password must be by the settings."""
    found = get_default_password_validators()
    return max((one.min_length for one in found if isinstance(one, MinimumLengthValidator)), default=1)


class SignInForm(AuthenticationForm):
    """User name and password."""

    error_messages = {
        "invalid_login": _("User name and password do not belong together. Check both; capital letters count."),
        "inactive": _("This account is closed. Ask the system administrator."),
    }

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["password"].label = _("Password")
        self.fields["username"].error_messages["required"] = _("Write your user name.")
        self.fields["password"].error_messages["required"] = _("Write your password.")
        self.helper = _helper(_("Sign in"))


class ChangePasswordForm(PasswordChangeForm):
    """The old password once and the new one twice."""

    error_messages = {
        "password_incorrect": _("This is not your present password. Write it again; capital letters count."),
        "password_mismatch": _("The two new passwords differ. Write the same twice."),
    }
    words = {
        "old_password": (_("Present password"), _("Write your present password.")),
        "new_password1": (_("New password"), _("Write a new password.")),
        "new_password2": (_("New password, once more"), _("Write the new password once more.")),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, required) in self.words.items():
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = required
        self.fields["new_password1"].help_text = _(
            "At least %(least)s characters. Not digits alone, not a common password, nothing like your name."
        ) % {"least": least_password_length()}
        self.fields["new_password2"].help_text = ""
        self.helper = _helper(_("Change password"))


class JudgedDayForm(forms.Form):
    """The day a page judges, and optionally the day up to which the law is taken as known.

    A browser's date field drops text that is no date, so a part that could not be read is shown
    again in a text field, as it was typed.
    """

    per = forms.DateField(label=_("Judged as of"))
    diketahui = forms.DateField(label=_("Rules known up to"), required=False)

    def __init__(self, data: dict[str, str], *, fallback: date) -> None:
        super().__init__(data, auto_id="judged-%s")
        shown = formats.date_format(fallback)
        self.fields["per"].error_messages["invalid"] = _(
            "This is not a date: write it like 2025-07-01. The page shows %(day)s."
        ) % {"day": shown}
        self.fields["diketahui"].error_messages["invalid"] = _(
            "This is not a date: write it like 2025-07-01. The page uses what is known today."
        )
        for name, field in self.fields.items():
            field.widget = self._date_input(name, broken=name in self.errors)

    def _date_input(self, name: str, *, broken: bool) -> forms.DateInput:
        css = "form-control form-control-sm" + (" is-invalid" if broken else "")
        attrs = {"class": css, "type": "text" if broken else "date"}
        if broken:
            attrs |= {"aria-invalid": "true", "aria-describedby": f"judged-{name}-error"}
        return forms.DateInput(format="%Y-%m-%d", attrs=attrs)
