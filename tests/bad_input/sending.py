"""The forms of the portal as somebody who may open them would fill them in rightly, and how they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote_plus

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from agencies.coverage.week import CODES
from agencies.models import Role
from tests.addresses import Address
from tests.bad_input.breaking import Broken
from tests.judged_city import JudgedCity

PDF: Final = b"%PDF-1.7\n% kosong\n"
TABLE: Final = SimpleUploadedFile("tabel.csv", b"agency_code;agency_name;agency_kind\nBappeda;Badan;badan\n")
DAY: Final = "2026-12-01"
SHIFT: Final = {
    "mode": "shift",
    "weekdays": "tuesday",
    "starts_on": "2099-01-06",
    "ends_on": "2099-01-06",
    "workplace": "",
    "purpose": "",
}
EMPTY_WEEK: Final = {
    f"{weekday}_{number}_{part}": "" for weekday in CODES for number in (1, 2) for part in ("opens", "closes", "staff")
}
RIGHT: Final[Mapping[str, Mapping[str, Any]]] = {
    "instrument_record": {"issued_on": "2025-07-01", "reach": "whole"},
    "employee_record_add": {"position": "DISKOMINFO-01", "capacity": "plt", "basis": "pp_94_2021"},
    "unit_correct": {"name": "Bidang Lain"},
    "service_correct": {"name": "Loket Lain"},
    "service_needs": {**EMPTY_WEEK, "monday_1_opens": "08.00", "monday_1_closes": "15.00", "monday_1_staff": "2"},
    "position_correct": {"title": "Jabatan Lain"},
    "task_add": {"share": ""},
    "task_correct": {"title": "Tugas Lain"},
    "position_split": {"parts": "Menyusun laporan; 60\nMenerima tamu; 40"},
    "user_create": {"username": "pegawai.baru", "nip": "", "valid_from": "2099-01-01"},
    "users_from_lines": {"lines": "pegawai.satu;;employee;Diskominfo", "valid_from": "2099-01-01"},
    "users_from_employees": {"agency": "Diskominfo", "role": "employee", "valid_from": "2099-01-01"},
    "user_role": {"role": "inspector", "valid_from": "2099-01-01"},
    "user_link": {"nip": ""},
    "grant_last_day": {"valid_until": "2099-01-01"},
    "employee_add": {"nip": "198503172010011901", "kind": "pns", "grade": "III/a"},
    "employee_correct": {"nip": "", "name": "Nama Betul"},
    "trail_erase": {"number": "1"},
    "task_fact": {"value": "no"},
    "objection_answer": {"state": "refused"},
    "worked_days": {"days": "2025-09-09"},
    "import_start": {"file": TABLE},
    **dict.fromkeys(("arrangement_new", "arrangement_new_for", "arrangement_group", "arrangement_edit"), SHIFT),
    "arrangement_amend": {"residence_confirmed": "on"},
}
"""What a form needs beyond what the kinds of its fields say."""


@dataclass
class Sending:
    """A form at an address, the browser of who may send it, and every field rightly filled in."""

    name: str
    url: str
    client: Client
    form: forms.Form
    right: dict[str, tuple[Any, ...]]

    @property
    def has_files(self) -> bool:
        """Whether it is sent in parts."""
        return self.form.is_multipart()

    def send(self, changed: Mapping[str, Broken], **more: str) -> Any:
        """The answer to the rightly filled form with these fields broken."""
        values = {name: (text,) for name, text in more.items()} | dict(self.right)
        for name, broken in changed.items():
            if broken.sent is None:
                values.pop(name, None)
            else:
                values[name] = broken.sent
        if self.has_files:
            parts = {name: [_part(one) for one in sent] for name, sent in values.items()}
            return self.client.post(self.url, parts)
        body = "&".join(f"{quoted(name)}={quoted(text)}" for name, sent in values.items() for text in sent)
        return self.client.post(self.url, body, content_type="application/x-www-form-urlencoded")


def quoted(text: str) -> str:
    """A text as a form sends it; half a surrogate as the three bytes that some programs make of it."""
    return quote_plus(text.encode("utf-8", "surrogatepass"))


def _part(value: Any) -> Any:
    if hasattr(value, "seek"):
        value.seek(0)  # it may have been sent before
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value


def browsers_of(city: JudgedCity) -> dict[Role, Client]:
    """A signed-in browser for each role."""
    browsers = {role: Client() for role in Role}
    for role, browser in browsers.items():
        browser.force_login(getattr(city.cast, role.value))
    return browsers


def reader_of(address: Address) -> Role:
    """Who opens it; what no role opens is the employee's own."""
    return next((role for role in Role if role in address.roles), Role.EMPLOYEE)


def opened(city: JudgedCity, address: Address, browsers: dict[Role, Client]) -> Sending:
    """The form at an address, filled in."""
    url = address.own(city)
    own = address.name == "objection_raise"  # only an employee objects, and only to her own file
    client = browsers[Role.EMPLOYEE if own else reader_of(address)]
    if address.herself is not None:
        client = Client()
        client.force_login(address.herself(city))
    found = client.get(url)
    assert found.status_code == 200, f"{address.name}: {url} answers {found.status_code}"
    form = found.context["form"]
    right = {name: _right(form, name, field) for name, field in form.fields.items()}
    right |= {name: (text,) for name, text in RIGHT.get(address.name, {}).items() if name in form.fields}
    right |= {name: ("40",) for name in right if name.startswith("share_")}
    if right.pop("outputs", None):
        right |= {part: (f"Baru {part}",) for part in ("output", "target", "skp")}  # a row of three boxes
    return Sending(address.name, url, client, form, {name: sent for name, sent in right.items() if sent != ("",)})


def _right(form: forms.Form, name: str, field: forms.Field) -> tuple[Any, ...]:
    """What the field holds already, else something that fits its kind."""
    there = form[name].value()
    if isinstance(there, list | tuple) or hasattr(there, "values_list"):
        there = [getattr(one, "pk", one) for one in there]
        if there:
            return tuple(str(one) for one in there)
    elif there not in (None, ""):
        return (_written(there, field),)
    if isinstance(field, forms.ChoiceField):
        return (_first_choice(field.choices) if field.required else "",)
    if isinstance(field, forms.DateField):
        return (DAY if field.required else "",)
    if isinstance(field, forms.IntegerField):
        return (str(max(field.min_value or 0, 1)) if field.required else "",)
    if isinstance(field, forms.FileField):
        return (SimpleUploadedFile("naskah.pdf", PDF, "application/pdf"),)
    hidden = isinstance(field.widget, forms.HiddenInput)
    return (
        ""
        if hidden or isinstance(field, forms.BooleanField)
        else f"Baru {name}"[: getattr(field, "max_length", None) or 99],
    )


def _written(value: Any, field: forms.Field) -> str:
    if hasattr(value, "pk"):
        value = field.prepare_value(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _first_choice(choices: Any) -> str:
    for code, label in choices:
        if isinstance(label, list | tuple):
            return _first_choice(label)
        if str(code):
            return str(code)
    return ""
