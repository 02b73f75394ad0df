"""The form about the week of a service: spans of each weekday, with the people needed on site in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.coverage.week import CODES, NeedSpan, overlapping, read_time, time_text
from agencies.facts import WEEKDAYS
from agencies.forms.frame import DayField
from agencies.forms.structure import SaidForm

FEWEST: Final = 2
MOST: Final = 6
"""Spans that the form offers for one weekday."""

_PARTS: Final = ("opens", "closes", "staff")


class TimeOfDayField(forms.CharField):
    """A time of the day in minutes, written as a clock shows it; 24.00 is the end of the day."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(required=False, max_length=5, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        """The minute of the day; None where nothing was typed."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_time(text)
        except ValueError:
            message = _("Write a time of the day like 08.00 or 15.30, 24.00 at the latest.")
            raise forms.ValidationError(message) from None


@dataclass(frozen=True, slots=True)
class DayFields:
    """The fields of one weekday, span by span, as the table shows them."""

    label: str
    spans: tuple[tuple[forms.BoundField, ...], ...]


class ServiceNeedsForm(SaidForm):
    """The whole week of a service; a weekday that is left empty is closed."""

    valid_from = DayField(label=_("Valid from"), help_text=_("The first day on which this week holds."))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    slots = forms.CharField(required=False, max_length=2, widget=forms.HiddenInput)

    def __init__(self, *args: Any, spans: Sequence[NeedSpan], seen: str, day: date, slots: int, **kwargs: Any) -> None:
        self.offered = slots
        initial = {"valid_from": day, "seen": seen, "slots": str(slots), **_shown(spans)}
        super().__init__(*args, initial=initial | kwargs.pop("typed", {}), **kwargs)
        own = {name: field for day_code in CODES for name, field in _day_fields(day_code, slots)}
        self.fields = {**own, **self.fields}

    def days(self) -> Iterator[DayFields]:
        """The rows of the table."""
        for choice in WEEKDAYS:
            numbers = range(1, self.offered + 1)
            spans = tuple(tuple(self[_name(choice.code, n, part)] for part in _PARTS) for n in numbers)
            yield DayFields(gettext(choice.label), spans)

    def first_spans(self) -> range:
        """The numbers of the spans, for the head of the table."""
        return range(1, self.offered + 1)

    @property
    def may_have_more(self) -> bool:
        """Whether a further span of each weekday can be offered."""
        return self.offered < MOST

    def said_fields(self) -> list[forms.BoundField]:
        """The fields below the table."""
        return [self["source"], self["valid_from"]]

    def spans(self) -> list[NeedSpan]:
        """What was typed; only of a valid form."""
        return [span for _number, span in self._told()]

    def clean(self) -> dict[str, Any]:
        """Spans are whole and do not overlap."""
        super().clean()
        for code in CODES:
            for number in range(1, self.offered + 1):
                self._check_whole(code, number)
        self._check_overlap()
        return self.cleaned_data

    def _check_whole(self, code: str, number: int) -> None:
        names = [_name(code, number, part) for part in _PARTS]
        if any(name in self.errors for name in names):
            return
        opens, closes, staff = (self.cleaned_data.get(name) for name in names)
        if opens is None and (closes is not None or staff is not None):
            self.add_error(names[0], _("Say from when; or empty the whole span."))
        elif closes is None and opens is not None:
            self.add_error(names[1], _("Say until when; or empty the whole span."))
        elif opens is not None and closes is not None and closes <= opens:
            self.add_error(names[1], _("It ends after it begins. Write a span over midnight as two, on both weekdays."))

    def _check_overlap(self) -> None:
        told = list(self._told())
        for code in CODES:
            of_day = [(number, span) for number, span in told if span.weekday == code]
            found = overlapping(span for _number, span in of_day)
            if found:
                one, other = found
                number = next(n for n, span in reversed(of_day) if span == other)
                sentence = _("%(one)s of this weekday is written already; let one end before the other begins.")
                self.add_error(_name(code, number, "opens"), sentence % {"one": one.hours})

    def _told(self) -> Iterator[tuple[int, NeedSpan]]:
        """The spans that are whole, with their numbers."""
        for code in CODES:
            for number in range(1, self.offered + 1):
                opens, closes, staff = (self.cleaned_data.get(_name(code, number, part)) for part in _PARTS)
                if opens is not None and closes is not None:
                    yield number, NeedSpan(code, opens, closes, staff)


def slots_for(spans: Sequence[NeedSpan], posted: QueryDict | None) -> int:
    """How many spans of a weekday are offered: one more than are recorded, or what the sent form had."""
    if posted is not None:
        sent = posted.get("slots", "")
        number = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 3 else FEWEST
        return min(max(number + ("more" in posted), FEWEST), MOST)
    longest = max((sum(span.weekday == code for span in spans) for code in CODES), default=0)
    return min(max(longest + 1, FEWEST), MOST)


def typed_in(posted: QueryDict) -> dict[str, str]:
    """Everything that was typed, for a form that is shown again with more fields."""
    return {name: value for name, value in posted.items() if name != "slots" and isinstance(value, str)}


def _name(code: str, number: int, part: str) -> str:
    return f"{code}_{number}_{part}"


def _shown(spans: Sequence[NeedSpan]) -> dict[str, object]:
    """What is recorded, by the fields that show it."""
    found: dict[str, object] = {}
    for code in CODES:
        for number, span in enumerate((one for one in spans if one.weekday == code), 1):
            values = (time_text(span.opens), time_text(span.closes), span.staff)
            found |= {_name(code, number, part): value for part, value in zip(_PARTS, values, strict=True)}
    return found


def _day_fields(code: str, slots: int) -> Iterator[tuple[str, forms.Field]]:
    day = next(_(choice.label) for choice in WEEKDAYS if choice.code == code)
    for number in range(1, slots + 1):
        span = {"day": day, "number": number}
        yield _name(code, number, "opens"), TimeOfDayField(label=format_lazy(_("{day}, span {number}: from"), **span))
        yield _name(code, number, "closes"), TimeOfDayField(label=format_lazy(_("{day}, span {number}: until"), **span))
        staff = format_lazy(_("{day}, span {number}: staff needed"), **span)
        yield (
            _name(code, number, "staff"),
            forms.IntegerField(label=staff, min_value=0, max_value=10_000, required=False),
        )
