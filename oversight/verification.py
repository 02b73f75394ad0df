"""Verifies all that the trail answers for: chains, side rows, leaves, covered rows and stored checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agencies.models import Institution
from oversight.chain import Verification, verify
from oversight.checkpoints import stored_checkpoint_faults
from oversight.covered_rows import Row, row_faults
from oversight.faults import RowFault
from oversight.leaf_rows import leaf_faults, orphaned_leaves
from oversight.side_rows import orphaned_sides, side_faults
from oversight.trail import institutions_with_trail


@dataclass(frozen=True)
class Report:
    """What verifying found: each chain, rows that are not as the trail says, checkpoints that do not hold."""

    chains: tuple[tuple[Institution, Verification], ...]
    rows: tuple[RowFault, ...]
    checkpoints: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is amiss."""
        return not self.rows and not self.checkpoints and not any(chain.broken for _one, chain in self.chains)


def verify_all(institution: Institution | None = None) -> Report:
    """Verify one institution, or all and what belongs to none."""
    institutions = [institution] if institution else institutions_with_trail()
    chains = tuple((one, verify(one)) for one in institutions)
    return Report(
        chains,
        tuple(_row_faults(institutions, institution)),
        tuple(stored_checkpoint_faults(institution.code if institution else "")),
    )


def _row_faults(institutions: Sequence[Institution], only: Institution | None) -> list[RowFault]:
    faults: list[RowFault] = []
    innocent: set[Row] = set()
    for one in institutions:
        faults += side_faults(one)
        leaves = leaf_faults(one)
        faults += leaves.faults
        innocent |= leaves.innocent
    if only is None:
        faults += [*orphaned_sides(), *orphaned_leaves()]
    return [*faults, *row_faults(only, innocent)]
