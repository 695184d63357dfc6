"""更正: a later entry that replaces one of the register, never overwriting it."""

SERVES = ("speech.2.6",)  # rows of the requirements
