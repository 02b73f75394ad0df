"""What stands before an approval, apart from suitability: the implementing instrument and the policy stage."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agencies.models import Institution, PolicyStage
from eligibility.grounds import Grounds
from eligibility.models import Instrument
from eligibility.pages.reading import Reading

HEADS: Final = {
    "city": gettext_noop("the Mayor"),
    "regency": gettext_noop("the Regent"),
    "province": gettext_noop("the Governor"),
    "ministry": gettext_noop("the head of the ministry or agency"),
    "nasional": gettext_noop("the President"),
}
"""Who heads an institution of each kind."""


@dataclass(frozen=True)
class GateNotice:
    """Whether anything may be approved on the day, in one sentence, and the recorded stance with its source."""

    closed: bool
    sentence: str
    instruments: tuple[Instrument, ...]
    stage: PolicyStage | None


def gate_notice(reading: Reading, agencies: Collection[int]) -> GateNotice:
    """The notice for the agencies of the given keys."""
    covered = covered_agencies(reading.grounds, agencies)
    return GateNotice(
        closed=covered < len(agencies) or not agencies,
        sentence=gate_sentence(reading.institution, reading.on, covered, len(agencies)),
        instruments=tuple(instrument for instrument, _scope in reading.implementing) if covered else (),
        stage=reading.stance,
    )


def covered_agencies(grounds: Grounds, agencies: Collection[int]) -> int:
    """For how many of the agencies an implementing instrument is in force."""
    return sum(grounds.agencies[pk].values["agency.implementing_instrument"] is True for pk in agencies)


def gate_sentence(institution: Institution, on: date, covered: int, total: int) -> str:
    """Whether anything may be approved on the day, where an implementing instrument covers so many agencies of all."""
    words = {"head": _(HEADS[institution.kind]), "day": date_format(on), "covered": covered, "total": total}
    if not covered:
        sentence = _(
            "May not be approved yet. No implementing basis from %(head)s is recorded as of "
            "%(day)s. According to the portal's data, not an official statement."
        )
    elif covered < total:
        sentence = _(
            "An implementing basis is recorded for %(covered)s of %(total)s agencies as of "
            "%(day)s. Elsewhere nothing may be approved yet. According to the portal's data, "
            "not an official statement."
        )
    else:
        sentence = _(
            "An implementing basis is recorded as of %(day)s. Each approval is still checked for "
            "its person and day. According to the portal's data, not an official statement."
        )
    return sentence % words
