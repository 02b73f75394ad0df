"""The administration of the law: Django's own, opened by grants of rules administrators and by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from agencies.access import read_once
from eligibility.law_access import writes_law


class LawSite(AdminSite):
    """What rules administrators work in; for everybody else it is not there."""

    site_header = _("The law of the portal")
    site_title = _("The law of the portal")
    index_title = _("Instruments, rules and settings")
    empty_value_display = "–"
    index_template = "eligibility/law_admin/index.html"
    enable_nav_sidebar = False  # rows of criteria need the width

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the user writes the law of any institution today."""
        return request.user.is_active and writes_law(request.user)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """A view of the site: who is signed in without the right is told that it is not there."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            read_once(request.user)  # no page of the site changes grants
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            answer: HttpResponse = guarded(request, *args, **kwargs)
            return answer

        return update_wrapper(inner, view)

    def get_urls(self) -> list[Any]:
        """Django's, after the page that looks at the law as a whole."""
        return [path("analisis/", self.admin_view(self.analysis), name="law_analysis"), *super().get_urls()]

    def analysis(self, request: HttpRequest) -> HttpResponse:
        """What is wrong with the law itself."""
        from eligibility.law_admin.analysis import analysis_page  # its words need the registry of models

        return analysis_page(request, self.each_context(request))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The portal's own sign-in, which then leads here."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
        if request.user.is_authenticated:
            return redirect("admin:index")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), settings.LOGIN_URL)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The portal's own page."""
        return redirect("password_change")


SITE = LawSite(name="admin")
