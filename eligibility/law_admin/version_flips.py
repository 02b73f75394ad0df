"""The pages that show, before publication, what drafts do to real jobs; rows only where grants reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.access import standings
from agencies.errors import PortalError
from agencies.exporting.answers import exported
from agencies.keys import is_key
from agencies.models import Institution
from eligibility.exports.flips import flip_table
from eligibility.law_access import administered
from eligibility.law_admin.base import LawAdmin
from eligibility.law_power import reached_by
from eligibility.models import RuleVersion
from eligibility.pages.flip_lists import Reader, flip_list, openable
from eligibility.pages.flips import LISTS, FlipsPage, flips_page

SUMMED_UP: Final = 3
"""Institutions that the page before publication sums up; of more the whole tells."""


@dataclass(frozen=True, slots=True)
class SummedUp:
    """What drafts do to an institution; without a page they do nothing there, or `refused` says why it is not known."""

    institution: Institution
    address: str
    flips: FlipsPage | None = None
    refused: str = ""


class VersionFlips(LawAdmin):
    """Who flips, of the drafts that the address names."""

    def flip_pages(self) -> Sequence[tuple[str, str, Callable[..., HttpResponseBase]]]:
        """Of several drafts together."""
        return (("dampak/", "flips", self.flips),)

    def drafts_of(self, request: HttpRequest) -> list[RuleVersion]:
        """The own drafts that the address names; Http404 where one is unknown, published or of somebody else."""
        keys = {key for key in request.GET.getlist("v") if is_key(key)}
        found = RuleVersion.objects.drafts().filter(pk__in=keys, rule__owner__in=administered(request.user))
        rows = list(found.select_related("rule__owner", "provision__instrument__owner").order_by("rule__code"))
        if not rows or len(rows) != len(keys) or len({row.rule.owner_id for row in rows}) != 1:
            raise Http404
        return rows

    def flips(self, request: HttpRequest) -> HttpResponseBase:
        """Counts for one institution and span, and the rows of one list where the user's grants reach."""
        drafts = self.drafts_of(request)
        choices = reached_by(drafts[0].rule.owner)
        institution = _chosen(request, choices)
        reader = self._reader(request, institution)
        refused, page = "", None
        try:
            page = flips_page(institution, drafts, timezone.now(), request.GET) if institution else None
            listed = flip_list(page, request.GET, reader) if page else None
        except PortalError as problem:
            refused, page, listed = str(problem), None, None
        names, address = ", ".join(map(str, drafts)), _address(drafts, institution)
        return (listed and exported(request, flip_table(listed, names), "dampak")) or self.show(
            request,
            "eligibility/law_admin/flips.html",
            _("Who flips: %(names)s") % {"names": names},
            original=drafts[0],
            drafts=drafts,
            choices=choices,
            institution=institution,
            reader=reader,
            refused=refused,
            flips=page,
            listed=listed,
            page=listed.page if listed else None,
            address=address,
            here=f"{address}&hari={page.span.on.isoformat()}" if page else address,
            openable=openable(page, reader).count() if page else 0,
            lists=LISTS.values(),
        )

    def flips_before(self, drafts: Sequence[RuleVersion]) -> dict[str, Any]:
        """What the page before publication says of who flips, worked out only where it is shown.

        Nothing where drafts of several owners are published together: each owner's law reaches others.
        """
        address = self.address("flips") + _address(drafts)
        owners = {row.rule.owner for row in drafts}
        reached = reached_by(owners.pop()) if len(owners) == 1 else []
        summed_up = partial(self._summed_up, drafts, reached[:SUMMED_UP], address)
        return {"summed_up": summed_up, "further": len(reached[SUMMED_UP:]), "flips_address": address}

    def _summed_up(
        self, drafts: Sequence[RuleVersion], reached: Sequence[Institution], whole: str
    ) -> Iterator[SummedUp]:
        """What the drafts do on the first day of their first span in each institution."""
        for institution in reached:
            address = f"{whole}&instansi={institution.code}"
            try:
                yield SummedUp(institution, address, flips_page(institution, drafts, timezone.now(), QueryDict()))
            except PortalError as problem:
                yield SummedUp(institution, address, refused=str(problem))

    def _reader(self, request: HttpRequest, institution: Institution | None) -> Reader:
        user = self.user(request)
        standing = next((one for one in standings(user) if one.institution == institution), None)
        return Reader(user, institution in administered(user), standing)


def _address(drafts: Sequence[RuleVersion], institution: Institution | None = None) -> str:
    """The part of the page's address that names the drafts, and the institution."""
    named = [f"v={row.pk}" for row in drafts] + ([f"instansi={institution.code}"] if institution else [])
    return "?" + "&".join(named)


def _chosen(request: HttpRequest, choices: Sequence[Institution]) -> Institution | None:
    asked = request.GET.get("instansi", "")
    found = next((one for one in choices if one.code == asked), None)
    if asked and found is None:
        raise Http404
    return found or next(iter(choices), None)
