"""The forms about findings; field names are those that refusals of the acts name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.forms.employee_filter import ListFilter
from agencies.forms.frame import ActForm, DayField
from agencies.models import Agency
from eligibility.models import Provision
from oversight.actions.findings import FindingValues
from oversight.models import FindingState, FollowUp
from oversight.provisions import in_force_words

LONGEST = 4000
LATE_REPLY, LATE_REVIEW = "1", "2"
"""What is overdue, as the address says it."""
_TALL = {"rows": 4}
_OPEN = _("May stay empty in a draft; it is needed to issue the finding.")


def _words(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs=_TALL)
    return forms.CharField(label=label, max_length=LONGEST, help_text=help_text, required=required, widget=widget)


class ProvisionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A provision, told with the days on which its instrument is in force."""

    def label_from_instance(self, obj: Provision) -> str:
        """The provision and its days."""
        return f"{obj} ({in_force_words(obj)})"


class FindingForm(ActForm):
    """A finding as an audit paper; a draft may be left open below kriteria."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Agency"), empty_label=_("Choose an agency"))
    title = forms.CharField(label=_("Title"), max_length=200)
    condition = _words(_("Kondisi"), _("What was found, with dates and numbers. Name no person; the case does."))
    provision = ProvisionField(
        Provision.objects.none(),
        label=_("Kriteria: provision"),
        empty_label=_("Choose a provision"),
        required=False,
        help_text=_(
            "A provision of the law in force today or on a day of the case, with the days on which it is in force. "
            "It is needed to issue the finding."
        ),
    )
    criterion = _words(_("Kriteria: what should be"))
    cause = _words(_("Sebab"), _OPEN, required=False)
    effect = _words(_("Akibat"), _OPEN, required=False)
    recommendation = _words(_("Rekomendasi"), _OPEN, required=False)

    def __init__(
        self, *args: Any, agencies: QuerySet[Agency] | None, provisions: QuerySet[Provision], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        provision, agency = self.fields["provision"], self.fields["agency"]
        assert isinstance(provision, forms.ModelChoiceField)
        assert isinstance(agency, forms.ModelChoiceField)
        provision.queryset = provisions
        if agencies is None:
            del self.fields["agency"]
        else:
            agency.queryset = agencies

    def values(self) -> FindingValues:
        """What was typed, as the acts take it."""
        typed = self.cleaned_data
        return FindingValues(
            title=typed["title"],
            condition=typed["condition"],
            criterion=typed["criterion"],
            provision=typed["provision"],
            cause=typed["cause"],
            effect=typed["effect"],
            recommendation=typed["recommendation"],
        )


class NothingForm(ActForm):
    """Nothing to fill in."""


class WithdrawFindingForm(ActForm):
    """Why it is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs=_TALL))


class ReplyForm(ActForm):
    """What the agency answers."""

    text = _words(_("Reply of the agency"), _("What was done, by when the rest is done, or why not."))
    replied_on = DayField(label=_("Date of the reply"))


class ReviewForm(ActForm):
    """How what was done is judged."""

    status = forms.ChoiceField(
        label=_("Status of the follow-up"),
        choices=FollowUp.Status,
        help_text=_("Sesuai and tidak dapat ditindaklanjuti close the finding."),
    )
    text = _words(_("Grounds of the status"))
    reviewed_on = DayField(label=_("Date of the review"))


class EvidenceForm(ActForm):
    """A PDF, the date that it bears, and what it shows."""

    file = forms.FileField(label=_("File (PDF)"), help_text=_("At most 10 MB."))
    note = forms.CharField(label=_("What it shows"), max_length=300)
    dated_on = DayField(label=_("Date of the evidence"))


class FindingFilter(ListFilter):
    """Narrows findings by agency, by state, and to those whose reply or review is overdue."""

    opd = forms.ChoiceField(label=_("Agency"), required=False)
    keadaan = forms.ChoiceField(label=_("State"), required=False)
    lewat = forms.ChoiceField(label=_("Reply and review"), required=False)

    def __init__(self, data: Any, *, agencies: Iterable[Agency]) -> None:
        super().__init__(data)
        self._offer("opd", _("All agencies"), [(one.code, one.name) for one in agencies])
        self._offer("keadaan", _("All states"), FindingState.choices)
        self._offer(
            "lewat", _("In time or overdue"), [(LATE_REPLY, _("Reply overdue")), (LATE_REVIEW, _("Review overdue"))]
        )

    def _offer(self, name: str, every: Any, choices: Iterable[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", every), *choices]
