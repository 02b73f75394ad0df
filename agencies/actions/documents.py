"""Acts on documents: a PDF is kept as it was given, once for who may know of it, under the digest of its content."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Final

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.documents_apart import known_to
from agencies.errors import ActRefused
from agencies.models import Document, Institution, User

LARGEST: Final = 10 * 1024 * 1024
"""Bytes."""

_PDF: Final = b"%PDF-"


def add_document(
    *,
    actor: User | None,
    institution: Institution,
    name: str,
    file: File[Any],
    among: QuerySet[Document] | None = None,
    at: datetime | None = None,
) -> Document:
    """Keep a PDF of at most 10 MB; the document that holds this very content already, where there is one.

    `among` are those that may stand for it; all that the actor may know of where it is not said.

    Raises ActRefused for another kind of file, an empty one or a larger one, at the field `file`.
    """
    digest = _digest(file)
    moment = at or timezone.now()
    with transaction.atomic():
        Institution.objects.held(institution.pk)
        known = known_to(actor, Document.objects.all()) if among is None else among
        kept = known.filter(institution=institution, sha256=digest).first()
        if kept is not None:
            return kept
        path = f"documents/{institution.code}/{digest}.pdf"
        row = Document(institution=institution, name=name.strip(), size=file.size, sha256=digest)
        row.file.name, row.added_by, row.added_at = path, actor, moment
        checked(row).save()
        # A file left by a transaction that failed later has this name only if it has this content.
        if not default_storage.exists(path):
            file.seek(0)
            default_storage.save(path, file)
        events.record(actor=actor, action="document_added", subject=row, at=moment, sha256=row.sha256, size=row.size)
    return row


def _digest(file: File[Any]) -> str:
    """SHA-256 of a PDF of bearable size."""
    size = file.size or 0
    if size > LARGEST:
        sentence = _("The file has %(size)s MB; at most 10 MB are kept. Scan it with fewer dots per inch or split it.")
        raise ActRefused(sentence % {"size": f"{size / 1024 / 1024:.0f}"}, "file")
    file.seek(0)
    if file.read(len(_PDF)) != _PDF:
        raise ActRefused(
            _("The content is not a PDF, whatever the name says; save it as PDF and choose it again."), "file"
        )
    file.seek(0)
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    return found.hexdigest()
