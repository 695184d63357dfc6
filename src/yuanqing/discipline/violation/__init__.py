"""违规问题: the register of violations."""

SERVES = ("across.recusal",)  # rows of the requirements
