"""检索: Chinese full-text search."""

SERVES = ("across.search",)  # rows of the requirements
