"""Acts on the study of an agency: its draft is saved or discarded, and BKPSDM signs it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import events
from agencies.checking import checked
from agencies.corrections import unseen_change
from agencies.errors import ActRefused
from agencies.models import Agency, AgencyReview, Institution, User
from agencies.studies.values import Judgement, StudyValues

_SIGNED: Final = ("valid_from", "conclusion", "reasons", "source", "signed_at", "signed_by")


def save_study_draft(
    *, actor: User | None, agency: Agency, values: StudyValues, seen: str | None = None, at: datetime | None = None
) -> AgencyReview | None:
    """Begin the draft of an agency, or go on with it; None where all stands there already.

    `seen` is the digest of what its editor saw, empty where she saw no draft, None where nobody looked.
    Raises ActRefused where somebody else was quicker, ValuesRefused with every fault by its field.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        row = _draft_of(agency) or AgencyReview(agency=agency, valid_from=timezone.localdate(moment))
        before = StudyValues.of(row)
        _refuse_unseen(row, seen)
        changed = [name for name, value in values.by_name().items() if value != getattr(before, name)]
        if row.pk and not changed:
            return None
        for name in changed:
            setattr(row, name, getattr(values, name))
        checked(row).save(update_fields=changed if row.pk else None)
        events.record(actor=actor, action="study_draft_saved", subject=row, at=moment, changed=changed)
        return row


def discard_study_draft(*, actor: User | None, agency: Agency, at: datetime | None = None) -> events.Receipt | None:
    """Remove the draft of an agency; None where there is none."""
    moment = at or timezone.now()
    with transaction.atomic():
        row = _draft_of(agency)
        if row is None:
            return None
        starts_on, ends_on = row.period_starts_on, row.period_ends_on
        row.delete()
        return events.record(
            actor=actor,
            action="study_draft_discarded",
            subject=agency,
            at=moment,
            period_starts_on=starts_on,
            period_ends_on=ends_on,
        )


def sign_study(
    *, actor: User | None, agency: Agency, judgement: Judgement, seen: str | None = None, at: datetime | None = None
) -> AgencyReview | None:
    """Sign the draft of an agency with what BKPSDM concludes; None where there is none.

    From now on the database refuses every change of it, and rules read it from its day on. `seen` is the digest of
    what its reader saw. Raises ActRefused where the draft has changed since, has no period, or does not say where
    its figures come from.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        # A gate reads it: nothing of the institution is approved meanwhile.
        Institution.objects.held(agency.institution_id)
        row = _draft_of(agency)
        if row is None:
            return None
        _refuse_unseen(row, seen)
        _refuse_incomplete(StudyValues.of(row))
        row.valid_from, row.conclusion = judgement.valid_from, judgement.conclusion
        row.reasons, row.source = judgement.reasons.strip(), judgement.source.strip()
        row.signed_at, row.signed_by = moment, actor
        checked(row).save(update_fields=_SIGNED)
        events.record(
            actor=actor,
            action="study_signed",
            subject=row,
            at=moment,
            valid_from=row.valid_from,
            conclusion=row.conclusion,
            period_starts_on=row.period_starts_on,
            period_ends_on=row.period_ends_on,
        )
        return row


def _draft_of(agency: Agency) -> AgencyReview | None:
    """The draft, with the agency held, so that two acts never both begin one."""
    Agency.objects.select_for_update().get(pk=agency.pk)
    return AgencyReview.objects.filter(agency=agency).drafts().first()


def _refuse_unseen(row: AgencyReview, seen: str | None) -> None:
    recorded = StudyValues.of(row).digest if row.pk else ""
    if seen is not None and seen != recorded:
        raise ActRefused(unseen_change())


def _refuse_incomplete(values: StudyValues) -> None:
    if values.period_starts_on is None:
        raise ActRefused(_("The draft does not say which period it speaks of; write both days into the draft first."))
    if unsaid := values.without_source:
        themes = ", ".join(_(label) for label in unsaid)
        raise ActRefused(
            _("The draft does not say where these come from: %(themes)s. Write the sources into the draft first.")
            % {"themes": themes}
        )
