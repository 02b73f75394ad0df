"""The log of reads of personal data (UU 27/2022): who read, in which role, when, on which page, of whom."""

from __future__ import annotations

from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.access import Standing
from agencies.models import Employee, PersonalDataRead, User


class ReadPage(TextChoices):
    """The pages that show personal data."""

    LIST = "employees", _("List of employees")
    FILE = "employee", _("File of an employee")
    NUMBER = "nip", _("Full NIP or NI PPPK")
    ACCOUNT = "account", _("Account of an employee")
    FORM = "employee_form", _("Form about an employee")
    OBJECTIONS = "objections", _("List of objections")
    OBJECTION = "objection", _("Objection to a fact")
    READS = "personal_data_reads", _("Log of reads")
    TASK_HOLDERS = "task_holders", _("Holders of the task")
    LETTER = "letter", _("Letter of an employee")
    ARRANGEMENT = "arrangement", _("Fleksibilitas Kerja of an employee")
    ARRANGEMENTS = "arrangements", _("List of Fleksibilitas Kerja")
    PRESENCE = "presence", _("Who is where")
    CASE = "case", _("Case under audit")
    CASES = "cases", _("List of cases under audit")
    INDICATION = "indication", _("Rows of an indication")
    FINDING = "finding", _("Finding about an employee")
    EVIDENCE = "evidence", _("Evidence of a finding")
    XRAY = "xray", _("Rows of a data check")
    HISTORY = "history", _("Past holders of positions")
    IMPORT = "import", _("Import of employees")
    MOVES = "moves", _("Who moved by an import")
    MISSING = "missing", _("Who is not in a full register")
    SHEET = "sheet", _("Mapping sheet with its reviewers")
    TRAIL = "trail", _("Acts of an account in the trail")


def note_read(
    *,
    reader: User,
    standing: Standing,
    page: str,
    at: datetime,
    employee: Employee | None = None,
    count: int = 1,
) -> PersonalDataRead | None:
    """Write down that somebody read about an employee, or about `count` people on a list.

    `page` is a code (`ReadPage`, or one of a later app). Nothing is written for nobody shown, nor for the
    employee who reads about herself.
    """
    if count == 0 or (employee is not None and reader.employee_id == employee.pk):
        return None
    return PersonalDataRead.objects.create(
        institution=standing.institution,
        reader=reader,
        reader_label=reader_label(standing),
        at=at,
        page=page,
        employee=employee,
        count=count,
    )


def reader_label(standing: Standing) -> str:
    """Role and institution of the grants that opened the page, by their codes, as acts name their actors."""
    roles = sorted({grant.role for grant in standing.grants})
    return ", ".join(f"{role} · {standing.institution.code}" for role in roles)


def page_name(code: str) -> str:
    """What a page is called; its code where a later app named it."""
    return str(ReadPage(code).label) if code in ReadPage.values else code
