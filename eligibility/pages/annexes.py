"""Puts the annex of results together from what is stored; its language is Indonesian whoever asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from agencies.clock import zone
from agencies.facts import FACTS, Level, gettext_noop
from agencies.models import Basis, Institution
from agencies.receipts import receipt_of
from eligibility.annex import Annex, AnnexAnswer, AnnexFact, AnnexPosition, AnnexProvision, AnnexTask
from eligibility.decisions import PositionDecision, Reason, State
from eligibility.determinations.reading import SignedPosition, SignedResults, SignedTask
from eligibility.explanations import MODE_LABELS, OUTCOME_LABELS, number_words, value_words, word_limit
from eligibility.models import Capacity, Determination, Verification
from eligibility.rulebook import Attach, Limit, Mode, Outcome, Require, Rule

Translate = Callable[[str], str]
_N = gettext_noop

LANGUAGE: Final = "id"

HEADS: Final = {
    "city": (_N("MAYOR OF %(name)s"), "Kota "),
    "regency": (_N("REGENT OF %(name)s"), "Kabupaten "),
    "province": (_N("GOVERNOR OF %(name)s"), "Provinsi "),
    "ministry": (_N("HEAD OF %(name)s"), ""),
    "nasional": (_N("HEAD OF %(name)s"), ""),
}
"""The title of the PPK by the kind of institution, and what is left out of the institution's name."""

UNSIGNED: Final = _N("Not signed with a certified electronic signature.")


def in_indonesian(message: str) -> str:
    """The words of the annex, whatever language the page has."""
    with translation.override(LANGUAGE):
        return gettext(message)


def annex_of(verification: Verification) -> Annex:
    """The annex of results: that of their Keputusan once there is one, else marked as not determined."""
    with translation.override(LANGUAGE):
        determination: Determination | None = getattr(verification, "determination", None)
        results = SignedResults(verification)
        builder = _Builder(results, results.translation(gettext))
        positions = tuple(builder.position(position) for position in results.positions())
        return Annex(
            heading=_heading(verification, determination),
            number=determination.number if determination else "",
            subject=gettext("LIST OF POSITIONS AND TASKS BY FLEXIBLE WORK"),
            issuer=verification.institution.name,
            agency=_agency_name(verification),
            particulars=_particulars(verification, determination),
            positions=positions,
            provisions=builder.provisions(),
            signature=_signature(verification, determination),
            notes=_notes(),
            mark=gettext("SYNTHETIC DATA. Not an official document.") if settings.DEMO else "",
            at=determination.recorded_at if determination else verification.sent_at,
        )


def head_title(institution: Institution) -> str:
    """The title of the PPK as a Keputusan bears it: "WALI KOTA MALANG"."""
    template, left_out = HEADS[institution.kind]
    return (gettext(template) % {"name": institution.name.removeprefix(left_out)}).upper()


def _heading(verification: Verification, determination: Determination | None) -> tuple[str, ...]:
    if determination is None:
        return (gettext("VERIFICATION RESULT, NOT YET DETERMINED"),)
    return (
        gettext("ANNEX"),
        gettext("DECISION OF THE %(head)s") % {"head": head_title(verification.institution)},
        gettext("NUMBER %(number)s") % {"number": determination.number},
        gettext("DATED %(day)s") % {"day": date_format(determination.signed_on)},
    )


def _agency_name(verification: Verification) -> str:
    """The agency as it was printed when the results were sent."""
    own = verification.grounds.filter(agency=verification.agency, unit__isnull=True).first()
    name = own.agency_name if own else verification.agency.name
    if verification.with_subtree:
        return gettext("%(agency)s with its organisational units") % {"agency": name}
    return name


def _particulars(verification: Verification, determination: Determination | None) -> tuple[tuple[str, str], ...]:
    known = verification.known_at.astimezone(zone(verification.institution))
    lines = [
        (gettext("Institution"), verification.institution.name),
        (gettext("Judged for the day"), date_format(verification.judged_on)),
        (gettext("By the rules and facts known on"), date_format(known.date())),
        (gettext("Fingerprint of the rules"), verification.rulebook_id),
    ]
    subject, action = (determination, "determination_recorded") if determination else (verification, "results_sent")
    if determination is not None:
        lines.append((gettext("Effective"), _effective(determination)))
    receipt = receipt_of(subject, action)
    if receipt is not None:
        words = {"number": receipt.number, "digest": receipt.digest}
        lines.append((gettext("Trail"), gettext("entry %(number)s, digest %(digest)s") % words))
    return tuple(lines)


def _effective(determination: Determination) -> str:
    since = date_format(determination.effective_from)
    if determination.last_day is None:
        return gettext("from %(since)s") % {"since": since}
    return gettext("from %(since)s to %(until)s") % {"since": since, "until": date_format(determination.last_day)}


def _signature(verification: Verification, determination: Determination | None) -> tuple[str, ...]:
    if determination is None:
        sent = date_format(verification.sent_at.astimezone(zone(verification.institution)).date())
        return (
            gettext("Sent on %(day)s by BKPSDM.") % {"day": sent},
            gettext("Not yet determined."),
            gettext(UNSIGNED),
        )
    title = determination.signatory_title
    prefix = {Capacity.ON_BEHALF.value: "a.n. ", Capacity.FOR_SUPERIOR.value: "u.b. "}.get(determination.capacity, "")
    office = (f"{prefix}{head_title(verification.institution)}", f"{title},") if prefix else (f"{title},",)
    signed = gettext("Determined on %(day)s") % {"day": date_format(determination.signed_on)}
    return (signed, *office, "", "", determination.signatory_name, gettext(UNSIGNED))


def _notes() -> tuple[str, ...]:
    return (
        gettext(
            "The annex says which jobs may be done flexibly. Each approval for an employee is still "
            "checked for its person and day."
        ),
    )


class _Builder:
    """Turns stored positions into rows; collects what they cite."""

    def __init__(self, results: SignedResults, translate: Translate) -> None:
        self.results = results
        self.translate = translate
        self.cited: dict[str, Rule] = {}

    def provisions(self) -> tuple[AnnexProvision, ...]:
        """Every provision cited, the higher layer first."""
        ordered = sorted(self.cited.items(), key=lambda pair: (pair[1].citation.layer, pair[0]))
        return tuple(AnnexProvision(text, rule.citation.verified, rule.citation.open_note) for text, rule in ordered)

    def position(self, position: SignedPosition) -> AnnexPosition:
        """A row with its tasks and, for the modes that share it, each answer once."""
        decisions = {mode: self.results.decide(position, mode) for mode in Mode}
        decided = [decision for decision in decisions.values() if decision is not None]
        together: dict[tuple[str, str, tuple[str, ...], tuple[str, ...]], list[str]] = {}
        for mode, bounds in position.bounds.items():
            told = self._answer(bounds.outcome, decisions[mode])
            together.setdefault(told, []).append(self.translate(MODE_LABELS[mode]))
        place = (position.agency_name, position.unit_name) if self.results.verification.with_subtree else ()
        return AnnexPosition(
            title=position.name,
            code=position.code,
            unit=" · ".join(filter(None, place or (position.unit_name,))),
            tasks=tuple(self._task(task, decided) for task in position.tasks),
            answers=tuple(AnnexAnswer(tuple(modes), *told) for told, modes in together.items()),
        )

    def _answer(
        self, outcome: Outcome, decision: PositionDecision | None
    ) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
        label = self.translate(OUTCOME_LABELS[outcome])
        if decision is None:
            return outcome.value, label, (self.translate(_N("No task is recorded, so nothing could be judged.")),), ()
        rules = list(_grounds(outcome, decision))
        for rule in rules:
            self.cited.setdefault(str(rule.citation), rule)
        conditions = tuple(self._conditions(outcome, decision))
        return outcome.value, label, conditions, tuple(dict.fromkeys(str(rule.citation) for rule in rules))

    def _conditions(self, outcome: Outcome, decision: PositionDecision) -> Iterable[str]:
        """Conditions and limits in words; where only some tasks may, which and how many days they fill."""
        if outcome is Outcome.NOT_ELIGIBLE:
            return
        yield from self._open_tasks(decision)
        found: dict[str, list[str]] = {}
        for task, judged in decision.tasks:
            for reason in judged.reasons_in(State.CONDITION):
                if isinstance(reason.rule.effect, Attach):
                    found.setdefault(reason.rule.effect.text, []).append(task.title)
        for text, titles in found.items():
            yield text if len(titles) == len(decision.tasks) else f"{text} ({'; '.join(titles)})"
        for standing in decision.limits:
            yield word_limit(standing, self.translate).sentence
        unknown = dict.fromkeys(
            self.translate(FACTS[fact.fact].label)
            for _task, judged in decision.tasks
            for reason in judged.reasons_in(State.UNKNOWN)
            for fact in reason.facts
            if fact.value is None and fact.fact in FACTS
        )
        if outcome is Outcome.NEEDS_INFORMATION and unknown:
            yield self.translate(_N("Not known yet: %(facts)s")) % {"facts": "; ".join(unknown)}

    def _open_tasks(self, decision: PositionDecision) -> Iterable[str]:
        opened = [task.title for task in decision.open_tasks]
        if not opened or len(opened) == len(decision.tasks):
            return
        yield self.translate(_N("Only for these tasks: %(tasks)s")) % {"tasks": "; ".join(opened)}
        words = {
            "least": number_words(decision.days.least, self.translate),
            "most": number_words(decision.days.most, self.translate),
        }
        same = decision.days.least == decision.days.most
        yield self.translate(_DAYS if same else _DAYS_RANGE) % words

    def _task(self, task: SignedTask, decided: list[PositionDecision]) -> AnnexTask:
        """A task with the facts that rules read of it in any mode; what is unknown only where it is open."""
        names: dict[str, bool] = {}
        for decision in decided:
            for one, judged in decision.tasks:
                if one.key == task.judged.key:
                    for reason in judged.reasons:
                        _note(names, reason)
        values = task.values
        chosen = (name for name in names if values.get(name) is not None or names[name])
        facts = tuple(self._fact(task, name) for name in sorted(chosen, key=list(FACTS).index))
        return AnnexTask(task.judged.title, task.judged.share, facts)

    def _fact(self, task: SignedTask, name: str) -> AnnexFact:
        value, origin = task.values[name], task.origins.get(name)
        if origin is not None:
            basis = str(Basis(origin.basis).label).lower()
        else:
            basis = self.translate(_N("no origin on record"))
        label = self.translate(FACTS[name].label)
        return AnnexFact(label, value_words(name, value, self.translate), basis, origin.source if origin else "")


_DAYS: Final = _N("The tasks that may be done this way fill %(most)s working days a week.")
_DAYS_RANGE: Final = _N("The tasks that may be done this way fill %(least)s to %(most)s working days a week.")


def _note(names: dict[str, bool], reason: Reason) -> None:
    """Note the facts of the task that a reason read, and whether one is still open there."""
    for fact in reason.facts:
        if fact.fact in FACTS and FACTS[fact.fact].level is Level.TASK:
            names[fact.fact] = names.get(fact.fact, False) or reason.state is State.UNKNOWN


def _grounds(outcome: Outcome, decision: PositionDecision) -> Iterable[Rule]:
    """The rules that an answer rests on: what stands against it, or what it meets, its conditions and its limits."""
    against = (State.FAILED,) if outcome is Outcome.NOT_ELIGIBLE else (State.FAILED, State.UNKNOWN, State.CONDITION)
    for _task, judged in decision.tasks:
        for reason in judged.reasons_in(*against):
            yield from (reason.norms or (reason.rule,)) if not isinstance(reason.rule.effect, Limit) else reason.norms
        if outcome is Outcome.NOT_ELIGIBLE:
            continue
        for reason in judged.reasons_in(State.PASSED):
            if isinstance(reason.rule.effect, Require) and reason.facts:
                yield reason.rule
            yield from reason.lifted_by
    if outcome is not Outcome.NOT_ELIGIBLE:
        for standing in decision.limits:
            yield from standing.norms
