"""By whose keys files of rules are signed, as institutions were told."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Institution
from agencies.signing import key_fingerprint
from eligibility.querysets import SenderKeyQuerySet


class SenderKey(models.Model):
    """Whose a public key is that signs files of rules, as an institution was told: from now on, or no longer.

    Append-only; of several rows of one key the last recorded holds.
    """

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="sender_keys")
    public_key = models.CharField(_("public key"), max_length=44, help_text=_("Ed25519: 32 bytes in base64"))
    holder = models.CharField(_("whose it is"), max_length=200)
    trusted = models.BooleanField(_("in use"), default=True, help_text=_("Not ticked: it was lost or replaced"))
    source = models.CharField(
        _("source"), max_length=300, help_text=_("How the institution was told, by another way than the file itself")
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = SenderKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("key of files of rules")
        verbose_name_plural = _("keys of files of rules")
        ordering = ["-recorded_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.holder} ({key_fingerprint(self.public_key)})"
