"""The runs that decided everything again, and one of them with what differs; of audited agencies alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from agencies.access import Standing, holds_whole
from agencies.exporting.parts import told_in_parts
from agencies.exporting.tables import Cell, Column, ExportTable, PeopleTable
from agencies.models import Agency, Role, User
from agencies.paging import Page, keyset_page
from agencies.templatetags.portal import moment
from oversight import access
from oversight.attention import address_of, audited_differences, of_audited
from oversight.models import Difference, Reperformance
from oversight.pages.finding_starts import difference_agency
from oversight.reperformance.words import Reader, sentences
from oversight.work import REPERFORMING, Work, broken_off, work_of


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run, and how many differences of it the reader may look at."""

    run: Reperformance
    differences: int


@dataclass(frozen=True)
class Runs:
    """One page of runs, the newest first; the newest of all, whether the reader may start one, and what goes on."""

    lines: tuple[RunLine, ...]
    page: Page[Reperformance]
    newest: RunLine | None
    may_start: bool
    work: Work | None
    broken_off: datetime | None
    """When the last work in the background broke off, where no run was made since."""


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """What differs, in sentences, and what it is about: a position in a Penetapan, a Penetapan, or a case."""

    row: Difference
    agency: Agency
    told: tuple[str, ...]
    case: int | None
    finding_add: str


@dataclass(frozen=True)
class RunPage:
    """One run with a page of what differs."""

    line: RunLine
    lines: tuple[DifferenceLine, ...]
    page: Page[Difference]
    approvals: int
    """Cases on the page."""


def runs_page(standing: Standing, user: User, query: QueryDict, at: datetime) -> Runs:
    """The runs over the institution of the standing."""
    rows = _counted(standing, user)
    page = keyset_page(rows.select_related("by"), query, ("-at", "-pk"))
    newest = rows.first()
    institution = standing.institution
    broken = broken_off(REPERFORMING, institution, at)
    return Runs(
        tuple(map(_line, page.rows)),
        page,
        _line(newest) if newest else None,
        holds_whole(standing, Role.INSPECTOR),
        work_of(REPERFORMING, institution, at),
        broken if newest is None or broken is None or newest.at < broken else None,
    )


def run_table(standing: Standing, user: User, on: date) -> ExportTable:
    """Every run over the institution, the newest first."""
    institution = standing.institution

    def told(run: Reperformance) -> tuple[Cell, ...]:
        counts = (run.determinations, run.positions, run.approvals, _line(run).differences)
        return (moment(run.at, institution), run.since, *counts)

    return ExportTable(
        title=_("Decided again"),
        institution=institution,
        on=on,
        filters=(),
        fingerprint=None,
        columns=(
            Column(_("When"), width=30),
            Column(_("Decided since"), "date", 14),
            Column(_("Penetapan"), "number", 12),
            Column(_("Positions"), "number", 12),
            Column(_("Approvals"), "number", 12),
            Column(_("Differences"), "number", 12),
        ),
        rows=told_in_parts(_counted(standing, user), lambda part: map(told, part)),
    )


def difference_table(standing: Standing, user: User, pk: int, on: date) -> PeopleTable:
    """What differs in one run; Http404 where the institution has none of that key."""
    run, found = _run(standing, user, pk), _differences(standing, user, pk)
    reader, institution = Reader(access.auditor(standing).holds(Role.INSPECTOR)), standing.institution

    def told(row: Difference) -> tuple[Cell, ...]:
        line = _difference(row, reader, "")
        penetapan = row.determination.number if row.determination else None
        position = str(row.position) if row.position else None
        return (line.case, penetapan, position, line.agency.name, row.get_kind_display(), "\n".join(line.told))

    table = ExportTable(
        title=_("What comes out otherwise"),
        institution=institution,
        on=on,
        filters=((_("Decided again"), moment(run.run.at, institution)),),
        fingerprint=None,
        columns=(
            Column(_("Case"), "number", 10),
            Column(_("Penetapan"), width=28),
            Column(_("Position"), width=32),
            Column(_("Agency"), width=36),
            Column(_("Kind"), width=20),
            Column(_("What differs"), width=80),
        ),
        rows=told_in_parts(found.order_by("pk"), lambda part: map(told, part)),
    )
    cases = found.order_by().filter(approval__isnull=False).values("approval__arrangement").distinct()
    return PeopleTable(table, cases.count())


def _counted(standing: Standing, user: User):  # type: ignore[no-untyped-def]
    wanted = audited_differences(standing, user, "differences__")
    rows = Reperformance.objects.filter(institution=standing.institution)
    return rows.annotate(differing=Count("differences", filter=wanted)).order_by("-at", "-pk")


def _line(row: Reperformance) -> RunLine:
    return RunLine(row, row.differing)  # type: ignore[attr-defined]


def run_page(standing: Standing, user: User, pk: int, query: QueryDict) -> RunPage:
    """One run; Http404 where the institution has none of that key."""
    line = _run(standing, user, pk)
    page = keyset_page(_differences(standing, user, pk), query, ("pk",))
    inspects = access.auditor(standing).holds(Role.INSPECTOR)
    reader = Reader(inspects)
    adding = address_of("finding_add", standing.institution.code) if inspects else ""
    lines = tuple(_difference(one, reader, adding) for one in page.rows)
    return RunPage(line, lines, page, len({one.case for one in lines if one.case}))


def _run(standing: Standing, user: User, pk: int) -> RunLine:
    row = _counted(standing, user).filter(pk=pk).select_related("by").first()
    if row is None:
        raise Http404
    return _line(row)


def _differences(standing: Standing, user: User, run: int) -> QuerySet[Difference]:
    """What differs in a run in the agencies that the user audits."""
    return of_audited(Difference.objects.filter(run=run), standing, user).select_related(
        "determination__verification__agency", "position__agency", "approval__arrangement__agency"
    )


def _difference(row: Difference, reader: Reader, adding: str) -> DifferenceLine:
    case = row.approval.arrangement if row.approval else None
    start = f"{adding}?difference={row.pk}" if adding else ""
    return DifferenceLine(row, difference_agency(row), sentences(row, reader), case.pk if case else None, start)
