"""The whole form of a version: what stands once and all rows, from what was sent or from a text, and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.errors import ValuesRefused
from agencies.models import Institution
from eligibility.forms.law.criteria import CriterionForm, ExceptionForm, initial_of
from eligibility.forms.law.rows import BaseRows, rows_of
from eligibility.forms.law.versions import LiftForm, VersionForm, offered_to
from eligibility.models import Provision
from eligibility.rulebook import Mode
from eligibility.texts import CriterionText, LimitText, VersionText

CriterionRows: Final = rows_of(CriterionForm)
ExceptionRows: Final = rows_of(ExceptionForm)
LiftRows: Final = rows_of(LiftForm)

HEADINGS: Final = {
    "applies": _("IF all of these hold"),
    "requires": _("Required, when the rule requires"),
    "lifts": _("Set aside, when the rule lifts"),
    "exceptions": _("UNLESS all rows of one exception hold"),
}

_FIELDS: Final = {
    "number": "code",
    "requires": "effect",
    "lifts": "effect",
    "condition": "condition_kind",
    "known_from": "known_from",
}
"""Where a fault of a part of the sentence stands, if the part has no field of its own name."""


@dataclass
class Sentence:
    """The form of a version with its rows."""

    owner: Institution
    form: VersionForm
    rows: dict[str, BaseRows]

    def is_valid(self) -> bool:
        """Whether every field holds something that it takes; all are looked at."""
        return all([self.form.is_valid(), *(rows.is_valid() for rows in self.rows.values())])

    def without_faults(self) -> None:
        """Show what was typed as it is: only the fields are brought up to date, nothing is judged yet."""
        sets: list[Any] = list(self.rows.values())
        for form in (cast("Any", self.form), *(form for rows in sets for form in rows.forms)):
            form.cleaned_data, form._errors = {}, ErrorDict()
        for rows in sets:
            rows._errors, rows._non_form_errors = [], ErrorList()

    @property
    def provision(self) -> Provision:
        """The place that is cited; only of a valid form."""
        return Provision.objects.select_related("instrument__owner").get(pk=self.form.cleaned_data["provision"])

    def text(self) -> VersionText:
        """What was written, as a text; only of a valid form."""
        typed = self.form.cleaned_data
        modes = tuple(mode.value for mode in Mode if mode.value in typed["modes"])
        return VersionText(
            number=1,
            title=typed["title"],
            provision=self.provision.reference,
            subject=typed["subject"],
            effect=typed["effect"],
            modes=modes,
            effective_from=typed["effective_from"],
            known_from=clock.start_of(typed["known_from"], self.owner),
            applies=self._criteria("applies"),
            requires=self._criteria("requires"),
            exceptions=self._exceptions(),
            required_count=typed["required_count"],
            required_count_setting=typed["required_count_setting"],
            condition_kind=typed["condition_kind"],
            condition_text=typed["condition_text"],
            condition_approver=typed["condition_approver"],
            limit=_limit(typed, modes),
            lifts=tuple(sorted((row.text() for row in self.rows["lifts"].written), key=lambda lift: lift.rule)),
        )

    def _criteria(self, part: str) -> tuple[CriterionText, ...]:
        return tuple(row.text() for row in self.rows[part].written)

    def _exceptions(self) -> tuple[tuple[CriterionText, ...], ...]:
        groups: dict[int, list[CriterionText]] = {}
        for row in self.rows["exceptions"].written:
            groups.setdefault(row.cleaned_data["group"], []).append(row.text())
        return tuple(tuple(groups[number]) for number in sorted(groups))

    def refuse(self, refusal: ValuesRefused) -> None:
        """Put each sentence of a refused act at the field or row it speaks of."""
        for part, sentences in refusal.faults.items():
            for sentence in sentences:
                self._refuse(part, sentence)

    def _refuse(self, part: str, sentence: str) -> None:
        name, _dot, number = part.partition(".")
        if number:
            self.rows[name].refuse(self._shown_row(name, int(number)), sentence)
            return
        field = _FIELDS.get(name, name)
        self.form.add_error(field if field in self.form.fields else None, sentence)

    def _shown_row(self, name: str, number: int) -> int:
        """The place of a row in the form: texts have exceptions in the order of numbers, lifts in that of rules."""
        rows = self.rows[name].written
        if name == "exceptions":
            order = sorted(range(len(rows)), key=lambda place: rows[place].cleaned_data["group"])
        elif name == "lifts":
            order = sorted(range(len(rows)), key=lambda place: rows[place].cleaned_data["rule"])
        else:
            order = list(range(len(rows)))
        return order[number] if number < len(order) else number


def _limit(typed: dict[str, Any], modes: tuple[str, ...]) -> LimitText | None:
    if not typed["limit"]:
        return None
    quantity, _sign, direction = typed["limit"].partition(":")
    members = typed["limit_weekdays"] if quantity == "weekdays" else typed["limit_places"]
    together = typed["limit_together"] or modes
    return LimitText(
        quantity=quantity,
        direction=direction,
        value=None if direction == "set" else typed["limit_value"],
        members=tuple(sorted(members)) if direction == "set" else (),
        together=tuple(mode.value for mode in Mode if mode.value in together),
        population=typed["limit_population"] or "all",
        per=typed["limit_per"] or "person",
        counting=typed["limit_counting"] or "any_day",
    )


def sentence(
    owner: Institution,
    data: QueryDict | None,
    *,
    code: str = "",
    provision: Provision | None = None,
    text: VersionText | None = None,
    today: date,
) -> Sentence:
    """The form with what was sent, else with what a text says, else blank; a code that is given is fixed."""
    initial = _initial(owner, text) if text else {"effective_from": today, "known_from": today}
    initial |= {"code": code} if code else {}
    initial |= {"provision": str(provision.pk)} if provision else {}
    form = VersionForm(data, owner=owner, fixed_code=bool(code), initial=initial)
    return Sentence(owner, form, _rows(owner, data, text))


def _rows(owner: Institution, data: QueryDict | None, text: VersionText | None) -> dict[str, BaseRows]:
    shown = _shown(text)
    kinds: tuple[tuple[str, Any, dict[str, Any]], ...] = (
        ("applies", CriterionRows, {"owner": owner}),
        ("requires", CriterionRows, {"owner": owner}),
        ("lifts", LiftRows, {"offered": offered_to(owner)}),
        ("exceptions", ExceptionRows, {"owner": owner}),
    )
    found = {}
    for name, kind, given in kinds:
        rows = kind(data, prefix=name, initial=shown[name], form_kwargs=given)
        rows.heading = HEADINGS[name]
        found[name] = rows
    return found


def _shown(text: VersionText | None) -> dict[str, list[dict[str, Any]]]:
    if text is None:
        return {"applies": [], "requires": [], "lifts": [], "exceptions": []}
    return {
        "applies": [initial_of(one) for one in text.applies],
        "requires": [initial_of(one) for one in text.requires],
        "lifts": [
            {"rule": one.rule, "enabling": f"{one.instrument}|{one.reference}" if one.instrument else ""}
            for one in text.lifts
        ],
        "exceptions": [initial_of(one, n) for n, group in enumerate(text.exceptions, 1) for one in group],
    }


def _initial(owner: Institution, text: VersionText) -> dict[str, Any]:
    names = ("title", "subject", "effect", "modes", "effective_from", "required_count", "required_count_setting")
    shown = {name: getattr(text, name) for name in (*names, "condition_kind", "condition_text", "condition_approver")}
    shown["modes"] = list(text.modes)
    shown["known_from"] = text.known_from.astimezone(clock.zone(owner)).date()
    if text.limit is not None:
        shown |= _initial_limit(text.limit)
    return shown


def _initial_limit(limit: LimitText) -> dict[str, Any]:
    members = "limit_weekdays" if limit.quantity == "weekdays" else "limit_places"
    return {
        "limit": f"{limit.quantity}:{limit.direction}",
        "limit_value": None if limit.value is None else Decimal(limit.value).normalize(),
        members: list(limit.members),
        "limit_together": list(limit.together),
        "limit_population": limit.population,
        "limit_per": limit.per,
        "limit_counting": limit.counting,
    }
