"""Evidence of a finding: attaching a PDF, and handing it out to who may open the finding."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agencies import clock
from agencies.actions.documents import add_document
from agencies.forms.frame import posted
from agencies.personal_data import ReadPage, note_read
from agencies.views.acts import act_page
from agencies.views.documents import attachment, changed_words
from oversight.actions.findings import add_evidence
from oversight.forms.findings import EvidenceForm
from oversight.models import FindingState
from oversight.views.finding_frame import led_back, opened, page_of, written_by_inspector


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def add(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Keep a PDF and attach it."""
    standing, user, found = written_by_inspector(request, institution, pk)
    if found.state not in (FindingState.DRAFT, FindingState.ISSUED):
        return led_back(request, found)
    on = clock.today(standing.institution)
    form = EvidenceForm(posted(request), request.FILES or None, initial={"dated_on": on})

    @transaction.atomic
    def act() -> object:
        typed, owner = form.cleaned_data, standing.institution
        name = _("Evidence of finding %(number)d") % {"number": found.number}
        kept = add_document(actor=user, institution=owner, name=name, file=typed["file"])
        note, dated_on = typed["note"], typed["dated_on"]
        return add_evidence(actor=user, finding=found, document=kept, dated_on=dated_on, note=note, on=on)

    page = page_of(standing, found, _("Add evidence"), _("Keep the evidence"), found.title)
    return act_page(request, page, form, act, done=_("The evidence is kept with its digest."))


@login_required
@require_safe
def download(request: HttpRequest, institution: str, pk: int, evidence: int) -> HttpResponse:
    """One document, as it was given, for who may open the finding; it may name people, so the read is logged."""
    standing, user, found = opened(request, institution, pk)
    row = found.evidence.select_related("document").filter(pk=evidence).first()
    if row is None:
        raise Http404
    answer = attachment(row.document)
    if answer is None:
        messages.error(request, changed_words(row.document))
        return redirect("finding", institution, pk)
    employee = found.arrangement.employee if found.arrangement else None
    note_read(reader=user, standing=standing, page=ReadPage.EVIDENCE, at=timezone.now(), employee=employee)
    return answer
