"""审计: everything that was done, read and exported, for the audit administrator."""

SERVES = ("across.audit", "across.administrators")  # rows of the requirements
