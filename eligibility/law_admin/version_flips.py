"""The pages that show, before publication, what drafts do to real jobs; rows only where grants reach."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.errors import PortalError
from agencies.exporting.answers import exported
from agencies.models import Institution
from eligibility.exports.flips import flip_table
from eligibility.law_access import administered
from eligibility.law_admin.base import LawAdmin
from eligibility.law_power import reached_by
from eligibility.models import RuleVersion
from eligibility.pages.flips import LISTS, flips_page


class VersionFlips(LawAdmin):
    """Who flips, of the drafts that the address names."""

    def flip_pages(self) -> Sequence[tuple[str, str, Callable[..., HttpResponseBase]]]:
        """Of several drafts together."""
        return (("dampak/", "flips", self.flips),)

    def drafts_of(self, request: HttpRequest) -> list[RuleVersion]:
        """The own drafts that the address names; Http404 where one is unknown, published or of somebody else."""
        keys = {key for key in request.GET.getlist("v") if key.isascii() and key.isdecimal() and len(key) < 19}
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
        may_read = institution in administered(request.user)
        refused, page = "", None
        try:
            page = flips_page(institution, drafts, timezone.now(), request.GET) if institution else None
        except PortalError as problem:
            refused = str(problem)
        names = ", ".join(map(str, drafts))
        listed = page if page is not None and may_read and page.chosen else None
        file = exported(request, flip_table(listed, names), "dampak") if listed else None
        return file or self.show(
            request,
            "eligibility/law_admin/flips.html",
            _("Who flips: %(names)s") % {"names": names},
            original=drafts[0],
            drafts=drafts,
            choices=choices,
            institution=institution,
            may_read=may_read,
            refused=refused,
            flips=page,
            listed=listed,
            page=listed.page if listed else None,
            lists=LISTS.values(),
        )


def _chosen(request: HttpRequest, choices: Sequence[Institution]) -> Institution | None:
    asked = request.GET.get("instansi", "")
    found = next((one for one in choices if one.code == asked), None)
    if asked and found is None:
        raise Http404
    return found or next(iter(choices), None)
