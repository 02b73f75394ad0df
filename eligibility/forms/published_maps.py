"""The forms about the map that an institution shows to other governments."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.forms.frame import ActForm


class PublishForm(ActForm):
    """To publish just the map that was shown: `seen` is the digest of its text."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note to readers (optional)"),
        max_length=2000,
        required=False,
        help_text=_("What other governments should know when they read this map, for example what was mapped so far."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WithdrawForm(ActForm):
    """Why a published map is withdrawn."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("It stays in the trail; others see no reason.")
    )
