"""The Penetapan did not carry the approval: none, not in force, superseded, or stale by facts recorded before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from agencies.facts import gettext_noop
from agencies.models import FactRecord
from eligibility.arrangements.checks import Check, CheckKind
from eligibility.models import Approval, ApprovalSpan, Determination, DeterminationRevocation
from oversight.indications.definitions import Flag, Ground
from oversight.indications.facts_then import comes_out_otherwise
from oversight.stored_texts import UNREADABLE, stored_checks

_FAILED: Final = gettext_noop("Approved on %(approved)s although its own examination says:")
_NONE: Final = gettext_noop("Approved on %(approved)s; for the days from %(day)s on it rests on no Penetapan.")
_NOT_IN_FORCE: Final = gettext_noop(
    "Approved on %(approved)s on the Penetapan %(number)s, which by what was recorded by then does not hold for all "
    "days from %(day)s on."
)
_STALE: Final = gettext_noop(
    "Approved on %(approved)s on the Penetapan %(number)s, which facts recorded before would have decided otherwise."
)
_UNREADABLE: Final = gettext_noop(
    "Approved on %(approved)s on the Penetapan %(number)s. What is stored of that Penetapan cannot be read, so it is "
    "not known whether it was out of date: it was changed behind the portal, which its digest tells."
)
_KINDS: Final = (CheckKind.STALE, CheckKind.DETERMINATION)


def penetapan_stale(ground: Ground) -> Iterator[Flag]:
    """Approvals that no Penetapan in force and up to date carried, by what was recorded before each."""
    found: dict[int, Flag] = {}
    for flag in (*_own_words(ground), *_not_in_force(ground), *_decided_otherwise(ground)):
        if flag.arrangement is not None:
            found.setdefault(flag.arrangement, flag)
    yield from found.values()


def _own_words(ground: Ground) -> Iterator[Flag]:
    """Approvals whose stored examination has a failed check of the Penetapan; they should not have been given."""
    failed = Q(checks__contains='"state":"failed"') | Q(checks__contains='"state":"unknown"')
    rows = Approval.objects.filter(failed, arrangement__institution=ground.institution).order_by("pk")
    for row in rows.select_related("arrangement"):
        checks = tuple(check for check in stored_checks(row) if _of_penetapan(check))
        if checks:
            words = (("approved", row.at),)
            yield Flag(row.arrangement_id, row.arrangement.agency_id, _FAILED, words, checks[:1])


def _of_penetapan(check: Check) -> bool:
    return check.kind in _KINDS and not check.passed


_COLUMNS: Final = (
    "approval__arrangement_id",
    "approval__arrangement__agency_id",
    "approval__at",
    "starts_on",
    "determination__number",
)


def _not_in_force(ground: Ground) -> Iterator[Flag]:
    spans = ApprovalSpan.objects.filter(approval__arrangement__institution=ground.institution)
    late = Q(determination__recorded_at__gt=F("approval__at")) | Q(determination__effective_from__gt=F("starts_on"))
    over = Q(determination__last_day__lt=F("ends_on"))
    missing = Q(determination__isnull=True)
    rows = spans.filter(missing | late | over | Exists(_revoked()) | Exists(_superseding())).order_by("pk")
    for key, agency, at, day, number in rows.values_list(*_COLUMNS):
        words: tuple[tuple[str, str | date | datetime], ...] = (("approved", at), ("day", day))
        if number is None:
            yield Flag(key, agency, _NONE, words)
        else:
            yield Flag(key, agency, _NOT_IN_FORCE, (*words, ("number", number)))


def _revoked() -> QuerySet[Any]:
    return DeterminationRevocation.objects.filter(
        determination=OuterRef("determination"),
        recorded_at__lte=OuterRef("approval__at"),
        effective_from__lte=OuterRef("ends_on"),
    )


def _superseding() -> QuerySet[Any]:
    """Later determinations that cover the agency, or name the one relied on, known by then and effective by the end."""
    known = Determination.objects.filter(
        Q(revocation__isnull=True) | ~Q(revocation__effective_from__lte=F("effective_from")),
        recorded_at__lte=OuterRef("approval__at"),
        effective_from__lte=OuterRef("ends_on"),
    )
    newer = Q(effective_from__gt=OuterRef("determination__effective_from")) | Q(
        effective_from=OuterRef("determination__effective_from"), recorded_at__gt=OuterRef("determination__recorded_at")
    )
    own = OuterRef("approval__arrangement__agency")
    covering = Q(verification__grounds__agency=own, verification__grounds__unit__isnull=True)
    return known.filter((newer & covering) | Q(supersedes=OuterRef("determination")))


def _decided_otherwise(ground: Ground) -> Iterator[Flag]:
    """Approvals after a change of a task's fact with which deciding again gives something else; later ones aside."""
    changed = FactRecord.objects.filter(task__position=OuterRef("approval__arrangement__position"))
    before = changed.filter(
        recorded_at__gt=OuterRef("determination__verification__known_at"), recorded_at__lte=OuterRef("approval__at")
    )
    spans = ApprovalSpan.objects.filter(approval__arrangement__institution=ground.institution)
    rows = spans.filter(Exists(before), determination__isnull=False).order_by("pk")
    candidates = rows.values_list("pk", "approval__at").iterator(chunk_size=5000)
    yield from ground.examined(candidates, lambda candidate: _stale(candidate[0]))


def _stale(key: int) -> Flag | None:
    """The flag of a span whose position would be decided otherwise, or of which that cannot be known any more."""
    related = ("approval__arrangement", "determination__verification__rulebook")
    span = ApprovalSpan.objects.select_related(*related).get(pk=key)
    approval, determination = span.approval, span.determination
    assert determination is not None
    arrangement, words = approval.arrangement, (("approved", approval.at), ("number", determination.number))
    try:
        stale = comes_out_otherwise(determination.verification, arrangement.position_id, span.starts_on, approval.at)
    except UNREADABLE:
        return Flag(arrangement.pk, arrangement.agency_id, _UNREADABLE, words)
    return Flag(arrangement.pk, arrangement.agency_id, _STALE, words) if stale else None
