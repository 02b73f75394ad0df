"""Versions of rules in the administration: the list, the sentence as a form, published ones to be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.keys import is_key
from agencies.models import Institution
from eligibility.actions import drafts
from eligibility.forms.law.sentences import Sentence, sentence
from eligibility.law_access import get_own_version, may_write, visible_versions
from eligibility.law_admin.base import Section, section, today
from eligibility.law_admin.version_acts import VersionActs
from eligibility.law_admin.version_cases import VersionCases
from eligibility.law_admin.words import Wording, changed_from, parts_of, worded, worded_version
from eligibility.models import Provision, RuleVersion
from eligibility.models.rules import VersionState
from eligibility.stored_texts import version_text


class StateFilter(admin.SimpleListFilter):
    """Where versions stand today."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, Any]]:
        """Every state."""
        return VersionState.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[RuleVersion]) -> QuerySet[RuleVersion]:
        """The versions in the chosen state; the list knows it of each."""
        chosen: dict[str, Any] = {"state": self.value()}
        return queryset.filter(**chosen) if self.value() in VersionState.values else queryset


class InstrumentFilter(admin.SimpleListFilter):
    """The instruments that the listed versions rest on."""

    title = gettext_lazy("instrument")
    parameter_name = "instrument"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, Any]]:
        """Those with a visible version."""
        rows = visible_versions(request.user).order_by("provision__instrument__title")
        return list(rows.values_list("provision__instrument__code", "provision__instrument__title").distinct())

    def queryset(self, request: HttpRequest, queryset: QuerySet[RuleVersion]) -> QuerySet[RuleVersion]:
        """Those of the chosen one."""
        return queryset.filter(provision__instrument__code=self.value()) if self.value() else queryset


class VersionAdmin(VersionActs, VersionCases):
    """A rule is edited as the sentence it is."""

    list_display = ("__str__", "title", "instrument", "effect", "effective_from", "shown_state")
    list_display_links = ("__str__", "title")
    list_filter = (StateFilter, "effect", InstrumentFilter)
    search_fields = ("rule__code", "title", "provision__instrument__title", "provision__reference")
    list_select_related = ("rule", "provision__instrument")
    ordering = ("rule__code", "-number")
    actions = ("publish_together",)

    @admin.display(description=gettext_lazy("instrument"), ordering="provision__instrument__title")
    def instrument(self, row: RuleVersion) -> str:
        """What it rests on."""
        return str(row.provision)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def shown_state(self, row: Any) -> str:
        """Where it stands today."""
        return str(VersionState(row.state).label)

    def visible(self, request: HttpRequest) -> QuerySet[RuleVersion]:
        """Published ones of everybody, drafts of the user's institutions."""
        now = timezone.now()
        return visible_versions(request.user).with_state(timezone.localdate(), now)

    def owner_of(self, row: RuleVersion) -> int:
        """The institution of its rule."""
        return row.rule.owner_id

    def is_open(self, row: RuleVersion) -> bool:
        """Drafts may change."""
        return row.is_draft

    def pages(self) -> Sequence[tuple[str, str, Callable[..., HttpResponseBase]]]:
        """The live sentence, the fields of a row, what differs, and the acts."""
        return (
            ("kalimat/", "words", self.words),
            ("isian/", "fields", self.row_fields),
            ("<int:pk>/beda/", "differences", self.differences),
            *self.flip_pages(),
            *self.case_pages(),
            *self.acts(),
        )

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A draft of a new rule, or of the next version of one."""
        owner = self.institution(request)
        form = sentence(owner, self._sent(request), provision=self._cited(request, owner), today=today(owner))

        def write() -> RuleVersion:
            instrument, code = form.provision.instrument, form.form.cleaned_data["code"]
            return drafts.draft_version(actor=self.user(request), instrument=instrument, code=code, text=form.text())

        return self._written(request, form, write, _("Add a rule"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A draft to be changed, or what is published to be read."""
        shown = self.row(request, object_id)
        if not self.has_change_permission(request, shown):
            return self._read(request, shown)
        row = get_own_version(request.user, shown.pk)
        owner = row.rule.owner
        form = sentence(
            owner,
            self._sent(request),
            code=row.rule.code,
            provision=row.provision,
            text=version_text(row),
            today=today(owner),
        )

        def write() -> RuleVersion:
            instrument = form.provision.instrument
            drafts.change_draft(actor=self.user(request), version=row, instrument=instrument, text=form.text())
            return row

        return self._written(request, form, write, str(row), row)

    def _sent(self, request: HttpRequest) -> Any:
        return request.POST if request.method == "POST" else None

    def _cited(self, request: HttpRequest, owner: Institution) -> Provision | None:
        """The place that the address names, if it is the institution's."""
        asked = request.GET.get("provision", "")
        if not is_key(asked):
            return None
        return Provision.objects.filter(pk=asked, instrument__owner=owner).first()

    def _written(
        self,
        request: HttpRequest,
        form: Sentence,
        write: Callable[[], RuleVersion],
        title: str,
        original: RuleVersion | None = None,
    ) -> HttpResponse:
        """Save the draft and lead to it, or show the form: with its faults, or only brought up to date."""
        said = _("The draft %(name)s is saved. Somebody else reviews it.")
        answer = self.saved(request, form, write, lambda row: said % {"name": row})
        if "_refresh" in request.POST:
            form.without_faults()
        asked = "_words" in request.POST or (request.method == "GET" and original is not None)
        return answer or self.show(
            request,
            "eligibility/law_admin/version_form.html",
            title,
            sections=sections(form),
            form=form.form,
            errors="_save" in request.POST,
            wording=_wording(form) if asked else None,
            original=original,
            owner=form.owner,
            others=self.others(request, form.owner, original),
            state=VersionState(original.state_on(today(form.owner), timezone.now())).label if original else "",
            possible=self.possible(request, original),
        )

    def _read(self, request: HttpRequest, shown: Any) -> HttpResponse:
        row = RuleVersion.objects.select_related("rule__owner", "provision__instrument__owner").get(pk=shown.pk)
        return self.show(
            request,
            "eligibility/law_admin/version_read.html",
            str(row),
            original=row,
            parts=parts_of(row),
            wording=worded_version(row),
            state=VersionState(shown.state).label,
            possible=self.possible(request, row),
        )

    def words(self, request: HttpRequest) -> HttpResponse:
        """The sentence as it stands in a form that is being written; nothing is stored."""
        if request.method != "POST":
            raise Http404
        owner = self.institution(request)
        sent = request.POST.copy()
        sent.setdefault("code", "-")  # that of a stored draft is fixed, so it is not sent
        form = sentence(owner, sent, today=today(owner))
        return self.show(request, "eligibility/law_admin/_words.html", "", wording=_wording(form))

    def row_fields(self, request: HttpRequest) -> HttpResponse:
        """The fields of one row that follow the fact chosen in it."""
        owner = self.institution(request)
        part = request.GET.get("part", "")
        form = sentence(owner, None, today=today(owner))
        number = request.GET.get("number", "")
        if part not in ("applies", "requires", "exceptions") or not (number.isascii() and number.isdecimal()):
            raise Http404
        rows = form.rows[part]
        row = rows.form(prefix=f"{part}-{number}", initial={"fact": request.GET.get("fact", "")}, owner=owner)
        return self.show(request, "eligibility/law_admin/_row_fields.html", "", row=row)

    def differences(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What differs between a version and the one before it."""
        row = RuleVersion.objects.select_related("rule__owner").get(pk=self.row(request, str(pk)).pk)
        before = row.rule.versions.filter(number__lt=row.number).order_by("-number").first()
        if before is None:
            raise Http404
        return self.show(
            request,
            "eligibility/law_admin/differences.html",
            _("What differs: %(after)s beside version %(before)d") % {"after": row, "before": before.number},
            original=row,
            before=before,
            found=changed_from(before, row),
        )

    def possible(self, request: HttpRequest, row: RuleVersion | None) -> dict[str, bool]:
        """Which acts and pages there are for a version."""
        if row is None:
            return {}
        mine = may_write(request.user, row.rule.owner_id)
        return {
            "review": mine and row.is_draft and row.reviewed_at is None and row.drafted_by_id != request.user.pk,
            "publish": mine and row.is_draft,
            "discard": mine and row.is_draft,
            "clone": mine and not row.is_draft and not row.rule.versions.drafts().exists(),
            "repeal": mine and not row.is_draft,
            "cases": mine,
            "differences": row.rule.versions.filter(number__lt=row.number).exists(),
        }


def _wording(form: Sentence) -> Wording:
    """The sentence that a form says, or that it does not say one yet."""
    if form.form.is_bound and not form.is_valid():
        return Wording(None, [_("Some fields are still empty or wrong.")])
    if not form.form.is_bound:
        return _stored_wording(form)
    return worded(form.owner, form.form.cleaned_data["code"], form.text(), form.provision)


def _stored_wording(form: Sentence) -> Wording:
    row = RuleVersion.objects.drafts().filter(rule__code=form.form.initial["code"]).first()
    return worded_version(row) if row is not None else Wording(None)


def sections(form: Sentence) -> tuple[Section, ...]:
    """The sentence in its four parts."""
    fields, rows = form.form, form.rows
    says = ("code", "provision", "title", ("effective_from", "known_from"))
    follows = (
        "effect",
        ("required_count", "required_count_setting"),
        "condition_kind",
        "condition_approver",
        "condition_text",
        ("limit", "limit_value"),
        "limit_weekdays",
        "limit_places",
        "limit_together",
        ("limit_population", "limit_per", "limit_counting"),
    )
    return (
        section(fields, _("What the law says"), says),
        section(fields, _("When it applies"), ("subject", "modes"), rows["applies"]),
        section(fields, _("What follows"), follows, rows["requires"], rows["lifts"]),
        section(fields, _("Except"), (), rows["exceptions"]),
    )
