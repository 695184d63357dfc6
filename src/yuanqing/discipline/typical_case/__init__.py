"""典型案例: what is told of a case, and what must not be told."""

SERVES = ("speech.2.8",)  # rows of the requirements
