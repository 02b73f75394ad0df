"""The rules in force by the question they ask: each fact with the rules that read it, and those that read none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from eligibility.answers import naming_local_criteria
from eligibility.explanations import RuleWords, Translate, word_rule
from eligibility.facts import FACTS
from eligibility.pages.reading import Reading
from eligibility.pages.rules import naming_rules
from eligibility.rulebook import Rule


@dataclass(frozen=True, slots=True)
class QuestionRules:
    """A fact as its label and question with the rules that read it; no name: the rules that read no fact."""

    name: str
    label: str
    question: str
    rules: tuple[RuleWords, ...]


def rules_by_question(reading: Reading) -> tuple[QuestionRules, ...]:
    """Every fact that some rule in force reads, in the order of the list of facts; last the rules that read none."""
    translate = naming_local_criteria(reading.institution, _)
    rules = reading.rulebook.rules
    titles = {rule.code: rule.title for rule in rules}
    read = {rule.code: {criterion.fact for criterion in rule.criteria()} for rule in rules}
    words = {rule.code: word_rule(naming_rules(rule, titles), translate) for rule in rules}

    def worded(found: Iterable[Rule]) -> tuple[RuleWords, ...]:
        return tuple(words[rule.code] for rule in found)

    groups = [_group(name, worded(rule for rule in rules if name in read[rule.code]), translate) for name in FACTS]
    asking_nothing = worded(rule for rule in rules if not read[rule.code])
    groups.append(QuestionRules("", _("Rules that ask nothing"), "", asking_nothing))
    return tuple(group for group in groups if group.rules)


def _group(name: str, rules: tuple[RuleWords, ...], translate: Translate) -> QuestionRules:
    fact = FACTS[name]
    return QuestionRules(name, translate(fact.label), translate(fact.question), rules)
