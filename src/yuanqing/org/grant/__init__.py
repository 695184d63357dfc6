"""授权: the pages on which grants are proposed, confirmed and looked over."""

SERVES = ("across.roles", "across.administrators")  # rows of the requirements
