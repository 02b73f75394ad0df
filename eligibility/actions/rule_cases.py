"""Acts on the cases beside a rule: written and closed; one that is to say something else is written anew."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.errors import ValuesRefused
from agencies.models import Institution, User
from eligibility.case_runs import written
from eligibility.casework import WrittenCase
from eligibility.law_power import judging_cases_of
from eligibility.models import Rule, RuleCase
from eligibility.written_texts import case_columns


def write_case(
    *, actor: User, rule: Rule, institution: Institution, case: WrittenCase, at: datetime | None = None
) -> RuleCase:
    """Write a case beside a rule; the very case that is open already is answered as it is.

    Raises ValuesRefused: "title" for another open case of that title, "deciding" for codes of no rule,
    "institution" for one that the law of the rule's owner does not reach.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        owner = Institution.objects.held(rule.owner_id)
        kept = RuleCase.objects.filter(rule=rule, title=case.name, closed_at__isnull=True).first()
        if kept is not None and kept.institution_id == institution.pk and written(kept) == case:
            return kept
        _check(owner, institution, case, kept)
        row = RuleCase.objects.create(
            **case_columns(case), rule=rule, institution=institution, written_by=actor, recorded_at=moment
        )
        _recorded(actor, "rule_case_written", row, moment)
        return row


def close_case(*, actor: User, case: RuleCase, at: datetime | None = None) -> events.Receipt | None:
    """Let a case be tried no more; it stays to be read. None when it is closed already."""
    moment = at or timezone.now()
    with transaction.atomic():
        Institution.objects.held(case.rule.owner_id)
        row = RuleCase.objects.select_related("rule__owner").get(pk=case.pk)
        if row.closed_at is not None:
            return None
        row.closed_at = moment
        row.save(update_fields=["closed_at"])
        return _recorded(actor, "rule_case_closed", row, moment)


def _check(owner: Institution, institution: Institution, case: WrittenCase, kept: RuleCase | None) -> None:
    faults: dict[str, list[str]] = {}
    if institution not in judging_cases_of(owner):
        faults["institution"] = [_("The law of %(owner)s does not reach it.") % {"owner": owner.name}]
    if kept is not None:
        faults["title"] = [_("An open case of this rule has this title; choose another.")]
    known = Rule.objects.filter(code__in=case.deciding).values_list("code", flat=True)
    unknown = sorted(case.deciding - set(known))
    if unknown:
        sentence = _("There is no rule of this code: %(codes)s. Write codes of rules, one a line.")
        faults["deciding"] = [sentence % {"codes": ", ".join(unknown)}]
    if faults:
        raise ValuesRefused(faults)


def _recorded(actor: User, action: str, row: RuleCase, at: datetime) -> events.Receipt:
    return events.record(
        actor=actor,
        action=action,
        subject=row,
        institution=row.rule.owner,
        at=at,
        rule=row.rule.code,
        case=row.title,
    )
