"""Places of instruments in the administration: to be read, and ticked when compared with the official text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility.actions import instrument_drafts
from eligibility.forms.law.instruments import TickForm
from eligibility.law_access import get_own_provision, may_write, visible_provisions
from eligibility.law_admin.base import Asking, LawAdmin
from eligibility.models import Provision, ProvisionVerification


class ProvisionAdmin(LawAdmin):
    """They are written in the form of their instrument; here they are found and ticked."""

    list_display = ("reference", "instrument", "summary", "mark", "is_verified")
    list_filter = ("mark", ("instrument", admin.RelatedOnlyFieldListFilter))
    search_fields = ("reference", "summary", "instrument__title")
    list_select_related = ("instrument",)
    list_display_links = ("reference", "summary")
    ordering = ("instrument__layer", "instrument__title", "pk")

    @admin.display(description=gettext_lazy("compared with the official text"), boolean=True)
    def is_verified(self, row: Any) -> bool:
        """Whether somebody did."""
        return bool(row.verified)

    def visible(self, request: HttpRequest) -> QuerySet[Provision]:
        """Places of visible instruments, each with whether it was compared."""
        ticks = ProvisionVerification.objects.filter(provision=OuterRef("pk"))
        return visible_provisions(request.user).annotate(verified=Exists(ticks))

    def owner_of(self, row: Provision) -> int:
        """The institution of its instrument."""
        return row.instrument.owner_id

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are added in the form of their instrument."""
        return False

    def pages(self) -> Sequence[tuple[str, str, Callable[..., HttpResponse]]]:
        """The tick."""
        return (("<int:pk>/bandingkan/", "verify", self.verify),)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A place with its quote, its link and its ticks."""
        row = self.row(request, object_id)
        return self.show(
            request,
            "eligibility/law_admin/provision_read.html",
            str(row),
            original=row,
            ticks=row.verifications.select_related("verified_by").order_by("verified_at"),
            versions=row.rule_versions.published().select_related("rule"),
            may_tick=may_write(request.user, row.instrument.owner_id),
        )

    def verify(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record that it was compared with the official text."""
        row = get_own_provision(request.user, pk)
        form = TickForm(request.POST if request.method == "POST" else None)
        back = self.address("change", pk)

        def act() -> str:
            note = form.cleaned_data["note"]
            instrument_drafts.verify_provision(actor=self.user(request), provision=row, note=note)
            self.say(request, _("It is recorded that you compared “%(name)s” with the official text.") % {"name": row})
            return back

        lead = _("Your name and the moment are recorded for ever; the words of the place then stay as they are.")
        title = _("Compared with the official text: %(name)s") % {"name": row}
        return self.ask(request, Asking(title, lead, _("Record"), back, form=form), act, original=row)
