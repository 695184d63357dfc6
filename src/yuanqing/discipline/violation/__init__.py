"""违规问题: the register of violations."""
