"""Merkle trees as RFC 6962 defines them, section 2.1: the root of many leaves, made while they stream by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final

_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"


class MerkleTree:
    """Takes leaves one after the other and keeps only the roots of the complete subtrees on the left.

    An odd node at the end of a level is promoted unchanged, which is the same as RFC 6962's split at the
    largest power of two below the number of leaves.
    """

    def __init__(self) -> None:
        self.count = 0
        self._complete: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Append a leaf."""
        node = sha256(_LEAF + leaf).digest()
        # Each low bit that is set closes a pair of subtrees of one size.
        size = self.count
        while size & 1:
            node = sha256(_NODE + self._complete.pop() + node).digest()
            size >>= 1
        self._complete.append(node)
        self.count += 1

    def root(self) -> str:
        """The root in hexadecimal; of no leaves, SHA-256 of nothing."""
        if not self._complete:
            return sha256().hexdigest()
        *left, node = self._complete
        for subtree in reversed(left):
            node = sha256(_NODE + subtree + node).digest()
        return node.hex()


def merkle_root(leaves: Iterable[bytes]) -> str:
    """The root of all the leaves."""
    tree = MerkleTree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def inclusion_path(leaves: list[bytes], position: int) -> list[str]:
    """The nodes beside the way from a leaf to the root, nearest first: with them one leaf is proved alone."""
    return [node.hex() for node in _path(leaves, position)]


def _path(leaves: list[bytes], position: int) -> Iterator[bytes]:
    if len(leaves) <= 1:
        return
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = leaves[:split], leaves[split:]
    if position < split:
        yield from _path(left, position)
        yield bytes.fromhex(merkle_root(right))
    else:
        yield from _path(right, position - split)
        yield bytes.fromhex(merkle_root(left))
