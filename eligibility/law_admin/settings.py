"""Settings of institutions in the administration: dated rows with a source, to which only new ones are added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.errors import ActRefused
from eligibility.actions.institution import set_setting
from eligibility.forms.institution import SettingForm
from eligibility.law_access import administered
from eligibility.law_admin.base import LawAdmin, section, today
from eligibility.loading import settings_in_force
from eligibility.local_settings import SETTINGS, setting_words
from eligibility.models import InstitutionSetting
from eligibility.texts import typed


class NameFilter(admin.SimpleListFilter):
    """One setting with its history."""

    title = gettext_lazy("setting")
    parameter_name = "name"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, Any]]:
        """Every open point of the law."""
        return [(one.name, _(one.label)) for one in SETTINGS.values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[InstitutionSetting]) -> QuerySet[InstitutionSetting]:
        """The rows of the chosen one."""
        return queryset.filter(name=self.value()) if self.value() else queryset


class SettingAdmin(LawAdmin):
    """What an institution has set where the law leaves it open."""

    list_display = ("label", "institution_name", "shown_value", "valid_from", "source", "recorded_at")
    list_display_links = None
    list_filter = (NameFilter,)
    search_fields = ("name", "source")
    list_select_related = ("institution",)
    ordering = ("institution__name", "name", "-valid_from", "-recorded_at")

    @admin.display(description=gettext_lazy("setting"), ordering="name")
    def label(self, row: InstitutionSetting) -> str:
        """What it is about."""
        return _(SETTINGS[row.name].label) if row.name in SETTINGS else row.name

    @admin.display(description=gettext_lazy("institution"), ordering="institution__name")
    def institution_name(self, row: InstitutionSetting) -> str:
        """Whose it is."""
        return row.institution.name

    @admin.display(description=gettext_lazy("value"))
    def shown_value(self, row: InstitutionSetting) -> str:
        """The value in words."""
        setting = SETTINGS.get(row.name)
        return setting_words(setting, typed(setting.kind, row.value), _) if setting else str(row.value)

    def visible(self, request: HttpRequest) -> QuerySet[InstitutionSetting]:
        """Those of the user's institutions."""
        return InstitutionSetting.objects.filter(institution__in=administered(request.user))

    def owner_of(self, row: InstitutionSetting) -> int:
        """Its institution."""
        return row.institution_id

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Rows are only added: the page of one leads to the form for a further one."""
        row = self.row(request, object_id)
        return redirect(self.address("add") + f"?institution={row.institution.code}&name={row.name}")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Choose a setting, then record its value from a day on."""
        owner = self.institution(request)
        chosen = SETTINGS.get(request.GET.get("name", ""))
        if chosen is None:
            choices = [(one.name, _(one.label)) for one in SETTINGS.values()]
            title = _("Which setting?")
            return self.show(request, "eligibility/law_admin/setting_choice.html", title, owner=owner, choices=choices)
        now = settings_in_force(owner, today(owner), timezone.now())[chosen.name]
        sent = request.POST if request.method == "POST" else None
        form = SettingForm(sent, setting=chosen, now=now, institution=owner)
        if form.is_bound and form.is_valid():
            given = {name: form.cleaned_data[name] for name in ("valid_from", "source", "document")}
            try:
                set_setting(actor=self.user(request), institution=owner, name=chosen.name, value=form.value, **given)
            except ActRefused as refusal:
                form.refuse(refusal)
            else:
                self.say(request, _("The setting is recorded."))
                return redirect(self.address("changelist") + f"?name={chosen.name}")
        names = ("value", "valid_from", "source", "document")
        rows = InstitutionSetting.objects.filter(institution=owner, name=chosen.name).order_by("-valid_from", "-pk")
        return self.show(
            request,
            "eligibility/law_admin/setting_form.html",
            _(chosen.label),
            sections=(section(form, _("From a day on"), names, lead=_(chosen.open_note)),),
            form=form,
            errors=bool(form.errors),
            owner=owner,
            others=self.others(request, owner, None),
            history=[(row, self.shown_value(row)) for row in rows],
        )
