"""What acts, their subjects, their actors and their details are called on screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from agencies.models import Posting, Role
from eligibility.arrangements.suspending import SuspensionGround
from eligibility.models import RefusalGround
from eligibility.models.verifications import Capacity
from oversight.stored_texts import stored_details

ACTS: Final[Mapping[str, Any]] = {
    "arrangement_drafted": _("Request written"),
    "arrangement_mended": _("Request mended"),
    "arrangement_objected": _("Objection (keberatan) raised"),
    "arrangement_submitted": _("Request submitted"),
    "arrangement_taken_back": _("Request taken back to be mended"),
    "arrangement_withdrawn": _("Request withdrawn"),
    "arrangement_endorsed": _("Request endorsed"),
    "arrangement_returned": _("Request returned to be mended"),
    "arrangement_consulted": _("Consultation recorded"),
    "arrangement_approved": _("Request approved"),
    "arrangement_refused": _("Request refused"),
    "arrangement_suspended": _("Fleksibilitas Kerja suspended"),
    "arrangement_resumed": _("Fleksibilitas Kerja resumed"),
    "arrangement_ended": _("Fleksibilitas Kerja ended"),
    "finding_withdrawn": _("Finding withdrawn"),
    "letter_issued": _("Letter issued"),
    "determination_recorded": _("Keputusan recorded"),
    "determination_revoked": _("Keputusan revoked"),
    "results_sent": _("Verification result sent"),
    "results_withdrawn": _("Verification result withdrawn"),
    "results_passed": _("Verification result passed on"),
    "results_returned": _("Verification result returned"),
    "instrument_recorded": _("Implementing basis recorded"),
    "instrument_extended": _("Implementing basis extended"),
    "instrument_ended": _("Implementing basis ended"),
    "instrument_annulled": _("Implementing basis annulled"),
    "role_given": _("Role given"),
    "role_last_day_changed": _("Last day of a role changed"),
    "finding_drafted": _("Finding drafted"),
    "finding_changed": _("Finding changed"),
    "finding_issued": _("Finding issued"),
    "finding_replied": _("Finding replied to"),
    "finding_reviewed": _("Follow-up judged"),
    "finding_evidenced": _("Evidence added to a finding"),
    "reexamination_queued": _("Many arrangements left to the watcher to be examined again"),
    "rules_loaded": _("Rules published"),
    "rules_imported": _("Rules of a file imported as drafts"),
    "rules_key_recorded": _("Key of files of rules recorded"),
    "setting_recorded": _("Setting of the institution recorded"),
    "positions_imported": _("Positions imported"),
    "employees_imported": _("Employees imported"),
    "services_imported": _("Public services imported"),
    "service_needs_imported": _("Hours and need of services imported"),
    "import_file_kept": _("File for an import uploaded"),
    "import_columns_assigned": _("Columns of an import assigned"),
    "import_given_up": _("Import given up"),
    "import_undone": _("Import undone"),
    "employee_added": _("Employee added"),
    "employee_corrected": _("Employee corrected"),
    "employee_left": _("Employee has left"),
    "fact_set": _("Fact of a task set"),
    "document_added": _("Document kept"),
    "demonstration_loaded": _("Demonstration loaded"),
    "reperformed": _("Decided again"),
    "trail_checked": _("Trail checked"),
    "trail_restored": _("Backup put back"),
    "trail_side_erased": _("Personal data beside an entry erased"),
    "rows_resealed": _("Rows sealed again by a migration"),
    "worked_days_recorded": _("Worked days recorded"),
    "worked_day_withdrawn": _("Worked day withdrawn"),
    "employee_record_added": _("Record of an employee added"),
    "employee_record_corrected": _("Record of an employee corrected"),
    "employee_record_withdrawn": _("Record of an employee withdrawn"),
    "posting_ended": _("Posting ended"),
    "policy_stage_recorded": _("Policy stage recorded"),
    "agency_review_recorded": _("Agency review recorded"),
    "study_draft_saved": _("Draft of an agency study saved"),
    "study_draft_discarded": _("Draft of an agency study discarded"),
    "study_signed": _("Agency study signed"),
    "map_published": _("Map published for other governments"),
    "map_withdrawn": _("Published map withdrawn"),
    "local_criterion_named": _("Local criterion named"),
    "objection_raised": _("Objection to personal data raised"),
    "objection_withdrawn": _("Objection to personal data withdrawn"),
    "non_asn_staff_counted": _("Non-ASN staff counted"),
    "workplace_added": _("Place of work added"),
    "workplace_corrected": _("Place of work corrected"),
    "workplace_closed": _("Place of work closed"),
    "agency_added": _("Agency added"),
    "agency_corrected": _("Agency corrected"),
    "agency_closed": _("Agency closed"),
    "agency_opened_again": _("Agency opened again"),
    "unit_added": _("Unit added"),
    "unit_corrected": _("Unit corrected"),
    "unit_closed": _("Unit closed"),
    "unit_opened_again": _("Unit opened again"),
    "position_added": _("Position added"),
    "position_corrected": _("Position corrected"),
    "position_closed": _("Position closed"),
    "position_opened_again": _("Position opened again"),
    "task_added": _("Task added"),
    "task_corrected": _("Task corrected"),
    "task_closed": _("Task closed"),
    "task_opened_again": _("Task opened again"),
    "task_shares_set": _("Working time of tasks set"),
    "task_holders_set": _("Holders of a task set"),
    "task_services_set": _("Services of a task set"),
    "service_added": _("Service added"),
    "service_corrected": _("Service corrected"),
    "service_closed": _("Service closed"),
    "service_opened_again": _("Service opened again"),
    "service_needs_set": _("Hours and need of a service set"),
    "sheets_opened": _("Mapping sheets opened"),
    "sheets_assigned": _("Mapping sheets assigned"),
    "reviewers_reminded": _("Reviewers of mapping sheets reminded"),
    "sheets_cancelled": _("Mapping sheets cancelled"),
    "assessments_submitted": _("Answers of mapping sheets submitted"),
    "assessment_taken_back": _("Answers of a mapping sheet taken back"),
    "assessment_returned": _("Answers of a mapping sheet returned"),
    "sheets_settled": _("Differences of mapping sheets settled"),
    "positions_split": _("Positions split into tasks"),
    "role_withdrawn": _("Role withdrawn"),
    "first_administrator_appointed": _("First administrator appointed"),
    "accounts_created": _("Accounts created"),
    "account_linked": _("Account linked to an employee"),
    "account_closed": _("Account closed"),
    "account_reopened": _("Account opened again"),
    "password_reset": _("Password reset"),
    "sign_in_released": _("Sign-in released"),
}
"""Acts that inspectors look for, in words; another act is shown by its code."""


DETAILS: Final[Mapping[str, Any]] = {
    "accounts": pgettext_lazy("detail of an act", "accounts"),
    "act": pgettext_lazy("detail of an act", "act"),
    "after": pgettext_lazy("detail of an act", "after"),
    "before": pgettext_lazy("detail of an act", "before"),
    "agencies": pgettext_lazy("detail of an act", "agencies"),
    "agency": pgettext_lazy("detail of an act", "agency"),
    "agreed": pgettext_lazy("detail of an act", "agreed"),
    "amended": pgettext_lazy("detail of an act", "takes the place of"),
    "approval": pgettext_lazy("detail of an act", "approval"),
    "arrangement": pgettext_lazy("detail of an act", "arrangement"),
    "arrangements": pgettext_lazy("detail of an act", "arrangements"),
    "basis": pgettext_lazy("detail of an act", "basis"),
    "by_system": pgettext_lazy("detail of an act", "by the system"),
    "capacity": pgettext_lazy("detail of an act", "capacity"),
    "cause": pgettext_lazy("detail of an act", "cause"),
    "checks": pgettext_lazy("detail of an act", "checks"),
    "days": pgettext_lazy("detail of an act", "days"),
    "differences": pgettext_lazy("detail of an act", "differences"),
    "due_on": pgettext_lazy("detail of an act", "to be answered by"),
    "employees": pgettext_lazy("detail of an act", "employees"),
    "file": pgettext_lazy("detail of an act", "digest of the file"),
    "signed_by": pgettext_lazy("detail of an act", "key of its signature"),
    "instruments": pgettext_lazy("detail of an act", "instruments"),
    "versions": pgettext_lazy("detail of an act", "versions of rules"),
    "fact": pgettext_lazy("detail of an act", "fact"),
    "facts": pgettext_lazy("detail of an act", "facts"),
    "first": pgettext_lazy("detail of an act", "first"),
    "last": pgettext_lazy("detail of an act", "last"),
    "ground": pgettext_lazy("detail of an act", "ground"),
    "held_on": pgettext_lazy("detail of an act", "held on"),
    "judged_on": pgettext_lazy("detail of an act", "judged on"),
    "known_at": pgettext_lazy("detail of an act", "known at"),
    "law": pgettext_lazy("detail of an act", "law"),
    "named": pgettext_lazy("detail of an act", "rules that name the office"),
    "number": pgettext_lazy("detail of an act", "number"),
    "objection": pgettext_lazy("detail of an act", "objection"),
    "office": pgettext_lazy("detail of an act", "office"),
    "on": pgettext_lazy("detail of an act", "counts from"),
    "outcomes": pgettext_lazy("detail of an act", "outcomes"),
    "outputs": pgettext_lazy("detail of an act", "outputs"),
    "paper": pgettext_lazy("detail of an act", "paper"),
    "periods": pgettext_lazy("detail of an act", "periods"),
    "positions": pgettext_lazy("detail of an act", "positions"),
    "replied_on": pgettext_lazy("detail of an act", "replied on"),
    "results": pgettext_lazy("detail of an act", "results"),
    "reviewers": pgettext_lazy("detail of an act", "reviewers"),
    "rulebook": pgettext_lazy("detail of an act", "rulebook"),
    "sheets": pgettext_lazy("detail of an act", "mapping sheets"),
    "signed_on": pgettext_lazy("detail of an act", "signed on"),
    "source": pgettext_lazy("detail of an act", "source"),
    "stations": pgettext_lazy("detail of an act", "stations"),
    "tasks": pgettext_lazy("detail of an act", "tasks"),
    "trusted": pgettext_lazy("detail of an act", "in use"),
    "to_settle": pgettext_lazy("detail of an act", "to be settled"),
    "together": pgettext_lazy("detail of an act", "decided together"),
    "valid_from": pgettext_lazy("detail of an act", "in force from"),
    "from": pgettext_lazy("detail of an act", "from"),
    "to": pgettext_lazy("detail of an act", "to"),
}
"""Details that no field of their subject names, in words."""

_CHOICES: Final[Mapping[str, Mapping[Any, Any]]] = {
    "capacity": dict(Capacity.choices) | dict(Posting.Capacity.choices),
    "cause": ACTS,
    "ground": dict(SuspensionGround.choices) | dict(RefusalGround.choices),
}
"""What the codes of such details are called."""


def act_label(code: str) -> str:
    """What an act is called; an act without words of its own by its code."""
    return str(ACTS[code]) if code in ACTS else _begun(code.replace("_", " "))


def _begun(text: str) -> str:
    """The text with a capital first letter; names within it keep theirs."""
    return text[:1].upper() + text[1:]


def subject_label(subject_type: str) -> str:
    """What a kind of subject is called; its code where the table is no longer there."""
    model = _model(subject_type)
    return _begun(str(model._meta.verbose_name)) if model else subject_type


def actor_words(label: str) -> str:
    """The roles of an actor's label in words."""
    roles = [part.partition(" · ")[0] for part in label.split(", ")]
    return ", ".join(_role(role) for role in roles)


def _role(code: str) -> str:
    if code in Role.values:
        return str(Role(code).label)
    return {"system": gettext("The system"), "without role": gettext("without role")}.get(code, code)


def detail_words(subject_type: str, body: str) -> tuple[tuple[str, str], ...]:
    """Each detail of an entry with its name and its value in words, as far as the subject's table has words for it."""
    model = _model(subject_type)
    return tuple(_told(model, name, value) for name, value in stored_details(body).items())


def _told(model: type[Model] | None, name: str, value: Any) -> tuple[str, str]:
    field = _field(model, name)
    label = str(field.verbose_name) if field and name not in DETAILS else _detail_label(name)
    choices = dict(field.flatchoices) if field else _CHOICES.get(name, {})
    return _begun(label), str(choices[value]) if _listed(value, choices) else _value(value)


def _detail_label(name: str) -> str:
    return str(DETAILS.get(name, name.replace("_", " ")))


def _listed(value: Any, choices: Mapping[Any, Any]) -> bool:
    return isinstance(value, str | int) and value in choices


def _value(value: Any) -> str:
    """A value as text: days written out, lists joined, nothing as a dash."""
    match value:
        case None | "":
            return "–"
        case bool():
            return gettext("yes") if value else gettext("no")
        case list():
            return ", ".join(map(_value, value)) or "–"
        case dict():
            return "; ".join(": ".join(_told(None, name, part)) for name, part in value.items())
        case str():
            return _day(value)
    return str(value)


def _day(text: str) -> str:
    try:
        return date_format(date.fromisoformat(text)) if len(text) == len("2025-07-01") else text
    except ValueError:
        return text


def _model(label: str) -> type[Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _field(model: type[Model] | None, name: str) -> Field[Any, Any] | None:
    if model is None:
        return None
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, Field) else None
