"""The tamper-evident trail: one chain of entries per institution and the head that counts them.

Nothing here has a save or delete for callers: entries come from `oversight.trail.append` alone, and
database triggers refuse to change or remove them (`oversight/protection.py`).
"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Institution, User


class TrailHead(models.Model):
    """How many entries the chain of an institution has and the digest of the last; its row is the chain's lock."""

    institution = models.OneToOneField(
        # PROTECT here and below: an institution with history cannot be deleted, and history never cascades.
        Institution,
        models.PROTECT,
        primary_key=True,
        related_name="trail_head",
        verbose_name=_("institution"),
    )
    number = models.PositiveBigIntegerField(_("number"), default=0)
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("head of a trail")
        verbose_name_plural = _("heads of trails")

    def __str__(self) -> str:
        return f"{self.institution}: {self.number}"


class TrailEntry(models.Model):
    """One recorded act: a link that carries the digest of the link before it.

    Every column but `digest` itself enters the digest, the key included, in the order that the
    numbered recipe says (`oversight.trail.RECIPES`); a new column therefore needs a new recipe.
    Holds no personal data.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="trail",
        verbose_name=_("institution"),
        db_index=False,
    )
    number = models.PositiveBigIntegerField(_("number"))
    recipe = models.PositiveSmallIntegerField(_("recipe of the digest"))
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        # PROTECT: to null the actor would change a signed row. Accounts are closed, not deleted.
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("actor"),
    )
    actor_label = models.CharField(_("role and institution of the actor"), max_length=300)
    action = models.CharField(_("action"), max_length=60)
    subject_type = models.CharField(_("kind of subject"), max_length=100)
    subject_id = models.CharField(_("key of the subject"), max_length=64)
    subject_digest = models.CharField(_("digest of the subject"), max_length=64, blank=True)
    body = models.TextField(_("body"))
    count = models.PositiveIntegerField(_("rows of a bulk act"), null=True, blank=True)
    merkle_root = models.CharField(_("Merkle root of a bulk act"), max_length=64, blank=True)
    previous_digest = models.CharField(_("digest of the entry before"), max_length=64)
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("trail entry")
        verbose_name_plural = _("trail entries")
        ordering = ["institution", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "number"],
                name="trail_entry_number_once",
                violation_error_message=_("An entry of a trail has its number once."),
            ),
        ]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="trail_entry_subject")]

    def __str__(self) -> str:
        return f"{self.number}: {self.action}"
