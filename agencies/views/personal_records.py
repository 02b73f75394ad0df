"""The forms of dated rows about an employee: to add, correct and withdraw one, and to end a posting."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from agencies import access
from agencies.access import Standing
from agencies.actions import personal_records
from agencies.consequences import Touch
from agencies.forms.frame import posted
from agencies.forms.personal_records import EndPostingForm, WithdrawForm
from agencies.models import Employee
from agencies.pages.employee_lines import COLUMNS
from agencies.pages.personal_nouns import NOUNS, Noun
from agencies.views.acts import ActPage, Crumb, act_page
from agencies.views.people_frame import crumbs_of, note_form, signed_in, touch_of, view_of, writer_of


def _gate(request: HttpRequest, institution: str, pk: int, noun: str) -> tuple[Standing, Employee, Noun]:
    """Who writes about whom and what; Http404 for a kind that is unknown or not hers to write."""
    if noun not in NOUNS:
        raise Http404
    standing = writer_of(request, institution, whole=NOUNS[noun].whole)
    found = access.get_employee(standing, pk)
    note_form(request, standing, found)
    return standing, found, NOUNS[noun]


def _row(standing: Standing, employee: Employee, noun: Noun, key: int) -> Any:
    """The current row of that key about the employee; Http404 where there is none that may be changed."""
    rows = noun.rows_about(employee).filter(superseded_at__isnull=True)
    row = rows.filter(pk=key).first()
    if row is None or not view_of(standing, employee)["writing"].may_change(noun, row):
        raise Http404
    return row


@login_required
@never_cache
def add(request: HttpRequest, institution: str, pk: int, noun: str) -> HttpResponse:
    """Add a row."""
    standing, employee, kind = _gate(request, institution, pk, noun)
    initial = {"position": request.GET.get("jabatan", "")}
    form = kind.form(posted(request), writer=standing, employee=employee, initial=initial)

    def act() -> object:
        return personal_records.record_row(actor=signed_in(request), row=form.row())

    def touch() -> Touch:
        return _touch(standing, employee, form.row())

    page = _page(standing, employee, str(kind.add), _("Save"))
    return act_page(request, page, form, act, touch=touch, done=_("Recorded."))


@login_required
@never_cache
def correct(request: HttpRequest, institution: str, pk: int, noun: str, row: int) -> HttpResponse:
    """Supersede a row by another."""
    standing, employee, kind = _gate(request, institution, pk, noun)
    wrong = _row(standing, employee, kind, row)
    if not kind.corrected:
        raise Http404
    form = kind.form(posted(request), writer=standing, employee=employee, first=wrong)

    def act() -> object:
        return personal_records.correct_row(actor=signed_in(request), wrong=wrong, right=form.row())

    def touch() -> Touch:
        return _touch(standing, employee, form.row(), wrong)

    lead = _("What was recorded stays readable as superseded.")
    page = _page(standing, employee, str(kind.correct), _("Save the correction"), lead)
    return act_page(request, page, form, act, touch=touch, done=_("Corrected."))


@login_required
@never_cache
def withdraw(request: HttpRequest, institution: str, pk: int, noun: str, row: int) -> HttpResponse:
    """Supersede a row that should never have been written."""
    standing, employee, kind = _gate(request, institution, pk, noun)
    wrong = _row(standing, employee, kind, row)
    form = WithdrawForm(posted(request))

    def act() -> object:
        return personal_records.withdraw_row(actor=signed_in(request), row=wrong)

    def touch() -> Touch:
        return _touch(standing, employee, wrong)

    told = ", ".join(column.text(wrong) for column in COLUMNS[kind.model][:4])
    lead = _("For an entry that should never have been written, such as one about another person: %(entry)s")
    page = _page(standing, employee, _("Withdraw an entry"), _("Withdraw the entry"), lead % {"entry": told})
    return act_page(request, page, form, act, touch=touch, done=_("The entry is withdrawn."))


@login_required
@never_cache
def end_posting(request: HttpRequest, institution: str, pk: int, row: int) -> HttpResponse:
    """Give a posting its last day."""
    standing, employee, kind = _gate(request, institution, pk, "penempatan")
    posting = _row(standing, employee, kind, row)
    form = EndPostingForm(posted(request))

    def act() -> object:
        return personal_records.end_posting(actor=signed_in(request), posting=posting, **form.values())

    def touch() -> Touch:
        return _touch(standing, employee, posting)

    title = _("End the posting as %(position)s") % {"position": posting.position}
    page = _page(standing, employee, title, _("End the posting"))
    return act_page(request, page, form, act, touch=touch, done=_("The posting ends with that day."))


def _touch(standing: Standing, employee: Employee, *rows: Any) -> Touch:
    positions = [row.position_id for row in rows if hasattr(row, "position_id")]
    return touch_of(standing, employee, positions, begins=getattr(rows[0], "effective_from", None))


def _page(standing: Standing, employee: Employee, title: str, button: str, lead: str = "") -> ActPage:
    back = reverse("employee", args=[standing.institution.code, employee.pk])
    return ActPage(standing, title, button, (*crumbs_of(standing, employee), Crumb(title)), back=back, lead=lead)
