"""RFC 6962 Merkle trees over leaf hashes: root, inclusion proof and its check. Pure functions on bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256


def node(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node, RFC 6962 §2.1."""
    return sha256(b"\x01" + left + right).digest()


def roots_at(leaves: Iterable[bytes], sizes: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """(size, root over the first `size` leaf hashes) for each size asked for, in one pass over the leaves."""
    wanted, stack = set(sizes), list[tuple[int, bytes]]()
    if 0 in wanted:
        yield 0, sha256(b"").digest()
    for count, leaf in enumerate(leaves, 1):
        level, value = 0, leaf
        while stack and stack[-1][0] == level:
            value = node(stack.pop()[1], value)
            level += 1
        stack.append((level, value))
        if count in wanted:
            yield count, _folded(stack)


def _folded(stack: Sequence[tuple[int, bytes]]) -> bytes:
    """The root over complete subtrees, the largest first."""
    value = stack[-1][1]
    for _level, left in reversed(stack[:-1]):
        value = node(left, value)
    return value


def root(leaves: Sequence[bytes]) -> bytes:
    """Root over leaf hashes."""
    return next(roots_at(leaves, [len(leaves)]))[1]


def _split(size: int) -> int:
    """The largest power of two smaller than size."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Audit path of leaf `index` (0-based), from the leaf up, RFC 6962 §2.1.1."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return [*inclusion(leaves[:k], index), root(leaves[k:])]
    return [*inclusion(leaves[k:], index - k), root(leaves[:k])]


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected_root: bytes) -> bool:
    """Check an audit path, RFC 9162 §2.1.3.2."""
    if not 0 <= index < size:
        return False
    fn, sn, value = index, size - 1, leaf
    for sibling in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            value = node(sibling, value)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            value = node(value, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and value == expected_root
