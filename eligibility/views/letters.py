"""The form that issues a letter, the letter as a file, and the public page that says whether it holds."""

from __future__ import annotations

from io import BytesIO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agencies.access import get_standing
from agencies.clock import today
from agencies.forms.frame import posted
from agencies.keys import is_key
from agencies.models import Employee, User
from agencies.personal_data import ReadPage, note_read
from agencies.views.acts import ActPage, Crumb, act_page
from eligibility.actions.letters import issue_letter
from eligibility.arrangement_access import get_arrangement
from eligibility.arrangements import letter_files
from eligibility.arrangements.letter_basis import hindrance
from eligibility.arrangements.letter_signing import deputies, may_issue
from eligibility.arrangements.letters import read_letter
from eligibility.forms.letters import LetterForm
from eligibility.models import Approval, Arrangement, Letter
from eligibility.pages.annexes import in_indonesian
from eligibility.pages.letters import checked_letter, waiting_approval


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """The form that gives the last approval its letter."""
    standing, user, now = get_standing(request.user, institution), _user(request), timezone.now()
    found, on = get_arrangement(standing, user, pk, now), today(standing.institution)
    approval, back = waiting_approval(found), reverse("arrangement", args=[institution, pk])
    if approval is None:
        _refuse_stranger(user, found)
        messages.info(request, _("No approval waits for a letter here; this is where it stands."))
        return redirect(back)
    if not may_issue(user, approval, on, now):
        raise Http404
    form = LetterForm(posted(request), deputies=_deputies(approval), initial={"signed_on": on})

    def act() -> object:
        typed = {name: value for name, value in form.cleaned_data.items() if name != "previewed"}
        return issue_letter(actor=user, arrangement=found, on=on, **typed)

    title = _("Issue the letter of %(name)s") % {"name": found.employee.name}
    home = Crumb(standing.institution.name, f"{reverse('home')}?instansi={institution}")
    crumbs = (home, Crumb(found.employee.name, back), Crumb(_("Issue the letter")))
    lead = _("What it says is fixed from then on, and its QR sign says to everybody whether it still holds.")
    told = hindrance(approval, on, now)
    lead = " ".join((_("The approval has no letter, and one dated today would be refused."), told)) if told else lead
    page = ActPage(standing, title, _("Issue the letter"), crumbs, back=back, lead=lead)
    return act_page(request, page, form, act, done=_("The letter was issued."))


@login_required
@never_cache
@require_safe
def letter_pdf(request: HttpRequest, institution: str, pk: int) -> FileResponse:
    """A letter as PDF: the latest, or the one of the key that the address names (`surat`)."""
    standing, user, now = get_standing(request.user, institution), _user(request), timezone.now()
    found = get_arrangement(standing, user, pk, now)
    letter = _letter(found, request.GET.get("surat", ""))
    note_read(reader=user, standing=standing, page=ReadPage.LETTER, at=now, employee=found.employee)
    content = read_letter(letter.content)
    name = f"{slugify(content.title)}-{slugify(content.number) or letter.pk}.pdf"
    made = BytesIO(letter_files.pdf(content, in_indonesian))
    return FileResponse(made, as_attachment=True, filename=name, content_type="application/pdf")


@never_cache
@require_safe
def letter_check(request: HttpRequest, code: str) -> HttpResponse:
    """To everybody, without sign-in: whether the letter of the code holds. Every unknown code gets the same page."""
    language = request.GET.get("bahasa", "")
    chosen = language if language in {"id", "en"} else translation.get_language() or "id"
    with translation.override(chosen):
        related = ("institution", "approval__arrangement__institution")
        letter = Letter.objects.filter(code=code).select_related(*related).first()
        now = timezone.now()
        checked = checked_letter(letter, today(letter.institution), now) if letter else None
        context = {"checked": checked, "at": now, "letter": letter}
        answer = render(request, "eligibility/letter_check.html", context, status=200 if checked else 404)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _letter(arrangement: Arrangement, key: str) -> Letter:
    letters = Letter.objects.filter(approval__arrangement=arrangement).order_by("recorded_at", "pk")
    if key:
        known = is_key(key)
        letters = letters.filter(pk=int(key)) if known else letters.none()
    found = letters.last()
    if found is None:
        raise Http404
    return found


def _deputies(approval: Approval) -> QuerySet[Employee]:
    institution = approval.arrangement.institution
    held = deputies(approval, today(institution), timezone.now())
    return Employee.objects.filter(pk__in=held.values("employee"))


def _refuse_stranger(user: User, arrangement: Arrangement) -> None:
    """Where nothing waits, the form is still only for those to whom it could be open."""
    last = arrangement.approvals.select_related("by", "by_employee", "office__agency").order_by("at", "pk").last()
    if last is None:
        raise Http404
    last.arrangement = arrangement
    if not may_issue(user, last, today(arrangement.institution), timezone.now()):
        raise Http404


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
