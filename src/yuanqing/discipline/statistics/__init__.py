"""统计表: the official table of what was dealt with, for any units and month, each number open to its rows."""

SERVES = ("speech.2.8",)  # rows of the requirements
