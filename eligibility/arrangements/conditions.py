"""The conditions that may apply to a request, by the rules that attach them (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from eligibility.arrangements.checks import Examination
from eligibility.arrangements.counting import PeopleCounts
from eligibility.arrangements.examination import readings_of
from eligibility.arrangements.matters import Matter
from eligibility.decisions import Reason, State
from eligibility.rulebook import Attach, Rule, Rulebook, Verdict


def conditions_of(examination: Examination, matter: Matter | None = None) -> tuple[Attach, ...]:
    """The conditions that may apply to one of her tasks that may be open, each once.

    With the matter also those that rules on the person or the request attach.
    """
    effects = dict.fromkeys(rule.effect for rule in _attaching(examination, matter))
    return tuple(effect for effect in effects if isinstance(effect, Attach))


def naming_rules(examination: Examination, matter: Matter) -> tuple[Rule, ...]:
    """The rules whose condition names an approver and may apply; quickly none where no rule names one."""
    if not any(map(names_approvers, {id(span.rulebook): span.rulebook for span in matter.spans}.values())):
        return ()
    return tuple(rule for rule in dict.fromkeys(_attaching(examination, matter)) if approver_of(rule))


def names_approvers(rulebook: Rulebook) -> bool:
    """Whether some rule attaches the condition of somebody's approval."""
    return any(map(approver_of, rulebook.rules))


def approver_of(rule: Rule) -> str:
    """The code of whom the condition of the rule names; empty where it names nobody."""
    return rule.effect.approver if isinstance(rule.effect, Attach) else ""


def _attaching(examination: Examination, matter: Matter | None) -> Iterator[Rule]:
    decided = (task for span in examination.spans for _title, task in span.tasks)
    opened = (task.reasons for task in decided if task.bounds.best > Verdict.NOT_ELIGIBLE)
    for reason in chain(*opened, _gates(examination, matter) if matter else ()):
        if isinstance(reason.rule.effect, Attach) and reason.state in (State.CONDITION, State.UNKNOWN):
            yield reason.rule


def _gates(examination: Examination, matter: Matter) -> Iterator[Reason]:
    for reading in readings_of(matter, examination.request, PeopleCounts(matter.employee)):
        yield from reading.gates
