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
        from agencies.digests import cover
        from agencies.exporting.rulebooks import read_fingerprints_with
        from agencies.importing.resting import mention_with, rest_with
        from agencies.protection import protect
        from agencies.xray.looking import read_marks_with
        from eligibility import receivers  # and with it fact_columns, which registers its check
        from eligibility.arrangements import protection as arranged
        from eligibility.day_fingerprints import fingerprint_in_force
        from eligibility.determinations import protection as determined
        from eligibility.guide import write_law_chapters
        from eligibility.protection import COVERED, PROTECTIONS
        from eligibility.published_maps import protection as published
        from eligibility.resting_imports import maps_since, rest_on
        from eligibility.xray_marks import marks_in_force

        events.listen(receivers.reexamine)
        read_marks_with(marks_in_force)
        read_fingerprints_with(fingerprint_in_force)
        _foresee()
        rest_with(rest_on)
        mention_with(maps_since)
        protect((*PROTECTIONS, *determined.PROTECTIONS, *arranged.PROTECTIONS, *published.PROTECTIONS))
        cover((*COVERED, *determined.COVERED, *arranged.COVERED, *published.COVERED))
        write_law_chapters()
        _offer_pages()


def _foresee() -> None:
    """Have the forms of acts tell what would follow from them."""
    from agencies.consequences import foresee_with
    from eligibility.arrangements.foreseen import foresee_suspensions, foresee_waiting
    from eligibility.determinations.foreseen import foresee_stale
    from eligibility.foreseen import foresee_outcomes

    for foresee in (foresee_outcomes, foresee_stale, foresee_suspensions, foresee_waiting):
        foresee_with(foresee)


def _offer_pages() -> None:
    """Have "Pengelolaan" list the pages."""
    from eligibility import (
        decision_links,
        determination_links,
        institution_links,
        published_map_links,
    )

    institution_links.offer_links()
    determination_links.offer_links()
    decision_links.offer_links()
    published_map_links.offer_links()
