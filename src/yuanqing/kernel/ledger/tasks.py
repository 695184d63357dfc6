"""Operator commands of the ledger: verify, checkpoint, and the key that outsiders check with."""

from __future__ import annotations

from django.conf import settings

from yuanqing.kernel.commands import OperatorError, command
from yuanqing.kernel.ledger import checkpoint, verify


@command("ledger verify", help="compare every entry, seal, checkpoint and record; exit code 2 names each difference")
def verify_ledger() -> str:
    report = verify.verify()
    summary = f"{report.entries} entries, {report.records} records, {report.checkpoints} checkpoints"
    if not report.is_sound:
        raise OperatorError("\n".join([*report.problems, f"{len(report.problems)} problems in {summary}"]))
    return f"sound: {summary}, root {report.root.hex()}"


@command("ledger checkpoint", help="sign the ledger as it is now and print the checkpoint")
def take_checkpoint() -> str:
    return checkpoint.take().note


@command("ledger key", help="print the public key that checkpoints are verified with")
def print_key() -> str:
    return checkpoint.verifier_key(settings.ORIGIN)
