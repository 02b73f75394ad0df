"""The app that holds the trail and the audit."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OversightConfig(AppConfig):
    """The tamper-evident trail of every act."""

    name = "oversight"
    verbose_name = _("Oversight")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to acts and have the trail protected."""
        # Imported here: models exist only once all apps are loaded.
        from agencies import events
        from agencies.digests import cover
        from agencies.documents_apart import keep_apart
        from agencies.protection import protect
        from agencies.receipts import find_checkpoints_with, find_heads_with, find_with
        from oversight import attention, finding_access, overdue, page_links, receipts, receivers
        from oversight.indications.attending import indicated
        from oversight.protection import COVERED, PROTECTIONS

        events.listen(receivers.append)
        find_with(receipts.receipt_of)
        find_checkpoints_with(receipts.sealed_head)
        find_heads_with(receipts.last_act)
        protect(PROTECTIONS)
        cover(COVERED)
        keep_apart(finding_access.evidence_alone)
        attention.attend(indicated)
        attention.attend(attention.differences)
        attention.attend(overdue.overdue_replies)
        attention.attend(overdue.overdue_reviews)
        attention.attend(attention.suspended)
        page_links.offer_links()
