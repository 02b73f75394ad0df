"""The tamper-evident trail: one chain of entries per institution, the head that counts them, and what stands
beside an entry: personal data that may be erased, and the digests of the rows that a bulk act wrote.

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
    epoch = models.PositiveIntegerField(_("epoch"), default=1)

    class Meta:
        verbose_name = _("head of a trail")
        verbose_name_plural = _("heads of trails")

    def __str__(self) -> str:
        return f"{self.institution}: {self.number}"


class TrailEntry(models.Model):
    """One recorded act: a link that carries the digest of the link before it.

    Every column but `digest` itself enters the digest, the key included, in the order that the
    numbered recipe says (`oversight.entries.RECIPES`); a new column therefore needs a new recipe.
    Holds no personal data: that stands in its side row, to which `side_digest` commits. An epoch ends
    when a backup is restored; `oversight.actions.trail.restore_trail` begins the next.
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
    epoch = models.PositiveIntegerField(_("epoch"), default=1)
    side_digest = models.CharField(_("digest of the side row"), max_length=64, blank=True)
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
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="trail_entry_subject"),
            # What the trail is looked through by, each in the order of the numbers.
            models.Index(fields=["institution", "action", "number"], name="trail_entry_act"),
            models.Index(fields=["institution", "subject_type", "number"], name="trail_entry_kind"),
            models.Index(fields=["institution", "actor_label", "number"], name="trail_entry_actor"),
            models.Index(fields=["institution", "at", "number"], name="trail_entry_time"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.action}"


class TrailSide(models.Model):
    """What an entry says of people: canonical JSON and the salt that keeps it from being guessed from its digest.

    An act may empty both where the law asks; the entry still carries the digest, so the chain stays whole.
    """

    entry = models.OneToOneField(
        TrailEntry, models.PROTECT, primary_key=True, related_name="side", verbose_name=_("trail entry")
    )
    salt = models.CharField(_("salt"), max_length=64, null=True)
    body = models.TextField(_("body"), null=True)
    erased_by = models.ForeignKey(
        TrailEntry, models.PROTECT, null=True, related_name="+", verbose_name=_("entry of the erasure")
    )

    class Meta:
        verbose_name = _("side row of a trail entry")
        verbose_name_plural = _("side rows of trail entries")

    def __str__(self) -> str:
        return str(self.entry_id)


class TrailLeaf(models.Model):
    """The digest of one row that a bulk act wrote; the entry carries their number and their Merkle root."""

    entry = models.ForeignKey(
        # No constraint: a check per leaf would double the time of a bulk act, the Merkle root tells what
        # belongs to an entry, and entries are never removed.
        TrailEntry,
        models.PROTECT,
        related_name="leaves",
        db_constraint=False,
        db_index=False,
        verbose_name=_("trail entry"),
    )
    position = models.PositiveIntegerField(_("place among the leaves"))
    table = models.CharField(_("table"), max_length=100)
    key = models.CharField(_("key"), max_length=64)
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("leaf of a bulk act")
        verbose_name_plural = _("leaves of bulk acts")
        ordering = ["entry", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "position"],
                name="trail_leaf_position_once",
                violation_error_message=_("A bulk act has one leaf at each position."),
            ),
        ]
        indexes = [models.Index(fields=["table", "key"], name="trail_leaf_row")]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"


class TrailCheck(models.Model):
    """That somebody had entries of a chain recomputed, from `first` to `last`, and what was found. Append-only.

    `broken` is the number of the first entry that was not as it was written (null: all were), `reason` what was wrong.
    """

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="trail_checks")
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    first = models.PositiveBigIntegerField(_("first entry"))
    last = models.PositiveBigIntegerField(_("last entry"))
    count = models.PositiveBigIntegerField(_("entries found whole"))
    broken = models.PositiveBigIntegerField(_("first broken entry"), null=True)
    reason = models.CharField(_("what is wrong"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("check of a trail")
        verbose_name_plural = _("checks of trails")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["institution", "-at", "-id"], name="trail_check_list")]

    def __str__(self) -> str:
        return f"{self.institution}: {self.first}–{self.last}"

    @property
    def is_whole(self) -> bool:
        """Whether every entry was as it was written."""
        return self.broken is None
