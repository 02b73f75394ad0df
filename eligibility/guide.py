"""The chapters of the guide for those who write the law as data."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from agencies.guide.chapters import write
from agencies.models import Role

_WRITERS: Final = (Role.RULES_ADMINISTRATOR,)


def write_law_chapters() -> None:
    """From a circular on paper to rules that decide, and what comes after."""
    write("menulis-edaran", _("Writing a circular as data"), _WRITERS)
    write("kasus-aturan", _("Trying a rule with cases"), _WRITERS)
    write("siapa-berubah", _("Who flips, before anything is published"), _WRITERS)
    write("tinjau-terbit", _("Review and publication"), _WRITERS)
    write("sesudah-terbit", _("Extending, ending, repealing, a new version"), _WRITERS)
    write("analisis-aturan", _("What is wrong with the law itself"), _WRITERS)
    write("bawa-aturan", _("Rules from portal to portal"), _WRITERS)
    write("pengaturan", _("The settings of the institution"), _WRITERS)
