"""Signatures with Ed25519: keys, what a private key signs, whether a signature is of a text (pure)."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_KEY_BYTES: Final = 32


def new_key() -> tuple[str, str]:
    """A fresh private key and its public key, both in base64."""
    private = Ed25519PrivateKey.generate().private_bytes_raw()
    return _base64(private), public_key_of(private)


def public_key_of(private: bytes) -> str:
    """The public key, in base64, of a private key of 32 bytes; empty without one."""
    return _base64(Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()) if private else ""


def signature_of(private: bytes, text: str) -> str:
    """What the private key signs the text with, in base64; the same each time."""
    return _base64(Ed25519PrivateKey.from_private_bytes(private).sign(text.encode("utf-8")))


def is_signed(text: str, *, public_key: str, signature: str) -> bool:
    """Whether the signature is of this text and of this key. Raises ValueError for what is no key or no base64."""
    key = Ed25519PublicKey.from_public_bytes(_bytes(public_key))
    try:
        key.verify(base64.b64decode(signature, validate=True), text.encode("utf-8"))
    except InvalidSignature:
        return False
    return True


def is_public_key(text: str) -> bool:
    """Whether the text is 32 bytes in base64, written as `public_key_of` writes them."""
    try:
        return len(_bytes(text)) == _KEY_BYTES and _base64(_bytes(text)) == text
    except ValueError:
        return False


def key_fingerprint(public_key: str) -> str:
    """A short name of a public key that people can read to one another: half its SHA-256, in groups of four."""
    digest = hashlib.sha256(_bytes(public_key)).hexdigest()[:32]
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
