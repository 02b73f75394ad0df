"""Acts by which drafts become law of the portal, and by which a rule ends; nothing here can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.digests import Leaf, leaves
from agencies.errors import ActRefused
from agencies.models import Institution, User
from eligibility.models import Instrument, InstrumentPeriod, Provision, Rule, RuleRepeal, RuleVersion
from eligibility.publication import PublicationRefused, publication_faults


def publish_versions(
    *, actor: User, versions: Iterable[RuleVersion], at: datetime | None = None
) -> events.Receipt | None:
    """Publish reviewed drafts together, and the drafted instruments they come from: from then on they are frozen.

    They must be of one institution. None where all of them are published. Raises PublicationRefused with every
    reason at its place; then nothing of them is published.
    """
    moment = at or timezone.now()
    asked = list(versions)
    with transaction.atomic():
        owner = _one_owner(asked)
        rows = list(_drafts().filter(pk__in=[version.pk for version in asked]).order_by("rule__code"))
        if not rows and RuleVersion.objects.filter(pk__in=[version.pk for version in asked]).count() == len(asked):
            return None
        if not rows:
            raise ActRefused(_("These drafts were discarded in the meantime."))
        faults = publication_faults(rows, moment)
        if faults:
            raise PublicationRefused(faults)
        instruments = [found for found in {row.provision.instrument for row in rows} if found.is_draft]
        for instrument in instruments:
            _close(instrument, moment)
        for row in rows:
            row.published_at = row.recorded_at = moment
            row.save(update_fields=["published_at", "recorded_at"])
        return events.record(
            actor=actor,
            action="rules_published",
            subject=owner,
            at=moment,
            leaves=chain(_leaves_of(rows), _instrument_leaves(instruments)),
            versions=[f"{row.rule.code} v{row.number}" for row in rows],
            instruments=sorted(instrument.code for instrument in instruments),
        )


def publish_instrument(*, actor: User, instrument: Instrument, at: datetime | None = None) -> events.Receipt | None:
    """Publish a drafted instrument without rules, which opens the gate of approval: somebody else than who drafted it.

    None where it is published. Raises ActRefused for who drafted it, and for one that does not implement: that
    is published with its first rule.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        Institution.objects.held(instrument.owner_id)
        row = Instrument.objects.select_related("owner").get(pk=instrument.pk)
        if not row.is_draft:
            return None
        if row.drafted_by_id == actor.pk:
            raise ActRefused(_("You drafted this instrument, so somebody else publishes it."))
        if not row.implementing:
            raise ActRefused(_("It holds no rule that is published; publish it together with its first rule."))
        if row.known_from > moment:
            raise ActRefused(_("The day from which it is known is still to come; publish it then."))
        if not row.periods.exists():
            raise ActRefused(_("The instrument has no period and would never be in force; add one."))
        _close(row, moment)
        return events.record(
            actor=actor,
            action="instrument_published",
            subject=row,
            institution=row.owner,
            at=moment,
            leaves=_instrument_leaves([row]),
            code=row.code,
        )


def repeal_rule(
    *,
    actor: User,
    rule: Rule,
    effective_from: date,
    basis: str,
    known_from: datetime | None = None,
    at: datetime | None = None,
) -> events.Receipt | None:
    """Record that a rule no longer applies from a day on. None where it does not from that day or an earlier one.

    `known_from`: when the world could know of it; the moment of recording where it is not given.
    Raises ActRefused at its field for a rule that was never published, and for a moment still to come.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        Institution.objects.held(rule.owner_id)
        if not rule.versions.published().exists():
            raise ActRefused(_("Nothing of this rule is published; discard its draft instead."))
        if rule.repeals.filter(effective_from__lte=effective_from).exists():
            return None
        if known_from is not None and known_from > moment:
            raise ActRefused(_("This day is still to come; a repeal is recorded once it is known."), "known_from")
        known = known_from or moment
        row = RuleRepeal(rule=rule, effective_from=effective_from, basis=basis.strip(), known_from=known)
        checked(row).save()
        return events.record(
            actor=actor,
            action="rule_repealed",
            subject=row,
            institution=rule.owner,
            at=moment,
            rule=rule.code,
            effective_from=effective_from,
        )


def _one_owner(versions: Sequence[RuleVersion]) -> Institution:
    owners = {version.rule.owner_id for version in versions}
    if len(owners) != 1:
        raise ActRefused(_("Choose drafts of one institution; each institution publishes its own."))
    return Institution.objects.held(owners.pop())


def _drafts() -> QuerySet[RuleVersion]:
    return RuleVersion.objects.drafts().select_related("rule__owner", "provision__instrument__owner")


def _close(instrument: Instrument, at: datetime) -> None:
    """Publish a drafted instrument; it counts as recorded now, so that nobody is held to what was only drafted."""
    instrument.periods.update(recorded_at=at)
    instrument.published_at = instrument.recorded_at = at
    instrument.save(update_fields=["published_at", "recorded_at"])


def _leaves_of(rows: Sequence[RuleVersion]) -> Iterator[Leaf]:
    return leaves(RuleVersion.objects.filter(pk__in=[row.pk for row in rows]))


def _instrument_leaves(rows: Sequence[Instrument]) -> Iterator[Leaf]:
    keys = [row.pk for row in rows]
    yield from leaves(Instrument.objects.filter(pk__in=keys))
    yield from leaves(InstrumentPeriod.objects.filter(instrument__in=keys).order_by("pk"))
    yield from leaves(Provision.objects.filter(instrument__in=keys).order_by("pk"))
