"""条款: the texts, as clauses of published pack versions."""
