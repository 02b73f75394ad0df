"""The pages about documents: what is kept, keeping another, and handing one out to those who may see it."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import access
from agencies.actions import documents
from agencies.clock import today
from agencies.documents_apart import listed
from agencies.exporting.answers import exported
from agencies.forms.frame import posted
from agencies.forms.places import DocumentForm
from agencies.models import Document, Role
from agencies.pages.institution_tables import document_table
from agencies.paging import keyset_page
from agencies.views.acts import act_page
from agencies.views.places import frame, officer, page_under

READERS = (Role.HR_OFFICER, Role.INSPECTOR, Role.OUTSIDE_READER)
"""Who may see every document; one that an instrument rests on is handed out with the instrument, to all roles."""


@login_required
@require_safe
def listing(request: HttpRequest, institution: str) -> HttpResponseBase:
    """The documents, the latest first."""
    standing = access.get_standing(request.user, institution)
    access.acting_for_all(standing, *READERS)
    kept = listed(Document.objects.filter(institution=standing.institution))
    order = ("-added_at", "-pk")
    table = document_table(standing.institution, kept.order_by(*order), today(standing.institution))
    if file := exported(request, table, "dokumen"):
        return file
    page = keyset_page(kept, request.GET, order)
    return render(request, "agencies/documents.html", frame(standing, page=page))


@login_required
def add(request: HttpRequest, institution: str) -> HttpResponse:
    """Keep a PDF."""
    standing, user = officer(request, institution)
    form = DocumentForm(posted(request), request.FILES or None)
    return act_page(
        request,
        page_under(standing, _("Upload a document"), _("Keep the document"), ("documents", _("Documents"))),
        form,
        lambda: documents.add_document(
            actor=user,
            institution=standing.institution,
            name=form.cleaned_data["name"],
            file=form.cleaned_data["file"],
        ),
        done=_("The document is kept. The same file given again is the same document."),
    )


@login_required
@require_safe
def download(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """One document, as it was given."""
    standing = access.get_standing(request.user, institution)
    access.acting_for_all(standing, *READERS)
    document = access.get_document(standing, pk)
    if not listed(Document.objects.filter(pk=pk)).exists():
        raise Http404
    answer = attachment(document)
    if answer is None:
        messages.error(request, changed_words(document))
        return redirect("documents", institution)
    return answer


def attachment(document: Document) -> HttpResponse | None:
    """The file to be saved, never shown in place; None where it is gone or its content is no longer what was given."""
    if not document.file.storage.exists(document.file.name):
        return None
    with document.file.open("rb") as file:
        content: bytes = file.read()  # at most 10 MB
    if hashlib.sha256(content).hexdigest() != document.sha256:
        return None
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{slugify(document.name)[:80] or "dokumen"}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def changed_words(document: Document) -> str:
    """That a document cannot be handed out, and why."""
    return _("The file of “%(name)s” is missing or was changed: it is not what was given. Tell the administrator.") % {
        "name": document.name
    }
