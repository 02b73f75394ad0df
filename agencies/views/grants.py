"""The forms that give a role, move its last day and withdraw it before it begins; and who an account belongs to."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agencies import access
from agencies.actions import grants, users
from agencies.forms.frame import posted
from agencies.forms.users import ConfirmForm, GrantForm, LastDayForm, LinkForm
from agencies.models import Grant, Role, User
from agencies.views.acts import ActPage, act_page
from agencies.views.new_accounts import confirmed_page, employee_of_number, told_of_employee
from agencies.views.users import Desk, desk_of


def _page(desk: Desk, user: User, title: str, button: str, lead: str = "") -> ActPage:
    """The frame of a form about an account."""
    crumbs = desk.crumbs(title, user)
    return ActPage(desk.standing, title, button, crumbs, back=desk.url("user", user.pk), lead=lead)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def give(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Give an account a further role."""
    desk = desk_of(request, institution)
    user = access.get_account(desk.standing, pk)
    today = timezone.localdate()
    form = GrantForm(posted(request), agencies=desk.agencies, for_all=desk.standing.sees_all, today=today)

    def act() -> object:
        typed = form.cleaned_data
        return grants.give_role(
            actor=desk.actor,
            user=user,
            institution=desk.standing.institution,
            role=Role(typed["role"]),
            agency=typed["agency"],
            valid_from=typed["valid_from"],
            valid_until=typed["valid_until"],
        )

    page = _page(desk, user, _("Give %(name)s a role") % {"name": user.username}, _("Give the role"))
    return act_page(request, page, form, act, done=_("The role is given."))


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def last_day(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """End a role, or let it go on."""
    desk = desk_of(request, institution)
    grant = access.get_grant(desk.standing, pk)
    form = LastDayForm(posted(request), initial={"valid_until": grant.valid_until})

    def act() -> object:
        return grants.change_last_day(actor=desk.actor, grant=grant, valid_until=form.cleaned_data["valid_until"])

    lead = _("%(role)s, %(place)s, since %(day)s. To stop it at once, close the account.") % _told(grant)
    page = _page(desk, grant.user, _("Last day of a role"), _("Save the last day"), lead)
    return act_page(request, page, form, act, done=_("The last day is saved."))


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def withdraw(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Take back a role that has not begun."""
    desk = desk_of(request, institution)
    grant = access.get_grant(desk.standing, pk)
    form = ConfirmForm(posted(request))

    def act() -> object:
        return grants.withdraw_role(actor=desk.actor, grant=grant)

    lead = _("%(role)s, %(place)s, from %(day)s. The role will not begin; the trail keeps that it was given.") % _told(
        grant
    )
    page = _page(desk, grant.user, _("Withdraw a role"), _("Withdraw the role"), lead)
    return act_page(request, page, form, act, done=_("The role is withdrawn."))


def _told(grant: Grant) -> dict[str, str]:
    place = grant.agency.name if grant.agency else grant.institution.name
    day: date = grant.valid_from
    return {"role": str(Role(grant.role).label), "place": place, "day": date_format(day)}


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def link(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Link an account to the employee whose file it opens."""
    desk = desk_of(request, institution)
    user = access.get_account(desk.standing, pk)
    form = LinkForm(posted(request))

    def act() -> object:
        employee = employee_of_number(desk, form.cleaned_data["nip"])
        return users.link_employee(
            actor=desk.actor, institution=desk.standing.institution, user=user, employee=employee
        )

    title = _("Employee of the account %(name)s") % {"name": user.username}
    page = _page(desk, user, title, _("Save the link"))
    return confirmed_page(request, page, form, act, lambda: told_of_employee(request, desk, form.cleaned_data["nip"]))
