"""Keys of files of rules in the administration: whose they are, as the institution was told; rows are only added."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.errors import ActRefused
from agencies.signing import key_fingerprint
from eligibility.actions.sender_keys import record_sender_key
from eligibility.forms.law.files import SenderKeyForm
from eligibility.law_access import administered
from eligibility.law_admin.base import LawAdmin, section
from eligibility.models import SenderKey


class SenderKeyAdmin(LawAdmin):
    """By whose keys files of rules are signed."""

    list_display = ("fingerprint", "holder", "trusted", "source", "institution_name", "recorded_at")
    list_select_related = ("institution",)
    search_fields = ("public_key", "holder", "source")

    @admin.display(description=gettext_lazy("fingerprint of the key"), ordering="public_key")
    def fingerprint(self, row: SenderKey) -> str:
        """The key as people compare it."""
        return key_fingerprint(row.public_key)

    @admin.display(description=gettext_lazy("recorded by"), ordering="institution__name")
    def institution_name(self, row: SenderKey) -> str:
        """Which institution was told."""
        return row.institution.name

    def visible(self, request: HttpRequest) -> QuerySet[SenderKey]:
        """Those that the user's institutions recorded."""
        return SenderKey.objects.filter(institution__in=administered(request.user))

    def owner_of(self, row: SenderKey) -> int:
        """Who recorded it."""
        return row.institution_id

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Rows are only added: the page of one leads to the form for a further one of its key."""
        row = self.row(request, object_id)
        return redirect(self.address("add") + f"?institution={row.institution.code}&row={row.pk}")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Whose a key is from now on, or that it is used no longer."""
        owner = self.institution(request)
        form = SenderKeyForm(request.POST if request.method == "POST" else None, initial=self._initial(request))
        if form.is_bound and form.is_valid():
            try:
                record_sender_key(actor=self.user(request), institution=owner, **form.cleaned_data)
            except ActRefused as refusal:
                form.refuse(refusal)
            else:
                self.say(request, _("The key is recorded."))
                return redirect(self.address("changelist"))
        return self.show(
            request,
            "eligibility/law_admin/sender_key_form.html",
            _("Whose key is it?"),
            sections=(section(form, _("A key of files of rules"), ("public_key", "holder", "source", "trusted")),),
            form=form,
            errors=bool(form.errors),
            owner=owner,
            others=self.others(request, owner, None),
        )

    def _initial(self, request: HttpRequest) -> dict[str, Any]:
        """What the named row says, or the key that the address brings from a file."""
        key = request.GET.get("row", "")
        if not key:
            return {"public_key": request.GET.get("kunci", "")}
        row: SenderKey = self.row(request, key)
        return {name: getattr(row, name) for name in ("public_key", "holder", "source", "trusted")}
