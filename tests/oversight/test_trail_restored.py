"""After a backup is put back the chain goes on in a new epoch, and only an act of restore may begin one."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import translation

from oversight.chain import Verification, verify
from oversight.entries import CURRENT, RECIPES, entry_digest
from oversight.models import TrailEntry, TrailHead
from tests.base import Cast
from tests.oversight.chains import act, chain, unprotected

pytestmark = pytest.mark.django_db

REASON = "Disk rusak; cadangan 1 Juli dipasang."


def restored(code: str = "kota-contoh", reason: str = REASON) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command("trail_restored", code, reason=reason, stdout=out)
    return out.getvalue()


def test_the_chain_goes_on_in_a_new_epoch_that_says_where_it_continues(cast: Cast) -> None:
    last = chain(cast.institution, cast.hr_officer, 3)[-1]
    assert restored().startswith("kota-contoh: the trail goes on with entry 4 (")
    act(cast.institution)
    epochs = list(TrailEntry.objects.filter(institution=cast.institution).values_list("epoch", flat=True))
    assert epochs == [1, 1, 1, 2, 2]
    said = json.loads(TrailEntry.objects.get(action="trail_restored").body)
    assert said == {"continues_from": {"number": 3, "digest": last.digest, "epoch": 1}, "reason": REASON}
    assert TrailHead.objects.get(pk=cast.institution.pk).epoch == 2
    assert verify(cast.institution) == Verification(5)
    restored()
    assert TrailHead.objects.get(pk=cast.institution.pk).epoch == 3
    assert verify(cast.institution) == Verification(6)


def test_a_restore_needs_a_reason_and_a_trail(cast: Cast) -> None:
    with pytest.raises(CommandError, match="has no entry yet"):
        restored()
    act(cast.institution)
    with pytest.raises(CommandError, match="Say why"):
        restored(reason=" ")
    with pytest.raises(CommandError, match="“kota-mana”"):
        restored("kota-mana")
    assert verify(cast.institution) == Verification(1)


def test_an_epoch_without_an_act_of_restore_is_refused_and_found(cast: Cast) -> None:
    chain(cast.institution, None, 3)
    with unprotected():
        forge(TrailEntry.objects.get(institution=cast.institution, number=3), epoch=2)
        assert found(cast) == (3, "it begins an epoch without the act of a restore.")
    entry = TrailEntry(institution=cast.institution, number=4, epoch=3, action="other", recipe=CURRENT, body="{}")
    entry.previous_digest = TrailHead.objects.get(pk=cast.institution.pk).digest
    entry.at = TrailEntry.objects.get(institution=cast.institution, number=1).at
    with pytest.raises(IntegrityError, match="INSERT refused"), transaction.atomic():
        entry.save(force_insert=True)


@pytest.mark.parametrize("part", ["number", "digest", "epoch"])
def test_a_restore_that_continues_from_another_entry_is_found(cast: Cast, part: str) -> None:
    chain(cast.institution, None, 3)
    restored()
    entry = TrailEntry.objects.get(action="trail_restored")
    said = json.loads(entry.body)
    said["continues_from"][part] = 7
    with unprotected():
        forge(entry, body=json.dumps(said))
        assert found(cast) == (4, "it begins an epoch without the act of a restore.")


def test_an_epoch_that_skips_one_is_found(cast: Cast) -> None:
    chain(cast.institution, None, 3)
    restored()
    with unprotected():
        forge(TrailEntry.objects.get(action="trail_restored"), epoch=3)
        assert found(cast) == (4, "it begins an epoch without the act of a restore.")


def test_a_head_of_another_epoch_is_found(cast: Cast) -> None:
    chain(cast.institution, None, 3)
    with unprotected():
        TrailHead.objects.filter(pk=cast.institution.pk).update(epoch=2)
        assert found(cast) == (3, "the head does not name its epoch.")


def test_entries_of_the_first_recipe_still_verify_and_hold_nothing_it_does_not_know(cast: Cast) -> None:
    """They were written before there were epochs and side rows."""
    chain(cast.institution, cast.hr_officer, 3)
    with unprotected():
        first_recipe(cast)
        assert verify(cast.institution) == Verification(3)
        third = TrailEntry.objects.filter(institution=cast.institution, number=3)
        for column, value in (("side_digest", "0"), ("epoch", 2)):
            third.update(**{column: value})
            assert found(cast) == (3, "it holds something in a column that its recipe does not know.")
            third.update(side_digest="", epoch=1)
        assert verify(cast.institution) == Verification(3)
    act(cast.institution)
    assert verify(cast.institution) == Verification(4)


def first_recipe(cast: Cast) -> None:
    previous = "0" * 64
    for entry in TrailEntry.objects.filter(institution=cast.institution):
        entry.recipe, entry.previous_digest = 1, previous
        entry.digest = previous = entry_digest(1, [getattr(entry, column) for column in RECIPES[1]])
        entry.save()
    TrailHead.objects.filter(pk=cast.institution.pk).update(digest=previous)


def forge(entry: TrailEntry, **columns: object) -> None:
    """Change an entry and give it, and the head, the digest that belongs to its new content."""
    for column, value in columns.items():
        setattr(entry, column, value)
    entry.digest = entry_digest(CURRENT, [getattr(entry, column) for column in RECIPES[CURRENT]])
    entry.save()
    TrailHead.objects.filter(pk=entry.institution_id).update(digest=entry.digest, epoch=entry.epoch)


def found(cast: Cast) -> tuple[int, str]:
    with translation.override("en"):
        broken = verify(cast.institution).broken
    assert broken
    return broken.number, broken.reason
