"""The acts of the mapping: sheets opened, assigned, reminded of, cancelled; answers submitted, returned, settled."""

from __future__ import annotations

from typing import Any

from agencies.actions import assessments, sheets, splitting
from agencies.models import Sheet
from tests.base import Cast
from tests.sheets import AT, DAY, HOME_WORK, answer, both_submitted, clerk_of, opened, submit

WAITS: dict[str, Any] = {"at": AT}


def _sheet() -> Sheet:
    return Sheet.objects.get()


def _by(side: str) -> Any:
    return _sheet().assessments.current().get(side=side)


def open_sheets(cast: Cast) -> object:
    reviewers = {"agency": clerk_of(cast), "bkpsdm": cast.hr_officer}
    return sheets.open_sheets(
        actor=cast.hr_officer,
        agency=cast.agency,
        tasks=[cast.task],
        assignment=sheets.Assignment(reviewers),
        on=DAY,
        at=AT,
    )


def assign_sheets(cast: Cast) -> object:
    due = sheets.Assignment({"agency": clerk_of(cast)}, DAY)
    return sheets.assign_sheets(actor=cast.hr_officer, agency=cast.agency, sheets=[_sheet()], assignment=due, **WAITS)


def remind_reviewers(cast: Cast) -> object:
    return sheets.remind_reviewers(actor=cast.hr_officer, agency=cast.agency, on=DAY, **WAITS)


def cancel_sheets(cast: Cast) -> object:
    reason = "Jabatan dihapus"
    return sheets.cancel_sheets(actor=cast.hr_officer, agency=cast.agency, sheets=[_sheet()], reason=reason, **WAITS)


def submit_assessments(cast: Cast) -> object:
    return assessments.submit_assessments(actor=clerk_of(cast), assessments=[_by("agency")], on=DAY, at=AT)


def take_back_assessment(cast: Cast) -> object:
    return assessments.take_back_assessment(actor=clerk_of(cast), assessment=_by("agency"), **WAITS)


def return_assessment(cast: Cast) -> object:
    return assessments.return_assessment(actor=cast.hr_officer, assessment=_by("agency"), reason="Lengkapi", **WAITS)


def settle_sheets(cast: Cast) -> object:
    settled = {"task.with_tik": assessments.Settled("yes", "Aplikasi tersedia")}
    return assessments.settle_sheets(actor=cast.hr_officer, sheets=[_sheet()], settled=settled, on=DAY, at=AT)


def split_positions(cast: Cast) -> object:
    parts = [("Menyusun laporan", 60), ("Menerima tamu", 40)]
    return splitting.split_positions(
        actor=cast.hr_officer, positions=[cast.position], parts=parts, source="Anjab 2025", valid_from=DAY, at=AT
    )


def _submitted(cast: Cast) -> None:
    submit(answer(opened(cast).by_agency))


def _differing(cast: Cast) -> None:
    both_submitted(opened(cast), with_tik="no")


def _answered(cast: Cast) -> None:
    answer(opened(cast).by_agency, HOME_WORK)


_SHEETS, _PARTS = "agencies.actions.sheets", "agencies.actions.assessments"

ACTS = {
    f"{_SHEETS}.open_sheets": open_sheets,
    f"{_SHEETS}.assign_sheets": assign_sheets,
    f"{_SHEETS}.remind_reviewers": remind_reviewers,
    f"{_SHEETS}.cancel_sheets": cancel_sheets,
    f"{_PARTS}.submit_assessments": submit_assessments,
    f"{_PARTS}.take_back_assessment": take_back_assessment,
    f"{_PARTS}.return_assessment": return_assessment,
    f"{_PARTS}.settle_sheets": settle_sheets,
    "agencies.actions.splitting.split_positions": split_positions,
}

BEFORE = {
    f"{_SHEETS}.assign_sheets": opened,
    f"{_SHEETS}.remind_reviewers": opened,
    f"{_SHEETS}.cancel_sheets": opened,
    f"{_PARTS}.submit_assessments": _answered,
    f"{_PARTS}.take_back_assessment": _submitted,
    f"{_PARTS}.return_assessment": _differing,
    f"{_PARTS}.settle_sheets": _differing,
}
