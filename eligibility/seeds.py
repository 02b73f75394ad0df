"""Reads seed files of instruments; whatever has the wrong shape becomes a fault with file, place and way out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from agencies.fact_values import as_text
from agencies.importing.cell_readers import EARLIEST_YEAR, LATEST_YEAR
from eligibility.rulebook import Mode
from eligibility.texts import (
    CaseText,
    CriterionText,
    Fault,
    InstrumentText,
    LiftText,
    LimitText,
    Operand,
    PeriodText,
    ProvisionText,
    RepealText,
    RuleText,
    ScopeText,
    VersionText,
)

SEEDS: Final = Path(__file__).parent / "seed"
"""Where the instruments that come with the portal stand, one file each."""

Day = TypeVar("Day", bound=date)  # a moment is one too

_MODE_ORDER: Final = [mode.value for mode in Mode]


def seed_files() -> list[Path]:
    """The seed files that come with the portal, in a fixed order."""
    return sorted(SEEDS.glob("*.json"))


def read_seeds(files: Iterable[Path]) -> tuple[list[InstrumentText], list[Fault]]:
    """The instruments that could be read, and every fault of shape found on the way."""
    texts: list[InstrumentText] = []
    faults: list[Fault] = []
    for path in files:
        content = _content(path, faults)
        if content is not None:
            text, found = read_instrument(content, path.name)
            texts += [text] if not found else []
            faults += found
    return texts, faults


def read_instrument(content: Mapping[str, object], source: str) -> tuple[InstrumentText, list[Fault]]:
    """The instrument an object says, and every fault of its shape: with one the text is not to be used."""
    faults: list[Fault] = []
    return _instrument(_Row(content, source, "", faults)), faults


def _content(path: Path, faults: list[Fault]) -> Mapping[str, object] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError:
        faults.append(Fault(path.name, "", _("The file cannot be read; check that it exists.")))
        return None
    except ValueError as problem:
        sentence = _("This is no valid JSON (%(problem)s); correct it there.")
        faults.append(Fault(path.name, "", sentence % {"problem": problem}))
        return None
    if isinstance(content, dict):
        return content
    faults.append(Fault(path.name, "", _("The file holds no object; begin it with {.")))
    return None


@dataclass
class _Row:
    """One object of a file: takes its keys with their types and notes what is missing, wrong or left over."""

    content: Mapping[str, object]
    source: str
    place: str
    faults: list[Fault]
    taken: set[str] = field(default_factory=set)

    def fault(self, sentence: str, **names: object) -> None:
        """Note a fault of this object."""
        self.faults.append(Fault(self.source, self.place, sentence % names))

    def _take(self, key: str, expected: str, kinds: type | tuple[type, ...], *, needed: bool) -> object:
        self.taken.add(key)
        value = self.content.get(key)
        if value is None and not needed:
            return None
        if isinstance(value, kinds) and not (kinds is int and isinstance(value, bool)):
            return value
        sentence = _("“%(key)s” is missing or not of the right kind; give %(expected)s.")
        self.fault(sentence, key=key, expected=expected)
        return None

    def text(self, key: str, *, needed: bool = False) -> str:
        """A text; empty where it is not given."""
        value = self._take(key, _("a text"), str, needed=needed)
        if needed and value == "":
            self.fault(_("“%(key)s” is empty; give a text."), key=key)
        return str(value or "")

    def number(self, key: str, *, needed: bool = False) -> int | None:
        """A whole number."""
        value = self._take(key, _("a whole number"), int, needed=needed)
        return value if isinstance(value, int) else None

    def decimal(self, key: str) -> Decimal | None:
        """A number."""
        value = self._take(key, _("a number"), (int, str, Decimal), needed=False)
        try:
            number = None if value is None else Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if number is not None and not number.is_finite():
            self.fault(_("“%(key)s” is no number; give one."), key=key)
            return None
        return number

    def yes_no(self, key: str) -> bool:
        """True or false; false where it is not given."""
        return bool(self._take(key, _("true or false"), bool, needed=False))

    def day(self, key: str, *, needed: bool = False) -> date | None:
        """A date."""
        text = self.text(key, needed=needed)
        try:
            found = date.fromisoformat(text) if text else None
        except ValueError:
            self.fault(_("“%(key)s” is no date; write it as 2025-04-21."), key=key)
            return None
        return self._of_our_time(found, key)

    def moment(self, key: str) -> datetime | None:
        """A date and time with its zone."""
        text = self.text(key, needed=True)
        try:
            moment = datetime.fromisoformat(text) if text else None
        except ValueError:
            moment = None
        if text and (moment is None or moment.tzinfo is None):
            self.fault(_("“%(key)s” is no moment; write it as 2025-04-21T00:00:00+07:00."), key=key)
            return None
        return self._of_our_time(moment, key)

    def _of_our_time(self, found: Day | None, key: str) -> Day | None:
        """A day or moment of a year that can be meant: the ends of the calendar cannot be reckoned with."""
        if found is not None and not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
            sentence = _("“%(key)s” is of a year that cannot be meant; write one from %(first)d to %(last)d.")
            self.fault(sentence, key=key, first=EARLIEST_YEAR, last=LATEST_YEAR)
            return None
        return found

    def values(self, key: str) -> Sequence[object]:
        """A list of plain values."""
        value = self._take(key, _("a list"), list, needed=False)
        return value if isinstance(value, list) else ()

    def row(self, key: str, *, needed: bool = False) -> _Row | None:
        """An object inside this one."""
        value = self._take(key, _("an object"), dict, needed=needed)
        return _Row(value, self.source, self.place, self.faults) if isinstance(value, dict) else None

    def rows(self, key: str) -> list[_Row]:
        """The objects of a list."""
        return list(self._as_rows(key, self.values(key)))

    def groups(self, key: str) -> list[list[_Row]]:
        """The objects of a list of lists."""
        return [list(self._as_rows(key, group if isinstance(group, list) else [group])) for group in self.values(key)]

    def _as_rows(self, key: str, values: Iterable[object]) -> Iterable[_Row]:
        for value in values:
            if isinstance(value, dict):
                yield _Row(value, self.source, self.place, self.faults)
            else:
                self.fault(_("“%(key)s” holds something that is no object; write it as {…}."), key=key)

    def at(self, place: str) -> _Row:
        """The same object, its faults reported at the given place."""
        self.place = place
        return self

    def done(self) -> None:
        """Note every key that nobody took."""
        for key in sorted(set(self.content) - self.taken):
            self.fault(_("“%(key)s” is not known here; correct the spelling or leave it out."), key=key)


_NO_DAY: Final = date.min
_NO_MOMENT: Final = datetime.min.replace(tzinfo=UTC)
# Stand-ins beside a fault that is already noted: the text they enter is thrown away.


def _instrument(file: _Row) -> InstrumentText:
    row = file.row("instrument", needed=True) or _Row({}, file.source, "", [])
    jobs, owner = _jobs(file), row.text("owner", needed=True)
    text = InstrumentText(
        source=file.source,
        code=row.text("code", needed=True),
        owner=owner,
        title=row.text("title", needed=True),
        subject=row.text("subject", needed=True),
        issuer=row.text("issuer", needed=True),
        layer=row.number("layer", needed=True) or 0,
        known_from=row.moment("known_from") or _NO_MOMENT,
        implementing=row.yes_no("implementing"),
        number=row.text("number"),
        issued_on=row.day("issued_on"),
        url=row.text("url"),
        open_note=row.text("open_note"),
        periods=tuple(_period(one) for one in file.rows("periods")),
        scopes=tuple(_scope(one) for one in file.rows("scopes")),
        provisions=tuple(_provision(one) for one in file.rows("provisions")),
        rules=tuple(_rule(one, owner, jobs) for one in file.rows("rules")),
    )
    row.done()
    file.done()
    return text


def _period(row: _Row) -> PeriodText:
    row.at(_("period %(day)s") % {"day": row.content.get("starts_on", "?")})
    text = PeriodText(
        kind=row.text("kind") or "in_force",
        starts_on=row.day("starts_on", needed=True) or _NO_DAY,
        ends_on=row.day("ends_on"),
        basis=row.text("basis", needed=True),
        open_note=row.text("open_note"),
        known_from=row.moment("known_from") or _NO_MOMENT,
    )
    row.done()
    return text


def _scope(row: _Row) -> ScopeText:
    row.at(_("scope"))
    text = ScopeText(
        institution_kind=row.text("institution_kind"),
        institution_code=row.text("institution_code"),
        agency_kind=row.text("agency_kind"),
        agency_code=row.text("agency_code"),
        with_subtree=row.yes_no("with_subtree"),
        unit_code=row.text("unit_code"),
    )
    row.done()
    return text


def _provision(row: _Row) -> ProvisionText:
    row.at(_("provision “%(reference)s”") % {"reference": row.content.get("reference", "")})
    text = ProvisionText(
        reference=row.text("reference"),
        summary=row.text("summary", needed=True),
        mark=row.text("mark", needed=True),
        open_note=row.text("open_note"),
        quote=row.text("quote"),
        url=row.text("url"),
    )
    row.done()
    return text


Jobs = Mapping[str, Mapping[str, object]]
"""Facts that several cases of a file share, by the name of the job that has them."""


def _jobs(file: _Row) -> Jobs:
    row = file.row("jobs")
    return {name: facts.content for name in row.content if (facts := row.row(name, needed=True))} if row else {}


def _rule(row: _Row, owner: str, jobs: Jobs) -> RuleText:
    row.at(_("rule %(code)s") % {"code": row.content.get("code", "?")})
    code = row.text("code", needed=True)
    versions = tuple(_version(one, code) for one in row.rows("versions"))
    text = RuleText(
        code,
        versions,
        tuple(map(_repeal, row.rows("repeals"))),
        tuple(_case(one, code, owner, jobs) for one in row.rows("cases")),
    )
    row.done()
    return text


def _repeal(row: _Row) -> RepealText:
    text = RepealText(
        effective_from=row.day("effective_from", needed=True) or _NO_DAY,
        basis=row.text("basis", needed=True),
        known_from=row.moment("known_from") or _NO_MOMENT,
    )
    row.done()
    return text


def case_place(code: str, title: object) -> str:
    """How a fault names a case of a rule."""
    return _("rule %(code)s, case “%(title)s”") % {"code": code, "title": title}


def _case(row: _Row, code: str, owner: str, jobs: Jobs) -> CaseText:
    """A case; it is judged by the rules of the instrument's owner where it names no other institution."""
    row.at(case_place(code, row.content.get("title", "?")))
    job, own = row.text("job"), row.row("facts")
    if job and job not in jobs:
        row.fault(_("There is no job “%(job)s” in “jobs”; describe it there or correct the name."), job=job)
    facts = {**jobs.get(job, {}), **(own.content if own else {})}
    text = CaseText(
        title=row.text("title", needed=True),
        institution=row.text("institution") or owner,
        on=row.day("on", needed=True) or _NO_DAY,
        mode=row.text("mode", needed=True),
        outcome=row.text("outcome", needed=True),
        deciding=tuple(sorted(map(str, row.values("deciding")))),
        facts=tuple(sorted((name, _fact_text(value)) for name, value in facts.items())),
        agency_kind=row.text("agency_kind"),
        agencies=tuple(map(str, row.values("agencies"))),
        unit=row.text("unit"),
    )
    row.done()
    return text


def _fact_text(value: object) -> str | None:
    if isinstance(value, bool) or value is None:
        return as_text(value)
    if isinstance(value, int | Decimal):
        return as_text(Decimal(value))
    return as_text(frozenset(map(str, value))) if isinstance(value, list) else str(value)


def version_place(code: str, number: int | None) -> str:
    """How a fault names a version of a rule."""
    return _("rule %(code)s, version %(number)s") % {"code": code, "number": number or "?"}


def _version(row: _Row, code: str) -> VersionText:
    number = row.number("number", needed=True) or 0
    row.at(version_place(code, number))
    condition = row.row("condition")
    limit = row.row("limit")
    text = VersionText(
        number=number,
        title=row.text("title", needed=True),
        provision=row.text("provision", needed=True),
        subject=row.text("subject", needed=True),
        effect=row.text("effect", needed=True),
        modes=_in_mode_order(row.values("modes")),
        effective_from=row.day("effective_from", needed=True) or _NO_DAY,
        known_from=row.moment("known_from") or _NO_MOMENT,
        applies=_criteria(row.rows("applies")),
        requires=_criteria(row.rows("requires")),
        exceptions=tuple(_criteria(group) for group in row.groups("exceptions")),
        required_count=row.number("required_count"),
        required_count_setting=row.text("required_count_setting"),
        condition_kind=condition.text("kind", needed=True) if condition else "",
        condition_text=condition.text("text", needed=True) if condition else "",
        condition_approver=condition.text("approver") if condition else "",
        limit=_limit(limit) if limit else None,
        lifts=tuple(sorted((_lift(one) for one in row.rows("lifts")), key=lambda lift: lift.rule)),
    )
    if condition:
        condition.done()
    row.done()
    return text


def _in_mode_order(modes: Sequence[object]) -> tuple[str, ...]:
    """The modes in the order of the engine; unknown ones last, for the checks to name."""
    names = dict.fromkeys(str(mode) for mode in modes)
    known = [mode for mode in _MODE_ORDER if mode in names]
    return (*known, *(mode for mode in names if mode not in known))


def _criteria(rows: Iterable[_Row]) -> tuple[CriterionText, ...]:
    return tuple(_criterion(row) for row in rows)


def _criterion(row: _Row) -> CriterionText:
    text = CriterionText(
        fact=row.text("fact", needed=True),
        operator=row.text("operator", needed=True),
        operands=tuple(_operand(value) for value in row.values("operands")),
        setting=row.text("setting"),
    )
    row.done()
    return text


def _operand(value: object) -> Operand:
    return value if isinstance(value, bool | int | str) else str(value)


def _limit(row: _Row) -> LimitText:
    text = LimitText(
        quantity=row.text("quantity", needed=True),
        direction=row.text("direction", needed=True),
        value=row.decimal("value"),
        members=tuple(sorted(str(member) for member in row.values("members"))),
        together=_in_mode_order(row.values("together")),
        population=row.text("population") or "all",
        per=row.text("per") or "person",
        counting=row.text("counting") or "any_day",
    )
    row.done()
    return text


def _lift(row: _Row) -> LiftText:
    enabling = row.row("enabled_by")
    text = LiftText(
        rule=row.text("rule", needed=True),
        instrument=enabling.text("instrument", needed=True) if enabling else "",
        reference=enabling.text("reference", needed=True) if enabling else "",
    )
    if enabling:
        enabling.done()
    row.done()
    return text
