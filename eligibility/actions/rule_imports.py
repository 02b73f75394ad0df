"""The act by which the law of a file lands as drafts; from then on each draft lives by its own acts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.digests import Leaf, leaves
from agencies.errors import ActRefused
from agencies.models import Institution, User
from eligibility.actions.law import RulesRefused
from eligibility.arrivals import COMING, Arrival, Arriving, arrival, owners_of
from eligibility.exchange import Received
from eligibility.models import Instrument, InstrumentPeriod, Provision, Rule, RuleVersion
from eligibility.stored_texts import instruments_by_code
from eligibility.texts import InstrumentText
from eligibility.written_texts import period_row, provision_row, write_instrument, write_new_versions, write_scopes


class ArrivalChanged(ActRefused):
    """What would be done now is not what was shown."""


def import_rules(
    *, actor: User, institution: Institution, received: Received, seen: str = "", at: datetime | None = None
) -> events.Receipt | None:
    """Store as drafts what a file holds of the law of an institution and what is not here yet; all of it or nothing.

    None where everything is here already. `seen` is the digest of the arrival that was shown. Raises RulesRefused
    with every fault, ArrivalChanged where something else would be done than was shown, and ActRefused where something
    that is here says otherwise.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        owner = Institution.objects.held(institution.pk)
        found = _sound(owner, received, moment)
        if not found.changes_something:
            return None
        if seen and found.digest != seen:
            raise ArrivalChanged(_("Something changed here since you looked at the file. Look again, then confirm."))
        written, versions = _stored(actor, owner, found)
        return events.record(
            actor=actor,
            action="rules_imported",
            subject=owner,
            at=moment,
            leaves=written,
            file=received.digest,
            signed_by=received.public_key,
            instruments=[one.text.code for one in found.instruments if one.state == Arriving.NEW],
            versions=versions,
        )


def _sound(owner: Institution, received: Received, at: datetime) -> Arrival:
    if owners_of(received.texts) != [owner.code]:
        raise ActRefused(_("The file does not hold the law of %(owner)s alone.") % {"owner": owner.name})
    found = arrival(owner, received.texts, at)
    if found.faults:
        raise RulesRefused(found.faults)
    if found.is_refused:
        raise ActRefused(_("Something that is here says otherwise than the file; nothing of it is stored."))
    return found


def _stored(actor: User, owner: Institution, found: Arrival) -> tuple[Iterator[Leaf], list[str]]:
    """Write what is new; the leaves of the rows that the trail answers for, and the versions as they are called.

    Instruments and their places come first, because rules and lifts refer to them, then all rules.
    """
    places = Provision.objects.filter(instrument__owner=owner)
    there = set(places.values_list("pk", flat=True))
    new = [_new_instrument(actor, owner, one.text) for one in found.instruments if one.state == Arriving.NEW]
    rows = instruments_by_code(one.text.code for one in found.instruments)
    further = [provision_row(text, rows[one.text.code]) for one in found.instruments for text in one.places]
    Provision.objects.bulk_create(further)
    versions = _new_versions(actor, owner, found)
    written = (
        leaves(Instrument.objects.filter(pk__in=[row.pk for row in new])),
        leaves(InstrumentPeriod.objects.filter(instrument__in=new)),
        leaves(places.exclude(pk__in=there)),
    )
    return chain(*written), versions


def _new_instrument(actor: User, owner: Institution, text: InstrumentText) -> Instrument:
    row = Instrument(code=text.code, owner=owner, drafted_by=actor)
    write_instrument(row, text)
    write_scopes(row, text.scopes)
    InstrumentPeriod.objects.bulk_create(period_row(one, row) for one in text.periods)
    Provision.objects.bulk_create(provision_row(one, row) for one in text.provisions)
    return row


def _new_versions(actor: User, owner: Institution, found: Arrival) -> list[str]:
    coming = [(one.text.code, v) for one in found.instruments for v in one.versions if v.state in COMING]
    codes = {version.rule for _instrument, version in coming}
    there = set(Rule.objects.filter(code__in=codes).values_list("code", flat=True))
    Rule.objects.bulk_create(Rule(code=code, owner=owner) for code in sorted(codes - there))
    named = {lift.rule for _instrument, version in coming for lift in version.text.lifts}
    rules = {rule.code: rule for rule in Rule.objects.filter(code__in=codes | named)}
    cited = Provision.objects.filter(instrument__code__in={code for code, _version in coming})
    places = {(row.instrument.code, row.reference): row for row in cited.select_related("instrument")}
    written = [
        (
            RuleVersion(
                rule=rules[one.rule],
                number=one.text.number,
                provision=places[code, one.text.provision],
                drafted_by=actor,
            ),
            one.text,
        )
        for code, one in coming
    ]
    write_new_versions(written, rules)
    return [str(row) for row, _text in written]
