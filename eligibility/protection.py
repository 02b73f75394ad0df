"""Which rows of the law the database keeps as they were published."""

from __future__ import annotations

from typing import Final

from agencies.digests import Children, Covered, Recipe
from agencies.protection import Frozen, FrozenWith, Protection, filled_once
from eligibility.models import (
    Criterion,
    InstitutionSetting,
    Instrument,
    InstrumentPeriod,
    InstrumentScope,
    LimitTerm,
    Provision,
    ProvisionVerification,
    RuleCase,
    RuleLift,
    RuleRepeal,
    RuleVersion,
    SenderKey,
)

PUBLISHED: Final = "{row}.published_at IS NOT NULL"

CITED: Final = (
    "EXISTS (SELECT 1 FROM eligibility_ruleversion v WHERE v.provision_id = {row}.id AND v.published_at IS NOT NULL) "
    "OR EXISTS (SELECT 1 FROM eligibility_instrument i WHERE i.id = {row}.instrument_id "
    "AND i.published_at IS NOT NULL)"
)
"""A provision that a published version rests on, or that a published instrument holds."""

SPEAKING: Final = (
    "{row}.published_at IS NOT NULL OR "
    "EXISTS (SELECT 1 FROM eligibility_ruleversion v JOIN eligibility_provision p ON p.id = v.provision_id "
    "WHERE p.instrument_id = {row}.id AND v.published_at IS NOT NULL)"
)
"""An instrument that is published itself, or that some published version comes from."""

NO_DRAFT: Final = (
    "NOT EXISTS (SELECT 1 FROM eligibility_instrument i WHERE i.id = {row}.instrument_id "
    "AND i.drafted_by_id IS NOT NULL AND i.published_at IS NULL)"
)
"""What belongs to an instrument that is no draft."""

TRIED: Final = (
    "EXISTS (SELECT 1 FROM eligibility_ruleversion v WHERE v.rule_id = {row}.rule_id AND v.published_at IS NOT NULL)"
)
"""A case beside a rule of which some version is published."""

_VERSIONS: Final = ("eligibility_ruleversion",)
_PROVISIONS: Final = (*_VERSIONS, "eligibility_provision")

PROTECTIONS: Final[tuple[Protection, ...]] = (
    Frozen(RuleVersion, when=PUBLISHED),
    FrozenWith(Criterion, of="version", when=PUBLISHED),
    FrozenWith(LimitTerm, of="version", when=PUBLISHED),
    FrozenWith(RuleLift, of="version", when=PUBLISHED),
    Frozen(Provision, when=CITED, reads=(*_VERSIONS, "eligibility_instrument")),
    Frozen(Instrument, when=SPEAKING, reads=_PROVISIONS),
    FrozenWith(InstrumentScope, of="instrument", when=SPEAKING, reads=_PROVISIONS),
    # Append-only: a further period, verification, repeal or setting is a new row.
    Frozen(InstrumentPeriod, when=NO_DRAFT, reads=("eligibility_instrument",)),
    Frozen(ProvisionVerification),
    Frozen(RuleRepeal),
    Frozen(InstitutionSetting),
    Frozen(SenderKey),
    # Closed once; beside a rule that was never published it goes with the rule.
    Frozen(RuleCase, when=TRIED, reads=_VERSIONS, updates=filled_once(RuleCase, "closed_at")),
)

_VERSION: Final = (
    "id",
    "rule_id",
    "rule__code",
    "number",
    "title",
    "provision_id",
    "subject",
    "effect",
    "required_count",
    "required_count_setting",
    "other_office",
    "home",
    "other_place",
    "shift",
    "dynamic",
    "condition_kind",
    "condition_text",
    "effective_from",
    "known_from",
    "recorded_at",
    "published_at",
)

_OF_VERSION: Final = (
    Children(
        "eligibility.criterion",
        "version",
        ("id", "version_id", "part", "group", "order", "fact", "operator", "operands", "setting"),
    ),
    Children(
        "eligibility.limitterm",
        "version",
        (
            "id",
            "version_id",
            "quantity",
            "direction",
            "value",
            "members",
            "together",
            "population",
            "per",
            "counting",
        ),
    ),
    Children(
        "eligibility.rulelift",
        "version",
        ("id", "version_id", "lifted_id", "lifted__code", "enabling_provision_id"),
    ),
)
"""What belongs to a version of a rule."""

_REVIEW: Final = ("drafted_by_id", "reviewed_by_id", "reviewed_at")

_INSTRUMENT: Final = (
    "id",
    "code",
    "owner_id",
    "title",
    "subject",
    "issuer",
    "layer",
    "implementing",
    "number",
    "issued_on",
    "document_id",
    "document__sha256",
    "url",
    "open_note",
    "known_from",
    "recorded_at",
    "published_at",
    "published_at",
)

_OF_INSTRUMENT: Final = (
    Children(
        "eligibility.instrumentscope",
        "instrument",
        (
            "id",
            "instrument_id",
            "institution_kind",
            "institution_code",
            "agency_kind",
            "agency_code",
            "with_subtree",
            "unit_code",
        ),
    ),
)
"""What belongs to an instrument."""

_PROVISION: Final = ("id", "instrument_id", "reference", "summary", "mark", "open_note")

COVERED: Final[tuple[Covered, ...]] = (
    Covered(
        RuleVersion,
        (
            Recipe(1, _VERSION, _OF_VERSION),
            # With whose approval a condition asks for.
            Recipe(2, (*_VERSION, "condition_approver"), _OF_VERSION),
            # With who drafted and who reviewed it.
            Recipe(3, (*_VERSION, "condition_approver", *_REVIEW), _OF_VERSION),
        ),
        rows=RuleVersion.objects.published,
        institution="rule__owner",
    ),
    Covered(
        Instrument,
        (
            Recipe(1, _INSTRUMENT, _OF_INSTRUMENT),
            # With who drafted it.
            Recipe(2, (*_INSTRUMENT, "drafted_by_id"), _OF_INSTRUMENT),
        ),
        institution="owner",
    ),
    Covered(
        InstrumentPeriod,
        (
            Recipe(
                1,
                (
                    "id",
                    "instrument_id",
                    "kind",
                    "starts_on",
                    "ends_on",
                    "basis",
                    "open_note",
                    "known_from",
                    "recorded_at",
                ),
            ),
        ),
        institution="instrument__owner",
    ),
    Covered(
        Provision,
        (
            Recipe(1, _PROVISION),
            # With what is quoted of it, and its link.
            Recipe(2, (*_PROVISION, "quote", "url")),
        ),
        institution="instrument__owner",
    ),
    Covered(
        ProvisionVerification,
        (Recipe(1, ("id", "provision_id", "verified_by_id", "verified_at", "note")),),
        institution="provision__instrument__owner",
    ),
    Covered(
        RuleRepeal,
        (Recipe(1, ("id", "rule_id", "rule__code", "effective_from", "basis", "known_from", "recorded_at")),),
        institution="rule__owner",
    ),
    Covered(
        RuleCase,
        (
            Recipe(
                1,
                (
                    "id",
                    "rule_id",
                    "rule__code",
                    "institution_id",
                    "title",
                    "on",
                    "mode",
                    "facts",
                    "place",
                    "outcome",
                    "deciding",
                    "written_by_id",
                    "recorded_at",
                    "closed_at",
                ),
            ),
        ),
        institution="rule__owner",
    ),
    Covered(
        InstitutionSetting,
        (
            Recipe(
                1,
                (
                    "id",
                    "institution_id",
                    "name",
                    "value",
                    "valid_from",
                    "source",
                    "document_id",
                    "document__sha256",
                    "known_from",
                    "recorded_at",
                ),
            ),
        ),
        institution="institution",
    ),
    Covered(
        SenderKey,
        (Recipe(1, ("id", "institution_id", "public_key", "holder", "trusted", "source", "recorded_at")),),
        institution="institution",
    ),
)
"""Whose rows the trail answers for; every act that writes one gives its leaf."""
