"""The acts on versions in the administration: each asks again and shows what stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import clock
from agencies.keys import is_key
from eligibility.actions import drafts, publication
from eligibility.forms.law.instruments import EndForm
from eligibility.law_access import administered, get_own_version
from eligibility.law_admin.base import Asking, today
from eligibility.law_admin.version_flips import VersionFlips
from eligibility.law_admin.words import worded_version
from eligibility.models import RuleVersion
from eligibility.publication import PublicationRefused, publication_faults


class VersionActs(VersionFlips):
    """Review, publish, clone, discard, repeal."""

    def acts(self) -> Sequence[tuple[str, str, Callable[..., HttpResponse]]]:
        """Their pages."""
        return (
            ("<int:pk>/tinjau/", "review", self.review),
            ("<int:pk>/terbitkan/", "publish", self.publish),
            ("terbitkan/", "publish_several", self.publish_several),
            ("<int:pk>/salin/", "clone", self.clone),
            ("<int:pk>/buang/", "discard", self.discard),
            ("<int:pk>/cabut/", "repeal", self.repeal),
        )

    def review(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say that a draft is as it should be."""
        row, back = self._draft(request, pk)

        def act() -> str:
            drafts.review_version(actor=self.user(request), version=row)
            self.say(request, _("%(name)s is reviewed and can be published.") % {"name": row})
            return back

        lead = _("You say that the draft is what the law says. Who wrote it last cannot say so herself.")
        asking = Asking(_("Review %(name)s") % {"name": row}, lead, _("Reviewed"), back, more=_shown([row]))
        return self.ask(request, asking, act, original=row)

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish one draft."""
        row, back = self._draft(request, pk)
        return self._publish(request, [row], back)

    def publish_several(self, request: HttpRequest) -> HttpResponse:
        """Publish several drafts together, those that the address names."""
        keys = [key for key in request.GET.getlist("v") if is_key(key)]
        found = RuleVersion.objects.drafts().filter(pk__in=keys, rule__owner__in=administered(request.user))
        rows = list(found.select_related("rule__owner", "provision__instrument__owner").order_by("rule__code"))
        if not rows:
            raise Http404
        return self._publish(request, rows, self.address("changelist"))

    @admin.action(description=gettext_lazy("Publish the selected drafts together"), permissions=["view"])
    def publish_together(self, request: HttpRequest, queryset: QuerySet[RuleVersion]) -> HttpResponse | None:
        """Lead to the page that publishes several."""
        keys = list(queryset.filter(published_at__isnull=True).values_list("pk", flat=True))
        if not keys:
            self.message_user(request, _("None of these is a draft; choose drafts."), "error")
            return None
        return redirect(self.address("publish_several") + "?" + "&".join(f"v={key}" for key in keys))

    def _publish(self, request: HttpRequest, rows: list[RuleVersion], back: str) -> HttpResponse:
        names = ", ".join(str(row) for row in rows)

        def act() -> str:
            publication.publish_versions(actor=self.user(request), versions=rows)
            self.say(request, _("Published: %(names)s. From now on this is frozen.") % {"names": names})
            return back

        lead = _("What is published decides from its first day, and never changes again: only a next version does.")
        faults = publication_faults(rows, timezone.now())
        more = {**_shown(rows), **self.flips_before(rows)}
        asking = Asking(_("Publish %(names)s") % {"names": names}, lead, _("Publish"), back, faults=faults, more=more)
        try:
            return self.ask(request, asking, act, original=rows[0] if len(rows) == 1 else None)
        except PublicationRefused:
            return redirect(request.get_full_path())

    def clone(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write the next version as a clone."""
        row = get_own_version(request.user, pk)
        if row.is_draft:
            raise Http404

        def act() -> str:
            made = drafts.clone_version(actor=self.user(request), version=row)
            self.say(request, _("The draft %(name)s says what the version before it says; change it.") % {"name": made})
            return self.address("change", made.pk)

        lead = _("A draft of the next version is written, which says the same from today.")
        back = self.address("change", pk)
        asking = Asking(_("Next version of %(name)s") % {"name": row.rule}, lead, _("Write the draft"), back)
        return self.ask(request, asking, act, original=row)

    def discard(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Throw a draft away."""
        row, back = self._draft(request, pk)

        def act() -> str:
            drafts.discard_draft(actor=self.user(request), version=row)
            self.say(request, _("The draft %(name)s is discarded.") % {"name": row})
            return self.address("changelist")

        lead = _("A draft is no history: it goes, and only the trail says that there was one.")
        asking = Asking(_("Discard %(name)s") % {"name": row}, lead, _("Discard"), back, more=_shown([row]))
        return self.ask(request, asking, act, original=row)

    def repeal(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record that a rule no longer applies from a day on."""
        row = get_own_version(request.user, pk)
        if row.is_draft:
            raise Http404
        owner = row.rule.owner
        sent = request.POST if request.method == "POST" else None
        form = EndForm(sent, initial={"ends_from": today(owner), "known_from": today(owner)})

        def act() -> str:
            typed = form.cleaned_data
            publication.repeal_rule(
                actor=self.user(request),
                rule=row.rule,
                effective_from=typed["ends_from"],
                basis=typed["basis"],
                known_from=clock.start_of(typed["known_from"], owner),
            )
            self.say(request, _("The repeal of %(name)s is recorded.") % {"name": row.rule})
            return self.address("change", pk)

        lead = _("The rule with all its versions no longer applies from the day on; before it everything stays.")
        back = self.address("change", pk)
        asking = Asking(_("Repeal %(name)s") % {"name": row.rule}, lead, _("Repeal"), back, form=form)
        return self.ask(request, asking, act, original=row)

    def _draft(self, request: HttpRequest, pk: int) -> tuple[RuleVersion, str]:
        """The draft of that key and its page; Http404 for what is published or of somebody else."""
        row = get_own_version(request.user, pk)
        if not row.is_draft:
            raise Http404
        return row, self.address("change", pk)


def _shown(rows: Sequence[RuleVersion]) -> dict[str, Any]:
    return {"shown": [(row, worded_version(row)) for row in rows]}
