"""Which rows of the trail the database keeps as they were written."""

from __future__ import annotations

from typing import Final

from agencies.protection import Frozen, Protection
from oversight.models import TrailEntry, TrailHead

_FOLLOWS_THE_HEAD: Final = """EXISTS (
    SELECT 1 FROM oversight_trailhead head
    WHERE head.institution_id = NEW.institution_id
      AND head.number + 1 = NEW.number AND head.digest = NEW.previous_digest)"""

_COUNTS_THE_NEXT_ENTRY: Final = """NEW.institution_id = OLD.institution_id
    AND NEW.number = OLD.number + 1 AND EXISTS (
    SELECT 1 FROM oversight_trailentry entry
    WHERE entry.institution_id = NEW.institution_id
      AND entry.number = NEW.number AND entry.digest = NEW.digest)"""

PROTECTIONS: Final[tuple[Protection, ...]] = (
    Frozen(TrailEntry, inserts=_FOLLOWS_THE_HEAD),
    # The head moves by one entry at a time, to the entry that was just written.
    Frozen(TrailHead, inserts="NEW.number = 0", updates=_COUNTS_THE_NEXT_ENTRY),
)
