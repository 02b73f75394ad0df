"""The page of what is wrong with the law of an institution itself, on a day, with or without the drafts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.forms.frame import DayField, WrittenForm
from agencies.models import Institution, Position, User
from eligibility.analysis import Finding, FindingKind
from eligibility.answers import naming_local_criteria
from eligibility.drafts import rulebook_with
from eligibility.explanations import MODE_LABELS, Translate, criterion_words, value_words
from eligibility.facts import FACTS
from eligibility.grounds import grounds
from eligibility.law_access import administered
from eligibility.law_admin.base import today
from eligibility.law_analysis import Example, LawAnalysis, analyse_law, read_facts
from eligibility.loading import NoLawInForce
from eligibility.loading import rulebook as rulebook_in_force
from eligibility.models import RuleVersion
from eligibility.models.instruments import Layer
from eligibility.rulebook import Lift, Mode

FINDING_LABELS = {
    FindingKind.CONTRADICTION: gettext_lazy("Contradictions: both can never be met"),
    FindingKind.NEVER: gettext_lazy("Rules that can never apply here"),
    FindingKind.OVERRULED: gettext_lazy("Rules that are always overruled"),
    FindingKind.OUTDONE: gettext_lazy("Rules overruled only because a norm of a lower layer is stricter"),
    FindingKind.IMPLIED: gettext_lazy("Criteria that the others of the same rule imply"),
}


class AnalysisForm(WrittenForm):
    """Whose law is looked at, on which day, and whether as if its drafts were published."""

    institution = forms.ChoiceField(label=gettext_lazy("Institution"))
    on = DayField(label=gettext_lazy("Day"))
    drafts = forms.BooleanField(label=gettext_lazy("As if the drafts were published"), required=False)

    def __init__(self, mine: list[Institution], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._mine = {one.code: one for one in mine}
        field = self.fields["institution"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.code, one.name) for one in mine]

    @property
    def chosen(self) -> Institution:
        """The institution of a valid form."""
        return self._mine[self.cleaned_data["institution"]]


@dataclass(frozen=True)
class RuleLine:
    """A rule with its provision; `shown`: it is in force and has a page in the institution."""

    code: str
    words: str
    shown: bool


@dataclass(frozen=True)
class FindingWords:
    """A finding: its rules, why it is one (nothing: the heading says it), the criterion at issue, where it shows."""

    rules: tuple[RuleLine, ...]
    why: str
    modes: str
    criterion: str
    position: Position | None
    made_up: bool
    values: tuple[str, ...]


def analysis_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """What is wrong with the law that the address names; without a valid address only the form."""
    assert isinstance(request.user, User), "the site lets nobody else in"
    mine = administered(request.user)
    first = {"institution": mine[0].code, "on": today(mine[0]).isoformat()}
    form = AnalysisForm(mine, request.GET if "on" in request.GET else first)
    shown: dict[str, Any] = {"form": form, "title": _("What is wrong with the law itself")}
    if form.is_valid():
        shown |= _found(form.chosen, form.cleaned_data["on"], with_drafts=form.cleaned_data["drafts"])
    return TemplateResponse(request, "eligibility/law_admin/analysis.html", {**context, **shown})


def _found(institution: Institution, on: date, *, with_drafts: bool) -> dict[str, Any]:
    now = timezone.now()
    drafts = _drafts(institution) if with_drafts else []
    try:
        rulebook = rulebook_with(institution, on, now, drafts)
    except NoLawInForce as refusal:
        return {"refusal": str(refusal)}
    found = analyse_law(institution, rulebook, grounds(institution, on, now))
    return {
        "looked_at": institution,
        "on": on,
        "parts": _parts(institution, found, _shown(institution, on, now) if drafts else set(rulebook.by_code)),
        "total": sum(one.kind is not FindingKind.OUTDONE for one in found.analysis.findings) + len(found.unspoken),
        "unspoken": [(_modes(modes), rows) for modes, rows in found.unspoken.items()],
        "unexamined": [
            (FINDING_LABELS[one.kind], [f"{r.code} ({r.citation})" for r in one.rules])
            for one in found.analysis.unexamined
        ],
        "examined": found.analysis.examined,
        "drafts": drafts,
    }


def _drafts(institution: Institution) -> list[RuleVersion]:
    rows = RuleVersion.objects.drafts().filter(rule__owner=institution)
    return list(rows.select_related("rule", "provision__instrument").order_by("rule__code"))


def _shown(institution: Institution, on: date, known_at: datetime) -> set[str]:
    """The codes of the rules in force without any draft."""
    try:
        return set(rulebook_in_force(institution, on, known_at).by_code)
    except NoLawInForce:
        return set()


def _parts(institution: Institution, found: LawAnalysis, shown: set[str]) -> list[tuple[Any, list[FindingWords]]]:
    """Every kind with its findings, those of which there is none too."""
    translate = naming_local_criteria(institution, _)
    words = [(one.kind, _words(one, found.examples.get(one), translate, shown)) for one in found.analysis.findings]
    return [(label, [one for of, one in words if of is kind]) for kind, label in FINDING_LABELS.items()]


def _words(finding: Finding, example: Example | None, translate: Translate, shown: set[str]) -> FindingWords:
    values = []
    for fact in read_facts(finding.rules) if example else ():
        value = example.cell.value(fact) if example else None
        if value is not None:
            values.append(f"{translate(FACTS[fact].label)}: {value_words(fact, value, translate)}")
    return FindingWords(
        rules=tuple(
            RuleLine(rule.code, f"{rule.code}: {rule.title} ({rule.citation})", rule.code in shown)
            for rule in finding.rules
        ),
        why=_why(finding),
        modes=_modes(finding.modes),
        criterion=criterion_words(finding.criterion, translate) if finding.criterion else "",
        position=example.position if example else None,
        made_up=example is not None and example.position is None,
        values=tuple(values),
    )


def _why(finding: Finding) -> str:
    """By what a rule is overruled, and whether that asks for anything."""
    over = finding.rules[1:]
    if finding.kind is FindingKind.OUTDONE:
        told = _(
            "%(rule)s (%(layer)s) is stricter wherever this rule speaks. A lower norm may be stricter, "
            "so the two agree; without it this rule would decide again."
        )
        return told % {"rule": over[0].code, "layer": Layer(over[0].citation.layer).label}
    if finding.kind is not FindingKind.OVERRULED:
        return ""
    if isinstance(over[0].effect, Lift):
        given = dict.fromkeys(one.effect.enabled_by for one in over if isinstance(one.effect, Lift))
        enabling = "; ".join(one for one in given if one)
        said = _("It is set aside wherever it speaks.")
        return f"{said} {_('Enabled by %(provision)s.') % {'provision': enabling}}" if enabling else said
    return _("%(rule)s is stricter wherever this rule speaks: it changes nothing.") % {"rule": over[0].code}


def _modes(modes: Iterable[Mode]) -> str:
    chosen = set(modes)
    return ", ".join(_(MODE_LABELS[mode]) for mode in Mode if mode in chosen)
