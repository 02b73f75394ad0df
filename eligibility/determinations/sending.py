"""What must hold before results of an agency are sent: nothing of it is on its way already, its facts are agreed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.errors import ActRefused
from agencies.facts import POSITION_FACTS, TASK_FACTS
from agencies.models import Agency, Basis
from eligibility.models import DeterminedSource, DeterminedTask, Step, Verification
from eligibility.rulebook import Rulebook

NAMED: Final = 5
"""How many tasks a refusal names before it counts the rest."""


def way_of(chosen: Iterable[str]) -> tuple[Step, ...]:
    """The stations that results take, in their order; the last is always the PPK's."""
    wanted = {*chosen, Step.PPK}
    return tuple(step for step in Step if step in wanted)


def refuse_closed(agency: Agency, on: date) -> None:
    """Refuse an agency that is closed on the day."""
    if agency.closed_on is not None and agency.closed_on <= on:
        raise ActRefused(
            _("%(agency)s is closed from %(day)s, so there is nothing to determine; choose an agency that is open.")
            % {"agency": agency.name, "day": date_format(agency.closed_on)}
        )


def refuse_overlap(agency: Agency, with_subtree: bool, open_ones: Iterable[Verification]) -> None:
    """Refuse what results of another agency that are still open cover already, or would be covered by.

    The agency's own open results are for the caller to judge.
    """
    lineages = Agency.objects.filter(institution=agency.institution_id).lineages()
    for one in open_ones:
        above = one.with_subtree and one.agency.code in lineages[agency.pk][1:]
        below = with_subtree and agency.code in lineages[one.agency_id][1:]
        if above or below:
            words = {"agency": agency.name, "other": one.agency.name}
            raise ActRefused(
                _(
                    "Results of %(other)s are on their way and overlap with those of %(agency)s; "
                    "let them pass, or withdraw them first."
                )
                % words
            )


def refuse_disagreed(verification: Verification, rulebook: Rulebook) -> None:
    """Refuse stored rows of which a known fact that rules read is not agreed, naming how many of which tasks.

    Unknown facts are no obstacle: what they leave open is determined as open.
    """
    agreed = DeterminedSource.objects.filter(verification=verification, basis=Basis.AGREED)
    numbers = frozenset(map(str, agreed.values_list("number", flat=True)))
    read = rulebook.facts_read()
    facts = [fact for fact in (*POSITION_FACTS, *TASK_FACTS) if fact.name in read]
    rows = DeterminedTask.objects.filter(verification=verification).order_by("position_id", "number")
    columns = [fact.column for fact in facts]
    lacking: list[tuple[str, int]] = []
    for title, origins, *values in rows.values_list("title", "origins", *columns).iterator():
        known = [fact.name for fact, value in zip(facts, values, strict=True) if value is not None]
        missing = len(known) - len(_agreed(origins, numbers).intersection(known))
        if missing:
            lacking.append((title, missing))
    if lacking:
        raise ActRefused(_disagreed_words(lacking))


def _agreed(origins: str, numbers: Collection[str]) -> set[str]:
    pairs = (part.rpartition("=") for part in origins.split())
    return {fact for fact, _sign, number in pairs if number in numbers}


def _disagreed_words(lacking: list[tuple[str, int]]) -> str:
    """How many facts of how many tasks, the first of them by name."""
    named = ", ".join(f"{title} ({count})" for title, count in lacking[:NAMED])
    words = {
        "facts": sum(count for _title, count in lacking),
        "tasks": len(lacking),
        "named": named,
        "rest": len(lacking) - NAMED,
    }
    sentence = ngettext(
        "%(facts)d facts of %(tasks)d task are not agreed by two reviewers: %(named)s.",
        "%(facts)d facts of %(tasks)d tasks are not agreed by two reviewers: %(named)s.",
        len(lacking),
    )
    if len(lacking) > NAMED:
        sentence += " " + _("And %(rest)d more tasks.")
    way_out = _("Have them agreed, or change the setting that asks for it.")
    return f"{sentence} {way_out}" % words
