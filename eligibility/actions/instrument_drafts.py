"""Acts on instruments before they are published, and on what may join them later: further places, ticks.

Everything hangs on a draft as its text says; with the change of a draft the reviews of its rules are taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import chain

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.digests import Leaf, gone, leaves
from agencies.errors import ActRefused, ValuesRefused
from agencies.models import Institution, User
from eligibility.checks import instrument_faults, issue_faults, overlap_faults, provision_faults
from eligibility.law_power import power_faults
from eligibility.models import Instrument, Provision, ProvisionVerification, RuleVersion
from eligibility.stored_texts import known_law, provision_text, says_so
from eligibility.texts import InstrumentText, ProvisionText
from eligibility.written_texts import period_row, write_instrument, write_provision, write_scopes


def draft_instrument(
    *, actor: User, institution: Institution, text: InstrumentText, at: datetime | None = None
) -> Instrument:
    """Write a draft of an instrument with its periods, scope and places; its rules come as drafts of their own.

    The very draft that is there already is answered as it is. Raises ValuesRefused by field (`periods.0`,
    `scopes.1`, `provisions.2`) for what cannot be and for what the institution may not write.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        owner = Institution.objects.held(institution.pk)
        there = Instrument.objects.filter(code=text.code).first()
        if there is not None:
            if there.is_draft and there.owner == owner and says_so(there, text):
                return there
            raise ValuesRefused({"code": [_("An instrument of this code is recorded already; choose another code.")]})
        _check(owner, text, moment)
        row = Instrument(code=text.code, owner=owner, drafted_by=actor)
        _write(row, text)
        _recorded(actor, "instrument_drafted", row, moment)
        return row


def change_instrument(
    *, actor: User, instrument: Instrument, text: InstrumentText, at: datetime | None = None
) -> events.Receipt | None:
    """Let a drafted instrument say something else; its code stays. None when it says so already.

    Raises ActRefused for what is published and where a place goes that a rule cites, ValuesRefused as
    `draft_instrument`.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        row = _held_draft(instrument)
        if says_so(row, text):
            return None
        _check(row.owner, text, moment)
        removed = _clear(row, text)
        row.drafted_by = actor
        _write(row, text)
        RuleVersion.objects.drafts().filter(provision__instrument=row).update(reviewed_by=None, reviewed_at=None)
        return _recorded(actor, "instrument_draft_changed", row, moment, removed)


def discard_instrument(*, actor: User, instrument: Instrument, at: datetime | None = None) -> events.Receipt | None:
    """Throw a drafted instrument away. None when it is gone. Raises ActRefused while it has rules or is published."""
    moment = at or timezone.now()
    with transaction.atomic():
        owner = Institution.objects.held(instrument.owner_id)
        row = Instrument.objects.filter(pk=instrument.pk).first()
        if row is None:
            return None
        _refuse_published(row)
        if RuleVersion.objects.filter(provision__instrument=row).exists():
            raise ActRefused(_("Drafts of rules come from it; discard them first."))
        if ProvisionVerification.objects.filter(provision__instrument=row).exists():
            raise ActRefused(
                _("Places of it were compared with the official text, and that stays; keep it as a draft.")
            )
        parts = (*row.scopes.all(), *row.periods.all(), *row.provisions.all())
        removed = [gone(part) for part in (*parts, row)]
        for part in parts:
            part.delete()
        code = row.code
        row.delete()
        return events.record(
            actor=actor, action="instrument_draft_discarded", subject=owner, at=moment, leaves=removed, code=code
        )


def add_provision(*, actor: User, instrument: Instrument, text: ProvisionText, at: datetime | None = None) -> Provision:
    """Add a citable place to an instrument that is published; the very place that is there is answered as it is.

    Raises ValuesRefused by field.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        Institution.objects.held(instrument.owner_id)
        row = Instrument.objects.select_related("owner").get(pk=instrument.pk)
        if row.is_draft:
            raise ActRefused(_("This instrument is a draft; add the place in its form."))
        there = next((one for one in row.provisions.all() if provision_text(one) == text), None)
        if there is not None:
            return there
        faults: dict[str, list[str]] = {}
        for field, sentence in provision_faults(text, row.layer):
            faults.setdefault(field, []).append(sentence)
        if faults:
            raise ValuesRefused(faults)
        added = Provision(instrument=row)
        write_provision(added, text)
        events.record(
            actor=actor,
            action="provision_added",
            subject=added,
            institution=row.owner,
            at=moment,
            instrument=row.code,
            reference=added.reference,
        )
        return added


def verify_provision(
    *, actor: User, provision: Provision, note: str, at: datetime | None = None
) -> events.Receipt | None:
    """Record that the actor compared a place with the official text. None where she has said the same of it."""
    moment = at or timezone.now()
    with transaction.atomic():
        owner = Institution.objects.held(provision.instrument.owner_id)
        if provision.verifications.filter(verified_by=actor, note=note.strip()).exists():
            return None
        row = checked(
            ProvisionVerification(provision=provision, verified_by=actor, verified_at=moment, note=note.strip())
        )
        row.save()
        return events.record(
            actor=actor,
            action="provision_verified",
            subject=row,
            institution=owner,
            at=moment,
            instrument=provision.instrument.code,
            reference=provision.reference,
        )


def _check(owner: Institution, text: InstrumentText, at: datetime) -> None:
    faults: dict[str, list[str]] = {}
    found = (
        instrument_faults(text, known_law()),
        power_faults(owner, text),
        overlap_faults(text),
        issue_faults(text, at),
    )
    for part, sentence in chain(*found):
        faults.setdefault(part, []).append(sentence)
    if faults:
        raise ValuesRefused(faults)


def _clear(row: Instrument, text: InstrumentText) -> list[Leaf]:
    """Remove what the text does not have any more; the leaves that say so. Places that are cited or verified stay."""
    kept = {one.reference: one for one in text.provisions}
    removed: list[Leaf] = []
    for part in (*row.scopes.all(), *row.periods.all()):
        removed.append(gone(part))
        part.delete()
    for place in row.provisions.all():
        same = kept.get(place.reference)
        if same == provision_text(place):
            continue
        if place.verifications.exists():
            raise ActRefused(_("“%s” was compared with the official text and stays as it is.") % place.reference)
        if same is None:
            _refuse_cited(place)
            removed.append(gone(place))
            place.delete()
    return removed


def _refuse_cited(place: Provision) -> None:
    cited = place.rule_versions.select_related("rule").first()
    if cited is not None:
        sentence = _("The rule %(rule)s cites “%(place)s”; change the rule first.")
        raise ActRefused(sentence % {"rule": cited.rule.code, "place": place.reference})


def _write(row: Instrument, text: InstrumentText) -> None:
    write_instrument(row, text)
    write_scopes(row, text.scopes)
    for period in text.periods:
        period_row(period, row).save()
    stored = {place.reference: place for place in row.provisions.all()}
    for one in text.provisions:
        # The same row where there is one, so that rules go on citing it.
        place = stored.get(one.reference) or Provision(instrument=row)
        write_provision(place, one)


def _held_draft(instrument: Instrument) -> Instrument:
    """The draft, held with its institution. Raises ActRefused where it is published or gone."""
    Institution.objects.held(instrument.owner_id)
    row = Instrument.objects.select_related("owner").filter(pk=instrument.pk).first()
    if row is None:
        raise ActRefused(_("This draft was discarded in the meantime."))
    _refuse_published(row)
    return row


def _refuse_published(row: Instrument) -> None:
    if not row.is_draft:
        raise ActRefused(_("This instrument is published and stays as it is; extend or end it, or add a place."))


def _recorded(actor: User, action: str, row: Instrument, at: datetime, removed: Iterable[Leaf] = ()) -> events.Receipt:
    """The trail entry with the leaves of everything that hangs on the instrument, its own apart."""
    parts = chain(removed, leaves(row.periods.all()), leaves(row.provisions.all()))
    return events.record(
        actor=actor, action=action, subject=row, institution=row.owner, at=at, leaves=parts, code=row.code
    )
