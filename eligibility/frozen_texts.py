"""Published law is frozen: where texts of files say something else than what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields

from django.utils.translation import gettext as _

from eligibility.models import Instrument, RuleVersion
from eligibility.seeds import version_place
from eligibility.stored_texts import (
    INSTRUMENT_FIELDS,
    differing,
    instruments_by_code,
    period_text,
    provision_text,
    scope_text,
    version_text,
    versions_by_identity,
)
from eligibility.texts import Fault, InstrumentText, VersionText


def frozen_faults(texts: Sequence[InstrumentText]) -> Iterator[Fault]:
    """Published law is frozen: every place where a file says something else than what is stored."""
    instruments = instruments_by_code(text.code for text in texts)
    versions = versions_by_identity(rule.code for text in texts for rule in text.rules)
    for text in texts:
        stored = instruments.get(text.code)
        if stored is not None:
            yield from instrument_differences(text, stored)
        yield from _version_faults(text, versions)


def instrument_differences(text: InstrumentText, stored: Instrument) -> Iterator[Fault]:
    """Every place where a file says of a published instrument something else than what is stored."""
    names = differing(text, stored, INSTRUMENT_FIELDS)
    names += ["owner"] if text.owner != stored.owner.code else []
    names += ["scopes"] if set(text.scopes) != set(map(scope_text, stored.scopes.all())) else []
    if names:
        sentence = _(
            "The instrument is published and cannot change (it differs in: %(names)s); restore it in the file."
        )
        yield Fault(text.source, "", sentence % {"names": ", ".join(names)})
    periods = {one.identity: one for one in map(period_text, stored.periods.all())}
    for period in text.periods:
        if periods.get(period.identity, period) != period:
            place = _("period %(day)s") % {"day": period.starts_on}
            sentence = _("A stored period cannot change; restore it in the file and add a further one.")
            yield Fault(text.source, place, sentence)
    provisions = {row.reference: provision_text(row) for row in stored.provisions.all()}
    for provision in text.provisions:
        if provisions.get(provision.reference, provision) != provision:
            place = _("provision “%(reference)s”") % {"reference": provision.reference}
            sentence = _("A stored provision cannot change; restore it in the file or add another place.")
            yield Fault(text.source, place, sentence)


def _version_faults(text: InstrumentText, versions: Mapping[tuple[str, int], RuleVersion]) -> Iterator[Fault]:
    for rule, version in text.versions():
        row = versions.get((rule.code, version.number))
        if row is None:
            continue
        names = version_differences(text, version, row)
        if names:
            place = version_place(rule.code, version.number)
            yield Fault(text.source, place, version_frozen(names))


def version_differences(text: InstrumentText, version: VersionText, row: RuleVersion) -> list[str]:
    """The names of the fields in which a version of an instrument is not the stored one."""
    names = differing(version, version_text(row), (field.name for field in fields(VersionText)))
    return names + (["instrument"] if row.provision.instrument.code != text.code else [])


def version_frozen(names: Sequence[str]) -> str:
    """Why a published version that a file has otherwise is refused."""
    sentence = _(
        "This version is published and cannot change (it differs in: %(names)s); "
        "restore it in the file and add the change as the next version."
    )
    return sentence % {"names": ", ".join(names)}
