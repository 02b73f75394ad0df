"""Instruments in the administration: drafts as a form with their rows, published ones to be read, extended, ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import clock
from agencies.signing import key_fingerprint
from eligibility.actions import instrument_drafts, instruments, publication
from eligibility.forms.law.instruments import AmendmentForm, Circular, EndForm, ProvisionForm, circular
from eligibility.law_access import get_own_instrument, may_write, visible_instruments
from eligibility.law_admin.base import Asking, Section, section, today
from eligibility.law_admin.rules_files import RulesFiles, own_public_key
from eligibility.models import Instrument, RuleVersion
from eligibility.periods import Span, spans
from eligibility.place_words import scope_words
from eligibility.querysets import RuleVersionQuerySet
from eligibility.stored_texts import instrument_text


class DraftFilter(admin.SimpleListFilter):
    """Drafts, or what is in the books."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, Any]]:
        """The two states."""
        return [("draft", _("Draft")), ("published", _("Published"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Instrument]) -> QuerySet[Instrument]:
        """Those in the chosen state."""
        drafted = {"drafted_by__isnull": False, "published_at__isnull": True}
        if self.value() == "draft":
            return queryset.filter(**drafted)
        return queryset.exclude(**drafted) if self.value() == "published" else queryset


class InstrumentAdmin(RulesFiles):
    """A legal text or circular with its periods, its scope and its places."""

    list_display = ("title", "number", "issuer", "owner", "layer", "implementing", "is_valid")
    list_filter = (DraftFilter, "layer", "implementing", ("owner", admin.RelatedOnlyFieldListFilter))
    search_fields = ("title", "code", "number", "subject", "issuer")
    list_select_related = ("owner",)
    ordering = ("layer", "title")
    change_list_template = "eligibility/law_admin/instrument_list.html"

    @admin.display(description=gettext_lazy("state"))
    def is_valid(self, row: Instrument) -> str:
        """Draft or published."""
        return _("Draft") if row.is_draft else _("Published")

    def visible(self, request: HttpRequest) -> QuerySet[Instrument]:
        """What is law, and the drafts of the user's institutions."""
        return visible_instruments(request.user)

    def owner_of(self, row: Instrument) -> int:
        """Its institution."""
        return row.owner_id

    def is_open(self, row: Instrument) -> bool:
        """Drafts may change."""
        return row.is_draft

    def pages(self) -> Sequence[tuple[str, str, Callable[..., HttpResponse]]]:
        """The acts."""
        return (
            ("<int:pk>/terbitkan/", "publish", self.publish),
            ("<int:pk>/perpanjang/", "extend", self.extend),
            ("<int:pk>/akhiri/", "end", self.end),
            ("<int:pk>/ketentuan/", "provision", self.provision),
            ("<int:pk>/buang/", "discard", self.discard),
            *self.file_pages(),
        )

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A draft of a new instrument."""
        owner = self.institution(request)
        form = circular(owner, request.POST if request.method == "POST" else None, today=today(owner))

        def write() -> Instrument:
            return instrument_drafts.draft_instrument(actor=self.user(request), institution=owner, text=form.text())

        return self._written(request, form, write, _("Add an instrument"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A draft to be changed, or what is published to be read."""
        shown = self.row(request, object_id)
        if not self.has_change_permission(request, shown):
            return self._read(request, shown)
        row = get_own_instrument(request.user, shown.pk)
        sent = request.POST if request.method == "POST" else None
        form = circular(row.owner, sent, text=instrument_text(row), today=today(row.owner))

        def write() -> Instrument:
            instrument_drafts.change_instrument(actor=self.user(request), instrument=row, text=form.text())
            return row

        return self._written(request, form, write, str(row), row)

    def _written(
        self,
        request: HttpRequest,
        form: Circular,
        write: Callable[[], Instrument],
        title: str,
        original: Instrument | None = None,
    ) -> HttpResponse:
        answer = self.saved(request, form, write, lambda row: _("The draft “%(name)s” is saved.") % {"name": row})
        return answer or self.show(
            request,
            "eligibility/law_admin/instrument_form.html",
            title,
            sections=_sections(form),
            form=form.form,
            errors="_save" in request.POST,
            original=original,
            owner=form.owner,
            others=self.others(request, form.owner, original),
            versions=self._versions(original),
            possible=self.possible(request, original),
        )

    def _versions(self, row: Instrument | None) -> RuleVersionQuerySet:
        found = RuleVersion.objects.select_related("rule", "provision")
        return found.filter(provision__instrument=row).order_by("rule__code", "number") if row else found.none()

    def _read(self, request: HttpRequest, row: Instrument) -> HttpResponse:
        key = own_public_key(row.owner)
        return self.show(
            request,
            "eligibility/law_admin/instrument_read.html",
            str(row),
            original=row,
            days=spans(row.periods.all()),
            public_key=key,
            key_fingerprint=key_fingerprint(key),
            periods=row.periods.order_by("known_from", "starts_on"),
            provisions=row.provisions.prefetch_related("verifications__verified_by"),
            reaches=scope_words(row.scopes.all()),
            versions=self._versions(row).published()
            if not may_write(request.user, row.owner_id)
            else self._versions(row),
            possible=self.possible(request, row),
        )

    def possible(self, request: HttpRequest, row: Instrument | None) -> dict[str, bool]:
        """Which acts there are for an instrument."""
        if row is None or not may_write(request.user, row.owner_id):
            return {}
        draft = row.is_draft
        return {
            "rule": True,
            "publish": draft and row.implementing,
            "discard": draft,
            "extend": not draft,
            "end": not draft,
            "provision": not draft,
        }

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish an implementing instrument that holds no rules."""
        row, back = self._own(request, pk, draft=True)

        def act() -> str:
            publication.publish_instrument(actor=self.user(request), instrument=row)
            self.say(request, _("“%(name)s” is published and opens the gate of approval.") % {"name": row})
            return back

        lead = _("It opens the gate of approval for its scope, on its days. Who drafted it cannot publish it herself.")
        asking = Asking(_("Publish “%(name)s”") % {"name": row}, lead, _("Publish"), back)
        return self.ask(request, asking, act, original=row)

    def discard(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Throw a draft away."""
        row, back = self._own(request, pk, draft=True)

        def act() -> str:
            instrument_drafts.discard_instrument(actor=self.user(request), instrument=row)
            self.say(request, _("The draft “%(name)s” is discarded.") % {"name": row})
            return self.address("changelist")

        lead = _("A draft is no history: it goes, and only the trail says that there was one.")
        return self.ask(
            request, Asking(_("Discard “%(name)s”") % {"name": row}, lead, _("Discard"), back), act, original=row
        )

    def extend(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record a further period by a dated amendment."""
        row, back = self._own(request, pk, draft=False)
        form = AmendmentForm(self._sent(request), initial={"known_from": today(row.owner)})

        def act() -> str:
            typed = form.cleaned_data
            instruments.extend_instrument(
                actor=self.user(request),
                instrument=row,
                period=Span(typed["first_day"], typed["last_day"]),
                basis=typed["basis"],
                known_from=clock.start_of(typed["known_from"], row.owner),
            )
            self.say(request, _("The further period of “%(name)s” is recorded.") % {"name": row})
            return back

        lead = _("A further period is added. What was known before the amendment stays as it was known.")
        asking = Asking(_("Extend “%(name)s”") % {"name": row}, lead, _("Record the period"), back, form=form)
        return self.ask(request, asking, act, original=row)

    def end(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record that it is no longer in force from a day on."""
        row, back = self._own(request, pk, draft=False)
        form = EndForm(self._sent(request), initial={"known_from": today(row.owner)})

        def act() -> str:
            typed = form.cleaned_data
            instruments.end_instrument(
                actor=self.user(request),
                instrument=row,
                ends_from_day=typed["ends_from"],
                basis=typed["basis"],
                known_from=clock.start_of(typed["known_from"], row.owner),
            )
            self.say(request, _("The ending of “%(name)s” is recorded.") % {"name": row})
            return back

        lead = _("Later periods end with it. What was known before stays as it was known.")
        asking = Asking(_("End “%(name)s”") % {"name": row}, lead, _("Record the ending"), back, form=form)
        return self.ask(request, asking, act, original=row)

    def provision(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add a place that can be cited."""
        row, back = self._own(request, pk, draft=False)
        form = ProvisionForm(self._sent(request))

        def act() -> str:
            added = instrument_drafts.add_provision(actor=self.user(request), instrument=row, text=form.text())
            self.say(request, _("The place “%(name)s” is added.") % {"name": added})
            return back

        lead = _("A published instrument keeps the places it has; further ones may be added.")
        asking = Asking(_("Add a place to “%(name)s”") % {"name": row}, lead, _("Add the place"), back, form=form)
        return self.ask(request, asking, act, original=row)

    def _sent(self, request: HttpRequest) -> Any:
        return request.POST if request.method == "POST" else None

    def _own(self, request: HttpRequest, pk: int, *, draft: bool) -> tuple[Instrument, str]:
        """The instrument of that key and its page; Http404 for another institution's, and in the other state."""
        row = get_own_instrument(request.user, pk)
        if row.is_draft is not draft:
            raise Http404
        return row, self.address("change", pk)


def _sections(form: Circular) -> tuple[Section, ...]:
    """The text, then its rows."""
    names = (
        *("code", "title", ("number", "issued_on"), "issuer", "subject", "layer", "implementing"),
        *("known_from", "url", "open_note"),
    )
    return (
        section(form.form, _("The text"), names),
        section(form.form, None, (), form.rows["periods"]),
        section(form.form, None, (), form.rows["scopes"], lead=_("No line reaches everybody it may reach.")),
        section(form.form, None, (), form.rows["provisions"]),
    )
