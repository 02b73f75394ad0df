"""What must hold of an instrument and its rules before they are stored.

The checks of texts say every fault at once, each with its place and the way out; loading and the
admin call the same ones. What a rule says is checked in `version_checks.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from agencies.facts import AGENCY_KINDS, INSTITUTION_KINDS, Choice
from eligibility.case_texts import check_case
from eligibility.models import Instrument, InstrumentPeriod, InstrumentScope, Provision
from eligibility.models.instruments import Layer, Mark
from eligibility.periods import Span
from eligibility.seeds import case_place, version_place
from eligibility.texts import Fault, InstrumentText, PeriodText, ProvisionText, RuleText, ScopeText
from eligibility.version_checks import Found, KnownLaw, check_version, long_texts, unknown_choice

_ADDRESS: Final = URLValidator(schemes=["http", "https"])
_ARTICLE: Final = re.compile(r"\bpasal\b", re.IGNORECASE)


def check_instruments(texts: Sequence[InstrumentText], known: KnownLaw) -> list[Fault]:
    """Every fault of the texts; `known` is what is stored already."""
    whole = known.with_texts(texts)
    faults = [Fault(text.source, place, s) for text in texts for place, s in _instrument(text, whole)]
    return faults + list(_repeated(texts))


def _repeated(texts: Sequence[InstrumentText]) -> Iterator[Fault]:
    codes = Counter(text.code for text in texts)
    versions = Counter((rule.code, v.number) for text in texts for rule, v in text.versions())
    for text in texts:
        if codes[text.code] > 1:
            sentence = _("The instrument %(code)s stands in more than one file; keep one.")
            yield Fault(text.source, "", sentence % {"code": text.code})
        for rule, version in text.versions():
            if versions[rule.code, version.number] > 1:
                place = version_place(rule.code, version.number)
                sentence = _("This version is given more than once; number each version of a rule once.")
                yield Fault(text.source, place, sentence)


def _instrument(text: InstrumentText, known: KnownLaw) -> Found:
    for part, sentence in instrument_faults(text, known):
        yield part_place(part, text), sentence
    for rule in text.rules:
        yield from check_rule(rule, text, known)


def part_place(part: str, text: InstrumentText) -> str:
    """How a fault names a part of an instrument; empty for the instrument itself."""
    name, _dot, number = part.partition(".")
    if not number:
        return ""
    if name == "periods":
        return _("period %(day)s") % {"day": text.periods[int(number)].starts_on}
    if name == "provisions":
        return _("provision “%(reference)s”") % {"reference": text.provisions[int(number)].reference}
    return _("scope")


def instrument_faults(text: InstrumentText, known: KnownLaw) -> Found:
    """Every fault of an instrument, its rules apart, by field; parts by their place: `periods.0`."""
    if text.owner not in known.institutions:
        sentence = _("The institution “%(code)s” is not recorded; record it first or correct “owner”.")
        yield "owner", sentence % {"code": text.owner}
    yield from _chosen("layer", "layer", text.layer, Layer.values)
    if not _is_slug(text.code):
        yield "code", _("The code “%(code)s” is no code; use letters, digits and hyphens.") % {"code": text.code}
    yield from long_texts(text, Instrument)
    yield from _link(text.url)
    if not text.periods:
        yield "periods", _("The instrument has no period and would never be in force; add one to “periods”.")
    for number, period in enumerate(text.periods):
        yield from ((f"periods.{number}", sentence) for sentence in _period(period))
    for number, scope in enumerate(text.scopes):
        yield from ((f"scopes.{number}", sentence) for sentence in _scope(scope))
    counted = Counter(provision.reference for provision in text.provisions)
    for number, provision in enumerate(text.provisions):
        place = f"provisions.{number}"
        yield from ((place, sentence) for _column, sentence in provision_faults(provision, text.layer))
        if counted[provision.reference] > 1:
            yield place, _("This place is given more than once; give each place of an instrument once.")


def overlap_faults(text: InstrumentText) -> Found:
    """Periods that overlap, by their place; what was amended later may, what one person writes at once may not."""
    in_force = [(number, one) for number, one in enumerate(text.periods) if one.kind == InstrumentPeriod.Kind.IN_FORCE]
    for place, (number, one) in enumerate(in_force):
        mine = Span(one.starts_on, one.ends_on)
        if any(mine.meets(Span(other.starts_on, other.ends_on)) for _number, other in in_force[:place]):
            yield f"periods.{number}", _("This period overlaps one above; change one of them.")


def issue_faults(text: InstrumentText, at: datetime) -> Found:
    """A date of issue after the moment."""
    if text.issued_on is not None and text.issued_on > at.date():
        yield "issued_on", _("This day is still to come; an instrument is recorded once it is issued.")


def _period(period: PeriodText) -> Iterator[str]:
    yield from _sentences(_chosen("", "kind", period.kind, InstrumentPeriod.Kind.values))
    yield from _sentences(long_texts(period, InstrumentPeriod))
    if period.ends_on is not None and period.ends_on < period.starts_on:
        yield _("The period ends before it starts; exchange or correct the days.")


def _scope(scope: ScopeText) -> Iterator[str]:
    yield from _sentences(long_texts(scope, InstrumentScope))
    if scope.institution_kind:
        kinds = _codes(INSTITUTION_KINDS)
        yield from _sentences(_chosen("", "institution_kind", scope.institution_kind, kinds))
    if scope.agency_kind:
        yield from _sentences(_chosen("", "agency_kind", scope.agency_kind, _codes(AGENCY_KINDS)))
    if scope.unit_code and not scope.agency_code:
        yield _("A unit is named without its agency; add “agency_code”.")
    if scope.agency_kind and scope.agency_code:
        yield _("A kind of agency and an agency stand in one line; write two lines.")


def provision_faults(provision: ProvisionText, layer: int) -> Found:
    """Every fault of a citable place of an instrument of that layer, by field."""
    yield from _chosen("mark", "mark", provision.mark, Mark.values)
    yield from long_texts(provision, Provision)
    yield from _link(provision.url)
    if provision.quote and not provision.url:
        yield "url", _("A quote stands without the link to its source; give “url” too.")
    if _claims_an_article(provision, layer):
        sentence = _("What is not found in the law, or is internal, must not carry a Pasal; name it in words.")
        yield "reference", sentence


def _link(url: str) -> Found:
    """What follows a link must reach a page, and nothing else."""
    if not url:
        return
    try:
        _ADDRESS(url)
    except ValidationError:
        yield "url", _("“url” is no address of a page; write it from https:// on.")


def _claims_an_article(provision: ProvisionText, layer: int) -> bool:
    unfounded = provision.mark in (Mark.OPEN, Mark.INTERNAL) or layer == Layer.INTERNAL
    return unfounded and bool(_ARTICLE.search(provision.reference))


def check_rule(rule: RuleText, text: InstrumentText, known: KnownLaw) -> Found:
    """Every fault of a rule in its instrument."""
    if not _is_slug(rule.code):
        sentence = _("The code “%(code)s” is no code; use letters, digits and hyphens.")
        yield version_place(rule.code, None), sentence % {"code": rule.code}
    if not rule.versions:
        yield version_place(rule.code, None), _("The rule has no version; add one to “versions”.")
    for version in rule.versions:
        place = version_place(rule.code, version.number)
        for sentence in check_version(version, text, known):
            yield place, sentence
    titles = Counter(case.title for case in rule.cases)
    for case in rule.cases:
        place = case_place(rule.code, case.title)
        yield from ((place, sentence) for sentence in check_case(case, text, known))
        if titles[case.title] > 1:
            yield place, _("The rule has more than one case of this title; give each its own.")


def _sentences(found: Found) -> Iterator[str]:
    return (sentence for _field, sentence in found)


def _is_slug(code: str) -> bool:
    return bool(re.fullmatch(r"[-\w]{1,80}", code, re.ASCII))


def _codes(choices: Iterable[Choice]) -> list[str]:
    return [choice.code for choice in choices]


def _chosen(field: str, key: str, value: object, choices: Iterable[object]) -> Found:
    options = list(choices)
    if value not in options:
        yield field, unknown_choice(key, value, options)
