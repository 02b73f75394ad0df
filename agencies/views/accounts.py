"""Sign-in, sign-out, change of password, and one's own account."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.accounts import own_account_page
from agencies.demonstration.sign_ins import SIGN_INS
from agencies.forms.accounts import ChangePasswordForm, SignInForm
from agencies.models import User


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Ask for user name and password; in demonstration mode list the invented cast."""
    view = auth_views.LoginView.as_view(
        template_name="agencies/sign_in.html",
        authentication_form=SignInForm,
        redirect_authenticated_user=True,
        extra_context={"sign_ins": SIGN_INS if settings.DEMO else ()},
    )
    return view(request)


def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session; only by POST, so that no link can do it."""
    response = auth_views.LogoutView.as_view()(request)
    if request.method == "POST":
        messages.success(request, _("You have signed out."))
    return response


@login_required
def change_password(request: HttpRequest) -> HttpResponseBase:
    """Take the old password and a new one, and go home."""
    view = auth_views.PasswordChangeView.as_view(
        template_name="agencies/password_change.html",
        form_class=ChangePasswordForm,
        success_url=reverse_lazy("home"),
    )
    response = view(request)
    if request.method == "POST" and response.status_code == 302:
        messages.success(request, _("Your password is changed."))
    return response


@login_required
@require_safe
def own_account(request: HttpRequest) -> HttpResponseBase:
    """What the account may do, where and since when, whatever the institution."""
    user = request.user
    assert isinstance(user, User)  # login_required saw to it
    return render(request, "agencies/own_account.html", {"page": own_account_page(user, timezone.localdate())})
