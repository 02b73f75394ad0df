"""Documents that only the sheets hand out: what a reviewer brought and the other may not see yet, or never."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from agencies.documents_apart import keep_apart
from agencies.models import Answer, Assessment, Document, User


def undisclosed() -> Q:
    """Documents that a reviewer added for her answers and that stand in no answer which others may read by now.

    One that she replaced before both had submitted is never shown. What somebody else had added before is known
    already and stays in the list.
    """
    brought = Assessment.objects.filter(documents=OuterRef("pk"), reviewer=OuterRef("added_by"))
    return Q(Exists(brought)) & ~Q(Exists(Answer.objects.compared().filter(evidence=OuterRef("pk"))))


def brought_before(reviewer: User, name: str) -> QuerySet[Document]:
    """What a reviewer has brought under this name: the only documents that may stand for one that she brings.

    So she reads the name that she gave, and nothing tells her whether the other has brought the same file.
    """
    own = Assessment.objects.filter(documents=OuterRef("pk"), reviewer=reviewer)
    return Document.objects.filter(Exists(own), added_by=reviewer, name=name.strip())


def keep_evidence_apart() -> None:
    """Have such documents stay out of every list of documents."""
    keep_apart(undisclosed)
