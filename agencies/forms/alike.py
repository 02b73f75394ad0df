"""A choice among alike rows, be they thousands: all but the ticked ones or only those, alone or by agency.

What is sent are the exceptions, never the whole list: no form holds thousands of boxes, and no request does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_
from typing import Any, Final, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Q, QuerySet
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from agencies.forms.frame import ActForm
from agencies.keys import is_key

LOOK: Final = "look"
"""The name of the buttons that show other rows of the list; the form comes back as it was typed."""

SHOWN: Final = 100
"""Rows shown at once."""

MOST: Final = 600
"""Ticks of one form; a request carries no more than a thousand parts."""

ALL, TICKED = "all", "ticked"


class Typed(NamedTuple):
    """What stands in the choice: which way, the ticked rows and agencies, and what the list is looked through for."""

    scope: str = ""
    rows: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    seen: str = ""
    find: str = ""
    page: int = 1


class Chosen(NamedTuple):
    """A choice that holds: which way, and the keys of the ticked rows and agencies, in order."""

    scope: str
    rows: tuple[int, ...]
    agencies: tuple[int, ...]


class AlikeWidget(forms.Widget):
    """The two ways, the agencies, a search, and one page of rows; what is ticked always stands there."""

    field: AlikeField
    needs_multipart_form = False

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Typed:
        """What was sent."""
        page = str(data.get(LOOK, ""))
        return Typed(
            str(data.get(f"{name}-scope", TICKED)),
            _several(data, name),
            _several(data, f"{name}-agency"),
            str(data.get(f"{name}-seen", "")),
            str(data.get(f"{name}-find", "")).replace("\x00", "")[:100],
            (int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1) or 1,
        )

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """No row ticked is a choice too."""
        return False

    def id_for_label(self, id_: str | None) -> str:
        """The label names the group."""
        return ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """The whole choice."""
        return render_to_string("agencies/_alike.html", {"name": name, "typed": value, **self.field.listed(value)})


class AlikeField(forms.Field):
    """Rows of `queryset`, which have an agency; `words` tells one from those alike, `subject` leads to its position."""

    widget = AlikeWidget
    default_error_messages = {
        "gone": _("One of the ticked rows is not among them any more. Look at the list again."),
        "changed": _("There are others by now: %(number)d. Look at them, and send again."),
        "many": _("More than %(most)d are ticked. Tick whole agencies, or choose the other way."),
    }

    def __init__(self, *, at_first: str, words: Callable[[Any], str], subject: str, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.at_first, self.words, self.subject = at_first, words, subject
        self.queryset: QuerySet[Any] = QuerySet()
        self.number, self.seen = 0, ""

    def __deepcopy__(self, memo: dict[int, Any]) -> AlikeField:
        copied: AlikeField = super().__deepcopy__(memo)  # type: ignore[misc]
        copied.widget.field = copied
        return copied

    def offer(self, rows: QuerySet[Any]) -> None:
        """Have the choice be among these rows: how many there are, and what tells this list from another."""
        told = rows.order_by().aggregate(number=Count("pk"), last=Max("pk"))
        self.queryset, self.initial, self.number = rows, Typed(scope=self.at_first), told["number"]
        self.seen = f"{self.number}-{told['last'] or 0}"

    def clean(self, value: Typed) -> Chosen:
        """The choice, of rows and agencies that are offered."""
        if len(value.rows) + len(value.agencies) > MOST:
            raise ValidationError(self.error_messages["many"], params={"most": MOST})
        rows, agencies = _keys(value.rows), _keys(value.agencies)
        offered = self.queryset.order_by()
        if offered.filter(pk__in=rows).count() != len(rows):
            raise ValidationError(self.error_messages["gone"])
        if value.scope == ALL and value.seen != self.seen:
            raise ValidationError(self.error_messages["changed"], params={"number": self.number})
        return Chosen(ALL if value.scope == ALL else TICKED, tuple(rows), tuple(agencies))

    def rows(self, chosen: Chosen) -> QuerySet[Any]:
        """The rows of a choice."""
        ticked = Q(pk__in=chosen.rows) | Q(agency__in=chosen.agencies)
        return self.queryset.exclude(ticked) if chosen.scope == ALL else self.queryset.filter(ticked)

    def listed(self, typed: Typed) -> dict[str, Any]:
        """One page of the rows that are looked for; before it those that are ticked and do not stand on it."""
        ticked = {key for key in typed.rows if is_key(key)}
        agencies = self.queryset.order_by("agency__name").values_list("agency", "agency__name")
        counted = [(str(key), name, count) for key, name, count in agencies.annotate(Count("pk"))]
        first, full = (typed.page - 1) * SHOWN, len(typed.rows) + len(typed.agencies) > MOST
        page = [] if full else list(self._found(typed.find)[first : first + SHOWN + 1])
        here = [(str(row.pk), self.words(row)) for row in page[:SHOWN]]
        elsewhere = self.queryset.filter(pk__in=ticked - {key for key, _words in here}) if ticked else ()
        return {
            "number": self.number,
            "seen": self.seen,
            "rows": [*((str(row.pk), self.words(row)) for row in elsewhere), *here],
            "ticked": ticked,
            "full": self.error_messages["many"] % {"most": MOST} if full else "",
            "agencies": counted if len(counted) > 1 else [],
            "searches": self.number > SHOWN,
            "next": typed.page + 1 if len(page) > SHOWN else 0,
            "previous": typed.page - 1,
        }

    def _found(self, text: str) -> QuerySet[Any]:
        """Every word of the search stands somewhere in what tells a row from those alike."""
        found = self.queryset
        paths = [f"{self.subject}{name}" for name in ("code", "title", "unit__name")] + ["agency__name"]
        for word in text.split():
            found = found.filter(reduce(or_, (Q(**{f"{path}__icontains": word}) for path in paths)))
        return found


def _several(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """All that was sent under a name."""
    return tuple(data.getlist(key)) if isinstance(data, QueryDict) else tuple(map(str, data.get(key, ())))


def _keys(typed: tuple[str, ...]) -> list[int]:
    """The keys that were ticked, each once; ValidationError for what no row can be named by."""
    for key in typed:
        if not is_key(key):
            raise ValidationError(AlikeField.default_error_messages["gone"])
    return sorted(set(map(int, typed)))


class FormOfAlike(ActForm):
    """A form with such a choice: the buttons of its list show it again as it was typed, and send nothing."""

    def __init__(self, data: QueryDict | None, *args: Any, **kwargs: Any) -> None:
        self.looked = data if data is not None and LOOK in data else None
        super().__init__(None if self.looked is not None else data, *args, **kwargs)

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """What stands in a field before it is sent; where the list was looked through, what was typed so far."""
        if self.looked is None:
            return super().get_initial_for_field(field, field_name)
        return field.widget.value_from_datadict(self.looked, {}, self.add_prefix(field_name))

    def offer(self, name: str, rows: QuerySet[Any]) -> None:
        """Have a choice offer these rows; without any it is left out."""
        field = self.fields[name]
        assert isinstance(field, AlikeField)
        field.offer(rows)
        if not field.number:
            del self.fields[name]

    def offered(self, name: str) -> int:
        """How many rows a choice offers."""
        field = self.fields.get(name)
        return field.number if isinstance(field, AlikeField) else 0

    def chosen(self, name: str) -> list[Any]:
        """The rows of a choice; none where it was left out."""
        field = self.fields.get(name)
        return list(field.rows(self.cleaned_data[name])) if isinstance(field, AlikeField) else []
