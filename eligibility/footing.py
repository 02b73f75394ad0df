"""What an institution is judged on: a day, and the law and the facts known of it at a moment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Self

from agencies.models import Institution, PolicyStage
from eligibility import rulebook as engine
from eligibility.grounds import Grounds, Implementing, grounds_of, implementing_of, stance_of
from eligibility.known import KnownLaw
from eligibility.loading import rulebook_of


@dataclass(frozen=True)
class Footing:
    """What an institution is judged on: a day, and the law and the facts above the position known of it at a moment.

    Each part is loaded when it is first asked for, and once; so what is recorded afterwards is not seen.
    """

    institution: Institution
    on: date
    known_at: datetime
    agencies: frozenset[int] | None = field(default=None, kw_only=True)
    """The agencies whose grounds are read; None: all."""

    def within(self, agencies: Collection[int]) -> Self:
        """The same with the grounds of some agencies alone, for what is asked of a job there; its rules are kept."""
        found = replace(self, agencies=frozenset(agencies))
        vars(found).update(rulebook=self.rulebook, law=self.law)
        return found

    def judged_by(self, rulebook: engine.Rulebook) -> Self:
        """The same judged by another rulebook, such as one with drafts."""
        found = replace(self)
        vars(found).update(rulebook=rulebook)
        return found

    @cached_property
    def law(self) -> KnownLaw:
        """The law, of which what was made before is kept."""
        return KnownLaw(self.institution, self.on, self.known_at)

    @cached_property
    def comparisons(self) -> list[Any]:
        """What determinations were compared with it already: see `eligibility.determinations.stale`."""
        return []

    @cached_property
    def stance(self) -> PolicyStage | None:
        """The institution's stance on flexible work; None where none is recorded."""
        return stance_of(self.institution, self.on)

    @cached_property
    def implementing(self) -> Implementing:
        """The implementing instruments in force, with their scopes in the institution."""
        return implementing_of(self.law)

    @cached_property
    def rulebook(self) -> engine.Rulebook:
        """The rules in force. Raises NoLawInForce when there is none."""
        return rulebook_of(self.law)

    @cached_property
    def grounds(self) -> Grounds:
        """The facts above the position."""
        return grounds_of(self.law, self.stance, self.agencies)

    def parts(self) -> tuple[engine.Rulebook, Grounds]:
        """Both, loaded by now. Raises NoLawInForce."""
        return self.rulebook, self.grounds
