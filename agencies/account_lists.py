"""Many accounts at once: read from pasted lines, or made for the employees who have none."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from agencies.models import Agency, Employee, Institution, Role, User
from agencies.new_accounts import NewAccount

_SEPARATOR: Final = ";"
_PARTS: Final = 4


@dataclass(frozen=True)
class _Known:
    """What the words of a line may name: roles and agencies in small letters, employees by number."""

    roles: Mapping[str, Role]
    agencies: Mapping[str, Agency]
    employees: Mapping[str, Employee]


def from_lines(text: str, institution: Institution, agencies: Iterable[Agency], starts: date) -> list[NewAccount]:
    """One account for each line `user name;NIP;role;agency code`; empty lines are passed over.

    A line that cannot be read comes back with the sentences that say why.
    """
    lines = [
        (number, [part.strip() for part in line.split(_SEPARATOR)])
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip()
    ]
    numbers = {parts[1] for _number, parts in lines if len(parts) > 1 and parts[1]}
    people = Employee.objects.filter(institution=institution, nip__in=numbers)
    known = _Known(
        roles=_role_words(),
        agencies={agency.code.lower(): agency for agency in agencies},
        employees={employee.nip: employee for employee in people},
    )
    return [_account(number, parts, known, starts) for number, parts in lines]


def _account(line: int, parts: list[str], known: _Known, starts: date) -> NewAccount:
    if len(parts) != _PARTS:
        wrong = _("Write four parts with semicolons between: user name;NIP;role;agency code.")
        return NewAccount(parts[0], Role.EMPLOYEE, None, starts, line=line, unreadable=(wrong,))
    username, number, role, code = parts[0], "".join(parts[1].split()), parts[2], parts[3]
    faults = []
    if number and number not in known.employees:
        faults.append(_("No employee within your reach has this number."))
    if role.lower() not in known.roles:
        faults.append(
            _("“%(word)s” is no role; write one of: %(words)s.")
            % {"word": role, "words": ", ".join(str(one.label) for one in Role)}
        )
    if code and code.lower() not in known.agencies:
        faults.append(_("“%(code)s” is no agency within your reach.") % {"code": code})
    return NewAccount(
        username,
        known.roles.get(role.lower(), Role.EMPLOYEE),
        known.agencies.get(code.lower()),
        starts,
        employee=known.employees.get(number),
        line=line,
        unreadable=tuple(faults),
    )


def _role_words() -> dict[str, Role]:
    """Each role by its code and by its names in the languages of the portal."""
    words = {role.value: role for role in Role}
    for language in ("id", "en"):
        with translation.override(language):
            words |= {str(role.label).lower(): role for role in Role}
    return words


def for_employees(
    people: Iterable[tuple[Employee, Agency]], role: Role, starts: date, taken: Iterable[str]
) -> list[NewAccount]:
    """An account for each employee in her agency, with a user name made of her name that is not taken."""
    used = {name.lower() for name in taken}
    accounts = []
    for line, (employee, agency) in enumerate(people, 1):
        username = _free_name(employee.name, used)
        used.add(username)
        accounts.append(NewAccount(username, role, agency, starts, employee=employee, line=line))
    return accounts


def _free_name(name: str, used: set[str]) -> str:
    base = ".".join(dict.fromkeys(_words(name))) or "pegawai"
    for candidate in _numbered(base):
        if candidate not in used:
            return candidate
    raise AssertionError("there is always a next number")


def _numbered(base: str) -> Iterator[str]:
    yield base
    number = 2
    while True:
        yield f"{base}{number}"
        number += 1


def _words(name: str) -> tuple[str, ...]:
    """First and last word of a name, without titles, in plain small letters."""
    plain = unicodedata.normalize("NFKD", name.partition(",")[0]).encode("ascii", "ignore").decode().lower()
    words = ["".join(c for c in word if c.isalnum()) for word in plain.split() if not word.endswith(".")]
    words = [word for word in words if word]
    return (words[0], words[-1]) if words else ()


def names_taken() -> Iterator[str]:
    """All user names of the portal: they are unique across institutions."""
    return iter(User.objects.values_list("username", flat=True))
