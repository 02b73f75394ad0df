"""The acts on one sheet as pages: evidence, submitting, alike sheets, taking back, returning, settling."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies.access import Standing
from agencies.actions import assessments as acts
from agencies.actions.documents import add_document
from agencies.clock import today
from agencies.exporting.answers import exported
from agencies.facts import FACTS
from agencies.forms.frame import ActForm, posted
from agencies.forms.sheets import AlikeForm, EvidenceForm, ReturnForm, SettleForm
from agencies.mapping.access import (
    MAPPERS,
    coordinator,
    get_evidence,
    get_own_part,
    get_sheet,
    get_sheet_to_read,
    mapper,
)
from agencies.mapping.alike import answered_alike, differing_alike
from agencies.mapping.compared_table import compared_table
from agencies.mapping.drafts import Written, copy_answers, save_answer
from agencies.mapping.evidence import brought_before
from agencies.mapping.sheet_lines import ComparedPage, answers_of, compared_page
from agencies.models import Answer, Assessment, Institution, Sheet, User
from agencies.personal_data import ReadPage, note_read
from agencies.views.acts import ActPage, Crumb, act_page
from agencies.views.documents import attachment, changed_words
from agencies.views.people_frame import signed_in

_NAMED: Final = 5
"""Sheets that a message names."""


def page_of(standing: Standing, sheet: Sheet, title: str, button: str, **more: Any) -> ActPage:
    """The page of an act on a sheet, which leads back to it."""
    code = standing.institution.code
    back = reverse("sheet", args=[code, sheet.pk])
    crumbs = (
        Crumb(standing.institution.name, f"{reverse('home')}?instansi={code}"),
        Crumb(_("Mapping"), reverse("mapping_queue", args=[code])),
        Crumb(str(sheet.task), back),
        Crumb(title),
    )
    return ActPage(standing, title, button, crumbs, back, **more)


def _own(request: HttpRequest, institution: str, pk: int) -> tuple[Standing, Sheet, User, Assessment]:
    """The sheet with the part that the user answers; Http404 for who is not its reviewer."""
    standing = mapper(request, institution)
    sheet, user = get_sheet(standing, pk), signed_in(request)
    return standing, sheet, user, get_own_part(user, sheet)


@login_required
@never_cache
def evidence(request: HttpRequest, institution: str, pk: int, column: str) -> HttpResponse:
    """Attach a document to an answer."""
    standing, sheet, user, part = _own(request, institution, pk)
    answer = answers_of(part, user).get(f"task.{column}")
    if answer is None:
        raise Http404
    form = EvidenceForm(posted(request), request.FILES or None)

    def act() -> Answer:
        return _attached(user, part, answer, form)

    lead = _("The other reviewer sees the document once both of you have submitted.")
    page = page_of(standing, sheet, _("Attach a document"), _("Attach the document"), lead=lead)
    return act_page(request, page, form, act, done=_("The document is attached."))


@transaction.atomic
def _attached(user: User, part: Assessment, answer: Answer, form: EvidenceForm) -> Answer:
    """The answer with its document; if it is refused, the document is not kept either."""
    given = {name: form.cleaned_data[name] for name in ("name", "file")}
    among = brought_before(user, given["name"])
    document = add_document(actor=user, institution=part.sheet.institution, among=among, **given)
    written, fact = Written(answer.value, answer.note, document), FACTS[answer.fact]
    return save_answer(
        reviewer=user, assessment=part, fact=fact, written=written, seen=answer.version, at=timezone.now()
    )


@login_required
@require_safe
@never_cache
def evidence_file(request: HttpRequest, institution: str, pk: int, side: str, column: str) -> HttpResponse:
    """A document that an answer rests on, for who may see the answer."""
    standing, sheet = get_sheet_to_read(request, institution, pk)
    user = signed_in(request)
    document = get_evidence(user, sheet, f"task.{column}", side).evidence
    assert document is not None
    if not standing.holds(*MAPPERS):  # an inspector, as on the sheet itself
        note_read(reader=user, standing=standing, page=ReadPage.SHEET, at=timezone.now(), count=1)
    answer = attachment(document)
    if answer is None:
        messages.error(request, changed_words(document))
        return redirect("sheet", institution, pk)
    return answer


@login_required
@never_cache
def submit(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Submit a part, with the alike sheets that take the same answers."""
    standing, sheet, user, part = _own(request, institution, pk)
    on = today(standing.institution)
    form = AlikeForm(posted(request), alike=answered_alike(part, user, on))
    alike = form.offered("sheets")

    def act() -> object:
        done, kept = _sent(user, part, form, on)
        if kept:
            messages.info(request, _kept_words(kept))
        return done

    title = _("Submit the answers: %(task)s") % {"task": sheet.task}
    lead = _("Once submitted, your answers are compared as soon as the other reviewer has submitted.")
    after = reverse("mapping_queue", args=[institution])
    page = page_of(standing, sheet, title, _("Submit"), lead=lead, after=after, template="agencies/sheet_submit.html")
    return act_page(request, page, form, act, done=_("The answers are submitted."), sheet=sheet, alike=alike)


@transaction.atomic
def _sent(user: User, part: Assessment, form: AlikeForm, on: date) -> tuple[object, list[str]]:
    """Copy the answers to the chosen sheets and submit all; and in which of them other answers of hers were kept.

    If the submission is refused, nothing is copied either.
    """
    chosen = form.chosen("sheets")
    waiting = Assessment.objects.waiting_for(user, on).filter(sheet__in=chosen, side=part.side)
    parts = list(waiting.select_related("sheet__task"))
    copied = copy_answers(reviewer=user, source=part, targets=parts, at=timezone.now())
    kept = [f"{one.assessment.sheet.task}: {', '.join(one.kept)}" for one in copied if one.kept]
    if not form.cleaned_data["send"]:
        return copied, kept
    return acts.submit_assessments(actor=user, assessments=[part, *parts], on=on), kept


def _kept_words(kept: list[str]) -> str:
    """Which sheets keep other answers; of many some are named, and how many more there are is said."""
    names, further = "; ".join(kept[:_NAMED]), len(kept) - _NAMED
    if further <= 0:
        return _("These keep another answer that you gave there: %(names)s.") % {"names": names}
    return ngettext(
        "These keep another answer that you gave there: %(names)s; and %(further)d further sheet.",
        "These keep another answer that you gave there: %(names)s; and %(further)d further sheets.",
        further,
    ) % {"names": names, "further": further}


@login_required
@never_cache
def take_back(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Take submitted answers back."""
    standing, sheet, user, part = _own(request, institution, pk)
    lead = _("You can change your answers then. This is possible until the other reviewer has submitted.")
    page = page_of(standing, sheet, _("Take the answers back"), _("Take back"), lead=lead)
    form = ActForm(posted(request))
    return act_page(request, page, form, lambda: acts.take_back_assessment(actor=user, assessment=part))


@login_required
@never_cache
def send_back(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Return the answers of one reviewer to be mended."""
    standing = coordinator(request, institution)
    sheet = get_sheet(standing, pk)
    form = ReturnForm(posted(request))

    def act() -> object:
        part = sheet.assessments.current().get(side=form.cleaned_data["side"])
        reason = form.cleaned_data["reason"]
        return acts.return_assessment(actor=signed_in(request), assessment=part, reason=reason)

    page = page_of(standing, sheet, _("Return to a reviewer"), _("Return the answers"))
    return act_page(request, page, form, act, done=_("The answers are returned to their reviewer."))


@login_required
@never_cache
def settle(request: HttpRequest, institution: str, pk: int) -> HttpResponseBase:
    """Settle every difference of a sheet, and of those that differ alike."""
    standing = coordinator(request, institution)
    with transaction.atomic():
        if request.method == "POST":  # of two officers who send at once, the second is told what the first has settled
            Institution.objects.held(standing.institution.pk)
        return _settle(request, standing, get_sheet(standing, pk))


def _settle(request: HttpRequest, standing: Standing, sheet: Sheet) -> HttpResponseBase:
    user, on = signed_in(request), today(standing.institution)
    compared = compared_page(sheet, user) if sheet.compared_at else None
    if compared is None or sheet.state != Sheet.State.SETTLING:
        return _not_to_settle(request, standing, sheet, compared)
    if file := exported(request, compared_table(compared, compared.differing, on), f"perbedaan-lembar-{sheet.pk}"):
        return file
    differing = [line.question for line in compared.differing]
    form = SettleForm(posted(request), differing=differing, alike=differing_alike(sheet, on))

    def act() -> object:
        sheets = [sheet, *form.sheets()]
        return acts.settle_sheets(actor=user, sheets=sheets, settled=form.settled(), on=on)

    title = _("Settle the differences: %(task)s") % {"task": sheet.task}
    lead = _("What you choose becomes a fact of the task, with your reason. Both reviewers read it.")
    page = page_of(
        standing, sheet, title, _("Agree on these answers"), lead=lead, template="agencies/sheet_settle.html"
    )
    done = _("The sheet is agreed. Its answers are facts now.")
    return act_page(request, page, form, act, done=done, sheet=sheet, compared=compared)


def _not_to_settle(
    request: HttpRequest, standing: Standing, sheet: Sheet, compared: ComparedPage | None
) -> HttpResponse:
    """The sheet itself; where somebody sent answers meanwhile, hers beside those that are saved: none is lost."""
    sent = [
        (line, line.question.said(request.POST[name]), request.POST.get(f"{name}:reason", ""))
        for line in (compared.lines if compared else ())
        for name in [line.question.fact.name]
        if name in request.POST
    ]
    if not sent:
        return redirect("sheet", standing.institution.code, sheet.pk)
    page = page_of(standing, sheet, _("Settled meanwhile: %(task)s") % {"task": sheet.task}, "")
    context = {"page": page, "standing": standing, "institution": standing.institution, "sheet": sheet, "sent": sent}
    settled = next((line.settlement for line in compared.lines if line.settlement), None) if compared else None
    return render(request, "agencies/sheet_settled_meanwhile.html", context | {"settled": settled})
