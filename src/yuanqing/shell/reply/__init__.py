"""重复提交: a write that a program sends again under the same key is done once."""

SERVES = ("across.api",)  # rows of the requirements
