"""Puts the letter of an approval together, in Indonesian whoever issues it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from agencies.clock import zone, zone_name
from agencies.facts import WEEKDAYS
from agencies.grades import rank_words
from agencies.models import Agency, Employee, Employment, Institution
from agencies.receipts import receipt_of, sealed_head
from eligibility.arrangements.declarations import declarations_of, declarer
from eligibility.arrangements.letter_basis import cited_determinations, cited_instruments
from eligibility.arrangements.letter_grounds import LetterGround, ground_of
from eligibility.arrangements.letter_signing import Signer, office_title
from eligibility.arrangements.letters import LANGUAGE, UNSIGNED, LetterContent, LetterOutput, Recipient, Signatory
from eligibility.explanations import MODE_LABELS
from eligibility.loading import settings_in_force
from eligibility.models import Approval, Arrangement, Instrument
from eligibility.rulebook import Mode


@dataclass(frozen=True, slots=True)
class Paper:
    """What is said of the letter itself: its number, date, public code, who signs and by which delegation."""

    number: str
    signed_on: date
    code: str
    signer: Signer
    delegation_basis: str


def write_letter(approval: Approval, paper: Paper, known_at: datetime) -> LetterContent:
    """What the letter of the approval says, by what was known at the moment."""
    with translation.override(LANGUAGE):
        return _written(approval, paper, known_at)


def _written(approval: Approval, paper: Paper, known_at: datetime) -> LetterContent:
    arrangement, ground = approval.arrangement, ground_of(approval)
    institution = arrangement.institution
    return LetterContent(
        title=settings_in_force(institution, paper.signed_on, known_at).text("letter_name"),
        number=paper.number,
        signed_on=paper.signed_on,
        dated=_dated(institution, paper.signed_on),
        institution=institution.name,
        agency=arrangement.agency.name,
        header=_header(approval),
        basis=(*_basis(approval, ground, paper.signed_on, known_at), *_delegation(paper)),
        recipient=_recipient(arrangement, paper.signed_on, known_at),
        mode=Mode(arrangement.mode),
        weekdays=arrangement.days,
        starts_on=arrangement.starts_on,
        ends_on=arrangement.ends_on,
        plan=_plan(arrangement),
        outputs=tuple(LetterOutput(one.output, one.target, one.skp) for one in arrangement.outputs.all()),
        conditions=(*ground.conditions, *_declared(arrangement)),
        signatory=_signatory(paper, known_at),
        note=gettext(UNSIGNED),
        proofs=_proofs(approval, institution),
        address=settings.PUBLIC_URL + reverse("letter_check", args=[paper.code]),
        mark=gettext("SYNTHETIC DATA. Not an official document.") if settings.DEMO else "",
        office=_office(arrangement),
    )


def _dated(institution: Institution, day: date) -> tuple[str, ...]:
    """Place and date; the seat of a province or ministry is not recorded and so not named."""
    on = gettext("on the date of %(day)s") % {"day": date_format(day)}
    if institution.kind not in {"city", "regency"}:
        return (gettext("Determined %(on)s") % {"on": on},)
    return (gettext("Determined in %(seat)s") % {"seat": _seat(institution)}, on)


def _seat(institution: Institution) -> str:
    """The name without its kind: "Malang" of Kota Malang."""
    return institution.name.removeprefix("Kota ").removeprefix("Kabupaten ").removeprefix("Provinsi ")


def _header(approval: Approval) -> tuple[str, ...]:
    """The government, and the agency of the office that decided with those above it; a head of the region alone."""
    institution = approval.arrangement.institution
    if approval.office is None:
        return (f"{office_title(approval)} {_seat(institution)}".upper(),)
    named = institution.name.upper()
    first = named if institution.kind == "ministry" else gettext("GOVERNMENT OF %(name)s") % {"name": named}
    agency: Agency | None = approval.office.agency
    lines: list[str] = []
    while agency is not None:
        lines.insert(0, agency.name.upper())
        agency = agency.parent
    return (first, *lines)


def _basis(approval: Approval, ground: LetterGround, on: date, known_at: datetime) -> Iterable[str]:
    """Implementing instruments by their number first, then those of the rules, the higher first, then the Penetapan.

    What has ended by the day is left out; of what comes into force later it is said from when.
    """
    implementing = sorted(ground.instruments, key=lambda one: (not one.implementing, one.layer, one.code))
    for instrument, since in cited_instruments(implementing, on, known_at):
        yield _since(_named(instrument), since)
    seen: dict[str, None] = {}
    for decided, since in cited_determinations(approval, on, known_at):
        words = {"number": decided.number, "day": date_format(decided.signed_on)}
        seen.setdefault(_since(gettext("Penetapan (Keputusan) number %(number)s of %(day)s") % words, since))
    yield from seen


def _since(named: str, since: date | None) -> str:
    if since is None:
        return named
    return gettext("%(named)s, in force from %(day)s") % {"named": named, "day": date_format(since)}


def _named(instrument: Instrument) -> str:
    """An implementing instrument by its number and date; a law as it is cited."""
    words = {
        "title": instrument.title,
        "number": instrument.number,
        "day": date_format(instrument.issued_on) if instrument.issued_on else "",
        "subject": instrument.subject,
    }
    if instrument.implementing and instrument.number and instrument.issued_on:
        return gettext("%(title)s, number %(number)s of %(day)s, on %(subject)s") % words
    return gettext("%(title)s on %(subject)s") % words if instrument.subject else instrument.title


def _delegation(paper: Paper) -> Iterable[str]:
    if paper.delegation_basis:
        yield gettext("Authority to sign: %(basis)s") % {"basis": paper.delegation_basis}


def _recipient(arrangement: Arrangement, on: date, known_at: datetime) -> Recipient:
    who = arrangement.employee
    unit = ", ".join(str(place) for place in (arrangement.unit, arrangement.agency) if place)
    return Recipient(who.name, who.nip, _rank(who, on, known_at), str(arrangement.position), unit)


def _rank(employee: Employee | None, on: date, known_at: datetime) -> str:
    """Pangkat and golongan on the day; empty where none is recorded."""
    if employee is None:
        return ""
    row: Employment | None = Employment.objects.in_force(on, known_at).filter(employee=employee).first()
    return rank_words(row.grade) if row else ""


def _plan(arrangement: Arrangement) -> tuple[tuple[str, str], ...]:
    days = {choice.code: gettext(choice.label) for choice in WEEKDAYS}
    period = {"since": date_format(arrangement.starts_on), "until": date_format(arrangement.ends_on)}
    lines = (
        (gettext("Form of flexible work"), gettext(MODE_LABELS[Mode(arrangement.mode)])),
        (gettext("Place of work"), _place(arrangement)),
        (gettext("Purpose of the place"), arrangement.purpose),
        (gettext("Days of the week"), ", ".join(days[day] for day in arrangement.days)),
        (gettext("Period of the letter"), gettext("%(since)s to %(until)s") % period),
    )
    return tuple(line for line in lines if line[1])


def _place(arrangement: Arrangement) -> str:
    """Where; a home without its address, and nothing for the forms of time."""
    if arrangement.mode == Mode.HOME:
        return gettext("home or residence as recorded in the personnel data")
    workplace = arrangement.workplace
    return f"{workplace.name}, {workplace.address}" if workplace else ""


def _office(arrangement: Arrangement) -> str:
    """The name of the other office; other places are nobody's but hers and of whom she meets there."""
    workplace = arrangement.workplace
    return workplace.name if workplace and arrangement.mode == Mode.OTHER_OFFICE else ""


def _declared(arrangement: Arrangement) -> Iterable[str]:
    """What was declared, and by whom."""
    who = declarer(arrangement)
    for declaration in declarations_of(arrangement):
        yield gettext("%(who)s declares: “%(declaration)s”") % {"who": who, "declaration": declaration}


def _signatory(paper: Paper, known_at: datetime) -> Signatory:
    signer = paper.signer
    rank = _rank(signer.employee, paper.signed_on, known_at)
    nip = signer.employee.nip if signer.employee else ""
    return Signatory(signer.lines(), signer.name, rank, nip, paper.delegation_basis)


def _proofs(approval: Approval, institution: Institution) -> tuple[tuple[str, str], ...]:
    """Where the approval stands in the trail, and what the last checkpoint sealed."""
    found = [receipt_of(approval.arrangement, action) for action in APPROVING]
    receipts = sorted((one for one in found if one), key=lambda one: one.number)
    trail = gettext("entry %(number)s, digest %(digest)s")
    lines = [(gettext("Trail"), trail % {"number": one.number, "digest": one.digest}) for one in receipts[-1:]]
    head = sealed_head(institution)
    if head is None:
        return (*lines, (gettext("Checkpoint"), gettext("no checkpoint yet")))
    at = head.at.astimezone(zone(institution))
    words = {"moment": f"{date_format(at, 'j F Y H.i')} {zone_name(institution)}"}
    words |= {"number": str(head.number), "digest": head.digest}
    return (*lines, (gettext("Checkpoint"), gettext("%(moment)s, entry %(number)s, digest %(digest)s") % words))


APPROVING = ("arrangement_approved", "arrangement_resumed")
"""The acts that give an approval, by their names in the trail."""
