"""Checkpoints: the heads of all chains at one moment, signed with Ed25519, and whether the chains still hold them.

Somebody outside keeps a checkpoint; from then on a rebuild of a chain up to its head cannot go unseen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from agencies.digests import canonical_json
from agencies.errors import ActRefused
from agencies.signing import is_signed, public_key_of, signature_of
from oversight.entries import RESTORED
from oversight.models import Checkpoint, TrailEntry, TrailHead

FORMAT: Final = "wfa-portal checkpoint 1"

_HEADS_AT_ONCE: Final = 100


class CheckpointRefused(ActRefused):
    """A checkpoint that cannot be made or read, or whose signature is not of its content."""


@dataclass(frozen=True)
class SignedHead:
    """Where the chain of an institution stood: how many entries, the digest of the last, the epoch."""

    institution: str
    epoch: int
    number: int
    digest: str


@dataclass(frozen=True)
class SignedHeads:
    """A checkpoint that was read and whose signature is of its content: `public_key` is of who signed it."""

    at: datetime
    heads: tuple[SignedHead, ...]
    public_key: str
    signature: str
    text: str

    def head_of(self, institution_code: str) -> SignedHead | None:
        """The head of one institution's chain, if it had entries then."""
        return next((head for head in self.heads if head.institution == institution_code), None)

    @property
    def document(self) -> str:
        """The checkpoint as it is sent outside: the signed text, byte for byte, and its signature, in base64."""
        return json.dumps({"checkpoint": self.text, "signature": self.signature}, indent=1) + "\n"


def own_public_key() -> str:
    """The public key of this server's CHECKPOINT_KEY; empty without one."""
    return public_key_of(settings.CHECKPOINT_KEY)


def make_checkpoint(at: datetime) -> SignedHeads:
    """Sign the heads of all chains as they stand, store the checkpoint and return it.

    Raises CheckpointRefused without CHECKPOINT_KEY.
    """
    if not settings.CHECKPOINT_KEY:
        raise CheckpointRefused(
            _("There is no key to sign with: set CHECKPOINT_KEY, for example to what checkpoint --new-key prints.")
        )
    heads = TrailHead.objects.filter(number__gt=0).order_by("institution__code")
    rows = heads.values_list("institution__code", "epoch", "number", "digest")
    text = canonical_json(
        {
            "format": FORMAT,
            "at": at.astimezone(UTC).isoformat(),
            "public_key": own_public_key(),
            "heads": [dict(zip(("institution", "epoch", "number", "digest"), row, strict=True)) for row in rows],
        }
    )
    signature = signature_of(settings.CHECKPOINT_KEY, text)
    Checkpoint.objects.create(at=at, text=text, public_key=own_public_key(), signature=signature)
    return read_text(text, signature)


def last_checkpoint() -> SignedHeads | None:
    """The latest stored checkpoint whose signature holds, for letters and reports; None before the first."""
    for row in Checkpoint.objects.order_by("-at", "-pk").iterator(chunk_size=10):
        try:
            return read_text(row.text, row.signature)
        except CheckpointRefused:
            continue  # verify_trail names it; here the one before it still says something
    return None


def read_document(document: str) -> SignedHeads:
    """Read a checkpoint as it was sent outside. Raises CheckpointRefused where it cannot be read or is forged."""
    try:
        parts: Mapping[str, Any] = json.loads(document)
        text, signature = parts["checkpoint"], parts["signature"]
    except (ValueError, KeyError, TypeError) as problem:
        raise CheckpointRefused(_("This file is not a checkpoint of the portal; choose another.")) from problem
    return read_text(text, signature)


def read_text(text: str, signature: str) -> SignedHeads:
    """A checkpoint whose signature is of its text and of the key that it names. Raises CheckpointRefused."""
    try:
        said = json.loads(text)
        if said["format"] != FORMAT:
            raise CheckpointRefused(_("This checkpoint has a form that this portal does not know."))
        if not is_signed(text, public_key=said["public_key"], signature=signature):
            raise CheckpointRefused(
                _("The signature does not belong to this checkpoint: it was changed after it was signed.")
            )
        heads = tuple(SignedHead(**head) for head in said["heads"])
        at = datetime.fromisoformat(said["at"])
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise CheckpointRefused(_("This checkpoint cannot be read: a part of it is missing or altered.")) from problem
    return SignedHeads(at, heads, said["public_key"], signature, text)


def missing_heads(signed: SignedHeads, institution_code: str = "") -> Iterator[str]:
    """A sentence for each signed head that is no longer in its chain; of one institution, or of all."""
    wanted = [head for head in signed.heads if institution_code in ("", head.institution)]
    found: dict[tuple[str, int], tuple[int, str]] = {}
    for start in range(0, len(wanted), _HEADS_AT_ONCE):
        some = wanted[start : start + _HEADS_AT_ONCE]
        same = reduce(or_, (Q(institution__code=head.institution, number=head.number) for head in some))
        entries = TrailEntry.objects.filter(same).values_list("institution__code", "number", "epoch", "digest")
        found |= {(code, number): (epoch, digest) for code, number, epoch, digest in entries}
    for head in wanted:
        if found.get((head.institution, head.number)) != (head.epoch, head.digest):
            yield _missing_head(head)


def stored_checkpoint_faults(institution_code: str = "") -> Iterator[str]:
    """A sentence for each stored checkpoint that is forged or names a head that its chain does not hold."""
    for row in Checkpoint.objects.order_by("pk").iterator(chunk_size=500):
        try:
            signed = read_text(row.text, row.signature)
        except CheckpointRefused as refusal:
            yield f"oversight.checkpoint {row.pk}: {refusal}"
            continue
        if (signed.at, signed.public_key) != (row.at, row.public_key):
            yield _("oversight.checkpoint %(key)s: its columns do not say what was signed.") % {"key": row.pk}
        for sentence in missing_heads(signed, institution_code):
            yield f"oversight.checkpoint {row.pk}: {sentence}"


def _missing_head(head: SignedHead) -> str:
    """What became of a head that is no longer in its chain."""
    names = {"code": head.institution, "number": head.number, "epoch": head.epoch}
    later = TrailEntry.objects.filter(
        institution__code=head.institution, action=RESTORED, epoch__gt=head.epoch, number__lte=head.number
    )
    restore = later.order_by("number").first()
    if restore is None:
        return _("%(code)s: the chain does not hold entry %(number)d of epoch %(epoch)d as it was signed.") % names
    return _(
        "%(code)s: entry %(number)d of epoch %(epoch)d was lost with a restored backup; the chain goes on after "
        "entry %(last)d (see entry %(restore)d)."
    ) % (names | {"last": restore.number - 1, "restore": restore.number})
