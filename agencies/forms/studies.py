"""The forms of the study of an agency: what it found in a period, and what BKPSDM concludes from it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from agencies import facts
from agencies.corrections import unseen_change
from agencies.forms.frame import ActForm, DayField
from agencies.forms.places import NOT_IN_LIST, SOURCE_HELP
from agencies.forms.structure import renew_seen
from agencies.models import AgencyReview
from agencies.models.studies import CONCLUSIONS
from agencies.structure import written
from agencies.studies.figures import SAKIP_GRADES, SKP, THEMES, Figure, Theme
from agencies.studies.measures import Theme as MeasureTheme
from agencies.studies.recorded import Recorded
from agencies.studies.side_by_side import EVERYTHING
from agencies.studies.values import Judgement, StudyValues
from agencies.studies.wording import theme_label

_GROUPED: Final = re.compile(r"\d{1,3}((\.\d{3})+|(,\d{3})+)")
_ANSWERS: Final = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]
_CODES: Final = {True: "yes", False: "no", None: ""}


class CountField(forms.IntegerField):
    """A whole number, also as people write amounts: "Rp 1.250.000"."""

    def __init__(self, figure: Figure) -> None:
        number = {"low": figure.low, "high": number_format(figure.high, force_grouping=True)}
        beyond = _("Write a number from %(low)s to %(high)s.") % number
        super().__init__(
            label=_(figure.label),
            min_value=figure.low,
            max_value=figure.high,
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 24}),
            error_messages={
                "invalid": _("This is no whole number; write it like 1250000 or 1.250.000."),
                "min_value": beyond,
                "max_value": beyond,
            },
        )

    def to_python(self, value: Any) -> int | None:
        """The number without "Rp" and dots between thousands; other dots are none of its signs."""
        text = str(value or "").strip().removeprefix("Rp").strip() if not isinstance(value, int) else str(value)
        if len(text) > 24 or "_" in text:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(re.sub("[.,]", "", text) if _GROUPED.fullmatch(text) else text)

    def prepare_value(self, value: Any) -> Any:
        """A recorded number with the separators of the language; what was typed as it was typed."""
        return number_format(value, force_grouping=True) if isinstance(value, int) else value


class ValueField(forms.DecimalField):
    """A value of two decimals, with a comma or a point."""

    def __init__(self, figure: Figure) -> None:
        beyond = _("Write a value from %(low)d to %(high)d.") % {"low": figure.low, "high": figure.high}
        super().__init__(
            label=_(figure.label),
            min_value=figure.low,
            max_value=figure.high,
            decimal_places=figure.places,
            max_digits=5,
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "maxlength": 12}),
            error_messages={
                "invalid": _("This is no value; write it like 82,75."),
                "min_value": beyond,
                "max_value": beyond,
                "max_decimal_places": _("Write at most two decimals."),
                "max_digits": beyond,
                "max_whole_digits": beyond,
            },
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """The value with two decimals, as it is stored."""
        text = str(value if value is not None else "").strip()
        if len(text) > 12 or "_" in text or "e" in text.lower():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)

    def clean(self, value: Any) -> Decimal | None:
        """Checked as it was typed, then brought to the places of its column."""
        found: Decimal | None = super().clean(value)
        return None if found is None else found.quantize(Decimal("0.01"))

    def prepare_value(self, value: Any) -> Any:
        """A recorded value with the decimal sign of the language; what was typed as it was typed."""
        return number_format(value, decimal_pos=2) if isinstance(value, Decimal) else value


def _answer(name: str) -> forms.TypedChoiceField:
    """Yes, no, or not known."""
    return forms.TypedChoiceField(
        label=_(facts.FACTS[f"agency.{name}"].question),
        choices=_ANSWERS,
        coerce=lambda code: code == "yes",
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": NOT_IN_LIST},
    )


def _grade() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("SAKIP grade"),
        help_text=", ".join(SAKIP_GRADES),
        choices=[("", _("Not known")), *((grade, grade) for grade in SAKIP_GRADES)],
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": NOT_IN_LIST},
    )


def _fields_of(theme: Theme) -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {
        figure.name: ValueField(figure) if figure.places else CountField(figure) for figure in theme.figures
    }
    if theme.name == "sakip":
        found["sakip_grade"] = _grade()
    found |= {name: _answer(name) for name in theme.answers}
    found[theme.source] = forms.CharField(label=_("Source"), max_length=300, required=False, help_text=SOURCE_HELP)
    return found


def _fieldset(theme: Theme) -> Fieldset:
    told = HTML(format_html('<p class="form-text study-help">{}</p>', gettext(theme.help)))
    return Fieldset(gettext(theme.label), told, *_fields_of(theme), css_class="study-theme")


class StudyDraftForm(ActForm):
    """What an agency found in a period. Everything but the period may stay unknown."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    period_starts_on = DayField(label=_("First day of the period"))
    period_ends_on = DayField(label=_("Last day of the period"))

    def __init__(
        self,
        *args: Any,
        draft: AgencyReview | None,
        begun_from: AgencyReview | None,
        recorded: Recorded | None,
        **kwargs: Any,
    ) -> None:
        self.draft = draft
        shown = draft or begun_from
        kwargs["initial"] = {**(_shown(StudyValues.of(shown)) if shown else {}), "seen": self._digest()}
        super().__init__(*args, **kwargs)
        for theme in THEMES:
            self.fields |= _fields_of(theme)
        self._tell_recorded(recorded)
        self.helper.layout = Layout(
            "seen",
            Fieldset(pgettext("study", "Period"), "period_starts_on", "period_ends_on", css_class="study-theme"),
            *(_fieldset(theme) for theme in THEMES),
            "previewed",
        )

    def _digest(self) -> str:
        return StudyValues.of(self.draft).digest if self.draft else ""

    def _tell_recorded(self, recorded: Recorded | None) -> None:
        """Beside a figure, what the portal has recorded for it; under its label, its unit."""
        for theme in THEMES:
            for figure in theme.figures:
                number = recorded.of(figure.name) if recorded else None
                words = [gettext(figure.unit)]
                if recorded and number is not None:
                    said = gettext("recorded in the portal on %(day)s: %(number)d")
                    words.append(said % {"day": date_format(recorded.on), "number": number})
                self.fields[figure.name].help_text = "; ".join(words)

    def clean(self) -> dict[str, Any]:
        """Also what no single field can see; each sentence stands at the field where it can be mended."""
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("period_starts_on"), cleaned.get("period_ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("period_ends_on", gettext("The period ends on its first day or later."))
        told = [figure.name for figure in SKP if cleaned.get(figure.name) is not None]
        for figure in SKP if told else ():
            if figure.name not in self.errors and figure.name not in told:
                self.add_error(figure.name, gettext("Fill in all five predicates, 0 where there is nobody, or none."))
        self._notice_others()
        return self.cleaned_data

    def _notice_others(self) -> None:
        """Whether the draft still is what was seen; if not, each field tells what it is now."""
        if self.cleaned_data.get("seen", "") == self._digest():
            return
        self.add_error(None, unseen_change())
        now = StudyValues.of(self.draft).by_name() if self.draft else StudyValues().by_name()
        for name, value in now.items():
            if name in self.cleaned_data and self.cleaned_data[name] != value:
                self.add_error(name, gettext("Recorded now: “%(value)s”.") % {"value": written(value) or "–"})
        renew_seen(self, self._digest())

    def values(self) -> StudyValues:
        """What was typed, for the act."""
        return StudyValues(**{name: self.cleaned_data[name] for name in StudyValues.__dataclass_fields__})


def _shown(values: StudyValues) -> dict[str, object]:
    """What is recorded, as the fields show it."""
    found = values.by_name()
    return {
        name: _CODES[value] if isinstance(value, bool) else value for name, value in found.items() if value is not None
    }


class StudySigningForm(ActForm):
    """What BKPSDM concludes from a draft; `seen` is the digest of the draft that stands above."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    conclusion = forms.ChoiceField(
        label=_("Conclusion of the study"),
        choices=CONCLUSIONS,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NOT_IN_LIST},
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        max_length=2000,
        help_text=_("Why the agency is ready, pilot, not ready or cannot, by what was found above."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    valid_from = DayField(label=_("Valid from"), help_text=_("From this day on the rules read this study."))
    source = forms.CharField(label=_("Document of the study"), max_length=300, help_text=SOURCE_HELP)

    def judgement(self) -> Judgement:
        """What was typed, for the act."""
        return Judgement(**{name: self.cleaned_data[name] for name in Judgement.__dataclass_fields__})


class ComparedForm(forms.Form):
    """What the table of all agencies is narrowed to."""

    periode = forms.ChoiceField(label=pgettext_lazy("study", "Period"), required=False)
    tingkat = forms.ChoiceField(
        label=_("Shown"),
        choices=[("", _("Agencies")), ("semua", _("Agencies and all units below them"))],
        required=False,
    )
    kolom = forms.ChoiceField(label=_("Columns"), required=False)

    def __init__(self, *args: Any, periods: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        themes = [(theme.value, theme_label(theme)) for theme in MeasureTheme]
        every = (EVERYTHING, gettext("All of them"))
        self.fields["kolom"].choices = [("", gettext("The main ones")), *themes, every]  # type: ignore[attr-defined]
        newest = ("", gettext("The study that holds on the day"))
        self.fields["periode"].choices = [newest, *periods]  # type: ignore[attr-defined]
