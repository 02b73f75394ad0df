"""The forms that create accounts: one, from pasted lines, or for the employees of an agency who have none."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agencies import clock
from agencies.account_lists import for_employees, from_lines, names_taken
from agencies.actions import users
from agencies.actions.users import Issued
from agencies.consequences import SHOWN, Consequence, Touch, foresee
from agencies.errors import ActRefused, PortalError
from agencies.forms.frame import ActForm, posted
from agencies.forms.users import AccountForm, FromEmployeesForm, LinesForm
from agencies.masking import masked_nip
from agencies.models import Agency, Employee, Employment, Posting, Role
from agencies.new_accounts import NewAccount
from agencies.personal_data import ReadPage, note_read
from agencies.views.acts import ActPage
from agencies.views.users import Desk, desk_of, slips_page


def confirmed_page(
    request: HttpRequest,
    page: ActPage,
    form: ActForm,
    act: Callable[[], object],
    tell: Callable[[], list[Consequence]],
) -> HttpResponse:
    """Like `act_page`, with what follows told by the caller; what the act returns as `Issued` is shown at once.

    The act is tried and taken back first, so that its refusals come before the question.
    """
    consequences: list[Consequence] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            if form.is_confirmed():
                done = act()
                if isinstance(done, Issued):
                    return slips_page(request, desk_of(request, page.standing.institution.code), done, page.back)
                if done is not None:
                    messages.success(request, _("The change is saved."))
                return redirect(page.after or page.back)
            foresee(act, Touch(page.standing.institution, timezone.localdate()))
            consequences = tell()
            form.show_previewed()
        except PortalError as refusal:
            form.refuse(refusal)
    context = {"page": page, "form": form, "consequences": consequences, "previews": True}
    context |= {"standing": page.standing, "institution": page.standing.institution}
    return render(request, page.template, context)


def employee_of_number(desk: Desk, nip: str) -> Employee | None:
    """The employee of that number, None for no number; raises ActRefused where nobody within reach has it."""
    if not nip:
        return None
    institution = desk.standing.institution
    people = Employee.objects.filter(institution=institution, nip=nip)
    if not desk.standing.sees_all:
        people = people.seen_from(desk.agencies.values("pk"), clock.today(institution), timezone.now())
    employee = people.first()
    if employee is None:
        raise ActRefused(_("No employee within your reach has this number."), "nip")
    return employee


def told_of_employee(request: HttpRequest, desk: Desk, nip: str) -> list[Consequence]:
    """Whom a typed number names, so that it can be confirmed; that the name was shown is written down."""
    employee = employee_of_number(desk, nip)
    if employee is None:
        return [Consequence(_("The account opens no employee's file."))]
    note_read(reader=desk.actor, standing=desk.standing, page=ReadPage.ACCOUNT, at=timezone.now(), employee=employee)
    told = {"nip": masked_nip(employee.nip), "name": employee.name}
    return [Consequence(_("The account belongs to %(name)s (%(nip)s), who may read her own file with it.") % told)]


def _page(desk: Desk, title: str, button: str, lead: str = "") -> ActPage:
    return ActPage(desk.standing, title, button, desk.crumbs(title), back=desk.url("users"), lead=lead)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def one(request: HttpRequest, institution: str) -> HttpResponse:
    """Create one account."""
    desk, today = desk_of(request, institution), timezone.localdate()
    form = AccountForm(posted(request), agencies=desk.agencies, for_all=desk.standing.sees_all, today=today)

    def act() -> object:
        account = _typed(desk, form)
        return users.create_accounts(actor=desk.actor, institution=desk.standing.institution, accounts=[account])

    lead = _("The portal makes a one-time password and shows it once. The first sign-in asks for a new one.")
    page = _page(desk, _("New account"), _("Create the account"), lead)
    return confirmed_page(request, page, form, act, lambda: told_of_employee(request, desk, form.cleaned_data["nip"]))


def _typed(desk: Desk, form: AccountForm) -> NewAccount:
    typed = form.cleaned_data
    return NewAccount(
        username=typed["username"],
        role=Role(typed["role"]),
        agency=typed["agency"],
        valid_from=typed["valid_from"],
        valid_until=typed["valid_until"],
        name=typed["name"],
        employee=employee_of_number(desk, typed["nip"]),
    )


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def lines(request: HttpRequest, institution: str) -> HttpResponse:
    """Create one account for each pasted line."""
    desk = desk_of(request, institution)
    form = LinesForm(posted(request), today=timezone.localdate())
    place = desk.standing.institution

    def accounts() -> list[NewAccount]:
        return from_lines(form.cleaned_data["lines"], place, desk.agencies, form.cleaned_data["valid_from"])

    def act() -> object:
        return users.create_accounts(actor=desk.actor, institution=place, accounts=accounts())

    lead = _("All lines or none: a line that cannot be carried out is named, and then nothing is created.")
    page = _page(desk, _("Many accounts from a list"), _("Create the accounts"), lead)
    return confirmed_page(request, page, form, act, lambda: _told(request, desk, accounts()))


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def from_employees(request: HttpRequest, institution: str) -> HttpResponse:
    """Create an account for each employee of an agency who has none."""
    desk = desk_of(request, institution)
    form = FromEmployeesForm(posted(request), agencies=desk.agencies, today=timezone.localdate())

    def accounts() -> list[NewAccount]:
        found = _without_account(desk, form)
        if not found:
            raise ActRefused(_("Every employee chosen here has an account already."), "agency")
        typed = form.cleaned_data
        return for_employees(found, Role(typed["role"]), typed["valid_from"], names_taken())

    def act() -> object:
        return users.create_accounts(actor=desk.actor, institution=desk.standing.institution, accounts=accounts())

    lead = _("Each employee without an account gets one, with a user name made of her name.")
    page = _page(desk, _("Accounts for employees"), _("Create the accounts"), lead)
    return confirmed_page(request, page, form, act, lambda: _told(request, desk, accounts()))


def _without_account(desk: Desk, form: FromEmployeesForm) -> list[tuple[Employee, Agency]]:
    """The employees, by name, who have no account, each with the agency where she holds a position today."""
    typed, place, now = form.cleaned_data, desk.standing.institution, timezone.now()
    agency = cast("Agency", typed["agency"])
    keys = Agency.objects.filter(institution=place).subtree([agency.pk]) if typed["below"] else {agency.pk}
    today = clock.today(place)
    postings = Posting.objects.in_force(today, now).filter(position__agency__in=keys, employee__account=None)
    if typed["kind"]:
        kinds = Employment.objects.in_force(today, now).filter(kind=typed["kind"])
        postings = postings.filter(employee__in=kinds.values("employee"))
    rows = postings.select_related("employee", "position__agency").order_by("employee__name", "employee", "capacity")
    people: dict[Employee, Agency] = {}
    for posting in rows:
        people.setdefault(posting.employee, posting.position.agency)  # the definitive one comes first
    return list(people.items())


def _told(request: HttpRequest, desk: Desk, accounts: list[NewAccount]) -> list[Consequence]:
    """Which accounts would be created; the names shown are written down as read."""
    shown = accounts[:SHOWN]
    named = sum(1 for account in shown if account.employee)
    note_read(reader=desk.actor, standing=desk.standing, page=ReadPage.ACCOUNT, at=timezone.now(), count=named)
    sentence = ngettext("%(count)d account is created.", "%(count)d accounts are created.", len(accounts))
    items = tuple(
        f"{one.username} · {one.full_name or '–'} · {one.role.label} · "
        f"{one.agency.name if one.agency else desk.standing.institution.name}"
        for one in shown
    )
    return [Consequence(sentence % {"count": len(accounts)}, items, len(accounts))]
