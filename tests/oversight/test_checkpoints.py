"""Checkpoints: all heads, signed; whoever keeps one outside can hold it against the chains."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import translation
from pytest_django import Settings

from agencies.signing import new_key, public_key_of
from oversight.actions.trail import restore_trail
from oversight.checkpoints import (
    CheckpointRefused,
    last_checkpoint,
    make_checkpoint,
    missing_heads,
    read_document,
)
from oversight.entries import CURRENT, RECIPES, entry_digest
from oversight.models import Checkpoint, TrailEntry, TrailHead
from oversight.verification import verify_all
from tests.base import Cast
from tests.oversight.chains import NOON, act, chain, unprotected

pytestmark = pytest.mark.django_db

KEY = bytes(range(32))
PUBLIC = public_key_of(KEY)


@pytest.fixture(autouse=True)
def _key(settings: Settings) -> Iterator[None]:
    settings.CHECKPOINT_KEY = KEY
    with translation.override("en"):
        yield


@pytest.fixture
def kept(cast: Cast, tmp_path: Path) -> Path:
    """A checkpoint of two chains, kept outside."""
    chain(cast.institution, cast.hr_officer, 3)
    chain(cast.outsider.grants.get().institution, cast.outsider, 2)
    path = tmp_path / "checkpoint.json"
    assert said("--out", str(path)) == f"2 heads signed.\nPublic key: {PUBLIC}\n"
    return path


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("checkpoint", *arguments, stdout=out)
    return out.getvalue()


def test_a_checkpoint_signs_every_head_and_is_found_good(cast: Cast, kept: Path) -> None:
    signed = read_document(kept.read_text())
    assert [(head.institution, head.epoch, head.number) for head in signed.heads] == [
        ("kota-contoh", 1, 3),
        ("kota-lain", 1, 2),
    ]
    ours = signed.head_of("kota-contoh")
    assert ours is not None
    assert ours.digest == TrailHead.objects.get(pk=cast.institution.pk).digest
    assert signed.head_of("kota-mana") is None
    assert last_checkpoint() == signed
    assert "the chains still hold all 2 heads" in said("--verify", str(kept))
    assert verify_all().is_whole


def test_an_older_checkpoint_stays_good_while_the_chain_grows(cast: Cast, kept: Path) -> None:
    act(cast.institution)
    make_checkpoint(NOON + timedelta(days=900))
    latest = last_checkpoint()
    assert latest is not None
    assert [head.number for head in latest.heads] == [4, 2]
    assert "hold all 2 heads" in said("--verify", str(kept), "--public-key", PUBLIC)
    assert verify_all().is_whole


def test_a_checkpoint_without_a_file_is_printed_and_can_be_read(kept: Path) -> None:
    assert read_document(said()).heads == read_document(kept.read_text()).heads


@pytest.mark.parametrize("part", ["number", "digest", "institution", "epoch"])
def test_a_checkpoint_changed_after_it_was_signed_is_refused(kept: Path, part: str) -> None:
    document = json.loads(kept.read_text())
    text = json.loads(document["checkpoint"])
    text["heads"][0][part] = 7
    document["checkpoint"] = json.dumps(text, sort_keys=True, separators=(",", ":"))
    kept.write_text(json.dumps(document))
    with pytest.raises(CommandError, match="changed after it was signed"):
        said("--verify", str(kept))


def test_a_checkpoint_signed_by_another_key_is_refused(kept: Path, settings: Settings) -> None:
    private, other = new_key()
    settings.CHECKPOINT_KEY = base64.b64decode(private)
    with pytest.raises(CommandError, match="Another key signed this checkpoint"):
        said("--verify", str(kept))
    with pytest.raises(CommandError, match="Another key signed this checkpoint"):
        said("--verify", str(kept), "--public-key", other)
    assert "hold all 2 heads" in said("--verify", str(kept), "--public-key", PUBLIC)


def test_without_a_known_key_the_file_names_its_own_and_the_answer_says_so(kept: Path, settings: Settings) -> None:
    settings.CHECKPOINT_KEY = b""
    assert f"compare it with a key you know: {PUBLIC}" in said("--verify", str(kept))
    with pytest.raises(CommandError, match="set CHECKPOINT_KEY"):
        said()


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"checkpoint": "{}", "signature": ""}', "\xff", '{"checkpoint":1}']
)
def test_a_file_that_is_no_checkpoint_is_answered(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, encoding="latin-1")
    with pytest.raises(CommandError, match="checkpoint"):
        said("--verify", str(path))
    with pytest.raises(CommandError, match="cannot be read"):
        said("--verify", str(tmp_path / "absent.json"))


def test_a_file_that_cannot_be_written_is_answered(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        said("--out", str(tmp_path / "absent" / "x.json"))


def test_a_chain_rebuilt_from_its_second_entry_is_whole_but_no_longer_what_was_signed(cast: Cast, kept: Path) -> None:
    with unprotected():
        rebuild(cast)
    assert verify_all().chains[0][1].broken is None
    sentence = "kota-contoh: the chain does not hold entry 3 of epoch 1 as it was signed."
    with pytest.raises(CommandError, match=sentence):
        said("--verify", str(kept))
    assert [text.partition(": ")[2] for text in verify_all().checkpoints] == [sentence]
    assert list(verify_all(cast.outsider.grants.get().institution).checkpoints) == []


def test_entries_lost_with_a_restored_backup_are_said_to_be_lost(cast: Cast, kept: Path) -> None:
    signed = read_document(kept.read_text())
    with unprotected():
        TrailEntry.objects.filter(institution=cast.institution, number=3)._raw_delete("default")
        second = TrailEntry.objects.get(institution=cast.institution, number=2)
        TrailHead.objects.filter(pk=cast.institution.pk).update(number=2, digest=second.digest)
        Checkpoint.objects.all()._raw_delete("default")
    restore_trail(actor=None, institution=cast.institution, reason="Disk rusak.", at=NOON)
    assert verify_all().is_whole
    lost = "kota-contoh: entry 3 of epoch 1 was lost with a restored backup"
    assert list(missing_heads(signed)) == [f"{lost}; the chain goes on after entry 2 (see entry 3)."]


def test_a_stored_checkpoint_is_never_changed_and_a_forged_one_is_named(kept: Path) -> None:
    row = Checkpoint.objects.get()
    with pytest.raises(IntegrityError, match="oversight_checkpoint: UPDATE refused"), transaction.atomic():
        Checkpoint.objects.update(signature="")
    with unprotected():
        Checkpoint.objects.update(text=row.text.replace('"number":3', '"number":1'))
    (sentence,) = verify_all().checkpoints
    assert sentence.startswith(f"oversight.checkpoint {row.pk}: The signature does not belong to this checkpoint")
    assert last_checkpoint() is None
    with unprotected():
        Checkpoint.objects.update(text=row.text, at=NOON)
    assert verify_all().checkpoints == (f"oversight.checkpoint {row.pk}: its columns do not say what was signed.",)


def test_a_fresh_key_signs_what_its_public_key_verifies(cast: Cast, settings: Settings) -> None:
    first, second = said("--new-key").splitlines()
    private, public = first.removeprefix("CHECKPOINT_KEY="), second.removeprefix("Public key: ")
    settings.CHECKPOINT_KEY = base64.b64decode(private)
    assert make_checkpoint(NOON).public_key == public
    assert said("--new-key").splitlines()[0] != first


def test_a_refusal_is_one_of_the_portal() -> None:
    with pytest.raises(CheckpointRefused, match="form that this portal does not know"):
        read_document(json.dumps({"checkpoint": '{"format":"x"}', "signature": ""}))


def rebuild(cast: Cast) -> None:
    """Change the second entry and chain the rest to it with right digests, up to the head."""
    previous = TrailEntry.objects.get(institution=cast.institution, number=1).digest
    for entry in TrailEntry.objects.filter(institution=cast.institution, number__gt=1):
        entry.action, entry.previous_digest = "other", previous
        entry.digest = previous = entry_digest(CURRENT, [getattr(entry, column) for column in RECIPES[CURRENT]])
        entry.save()
    TrailHead.objects.filter(pk=cast.institution.pk).update(digest=previous)
