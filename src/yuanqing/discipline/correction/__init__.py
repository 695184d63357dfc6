"""更正: a later entry that replaces one of the register, never overwriting it."""
