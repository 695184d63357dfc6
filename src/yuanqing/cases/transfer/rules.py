"""Which clock runs while a transfer is on its way; plain values in and out."""

from __future__ import annotations


def clock_of(state: str, way: str, answer: str) -> str:
    """Code of the deadline that runs in a state; "" where nothing is waited for.

    `way` is out, in or inside; `answer` the code by which an answer is wanted. What arrives is registered in the days of
    rule 16 (检举控告工作规则), what is sent out waits for its receipt.
    """
    if state == "sent":
        return "petition.down" if way == "inside" else "transfer.receipt"
    if state == "arrived":
        return "petition.down"
    return answer if state in ("delivered", "taken") else ""
