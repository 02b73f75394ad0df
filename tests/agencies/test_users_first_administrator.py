"""The first administrator of an institution comes from the server; every further one from the portal."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from agencies.models import Grant, Role, User
from oversight.models import TrailEntry
from tests.base import Cast
from tests.factories import InstitutionFactory


def appoint(*words: str) -> str:
    written = StringIO()
    with translation.override("id"):  # whatever language a page was last read in
        call_command("first_administrator", *words, stdout=written)
    return written.getvalue()


def test_the_first_administrator_signs_in_with_a_printed_password(db: None) -> None:
    city = InstitutionFactory.create(code="kota-baru")
    told = appoint("kota-baru", "admin.baru", "--name", "Admin Baru")
    password = next(word for word in told.split() if word.count("-") == 3)
    user = User.objects.get(username="admin.baru")
    assert user.check_password(password)
    assert (user.must_change_password, user.is_superuser, user.is_staff) == (True, False, False)
    grant = user.grants.get()
    assert (grant.institution, grant.agency, grant.role) == (city, None, Role.SYSTEM_ADMINISTRATOR)
    assert grant.valid_until is None
    entry = TrailEntry.objects.get(institution=city)
    assert (entry.action, entry.actor_label) == ("first_administrator_appointed", "system")
    assert password not in entry.body
    with pytest.raises(CommandError, match="sudah mempunyai administrator"):
        appoint("kota-baru", "admin.dua")


def test_a_second_one_an_unknown_place_and_a_taken_name_are_refused(cast: Cast) -> None:
    with pytest.raises(CommandError, match="sudah mempunyai administrator"):
        appoint("kota-contoh", "admin.baru")
    with pytest.raises(CommandError, match="no institution"):
        appoint("kota-tiada", "admin.baru")
    with pytest.raises(CommandError, match="sudah dipakai"):
        appoint("kota-lain", "hr_officer")
    assert not User.objects.filter(username="admin.baru").exists()


def test_a_shipped_institution_is_created_when_its_first_administrator_is(db: None) -> None:
    appoint("kota-malang", "admin.malang")
    assert Grant.objects.get().institution.code == "kota-malang"


def test_an_administrator_whose_account_is_closed_does_not_count(cast: Cast) -> None:
    User.objects.filter(pk=cast.system_administrator.pk).update(is_active=False)
    assert "admin.baru" in appoint("kota-contoh", "admin.baru")
