"""The act on a setting: what an institution says where the law leaves a point open, from a day on."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.errors import ActRefused
from agencies.facts import Kind
from agencies.models import Document, Institution, User
from eligibility.local_settings import SETTINGS, LocalSetting, SettingValue, plain
from eligibility.models import InstitutionSetting
from eligibility.texts import typed


def set_setting(
    *,
    actor: User | None,
    institution: Institution,
    name: str,
    value: SettingValue,
    valid_from: date,
    source: str,
    document: Document | None = None,
    at: datetime | None = None,
) -> events.Receipt | None:
    """Record what an open point of the law is in the institution from a day on; earlier values stay.

    Nothing is written, and None returned, when the value in force from that very day is this on this basis.
    Raises ActRefused, at its field, for a value the setting cannot take.
    """
    moment = at or timezone.now()
    stored = _storable(_known(name), value)
    if document is not None and document.institution_id != institution.pk:
        raise ActRefused(_("This document is not of this institution; choose one of the list."), "document")
    with transaction.atomic():
        # Held until the end, so that of two that are sent at once the second sees the first.
        held = Institution.objects.held(institution.pk)
        row = InstitutionSetting(institution=held, name=name, value=stored, valid_from=valid_from, known_from=moment)
        row.source, row.document = source.strip(), document
        before = held.settings.in_force(valid_from, moment).get(name)
        if before and _says_the_same(before, row):
            return None
        checked(row).save()
        return _recorded(actor, row, before, moment)


def _recorded(
    actor: User | None, row: InstitutionSetting, before: InstitutionSetting | None, at: datetime
) -> events.Receipt:
    """The trail entry; the source stays with its row, because it may name people."""
    kind = SETTINGS[row.name].kind
    return events.record(
        actor=actor,
        action="setting_recorded",
        subject=row,
        at=at,
        setting=row.name,
        before=plain(typed(kind, before.value)) if before else None,
        after=plain(typed(kind, row.value)),
        valid_from=row.valid_from,
    )


def _known(name: str) -> LocalSetting:
    if name not in SETTINGS:
        sentence = _("“%(name)s” is no open point that the portal knows; choose one of the list.")
        raise ActRefused(sentence % {"name": name})
    return SETTINGS[name]


def _says_the_same(one: InstitutionSetting, other: InstitutionSetting) -> bool:
    names = ("value", "valid_from", "source", "document_id")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _storable(setting: LocalSetting, value: SettingValue) -> object:
    """The value as JSON keeps it; refused where it is no value of the setting."""
    fault = _fault(setting, value)
    if fault:
        raise ActRefused(fault, "value")
    if isinstance(value, frozenset):
        return [code for code in setting.codes if code in value]
    return int(value) if isinstance(value, Decimal) else value.strip() if isinstance(value, str) else value


def _fault(setting: LocalSetting, value: SettingValue) -> str:
    """What is wrong with a value, as a sentence; empty if nothing is."""
    if setting.kind is Kind.NUMBER:
        return _fault_of_number(setting, value)
    if setting.kind is Kind.SET:
        return _fault_of_set(setting, value)
    if setting.kind is Kind.CHOICE:
        return "" if value in setting.codes else _("This is none of the choices; choose one of the list.")
    if setting.kind is Kind.YES_NO:
        return "" if isinstance(value, bool) else _("Say yes or no.")
    if not isinstance(value, str) or not value.strip():
        return _("Write a text.")
    return "" if len(value) <= 100 else _("At most 100 characters; shorten the text.")


def _fault_of_number(setting: LocalSetting, value: SettingValue) -> str:
    whole = isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value()
    if isinstance(value, Decimal) and whole and setting.least <= value <= setting.most:
        return ""
    sentence = _("Write a whole number from %(least)s to %(most)s.")
    return sentence % {"least": setting.least, "most": setting.most}


def _fault_of_set(setting: LocalSetting, value: SettingValue) -> str:
    if not isinstance(value, frozenset) or not value or not value <= set(setting.codes):
        return _("Choose at least one of the list.")
    missing = [_(choice.label) for choice in setting.choices if choice.code in setting.needed - value]
    if missing:
        return _("This can never be left out: %(names)s. Choose it as well.") % {"names": ", ".join(missing)}
    return ""
