"""The ten indications with their definitions, provisions and severities; the weightiest first."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from oversight.attention import Severity
from oversight.indications.behind import changed_behind
from oversight.indications.deciders import decided_by_herself
from oversight.indications.definitions import Indication
from oversight.indications.gates import gate_closed
from oversight.indications.haste import decided_in_a_row
from oversight.indications.instruments import without_instrument
from oversight.indications.penetapan import penetapan_stale
from oversight.indications.refusals import refused_without_consultation
from oversight.indications.services import service_under_need
from oversight.indications.shares import over_share
from oversight.indications.worked import worked_past_end

INDICATIONS: Final = (
    Indication(
        code="tanpa-dasar-pelaksanaan",
        name=_("Approved without an implementing instrument"),
        definition=_(
            "Approved for a day on which no implementing instrument that was known at the approval is in force for the "
            "agency."
        ),
        unseen=_("Whether the content of the instrument covers this work: only its period and its scope are compared."),
        provision=_("Pasal 12 ayat (4) and Pasal 13 PermenPANRB 4/2025; Ketentuan internal"),
        severity=Severity.HIGH,
        looks=without_instrument,
    ),
    Indication(
        code="diubah-di-luar-portal",
        name=_("Changed behind the portal"),
        definition=_(
            "An arrangement, approval or letter is not as its last act left it, no act wrote it, or it is no longer "
            "there."
        ),
        unseen=_(
            "The newest 20,000 rows of each table are compared at once, and removed rows are looked for only in tables "
            "no larger; all of them, and the chain itself, by manage.py verify_trail. Facts of positions and people "
            "are not covered."
        ),
        provision=_("Ketentuan internal"),
        severity=Severity.HIGH,
        looks=changed_behind,
        slow=True,
    ),
    Indication(
        code="memutus-sendiri",
        name=_("Decided by oneself or by a subordinate"),
        definition=_(
            "The request was endorsed, approved, refused or resumed by the employee herself, or in an office that she "
            "leads."
        ),
        unseen=_("Kinship and other interests, and whoever acted with somebody else's account."),
        provision=_("Ketentuan internal"),
        severity=Severity.HIGH,
        looks=decided_by_herself,
    ),
    Indication(
        code="syarat-pegawai-tertutup",
        name=_("Decided after a gate had closed"),
        definition=_(
            "Discipline, newness in the position, kedudukan hukum or the posting, the signed study of the agency or "
            "the policy stage of the institution stood against it on a day of the plan, and this was recorded before "
            "the approval."
        ),
        unseen=_(
            "What was recorded after the approval: nobody is accused of what was not yet known. A missing implementing "
            "instrument has an indication of its own."
        ),
        provision=_("Pasal 25 ayat (1) PermenPANRB 4/2025; Ketentuan internal"),
        severity=Severity.HIGH,
        looks=gate_closed,
        slow=True,
    ),
    Indication(
        code="lewat-masa-masih-dijalankan",
        name=_("Past its end and still worked"),
        definition=_(
            "Days are recorded as worked after the last day, or on days on which it was suspended or ended and this "
            "was recorded before that day."
        ),
        unseen=_("Days that the attendance record does not hold, and weekdays other than those approved."),
        provision=_("Ketentuan internal"),
        severity=Severity.HIGH,
        looks=worked_past_end,
    ),
    Indication(
        code="melebihi-kuota",
        name=_("Over a share"),
        definition=_(
            "On some day more people of a unit, an agency, a service or the institution are away than a norm allows, "
            "or more of the part of the staff that the norm names; named are those approved last, as counted with what "
            "was known at their approval."
        ),
        unseen=_(
            "People who were away without an arrangement, by leave or official travel. Studies of the agency are read "
            "as they stand today."
        ),
        provision=_("Pasal 13 PermenPANRB 4/2025 and the norm named in the row"),
        severity=Severity.MEDIUM,
        looks=over_share,
        slow=True,
    ),
    Indication(
        code="layanan-di-bawah-kebutuhan",
        name=_("Service under its need"),
        definition=_(
            "On a date up to today fewer people were on site than the service needs, arrangements, leave and official "
            "travel counted as recorded; named are the arrangements approved last that would have closed the gap."
        ),
        unseen=_(
            "Whether somebody was called back or stood in, leave that is not recorded, and services of which no need "
            "is recorded. Leave may have become known after the approval."
        ),
        provision=_("Ketentuan internal"),
        severity=Severity.MEDIUM,
        looks=service_under_need,
        slow=True,
    ),
    Indication(
        code="penetapan-usang",
        name=_("Penetapan stale when approved"),
        definition=_(
            "At the approval no Penetapan in force carried all days, or facts recorded before the approval would have "
            "decided otherwise."
        ),
        unseen=_(
            "Changes of facts of the agency, the unit or the position, and tasks that were added or closed since the "
            "Penetapan; re-performance compares what was stored."
        ),
        provision=_("Pasal 8 ayat (1) and Pasal 23 PermenPANRB 4/2025; Ketentuan internal"),
        severity=Severity.MEDIUM,
        looks=penetapan_stale,
        slow=True,
    ),
    Indication(
        code="ditolak-tanpa-konsultasi",
        name=_("Refused without a consultation"),
        definition=_("Refused although no consultation with the employee was recorded in the same round before."),
        unseen=_("Whether a recorded consultation was really held."),
        provision=_("Ketentuan internal"),
        severity=Severity.MEDIUM,
        looks=refused_without_consultation,
    ),
    Indication(
        code="diputus-beruntun",
        name=_("Decided within seconds in a row"),
        definition=_(
            "At least so many approvals of one decider, each within so few seconds of the one before, as the settings "
            "of the institution say. What was ticked and approved together in one list is left out."
        ),
        unseen=_("How long anybody read before; what was decided slowly may be unread as well."),
        provision=_("Ketentuan internal"),
        severity=Severity.LOW,
        looks=decided_in_a_row,
    ),
)
"""Shown in this order."""


def find(code: str) -> Indication | None:
    """The indication of that code; None where there is none."""
    return next((one for one in INDICATIONS if one.code == code), None)
