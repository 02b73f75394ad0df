"""Acts on drafts of rules: written, cloned, changed, discarded, reviewed by somebody else.

A draft is no history: it may be changed and thrown away, and decides nothing before it is published.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import clock, events
from agencies.digests import gone
from agencies.errors import ActRefused, ValuesRefused
from agencies.models import Institution, User
from eligibility.models import Instrument, Provision, Rule, RuleVersion
from eligibility.stored_texts import instrument_text, known_law, version_text
from eligibility.texts import VersionText
from eligibility.version_checks import version_faults
from eligibility.written_texts import write_version


def draft_version(
    *, actor: User, instrument: Instrument, code: str, text: VersionText, at: datetime | None = None
) -> RuleVersion:
    """Write a draft of a new rule of that code, or of the next version of the one there is.

    The number is given here, whatever the text says. The very draft that is open already is answered as it is.
    Raises ValuesRefused, by the part of the sentence, for what cannot be; "code" for a rule of somebody else
    and for one that has another draft open.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        owner = Institution.objects.held(instrument.owner_id)
        rule = Rule.objects.filter(code=code).first()
        if rule is not None and rule.owner_id != owner.pk:
            raise ValuesRefused({"code": [_("A rule of another institution has this code; choose another.")]})
        numbered = replace(text, number=_next_number(rule))
        opened = rule.versions.drafts().first() if rule is not None else None
        if opened is not None:
            return _the_same(opened, instrument, numbered)
        _check(instrument, numbered)
        row = RuleVersion(rule=rule or Rule.objects.create(code=code, owner=owner), number=numbered.number)
        _write(row, actor, instrument, numbered)
        _recorded(actor, "rule_drafted", row, moment)
        return row


def clone_version(*, actor: User, version: RuleVersion, at: datetime | None = None) -> RuleVersion:
    """Write the next version of a rule as a draft that says what this one says, effective and known from today.

    Raises ValuesRefused at "code" where the rule has another draft open.
    """
    moment = at or timezone.now()
    today = moment.astimezone(clock.zone(version.rule.owner)).date()
    text = replace(
        version_text(version),
        effective_from=max(today, version.effective_from),
        known_from=clock.start_of(today, version.rule.owner),
    )
    instrument = version.provision.instrument
    return draft_version(actor=actor, instrument=instrument, code=version.rule.code, text=text, at=moment)


def change_draft(
    *, actor: User, version: RuleVersion, instrument: Instrument, text: VersionText, at: datetime | None = None
) -> events.Receipt | None:
    """Let a draft say something else; a review that it had is taken back. None when it says so already.

    Raises ActRefused for what is published, ValuesRefused, by the part of the sentence, for what cannot be.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        row = _held_draft(version)
        numbered = replace(text, number=row.number)
        if instrument == row.provision.instrument and version_text(row) == numbered:
            return None
        if instrument.owner_id != row.rule.owner_id:
            raise ValuesRefused({"provision": [_("A rule rests on an instrument of its own institution.")]})
        _check(instrument, numbered)
        reviewed = row.reviewed_at is not None
        _write(row, actor, instrument, numbered)
        return _recorded(actor, "rule_draft_changed", row, moment, review_taken_back=reviewed)


def discard_draft(*, actor: User, version: RuleVersion, at: datetime | None = None) -> events.Receipt | None:
    """Throw a draft away, and its rule with it where that has no other version. None when it is gone already.

    Raises ActRefused for what is published, and where a lift names the rule.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        Institution.objects.held(version.rule.owner_id)
        row = RuleVersion.objects.select_related("rule", "provision__instrument__owner").filter(pk=version.pk).first()
        if row is None:
            return None
        _refuse_published(row)
        rule, instrument = row.rule, row.provision.instrument
        alone = rule.versions.count() == 1
        if alone and rule.lifted_by.exclude(version=row).exists():
            raise ActRefused(_("Another draft lifts this rule; change that one first."))
        code, number = rule.code, row.number
        thrown = [gone(case) for case in rule.cases.all()] if alone else []
        row.delete()
        if alone:
            rule.delete()
        return events.record(
            actor=actor,
            action="rule_draft_discarded",
            subject=instrument,
            institution=instrument.owner,
            at=moment,
            leaves=thrown,
            rule=code,
            number=number,
        )


def review_version(*, actor: User, version: RuleVersion, at: datetime | None = None) -> events.Receipt | None:
    """Say that a draft is as it should be: somebody else than who wrote it last. None when it is reviewed.

    Raises ActRefused for the writer herself, and for what is published.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        row = _held_draft(version)
        if row.reviewed_at is not None:
            return None
        if row.drafted_by_id == actor.pk:
            raise ActRefused(_("You wrote this draft last, so somebody else reviews it; ask a second administrator."))
        row.reviewed_by, row.reviewed_at = actor, moment
        row.save(update_fields=["reviewed_by", "reviewed_at"])
        return _recorded(actor, "rule_reviewed", row, moment)


def _next_number(rule: Rule | None) -> int:
    if rule is None:
        return 1
    published = rule.versions.published().aggregate(most=Max("number"))["most"]
    return (published or 0) + 1


def _the_same(opened: RuleVersion, instrument: Instrument, text: VersionText) -> RuleVersion:
    if opened.provision.instrument_id == instrument.pk and version_text(opened) == replace(text, number=opened.number):
        return opened
    sentence = _("This rule has a draft open (version %(number)d); change that one, or discard it first.")
    raise ValuesRefused({"code": [sentence % {"number": opened.number}]})


def _check(instrument: Instrument, text: VersionText) -> None:
    faults: dict[str, list[str]] = {}
    for part, sentence in version_faults(text, instrument_text(instrument), known_law()):
        faults.setdefault(part, []).append(sentence)
    if faults:
        raise ValuesRefused(faults)


def _write(row: RuleVersion, actor: User, instrument: Instrument, text: VersionText) -> None:
    row.provision = Provision.objects.get(instrument=instrument, reference=text.provision)
    row.drafted_by, row.reviewed_by, row.reviewed_at = actor, None, None
    named = Rule.objects.filter(code__in=[lift.rule for lift in text.lifts])
    write_version(row, text, {rule.code: rule for rule in named})


def _held_draft(version: RuleVersion) -> RuleVersion:
    """The draft, held with its institution. Raises ActRefused where it is published or gone."""
    Institution.objects.held(version.rule.owner_id)
    row = RuleVersion.objects.select_related("rule__owner", "provision__instrument").filter(pk=version.pk).first()
    if row is None:
        raise ActRefused(_("This draft was discarded in the meantime."))
    _refuse_published(row)
    return row


def _refuse_published(row: RuleVersion) -> None:
    if row.published_at is not None:
        raise ActRefused(_("This version is published and stays as it is; write the next version instead."))


def _recorded(actor: User, action: str, row: RuleVersion, at: datetime, **details: Any) -> events.Receipt:
    """The trail entry; what a draft says is no history and stays out of it."""
    return events.record(
        actor=actor,
        action=action,
        subject=row,
        institution=row.rule.owner,
        at=at,
        rule=row.rule.code,
        number=row.number,
        **details,
    )
