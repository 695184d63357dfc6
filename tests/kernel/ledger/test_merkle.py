"""Roots and proofs against the reference tree of the Certificate Transparency test data."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuanqing.kernel.ledger import merkle

REFERENCE_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
REFERENCE_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves(count: int) -> list[bytes]:
    return [sha256(b"\x00" + bytes.fromhex(text)).digest() for text in REFERENCE_LEAVES[:count]]


def test_the_empty_tree_is_the_hash_of_nothing():
    assert merkle.root([]) == sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_agree_with_the_reference(size):
    assert merkle.root(leaves(size)).hex() == REFERENCE_ROOTS[size - 1]


@given(st.integers(1, 70).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1))))
def test_every_leaf_can_be_proved_and_no_other(size_and_index):
    size, index = size_and_index
    all_leaves = [sha256(b"%d" % n).digest() for n in range(size)]
    path, root = merkle.inclusion(all_leaves, index), merkle.root(all_leaves)
    assert merkle.is_included(all_leaves[index], index, size, path, root)
    assert not merkle.is_included(sha256(b"other").digest(), index, size, path, root)
    assert not merkle.is_included(all_leaves[index], index + 1, size, path, root)
    if path:
        assert not merkle.is_included(all_leaves[index], index, size, path[:-1], root)
