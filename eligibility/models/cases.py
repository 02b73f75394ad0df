"""Cases beside a rule: what is known of one, and what is expected to come of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.facts import Choice
from agencies.models import Institution, User
from agencies.models.choices import translated
from eligibility.explanations import MODE_LABELS, OUTCOME_LABELS
from eligibility.models.rules import Rule

MODES = translated(Choice(mode.value, label) for mode, label in MODE_LABELS.items())
OUTCOMES = translated(Choice(outcome.value, label) for outcome, label in OUTCOME_LABELS.items())


class RuleCase(models.Model):
    """A case of a rule, judged among all rules that reach an institution on a day; never changed, only closed.

    It names no person. It goes with its rule where that is thrown away before it was ever published.
    """

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="cases")
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="+",
        verbose_name=_("institution"),
        help_text=_("By whose rules the case is judged"),
    )
    title = models.CharField(_("title"), max_length=120)
    on = models.DateField(_("day"), help_text=_("The rules of this day judge it"))
    mode = models.CharField(_("form of flexible work"), max_length=20, choices=MODES)
    facts = models.TextField(_("facts"), help_text=_("Canonical JSON: fact to text, null for unknown; others unknown"))
    place = models.TextField(_("place"), help_text=_("Canonical JSON: agency_kind, lineage, unit"))
    outcome = models.CharField(_("expected outcome"), max_length=20, choices=OUTCOMES)
    deciding = models.TextField(_("rules expected to decide"), blank=True, help_text=_("Codes, one a line"))
    written_by = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("written by"),
        help_text=_("Nobody where it came with the rules of the portal"),
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("case of a rule")
        verbose_name_plural = _("cases of rules")
        ordering = ["rule__code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "title"],
                condition=models.Q(closed_at__isnull=True),
                name="rule_case_open_once",
                violation_error_message=_("An open case of this rule has this title; choose another."),
            )
        ]

    def __str__(self) -> str:
        return self.title
