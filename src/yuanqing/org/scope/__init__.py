"""辖区: how far a right reaches in the tree, and what is denied within it."""

SERVES = ("across.roles",)  # rows of the requirements
