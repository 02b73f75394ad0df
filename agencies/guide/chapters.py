"""The chapters of the guide. The text of each is a template in either language; its pictures are made by a test."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from agencies.models import Role

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from agencies.access import Standing


@dataclass(frozen=True)
class Chapter:
    """One page of the guide: its name in the address, its title, and the roles it is written for."""

    slug: str
    title: str | _StrPromise
    roles: frozenset[Role]

    def template(self, language: str) -> str:
        """The file of its text in a language; what is neither Indonesian nor English is read in Indonesian."""
        return f"{'en' if language == 'en' else 'id'}/{self.slug}.html"


_chapters: Final[dict[str, Chapter]] = {}


def write(slug: str, title: str | _StrPromise, roles: Collection[Role]) -> None:
    """Add a chapter to the guide; added again, it is replaced. Each app adds its own when it is ready."""
    _chapters[slug] = Chapter(slug, title, frozenset(roles))


def chapters() -> tuple[Chapter, ...]:
    """Every chapter, in order."""
    return tuple(_chapters.values())


def chapters_for(standing: Standing) -> tuple[Chapter, ...]:
    """The chapters written for a role that is held."""
    return tuple(one for one in chapters() if standing.holds(*one.roles))


_MAPPERS: Final = (Role.HR_OFFICER, Role.AGENCY_HEAD)


def write_mapping_chapters() -> None:
    """Those for HR officers and the agencies they work with."""
    write("mulai", _("From a staff register to an agreed map"), _MAPPERS)
    write("impor", _("Bringing data in"), (Role.HR_OFFICER,))
    write("rontgen", _("Finding gaps in the data"), _MAPPERS)
    write("uraian-tugas", _("Splitting positions into tasks"), (Role.HR_OFFICER,))
    write("lembar", _("Answering a mapping sheet"), _MAPPERS)
    write("selisih", _("Opening sheets, settling differences"), (Role.HR_OFFICER,))
    write("kajian", _("The study of an agency"), _MAPPERS)
    write("layanan", _("Services and who keeps them open"), _MAPPERS)
    write("hasil", _("From the map to the Penetapan"), _MAPPERS)
