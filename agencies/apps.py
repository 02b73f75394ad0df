"""The app that holds what is judged."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class AgenciesConfig(AppConfig):
    """Agencies, positions, tasks, services and people."""

    name = "agencies"
    verbose_name = _("Agencies")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Check what acts and tables rely on, and keep the triggers that protect the data installed."""
        # Imported here: models exist only once all apps are loaded.
        from agencies import address_parts, events, hub, protection
        from agencies.consequences import foresee_with
        from agencies.digests import cover
        from agencies.mapping.evidence import keep_evidence_apart
        from agencies.people_consequences import foresee_people
        from agencies.studies import protection as studied

        address_parts.register()
        protection.protect((*protection.PROTECTIONS, *studied.PROTECTIONS))
        cover(studied.COVERED)
        pre_migrate.connect(protection.remove_triggers, sender=self)
        # Sent once all migrations have run, whatever app they belong to.
        post_migrate.connect(protection.install_triggers, sender=self)
        register(protection.check_triggers, Tags.database)
        register(events.check_listeners)
        register(hub.check_links)
        foresee_with(foresee_people)
        keep_evidence_apart()
        _offer_pages()


def _offer_pages() -> None:
    """Have "Pengelolaan" list the pages, and the guide its chapters."""
    from agencies import (
        imports_links,
        mapping_links,
        people_links,
        places_links,
        structure_links,
        studies_links,
        users_links,
        xray_links,
    )
    from agencies.guide.chapters import write_mapping_chapters

    imports_links.offer_links()
    people_links.offer_links()
    users_links.offer_links()
    places_links.offer_links()
    structure_links.offer_links()
    mapping_links.offer_links()
    xray_links.offer_links()
    studies_links.offer_links()
    write_mapping_chapters()
