"""One command prepares the whole demonstration, in the order in which one step needs another."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from agencies.clock import DEMONSTRATION_DAYS
from oversight.management.commands import demo_lengkap

ROOT = Path(__file__).parents[2]


@override_settings(LANGUAGE_CODE="en")
def test_the_demonstration_is_prepared_by_one_command_and_nowhere_else_than_in_demonstration_mode(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(demo_lengkap, "call_command", lambda name, *args, **options: ran.append((name, options)))
    with pytest.raises(CommandError, match="demonstration mode only"):
        call_command("demo_lengkap")
    assert not ran

    with override_settings(DEMO=True):
        call_command("demo_lengkap", stdout=StringIO())
    names = [name for name, _options in ran]
    assert names[:6] == ["migrate", "load_rules", "demo", "demo_penetapan", "demo_fleksibilitas", "demo_pemetaan"]
    days = [options["on"] for name, options in ran if name == "screen"]
    assert days == [day.isoformat() for day in DEMONSTRATION_DAYS.values()], "each city on its own day"
    assert ran[-1] == ("demo", {"sign_ins": True, "stdout": ran[-1][1]["stdout"]})
    assert "$(MANAGE) demo_lengkap" in (ROOT / "Makefile").read_text(encoding="utf-8")
