"""谁能看到: who may see a record and why, and why somebody may not."""

SERVES = ("across.roles", "across.administrators")  # rows of the requirements
