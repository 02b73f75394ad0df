"""What drafts of rules would do to granted arrangements: which rest on what changes, and which would no longer hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from itertools import islice

from django.db.models import Q, QuerySet

from agencies.models import Institution
from agencies.querysets import keys_in
from eligibility.arrangements.checks import Check
from eligibility.arrangements.examined import examined_again, judged_by, no_longer_held
from eligibility.arrangements.limit_checks import COUNTED_OVER_STAFF
from eligibility.arrangements.reexamination import AT_ONCE
from eligibility.drafts import DraftSpan
from eligibility.flips import FlipKind, Flips
from eligibility.models import Arrangement
from eligibility.rule_changes import RuleChanges, modes_of_gates
from eligibility.rulebook import Limit, Verdict


def touched_arrangements(institution: Institution, span: DraftSpan, flips: Flips) -> QuerySet[Arrangement]:
    """Those by which somebody works on a day of the span, in a form whose outcome or terms flip.

    Where a changed rule judges persons or requests, all in its forms.
    """
    rests = Q(mode__in=modes_of_gates(span.before, span.after, flips.changes))
    for mode, positions in flips.positions().items():
        rests |= Q(mode=mode, position__in=keys_in(positions))
    return Arrangement.objects.overlapping(span.on, span.until).filter(rests, institution=institution)


def ending_with_drafts(
    rows: Iterable[Arrangement], institution: Institution, span: DraftSpan, flips: Flips, known_at: datetime
) -> Mapping[int, tuple[Check, ...]]:
    """The checks for which each would be suspended with the drafts and would not be without them, by its key.

    What is looked at is what is left of its period in the span, as when arrangements are examined again.
    """
    again = partial(examined_again, institution=institution, on=span.on, at=known_at, until=span.until)
    alike = not counts_otherwise(flips.changes)
    found: dict[int, tuple[Check, ...]] = {}
    for some in _batches(rows):
        judged = again(some, rulebook=span.after)
        failing = {key: checks for key, one in judged.items() if (checks := no_longer_held(one.examination))}
        doubted = [row for row in some if row.pk in failing]
        without = {} if alike else again(doubted, rulebook=span.before)
        for key, checks in failing.items():
            held = judged_by(judged[key], span.before) if alike else without[key].examination
            # What does not hold without the drafts either is not their doing.
            if not no_longer_held(held):
                found[key] = checks
    return found


def counts_otherwise(changes: RuleChanges) -> bool:
    """Whether a limit that is counted over people changes, and so whom it is counted over."""
    effects = (rule.effect for rule in changes.before | changes.after)
    return any(isinstance(effect, Limit) and effect.quantity in COUNTED_OVER_STAFF for effect in effects)


def closed_by_job(touched: QuerySet[Arrangement], flips: Flips) -> QuerySet[Arrangement]:
    """Those whose job the drafts surely close in their form, whoever holds it."""
    closed = [flip for flip in flips.of(FlipKind.BOUNDS) if flip.after.best is Verdict.NOT_ELIGIBLE]
    rests = Q(pk__in=[])
    for mode, positions in Flips(flips.changes, closed).positions().items():
        rests |= Q(mode=mode, position__in=keys_in(positions))
    return touched.filter(rests)


def first_day(checks: Iterable[Check]) -> date:
    """The first day on which one of the checks fails."""
    return min(check.starts_on for check in checks)


def _batches(rows: Iterable[Arrangement]) -> Iterator[list[Arrangement]]:
    reading = iter(rows)
    while some := list(islice(reading, AT_ONCE)):
        yield some
