"""The tree against vectors that nobody here wrote."""

import base64
import json
from pathlib import Path

import pytest

from core import merkle


def tree(leaves: list[bytes]) -> merkle.Node:
    def node(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        return merkle.node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    return node


def test_root_of_each_size_is_the_published_one(cases: Path) -> None:
    vectors = json.loads((cases / "merkle" / "tree-roots.json").read_text())
    leaves = [merkle.leaf_hash(bytes.fromhex(entry)) for entry in vectors["leaf_inputs_hex"]]

    roots = [merkle.root(size, tree(leaves)).hex() for size in range(len(leaves) + 1)]

    assert roots == vectors["root_by_size_hex"]


def _bytes(texts: list[str] | None) -> list[bytes]:
    return [base64.b64decode(text) for text in texts or []]


def _holds(vector: dict) -> bool:
    try:
        if vector["kind"] == "consistency":
            merkle.verify_consistency(
                vector["size1"],
                vector["size2"],
                _bytes(vector["proof"]),
                base64.b64decode(vector["root1"] or ""),
                base64.b64decode(vector["root2"] or ""),
            )
        else:
            merkle.verify_inclusion(
                base64.b64decode(vector["leafHash"]),
                vector["leafIdx"],
                vector["treeSize"],
                _bytes(vector["proof"]),
                base64.b64decode(vector["root"]),
            )
    except merkle.ProofError:
        return False
    return True


def test_every_published_proof_is_judged_as_published(cases: Path) -> None:
    vectors = json.loads((cases / "merkle" / "merkle-proofs-valid.json").read_text())
    # Proofs of subtrees (a start and an end) are of a later draft than RFC 9162.
    whole = [v for v in vectors if "size2" in v or "treeSize" in v]

    wrong = [v["id"] for v in whole if _holds(v) is bool(v["wantErr"])]

    assert {v["kind"] for v in whole} == {"consistency", "inclusion"}
    assert wrong == []


@pytest.mark.parametrize("size", range(1, 34))
def test_proofs_made_here_verify_and_altered_ones_do_not(size: int) -> None:
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(size)]
    node = tree(leaves)
    root = merkle.root(size, node)

    for index in range(size):
        path = merkle.inclusion_proof(index, size, node)
        merkle.verify_inclusion(leaves[index], index, size, path, root)
        with pytest.raises(merkle.ProofError):
            merkle.verify_inclusion(merkle.leaf_hash(b"other"), index, size, path, root)
    for first in range(1, size + 1):
        path = merkle.consistency_proof(first, size, node)
        old = merkle.root(first, node)
        merkle.verify_consistency(first, size, path, old, root)
        if first < size:
            with pytest.raises(merkle.ProofError):
                merkle.verify_consistency(first, size, path, root, root)


def test_nodes_completed_by_appending_are_those_of_the_tree() -> None:
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(64)]
    known: dict[tuple[int, int], bytes] = {}
    for index, leaf in enumerate(leaves):
        known[0, index] = leaf
        for level, place, value in merkle.new_nodes(index, leaf, lambda lv, i: known[lv, i]):
            known[level, place] = value

    assert known[6, 0] == merkle.root(64, tree(leaves))
    assert len(known) == 127
