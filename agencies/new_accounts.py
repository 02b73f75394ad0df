"""Accounts that are to be created: what is known of each, and what stands against them, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.errors import ActRefused, ValuesRefused
from agencies.granting import Authority, check_gift
from agencies.models import Agency, Employee, Grant, Role, User

MOST_AT_ONCE: Final = 1000
"""How many accounts one act creates at most, so that its page of passwords can still be handed out."""

NO_USER_NAME: Final = gettext_lazy("A user name has letters, digits and . - _ only, and at most 150 of them.")

_NIP_LENGTH: Final = 18


@dataclass(frozen=True)
class NewAccount:
    """One account with its first role. `line` is where it was written; 0 for a form about one account.

    `unreadable` says what of the line could not be read; role and agency then mean nothing.
    """

    username: str
    role: Role
    agency: Agency | None
    valid_from: date
    valid_until: date | None = None
    name: str = ""
    employee: Employee | None = None
    line: int = 0
    unreadable: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """As written, else as the employee is called."""
        return self.name or (self.employee.name if self.employee else "")


@dataclass(frozen=True)
class Days:
    """The day of the act, the day on which postings are read, and the moment up to which they are known."""

    on: date
    posted_on: date
    known_at: datetime


def rows_for(accounts: Sequence[NewAccount], reach: Authority, days: Days) -> list[tuple[User, Grant]]:
    """The unsaved rows, without passwords; raises ValuesRefused with every fault at its field or line."""
    if len(accounts) > MOST_AT_ONCE:
        many = _("At most %(most)d accounts are created at once; take them in parts.") % {"most": MOST_AT_ONCE}
        raise ValuesRefused({"lines": [many]})
    taken, linked = _known(accounts)
    near = _within(accounts, reach, days)
    names = Counter(one.username.lower() for one in accounts)
    people = Counter(one.employee.pk for one in accounts if one.employee)
    rows, faults = [], _Faults()
    for one in accounts:
        user = User(username=one.username, first_name=one.full_name[:150], employee=one.employee)
        user.set_unusable_password()
        user.must_change_password = True
        grant = Grant(user=user, role=one.role, institution=reach.institution, agency=one.agency)
        grant.valid_from, grant.valid_until = one.valid_from, one.valid_until
        if one.username.lower() in taken or names[one.username.lower()] > 1:
            faults.add(one, "username", _("“%(name)s” is taken; choose another user name.") % {"name": one.username})
        elif one.username.isdigit() and len(one.username) == _NIP_LENGTH:
            faults.add(one, "username", _("A NIP tells the birth date; choose another user name."))
        if one.employee and (one.employee.pk in linked or people[one.employee.pk] > 1):
            faults.add(one, "nip", _("This employee has an account already; one is enough."))
        if one.employee and one.employee.pk not in near:
            faults.add(one, "nip", _("No employee within your reach has this number."))
        for sentence in one.unreadable:
            faults.add(one, "username", sentence)
        if not one.unreadable:
            _check(one, user, grant, reach, days.on, faults)
        rows.append((user, grant))
    faults.refuse()
    return rows


def _known(accounts: Sequence[NewAccount]) -> tuple[set[str], set[int]]:
    """The user names, in small letters, and the employees that accounts have already."""
    names = User.objects.annotate(small=Lower("username")).filter(small__in={a.username.lower() for a in accounts})
    people = User.objects.filter(employee__in=[one.employee for one in accounts if one.employee])
    return (
        {name.lower() for name in names.values_list("username", flat=True)},
        {key for key in people.values_list("employee_id", flat=True) if key is not None},
    )


def _within(accounts: Sequence[NewAccount], reach: Authority, days: Days) -> set[int]:
    """The employees that the administrator may link: whoever has the account reads the employee's own file."""
    asked = [one.employee.pk for one in accounts if one.employee]
    people = Employee.objects.filter(institution=reach.institution, pk__in=asked)
    if reach.agencies is not None:
        people = people.seen_from(reach.agencies, days.posted_on, days.known_at)
    return set(people.values_list("pk", flat=True))


def _check(one: NewAccount, user: User, grant: Grant, reach: Authority, on: date, faults: _Faults) -> None:
    if one.valid_from < on:
        past = _("A role begins today or later: it never changes what was allowed before.")
        faults.add(one, "valid_from", past)
    try:
        check_gift(reach, grant, on)
    except ActRefused as refusal:
        faults.add(one, refusal.field, str(refusal))
    try:
        User._meta.get_field("username").clean(user.username, user)
    except ValidationError:
        faults.add(one, "username", str(NO_USER_NAME))


class _Faults:
    """Sentences by field of a form about one account, or by line of a list."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}

    def add(self, account: NewAccount, field: str, sentence: str) -> None:
        if account.line:
            sentence = _("Line %(line)d: %(sentence)s") % {"line": account.line, "sentence": sentence}
        self.found.setdefault("lines" if account.line else field, []).append(sentence)

    def refuse(self) -> None:
        if self.found:
            raise ValuesRefused(self.found)
