"""What the pages of the administration share: permissions by grants, forms in the stock look, pages that ask again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from django.contrib import admin, messages
from django.contrib.admin.helpers import Fieldset
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from agencies import clock
from agencies.errors import ActRefused, PortalError, ValuesRefused
from agencies.forms.frame import WrittenForm
from agencies.keys import is_key
from agencies.models import Institution, User
from eligibility.forms.law.rows import BaseRows
from eligibility.law_access import administered, may_write
from eligibility.texts import Fault

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin


class Typed(Protocol):
    """A form with its rows, as an act takes it."""

    form: Any

    def is_valid(self) -> bool:
        """Whether every field holds something that it takes."""
        ...

    def refuse(self, refusal: ValuesRefused) -> None:
        """Put each sentence of a refused act where it belongs."""
        ...


@dataclass(frozen=True)
class Section:
    """A part of a form under one heading: fields, then rows."""

    fieldset: Fieldset
    rows: tuple[BaseRows, ...] = ()


def section(form: Any, heading: Any, fields: Sequence[Any], *rows: BaseRows, lead: Any = None) -> Section:
    """A part of a form in the stock look; several fields in one tuple stand in one line."""
    return Section(Fieldset(form, heading, fields=fields, description=lead), rows)


@dataclass(frozen=True)
class Asking:
    """A page that asks again before an act: what it says, what stands in the way, what is still to be written."""

    title: str
    lead: str
    button: str
    back: str
    template: str = "eligibility/law_admin/asking.html"
    form: WrittenForm | None = None
    faults: Sequence[Fault] = ()
    more: dict[str, Any] | None = None


class LawAdmin(_ModelAdmin):
    """Lists are Django's; what is written goes through acts, and nothing is deleted here."""

    list_per_page = 50
    show_full_result_count = False

    def user(self, request: HttpRequest) -> User:
        """Who works here."""
        assert isinstance(request.user, User), "the site lets nobody else in"
        return request.user

    def visible(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows that the user may read."""
        raise NotImplementedError

    def owner_of(self, row: Any) -> int:
        """The key of the institution that a row belongs to."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The visible rows."""
        return self.visible(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Everybody whom the site lets in."""
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is visible; a list is."""
        return obj is None or self.visible(request).filter(pk=obj.pk).exists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Everybody whom the site lets in writes for some institution."""
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only rows of the institutions that the user writes for, as long as they are drafts."""
        return obj is None or (may_write(request.user, self.owner_of(obj)) and self.is_open(obj))

    def is_open(self, row: Any) -> bool:
        """Whether a row may still change."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: drafts are discarded by an act, the rest stays."""
        return False

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Not there."""
        raise Http404

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Not there: what was done stands in the trail."""
        raise Http404

    def row(self, request: HttpRequest, object_id: str) -> Any:
        """The row of that key; Http404 where it is unknown or out of sight."""
        if not is_key(object_id):
            raise Http404
        found = self.visible(request).filter(pk=object_id).first()
        if found is None:
            raise Http404
        return found

    def institution(self, request: HttpRequest) -> Institution:
        """For whom something new is written: the institution the address names, else the user's first."""
        mine = administered(request.user)
        asked = request.GET.get("institution", "")
        found = next((one for one in mine if one.code == asked), None if asked else mine[0])
        if found is None:
            raise Http404
        return found

    def context(self, request: HttpRequest, title: str, **more: Any) -> dict[str, Any]:
        """What every page of the site needs."""
        return {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **more}

    def show(self, request: HttpRequest, template: str, title: str, **more: Any) -> HttpResponse:
        """A page of the site."""
        return TemplateResponse(request, template, self.context(request, title, **more))

    def address(self, page: str, *args: object) -> str:
        """The address of a page of this kind of rows."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)

    def pages(self) -> Sequence[tuple[str, str, Callable[..., HttpResponseBase]]]:
        """Further pages: path, name, view."""
        return ()

    def get_urls(self) -> list[URLPattern]:
        """The further pages, then Django's."""
        further = [
            path(route, self.admin_site.admin_view(view), name=f"{self.opts.app_label}_{self.opts.model_name}_{name}")
            for route, name, view in self.pages()
        ]
        return [*further, *super().get_urls()]

    def saved(
        self, request: HttpRequest, form: Typed, write: Callable[[], Any], said: Callable[[Any], str]
    ) -> HttpResponse | None:
        """Have a valid form written and lead to its row; None where there is something to be mended first."""
        if "_save" not in request.POST or not form.is_valid():
            return None
        try:
            row = write()
        except ValuesRefused as refusal:
            form.refuse(refusal)
        except ActRefused as refusal:
            form.form.add_error(None, str(refusal))
        else:
            self.say(request, said(row))
            return redirect(self.address("change", row.pk))
        return None

    def others(self, request: HttpRequest, owner: Institution, original: Any) -> list[Institution]:
        """For whom else something new can be written."""
        return [] if original is not None else [one for one in administered(request.user) if one != owner]

    def ask(
        self, request: HttpRequest, asking: Asking, act: Callable[[], str], *, original: Any = None
    ) -> HttpResponse:
        """Ask, then act: the act answers where it leads; what it refuses is said on the same page."""
        refused = ""
        sent = request.method == "POST" and "confirm" in request.POST
        if sent and not asking.faults and (asking.form is None or asking.form.is_valid()):
            try:
                return redirect(act())
            except ActRefused as refusal:
                refused = self._refused(asking.form, refusal)
        more = {"asking": asking, "refused": refused, "original": original, **(asking.more or {})}
        if asking.form is not None:
            more["fieldset"] = section(asking.form, None, list(asking.form.fields)).fieldset
        return self.show(request, asking.template, asking.title, **more)

    def _refused(self, form: WrittenForm | None, refusal: PortalError) -> str:
        if form is None:
            return str(refusal)
        form.refuse(refusal)
        return ""

    def say(self, request: HttpRequest, sentence: str) -> None:
        """Say what was done, on the next page."""
        messages.success(request, sentence)


def today(owner: Institution) -> date:
    """The day that counts as today where forms begin."""
    return timezone.localdate(timezone=clock.zone(owner))
