"""账号: accounts and what they are granted."""

SERVES = ("across.roles",)  # rows of the requirements
