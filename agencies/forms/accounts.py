"""The forms of sign-in and of the change of password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agencies.forms.frame import helper
from agencies.models import User


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
        self.helper = helper(_("Sign in"))


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
        if self.user.must_change_password:
            self.fields["old_password"].label = _("One-time password")
        self.helper = helper(_("Change password"))
        self.helper.form_tag = False  # the page's own form also tells a password manager whose password it is

    def clean(self) -> dict[str, Any]:
        """A new password that is the old one is no change."""
        cleaned = super().clean() or self.cleaned_data
        new = cleaned.get("new_password1")
        if new and new == cleaned.get("old_password"):
            self.add_error("new_password1", _("This is the present password; choose another."))
        return cleaned

    def save(self, commit: bool = True) -> User:
        """Store the new password; whoever had a one-time password has now chosen her own."""
        self.user.must_change_password = False
        user: User = super().save(commit)
        return user
