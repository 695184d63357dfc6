"""条款: the texts, as clauses of published pack versions."""

SERVES = ("speech.2.1",)  # rows of the requirements
