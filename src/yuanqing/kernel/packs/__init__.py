"""规则包: versioned, dated, cited data that an administrator may change without a programmer."""

SERVES = ("speech.2.1",)  # rows of the requirements
