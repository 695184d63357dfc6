"""台账: the append-only Merkle ledger that every act writes to."""
