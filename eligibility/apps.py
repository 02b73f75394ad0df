"""The app that holds the law as rules and what it decides."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EligibilityConfig(AppConfig):
    """Rules, decisions and the pages that show outcomes."""

    name = "eligibility"
    verbose_name = _("Eligibility")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to acts and have the published law protected."""
        # Imported here: models exist only once all apps are loaded.
        from agencies import events
        from agencies.protection import protect
        from eligibility import receivers  # fact_columns registers its check
        from eligibility.protection import PROTECTIONS

        events.listen(receivers.reexamine)
        protect(PROTECTIONS)
