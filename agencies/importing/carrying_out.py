"""Carrying out what a file comes to, whether it was uploaded or brought in by a command: written, kept and listed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from agencies import events
from agencies.fact_records import FactAct
from agencies.importing.differences import Count
from agencies.importing.journal import keep
from agencies.importing.kinds import KINDS
from agencies.importing.missing import keep_missing
from agencies.importing.moves import keep_moves
from agencies.models import DataImport, User


@dataclass(frozen=True)
class Brought:
    """What a file comes to: the plan, the rows that were read and how many things of each part that are.

    `missing` are the keys of whom a full register does not name.
    """

    plan: Any
    rows: int
    counts: Mapping[str, Count]
    missing: Collection[int] = ()


def carry_out_at_once(
    *, actor: User | None, kind: str, content: bytes, brought: Brought, act: FactAct
) -> events.Receipt:
    """Carry out what a command planned while it holds the institution; it is listed like a file that was uploaded.

    The source of the act is the name of the file.
    """
    row = DataImport(institution=act.institution, kind=kind, file_name=file_name(act.source), size=len(content))
    row.sha256, row.rows = hashlib.sha256(content).hexdigest(), brought.rows
    row.uploaded_by, row.uploaded_at = actor, act.at
    row.valid_from = act.valid_from if KINDS[kind].dated else None
    row.save()
    return carry_out(actor, row, brought, act)


def carry_out(actor: User | None, row: DataImport, brought: Brought, act: FactAct) -> events.Receipt:
    """Write what was planned, keep what was written so that it can be undone, who moved by it and who is missing."""
    keep(row, KINDS[row.kind].write(brought.plan, act))
    keep_moves(row, act.at, act.valid_from)
    keep_missing(row, brought.missing)
    row.state, row.applied_by, row.applied_at, row.act = DataImport.State.APPLIED, actor, act.at, act.number
    row.counts = {name: [one.created, one.changed, one.unchanged] for name, one in brought.counts.items()}
    row.save()
    return _applied(actor, row, brought, act)


def _applied(actor: User | None, row: DataImport, brought: Brought, act: FactAct) -> events.Receipt:
    """The trail entry: counts and the digest of the file, nobody's name."""
    return events.record(
        actor=actor,
        action=KINDS[row.kind].action,
        subject=row,
        at=act.at,
        act=act.number,
        valid_from=row.valid_from,
        file_digest=row.sha256,
        rows=brought.rows,
        created={name: count.created for name, count in brought.counts.items()},
        changed={name: count.changed for name, count in brought.counts.items()},
        **_of_register(row, brought),
    )


def _of_register(row: DataImport, brought: Brought) -> dict[str, Any]:
    """Of a full register also what it is the register of, its day, and how many it does not name."""
    if row.register == DataImport.Register.PART:
        return {}
    agency = row.register_agency.code if row.register_agency else None
    return {"register": row.register, "agency": agency, "on": row.register_on, "missing": len(brought.missing)}


def file_name(name: str) -> str:
    """The last part of a path, without signs that nobody can see."""
    last = PurePath(name.replace("\\", "/")).name
    return "".join(sign for sign in last if sign.isprintable()).strip()[:200] or "-"
