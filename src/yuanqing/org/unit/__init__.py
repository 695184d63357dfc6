"""单位: units in a dated tree."""

SERVES = ("across.history",)  # rows of the requirements
