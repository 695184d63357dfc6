"""托管: the escrow's secret is split among custodians by SLIP-39; any k of the n open it, fewer learn nothing."""

from __future__ import annotations

from collections.abc import Sequence

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from yuanqing.kernel.sealing.bech32 import identity_of, scalar_of
from yuanqing.kernel.sealing.envelope import Unopenable


def split(secret: str, needed: int, custodians: int) -> list[str]:
    """One list of words for each custodian."""
    shares: list[str] = generate_mnemonics(1, [(needed, custodians)], scalar_of(secret))[0]
    return shares


def combine(shares: Sequence[str]) -> str:
    """The secret from enough shares; Unopenable when they are too few, wrong, or of different splits."""
    try:
        return identity_of(combine_mnemonics([" ".join(share.lower().split()) for share in shares]))
    except (MnemonicError, ValueError, IndexError) as error:
        raise Unopenable from error
