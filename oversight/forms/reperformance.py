"""The form that has everything decided again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from agencies.forms.frame import ActForm, DayField


class ReperformanceForm(ActForm):
    """From which day on; left open, everything."""

    since = DayField(
        label=gettext_lazy("Signed or approved from this day on"),
        required=False,
        help_text=gettext_lazy(
            "Left open, everything is decided again. More than 2,000 decisions are left to the background."
        ),
    )
