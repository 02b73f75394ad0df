"""The pages of the mapping: open to who maps an agency, answering to the reviewer who was named for a side alone."""

from __future__ import annotations

from typing import Final

from django.core.files.base import ContentFile

from agencies.actions.documents import add_document
from agencies.facts import FACTS
from agencies.mapping.drafts import Written, save_answer
from agencies.models import Agency, Assessment, Position, Role, Sheet, Task, User
from tests.addresses.address import Address, Where
from tests.base import Cast, person
from tests.factories import PositionFactory, TaskFactory
from tests.judged_city import JudgedCity
from tests.sheets import AT, Desk, answer, clerk_of, opened, submit

OFFICER: Final = frozenset({Role.HR_OFFICER})
MAPPERS: Final = frozenset({Role.HR_OFFICER, Role.AGENCY_HEAD})
COMPARED: Final = MAPPERS | {Role.INSPECTOR}
"""Who reads a sheet once both reviewers have submitted."""

HERSELF: Final[frozenset[Role]] = frozenset()
"""No role opens it: it belongs to the reviewer who was named for the side."""

PDF: Final = b"%PDF-1.7\n% bukti\n"


def reviewer(city: JudgedCity) -> User:
    """The reviewer of the agency in every sheet of these addresses."""
    return clerk_of(city.cast)


def _second_officer(cast: Cast) -> User:
    """An officer of BKPSDM who is nobody of the cast."""
    found = User.objects.filter(username="second_officer").first()
    return found or person("second_officer", Role.HR_OFFICER, cast.institution)


def _task(agency: Agency, title: str) -> Task:
    found = Task.objects.filter(position__agency=agency, title=title).first()
    return found or TaskFactory.create(position=PositionFactory.create(agency=agency, title=title), title=title)


def _desk(city: JudgedCity, agency: Agency, what: str, officer: User | None = None) -> Desk:
    """A sheet of a task that stands for `what`; the same one when it is asked for again."""
    task = _task(agency, f"Tugas {what}")
    found = Sheet.objects.filter(task=task).first()
    officer = officer or _second_officer(city.cast)
    if found is not None:
        return Desk(found, clerk_of(city.cast, agency), officer)
    return opened(city.cast, task, officer=officer)


def answering(city: JudgedCity, agency: Agency) -> Desk:
    """One whose reviewer of BKPSDM is the cast's officer, and nobody has answered."""
    return _desk(city, agency, "dijawab", city.cast.hr_officer)


def half_answered(city: JudgedCity, agency: Agency) -> Desk:
    """One that the agency's reviewer has answered and not submitted."""
    desk = _desk(city, agency, "setengah")
    if not desk.by_agency.answers.exists():
        answer(desk.by_agency)
    return desk


def sent(city: JudgedCity, agency: Agency) -> Desk:
    """One that the agency's reviewer has submitted."""
    desk = _desk(city, agency, "terkirim")
    if desk.by_agency.state == Assessment.State.DRAFT:
        submit(answer(desk.by_agency))
    return desk


def settling(city: JudgedCity, agency: Agency) -> Desk:
    """One on which the reviewers differ, with evidence of the agency."""
    desk = _desk(city, agency, "berselisih")
    if desk.sheet.state == Sheet.State.OPEN:
        attach(answer(desk.by_agency))
        submit(desk.by_agency)
        submit(answer(desk.by_bkpsdm, with_tik="no"))
        desk.sheet.refresh_from_db()
    return desk


def attach(part: Assessment, content: bytes = PDF, name: str = "Bukti penilai") -> None:
    """Attach a document to the answer about TIK."""
    assert part.reviewer is not None
    document = add_document(
        actor=part.reviewer, institution=part.sheet.institution, name=name, file=ContentFile(content, "bukti.pdf")
    )
    there = part.answers.get(fact="task.with_tik")
    save_answer(
        reviewer=part.reviewer,
        assessment=part,
        fact=FACTS["task.with_tik"],
        written=Written(there.value, there.note, document),
        seen=there.version,
        at=AT,
    )


def _of(made: object, part: str = "", *, other: bool = False) -> Where:
    def where(city: JudgedCity) -> str:
        desk = made(city, city.below if other else city.cast.agency)  # type: ignore[operator]
        return city.url(f"lembar/{desk.sheet.pk}/{part}")

    return where


def _agency_page(name: str, page: str, roles: frozenset[Role], *, sends: bool) -> Address:
    own: Where = lambda city: _at(city, city.cast.agency, page)  # noqa: E731
    other: Where = lambda city: _at(city, city.below, page)  # noqa: E731
    return Address(name, roles, own, other, whole=sends, sends=sends)


def _at(city: JudgedCity, agency: Agency, page: str) -> str:
    answering(city, agency)
    return city.url(f"opd/{agency.code}/pemetaan/{page}")


def _split(position: Position, city: JudgedCity) -> str:
    return city.url(f"jabatan/{position.pk}/urai/")


def _coordinated(name: str, part: str) -> Address:
    own, other = _of(settling, part), _of(settling, part, other=True)
    return Address(name, OFFICER, own, other, whole=True, sends=True)


def _own(name: str, made: object, part: str, *, sends: bool = True, reads: bool = True) -> Address:
    return Address(name, HERSELF, _of(made, part), sends=sends, reads=reads, herself=reviewer)


ADDRESSES = [
    Address("mapping_queue", MAPPERS, lambda city: city.url("pemetaan/")),
    Address("mapping_progress", MAPPERS, lambda city: city.url("pemetaan/kemajuan/")),
    Address("mapping_agreement", MAPPERS, lambda city: city.url("pemetaan/kesepakatan/")),
    _agency_page("agency_sheets", "", MAPPERS, sends=False),
    _agency_page("sheets_open", "buka/", OFFICER, sends=True),
    _agency_page("sheets_assign", "penilai/", OFFICER, sends=True),
    _agency_page("sheets_remind", "ingatkan/", OFFICER, sends=True),
    _agency_page("sheets_cancel", "batalkan/", OFFICER, sends=True),
    Address("sheet", MAPPERS, _of(answering), _of(answering, other=True)),
    Address("sheet", COMPARED, _of(settling), _of(settling, other=True)),
    _own("sheet_save", half_answered, "jawaban/", reads=False),
    _own("sheet_answer", half_answered, "jawaban/with_tik/", reads=False),
    _own("sheet_evidence", half_answered, "jawaban/with_tik/bukti/"),
    Address(
        "sheet_evidence_file",
        COMPARED,
        _of(settling, "bukti/agency/with_tik/"),
        _of(settling, "bukti/agency/with_tik/", other=True),
    ),
    _own("sheet_submit", half_answered, "kirim/"),
    _own("sheet_take_back", sent, "tarik/"),
    _coordinated("sheet_return", "kembalikan/"),
    _coordinated("sheet_settle", "selesaikan/"),
    Address(
        "position_split",
        OFFICER,
        lambda city: _split(city.eligible, city),
        lambda city: _split(city.refused, city),
        sends=True,
    ),
]
