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
        from agencies import events, hub
        from agencies.models import Role
        from agencies.protection import protect
        from agencies.receipts import find_with
        from oversight import receipts, receivers
        from oversight.protection import PROTECTIONS

        events.listen(receivers.append)
        find_with(receipts.receipt_of)
        protect(PROTECTIONS)
        hub.offer(hub.Group.TRAIL, _("What the trail proves"), "trail", tuple(Role), governing=False)
        hub.offer(
            hub.Group.TRAIL,
            _("Erase personal data beside an entry"),
            "trail_erase",
            [Role.DATA_PROTECTION_OFFICER],
            whole=True,
            governing=False,
        )
