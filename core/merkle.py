"""Merkle tree hashes and proofs. Invariant: leaf and node hashes can never be mistaken.

Source: RFC 9162 §2.1 (the hashing of RFC 6962). Pure: hashes in, hashes out.
"""

import hashlib
from collections.abc import Callable, Iterator

# Returns the hash of the complete subtree (level, index): 2^level leaves from index·2^level.
Node = Callable[[int, int], bytes]
EMPTY = hashlib.sha256(b"").digest()


class ProofError(ValueError):
    """The proof does not show what it claims."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf that holds `entry`."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def new_nodes(index: int, leaf: bytes, node: Node) -> Iterator[tuple[int, int, bytes]]:
    """Yield (level, index, hash) of each subtree that leaf number `index` completes."""
    level, value = 0, leaf
    while index & 1:
        value = node_hash(node(level, index - 1), value)
        level, index = level + 1, index >> 1
        yield level, index, value


def _subtrees(start: int, end: int) -> list[tuple[int, int]]:
    """Return the complete subtrees that cover leaves [start, end), `start` being aligned."""
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        while start & ((1 << level) - 1):
            level -= 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def _range_hash(start: int, end: int, node: Node) -> bytes:
    hashes = [node(level, index) for level, index in _subtrees(start, end)]
    value = hashes.pop()
    while hashes:
        value = node_hash(hashes.pop(), value)
    return value


def root(size: int, node: Node) -> bytes:
    """Return the root of the tree of the first `size` leaves."""
    return _range_hash(0, size, node) if size else EMPTY


def _split(size: int) -> int:
    """Return the largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """Return the audit path of leaf `index` in the tree of `size` leaves (RFC 9162 §2.1.3.1)."""
    if not 0 <= index < size:
        raise ProofError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_hash(middle, end, node))
            end = middle
        else:
            path.append(_range_hash(start, middle, node))
            start = middle
    return path[::-1]


def consistency_proof(first: int, second: int, node: Node) -> list[bytes]:
    """Return the proof that the tree of `first` leaves begins that of `second` (§2.1.4.1)."""
    if not 0 < first <= second:
        raise ProofError(f"sizes {first} and {second} are not in order")
    if first == second:
        return []
    path: list[bytes] = []
    start, end, whole = 0, second, True
    while first - start != end - start:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(_range_hash(middle, end, node))
            end = middle
        else:
            path.append(_range_hash(start, middle, node))
            start, whole = middle, False
    if not whole:
        path.append(_range_hash(start, end, node))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> None:
    """Check an inclusion proof (RFC 9162 §2.1.3.2).

    Raises:
        ProofError: it does not lead from `leaf` to `root`.

    """
    if not 0 <= index < size:
        raise ProofError(f"leaf {index} is not in a tree of {size}")
    number, last, value = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise ProofError("the path is too long")
        if number & 1 or number == last:
            value = node_hash(step, value)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            value = node_hash(value, step)
        number, last = number >> 1, last >> 1
    if last:
        raise ProofError("the path is too short")
    if value != root:
        raise ProofError("the path leads to another root")


def verify_consistency(  # noqa: C901
    first: int, second: int, path: list[bytes], first_root: bytes, second_root: bytes
) -> None:
    """Check a consistency proof (RFC 9162 §2.1.4.2).

    Raises:
        ProofError: it does not show that one tree begins the other.

    """
    if not 0 <= first <= second:
        raise ProofError(f"sizes {first} and {second} are not in order")
    if first in (0, second):
        if path:
            raise ProofError("the path must be empty")
        if first == second and first_root != second_root:
            raise ProofError("one size has two roots")
        return
    if not path:
        raise ProofError("the path is empty")
    steps = list(path) if first & (first - 1) else [first_root, *path]
    number, last = first - 1, second - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ProofError("the path is too long")
        if number & 1 or number == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(new, step)
        number, last = number >> 1, last >> 1
    if last:
        raise ProofError("the path is too short")
    if old != first_root or new != second_root:
        raise ProofError("the path leads to other roots")
