"""The facts of a demonstration task: those of its duty, varied and left unknown in places as in life (pure)."""

from __future__ import annotations

from typing import Final

from agencies.demonstration.catalogue import JUNIOR, Duty, Job, services
from agencies.demonstration.lots import falls
from agencies.exposure import proposed_exposure
from agencies.facts import FactValue

Values = dict[str, FactValue | None]

NOT_ASKED: Final = 3
"""In so many of a hundred tasks nobody has answered anything yet."""
WITH_GAPS: Final = 20
"""In so many of a hundred tasks some answers are missing …"""
GAPS: Final = 22
"""… and there so many of a hundred answers."""


def facts_of(code: str, job: Job, duty: Duty) -> Values:
    """The facts of one task by column, None where the answer is unknown; `code` is the task's own, for its lots."""
    values: Values = {**duty.facts, **_service_facts(duty)}
    if job.known:
        return values
    _vary(values, code, job)
    return {column: None if _unknown(code, column) else value for column, value in values.items()}


def _service_facts(duty: Duty) -> Values:
    kinds = [services()[duty.service].kind] if duty.service else []
    return {"service_kind": kinds[0] if kinds else "none", "exposure": proposed_exposure(kinds)}


def _vary(values: Values, code: str, job: Job) -> None:
    """The same kind of work differs from office to office; what serves the public directly is left as it is."""
    if values["exposure"] not in ("none", "indirect"):
        return
    closely_led = job.title.category == "pelaksana" or job.jenjang in JUNIOR
    if closely_led and falls(7, code, "supervised"):
        values["continuous_supervision"] = True
    if falls(4, code, "workspace"):
        values["special_workspace"] = True
    if values["outside_office"] and falls(4, code, "bound"):
        values.update(outside_office=False, work_place="office")
    if falls(3, code, "unmeasured"):
        values["output_measurable"] = False
    if falls(25, code, "hours"):
        values["agency_hours"] = True
    values["face_to_face"] = _contact(str(values["face_to_face"]), code)


def _contact(usual: str, code: str) -> str:
    if usual == "none":
        return "minimal" if falls(30, code, "contact") else usual
    if usual == "minimal" and falls(20, code, "contact"):
        return "regular" if falls(40, code, "more contact") else "none"
    return usual


def _unknown(code: str, column: str) -> bool:
    if falls(NOT_ASKED, code, "not asked"):
        return True
    return falls(WITH_GAPS, code, "gaps") and falls(GAPS, code, "gap", column)
