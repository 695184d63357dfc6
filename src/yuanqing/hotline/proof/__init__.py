"""存在证明: shows a reporter, and anybody with a printed checkpoint, that the report is in the ledger as it was sent."""

SERVES = ("speech.4.4",)  # rows of the requirements
