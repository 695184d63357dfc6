"""台账: the append-only Merkle ledger that every act writes to."""

SERVES = ("across.audit",)  # rows of the requirements
