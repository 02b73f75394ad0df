"""The register of pages that are reached from "Pengelolaan": each app offers its own when it is ready."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.core.checks import CheckMessage, Error
from django.db.models import TextChoices
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from agencies.access import Standing
    from agencies.models import Role


class Group(TextChoices):
    """Under which heading a link stands; shown in this order."""

    PEOPLE = "people", _("Employees")
    JOBS = "jobs", _("Agencies and positions")
    ACT = "act", _("From results to the act")
    LAW = "law", _("Law and settings of the institution")
    OVERSIGHT = "oversight", _("Oversight")
    ACCESS = "access", _("Users and roles")
    TRAIL = "trail", _("Trail")


@dataclass(frozen=True)
class Link:
    """A page of an institution, who may open it, and whether only a grant for the whole institution does.

    `governing`: the page means nothing in an institution without agencies of its own (`nasional`).
    """

    group: Group
    label: str | _StrPromise
    url_name: str
    roles: frozenset[Role]
    whole: bool = False
    governing: bool = True

    def is_for(self, standing: Standing) -> bool:
        """Whether a grant held opens the page."""
        if self.governing and standing.institution.kind == "nasional":
            return False
        return any(g.role in self.roles and not (self.whole and g.agency_id) for g in standing.grants)

    def address(self, standing: Standing) -> str:
        """Where the page is in the institution of the standing."""
        return reverse(self.url_name, args=[standing.institution.code])


@dataclass(frozen=True)
class Section:
    """A heading with the links below it that the user may open."""

    title: str
    links: tuple[tuple[str, str], ...]


_links: Final[dict[tuple[Group, str], Link]] = {}


def offer(
    group: Group,
    label: str | _StrPromise,
    url_name: str,
    roles: Collection[Role],
    *,
    whole: bool = False,
    governing: bool = True,
) -> None:
    """Have the hub list a page whose address takes the institution's code alone; offered again, it is replaced.

    One page may stand under several headings, under each for other roles.
    """
    _links[group, url_name] = Link(group, label, url_name, frozenset(roles), whole, governing)


def address_of(url_name: str, standing: Standing) -> str:
    """The address of an offered page; empty where it is not for this standing."""
    offered = (link for link in _links.values() if link.url_name == url_name and link.is_for(standing))
    return next((link.address(standing) for link in offered), "")


def sections(standing: Standing) -> tuple[Section, ...]:
    """What the grants of the standing open, by group; a group without links is left out."""
    held = [link for link in _links.values() if link.is_for(standing)]
    found = [(g, tuple((str(k.label), k.address(standing)) for k in held if k.group is g)) for g in Group]
    return tuple(Section(str(group.label), links) for group, links in found if links)


def check_links(**kwargs: object) -> list[CheckMessage]:
    """System check: every offered page exists."""
    return [
        Error(f"The hub offers “{link.url_name}”, which is no address.", id="agencies.E010")
        for link in _links.values()
        if not _exists(link)
    ]


def _exists(link: Link) -> bool:
    try:
        reverse(link.url_name, args=["x"])
    except NoReverseMatch:
        return False
    return True
