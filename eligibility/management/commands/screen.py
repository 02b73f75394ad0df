"""`manage.py screen`: which jobs of an institution may work from anywhere, and with --explain why one may or not."""

from __future__ import annotations

import csv
import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop, override

from agencies.clock import today
from agencies.models import Agency, Institution, Position
from eligibility import loading, screening
from eligibility.answers import answer_for
from eligibility.decisions import State
from eligibility.explanations import MODE_LABELS, OUTCOME_LABELS, ReasonWords
from eligibility.footing import Footing
from eligibility.grounds import Grounds
from eligibility.pages.gates import covered_agencies, gate_sentence
from eligibility.position_explanations import ModeExplanation
from eligibility.rulebook import Mode, Outcome, Rulebook
from eligibility.screening import OutcomeCount

KEYS = ("agency", "mode", *(outcome.value for outcome in Outcome), "total")
"""The keys of one object of the JSON list and the columns of the CSV; stable."""


def day_of(text: str) -> date:
    """A date as typed on the command line. Raises CommandError with the way out."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(gettext("“%(text)s” is not a date: write it as 2025-07-01.") % {"text": text})
    return day


def moment_of(text: str, institution: Institution) -> datetime:
    """An instant, or the end of a day, in the institution's time zone. Raises CommandError with the way out."""
    zone = ZoneInfo(institution.time_zone)
    try:
        moment = parse_datetime(text) if "T" in text or " " in text else None
    except ValueError:
        moment = None
    if moment is None:
        return datetime.combine(day_of(text), time.max, tzinfo=zone)
    return moment if timezone.is_aware(moment) else moment.replace(tzinfo=zone)


def _institution(code: str) -> Institution:
    found = Institution.objects.governing().filter(code=code).first()
    if found is None:
        known = ", ".join(Institution.objects.governing().order_by("code").values_list("code", flat=True))
        raise CommandError(
            gettext("There is no institution “%(code)s”. Known: %(known)s.") % {"code": code, "known": known or "-"}
        )
    return found


def _agency(institution: Institution, code: str | None) -> Agency | None:
    if code is None:
        return None
    found = institution.agencies.filter(code=code).first()
    if found is None:
        message = gettext("%(institution)s has no agency “%(code)s”; the table without --agency lists all codes.")
        raise CommandError(message % {"institution": institution, "code": code})
    return found


def _position(institution: Institution, key_or_code: str) -> Position | None:
    key = int(key_or_code) if key_or_code.isdecimal() else None
    return Position.objects.filter(Q(pk=key) | Q(code=key_or_code), institution=institution).first()


def _row(count: OutcomeCount) -> dict[str, Any]:
    numbers = {outcome.value: getattr(count, outcome.value) for outcome in Outcome}
    return {"agency": count.agency, "mode": count.mode.value, **numbers, "total": count.total}


def _plain(value: object) -> str:
    """What JSON has no type for."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


class Command(BaseCommand):
    """Screens an institution, or explains one position."""

    help = "Which jobs of an institution may work from anywhere on a day, and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options; dates are as of the institution's time zone."""
        parser.add_argument("institution")
        parser.add_argument("--agency")
        parser.add_argument("--mode", choices=[mode.value for mode in Mode])
        parser.add_argument("--on", help="day of judgement, e.g. 2025-07-01 (default: today)")
        parser.add_argument("--known-at", help="judge by the law as known at this instant or day (default: now)")
        parser.add_argument("--format", choices=["table", "json", "csv"], default="table")
        parser.add_argument("--position", help="key or code of a position, with --explain")
        parser.add_argument("--explain", action="store_true", help="one position with every reason, as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print counts per agency and mode, or one explained position."""
        with override("id"):
            self._answer(options)

    def _answer(self, options: dict[str, Any]) -> None:
        institution = _institution(options["institution"])
        on = day_of(options["on"]) if options["on"] else today(institution)
        known_at = moment_of(options["known_at"], institution) if options["known_at"] else timezone.now()
        try:
            rulebook = loading.rulebook(institution, on, known_at)
        except loading.NoLawInForce as refusal:
            raise CommandError(str(refusal)) from refusal
        grounds = Footing(institution, on, known_at).grounds
        if options["explain"] or options["position"]:
            self._explain(institution, options, rulebook, grounds, on)
            return
        agency = _agency(institution, options["agency"])
        counts = screening.counts(rulebook, grounds, institution, agency)
        wanted = [count for count in counts if options["mode"] in (None, count.mode.value)]
        judged = [agency.pk] if agency else list(grounds.agencies.keys() - grounds.closed)
        approval = gate_sentence(institution, on, covered_agencies(grounds, judged), len(judged))
        self._print(options["format"], institution, on, wanted, approval)

    def _print(self, form: str, institution: Institution, on: date, counts: list[OutcomeCount], approval: str) -> None:
        rows = [_row(count) for count in counts]
        if form == "json":
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
        elif form == "csv":
            writer = csv.DictWriter(self.stdout, KEYS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        else:
            self._table(institution, on, counts)
            self.stdout.write(f"{approval}\n")

    def _table(self, institution: Institution, on: date, counts: list[OutcomeCount]) -> None:
        words = {"institution": institution, "day": date_format(on, "j F Y")}
        self.stdout.write(gettext("%(institution)s: who may work from anywhere as of %(day)s") % words)
        self.stdout.write(gettext("Positions per agency (its own) and form; suitability only, not an approval."))
        modes = list(dict.fromkeys(count.mode for count in counts))
        if len(modes) == 1:
            self._mode_table(modes[0], counts)
        else:
            self._all_modes_table(modes, counts)
        self.stdout.write("")

    def _all_modes_table(self, modes: list[Mode], counts: list[OutcomeCount]) -> None:
        """One line per agency; each cell holds the four counts in the order of the legend."""
        legend = " / ".join(gettext(OUTCOME_LABELS[outcome]) for outcome in Outcome)
        self.stdout.write(gettext("Each cell: %(legend)s") % {"legend": legend})
        heads = "".join(f"  {gettext(MODE_LABELS[mode]):>19}" for mode in modes)
        self.stdout.write(f"\n{'':<24}{heads}  {gettext('Total'):>6}")
        by_agency: dict[str, dict[Mode, list[int]]] = {}
        totals = {mode: [0] * len(Outcome) for mode in modes}
        for count in counts:
            numbers = [getattr(count, outcome.value) for outcome in Outcome]
            by_agency.setdefault(count.agency, {})[count.mode] = numbers
            totals[count.mode] = [total + number for total, number in zip(totals[count.mode], numbers, strict=True)]
        for agency, cells in [*by_agency.items(), (gettext("All agencies"), totals)]:
            written = "".join(f"  {' / '.join(map(str, cells[mode])):>19}" for mode in modes)
            self.stdout.write(f"{agency[:24]:<24}{written}  {sum(cells[modes[0]]):>6}")

    def _mode_table(self, mode: Mode, counts: list[OutcomeCount]) -> None:
        heads = [gettext(OUTCOME_LABELS[outcome]) for outcome in Outcome] + [gettext("Total")]
        widths = [max(len(head), 6) for head in heads]
        label = gettext(MODE_LABELS[mode])
        self.stdout.write(f"\n{label:<24}" + "".join(f"  {h:>{w}}" for h, w in zip(heads, widths, strict=True)))
        totals = [0] * len(heads)
        for count in counts:
            numbers = [getattr(count, outcome.value) for outcome in Outcome] + [count.total]
            totals = [total + number for total, number in zip(totals, numbers, strict=True)]
            self._line(count.agency, numbers, widths)
        if len(counts) > 1:
            self._line(gettext("All agencies"), totals, widths)

    def _line(self, name: str, numbers: list[int], widths: list[int]) -> None:
        cells = "".join(f"  {number:>{width}}" for number, width in zip(numbers, widths, strict=True))
        self.stdout.write(f"{name[:24]:<24}{cells}")

    def _explain(
        self,
        institution: Institution,
        options: dict[str, Any],
        rulebook: Rulebook,
        grounds: Grounds,
        on: date,
    ) -> None:
        if not options["position"]:
            raise CommandError(gettext("--explain needs --position with the key of a position."))
        position = _position(institution, options["position"])
        if position is None:
            words = {"institution": institution, "key": options["position"]}
            raise CommandError(gettext("%(institution)s has no position %(key)s.") % words)
        if position.closed_on and position.closed_on <= on:
            words = {"position": position, "day": date_format(position.closed_on, "j F Y")}
            raise CommandError(gettext("The position “%(position)s” is closed from %(day)s on.") % words)
        answer = answer_for(position, rulebook, grounds, gettext)
        if answer is None:
            raise CommandError(gettext("The position “%(position)s” has no task to judge.") % {"position": position})
        modes = [mode for mode in answer.modes if options["mode"] in (None, mode.mode.value)]
        approval = gate_sentence(institution, on, covered_agencies(grounds, [position.agency_id]), 1)
        if options["format"] == "table":
            self._explain_in_words(position, modes, approval)
            return
        content = {
            "position": position.pk,
            "title": str(position),
            "agency": position.agency.code,
            "on": on.isoformat(),
            "approval": approval,
            "rulebook": rulebook.fingerprint,
            "modes": [_mode_object(mode) for mode in modes],
        }
        self.stdout.write(json.dumps(content, ensure_ascii=False, indent=1, default=_plain))

    def _explain_in_words(self, position: Position, modes: list[ModeExplanation], approval: str) -> None:
        self.stdout.write(f"{position}, {position.agency}\n{approval}")
        for mode in modes:
            self.stdout.write(
                f"\n{mode.label}: {mode.outcome_label} {mode.bounds_sentence} {mode.days_sentence}".rstrip()
            )
            for reason in (*mode.reasons, *mode.gates):
                self.stdout.write(f"  - {_line_of(reason)}")
            for question in mode.questions:
                self.stdout.write(f"  ? {question.question}")
            for change in mode.changes:
                self.stdout.write(f"  > {change.sentence}")
            if mode.changes_note:
                self.stdout.write(f"  > {mode.changes_note}")


STATE_WORDS = {
    State.PASSED: gettext_noop("met"),
    State.FAILED: gettext_noop("not met"),
    State.UNKNOWN: gettext_noop("not known"),
    State.CONDITION: gettext_noop("condition"),
    State.LIMIT: gettext_noop("limit"),
    State.TO_CHECK: gettext_noop("to be checked on the person"),
}


def _line_of(reason: ReasonWords) -> str:
    tasks = f" [{'; '.join(reason.tasks)}]" if reason.tasks else ""
    return f"{gettext(STATE_WORDS[State(reason.state)])}: {reason.sentence} ({reason.provision}){tasks}"


def _mode_object(mode: ModeExplanation) -> dict[str, Any]:
    """One mode as JSON: bounds by their names, gates decidable now apart from those to be checked on the person."""
    content = asdict(mode)
    gates = content.pop("gates")
    return content | {
        "worst": mode.worst.name.lower(),
        "best": mode.best.name.lower(),
        "gates_now": [gate for gate in gates if gate["state"] != "to_check"],
        "gates_to_check": [gate for gate in gates if gate["state"] == "to_check"],
    }
