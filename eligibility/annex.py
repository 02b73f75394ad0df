"""The annex (Lampiran) of a verification or Keputusan as plain data, every text ready to print (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from agencies.facts import gettext_noop

Translate = Callable[[str], str]
_N = gettext_noop

HEADS: Final = {
    "number": _N("No."),
    "position": _N("Position"),
    "code": _N("Code"),
    "unit": _N("Unit"),
    "tasks": _N("Tasks and their characteristics"),
    "task": _N("Task"),
    "share": _N("Share of working time"),
    "percent": _N("Share of working time (%)"),
    "characteristic": _N("Characteristic"),
    "value": _N("Value"),
    "basis": _N("Basis of the fact"),
    "source": _N("Source"),
    "modes": _N("Form of flexible work"),
    "outcome": _N("Outcome"),
    "conditions": _N("Conditions"),
    "provisions": _N("Legal basis"),
    "provision": _N("Provision"),
    "verification": _N("Verification"),
    "provision_list": _N("Provisions applied"),
    "sheet_rows": _N("Annex"),
    "sheet_particulars": _N("Particulars"),
    "sheet_provisions": _N("Legal basis"),
    "sheet_facts": _N("Characteristics"),
    "page": _N("Page"),
    "of": _N("of"),
    "unverified": _N("not yet compared with the official text"),
    "verified": _N("compared with the official text"),
    "footnote": _N("*) Provision not yet compared with the official text."),
    "unknown_share": _N("share not known yet"),
    "none": _N("–"),
}
"""The words of the form itself, by what they head."""


@dataclass(frozen=True, slots=True)
class AnnexFact:
    """A fact that the outcome rests on, with its basis (imported, proposed, agreed) and source."""

    label: str
    value: str
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class AnnexTask:
    """A task with its share of working time in percent; None: not known."""

    title: str
    share: int | Decimal | None
    facts: tuple[AnnexFact, ...]


@dataclass(frozen=True, slots=True)
class AnnexAnswer:
    """One answer, for the modes that share it: `outcome` is its code, `provisions` are citations of the annex."""

    modes: tuple[str, ...]
    outcome: str
    label: str
    conditions: tuple[str, ...]
    provisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnnexPosition:
    """A position with its tasks and its answers; `unit` names unit and organisational unit."""

    title: str
    code: str
    unit: str
    tasks: tuple[AnnexTask, ...]
    answers: tuple[AnnexAnswer, ...]


@dataclass(frozen=True, slots=True)
class AnnexProvision:
    """A provision that some answer cites; `note` says what is open about it."""

    citation: str
    verified: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Annex:
    """Everything an annex prints.

    `heading` are the lines of the block at the top, `number` that of the Keputusan (empty before there is one),
    `issuer` who made it, `particulars` the named lines, `signature` the lines at the end; `mark` stands on every
    page (empty: none). `at` is the moment of the act: it dates the files, so that the same act always gives the
    same bytes.
    """

    heading: tuple[str, ...]
    number: str
    subject: str
    issuer: str
    agency: str
    particulars: tuple[tuple[str, str], ...]
    positions: tuple[AnnexPosition, ...]
    provisions: tuple[AnnexProvision, ...]
    signature: tuple[str, ...]
    notes: tuple[str, ...]
    mark: str
    at: datetime

    @property
    def title(self) -> str:
        """The heading in one line: the title of the document."""
        return " ".join((*self.heading, self.agency))

    def unverified(self) -> frozenset[str]:
        """The citations that nobody has compared with the official text."""
        return frozenset(provision.citation for provision in self.provisions if not provision.verified)


def words(translate: Translate) -> dict[str, str]:
    """The words of the form in the language of the annex."""
    return {name: translate(text) for name, text in HEADS.items()}


def by_origin(facts: Iterable[AnnexFact]) -> dict[tuple[str, str], list[AnnexFact]]:
    """The facts by basis and source, so that what they share is told once."""
    found: dict[tuple[str, str], list[AnnexFact]] = {}
    for fact in facts:
        found.setdefault((fact.basis, fact.source), []).append(fact)
    return found
