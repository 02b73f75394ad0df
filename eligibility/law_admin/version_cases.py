"""The pages of the cases beside a rule: what comes of each, which criteria they show, one written, one closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.errors import ValuesRefused
from eligibility.actions import rule_cases
from eligibility.case_runs import case_sentence, covered, open_cases, runs_of
from eligibility.casework import CriterionCoverage
from eligibility.explanations import criterion_words
from eligibility.forms.law.cases import WritingCase, writing_case
from eligibility.law_access import administered, get_own_version
from eligibility.law_admin.base import Asking, LawAdmin, section, today
from eligibility.law_power import judging_cases_of
from eligibility.models import RuleVersion


class VersionCases(LawAdmin):
    """The cases of the rule of a version, tried with that version."""

    def case_pages(self) -> Sequence[tuple[str, str, Callable[..., HttpResponseBase]]]:
        """The list with the form, and closing one."""
        return (
            ("<int:pk>/kasus/", "cases", self.cases),
            ("<int:pk>/kasus/<int:case>/tutup/", "close_case", self.close_case),
        )

    def cases(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """What comes of the open cases, and the form for another."""
        row = get_own_version(request.user, pk)
        owner = row.rule.owner
        reached = judging_cases_of(owner)
        sent = request.POST if request.method == "POST" else None
        now, drafts = timezone.now(), [row] if row.is_draft else []
        form = writing_case(reached, administered(request.user), sent, today(owner), now)
        if "_save" in request.POST and form.is_valid() and self._saved(request, row, form):
            return redirect(self.address("cases", pk))
        runs = list(runs_of(open_cases([row.rule_id]), now, drafts))
        fields = form.form
        says = ("title", "institution", ("on", "mode"), ("position", "task"), "outcome", "deciding")
        return self.show(
            request,
            "eligibility/law_admin/version_cases.html",
            _("Cases of %(name)s") % {"name": row},
            original=row,
            results=[(run, case_sentence(run)) for run in runs],
            covered=_in_words(covered(row, [run.row for run in runs], now, reached)),
            closed=row.rule.cases.filter(closed_at__isnull=False),
            sections=(section(fields, _("The case and what is expected"), says, form.rows),),
            form=fields,
            taken="_take" in request.POST and fields.stands is not None,
            errors=bool(sent) and not (fields.is_valid() and ("_take" in request.POST or form.is_valid())),
        )

    def _saved(self, request: HttpRequest, row: RuleVersion, form: WritingCase) -> bool:
        try:
            case = rule_cases.write_case(
                actor=self.user(request), rule=row.rule, institution=form.institution, case=form.case()
            )
        except ValuesRefused as refusal:
            form.refuse(refusal)
            return False
        self.say(request, _("The case “%(name)s” is saved.") % {"name": case})
        return True

    def close_case(self, request: HttpRequest, pk: int, case: int) -> HttpResponseBase:
        """Let a case be tried no more."""
        row = get_own_version(request.user, pk)
        found = open_cases([row.rule_id]).filter(pk=case).select_related("rule").first()
        if found is None:
            raise Http404
        back = self.address("cases", pk)

        def act() -> str:
            rule_cases.close_case(actor=self.user(request), case=found)
            self.say(request, _("The case “%(name)s” is closed.") % {"name": found})
            return back

        lead = _("A closed case is tried no more and no longer stands in the way of publication; it stays to be read.")
        asking = Asking(_("Close the case “%(name)s”") % {"name": found}, lead, _("Close the case"), back)
        return self.ask(request, asking, act, original=row)


def _in_words(found: Sequence[CriterionCoverage] | None) -> list[tuple[str, CriterionCoverage]] | None:
    return None if found is None else [(criterion_words(one.criterion, _), one) for one in found]
