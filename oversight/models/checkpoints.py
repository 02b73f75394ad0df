"""Checkpoints: all heads of the trail at one moment, signed, so that somebody outside can hold them against it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Checkpoint(models.Model):
    """A signed statement of every chain's head. Append-only; `oversight.checkpoints` makes and checks it.

    `text` is the canonical JSON that the signature covers, the public key included.
    """

    at = models.DateTimeField(_("at"))
    text = models.TextField(_("signed text"))
    public_key = models.CharField(_("public key"), max_length=44)
    signature = models.CharField(_("signature"), max_length=88)

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.at.isoformat()
