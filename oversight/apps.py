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
        from agencies.protection import protect
        from oversight import receivers
        from oversight.protection import PROTECTIONS

        events.listen(receivers.append)
        protect(PROTECTIONS)
