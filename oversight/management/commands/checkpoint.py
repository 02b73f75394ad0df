"""`manage.py checkpoint`: signs the heads of all chains, prints keys, and holds a checkpoint against the chains."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.signing import new_key
from oversight.checkpoints import (
    CheckpointRefused,
    SignedHeads,
    make_checkpoint,
    missing_heads,
    own_public_key,
    read_document,
)


class Command(BaseCommand):
    """Writes a signed checkpoint to a file or the terminal, or checks one."""

    help = "Signs the heads of all chains of the trail, or checks a checkpoint that was kept outside."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", metavar="FILE", help="write the checkpoint to this file")
        parser.add_argument("--verify", metavar="FILE", help="check this checkpoint against the chains")
        parser.add_argument("--public-key", default="", help="the key that must have signed it, in base64")
        parser.add_argument("--new-key", action="store_true", help="print a fresh key and its public key")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["new_key"]:
                self._print_key()
            elif options["verify"]:
                self._verify(_content(options["verify"]), options["public_key"])
            else:
                self._make(options["out"])
        except CheckpointRefused as refusal:
            raise CommandError(str(refusal)) from refusal

    def _print_key(self) -> None:
        private, public = new_key()
        self.stdout.write(f"CHECKPOINT_KEY={private}")
        self.stdout.write(_("Public key: %(key)s") % {"key": public})

    def _make(self, out: str | None) -> None:
        signed = make_checkpoint(timezone.now())
        if not out:
            self.stdout.write(signed.document, ending="")
            return
        try:
            Path(out).write_text(signed.document, encoding="ascii")
        except OSError as problem:
            raise CommandError(
                _("The checkpoint is stored, but %(file)s cannot be written: %(reason)s.")
                % {"file": out, "reason": problem.strerror}
            ) from problem
        self.stdout.write(_("%(count)d heads signed.") % {"count": len(signed.heads)})
        self.stdout.write(_("Public key: %(key)s") % {"key": signed.public_key})

    def _verify(self, content: str, public_key: str) -> None:
        signed = read_document(content)
        expected = public_key or own_public_key()
        if expected and signed.public_key != expected:
            raise CheckpointRefused(
                _("Another key signed this checkpoint: %(key)s instead of %(expected)s.")
                % {"key": signed.public_key, "expected": expected}
            )
        missing = list(missing_heads(signed))
        if missing:
            raise CommandError("\n".join(missing))
        self.stdout.write(_good(signed))
        if not expected:
            self.stdout.write(
                _("The key is the one that the file names: compare it with a key you know: %(key)s")
                % {"key": signed.public_key}
            )


def _good(signed: SignedHeads) -> str:
    return _("Signed at %(at)s; the chains still hold all %(count)d heads.") % {
        "at": signed.at.isoformat(timespec="seconds"),
        "count": len(signed.heads),
    }


def _content(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as problem:
        raise CommandError(
            _("%(file)s cannot be read: %(reason)s.") % {"file": path, "reason": problem.strerror}
        ) from problem
    except UnicodeDecodeError as problem:
        raise CheckpointRefused(_("This file is not a checkpoint of the portal; choose another.")) from problem
